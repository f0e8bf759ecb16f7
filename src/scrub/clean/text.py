"""The clean stage: one text through the named steps, in order, until none changes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from scrub.clean import boilerplate, characters, encoding, layout, legacy, page
from scrub.clean.changes import Draft
from scrub.document import Document
from scrub.languages import line_kind
from scrub.limits import TooSlow, limited, seconds_for, watched

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from scrub.clean.repeated import RepeatedLines
    from scrub.clean.survey import Packed
    from scrub.config import CleanSettings
    from scrub.document import Change

# A repair can uncover work for an earlier step (an entity that hid a line break): the steps are
# repeated until the text rests, which it does after two or three rounds.
# Rounds are set by hand.
_ROUNDS = 12

# What a text can need, as bits: characters to repair, space to fold, a candidate line, a line that
# is broken off or of one letter, as many candidate lines as a page has, a glued word at a line's
# head (`survey` finds these out), a repeated line.
CHARACTERS, SPACES, LINES, BREAKS, PAGE, GLUED, _REPEATED = 1, 2, 4, 8, 16, 32, 64
_EVERYTHING = 127


@dataclass(slots=True)
class Cleaned:
    """A cleaned text, the changes that lead to it, and what was learned on the way.

    `replay(raw, changes) == text`.  `created` is an ISO 8601 day or empty.
    """

    text: str
    changes: list[Change] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)
    created: str = ""


def clean_text(text: str, settings: CleanSettings) -> Cleaned:
    """Clean one text.  The result is stable: cleaned again, it does not change."""
    draft = Draft(text)
    metadata: dict[str, Any] = {}
    for _ in range(_ROUNDS):
        if not _round(draft, metadata, settings, None, "", _EVERYTHING):
            break
    return _result(draft, metadata, settings)


@cache
def load_tables() -> None:
    """Load what some texts of most corpora need: processes forked later share it."""
    import ftfy.badness  # noqa: F401
    from rapidfuzz.distance import Indel  # noqa: F401

    from scrub.clean import language, words

    words.dictionary()
    line_kind("a")
    language.language("a", words=0, function_words=0, non_ascii=0)


def _round(
    draft: Draft,
    metadata: dict[str, Any],
    settings: CleanSettings,
    repeated: RepeatedLines | None,
    source: str,
    needs: int,
) -> bool:
    """All steps once but those that `needs` proves idle (`survey`); whether the text changed."""
    before = draft.text
    if needs & CHARACTERS and legacy.is_garbled(draft.text):
        # Any step would take bytes from it without which it cannot be repaired later.
        return settings.encoding and draft.apply("encoding", legacy.repair_text(draft.text))
    if settings.encoding and needs & CHARACTERS:
        draft.take("encoding", encoding.break_lines)
        draft.take("encoding", encoding.fix_encoding, uncurl_quotes=settings.uncurl_quotes)
        draft.take("encoding", encoding.unescape_entities)
        draft.take("characters", characters.remove_invisible)
        draft.take("characters", characters.ethiopic_stops)
        draft.take("encoding", characters.fold_widths, everywhere=settings.fold_widths)
    if settings.boilerplate:
        draft.take("boilerplate", boilerplate.remove_header, metadata)
    if draft.text is not before:
        needs = _EVERYTHING  # what was proven, was proven of another text
    if settings.layout and needs & (CHARACTERS | SPACES | BREAKS):
        draft.take("characters", characters.plain_spaces)
        draft.take("layout", layout.join_letters)
        draft.take("layout", layout.join_lines)
        draft.take("layout", layout.fold_spaces)
        if draft.text is not before:
            needs = _EVERYTHING
    if settings.boilerplate:
        # Furniture is known by its neighbours: they must still be there.
        if needs & PAGE:
            draft.take("boilerplate", page.remove_furniture)
        if repeated is not None and needs & _REPEATED:
            draft.take("boilerplate", repeated.remove, source)
        if draft.text is not before:
            needs = _EVERYTHING
        if needs & LINES:
            draft.take("boilerplate", boilerplate.remove_lines, metadata)
            if draft.text is not before:
                needs = _EVERYTHING
    if settings.layout and needs & GLUED:
        draft.take("layout", boilerplate.split_glued)
    return draft.text != before


def _result(
    draft: Draft, metadata: dict[str, Any], settings: CleanSettings, needs: int = _EVERYTHING
) -> Cleaned:
    """What came of a text; its headings are candidate lines, too."""
    if settings.boilerplate and needs & LINES and (found := boilerplate.headings(draft.text)):
        metadata["headings"] = found
    return Cleaned(draft.text, draft.changes, metadata, metadata.pop("created", ""))


def clean_batch(
    documents: Sequence[Document],
    settings: CleanSettings,
    repeated: RepeatedLines | None = None,
    slow: set[int] | None = None,
    sources: Sequence[str] | None = None,
) -> tuple[list[Document], list[list[Change]]]:
    """Clean a batch: new documents, and the changes of each.

    A text whose cleaning takes too long stays as it is; its place is added to `slow`.  `repeated`
    holds the lines known to be boilerplate because many pages carry them; it is asked by `sources`,
    by default those of the documents.

    Their metadata gain the language, the quality signals and what the cleaning found; `created`
    is filled where it was empty.  Before each round the texts that provably need nothing more
    (`survey`) are left out, with the same result as `clean_text`.
    """
    from scrub.clean import language, quality, survey

    def needs_of(packed: Packed, places: Sequence[int]) -> NDArray[np.uint8]:
        found = survey.suspects(*packed, uncurl_quotes=settings.uncurl_quotes)
        if repeated is not None and settings.boilerplate:
            found |= _REPEATED * repeated.touched(*packed, [names[i] for i in places])
        return found

    names = sources or [document.source for document in documents]
    texts = [document.text for document in documents]
    packed = survey.pack(texts)
    counts = quality.count_signals(*packed)
    needs = needs_of(packed, range(len(texts)))
    drafts = {index: Draft(texts[index]) for index in needs.nonzero()[0].tolist()}
    notes: dict[int, dict[str, Any]] = {index: {} for index in drafts}
    left = list(drafts)

    def changes(i: int) -> bool:
        """Whether a round changes a text; one that takes too long twice is given up.

        The first time something may have been compiled, which was not the text's doing.
        """
        source, need = names[i], int(needs[i])
        for _ in range(2):
            text, done, note = drafts[i].text, len(drafts[i].changes), dict(notes[i])
            try:
                with limited(partial(seconds_for, 4 * len(texts[i]))):
                    return _round(drafts[i], notes[i], settings, repeated, source, need)
            except TooSlow:
                drafts[i], notes[i] = Draft(text, drafts[i].changes[:done]), note
        drafts[i], notes[i] = Draft(texts[i]), {}
        if slow is not None:
            slow.add(i)
        return False

    with watched():
        for _ in range(_ROUNDS):
            left = [i for i in left if needs[i] and changes(i)]
            if not left:
                break
            needs[left] = needs_of(survey.pack([drafts[i].text for i in left]), left)
    cleaned = {i: _result(drafts[i], notes[i], settings, int(needs[i])) for i in drafts}
    changed = [index for index in drafts if cleaned[index].changes]
    for index in changed:
        texts[index] = cleaned[index].text
    if changed:
        counts[changed] = quality.count_signals(*survey.pack([texts[index] for index in changed]))
    found = quality.signals(counts)
    codes = language.languages(texts, counts)
    results: list[Document] = []
    logs: list[list[Change]] = []
    nothing = Cleaned("")
    for index, document in enumerate(documents):
        result = cleaned.get(index, nothing)
        metadata = {**document.metadata, "language": codes[index], **found[index]}
        for key, value in result.metadata.items():
            metadata.setdefault(key, value)
        results.append(
            Document(
                document.id,
                texts[index],
                document.path,
                document.source,
                document.added,
                document.created or result.created,
                metadata,
            )
        )
        logs.append(result.changes)
    return results, logs
