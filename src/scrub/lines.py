"""A document as a line of JSON, in the layout that Dolma introduced, and back; and its changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from scrub.document import Document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrub.document import Change


def document_record(document: Document) -> dict[str, Any]:
    """The fields of a document as they are written.

    A date that is not known is null: readers that infer types stop at an empty one among dates.
    """
    return {
        "id": document.id,
        "text": document.text,
        "source": document.source,
        "added": document.added or None,
        "created": document.created or None,
        "metadata": document.metadata,
    }


def document_line(document: Document) -> bytes:
    """The line of a document, with its end."""
    return orjson.dumps(document_record(document), option=orjson.OPT_APPEND_NEWLINE)


def document_of(line: bytes, path: str = "") -> Document:
    """The document of a line, which does not say at which path it was read."""
    record = orjson.loads(line)
    return Document(
        record["id"], record["text"], path, record["source"], record["added"] or "",
        record["created"] or "", record["metadata"],
    )  # fmt: skip


def change_line(i: str, changes: Sequence[Change] | orjson.Fragment) -> bytes:
    """The line of a document in `changes.jsonl`, with its end; `changes` may be JSON already."""
    return orjson.dumps({"id": i, "changes": changes}, option=orjson.OPT_APPEND_NEWLINE)
