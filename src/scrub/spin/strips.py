"""Where two texts go on alike: strips of anchors at nearly one distance.

A spinner replaces words and leaves their order, so two copies agree on short runs of words at a
constant distance.  Runs that occur only once or twice in either text are anchors; anchors at
nearly the same distance make a strip (as in the diagonals of BLAST-like aligners, and the unique
lines of patience diff), which needs no sentence order and passes over whatever either side adds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scrub.kernels import Array, kernel

if TYPE_CHECKING:
    from collections.abc import Sequence

# Set by hand.
DRIFT = 3  # words by which neighbouring anchors of one strip may be shifted
_REACH = 40  # words between neighbouring anchors of one strip
_LEAST = 2  # anchors of a strip


def strips(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """The strips of two texts, given the keys of their words, the best supported first.

    Each is first_a, last_a, first_b, last_b: places of words, the last ones not in it.  Anchors are
    single words that both texts have once and pairs of words that each has at most twice; a pair
    stands where its first word does.
    """
    if not (a and b):
        return []
    numbers: dict[str, int] = {}
    words = np.array([numbers.setdefault(key, len(numbers)) for key in (*a, *b)], np.int64)
    distinct, pairs = np.unique(words[:-1] * len(numbers) + words[1:], return_inverse=True)
    anchors = np.full((len(a), 3), -1)
    _mark_rare(words[: len(a)], words[len(a) :], len(numbers), 1, anchors, 0)
    _mark_rare(pairs[: len(a) - 1], pairs[len(a) :], len(distinct), 2, anchors, 1)
    found = _strips_of(anchors).tolist()
    found.sort(key=lambda strip: (-strip[4], strip[0], strip[2]))
    return [(s[0], s[1] + 1, s[2], s[3] + 1) for s in found]


@kernel()
def _mark_rare(a: Array, b: Array, size: int, most: int, anchors: Array, column: int) -> None:
    """Note for places of A where B has the same, of what each has once to `most` (2) times.

    `a` and `b` are numbers below `size`; `anchors`, from `column` on, get the first place in B and
    the last one.
    """
    often, ends = np.zeros((2, size), np.int64), np.zeros((2, size), np.int64)
    for number in a:
        often[0, number] += 1
    for at in range(len(b)):
        number = b[at]
        ends[min(1, often[1, number]), number] = at
        often[1, number] += 1
    for at in range(len(a)):
        number = a[at]
        if often[0, number] <= most:
            for k in range(often[1, number] if often[1, number] <= most else 0):
                anchors[at, column + k] = ends[k, number]


@kernel()
def _strips_of(anchors: Array) -> Array:
    """The strips of anchors, (M, 5): first_a, last_a, first_b, last_b, number of anchors.

    `anchors` (N, 3) are places of B for each of A, of a word and of a pair of words, or -1.  An
    anchor belongs to the strip with most anchors that it may be the next of.
    """
    strips = np.zeros((anchors.size, 5), np.int64)
    within = np.zeros(anchors.size, np.int64)  # the strips whose last anchor is in reach
    number, near = 0, 0
    for at_a in range(len(anchors)):
        before = -1
        for at_b in np.sort(anchors[at_a]):
            if at_b == before:
                continue
            before = at_b
            best = -1
            for s in within[:near]:
                step_a, step_b = at_a - strips[s, 1], at_b - strips[s, 3]
                fits = step_a <= _REACH and 0 <= step_b <= _REACH and abs(step_a - step_b) <= DRIFT
                if fits and (best < 0 or strips[s, 4] > strips[best, 4]):
                    best = s
            if best < 0:
                still = 0
                for s in within[:near]:
                    if at_a - strips[s, 1] <= _REACH:
                        within[still] = s
                        still += 1
                best, within[still], near = number, number, still + 1
                number += 1
                strips[best, 0], strips[best, 2] = at_a, at_b
            strips[best, 1], strips[best, 3] = at_a, at_b
            strips[best, 4] += 1
    strips = strips[:number]
    return strips[strips[:, 4] >= _LEAST]
