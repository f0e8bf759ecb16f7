"""Candidate pairs: documents that share a MinHash band or enough sampled shingles of the frame.

Both are posting lists, key -> documents.  A list is read from its fullest document on and only so
far: every document meets the `FULLEST` fullest that share the key, so a story with 200 copies is
found through its fullest ones, a template with 1,000 fillings costs 1,000 x FULLEST looks, and the
work is linear in the number of postings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scrub.kernels import Array, kernel
from scrub.match.parts import ignored, in_parts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scrub.match.features import Features
    from scrub.match.parts import OnPart

# Set by hand; `bench/match_forms.py` compares the forms of candidates on 50,000 articles.
FULLEST = 32
# Shared samples that make a candidate, and the share of the smaller sketch they must be.  Set by
# hand: with 3 samples and 0.4 one pair in a hundred of a spun text and an extract of 25 sentences
# is missed, for a hundred shingles have a sample of few; with these one in 500, for half as many
# candidates more.
MIN_SHARED, MIN_SHARE = 2, 0.15
LARGEST = 1000  # samples of a sketch that the share is taken of
MOSTLY = 0.3  # a share of the shorter's samples that is enough, in one sentence or in several


class Postings(NamedTuple):
    """The lists of keys that several documents have, as far as they are read.

    lists   (E,) int32, for every entry, in the order of the ranks, where the list of its key
            begins; -1: no other has the key
    owners  (M,) int32, the ranks in each list, ascending, FULLEST at most
    places  (M,) uint16, in which sentence each of them has the key
    """

    lists: NDArray[np.int32]
    owners: NDArray[np.int32]
    places: NDArray[np.uint16]


def candidates(
    features: Features, order: NDArray[np.int64], jobs: int = 1, on_part: OnPart = ignored
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Candidate pairs of ranks (shorter, fuller): two (C,) int32 arrays, sorted.

    `order` lists the documents to compare, fullest first; a rank is a position in it.  Which pairs
    come out depends on nothing but the features and that order.
    """
    starts = np.zeros(len(order) + 1, np.int64)
    np.cumsum(np.diff(features.sketches)[order], out=starts[1:])
    sentences = features.places, features.sketches[:-1][order] - starts[:-1]
    entries = _entries(features.sketch, features.sketches, order, starts)
    entries.sort()
    shingles = Postings(*_lists(entries, starts, *sentences))
    del entries
    heads, bands = _band_postings(features.bands, order)

    def join(ranks: slice) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        found: NDArray[np.uint64] = _join(
            ranks.start, ranks.stop, starts, *shingles, *sentences, heads, bands
        )
        return (found >> 32).astype(np.int32), (found & 0xFFFFFFFF).astype(np.int32)

    parts = in_parts(join, len(order), jobs, on_part)
    return np.concatenate([a for a, _ in parts]), np.concatenate([b for _, b in parts])


def _band_postings(
    keys: NDArray[np.uint32], order: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The (b, R) lists of every rank, one for each band, and the ranks in them."""
    ranks = np.arange(len(order) + 1)
    nowhere = np.zeros(len(order), np.uint16), np.zeros(len(order), np.int64)
    heads = np.empty((keys.shape[1], len(order)), np.int32)
    owners: list[NDArray[np.int32]] = []
    begin = 0
    for band in range(keys.shape[1]):
        entries = keys[order, band].astype(np.uint64) << np.uint64(32)
        entries |= ranks[:-1].astype(np.uint64)
        entries.sort()
        lists, members, _ = _lists(entries, ranks, *nowhere)
        heads[band] = np.where(lists < 0, -1, lists + begin)
        begin += len(members)
        owners.append(members)
    return heads, np.concatenate(owners)


@kernel()
def _entries(sketch: Array, sketches: Array, order: Array, starts: Array) -> Array:
    """(key << 32 | rank) of every sample in the order of the ranks."""
    entries = np.empty(starts[-1], np.uint64)
    for rank in range(len(order)):
        first = sketches[order[rank]] - starts[rank]
        for entry in range(starts[rank], starts[rank + 1]):
            entries[entry] = np.uint64(sketch[first + entry]) << np.uint64(32) | np.uint64(rank)
    return entries


@kernel()
def _lists(entries: Array, starts: Array, own: Array, shift: Array) -> Array:
    """The arrays of Postings, from sorted (key << 32 | rank); key 0 is none.

    The keys of a rank ascend, so its entries from `starts` on are met one after the other; the
    sentence of an entry is at `shift[rank]` + entry in `own`.  Beyond the last list stand FULLEST
    places that no rank fills: lists are read without a check.
    """
    room = head = 0
    for k in range(1, len(entries) + 1):
        if k == len(entries) or entries[k] >> np.uint64(32) != entries[head] >> np.uint64(32):
            room += min(k - head, FULLEST) if k - head > 1 else 0
            head = k
    lists = np.empty(len(entries), np.int32)
    owners = np.full(room + FULLEST, np.iinfo(np.int32).max, np.int32)
    places = np.zeros(room + FULLEST, np.uint16)
    following = starts[:-1].copy()
    filled = head = 0
    for k in range(1, len(entries) + 1):
        if k == len(entries) or entries[k] >> np.uint64(32) != entries[head] >> np.uint64(32):
            alone = k - head == 1 or entries[head] >> np.uint64(32) == 0
            for m in range(head, k):
                rank = entries[m] & np.uint64(0xFFFFFFFF)
                entry = following[rank]
                following[rank] += 1
                lists[entry] = -1 if alone else filled
                if not alone and m - head < FULLEST:
                    owners[filled + m - head] = rank
                    places[filled + m - head] = own[shift[rank] + entry]
            filled += 0 if alone else min(k - head, FULLEST)
            head = k
    return lists, owners, places


@kernel(inline="always")
def _several(mask: Array) -> Array:
    """Whether more than one bit is set."""
    return mask & (mask - np.uint64(1)) != 0


@kernel()
def _join(
    low: int,
    high: int,
    starts: Array,
    lists: Array,
    owners: Array,
    places: Array,
    own: Array,
    shift: Array,
    heads: Array,
    bands: Array,
) -> Array:
    """Candidates (rank << 32 | fuller rank) of the ranks low..high: one pass over posting lists.

    For every fuller document met, the shared samples are counted, and one bit is set for the
    sentence (modulo 64) on either side, so that two shared sentences differ from one.
    """
    count = len(starts) - 1
    shared = np.zeros(count, np.int32)
    mine, theirs = np.zeros(count, np.uint64), np.zeros(count, np.uint64)
    touched = np.empty(count, np.int32)
    pairs = np.empty(1024, np.uint64)
    found = 0
    for rank in range(low, high):
        hits = 0
        size = starts[rank + 1] - starts[rank]
        for entry in range(starts[rank], starts[rank + 1]):
            head = lists[entry]
            if head < 0:
                continue
            bit = np.uint64(1) << np.uint64(own[shift[rank] + entry] & 63)
            for k in range(head, head + FULLEST):
                other = owners[k]
                if other >= rank:
                    break
                if shared[other] == 0:
                    touched[hits] = other
                    hits += 1
                shared[other] += 1
                mine[other] |= bit
                theirs[other] |= np.uint64(1) << np.uint64(places[k] & 63)
        for band in range(len(heads)):
            head = heads[band, rank]
            if head < 0:
                continue
            for k in range(head, head + FULLEST):
                other = bands[k]
                if other >= rank:
                    break
                if shared[other] == 0:
                    touched[hits] = other
                    hits += 1
                shared[other] = count + size  # whatever the sketch says
        least = max(MIN_SHARE * min(size, LARGEST), min(MIN_SHARED, MOSTLY * size), 1.0)
        if found + hits > len(pairs):
            more = np.empty(2 * (found + hits), np.uint64)
            for k in range(found):  # one by one: a slice takes a second more to compile
                more[k] = pairs[k]
            pairs = more
        first = found
        for hit in range(hits):
            other = touched[hit]
            several = _several(mine[other]) and _several(theirs[other])
            if shared[other] >= count or (
                shared[other] >= least and (several or shared[other] >= MOSTLY * size)
            ):
                pairs[found] = np.uint64(rank) << np.uint64(32) | np.uint64(other)
                found += 1
            shared[other] = 0
            mine[other] = theirs[other] = np.uint64(0)
        pairs[first:found].sort()
    return pairs[:found].copy()
