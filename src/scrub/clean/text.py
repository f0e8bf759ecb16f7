"""The clean stage: one text through the named steps, in order, until none changes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scrub.clean import boilerplate, characters, encoding, layout, page
from scrub.clean.changes import Draft
from scrub.document import Document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrub.clean.repeated import RepeatedLines
    from scrub.config import CleanSettings
    from scrub.document import Change

# A repair can uncover work for an earlier step (an entity that hid a line break): the steps are
# repeated until the text rests, which it does after two or three rounds.
_ROUNDS = 12

# What a text can need, as `survey` finds it out (kept here too, so that one text needs no numba).
_CHARACTERS, _LINES, _EVERYTHING = 1, 4, 15


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
    return _clean(text, settings, repeated, source, _EVERYTHING)


def _clean(
    text: str,
    settings: CleanSettings,
    repeated: RepeatedLines | None,
    source: str,
    needs: int,
) -> Cleaned:
    """`clean_text`, its first round without the steps that `needs` proves idle (`survey`)."""
    draft = Draft(text)
    metadata: dict[str, Any] = {}
    for _ in range(_ROUNDS):
        before = draft.text
        if settings.encoding and needs & _CHARACTERS:
            fixed = encoding.fix_encoding(draft.text, uncurl_quotes=settings.uncurl_quotes)
            draft.apply("encoding", fixed)
            draft.apply("encoding", encoding.unescape_entities(draft.text))
            draft.apply("characters", characters.remove_invisible(draft.text))
        if settings.boilerplate:
            draft.apply("boilerplate", boilerplate.remove_header(draft.text, metadata))
        if settings.layout and (needs & ~_LINES or draft.changes):
            draft.apply("characters", characters.plain_spaces(draft.text))
            draft.apply("layout", layout.join_letters(draft.text))
            draft.apply("layout", layout.join_lines(draft.text))
            draft.apply("layout", layout.fold_spaces(draft.text))
        if settings.boilerplate and (needs & ~_CHARACTERS or draft.changes):
            # The frame is told by its neighbours: they must still be there.
            draft.apply("boilerplate", page.remove_frame(draft.text))
            if repeated is not None:
                draft.apply("boilerplate", repeated.remove(draft.text, source))
            draft.apply("boilerplate", boilerplate.remove_lines(draft.text, metadata))
        if settings.layout and (needs & _LINES or draft.changes):
            draft.apply("layout", boilerplate.split_glued(draft.text))
        if draft.text == before:
            break
        needs = _EVERYTHING
    if settings.boilerplate and (found := boilerplate.headings(draft.text)):
        metadata["headings"] = found
    return Cleaned(draft.text, draft.changes, metadata, metadata.pop("created", ""))


def clean_batch(
    documents: Sequence[Document],
    settings: CleanSettings,
    repeated: RepeatedLines | None = None,
) -> tuple[list[Document], list[list[Change]]]:
    """Clean a batch: new documents, and the changes of each.

    Their metadata gain the language, the quality signals and what the cleaning found; `created`
    is filled where it was empty.  Texts that provably need nothing (`survey`) are passed on as
    they are, with the same result as `clean_text`.
    """
    from scrub.clean import language, quality, survey

    texts = [document.text for document in documents]
    data, offsets = survey.pack(texts)
    suspect = survey.suspects(data, offsets, uncurl_quotes=settings.uncurl_quotes)
    if repeated is not None and settings.boilerplate:
        suspect |= _LINES * repeated.touched(data, offsets, [d.source for d in documents])
    counts = quality.count(data, offsets)
    dirty = suspect.nonzero()[0].tolist()
    cleaned = {
        index: _clean(
            texts[index], settings, repeated, documents[index].source, int(suspect[index])
        )
        for index in dirty
    }
    changed = [index for index in dirty if cleaned[index].changes]
    for index in changed:
        texts[index] = cleaned[index].text
    if changed:
        counts[changed] = quality.count(*survey.pack([texts[index] for index in changed]))
    found = quality.signals(counts)
    spoken = language.languages(texts, counts)
    results: list[Document] = []
    logs: list[list[Change]] = []
    nothing = Cleaned("")
    for index, document in enumerate(documents):
        result = cleaned.get(index, nothing)
        metadata = {**document.metadata, "language": spoken[index], **found[index]}
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
