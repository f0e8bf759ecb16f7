"""What is done with a corpus once its documents are read: the stages, and what they need loaded."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from scrub.against import Earlier, concerning, joined, keep_new, open_earlier, write_index
from scrub.batches import load_kernels
from scrub.config import Settings
from scrub.corpus import Analysis, Corpus
from scrub.match.keep import keep, settled
from scrub.match.looks import NOTHING
from scrub.match.pairs import find_copies
from scrub.progress import Clock
from scrub.repairing import repair_kept
from scrub.spin.direction import SPUN
from scrub.spin.flagging import find_flags, no_flags
from scrub.spin.judge import judge
from scrub.spin.soundness import worth
from scrub.store.filling import settle, take_in
from scrub.store.store import Store, who_else
from scrub.write.result import write_documents, write_result

if TYPE_CHECKING:
    from scrub.engine.local import LocalEngine

__all__ = [
    "Store",
    "examine",
    "load_kernels",
    "open_earlier",
    "settle",
    "take_in",
    "who_else",
    "write_documents",
    "write_index",
    "write_result",
]


def examine(
    corpus: Corpus,
    settings: Settings,
    engine: LocalEngine,
    clock: Clock,
    *,
    flag: bool,
    earlier: Earlier | None = None,
) -> Analysis:
    """Everything between cleaning and writing: copies, flags, and the repaired texts.

    With `earlier` the documents are matched together with those of an earlier result; what
    concerns the old ones alone is left out.
    """
    part = corpus
    with clock.stage("match"):
        whole, known = joined(corpus, earlier) if earlier else (corpus, NOTHING)
        new = np.arange(len(whole.ids)) < len(corpus.ids)
        copies = find_copies(
            whole.features, whole.ids, whole.texts, engine.jobs, new,
            lambda share: clock.advance(round(share * len(corpus.ids)), len(corpus.ids)), known,
        )  # fmt: skip
        if earlier:
            part, copies = concerning(corpus, whole, copies)
    with clock.stage("keep"):
        judgement = judge(part, copies, engine, clock=clock)
        believed = judgement.beliefs
        good = worth(part, copies, believed, settings.keep.coverage, engine)
        found = (judgement.pairs, copies.clusters, judgement.spun, good, settings.keep)
        verdicts = keep_new(corpus, *found, earlier.kept) if earlier else keep(corpus, *found)
        clock.advance(len(corpus.scores), len(corpus.scores))
    with clock.stage("flag"):
        part = replace(part, scores=believed)
        kept = {i for i, verdict in verdicts.items() if verdict.kept}
        flagged = find_flags(part, copies, kept, settings, engine) if flag else no_flags(part)
        verdicts = {
            i: settled(verdict, spun=flagged.scores[i] >= SPUN) for i, verdict in verdicts.items()
        }
        if earlier:
            own = {i: flags for i, flags in flagged.flags.items() if i in corpus.scores}
            flagged = replace(flagged, flags=own)
    with clock.stage("repair"):
        repaired = repair_kept(corpus, verdicts, flagged, settings.spin)
    return Analysis(
        corpus, judgement.pairs, verdicts, flagged, repaired, copies.looks,
        near_misses=copies.near_misses,
    )  # fmt: skip
