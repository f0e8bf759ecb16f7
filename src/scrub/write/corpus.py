"""The texts: every document as cleaned, the kept ones as a corpus, and the log of changes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec
from typing import Any

import orjson

from scrub.document import Change, Document
from scrub.errors import MissingPartError
from scrub.write.card import card
from scrub.write.output import Output


def document_record(document: Document) -> dict[str, Any]:
    """The fields of a document as they are written, in the layout that Dolma introduced."""
    return {
        "id": document.id,
        "text": document.text,
        "source": document.source,
        "added": document.added,
        "created": document.created,
        "metadata": document.metadata,
    }


def require(form: str) -> None:
    """Raise MissingPartError where a corpus of this form could not be written."""
    if form == "parquet" and find_spec("pyarrow") is None:
        raise MissingPartError("--format parquet needs pyarrow: pip install 'scrub[parquet]'")


def write_documents(output: Output, documents: Iterable[Document]) -> None:
    """Write `documents.jsonl`: every document read, cleaned and not repaired."""
    with output.open("documents.jsonl") as file:
        for document in documents:
            file.write(_line(document_record(document)))


def write_corpus(output: Output, documents: Iterable[Document], format: str) -> None:
    """Write the kept documents as `corpus.jsonl`, `corpus.parquet` or `corpus/*.txt`.

    A Parquet corpus gets a dataset card, `README.md`, beside it.  Raises MissingPartError where
    Parquet is asked for and pyarrow is not installed.
    """
    if format == "parquet":
        _write_parquet(output, documents)
    elif format == "txt":
        for document in documents:
            # An id may look like a path or differ from another by case alone; a digest does not.
            name = hashlib.sha256(document.id.encode()).hexdigest()[:16]
            with output.open(f"corpus/{name}.txt") as file:
                file.write(document.text.encode())
    else:
        with output.open("corpus.jsonl") as file:
            for document in documents:
                file.write(_line(document_record(document)))


def write_changes(output: Output, changes: Mapping[str, Sequence[Change]]) -> None:
    """Write `changes.jsonl`: for each document that cleaning changed, what was done, in order."""
    with output.open("changes.jsonl") as file:
        for i, log in changes.items():
            if log:
                file.write(_line({"id": i, "changes": log}))


def _write_parquet(output: Output, documents: Iterable[Document]) -> None:
    require("parquet")
    import pyarrow as pa
    import pyarrow.parquet as pq

    records = [document_record(document) for document in documents]
    for record in records:
        # Metadata differs from document to document; as JSON text it is one column everywhere.
        record["metadata"] = orjson.dumps(record["metadata"], option=orjson.OPT_SORT_KEYS).decode()
    schema = pa.schema(
        [(name, pa.string()) for name in ("id", "text", "source", "added", "created", "metadata")]
    )
    # In memory first: pyarrow asks more of a file than that it can be written to.
    buffer = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(records, schema), buffer, compression="zstd")
    with output.open("corpus.parquet") as file:
        file.write(buffer.getvalue())
    with output.open("README.md") as file:
        file.write(card(len(records), output.folder.name))


def _line(record: dict[str, Any]) -> bytes:
    return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)
