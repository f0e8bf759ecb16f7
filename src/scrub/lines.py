"""A document as a line of JSON, in the layout that Dolma introduced, and back."""

from __future__ import annotations

from typing import Any

import orjson

from scrub.document import Document


def document_record(document: Document) -> dict[str, Any]:
    """The fields of a document as they are written."""
    return {
        "id": document.id,
        "text": document.text,
        "source": document.source,
        "added": document.added,
        "created": document.created,
        "metadata": document.metadata,
    }


def document_line(document: Document) -> bytes:
    """The line of a document, with its end."""
    return orjson.dumps(document_record(document), option=orjson.OPT_APPEND_NEWLINE)


def document_of(line: bytes, path: str = "") -> Document:
    """The document of a line, which does not say at which path it was read."""
    record = orjson.loads(line)
    return Document(
        record["id"], record["text"], path, record["source"], record["added"], record["created"],
        record["metadata"],
    )  # fmt: skip
