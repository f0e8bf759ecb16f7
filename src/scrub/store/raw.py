"""A batch of documents as they were read, as arrays: the way from the reader to the workers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import orjson
from numpy.typing import NDArray

from scrub.document import Document
from scrub.store.arrays import ArrayFile, Arrays, joined, starts_of


def pack_raw(documents: Sequence[Document]) -> Arrays:
    """Documents as they were read, with a digest of each, its key; their paths are left out."""
    records = [orjson.dumps([d.id, d.source, d.added, d.created, d.metadata]) for d in documents]
    texts = [document.text.encode("utf-8", "surrogatepass") for document in documents]
    keys = [
        hashlib.sha256(b"%d %b%b" % (len(record), record, text)).digest()[:16]
        for record, text in zip(records, texts, strict=True)
    ]
    return {
        "keys": np.frombuffer(b"".join(keys), np.uint64).reshape(-1, 2),
        "text_starts": starts_of(texts),
        "record_starts": starts_of(records),
        "texts": joined(texts),
        "records": joined(records),
    }


def unpack_raw(file: ArrayFile, rows: NDArray[np.int64] | None = None) -> list[Document]:
    """The documents that `pack_raw` packed, or some of them."""
    texts, records = file["texts"].tobytes(), file["records"].tobytes()
    text_starts, record_starts = file["text_starts"].tolist(), file["record_starts"].tolist()
    documents = []
    for row in range(len(text_starts) - 1) if rows is None else rows.tolist():
        text = texts[text_starts[row] : text_starts[row + 1]].decode("utf-8", "surrogatepass")
        record = records[record_starts[row] : record_starts[row + 1]]
        i, source, added, created, metadata = orjson.loads(record)
        documents.append(Document(i, text, "", source, added, created, metadata))
    return documents
