"""The documents that repairs change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from scrub.config import SpinSettings
from scrub.corpus import Corpus, Flagged
from scrub.document import Document, Flag
from scrub.match.keep import Verdict
from scrub.spin.repair import repair


def repair_kept(
    corpus: Corpus, verdicts: Mapping[str, Verdict], flagged: Flagged, settings: SpinSettings
) -> dict[str, Document]:
    """The kept documents of which flags are sure enough, by id: repaired, which `metadata` counts.

    All others go into the corpus as they are.
    """
    found = {}
    for place, i in enumerate(corpus.ids):
        if not flagged.flags.get(i) or not verdicts[i].kept:
            continue
        document = corpus.documents[place]
        if changed := repaired(document, flagged.flags[i], settings.repair_confidence):
            found[i] = changed
    return found


def repaired(document: Document, flags: Sequence[Flag], confidence: float) -> Document | None:
    """The document with the flags applied that are as sure as `confidence`; None where none is."""
    text, applied = repair(document.text, flags, confidence)
    if not applied:
        return None
    return replace(document, text=text, metadata={**document.metadata, "repairs": len(applied)})
