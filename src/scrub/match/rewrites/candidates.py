"""Candidates for rewrites: the ten documents with which each shares most that is rare.

A posting list holds the documents that have a term.  Terms that more than a share of the corpus
has are not looked up.  Of the others each document reads the lists of its rarest, up to a number of
postings, so that the work is linear in the corpus; and it stands in the lists of all, so that two
documents meet in what is rarest in either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scrub.kernels import Array, kernel
from scrub.match.parts import in_parts
from scrub.match.rewrites.terms import distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scrub.match.features import Features
    from scrub.match.rewrites.terms import Terms

NEAREST = 10  # by the measured recall: 99 % of rewrites, 94 to 100 % of summaries
MIN_SHARED = 4  # terms; half of what a grade needs, for postings leave out what is frequent
SHARE, LEAST = 0.01, 50  # of the documents may have a term that is looked up, and so many
READ = 20_000  # postings, all that one document reads; tried: 5,000 to 100,000
MIN_OVERLAP = 0.15  # of what is rare in the one that has less of it


class Lists(NamedTuple):
    """The posting lists of N documents, by their places, with L entries of V terms.

    firsts   (N + 1,) int64, where each document's terms begin in `listed`
    listed   (L,) int32, the terms of each that are looked up
    weights  (V,) float32
    starts   (V + 1,) int64, where each term's documents begin in `owners`
    owners   (L,) int32
    norms    (N,) float32
    longest  (N,) int64, entries of the longest list that each document reads
    groups   (N,) int64, documents of one of which are never near each other
    """

    firsts: NDArray[np.int64]
    listed: NDArray[np.int32]
    weights: NDArray[np.float32]
    starts: NDArray[np.int64]
    owners: NDArray[np.int32]
    norms: NDArray[np.float32]
    longest: NDArray[np.int64]
    groups: NDArray[np.int64]

    @classmethod
    def of(
        cls, features: Features, chosen: NDArray[np.int64], terms: Terms,
        groups: NDArray[np.int64] | None = None,
    ) -> Lists:  # fmt: skip
        """Those of the documents at the positions `chosen`; without `groups` each is its own."""
        documents = features.sentences[features.documents]
        # What is distinct is held by nobody once it is listed: it takes much room.
        firsts, listed, norms, longest = listed_terms(
            *distinct(
                features.units, documents, chosen, terms.keys, terms.owners, len(terms.counts)
            ),
            terms.counts, terms.weights, largest(len(chosen)), READ,
        )  # fmt: skip
        starts, owners = postings(firsts, listed, len(terms.counts))
        groups = np.arange(len(chosen)) if groups is None else groups
        return cls(firsts, listed, terms.weights, starts, owners, norms, longest, groups)

    def nearest(
        self,
        queries: NDArray[np.int64],
        jobs: int = 1,
        overlap: float = MIN_OVERLAP,
    ) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The pairs of the `queries` with the nearest of each, first < second, sorted, distinct."""
        firsts, listed, weights, starts, owners, norms, longest, groups = self

        def join(part: slice) -> NDArray[np.int64]:
            return best(
                queries[part], firsts, listed, weights, starts, starts[1:], owners, norms, longest,
                groups, overlap,
            )  # fmt: skip

        found = np.unique(np.concatenate(in_parts(join, len(queries), jobs)))
        return (found >> 32).astype(np.int32), (found & 0xFFFFFFFF).astype(np.int32)

    def reached(self, some: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Every pair of one of `some` and a document that may be near it, if each is a group."""
        found: NDArray[np.int64] = reached(
            some, self.firsts, self.listed, self.weights, self.starts, self.owners, self.norms
        )
        return found >> 32, found & 0xFFFFFFFF


def largest(documents: int) -> int:
    """In how many of so many documents a term may be that is looked up."""
    return int(max(LEAST, SHARE * documents))


@kernel()
def listed_terms(
    begins: Array, terms: Array, counts: Array, weights: Array, cap: int, room: int
) -> Array:
    """The terms of each document that are looked up, in order, where each begins, and its norm.

    Those are in at most `cap` documents; and entries of the longest list that each reads, of all
    together at most `room`.  `begins` and `terms` are as of `distinct`.
    """
    count = len(begins) - 1
    firsts = np.zeros(count + 1, np.int64)
    size = 0
    listed = np.empty(len(terms), np.int32)
    norms = np.zeros(count, np.float32)
    longest = np.zeros(count, np.int64)
    for n in range(count):
        norm = 0.0
        for term in terms[begins[n] : begins[n + 1]]:
            if counts[term] > cap:
                continue
            norm += weights[term] ** 2
            if counts[term] >= 2:
                listed[size] = term
                size += 1
        norms[n] = norm
        longest[n] = frequency(listed[firsts[n] : size], counts, cap, room)
        firsts[n + 1] = size
    return firsts, listed[:size], norms, longest


@kernel()
def frequency(some: Array, counts: Array, cap: int, room: int) -> int:
    """The highest of up to `cap` at which the terms that no more documents have fit into `room`."""
    low = 0
    while low < cap:
        middle = (low + cap + 1) // 2
        entries = 0
        for term in some:
            entries += counts[term] if counts[term] <= middle else 0
        if entries <= room:
            low = middle
        else:
            cap = middle - 1
    return low


@kernel()
def postings(firsts: Array, listed: Array, size: int) -> Array:
    """Where the list of each of `size` terms begins, and the documents in the lists, in order."""
    starts = np.zeros(size + 1, np.int64)
    for term in listed:
        starts[term + 1] += 1
    for term in range(size):
        starts[term + 1] += starts[term]
    filled = starts[:-1].copy()
    owners = np.empty(len(listed), np.int32)
    for n in range(len(firsts) - 1):
        for k in range(firsts[n], firsts[n + 1]):
            owners[filled[listed[k]]] = n
            filled[listed[k]] += 1
    return starts, owners


@kernel()
def reached(
    some: Array, firsts: Array, listed: Array, weights: Array, starts: Array, owners: Array,
    norms: Array,
) -> Array:  # fmt: skip
    """(one of `some` << 32 | other) of all that share enough, whichever of the lists they read.

    Sums are taken in another order than from the other side, so a little less (by hand) is enough.
    `firsts` to `norms` are as in Lists.
    """
    score = np.zeros(len(norms), np.float32)
    shared = np.zeros(len(norms), np.int32)
    touched = np.empty(len(norms), np.int32)
    found = np.empty(1024, np.int64)
    total = 0
    for n in some:
        hits = 0
        for at in range(firsts[n], firsts[n + 1]):
            term = listed[at]
            for k in range(starts[term], starts[term + 1]):
                other = owners[k]
                if shared[other] == 0:
                    touched[hits] = other
                    hits += 1
                shared[other] += 1
                score[other] += weights[term] ** 2
        if total + hits > len(found):
            more = np.empty(2 * (total + hits), np.int64)
            more[:total] = found[:total]
            found = more
        for hit in range(hits):
            other = touched[hit]
            least = 0.999 * MIN_OVERLAP * min(norms[n], norms[other])
            enough = shared[other] >= MIN_SHARED and score[other] >= least
            if enough and other != n:
                found[total] = np.int64(n) << 32 | np.int64(other)
                total += 1
            shared[other], score[other] = 0, 0.0
    return found[:total].copy()


@kernel()
def best(
    queries: Array, firsts: Array, listed: Array, weights: Array, starts: Array, ends: Array,
    owners: Array, norms: Array, longest: Array, groups: Array, overlap: float,
) -> Array:  # fmt: skip
    """The nearest of each of the `queries`: (smaller place << 32 | larger) each.

    `firsts` to `groups` are as in Lists, `ends` where each term's documents end; `overlap` is how
    much two share at least of what is rare in the one that has less of it.
    """
    count = len(norms)
    shared = np.zeros((count, 2), np.float32)  # weight and number of terms, in one line of memory
    touched = np.empty(count + 1, np.int32)
    found = np.empty(NEAREST * len(queries), np.int64)
    total = 0
    top = np.empty(NEAREST, np.int32)
    value = np.empty(NEAREST, np.float32)
    for n in queries:
        hits = 0
        for at in range(firsts[n], firsts[n + 1]):
            term = listed[at]
            if ends[term] - starts[term] > longest[n]:
                continue
            weight = weights[term] ** 2
            for k in range(starts[term], ends[term]):
                other = owners[k]
                touched[hits] = other  # without a branch, which no processor foresees
                hits += shared[other, 1] == 0
                shared[other, 1] += np.float32(1)
                shared[other, 0] += weight
        size = 0
        for hit in range(hits):
            other = touched[hit]
            least = overlap * min(norms[n], norms[other])
            enough = shared[other, 1] >= MIN_SHARED and shared[other, 0] >= least
            if enough and groups[other] != groups[n]:
                worth = shared[other, 0] / np.sqrt(norms[other])
                at = size if size < NEAREST else NEAREST - 1
                if size < NEAREST or worth > value[at] or (worth == value[at] and other < top[at]):
                    while at > 0 and (
                        worth > value[at - 1] or (worth == value[at - 1] and other < top[at - 1])
                    ):
                        value[at], top[at] = value[at - 1], top[at - 1]
                        at -= 1
                    value[at], top[at] = worth, other
                    size = min(NEAREST, size + 1)
            shared[other, 0] = 0.0
            shared[other, 1] = 0.0
        for k in range(size):
            a, b = min(n, top[k]), max(n, top[k])
            found[total] = np.int64(a) << 32 | np.int64(b)
            total += 1
    return found[:total].copy()
