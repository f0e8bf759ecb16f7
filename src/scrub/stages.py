"""What is done with a corpus once its documents are cleaned, one function a stage.

Each takes what those before it found.  With an earlier result the documents are matched together
with those of that; what concerns the old ones alone is left out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scrub.against import (
    Earlier,
    EarlierDecisions,
    Whole,
    concerning,
    decided_earlier,
    joined,
    keep_new,
    open_all,
    stories_of,
)
from scrub.config import Settings
from scrub.corpus import Analysis, Corpus, Flagged
from scrub.intake import settle_corpus, take_in
from scrub.match.account import least
from scrub.match.keep import keep, settled, without_rewrites
from scrub.match.looks import NOTHING
from scrub.match.minhash import Plain
from scrub.match.pairs import Copies, find_copies
from scrub.match.rewrites.describe import Rewrite
from scrub.match.rewrites.events import find_events
from scrub.match.rewrites.find import find_rewrites, long_enough
from scrub.match.rewrites.terms import vocabulary
from scrub.match.rewrites.translations import find_translations, stems_across
from scrub.progress import Clock
from scrub.repairing import repair_kept
from scrub.spin.direction import SPUN
from scrub.spin.flagging import find_flags, no_flags
from scrub.spin.judge import Judgement, judge
from scrub.spin.soundness import worth
from scrub.store.index import write_index
from scrub.store.store import Store, who_else
from scrub.store.stored import dates, languages, stems, stored
from scrub.write.result import write_documents, write_result

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from scrub.document import Document, Pair
    from scrub.engine.local import LocalEngine
    from scrub.match.keep import Verdict

__all__ = [
    "Store",
    "analysis",
    "decide",
    "flag",
    "match",
    "open_all",
    "repair",
    "settle_corpus",
    "stored",
    "take_in",
    "who_else",
    "write_documents",
    "write_index",
    "write_result",
]


class Before(NamedTuple):
    """What an earlier result has to do with a run: all of it, the documents joined, its decisions.

    `others` (K, 2) are the keys of old documents that were looked at beside those of the corpus.
    """

    earlier: Earlier
    together: Whole
    decisions: EarlierDecisions
    others: NDArray[np.uint64]

    @property
    def kept(self) -> NDArray[np.bool_]:
        """The old documents that were kept, as a mask of the joined ones."""
        return self.together.kept(self.earlier)


class Matched(NamedTuple):
    """The copies among documents.

    corpus   the documents of this run
    part     they, and the old ones of their words or in pairs with them; `copies` are among these
    whole    all that were matched together
    pair_of  the pair of two documents of a cluster that plain MinHash made
    """

    corpus: Corpus
    part: Corpus
    whole: Corpus
    copies: Copies
    pair_of: Callable[[str, str], Pair] | None
    before: Before | None


class Decided(NamedTuple):
    """What stays: a verdict for each document, the links among those kept, and who looks spun."""

    judgement: Judgement
    verdicts: dict[str, Verdict]
    rewrites: list[Rewrite]
    events: dict[str, str] | None


def match(
    corpus: Corpus,
    settings: Settings,
    engine: LocalEngine,
    clock: Clock,
    earlier: Earlier | None = None,
) -> Matched:
    """Find the copies among documents, and those of `earlier` ones."""
    with clock.stage("match"):
        count = len(corpus.scores)
        if settings.match.method == "minhash":
            plain = Plain(corpus, settings.match)
            return Matched(corpus, corpus, corpus, plain.copies(), plain.pair, None)
        together = joined(corpus, earlier) if earlier else None
        whole, known = (together.corpus, together.looks) if together else (corpus, NOTHING)
        copies = find_copies(
            whole.features, whole.ids, whole.texts, engine.jobs,
            np.arange(len(whole.ids)) < count,
            lambda share: clock.advance(round(share * count), count), known,
            least(settings.match.link_probability),
            together.kept(earlier) if earlier and together else None,
        )  # fmt: skip
        if not earlier or not together:
            return Matched(corpus, corpus, whole, copies, None, None)
        part, copies, others = concerning(corpus, whole, copies)
        decisions = decided_earlier(earlier, together, part)
        before = Before(earlier, together, decisions, others)
        return Matched(corpus, part, whole, copies, None, before)


def decide(matched: Matched, settings: Settings, engine: LocalEngine, clock: Clock) -> Decided:
    """Judge which documents look spun, and choose what stays of each cluster."""
    corpus, part, whole, copies, pair_of, before = matched
    with clock.stage("keep"):
        judgement = judge(part, copies, engine, clock=clock)
        good = worth(part, copies, judgement, settings.keep.min_containment, engine)
        found = (judgement.pairs, copies.clusters, judgement.spun, good, settings.keep)
        verdicts = (
            keep_new(corpus, *found, before.decisions, part)
            if before
            else keep(corpus, *found, pair_of)
        )
        rewrites = _rewrites_among(
            whole, corpus, verdicts, copies.pairs, settings, engine.jobs,
            before.kept if before else None,
        )  # fmt: skip
        if "rewrite" in settings.keep.drop:
            verdicts = without_rewrites(verdicts, rewrites)
        events = _events_among(corpus, verdicts, settings, engine.jobs)
        clock.advance(len(corpus.scores), len(corpus.scores))
    return Decided(judgement, verdicts, rewrites, events)


def flag(
    matched: Matched,
    decided: Decided,
    settings: Settings,
    engine: LocalEngine,
    clock: Clock,
    *,
    search: bool = True,
) -> tuple[Flagged, dict[str, Verdict]]:
    """Flag machine-spun wording, unless `search` is off, and settle the verdicts by what it says.

    Flags may correct the score of a document, and with it whether it counts as spun.
    """
    corpus, verdicts = matched.corpus, decided.verdicts
    with clock.stage("flag"):
        part = replace(matched.part, scores=decided.judgement.beliefs)
        kept = {i for i, verdict in verdicts.items() if verdict.kept}
        flagged = (
            find_flags(part, matched.copies, kept, settings, engine) if search else no_flags(part)
        )
        verdicts = {
            i: settled(verdict, spun=flagged.scores[i] >= SPUN) for i, verdict in verdicts.items()
        }
        if matched.before:
            own = {i: flags for i, flags in flagged.flags.items() if i in corpus.scores}
            flagged = replace(flagged, flags=own)
    return flagged, verdicts


def repair(
    corpus: Corpus,
    verdicts: Mapping[str, Verdict],
    flagged: Flagged,
    settings: Settings,
    clock: Clock,
) -> dict[str, Document]:
    """The kept documents that change because flags are sure enough, by id."""
    with clock.stage("repair"):
        return repair_kept(corpus, verdicts, flagged, settings.spin)


def analysis(
    matched: Matched,
    decided: Decided,
    flagged: Flagged,
    verdicts: dict[str, Verdict],
    repaired: Mapping[str, Document],
) -> Analysis:
    """All that the stages found, as it is written."""
    corpus, copies, before = matched.corpus, matched.copies, matched.before
    found = Analysis(
        corpus, decided.judgement.pairs, verdicts, flagged, repaired, copies.looks,
        near_misses=copies.near_misses, rewrites=decided.rewrites, events=decided.events,
    )  # fmt: skip
    if before:
        found.others = before.others
        found.stories = stories_of(
            corpus, matched.part, copies.clusters, before.decisions, before.earlier,
            before.together.again,
        )  # fmt: skip
    return found


def _rewrites_among(
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


def _events_among(
    corpus: Corpus, verdicts: Mapping[str, Verdict], settings: Settings, jobs: int
) -> dict[str, str] | None:
    """The events of what is kept of `corpus`, see `find_events`; None where none are asked for."""
    if not settings.match.events:
        return None
    ids = corpus.ids
    chosen = np.array([at for at, i in enumerate(ids) if verdicts[i].kept], np.int64)
    words = stems(corpus, chosen, jobs)
    return find_events(corpus.features, ids, dates(corpus), chosen, words, jobs)
