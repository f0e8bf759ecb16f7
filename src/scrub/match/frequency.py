"""How common each shingle of the frame is in a corpus: what many stories share proves little."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from scrub.match.features import frame, frame_hash

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scrub.match.features import Features
    from scrub.match.kernels import Array

ALIGNED = 5  # frame symbols in a shingle that aligns
SHORTEST = 3  # a sentence of fewer has no shingle


def frequencies(features: Features, order: NDArray[np.int64]) -> NDArray[np.uint16]:
    """How many documents of `order` have each frame shingle, counted in a table by its hash.

    Two shingles may share a cell, which only makes one look more common than it is; there are
    about three cells for each distinct shingle.
    """
    size = 1 << max(10, len(features.units).bit_length())
    table = np.zeros(size, np.uint16)
    _count(features.units, features.sentences, features.documents, order, table, 1)
    return table


def discount(table: NDArray[np.uint16], features: Features, documents: NDArray[np.int64]) -> None:
    """Take documents that were counted out of the table again."""
    _count(features.units, features.sentences, features.documents, documents, table, -1)


@njit(cache=True, nogil=True)
def _count(
    units: Array,
    sentences: Array,
    documents: Array,
    order: Array,
    table: Array,
    by: int,
) -> None:
    symbols, begins = np.empty(1024, np.uint32), np.empty(1024, np.int64)
    mask = np.uint64(len(table) - 1)
    for document in order:
        for s in range(documents[document], documents[document + 1]):
            length = frame(units, sentences[s], sentences[s + 1], symbols, begins)
            n = min(ALIGNED, length)
            if n < SHORTEST:
                continue
            for k in range(length - n + 1):
                cell = frame_hash(symbols, k, n) & mask
                if table[cell] < 65535:  # a full cell stays full
                    table[cell] = max(0, np.int64(table[cell]) + by)
