"""Binary search in kernels."""

from __future__ import annotations

from scrub.kernels import Array, kernel


@kernel(inline="always")
def lower_bound(values: Array, value: Array) -> Array:
    """The first place in sorted `values` whose value is not below `value`; their number if none.

    `np.searchsorted` is the same, but numba compiles it in four layers for each type.
    """
    low, high = 0, len(values)
    while low < high:
        middle = (low + high) >> 1
        if values[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low
