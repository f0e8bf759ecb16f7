"""Plain text and Markdown: one document a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrub.read.encoding import Decoder
from scrub.read.record import document
from scrub.read.stream import whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrub.document import Document
    from scrub.read.record import Builder
    from scrub.read.stream import Input


def read_text(file: Input, build: Builder) -> Iterator[Document]:
    """The whole file as one text.  Raises UnreadableError."""
    decoded = Decoder().decode(whole(file.chunks, build.max_record))
    yield document(decoded.text, file.place(), decoded.metadata())
