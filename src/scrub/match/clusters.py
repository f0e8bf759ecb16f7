"""Clusters of copies that do not chain through a shared excerpt.

Documents that cover each other are one story.  An excerpt then joins one story, the one that
covers most of it, not every story that quotes it.  And parts of one document that stand in it one
after the other without overlap (a round-up of two stories) stay apart: the document goes with the
story it belongs to already, else with the larger part.  Parts that overlap or interleave are
excerpts of one text and go together.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Excerpt(NamedTuple):
    """A document (`part`) of which `words` stand in sentences `start`..`end` of `whole`."""

    part: int
    whole: int
    words: int
    start: int
    end: int


class Same(NamedTuple):
    """Two documents of one story; the first and last sentence that each shares with the other."""

    a: int
    b: int
    span_a: tuple[int, int]
    span_b: tuple[int, int]


def group(count: int, same: Iterable[Same], excerpts: Iterable[Excerpt]) -> list[int]:
    """The cluster of each of `count` documents: the smallest member's number.

    The result does not depend on the order of `same` or of `excerpts`.
    """
    root = list(range(count))

    def find(i: int) -> int:
        while root[i] != i:
            root[i] = root[root[i]]
            i = root[i]
        return i

    def union(i: int, j: int) -> None:
        low, high = sorted((find(i), find(j)))
        root[high] = low

    core: dict[int, tuple[int, int]] = {}
    for a, b, span_a, span_b in same:
        union(a, b)
        core[a] = _hull(span_a, core.get(a, span_a))
        core[b] = _hull(span_b, core.get(b, span_b))
    story = [find(i) for i in range(count)]
    best: dict[int, Excerpt] = {}
    for excerpt in excerpts:
        part, whole = story[excerpt.part], story[excerpt.whole]
        start, end = core.get(excerpt.whole, (excerpt.start, excerpt.end))
        if excerpt.start > end or excerpt.end < start:
            continue  # another part of a round-up
        if part != whole and (part not in best or _rank(excerpt) < _rank(best[part])):
            best[part] = excerpt
    held: dict[int, list[Excerpt]] = defaultdict(list)
    for excerpt in best.values():
        held[story[excerpt.whole]].append(excerpt)
    for whole in sorted(held):
        for excerpt in _largest_facet(held[whole]):
            union(excerpt.part, whole)
    return [find(i) for i in range(count)]


def _hull(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return min(one[0], other[0]), max(one[1], other[1])


def _rank(excerpt: Excerpt) -> tuple[int, ...]:
    return (-excerpt.words, excerpt.whole, excerpt.part, excerpt.start, excerpt.end)


def _largest_facet(excerpts: list[Excerpt]) -> list[Excerpt]:
    """Of the parts of a text those, overlapping or interleaved, that have most of its words."""
    facets: list[list[Excerpt]] = []
    end = -1
    for excerpt in sorted(excerpts, key=lambda e: (e.start, e.end, e.part)):
        if not facets or excerpt.start > end:
            facets.append([])
        facets[-1].append(excerpt)
        end = max(end, excerpt.end)
    return max(facets, key=lambda facet: sum(excerpt.words for excerpt in facet))
