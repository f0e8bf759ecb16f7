"""Clusters of copies that do not chain through a shared excerpt.

Documents that cover each other are one story.  An excerpt then joins one story, the one that
covers most of it, not every story that quotes it.  And parts of one document that stand in it one
after the other without overlap (a round-up of two stories) stay apart: the document goes with the
larger part.  Parts that overlap or interleave are excerpts of one text and go together.
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


def group(count: int, same: Iterable[tuple[int, int]], excerpts: Iterable[Excerpt]) -> list[int]:
    """The cluster of each of `count` documents: the smallest member's number.

    `same` holds pairs that are one story, `excerpts` those where one holds a part of the other.
    The result does not depend on the order of either.
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

    for i, j in same:
        union(int(i), int(j))
    story = [find(i) for i in range(count)]
    best: dict[int, Excerpt] = {}
    for excerpt in excerpts:
        part, whole = story[excerpt.part], story[excerpt.whole]
        if part != whole and (part not in best or _rank(excerpt) < _rank(best[part])):
            best[part] = excerpt
    held: dict[int, list[Excerpt]] = defaultdict(list)
    for excerpt in best.values():
        held[story[excerpt.whole]].append(excerpt)
    for whole in sorted(held):
        for excerpt in _largest_facet(held[whole]):
            union(excerpt.part, whole)
    return [find(i) for i in range(count)]


def _rank(excerpt: Excerpt) -> tuple[int, int, int]:
    return (-excerpt.words, excerpt.whole, excerpt.part)


def _largest_facet(excerpts: list[Excerpt]) -> list[Excerpt]:
    """Of the parts of a text those that go together, overlapping or interleaved, with most words."""
    facets: list[list[Excerpt]] = []
    end = -1
    for excerpt in sorted(excerpts, key=lambda e: (e.start, e.end, e.part)):
        if not facets or excerpt.start > end:
            facets.append([])
        facets[-1].append(excerpt)
        end = max(end, excerpt.end)
    return max(facets, key=lambda facet: sum(excerpt.words for excerpt in facet))
