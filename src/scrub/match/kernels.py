"""The one type that compiled kernels speak of."""

from __future__ import annotations

from typing import Any, TypeAlias

# An array, a record of one or a scalar: numba infers the types of its kernels from their calls.
Array: TypeAlias = Any
