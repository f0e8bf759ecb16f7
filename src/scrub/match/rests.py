"""What two texts have beside the sentences that match: prose in the same places, common words."""

from __future__ import annotations

import numpy as np

from scrub.hashing import GOLDEN
from scrub.kernels import Array, kernel
from scrub.match.features import frame_hash
from scrub.match.opposite import is_heading
from scrub.match.scan import FUNCTION, KIND_MASK, NAME
from scrub.match.similarity import SHINGLE

MIN_PROSE = 7  # words of a sentence that is no menu, title or button: set by hand
NAMES = 3  # words that a name counts for, which shows best whether two parts are of one story
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
    _count_words(units, sentences, low_a, low_b, matched_a, matched_b, bare, row)


@kernel()
def _count_words(
    units: Array, sentences: Array, low_a: int, low_b: int, matched_a: Array, matched_b: Array,
    bare: bool, row: Array,
) -> None:  # fmt: skip
    """Fill how many distinct words the sentences that match and those that do not have in common.

    The words of both texts stand in one open-addressing table, with a bit for each of four parts:
    the sentences of a that do not match, those that do, and the same of b.
    """
    room, size = sentences[low_a + len(matched_a)] - sentences[low_a], 16
    room += sentences[low_b + len(matched_b)] - sentences[low_b]
    while size < 2 * room:
        size *= 2
    words, parts = np.empty(size, np.uint64), np.zeros(size, np.uint8)
    _mark_words(units, sentences, low_a, matched_a, bare, 1, words, parts)
    _mark_words(units, sentences, low_b, matched_b, bare, 4, words, parts)
    kin_a = kin_b = rest_a = part_a = rest_b = part_b = 0
    for slot in range(size):
        found = parts[slot]
        if found == 0:
            continue
        weight = NAMES if not bare and words[slot] & np.uint64(KIND_MASK) == NAME else 1
        rest_a += found & 1 > 0
        part_a += found & 2 > 0
        rest_b += found & 4 > 0
        part_b += found & 8 > 0
        kin_a += found & 3 == 1
        kin_b += found & 6 == 4
        row.kin += found & 7 == 5
        row.inner_a += weight if found & 3 == 3 else 0
        row.inner_b += weight if found & 12 == 12 else 0
    row.kin_of = min(kin_a, kin_b)
    row.inner_of_a, row.inner_of_b = min(part_a, rest_a), min(part_b, rest_b)


@kernel()
def _mark_words(
    units: Array, sentences: Array, low: int, matched: Array, bare: bool, bit: int, words: Array,
    parts: Array,
) -> None:  # fmt: skip
    """Mark the words of sentences that do not match by a bit, those of the others by the next.

    Function words do not count; shingles stand for words that have no kinds (Chinese).
    """
    mask = np.uint64(len(words) - 1)
    for s in range(len(matched)):
        first, last = sentences[low + s], sentences[low + s + 1]
        for t in range(first, last):
            if bare:
                if t + SHINGLE > last:
                    break
                word = frame_hash(units, t, SHINGLE)
            elif units[t] & KIND_MASK == FUNCTION:
                continue
            else:
                word = np.uint64(units[t])
            slot = word * np.uint64(GOLDEN) >> np.uint64(32) & mask
            while parts[slot] and words[slot] != word:
                slot = slot + np.uint64(1) & mask
            words[slot] = word
            parts[slot] |= 2 * bit if matched[s] else bit


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
