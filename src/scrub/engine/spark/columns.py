"""Documents and their features as columns, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
from numpy.typing import NDArray

from scrub.document import Document
from scrub.match.features import Features
from scrub.match.pairs import case_signal

DOCUMENT = (
    "position long, id string, path string, source string, added string, created string, "
    "text string, metadata string"
)
# What matching reads of a document.  `node` is the digest of its words, so that the fullest of the
# documents with as many words is that of the smallest node, as in scrub.match.pairs.distinct.
FEATURES = "node long, words int, case_signal int, samples int, units binary, lengths binary"
_FLIP = np.uint64(1 << 63)  # makes the order of unsigned digests that of signed ones


def document_columns(documents: Sequence[Document]) -> dict[str, list[Any]]:
    """The columns of DOCUMENT but the first."""
    return {
        "id": [d.id for d in documents],
        "path": [d.path for d in documents],
        "source": [d.source for d in documents],
        "added": [d.added for d in documents],
        "created": [d.created for d in documents],
        "text": [d.text for d in documents],
        "metadata": [orjson.dumps(d.metadata).decode() for d in documents],
    }


def documents_of(table: pa.Table) -> list[Document]:
    """The documents of rows with the columns of DOCUMENT."""
    names = ("id", "text", "path", "source", "added", "created", "metadata")
    columns = [table[name].to_pylist() for name in names]
    return [
        Document(i, text, path, source, added, created, orjson.loads(metadata))
        for i, text, path, source, added, created, metadata in zip(*columns, strict=True)
    ]


def nodes(digests: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The node of each digest of a document's words."""
    return (digests ^ _FLIP).view(np.int64)


def packed(values: NDArray[Any], starts: NDArray[np.int64]) -> pa.Array:
    """A binary column: the bytes of values[starts[k]:starts[k + 1]] in row k."""
    offsets = (starts * values.itemsize).astype(np.int32)
    data = np.ascontiguousarray(values).view(np.uint8)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(data)]
    return pa.Array.from_buffers(pa.binary(), len(starts) - 1, buffers)


def unpacked(column: pa.ChunkedArray, dtype: type) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """What `packed` was given: the values, in an array that may be written, and the starts."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if not len(array):
        return np.empty(0, dtype), np.zeros(1, np.int64)
    _, offsets, data = array.buffers()
    ends = np.frombuffer(offsets, np.int32)[array.offset : array.offset + len(array) + 1]
    first, last = int(ends[0]), int(ends[-1])
    held = np.empty(0, np.uint8) if data is None else np.frombuffer(data, np.uint8)
    values: NDArray[Any] = held[first:last].view(dtype).copy()
    return values, (ends.astype(np.int64) - first) // values.itemsize


def feature_columns(features: Features) -> dict[str, Any]:
    """The columns of FEATURES, and those that candidates, bands and quotes are made of."""
    lengths = np.diff(features.sentences).astype(np.uint16)
    bands = np.arange(len(features) + 1, dtype=np.int64) * features.bands.shape[1]
    return {
        "node": pa.array(nodes(features.digests), mask=features.digests == 0),
        "words": features.words.astype(np.int32),
        "case_signal": case_signal(features, np.arange(len(features))).astype(np.int32),
        "samples": np.diff(features.sketches).astype(np.int32),
        "units": packed(features.units, features.sentences[features.documents]),
        "lengths": packed(lengths, features.documents),
        "begins": packed(features.begins, features.documents),
        "sketch": packed(features.sketch, features.sketches),
        "places": packed(features.places, features.sketches),
        "bands": packed(features.bands.reshape(-1), bands),
    }


def features_of(
    units: Sequence[pa.ChunkedArray],
    lengths: Sequence[pa.ChunkedArray],
    begins: Sequence[pa.ChunkedArray] = (),
) -> Features:
    """Features of rows as far as aligning, counting and quoting ask for them.

    Several columns follow one another: documents of the first, then of the second.
    """
    words = [unpacked(column, np.uint32)[0] for column in units]
    sizes = [unpacked(column, np.uint16) for column in lengths]
    sentences = np.concatenate([[0], *(values for values, _ in sizes)]).cumsum(dtype=np.int64)
    counts = [np.diff(starts) for _, starts in sizes]
    documents = np.concatenate([[0], *counts]).cumsum(dtype=np.int64)
    first = [unpacked(column, np.uint32)[0] for column in begins]
    count = len(documents) - 1
    return Features(
        units=np.concatenate(words) if words else np.zeros(int(sentences[-1]), np.uint32),
        sentences=sentences,
        begins=np.concatenate(first) if first else np.zeros(int(documents[-1]), np.uint32),
        documents=documents,
        digests=np.zeros(count, np.uint64),
        bands=np.zeros((count, 0), np.uint32),
        sketch=np.zeros(0, np.uint32),
        places=np.zeros(0, np.uint16),
        sketches=np.zeros(count + 1, np.int64),
    )


_TYPES = {
    "long": pa.int64(),
    "int": pa.int32(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
    "string": pa.string(),
    "binary": pa.binary(),
}


def typed(schema: str, columns: Mapping[str, Any]) -> pa.Table:
    """Rows of a schema (`name type, ...`); columns that are not given are null."""
    rows = len(next(iter(columns.values())))
    made = {}
    for name, kind in (column.split() for column in schema.split(", ")):
        values = columns.get(name)
        type_ = _TYPES[kind]
        made[name] = pa.nulls(rows, type_) if values is None else pa.array(values, type_)
    return pa.table(made)
