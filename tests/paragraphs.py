"""Two paragraphs for tests of cleaning, and what becomes of a text by edits."""

from __future__ import annotations

from scrub.clean.changes import Draft, Edit

PROSE = "The council met on Monday and agreed on the budget for the year that comes."
MORE = "Nobody spoke against it, and the mayor thanked all of them for their work."


def after(text: str, edits: list[Edit]) -> str:
    """The text with the edits applied."""
    draft = Draft(text)
    draft.apply("stage", edits)
    return draft.text
