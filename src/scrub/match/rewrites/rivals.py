"""How a pair stands out among its candidates.

Next days' stories of one matter and notices in a fixed form have many others that are as near; a
rewrite has its source, and a few other rewrites.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scrub.match.rewrites.evidence import MEASURES

RIVALS = 4  # others that may be as near, by hand: as many other rewrites of a source are none
ALIKE, STANDS_OUT = map(MEASURES.index, ("alike", "stands_out"))


def closest_in(
    one: NDArray[np.int64], other: NDArray[np.int64], alike: NDArray[np.float32], size: int
) -> NDArray[np.float32]:
    """`closest` of the P pairs of `one` and `other`, each of which is near both of its sides."""
    return closest(np.concatenate([one, other]), np.tile(alike, 2), size)


def closest(
    documents: NDArray[np.int64], alike: NDArray[np.float32], size: int
) -> NDArray[np.float32]:
    """(size, RIVALS + 1), how alike each of `size` documents is with its nearest, best first.

    Row k of `documents` and `alike` is a document and how alike it is with one candidate; each
    pair has two rows.  0 stands for one that is not there.
    """
    found = np.zeros((size, RIVALS + 1), np.float32)
    order = np.lexsort((-alike, documents))
    documents, alike = documents[order], alike[order]
    rank = np.arange(len(documents)) - np.searchsorted(documents, documents)
    near = rank <= RIVALS
    found[documents[near], rank[near]] = alike[near]
    return found


def stands_out(
    alike: NDArray[np.float32], one: NDArray[np.float32], other: NDArray[np.float32]
) -> NDArray[np.float32]:
    """(P,) how much more alike pairs are than either side is with its RIVALS-th nearest else.

    `one` and `other` are the rows of `closest` for the two sides.
    """
    found = alike.copy()
    for best in (one, other):
        itself = alike >= best[:, RIVALS - 1]
        found = np.minimum(found, alike - np.where(itself, best[:, RIVALS], best[:, RIVALS - 1]))
    return found
