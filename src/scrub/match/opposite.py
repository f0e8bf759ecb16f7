"""Two sentences that stand opposite each other: what one has that the other has, too."""

from __future__ import annotations

import numpy as np

from scrub.kernels import Array, kernel
from scrub.match.conversions import is_converted
from scrub.match.frequency import neighbour, place_hash
from scrub.match.numbers import agree
from scrub.match.scan import FUNCTION, KIND_MASK, NAME, NUMBER
from scrub.match.spelling import same_word

# Set by hand.
SLOT = 3  # documents that have a word in a place: it fills a slot
MIN_ROW = 0.7  # share of a row's words, where most of its figures differ
_HEADING = 16  # words that a heading has at most; texts without small letters have sentences, too
# Names that differ, or the share of its words that the other text lacks there: it says else.
_OTHER_NAMES, _OTHER_WORDS = 2, 0.3


@kernel()
def has(units: Array, first: int, last: int, unit: int) -> Array:
    """Whether the unit, or a name of its sound, is among first..last."""
    found = False
    for t in range(first, last):
        found = found or same_word(unit, units[t])
    return found


@kernel()
def has_number(units: Array, t: int, last: int, low: int, high: int) -> Array:
    """Whether low..high has the number at t of a sentence that ends at `last`, in any unit."""
    found = False
    for u in range(low, high):
        found = found or (
            units[u] & KIND_MASK == NUMBER
            and (agree(units[u], units[t]) or is_converted(units, t, last, u, high))
        )
    return found


@kernel()
def is_heading(units: Array, first: int, last: int) -> Array:
    """Whether most words have capitals: a heading, and no sentence."""
    if last - first > _HEADING:
        return False
    names = 0
    for t in range(first, last):
        names += units[t] & KIND_MASK == NAME
    return 2 * names > last - first


@kernel()
def _lacking(units: Array, first: int, last: int, low: int, high: int) -> Array:
    """How many names of first..last, each once, and how many other words low..high lacks."""
    names = words = 0
    for t in range(first, last):
        kind = units[t] & KIND_MASK
        if kind in (FUNCTION, NUMBER) or has(units, low, high, units[t]):
            continue
        if kind != NAME:
            words += 1
        elif not has(units, first, t, units[t]):
            names += 1
    return names, words


@kernel()
def says_else(
    units: Array, sentences: Array, s: int, p: int, low_a: int, high_a: int, low_b: int, high_b: int
) -> Array:
    """Whether sentence s of a names others than p of b, or much that b lacks, there and beside it.

    Runs of text without a full stop are cut elsewhere where they were edited.
    """
    first, last = sentences[s], sentences[s + 1]
    near, far = sentences[max(low_b, p - 1)], sentences[min(high_b, p + 2)]
    names, words = _lacking(units, first, last, near, far)
    held = 0
    for t in range(first, last):
        kind = units[t] & KIND_MASK
        held += kind not in (FUNCTION, NUMBER)
    if names + words > _OTHER_WORDS * held:
        return True
    near, far = sentences[max(low_a, s - 1)], sentences[min(high_a, s + 2)]
    others, _ = _lacking(units, sentences[p], sentences[p + 1], near, far)
    return min(names, others) >= _OTHER_NAMES


@kernel()
def is_refilled(units: Array, first: int, last: int, low: int, high: int) -> Array:
    """Whether sentences first..last and low..high are one row of a table, with other figures."""
    words = same_words = numbers = same_numbers = 0
    for t in range(first, last):
        if units[t] & KIND_MASK == NUMBER:
            numbers += 1
            same_numbers += has_number(units, t, last, low, high)
        else:
            words += 1
            same_words += has(units, low, high, units[t])
    return numbers > 0 and same_words >= MIN_ROW * words and 2 * same_numbers < numbers


@kernel()
def slots(units: Array, first: int, last: int, low: int, high: int, filled: Array) -> Array:
    """How many words of first..last and low..high differ beside the same two words.

    Those count that SLOT documents have in their places, by the table `filled`.
    """
    mask = np.uint64(len(filled) - 1)
    count = 0
    for t in range(first, last):
        if (
            units[t] & KIND_MASK == FUNCTION
            or filled[place_hash(units, t, first, last) & mask] < SLOT
            or has(units, low, high, units[t])
        ):
            continue
        for u in range(low, high):
            if (
                units[u] & KIND_MASK != FUNCTION
                and (
                    _beside(units, t, first, last, u, low, high, np.int64(-1))
                    or _beside(units, t, first, last, u, low, high, np.int64(1))
                )
                and filled[place_hash(units, u, low, high) & mask] >= SLOT
                and not has(units, first, last, units[u])
            ):
                count += 1
                break
    return count


@kernel()
def _beside(
    units: Array, t: int, first: int, last: int, u: int, low: int, high: int, way: int
) -> Array:
    """Whether the next two words that way of t and u are the same."""
    near = neighbour(units, t + way, first, last)
    return (
        near != 0
        and near == neighbour(units, u + way, low, high)
        and neighbour(units, t + 2 * way, first, last) == neighbour(units, u + 2 * way, low, high)
    )
