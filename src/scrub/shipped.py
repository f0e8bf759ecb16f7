"""The data files that come with the package, by their paths within it."""

from __future__ import annotations

import io
import json
import lzma
from collections.abc import Mapping
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray


def text(path: str) -> str:
    """A text file.  Raises FileNotFoundError where the installation lacks it."""
    return files("scrub").joinpath(path).read_text("utf-8")


def record(path: str) -> Any:  # noqa: ANN401 - any JSON value
    """The value of a JSON file."""
    return json.loads(text(path))


def arrays(path: str) -> Mapping[str, NDArray[Any]]:
    """The arrays of a `.npz` file, or of one in `.npz.xz`, each read when it is asked for."""
    import numpy as np

    data = files("scrub").joinpath(path).read_bytes()
    unpacked = lzma.decompress(data) if path.endswith(".xz") else data
    found: Mapping[str, NDArray[Any]] = np.load(io.BytesIO(unpacked), allow_pickle=False)
    return found
