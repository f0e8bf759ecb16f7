"""The hash of words and lines in kernels: FNV-1a (Fowler, Noll, Vo), and the step that mixes it."""

from __future__ import annotations

import numpy as np

from scrub.kernels import Array, kernel

FNV_OFFSET, FNV_PRIME = 0xCBF29CE484222325, 0x100000001B3


@kernel(inline="always")
def mixed(value: Array) -> Array:
    """The 32-bit hash of a word from its FNV-1a value; never 0."""
    value ^= value >> np.uint64(32)
    value = (value * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)
    return max(np.uint32(1), np.uint32(value))
