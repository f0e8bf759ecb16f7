"""The first look at candidates: what two texts say of each other and of how common wording is.

What is found follows from the two texts alone, but for a few pairs that rare wording could link; so
what an earlier run found of two documents holds in a corpus that has grown.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scrub.match import account
from scrub.match.features import Features
from scrub.match.parts import OnPart, ignored
from scrub.match.standing import is_standing
from scrub.match.verify import measure

# The shorter is plainly made of the fuller; names or numbers differ in one form; the two could be
# linked; whether they could hangs on how common their wording is; and they share a block alone.
DERIVED, CONTRADICTED, PLAUSIBLE, OPEN, STANDING = (np.uint8(1 << bit) for bit in range(5))


_BLOCK = 1 << 18  # candidates that are measured at once: what is found of each is one byte


class Looks(NamedTuple):
    """What was found of C candidates, documents by their positions.

    first, second  (C,) int64, the shorter and the fuller
    found          (C,) uint8, the sum of what is true of DERIVED, CONTRADICTED, PLAUSIBLE, OPEN,
                   STANDING
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    found: NDArray[np.uint8]

    def moved(self, position: NDArray[np.int64]) -> Looks:
        """The same for documents that have come to these positions; -1: they are not there."""
        first, second = position[self.first], position[self.second]
        return Looks(first, second, self.found).where((first >= 0) & (second >= 0))

    def where(self, mask: NDArray[np.bool_]) -> Looks:
        """Those that a (C,) mask chooses."""
        return Looks(self.first[mask], self.second[mask], self.found[mask])

    def of(self, first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.uint8]:
        """What was found of these pairs; OPEN where nothing was."""
        if not len(self.first):
            return np.full(len(first), OPEN)
        own, wanted = self.first << 32 | self.second, first << 32 | second
        order = np.argsort(own)
        place = order[np.minimum(np.searchsorted(own[order], wanted), len(own) - 1)]
        return np.where(own[place] == wanted, self.found[place], OPEN)


NOTHING = Looks(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.uint8))


def look(
    features: Features,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    frequency: NDArray[np.uint16],
    jobs: int = 1,
    on_part: OnPart = ignored,
    known: Looks = NOTHING,
    needed: float = account.LINKED,
) -> Looks:
    """Look at candidates (`first`, the shorter, grouped, and `second`), unless they are `known`.

    `frequency` is how many documents have each shingle, `needed` the sum of evidence that links.
    """
    found = known.of(first, second)
    todo = np.flatnonzero(found & OPEN)
    nothing = np.zeros(1, np.uint16)
    blocks = np.array_split(todo, max(1, -(-len(todo) // _BLOCK)))
    for block in blocks:
        measures = measure(
            features, first[block], second[block], frequency, nothing, nothing, jobs,
            lambda share: on_part(share / len(blocks)),
        )  # fmt: skip
        found[block] = (
            DERIVED * account.is_derived(measures)
            + CONTRADICTED * account.contradicts(measures)
            + PLAUSIBLE * account.is_plausible(measures, needed)
            + OPEN * account.hangs_on_rarity(measures, needed)
            + STANDING * is_standing(measures)
        )
    return Looks(first, second, found)
