"""Standing blocks: what stands in several texts while nothing else of them agrees is a form.

The "About" of a company's releases, a column's introduction, the questions of a series of
interviews: the block is the same, and where one text goes on with prose of its own, the other has
prose of other people and matters.  A copy puts nothing in that place (an excerpt), or something of
the same (a rewording, an update), or what is no prose (menus, titles).  A third text with the same
block makes it sure; of two alone more is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scrub.kernels import Array, kernel
from scrub.match.similarity import shingles_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scrub.match.features import Features

FULL = 65535  # a cell of a table of counts that counts no further
# Share of either text's words that is prose of its own, opposite the other's; where no third text
# has the block, before or in it, and after it, as a site's notices may follow a copy; and where no
# third text has the block and it is not the same word for word.  Set by hand: at these no copy of
# near5k is lost, at 0.2 for the last one of 749 is, at 0.1, 0.15 and 0.15 two are.
MIN_OWN, MIN_TAIL, MIN_REWORDED = 0.12, 0.2, 0.25
# Share of the words of that prose that the other has, too: 0.05 in the middle between unrelated
# articles of near5k, 0.18 for one in twenty of the shortest; 0.25 between halves of one article.
MAX_KIN = 0.2
# Share of the words of a part that the rest of the text has, a name as three: above it are 0.06 of
# pairs of whole BBC articles, below it 0.08 of the parts of one; names as one: 0.06 and 0.15.
MIN_INNER = 0.18
_WHOLE = 0.85  # share of a part's words that stand in the fuller text
# Set by hand on the even articles and four forms of bench/standing.py, reported on the others.
_MAX_KIN_IN_SERIES = 0.4
_MAX_SHARED = 0.2  # share of a text's own words that texts of a series may share by chance
_MIN_REST = 0.05  # share of a text's words that are its own, so that it is more than the block
_VERBATIM = 0.9  # share of the block's sentences
_ALTERNATING = 3  # places where prose stands opposite prose, as answers between questions do


def is_standing(measures: NDArray[np.void]) -> NDArray[np.bool_]:
    """Whether two texts share a block and nothing else, and either has prose of its own."""
    standing: NDArray[np.bool_] = _owns(measures, MIN_OWN) & (
        measures["kin"] <= MAX_KIN * measures["kin_of"]
    )
    return standing


def is_form(measures: NDArray[np.void]) -> NDArray[np.bool_]:
    """Whether what two texts share is no sign of a copy: it is a series' block, or looks like one.

    In a series texts are copies if they share what is their own.  Of two alone the place of what
    either has of its own says what the block is.
    """
    verbatim = measures["verbatim"] >= _VERBATIM * measures["aligned_a"]
    before, anywhere = _owns(measures, MIN_OWN, "tail"), _owns(measures, MIN_TAIL)
    of_two = (verbatim & (before | anywhere)) | _owns(measures, MIN_REWORDED)
    of_two &= is_standing(measures)
    series = measures["kin"] <= _MAX_KIN_IN_SERIES * measures["kin_of"]
    alternating = measures["swaps"] >= _ALTERNATING
    for side in "ab":
        words, block, own, swapped, dropped = (
            measures[f"{name}_{side}"] for name in ("words", "block", "own", "swapped", "dropped")
        )
        rest = words - block - own
        series &= (block > 0) & (own <= _MAX_SHARED * (own + rest)) & (rest >= _MIN_REST * words)
        of_two &= alternating | (2 * dropped <= swapped)
    form: NDArray[np.bool_] = series | of_two
    return form


def _owns(measures: NDArray[np.void], share: float, without: str = "") -> NDArray[np.bool_]:
    """Whether so much of either text is prose of its own opposite the other's."""
    enough = measures["swaps"] > 0
    for side in "ab":
        own = measures[f"swapped_{side}"]
        if without:
            own = own - measures[f"{without}_{side}"]
        enough &= own >= share * measures[f"words_{side}"]
    return enough


def is_kindred(measures: NDArray[np.void]) -> NDArray[np.bool_]:
    """Whether the shorter text stands whole in the fuller, whose rest tells of the same."""
    kindred: NDArray[np.bool_] = (
        (measures["covered_a"] >= _WHOLE * measures["words_a"])
        & (measures["inner"] >= MIN_INNER * measures["inner_of"])
        & (measures["inner_of"] > 0)
    )
    return kindred


def have_a_third(first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether some third document makes pairs with both documents of each pair: (N,) booleans."""
    ends, others = np.concatenate([first, second]), np.concatenate([second, first])
    order = np.lexsort((others, ends))
    found: NDArray[np.bool_] = _have_a_third(ends[order], others[order], first, second)
    return found


@kernel()
def _have_a_third(ends: Array, others: Array, first: Array, second: Array) -> Array:
    found = np.zeros(len(first), np.bool_)
    for k in range(len(first)):
        i, stop_i = np.searchsorted(ends, first[k]), np.searchsorted(ends, first[k] + 1)
        j, stop_j = np.searchsorted(ends, second[k]), np.searchsorted(ends, second[k] + 1)
        # From the side of fewer pairs into the other, which may be the head of a whole series.
        if stop_i - i > stop_j - j:
            i, stop_i, j, stop_j = j, stop_j, i, stop_i
        for m in range(i, stop_i):
            at = j + np.searchsorted(others[j:stop_j], others[m])
            if at < stop_j and others[at] == others[m]:
                found[k] = True
                break
    return found


def count_blocks(table: NDArray[np.uint16], features: Features, pairs: NDArray[np.int64]) -> None:
    """Count into the table the word shingles that both texts of each pair of a series have.

    `pairs` (2 n,) are the documents of n pairs: all first ones, then all second ones.
    """
    first, second = np.split(pairs, 2)
    _count_blocks(
        first, second, features.units, features.sentences, features.documents, table
    )  # fmt: skip


@kernel()
def _count_blocks(
    first: Array, second: Array, units: Array, sentences: Array, documents: Array, table: Array
) -> None:
    mask = np.uint64(len(table) - 1)
    for pair in range(len(first)):
        own = shingles_of(units, sentences, documents, first[pair])
        other = shingles_of(units, sentences, documents, second[pair])
        j = 0
        for value in own:
            while j < len(other) and other[j] < value:
                j += 1
            if j < len(other) and other[j] == value and table[value & mask] < FULL:
                table[value & mask] += 1
