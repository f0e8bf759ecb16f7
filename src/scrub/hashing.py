"""The hash of words and lines: FNV-1a (Fowler, Noll, Vo), and the step that mixes it.

Kernels hash what they read; tables that are shipped as text are hashed and laid out by NumPy, a
letter of all words at a time, so that no kernel is compiled for what is read once.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scrub.kernels import Array, kernel

FNV_OFFSET, FNV_PRIME = 0xCBF29CE484222325, 0x100000001B3


@kernel(inline="always")
def mixed(value: Array) -> Array:
    """The 32-bit hash of a word from its FNV-1a value; never 0."""
    value ^= value >> np.uint64(32)
    value = (value * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)
    return max(np.uint32(1), np.uint32(value))


def hash_words(
    data: NDArray[np.uint8], start: NDArray[np.int64], end: NDArray[np.int64]
) -> NDArray[np.uint32]:
    """`scrub.match.scan.word_hash` of N words of ASCII letters, given their bytes: (N,)."""
    order = np.argsort(start - end, kind="stable")  # the longest first
    length = (end - start)[order]
    at, value = start[order], np.full(len(start), FNV_OFFSET, np.uint64)
    for letter in range(int(length[0]) if len(length) else 0):
        longer = value[: np.searchsorted(-length, -letter)]
        longer ^= data[at[: len(longer)] + letter]
        longer *= np.uint64(FNV_PRIME)
    value ^= value >> np.uint64(32)
    value = (value * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)
    hashes = np.empty(len(start), np.uint32)
    hashes[order] = np.maximum(1, value)
    return hashes


def lay_out(keys: NDArray[Any], homes: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """The slots of (N,) keys in an open-addressing table: (N,), equal keys share one.

    `homes` are where each is looked for first, `size` is a power of two above N.
    """
    slots, owner = homes.copy(), np.full(size, -1, np.int32)
    todo = np.arange(len(keys), dtype=np.int32)
    while len(todo):
        at = slots[todo]
        free = owner[at] < 0
        owner[at[free]] = todo[free]
        todo = todo[keys[owner[at]] != keys[todo]]
        slots[todo] = (slots[todo] + 1) & (size - 1)
    return slots


def find_slots(
    table: NDArray[Any], keys: NDArray[Any], homes: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The slots of (N,) keys in such a table, or the free ones where they would be."""
    slots, todo = homes.copy(), np.arange(len(keys))
    while len(todo):
        found = table[slots[todo]]
        todo = todo[(found != 0) & (found != keys[todo])]
        slots[todo] = (slots[todo] + 1) & (len(table) - 1)
    return slots
