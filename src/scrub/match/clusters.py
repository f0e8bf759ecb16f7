"""Clusters of copies that do not chain through a shared excerpt.

Documents that cover each other are one story.  An excerpt then joins one story, the one that
covers most of it, not every story that quotes it.  And parts of one document that stand in it one
after the other without overlap (a round-up of two stories) stay apart: the document goes with the
story it belongs to already, else with the larger part, and the other part with the next text that
has it.  Parts that overlap or interleave are excerpts of one text and go together, and so do parts
of which a copy has both, and that are on the subject of the rest of the document (the pages of one
article).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple, TypeVar

Member = TypeVar("Member", int, str)


class DisjointSets(dict[Member, Member]):
    """Sets that unions make of single members (union-find), each led by its smallest member.

    Maps a member that a union named, unless it leads, to a smaller one of its set.
    """

    def root(self, member: Member) -> Member:
        """The smallest member of the set that a member is in."""
        while (above := self.get(member, member)) != member:
            self[member] = self.get(above, above)
            member = above
        return member

    def union(self, one: Member, other: Member) -> None:
        """Make one set of two."""
        low, high = sorted((self.root(one), self.root(other)))
        if low != high:
            self[high] = low


class Excerpt(NamedTuple):
    """A document (`part`) of which `words` stand in sentences `start`..`end` of `whole`.

    It is `kindred` if it stands there whole, and the rest of `whole` has the same subject.
    """

    part: int
    whole: int
    words: int
    start: int
    end: int
    kindred: bool = False


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
    stories = DisjointSets[int]()
    core: dict[int, tuple[int, int]] = {}
    for a, b, span_a, span_b in same:
        stories.union(a, b)
        core[a] = _hull(span_a, core.get(a, span_a))
        core[b] = _hull(span_b, core.get(b, span_b))
    story = [stories.root(i) for i in range(count)]
    wholes: dict[int, list[Excerpt]] = defaultdict(list)  # of each story, the best last
    for excerpt in sorted(excerpts, key=_rank, reverse=True):
        kindred, apart = excerpt.kindred, False
        if excerpt.whole in core:
            start, end = core[excerpt.whole]
            kindred |= start <= excerpt.start and excerpt.end <= end
            apart = excerpt.start > end or excerpt.end < start  # another part of a round-up
        if story[excerpt.part] != story[excerpt.whole] and (kindred or not apart):
            wholes[story[excerpt.part]].append(excerpt._replace(kindred=kindred))
    held: dict[int, list[Excerpt]] = defaultdict(list)
    parts = set(wholes)
    while parts:  # each goes to the best whole that has not refused it
        offered = set()
        for part in parts:
            if wholes[part]:
                excerpt = wholes[part].pop()
                held[story[excerpt.whole]].append(excerpt)
                offered.add(story[excerpt.whole])
        parts = set()
        for whole in offered:
            taken = _largest_facet(held[whole])
            parts |= {story[e.part] for e in held[whole]} - {story[e.part] for e in taken}
            held[whole] = taken
    for whole, taken in held.items():
        for excerpt in taken:
            stories.union(excerpt.part, whole)
    return [stories.root(i) for i in range(count)]


def _hull(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return min(one[0], other[0]), max(one[1], other[1])


def _rank(excerpt: Excerpt) -> tuple[int, ...]:
    return (-excerpt.words, excerpt.whole, excerpt.part, excerpt.start, excerpt.end)


def _largest_facet(excerpts: list[Excerpt]) -> list[Excerpt]:
    """Of the parts of a text those that have most of its words.

    Together are parts that overlap or interleave, and all that are kindred.
    """
    facets: list[list[Excerpt]] = []
    end = -1
    for excerpt in sorted(excerpts, key=lambda e: (e.start, e.end, e.part)):
        if not facets or excerpt.start > end:
            facets.append([])
        facets[-1].append(excerpt)
        end = max(end, excerpt.end)
    kindred = [facet for facet in facets if any(excerpt.kindred for excerpt in facet)]
    facets = [facet for facet in facets if facet not in kindred]
    facets.append(list(chain.from_iterable(kindred)))
    return max(facets, key=lambda facet: sum(excerpt.words for excerpt in facet))
