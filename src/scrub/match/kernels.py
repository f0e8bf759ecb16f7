"""The one type that compiled kernels speak of.

Numba keeps compiled kernels beside their files and compiles again when that file changes, not when
a kernel of another file that it calls does: after such an edit, touch the callers too.
"""

from __future__ import annotations

from typing import Any, TypeAlias

# An array, a record of one or a scalar: numba infers the types of its kernels from their calls.
Array: TypeAlias = Any
