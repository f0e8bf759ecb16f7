"""What is done with a corpus once its documents are read: the stages, and what they need loaded."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from scrub.against import (
    Earlier,
    concerning,
    decided_earlier,
    joined,
    keep_new,
    open_all,
    stories_of,
)
from scrub.batches import load_kernels
from scrub.compiling import compile_matching, compile_rest
from scrub.config import Settings
from scrub.corpus import Analysis, Corpus
from scrub.intake import settle_corpus, take_in
from scrub.match.account import least
from scrub.match.keep import keep, settled, without_rewrites
from scrub.match.looks import NOTHING
from scrub.match.minhash import Plain
from scrub.match.pairs import find_copies
from scrub.match.rewrites.describe import Rewrite
from scrub.match.rewrites.events import find_events
from scrub.match.rewrites.find import find_rewrites, long_enough
from scrub.match.rewrites.terms import vocabulary
from scrub.match.rewrites.translations import find_translations, stems_across
from scrub.progress import Clock
from scrub.repairing import repair_kept
from scrub.spin.direction import SPUN
from scrub.spin.flagging import find_flags, no_flags
from scrub.spin.judge import judge
from scrub.spin.soundness import worth
from scrub.store.index import write_index
from scrub.store.store import Store, who_else
from scrub.store.stored import dates, languages, stems, stored
from scrub.write.result import write_documents, write_result

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from scrub.document import Pair
    from scrub.engine.local import LocalEngine
    from scrub.match.keep import Verdict

__all__ = [
    "Store",
    "compile_matching",
    "compile_rest",
    "examine",
    "load_kernels",
    "open_all",
    "settle_corpus",
    "stored",
    "take_in",
    "who_else",
    "write_documents",
    "write_index",
    "write_result",
]


def rewrites_among(
    whole: Corpus, corpus: Corpus, verdicts: Mapping[str, Verdict], pairs: Sequence[Pair],
    settings: Settings, jobs: int, old: NDArray[np.bool_] | None = None,
) -> list[Rewrite]:  # fmt: skip
    """Pairs of REWRITES among what is kept of `corpus` and the `old` documents that were kept.

    Of `whole`, all documents that are matched together, `old` (N,) are the old ones that were kept;
    pairs of two of these are left out, and copies, whichever of the same words `pairs` name.
    """
    match = settings.match
    if not (match.rewrites or match.translations) or match.method == "minhash":
        return []
    ids = whole.ids
    new = np.arange(len(ids)) < len(corpus.ids)
    kept = np.zeros(len(ids), np.bool_) if old is None else old.copy()
    kept[new] = [verdicts[i].kept for i in corpus.ids]
    chosen = long_enough(whole.features, ids, np.flatnonzero(kept))
    linked = _words_of(whole, pairs)
    found: list[Rewrite] = []
    texts, created = whole.texts, dates(whole)
    if match.translations:
        across = vocabulary(texts, chosen, jobs, stems_across)
        found = find_translations(
            whole.features, ids, texts, created, languages(whole), chosen, across, linked, jobs, new
        )
        linked |= _words_of(whole, [rewrite.pair for rewrite in found])
    if match.rewrites:
        words = stems(whole, chosen, jobs)
        found += find_rewrites(
            whole.features, ids, texts, created, chosen, words, linked, jobs, new=new
        )
    return sorted(found, key=lambda rewrite: (rewrite.pair.id_a, rewrite.pair.id_b))


def _words_of(corpus: Corpus, pairs: Sequence[Pair]) -> set[frozenset[int]]:
    """The digests of the words of the documents of each pair."""
    named = {i for pair in pairs for i in (pair.id_a, pair.id_b)}
    digests = zip(corpus.ids, corpus.features.digests.tolist(), strict=True)
    words = {i: digest for i, digest in digests if i in named}
    return {frozenset((words[pair.id_a], words[pair.id_b])) for pair in pairs}


def events_among(
    corpus: Corpus, verdicts: Mapping[str, Verdict], settings: Settings, jobs: int
) -> dict[str, str] | None:
    """The events of what is kept of `corpus`, see `find_events`; None where none are asked for."""
    if not settings.match.events:
        return None
    ids = corpus.ids
    chosen = np.array([at for at, i in enumerate(ids) if verdicts[i].kept], np.int64)
    words = stems(corpus, chosen, jobs)
    return find_events(corpus.features, ids, dates(corpus), chosen, words, jobs)


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
        together = joined(corpus, earlier) if earlier else None
        whole, known = (together.corpus, together.looks) if together else (corpus, NOTHING)
        count = len(corpus.scores)
        new = np.arange(len(whole.ids)) < count
        stands = together.kept(earlier) if earlier and together else None
        plain = Plain(corpus, settings.match) if settings.match.method == "minhash" else None
        copies = plain.copies() if plain else find_copies(
            whole.features, whole.ids, whole.texts, engine.jobs, new,
            lambda share: clock.advance(round(share * count), count), known,
            least(settings.match.probability), stands,
        )  # fmt: skip
        old, others = None, np.zeros((0, 2), np.uint64)
        if earlier and together:
            part, copies, others = concerning(corpus, whole, copies)
            old = decided_earlier(earlier, together, part)
    with clock.stage("keep"):
        judgement = judge(part, copies, engine, clock=clock)
        believed = judgement.beliefs
        good = worth(part, copies, judgement, settings.keep.coverage, engine)
        found = (judgement.pairs, copies.clusters, judgement.spun, good, settings.keep)
        verdicts = (
            keep_new(corpus, *found, old, part)
            if old
            else keep(corpus, *found, plain.pair if plain else None)
        )
        rewrites = rewrites_among(
            whole, corpus, verdicts, copies.pairs, settings, engine.jobs, stands
        )
        if "rewrite" in settings.keep.drop:
            verdicts = without_rewrites(verdicts, rewrites)
        events = events_among(corpus, verdicts, settings, engine.jobs)
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
    stories = {}
    if earlier and together and old:
        stories = stories_of(corpus, part, copies.clusters, old, earlier, together.again)
    return Analysis(
        corpus, judgement.pairs, verdicts, flagged, repaired, copies.looks,
        near_misses=copies.near_misses, rewrites=rewrites, stories=stories, events=events,
        others=others,
    )  # fmt: skip
