"""The hash of words and lines, FNV-1a (Fowler, Noll, Vo), and tables by open addressing.

Kernels hash what they read, and look keys up; tables that are shipped as text are hashed and laid
out by NumPy, a letter of all words at a time, so that no kernel is compiled for what is read once.
A table is a power of two long, 0 is a free slot, and a key that finds its home taken stands behind.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scrub.kernels import Array, kernel

FNV_OFFSET, FNV_PRIME = 0xCBF29CE484222325, 0x100000001B3
GOLDEN = 0x9E3779B97F4A7C15  # 2 ** 64 divided by the golden ratio: it spreads keys (Knuth)

_ALL_BITS = (1 << 64) - 1


def fnv1a(parts: Iterable[int]) -> int:
    """The 64-bit hash of some bytes, or of other small numbers.

    >>> hex(fnv1a(b"a"))
    '0xaf63dc4c8601ec8c'
    """
    value = FNV_OFFSET
    for part in parts:
        value = ((value ^ part) * FNV_PRIME) & _ALL_BITS
    return value


@kernel(inline="always")
def fnv1a_step(value: Array, part: Array) -> Array:
    """The hash of what has the hash `value`, and `part` behind it."""
    return (value ^ np.uint64(part)) * np.uint64(FNV_PRIME)


@kernel(inline="always")
def golden_step(value: Array, part: Array) -> Array:
    """The same for whole words as parts: each bit of a word moves the lower half of the hash."""
    value = (value ^ np.uint64(part)) * np.uint64(GOLDEN)
    return value ^ value >> np.uint64(29)


@kernel(inline="always")
def mixed(value: Array) -> Array:
    """The 32-bit hash of a word from its FNV-1a value; never 0."""
    value ^= value >> np.uint64(32)
    value = (value * np.uint64(GOLDEN)) >> np.uint64(32)
    return max(np.uint32(1), np.uint32(value))


@kernel(inline="always")
def find_key(keys: Array, key: Array, home: Array) -> Array:
    """The slot of a key in a table, or the free one where it belongs; `home` is looked at first."""
    mask = np.uint64(len(keys) - 1)
    slot = np.uint64(home) & mask
    while keys[slot] != 0 and keys[slot] != key:
        slot = (slot + np.uint64(1)) & mask
    return np.int64(slot)


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
    value = (value * np.uint64(GOLDEN)) >> np.uint64(32)
    hashes = np.empty(len(start), np.uint32)
    hashes[order] = np.maximum(1, value)
    return hashes


def lay_out(keys: NDArray[Any], homes: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """The slots of (N,) keys in a table of `size`, above N: (N,), equal keys share one.

    `homes` are where each is looked for first.
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
    """`find_key` of each of (N,) keys: (N,)."""
    slots, todo = homes.copy(), np.arange(len(keys))
    while len(todo):
        found = table[slots[todo]]
        todo = todo[(found != 0) & (found != keys[todo])]
        slots[todo] = (slots[todo] + 1) & (len(table) - 1)
    return slots
