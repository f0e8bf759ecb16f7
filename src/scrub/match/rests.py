"""What two texts have beside the sentences that match: prose in the same places, common words."""

from __future__ import annotations

import numpy as np

from scrub.kernels import Array, kernel
from scrub.match.features import frame_hash
from scrub.match.opposite import is_heading
from scrub.match.similarity import SHINGLE, distinct
from scrub.match.tokens import FUNCTION, KIND_MASK, NAME
from scrub.searching import lower_bound

MIN_PROSE = 7  # words of a sentence that is no menu, title or button: set by hand
NAMES = 3  # words that a name counts for, which tells best whether two parts are of one story
MIN_PAIRS = 2  # of a series that share a shingle, so that it is of their block


@kernel()
def rests(
    units: Array,
    sentences: Array,
    low_a: int,
    low_b: int,
    matched_a: Array,
    matched_b: Array,
    opposite: Array,
    blocks: Array,
    row: Array,
) -> None:
    """Fill what two texts have beside the sentences that match.

    `matched_a` and `matched_b` say which sentences match (those of b that stand opposite are
    added), `opposite` where in b each sentence of a does, `blocks` in how many pairs of a series
    word shingles stand.
    """
    count_a, count_b = len(matched_a), len(matched_b)
    own_b = np.zeros(count_b, np.bool_)
    for s in range(count_a):
        if not matched_a[s]:
            continue
        words = sentences[low_a + s + 1] - sentences[low_a + s]
        p = opposite[s]
        matched_b[p] = True
        if _is_standing(units, sentences, low_a + s, blocks) or _is_standing(
            units, sentences, low_b + p, blocks
        ):
            row.block_a += words
        else:
            row.own_a += words
            own_b[p] = True
    for p in range(count_b):
        words = sentences[low_b + p + 1] - sentences[low_b + p]
        row.own_b += words if own_b[p] else 0
        row.block_b += words if matched_b[p] and not own_b[p] else 0
    s = p = 0
    before = True  # the first sentence that matches
    while s <= count_a:
        # The sentences of a up to the next that matches, and those of b up to the one opposite.
        prose_a = prose_b = 0
        while s < count_a and not matched_a[s]:
            prose_a += _prose(units, sentences, low_a + s)
            s += 1
        end = count_b if s == count_a else opposite[s]
        for q in range(p, end):
            if not matched_b[q]:
                prose_b += _prose(units, sentences, low_b + q)
        if prose_a and prose_b:
            row.swaps += 1
            row.swapped_a += prose_a
            row.swapped_b += prose_b
            if before:
                row.head_a, row.head_b = prose_a, prose_b
            if s == count_a:
                row.tail_a, row.tail_b = prose_a, prose_b
        else:
            row.dropped_a += prose_a
            row.dropped_b += prose_b
        p = max(p, end + 1)
        s += 1
        before = False
    bare = _is_bare(units, sentences[low_a], sentences[low_a + count_a])
    rest_a, part_a = _words(units, sentences, low_a, matched_a, bare)
    rest_b, part_b = _words(units, sentences, low_b, matched_b, bare)
    row.kin, row.kin_of = _common(rest_a, rest_b, part_a)
    row.inner_a, row.inner_of_a = _inner(part_a, rest_a, bare)
    row.inner_b, row.inner_of_b = _inner(part_b, rest_b, bare)


@kernel()
def _is_standing(units: Array, sentences: Array, sentence: int, blocks: Array) -> Array:
    """Whether most word shingles of a sentence stand in the block of a series."""
    first, last = sentences[sentence], sentences[sentence + 1]
    size = min(SHINGLE, last - first)
    found = 0
    for t in range(first, last - size + 1):
        found += blocks[frame_hash(units, t, size) & np.uint64(len(blocks) - 1)] >= MIN_PAIRS
    return 2 * found > last - first - size + 1


@kernel()
def _prose(units: Array, sentences: Array, sentence: int) -> int:
    """The words of a sentence that is prose; else 0."""
    first, last = sentences[sentence], sentences[sentence + 1]
    functions = 0
    for t in range(first, last):
        functions += units[t] & KIND_MASK == FUNCTION
    prose = last - first >= MIN_PROSE and functions > 1 and not is_heading(units, first, last)
    return last - first if prose else 0


@kernel()
def _is_bare(units: Array, first: int, last: int) -> Array:
    """Whether the words of a text have no kinds: nearly all are function words."""
    others = 0
    for t in range(first, last):
        others += units[t] & KIND_MASK != FUNCTION
    return 5 * others < last - first


@kernel()
def _words(units: Array, sentences: Array, low: int, matched: Array, bare: bool) -> Array:
    """The distinct words of sentences that do not match, and of those that do.

    Function words do not count; shingles stand for words that have no kinds (Chinese).
    """
    room = sentences[low + len(matched)] - sentences[low]
    words = np.empty((2, room), np.uint64)
    n = np.zeros(2, np.int64)
    for s in range(len(matched)):
        side = 1 if matched[s] else 0
        first, last = sentences[low + s], sentences[low + s + 1]
        for t in range(first, last):
            if bare:
                if t + SHINGLE > last:
                    break
                words[side, n[side]] = frame_hash(units, t, SHINGLE)
            elif units[t] & KIND_MASK == FUNCTION:
                continue
            else:
                words[side, n[side]] = units[t]
            n[side] += 1
    return distinct(words[0, : n[0]]), distinct(words[1, : n[1]])


@kernel()
def _common(one: Array, other: Array, without: Array) -> Array:
    """How many words two sets have in common, and how many the smaller has, some left out."""
    both = count_one = count_other = 0
    for value in one:
        if not _is_in(without, value):
            count_one += 1
            both += _is_in(other, value)
    for value in other:
        count_other += not _is_in(without, value)
    return both, min(count_one, count_other)


@kernel()
def _inner(part: Array, rest: Array, bare: bool) -> Array:
    """How many words two parts of a text have in common, names counted NAMES times, and how many
    the smaller has."""
    both, count = _common(part, rest, part[:0])
    for value in part:
        if not bare and value & np.uint64(KIND_MASK) == NAME and _is_in(rest, value):
            both += NAMES - 1
    return both, count


@kernel()
def _is_in(values: Array, value: Array) -> Array:
    k = lower_bound(values, value)
    return k < len(values) and values[k] == value
