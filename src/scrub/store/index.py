"""The index of a result: of which rows of which cache it is made, and what a later run can use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scrub.store.arrays import DamagedError

if TYPE_CHECKING:
    from scrub.store.arrays import ArrayFile

INDEX = "index"
_KINDS = {
    "first": np.int64, "second": np.int64, "found": np.uint8, "keys": np.uint64,
    "within": np.uint64, "anywhere": np.uint64, "kept": np.uint8, "place": np.uint8,
    "word_keys": np.uint32, "word_stems": np.uint32,
}  # fmt: skip


def check_index(file: ArrayFile) -> None:
    """Raise DamagedError where an index is not what `against.write_index` makes."""
    layout = file.layout()
    shapes = {name: shape for name, (_, shape) in layout.items()}
    kinds = {name: kind for name, (kind, _) in layout.items()}
    documents, looks = shapes.get("keys", ())[:1], shapes.get("first")
    if (
        kinds != {name: np.dtype(kind) for name, kind in _KINDS.items()}
        or shapes["keys"] != (*documents, 2)
        or shapes["kept"] != documents
        or not looks == shapes["second"] == shapes["found"]
        or shapes["word_keys"] != shapes["word_stems"]
        or any(
            len(shapes[name]) != 1 for name in ("first", "within", "anywhere", "place", "word_keys")
        )
    ):
        raise DamagedError(f"{file.path}: other arrays")
    for name in ("first", "second"):
        position = file[name].astype(np.int64)
        if ((position < 0) | (position >= documents[0])).any():
            raise DamagedError(f"{file.path}: {name}: beyond the documents")
