"""Candidate pairs: documents that share a MinHash band or enough sampled shingles of the frame.

Both are posting lists, key -> documents.  A list is read from its fullest document on and only so
far: every document meets the `FULLEST` fullest that share the key, so a story with 200 copies is
found through its fullest ones, a template with 1,000 fillings costs 1,000 x FULLEST looks, and the
work is linear in the number of postings.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scrub.match.features import Features
    from scrub.match.kernels import Array

FULLEST = 32
# Shared samples that make a candidate, and the share of the smaller sketch they must be.
MIN_SHARED, MIN_SHARE = 3, 0.15
LARGEST = 1000  # samples of a sketch that the share is taken of
MOSTLY = 0.4  # a share of the shorter's samples that is enough, in one sentence or in several


@dataclass(slots=True, frozen=True)
class Postings:
    """Entries sorted by key, then by rank, and for every entry where its key's list begins.

    own      (N,) uint16, sentence of each entry in the order of the ranks
    lists    (N,) int32, where its key begins among the sorted entries; -1: no other has the key
    starts   (R + 1,) int64, first entry of each rank
    owners   (N + FULLEST,) int32, rank of each sorted entry; beyond the last: no rank
    places   (N,) uint16, its sentence
    """

    own: NDArray[np.uint16]
    owners: NDArray[np.int32]
    places: NDArray[np.uint16]
    lists: NDArray[np.int32]
    starts: NDArray[np.int64]


def candidates(
    features: Features,
    order: NDArray[np.int64],
    jobs: int = 1,
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Candidate pairs of ranks (shorter, fuller): two (C,) int32 arrays, sorted.

    `order` lists the documents to compare, fullest first; a rank is a position in it.  Which pairs
    come out depends on nothing but the features and that order.
    """
    shingles = _sketch_postings(features, order)
    bands, heads = _band_postings(features.bands, order)
    cuts = np.linspace(0, len(order), 16 * jobs + 1).astype(np.int64)

    def join(part: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        found: tuple[NDArray[np.int32], NDArray[np.int32]] = _join(
            cuts[part], cuts[part + 1], shingles.own, shingles.owners, shingles.places,
            shingles.lists, shingles.starts, bands, heads,
        )  # fmt: skip
        return found

    with ThreadPoolExecutor(jobs) as pool:
        parts = list(pool.map(join, range(len(cuts) - 1)))
    return np.concatenate([a for a, _ in parts]), np.concatenate([b for _, b in parts])


def _sketch_postings(features: Features, order: NDArray[np.int64]) -> Postings:
    starts = np.zeros(len(order) + 1, np.int64)
    np.cumsum(np.diff(features.sketches)[order], out=starts[1:])
    entries, own = _entries(features.sketch, features.places, features.sketches, order, starts)
    entries.sort()
    lists = _heads(entries)
    owners, places = _owners(entries, starts, own)
    return Postings(own, owners, places, lists, starts)


def _band_postings(
    keys: NDArray[np.uint32],
    order: NDArray[np.int64],
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """For each band the ranks sorted by key, and for each rank where its key begins, or -1."""
    ranks = np.arange(len(order), dtype=np.uint64)
    owners = np.empty((keys.shape[1], len(order) + FULLEST), np.int32)
    heads = np.empty((keys.shape[1], len(order)), np.int32)
    for band in range(keys.shape[1]):
        entries = keys[order, band].astype(np.uint64) << np.uint64(32) | ranks
        entries.sort()
        heads[band] = _heads(entries)
        owners[band] = _end((entries & np.uint64(0xFFFFFFFF)).astype(np.int32))
    return owners, heads


def _end(ranks: NDArray[np.int32]) -> NDArray[np.int32]:
    """The ranks and FULLEST places that no rank fills: lists are read without a check."""
    return np.concatenate([ranks, np.full(FULLEST, np.iinfo(np.int32).max, np.int32)])


@njit(cache=True, nogil=True)
def _entries(sketch: Array, places: Array, sketches: Array, order: Array, starts: Array) -> Array:
    """(key << 32 | entry) of every sample in the order of the ranks, and its sentence."""
    entries = np.empty(starts[-1], np.uint64)
    own = np.empty(starts[-1], np.uint16)
    entry = 0
    for document in order:
        for k in range(sketches[document], sketches[document + 1]):
            entries[entry] = np.uint64(sketch[k]) << np.uint64(32) | np.uint64(entry)
            own[entry] = places[k]
            entry += 1
    return entries, own


@njit(cache=True, nogil=True)
def _owners(entries: Array, starts: Array, own: Array) -> Array:
    """Rank and sentence of every sorted entry; beyond the last FULLEST places that no rank fills,
    so that lists are read without a check."""
    ranks = np.empty(len(entries), np.int32)
    for rank in range(len(starts) - 1):
        ranks[starts[rank] : starts[rank + 1]] = rank
    owners = np.full(len(entries) + FULLEST, np.iinfo(np.int32).max, np.int32)
    places = np.empty(len(entries), np.uint16)
    for k in range(len(entries)):
        entry = entries[k] & np.uint64(0xFFFFFFFF)
        owners[k] = ranks[entry]
        places[k] = own[entry]
    return owners, places


@njit(cache=True, nogil=True)
def _heads(entries: Array) -> Array:
    """Where each entry's key begins among the sorted (key << 32 | entry); -1: alone, or key 0."""
    heads = np.empty(len(entries), np.int32)
    head = 0
    for k in range(1, len(entries) + 1):
        if k == len(entries) or entries[k] >> np.uint64(32) != entries[head] >> np.uint64(32):
            alone = k - head == 1 or entries[head] >> np.uint64(32) == 0
            for m in range(head, k):
                heads[entries[m] & np.uint64(0xFFFFFFFF)] = -1 if alone else head
            head = k
    return heads


@njit(cache=True, nogil=True, inline="always")
def _several(mask: Array) -> Array:
    """Whether more than one bit is set."""
    return mask & (mask - np.uint64(1)) != 0


@njit(cache=True, nogil=True)
def _join(
    low: int,
    high: int,
    own: Array,
    owners: Array,
    places: Array,
    lists: Array,
    starts: Array,
    bands: Array,
    heads: Array,
) -> Array:
    """Candidates of the ranks low..high among the fuller ranks: one pass over their posting lists.

    For every fuller document met, the shared samples are counted, and one bit is set for the
    sentence (modulo 64) on either side, so that two shared sentences can be told from one.
    """
    count = len(starts) - 1
    shared = np.zeros(count, np.int32)
    mine, theirs = np.zeros(count, np.uint64), np.zeros(count, np.uint64)
    touched = np.empty(count, np.int32)
    shorter, fuller = np.empty(1024, np.int32), np.empty(1024, np.int32)
    found = 0
    for rank in range(low, high):
        hits = 0
        size = starts[rank + 1] - starts[rank]
        for entry in range(starts[rank], starts[rank + 1]):
            head = lists[entry]
            if head < 0:
                continue
            bit = np.uint64(1) << np.uint64(own[entry] & 63)
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
                other = bands[band, k]
                if other >= rank:
                    break
                if shared[other] == 0:
                    touched[hits] = other
                    hits += 1
                shared[other] = count + size  # whatever the sketch says
        least = max(MIN_SHARE * min(size, LARGEST), min(MIN_SHARED, MOSTLY * size), 1.0)
        if found + hits > len(shorter):
            room = 2 * (found + hits)
            shorter = np.concatenate((shorter, np.empty(room - len(shorter), np.int32)))
            fuller = np.concatenate((fuller, np.empty(room - len(fuller), np.int32)))
        first = found
        for hit in range(hits):
            other = touched[hit]
            several = _several(mine[other]) and _several(theirs[other])
            if shared[other] >= count or (
                shared[other] >= least and (several or shared[other] >= MOSTLY * size)
            ):
                shorter[found], fuller[found] = rank, other
                found += 1
            shared[other] = 0
            mine[other] = theirs[other] = np.uint64(0)
        fuller[first:found].sort()
    return shorter[:found].copy(), fuller[:found].copy()
