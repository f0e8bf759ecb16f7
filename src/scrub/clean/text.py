"""The clean stage: one text through the named steps, in order, until none changes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scrub.clean import boilerplate, characters, encoding, layout, page
from scrub.clean.changes import Draft

if TYPE_CHECKING:
    from scrub.clean.repeated import RepeatedLines
    from scrub.config import CleanSettings
    from scrub.document import Change

# A repair can uncover work for an earlier step (an entity that hid a line break): the steps are
# repeated until the text rests, which it does after two or three rounds.
_ROUNDS = 12


@dataclass(slots=True)
class Cleaned:
    """A cleaned text, the changes that lead to it, and what was learned on the way.

    `replay(raw, changes) == text`.  `created` is an ISO 8601 day or empty.
    """

    text: str
    changes: list[Change] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)
    created: str = ""


def clean_text(
    text: str, settings: CleanSettings, *, repeated: RepeatedLines | None = None, source: str = ""
) -> Cleaned:
    """Clean one text.

    `repeated` holds the lines known to be boilerplate because many pages carry them, and `source`
    names the site for which to ask it.  The result is stable: cleaned again, it does not change.
    """
    draft = Draft(text)
    metadata: dict[str, Any] = {}
    for _ in range(_ROUNDS):
        before = draft.text
        if settings.encoding:
            fixed = encoding.fix_encoding(draft.text, uncurl_quotes=settings.uncurl_quotes)
            draft.apply("encoding", fixed)
            draft.apply("encoding", encoding.unescape_entities(draft.text))
            draft.apply("characters", characters.remove_invisible(draft.text))
        if settings.boilerplate:
            draft.apply("boilerplate", boilerplate.remove_header(draft.text, metadata))
        if settings.layout:
            draft.apply("characters", characters.plain_spaces(draft.text))
            draft.apply("layout", layout.join_letters(draft.text))
            draft.apply("layout", layout.join_lines(draft.text))
            draft.apply("layout", layout.fold_spaces(draft.text))
        if settings.boilerplate:
            draft.apply("boilerplate", page.remove_frame(draft.text))
            draft.apply("boilerplate", boilerplate.remove_lines(draft.text, metadata))
        if draft.text == before:
            break
    return Cleaned(draft.text, draft.changes, metadata, metadata.pop("created", ""))
