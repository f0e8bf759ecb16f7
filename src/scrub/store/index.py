"""The index of a result: of which rows of which cache it is made, and what a later run can use."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from scrub.clean.repeated import RepeatedLines
from scrub.corpus import Analysis
from scrub.store.arrays import ArrayFile, Arrays, DamagedError, write_file
from scrub.store.stored import stored

INDEX = "index"
_KINDS = {
    "first": np.int64, "second": np.int64, "found": np.uint8, "keys": np.uint64,
    "others": np.uint64,
    "within": np.uint64, "anywhere": np.uint64, "kept": np.uint8, "place": np.uint8,
}  # fmt: skip


def write_index(folder: Path, analysis: Analysis, repeated: RepeatedLines) -> None:
    """Note in `folder` (OUT/.cache) of which rows of which cache the result in OUT is made."""
    documents = stored(analysis.corpus)
    kept = np.array([analysis.verdicts[i].kept for i in analysis.corpus.ids], np.uint8)
    place = str(documents.store.folder.absolute()).encode("utf-8", "surrogateescape")
    if documents.store.folder == folder:
        place = b"."  # so that OUT can be moved
    arrays: Arrays = {
        **analysis.looks._asdict(),
        "keys": documents.keys(), "others": analysis.others, "kept": kept,
        "within": repeated.within, "anywhere": repeated.anywhere,
        "place": np.frombuffer(place, np.uint8),
    }  # fmt: skip
    write_file(folder, INDEX, arrays, packed=True)


def check_index(file: ArrayFile) -> None:
    """Raise DamagedError where an index is not what `write_index` makes."""
    layout = file.layout()
    shapes = {name: shape for name, (_, shape) in layout.items()}
    kinds = {name: kind for name, (kind, _) in layout.items()}
    documents, looks = shapes.get("keys", ())[:1], shapes.get("first")
    if (
        kinds != {name: np.dtype(kind) for name, kind in _KINDS.items()}
        or shapes["keys"] != (*documents, 2)
        or shapes["others"] != (*shapes["others"][:1], 2)
        or shapes["kept"] != documents
        or not looks == shapes["second"] == shapes["found"]
        or any(len(shapes[name]) != 1 for name in ("first", "within", "anywhere", "place"))
    ):
        raise DamagedError(f"{file.path}: other arrays")
    for name in ("first", "second"):
        position = file[name].astype(np.int64)
        if ((position < 0) | (position >= documents[0] + shapes["others"][0])).any():
            raise DamagedError(f"{file.path}: {name}: beyond the documents")
