"""The matcher: features -> exact groups -> candidates -> verified pairs -> clusters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from heapq import nsmallest
from itertools import chain
from operator import attrgetter
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scrub.document import NearMiss, Pair, Relation
from scrub.match import account
from scrub.match.candidates import candidates
from scrub.match.clusters import Excerpt, Same, group
from scrub.match.features import Features
from scrub.match.frequency import discount, frequencies, place_cells, places
from scrub.match.looks import CONTRADICTED, DERIVED, NOTHING, PLAUSIBLE, STANDING, Looks, look
from scrub.match.parts import OnPart, ignored, in_parts
from scrub.match.scan import CONTENT, KIND_MASK, NAME
from scrub.match.similarity import compare_words
from scrub.match.standing import count_blocks, have_a_third, is_kindred
from scrub.match.verify import measure

_LEAST = 0.005  # what a term gives that is shown; less is 0.00; all set by hand
_QUOTE = 120  # characters of a sentence in the evidence
NEAR_MISSES = 20
_FAR = 0.5  # of what is needed: what lacks more was not nearly linked


class Copies(NamedTuple):
    """What matching found: the verified pairs, sorted by ids, and the cluster of every document.

    A cluster is named by its smallest id.  Of n documents of the same words one (`group_exact`) is
    paired with each of the others, and with the other documents.  `near_misses` are the pairs of
    different clusters that came closest to being linked, the closest first, at most 20; `looks`
    what a later search need not find again.
    """

    pairs: list[Pair]
    clusters: dict[str, str]
    near_misses: tuple[NearMiss, ...] = ()
    looks: Looks = NOTHING


def find_copies(
    features: Features,
    ids: Sequence[str],
    texts: Sequence[str],
    jobs: int = 1,
    new: NDArray[np.bool_] | None = None,
    on_share: OnPart = ignored,
    known: Looks = NOTHING,
    needed: float = account.LINKED,
    stands: NDArray[np.bool_] | None = None,
) -> Copies:
    """Find every kind of copy among documents, given their features, ids (distinct) and texts.

    `texts` is only asked for the documents of a pair, by position, to quote from.  The result is
    the same whatever the order of the documents or the number of `jobs` (threads).  With the mask
    `new` (N,) it is as much of it as concerns these documents: their pairs, and the clusters of
    all who are in one.  `on_share` is called with the share of the work that is done; `known` is
    what an earlier search found; `needed` the sum of evidence that links.  Of old documents with
    the same words the first that `stands` (N,), if any, is the one in pairs.
    """
    lock, done = Lock(), 0.0

    def on_part(share: float) -> None:
        nonlocal done
        with lock:
            # Half is counting, beside sorting; then pairs are joined, measured twice, and quoted.
            done += share / 8
            on_share(min(1.0, done))

    new = np.ones(len(ids), np.bool_) if new is None else new
    leader, order, place = group_exact(features, ids)
    by_id = np.argsort(place)
    looks, frequency = look_at_candidates(features, order, jobs, on_part, known, needed)
    first, second, filled, forms = weigh(features, looks, frequency)
    reached = _reached(new, leader, first, second)
    first, second = first[reached], second[reached]
    blocks = blocks_of(features, looks)
    measures = measure(features, first, second, frequency, filled, blocks, jobs, on_part)
    measures["forms"] = np.maximum(forms[first], forms[second])
    linked, missed = link(features, first, second, measures, jobs, needed)
    front, representative = _named(new, leader, place, stands)
    own = new[representative[first]] | new[representative[second]]
    missed &= own
    missed_pairs = representative[first[missed]], representative[second[missed]], measures[missed]
    reported = np.flatnonzero(linked & own)
    pairs = _exact_pairs(features, ids, texts, front[leader], new)

    def quoted(rows: slice) -> list[Pair]:
        k = reported[rows]
        one, other = representative[first[k]], representative[second[k]]
        return pairs_of(features, ids, texts, one, other, measures[k])

    # By one thread: quoting is Python's own work, at which several hinder each other.
    pairs += chain.from_iterable(in_parts(quoted, len(reported), on_part=on_part))
    first, second, measures = first[linked], second[linked], measures[linked]
    copies = ((a, b) for a, b in zip(place.tolist(), place[leader].tolist(), strict=True) if a != b)
    roots = stories(len(ids), copies, place[first], place[second], measures)
    clusters = {ids[i]: ids[int(by_id[roots[place[i]]])] for i in range(len(ids))}
    pairs.sort(key=lambda pair: (pair.id_a, pair.id_b))
    return Copies(pairs, clusters, _near_misses(ids, clusters, *missed_pairs, needed), looks)


def _named(
    new: NDArray[np.bool_], leader: NDArray[np.int64], place: NDArray[np.int64],
    stands: NDArray[np.bool_] | None,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:  # fmt: skip
    """Who is named for each leader: in pairs of the same words, and in others.

    For an old one, which may be a copy without a date, it is the first old one of its words that
    stands; in other pairs the first new one goes before.
    """
    own, front = np.argsort(-place), np.arange(len(new))
    if stands is not None:
        old = np.flatnonzero(stands & ~new[leader])[::-1]
        front[leader[old]] = old
    own, others = own[(new & ~new[leader])[own]], front.copy()
    others[leader[own]] = own  # the last, that of the smallest id, stays
    return front, others


def _reached(
    new: NDArray[np.bool_],
    leader: NDArray[np.int64],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """The pairs that other pairs connect with new documents: no cluster reaches further."""
    near = np.zeros(len(new), np.bool_)
    near[leader[new]] = True
    reached = near[first] | near[second]
    while (near[first] != near[second]).any():
        near[first[reached]] = near[second[reached]] = True
        reached = near[first] | near[second]
    return reached


def link(
    features: Features,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    measures: NDArray[np.void],
    jobs: int = 1,
    needed: float = account.LINKED,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which of pairs `first`, `second` are linked, and which are near misses if nothing else is.

    The word term of `measures` costs most and adds little: it is filled where it can decide.
    """
    promising = account.is_linked(measures, needed - account.WORDS)
    compared = first[promising], second[promising], measures[promising]
    compare_words(features, *compared, jobs)
    measures[promising] = compared[2]
    linked = account.is_linked(measures, needed)
    near = account.shortfall(measures, needed) <= _FAR * needed
    missed = ~linked & account.is_proven(measures) & near
    return linked, missed


def _near_misses(
    ids: Sequence[str],
    clusters: dict[str, str],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    measures: NDArray[np.void],
    needed: float,
) -> tuple[NearMiss, ...]:
    """The pairs that lack least; two documents that others link are none.

    Where the word term could not have linked a pair it is left out of what the pair lacks.
    """
    contained = measures["covered_a"] / np.maximum(1, measures["words_a"])
    columns = (first, second, contained, account.shortfall(measures, needed))
    return nearest_misses(
        NearMiss(min(ids[a], ids[b]), max(ids[a], ids[b]), share, lack)
        for a, b, share, lack in zip(*(column.tolist() for column in columns), strict=True)
        if clusters[ids[a]] != clusters[ids[b]]
    )


def nearest_misses(missed: Iterable[NearMiss]) -> tuple[NearMiss, ...]:
    """The pairs that lack least, as they are reported."""
    rounded = (
        NearMiss(each.id_a, each.id_b, round(each.containment, 4), round(each.missing, 4))
        for each in missed
    )
    return tuple(nsmallest(NEAR_MISSES, rounded, key=attrgetter("missing", "id_a", "id_b")))


def stories(
    count: int,
    copies: Iterable[tuple[int, int]],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    measures: NDArray[np.void],
) -> list[int]:
    """The cluster of each of `count` documents, numbered in the order of their ids.

    `copies` are documents of the same words, `first` (the shorter) and `second` linked pairs.  No
    cluster reaches beyond what is connected, so parts of a corpus can be asked for one by one.
    """
    everything = (0, 1 << 31)
    near = account.is_near(measures)
    links = zip(first.tolist(), second.tolist(), measures, strict=True)
    spans = [
        (a, b, (int(m["from_a"]), int(m["to_a"])), (int(m["from_b"]), int(m["to_b"])), m)
        for a, b, m in links
    ]
    same = [Same(a, b, everything, everything) for a, b in copies]
    same += [
        Same(a, b, span_a, span_b)
        for (a, b, span_a, span_b, _), is_same in zip(spans, near, strict=True)
        if is_same
    ]
    kindred = is_kindred(measures)
    excerpts = [
        Excerpt(a, b, int(m["covered_a"]), *span_b, of_one)
        for (a, b, _, span_b, m), is_same, of_one in zip(spans, near, kindred.tolist(), strict=True)
        if not is_same
    ]
    return group(count, same, excerpts)


def look_at_candidates(
    features: Features,
    order: NDArray[np.int64],
    jobs: int = 1,
    on_part: OnPart = ignored,
    known: Looks = NOTHING,
    needed: float = account.LINKED,
) -> tuple[Looks, NDArray[np.uint16]]:
    """Look at candidates of `features` in `order` that are not `known`; how common shingles are."""
    with ThreadPoolExecutor(1) as pool:
        counting = pool.submit(frequencies, features, order, lambda share: on_part(4 * share))
        shorter, fuller = candidates(features, order, jobs, on_part)
        frequency = counting.result()
    first, second = order[shorter], order[fuller]
    return look(features, first, second, frequency, jobs, on_part, known, needed), frequency


def weigh(
    features: Features, looks: Looks, frequency: NDArray[np.uint16]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint16], NDArray[np.int32]]:
    """The plausible pairs' `first` and `second`, the table of `places`, and `forms`.

    These (N,) say how many others fill the form of each document otherwise.  A text that is plainly
    made of a fuller one is not counted, and taken out of `frequency`, else a story copied 200 times
    would look like boilerplate.
    """
    first, second, found = looks
    derived = np.unique(first[found & DERIVED > 0])
    discount(frequency, features, derived)
    contradicted = found & CONTRADICTED > 0
    sides = np.concatenate([first[contradicted], second[contradicted]])
    forms = np.bincount(sides, minlength=len(features)).astype(np.int32)
    plausible = found & PLAUSIBLE > 0
    first, second = first[plausible], second[plausible]
    alike = np.setdiff1d(np.union1d(first, second), derived)
    return first, second, places(features, alike), forms


def blocks_of(features: Features, looks: Looks) -> NDArray[np.uint16]:
    """The table of what stands in the blocks of series of three texts or more."""
    standing = looks.found & STANDING > 0
    first, second = looks.first[standing], looks.second[standing]
    third = have_a_third(first, second)
    first, second = first[third], second[third]
    words = int(features.words[np.union1d(first, second)].sum())
    table = np.zeros(place_cells(words), np.uint16)
    count_blocks(table, features, np.concatenate([first, second]))
    return table


def group_exact(
    features: Features, ids: Sequence[str]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The distinct documents: `leader`, `order` and `place`.

    `leader` holds for each document the one of the same words that is compared for all of them:
    that with the strongest `case_signal`, of equal ones that with the smallest id.  `order` are the
    leaders that have words, fullest first, ties broken by their words, and `place` the rank of each
    document's id.
    """
    place = np.empty(len(ids), np.int64)
    place[np.argsort(np.array(ids, dtype=object), kind="stable")] = np.arange(len(ids))
    leader = _leaders(features, place)
    single = np.flatnonzero((leader == np.arange(len(ids))) & (features.digests != 0))
    words = np.diff(features.sentences[features.documents])
    return leader, single[np.lexsort((features.digests[single], -words[single]))], place


def _leaders(features: Features, place: NDArray[np.int64]) -> NDArray[np.int64]:
    signal = np.zeros(len(place), np.int64)
    _, group, sizes = np.unique(features.digests, return_inverse=True, return_counts=True)
    repeated = np.flatnonzero(sizes[group] > 1)
    signal[repeated] = case_signal(features, repeated)
    order = np.lexsort((place, -signal, features.digests))
    digests = features.digests[order]
    new = np.ones(len(order), np.bool_)
    new[1:] = digests[1:] != digests[:-1]
    leader = np.empty(len(order), np.int64)
    leader[order] = order[np.maximum.accumulate(np.where(new, np.arange(len(order)), 0))]
    empty = features.digests == 0
    leader[empty] = np.flatnonzero(empty)
    return leader


def case_signal(features: Features, documents: NDArray[np.int64]) -> NDArray[np.int64]:
    """How much capitals say of the words of each document: its names or its other content words,
    whichever are fewer.  In capitals alone, or without any, a text has hardly one of a kind.
    """
    ends = features.sentences[features.documents]
    found = np.empty(len(documents), np.int64)
    for at, i in enumerate(documents.tolist()):
        kinds = features.units[ends[i] : ends[i + 1]] & KIND_MASK
        found[at] = min(np.count_nonzero(kinds == kind) for kind in (NAME, CONTENT))
    return found


def _exact_pairs(
    features: Features,
    ids: Sequence[str],
    texts: Sequence[str],
    leader: NDArray[np.int64],
    new: NDArray[np.bool_],
) -> list[Pair]:
    copies = np.flatnonzero((leader != np.arange(len(leader))) & (new | new[leader]))
    counts = np.diff(features.documents)
    return [
        exact_pair(ids[leader[i]], ids[i], int(counts[i]), quote_sentence(features, texts, i, 0))
        for i in copies.tolist()
    ]


def exact_pair(leader: str, copy: str, sentences: int, opening: str) -> Pair:
    """`leader` and `copy`, which have the same words; the copy's `opening` is the evidence."""
    id_a, id_b = sorted((leader, copy))
    return Pair(id_a, id_b, "exact", "no", 1.0, 1.0, 1.0, sentences, opening)


def pairs_of(
    features: Features,
    ids: Sequence[str],
    texts: Sequence[str],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    measures: NDArray[np.void],
) -> list[Pair]:
    """Linked pairs (`first`, the shorter, `second`) by their `measures` as records, with quotes."""
    near = account.is_near(measures)
    contained = [measures[f"covered_{s}"] / np.maximum(1, measures[f"words_{s}"]) for s in "ab"]
    content = measures["content"]
    reworded = np.where(content == 0, 0, 1 - measures["kept"] / np.maximum(1, content))
    given = account.terms(measures)
    pairs = []
    for k, (a, b) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        one = quote_sentence(features, texts, a, int(measures["best_a"][k]))
        other = quote_sentence(features, texts, b, int(measures["best_b"][k]))
        shared = [round(float(side[k]), 4) for side in contained]
        news = ((int(measures[f"head_{s}"][k]), account.varied(measures[k], s)) for s in "ab")
        sides = zip((ids[a], ids[b]), shared, news, (one, other), strict=True)
        (id_a, share_a, news_a, quote_a), (id_b, share_b, news_b, quote_b) = sorted(sides)
        evidence = quote_a if quote_a == quote_b else f"{quote_a} | {quote_b}"
        relation: Relation = "near" if near[k] else "excerpt"
        count = int(min(measures["aligned_a"][k], measures["aligned_b"][k]))
        shown = " ".join(f"{n}={v[k]:.2f}" for n, v in given.items() if abs(v[k]) >= _LEAST)
        pairs.append(
            Pair(
                id_a, id_b, relation, "no", round(float(measures["jaccard"][k]), 4), share_a,
                share_b, count, evidence, round(float(reworded[k]), 4), shown,
                news_a[0], news_b[0], news_a[1], news_b[1],
            )
        )  # fmt: skip
    return pairs


def quote_sentence(features: Features, texts: Sequence[str], document: int, sentence: int) -> str:
    """A sentence of a document, at most 120 characters of it; empty for sentence -1."""
    first, last = features.documents[document], features.documents[document + 1]
    if sentence < 0 or first + sentence >= last:
        return ""
    data = texts[document].encode("utf-8", "surrogatepass")
    start = int(features.begins[first + sentence])
    end = int(features.begins[first + sentence + 1]) if first + sentence + 1 < last else len(data)
    return shortened(data[start:end].decode("utf-8", "replace"))


def shortened(sentence: str) -> str:
    """A sentence on one line, at most 120 characters of it."""
    text = " ".join(sentence.split())
    return text if len(text) <= _QUOTE else text[: _QUOTE - 1].rstrip() + "…"
