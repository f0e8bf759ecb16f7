"""The kept documents that repairs change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from scrub.config import SpinSettings
from scrub.corpus import Corpus, Flagged
from scrub.document import Document
from scrub.match.keep import Verdict
from scrub.spin.repair import repair


def repair_kept(
    corpus: Corpus, verdicts: Mapping[str, Verdict], flagged: Flagged, settings: SpinSettings
) -> dict[str, Document]:
    """The kept documents of which flags are sure enough, by id: repaired, which `metadata` counts.

    All others go into the corpus as they are.
    """
    repaired = {}
    for place, i in enumerate(corpus.ids):
        if not flagged.flags.get(i) or not verdicts[i].kept:
            continue
        document = corpus.documents[place]
        text, applied = repair(document.text, flagged.flags[i], settings.repair_confidence)
        if applied:
            metadata = {**document.metadata, "repairs": len(applied)}
            repaired[i] = replace(document, text=text, metadata=metadata)
    return repaired
