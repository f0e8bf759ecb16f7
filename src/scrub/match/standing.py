"""Standing blocks: what stands in several texts while nothing else of them agrees is a form.

The "About" of a company's releases, a column's introduction, the questions of a series of
interviews: the block is the same, and where one text goes on with prose of its own, the other has
prose of other people and matters.  A copy puts nothing in that place (an excerpt), or something of
the same (a rewording, an update), or what is no prose (menus, titles).  A third text with the same
block makes it sure; of two alone more is asked.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scrub.kernels import Array, kernel
from scrub.match.features import Features
from scrub.match.similarity import SHINGLE, shingles_of
from scrub.searching import lower_bound

FULL = (1 << 16) - 1  # a cell of a table of counts that counts no further
# All shares below are set by hand on the even articles and four forms of bench/standing.py and the
# even half of bench/versions.py, with no copy of near5k and four linked pairs of near50k lost.
# Share of either text's words that is prose of its own, opposite the other's: in a series; of two
# alone; and so much that even a rewording leaves less.
MIN_OWN, MIN_OWN_OF_TWO, MUCH_OWN = 0.12, 0.1, 0.25
MIN_TAIL = 0.17  # ... where it stands after the block, as a site's notices may follow a copy
# Share of the words of that prose that the other has, too: 0.05 in the middle between unrelated
# articles of near5k, 0.18 for one in twenty of the shortest; 0.25 between halves of one article.
MAX_KIN, MAX_KIN_OF_TWO = 0.2, 0.18
_EVEN = 0.9  # of the longer of two proses: a rewording has as many words as what it rewords
_VERBATIM = 0.9  # share of the block's sentences, of a block that nobody reworded
_FOREIGN_FRAME = 2 / 3  # of that prose's share of the frame: other people's prose leaves nearly all
_DROPPED = 0.05  # share of either text's words that are prose with none opposite, as in an excerpt
# An update: most of what is new stands between what stays, and of either text it is no more than
# this, in one place or in several; or figures moved on beside new sentences that are few.
_BETWEEN, _IN_ONE_PLACE, _IN_SEVERAL, _FEW_NEW = 0.25, 0.3, 0.4, 0.2
_SUBJECT = 0.2  # ... share of the words of what stays that what went or came has, a name as three
# Share of the words of that part that the rest of the text has, a name as three: above it are 0.06
# of pairs of whole BBC articles, below it 0.08 of the parts of one; names as one: 0.06 and 0.15.
MIN_INNER = 0.18
_WHOLE = 0.85  # share of a part's words that stand in the fuller text
_MAX_KIN_IN_SERIES = 0.4
_MAX_SHARED = 0.2  # share of a text's own words that texts of a series may share by chance
_MIN_REST = 0.05  # share of a text's words that are its own, so that it is more than the block
_ALTERNATING = 3  # places where prose stands opposite prose, as answers between questions do


def is_standing(measures: NDArray[np.void]) -> NDArray[np.bool_]:
    """Whether two texts share a block and nothing else, and either has prose of its own."""
    return (
        (measures["swaps"] > 0)
        & (_least(measures, "swapped") >= MIN_OWN)
        & (measures["kin"] <= MAX_KIN * measures["kin_of"])
        & ~_moved_on(measures)
    )


def is_form(measures: NDArray[np.void]) -> NDArray[np.bool_]:
    """Whether what two texts share is no sign of a copy: it is a series' block, or looks like one.

    In a series texts are copies if they share what is their own.  Of two alone the place of what
    either has of its own, how much it is, and its subject decide what the block is.
    """
    own, before = _least(measures, "swapped"), _least(measures, "swapped", without="tail")
    even = np.minimum(measures["swapped_a"], measures["swapped_b"]) >= _EVEN * np.maximum(
        measures["swapped_a"], measures["swapped_b"]
    )
    foreign = measures["kin"] <= MAX_KIN_OF_TWO * measures["kin_of"]
    reworded = even & (measures["verbatim"] < _VERBATIM * measures["aligned_a"])
    of_two = ((before >= MIN_OWN_OF_TWO) | (own >= MIN_TAIL)) & ~reworded & foreign
    # Words swapped in every sentence leave the frame of the prose that does not match, too.
    same_frame = measures["frame_shared"] > (1 - _FOREIGN_FRAME * own) * measures["frame"]
    much = (own >= MUCH_OWN) & (measures["kin"] <= MAX_KIN * measures["kin_of"])
    much &= ~(reworded & same_frame)
    series = measures["kin"] <= _MAX_KIN_IN_SERIES * measures["kin_of"]
    alternating = measures["swaps"] >= _ALTERNATING
    for side in "ab":
        words, block, shared, swapped, dropped = (
            measures[f"{name}_{side}"] for name in ("words", "block", "own", "swapped", "dropped")
        )
        rest = words - block - shared
        series &= (block > 0) & (shared <= _MAX_SHARED * (shared + rest))
        series &= rest >= _MIN_REST * words
        of_two &= dropped <= _DROPPED * words
        much &= alternating | (2 * dropped <= swapped)
    of_two = (measures["swaps"] > 0) & (of_two | much) & ~_is_one_subject(measures)
    return (series | of_two) & ~_moved_on(measures)


def _moved_on(measures: NDArray[np.void]) -> NDArray[np.bool_]:
    """Whether two texts are one report at two times: figures differ in sentences that stay."""
    few = _least(measures, "swapped") < _FEW_NEW
    return (measures["other_numbers"] > 0) & (few | _between(measures))


def _is_one_subject(measures: NDArray[np.void]) -> NDArray[np.bool_]:
    """Whether sentences were replaced in a text whose others are of the same people and matters.

    What stays has a name or a number in each sentence, as news has and a block seldom.
    """
    alike = np.zeros(len(measures), np.bool_)
    for side in "ab":
        inner, of = measures[f"inner_{side}"], measures[f"inner_of_{side}"]
        alike |= (of > 0) & (inner >= _SUBJECT * of)
    alike &= measures["names"] + measures["numbers"] >= measures["aligned_a"]
    return alike & _between(measures)


def _between(measures: NDArray[np.void]) -> NDArray[np.bool_]:
    """Whether prose of either text's own stands between what they share, and is the lesser part."""
    own, inside = _least(measures, "swapped"), _least(measures, "head", "tail")
    most = np.where(measures["swaps"] > 1, _IN_SEVERAL, _IN_ONE_PLACE)
    return (inside < (1 - _BETWEEN) * own) & (own < most)


def _least(measures: NDArray[np.void], *names: str, without: str = "") -> NDArray[np.float64]:
    """The share of such words in the text that has the lesser one."""
    shares = []
    for side in "ab":
        words = np.sum([measures[f"{name}_{side}"] for name in names], axis=0)
        if without:
            words = words - measures[f"{without}_{side}"]
        shares.append(words / np.maximum(1, measures[f"words_{side}"]))
    return np.minimum(*shares)


def is_kindred(measures: NDArray[np.void]) -> NDArray[np.bool_]:
    """Whether the shorter text stands whole in the fuller, whose rest has the same subject."""
    return (
        (measures["covered_a"] >= _WHOLE * measures["words_a"])
        & (measures["inner_b"] >= MIN_INNER * measures["inner_of_b"])
        & (measures["inner_of_b"] > 0)
    )


def have_a_third(first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether some third document makes pairs with both documents of each pair: (N,) booleans."""
    ends, others = np.concatenate([first, second]), np.concatenate([second, first])
    order = np.lexsort((others, ends))
    return _have_a_third(ends[order], others[order], first, second)


@kernel()
def _have_a_third(ends: Array, others: Array, first: Array, second: Array) -> Array:
    found = np.zeros(len(first), np.bool_)
    for k in range(len(first)):
        i, stop_i = lower_bound(ends, first[k]), lower_bound(ends, first[k] + 1)
        j, stop_j = lower_bound(ends, second[k]), lower_bound(ends, second[k] + 1)
        # From the side of fewer pairs into the other, which may be the head of a whole series.
        if stop_i - i > stop_j - j:
            i, stop_i, j, stop_j = j, stop_j, i, stop_i
        for m in range(i, stop_i):
            at = j + lower_bound(others[j:stop_j], others[m])
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
        own = shingles_of(units, sentences, documents, first[pair], SHINGLE)
        other = shingles_of(units, sentences, documents, second[pair], SHINGLE)
        j = 0
        for value in own:
            while j < len(other) and other[j] < value:
                j += 1
            if j < len(other) and other[j] == value and table[value & mask] < FULL:
                table[value & mask] += 1
