"""CSV and TSV with a header row (RFC 4180, quotes read leniently)."""

from __future__ import annotations

import csv
from itertools import chain
from typing import TYPE_CHECKING, Any

from scrub.read.encoding import Decoder, as_utf8
from scrub.read.stream import UnreadableError, lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrub.read.record import Builder, Result
    from scrub.read.stream import Input


_HEAD = 1 << 16


def read_csv(file: Input, build: Builder) -> Iterator[Result]:
    """One document for each row; of `, ; | tab` the header's commonest is the delimiter."""
    return _read(file, build, "")


def read_tsv(file: Input, build: Builder) -> Iterator[Result]:
    """One document for each row of tab-separated values."""
    return _read(file, build, "\t")


class _Lines:
    """Decoded lines of a table, and what the row they make up is like."""

    def __init__(self, file: Input, build: Builder) -> None:
        chunks, self._file_note = as_utf8(file.chunks)
        self._lines = lines(_with_newlines(chunks), build.max_record)
        self._decoder = Decoder()
        self.number = 0
        self.ended = False
        self.next_row()

    def next_row(self) -> None:
        """Forget what is known of the row before."""
        self.first = self.number + 1
        self.quotes = 0
        self.note: dict[str, Any] = dict(self._file_note)

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        try:
            line = next(self._lines)
        except StopIteration:
            self.ended = True
            raise
        self.number += 1
        if line is None:
            raise UnreadableError("too-large", "longer than read.max_record_mb")
        self.quotes += line.count(b'"')
        try:
            return line.decode() + "\n"
        except UnicodeDecodeError:
            decoded = self._decoder.decode(line)
            self.note |= decoded.metadata()
            return decoded.text + "\n"


def _with_newlines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same; where the header ends with a carriage return alone, as old Mac programs wrote it,
    each of them made a newline."""
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= _HEAD:
            break
    chunks = chain([head], chunks)
    end = head.partition(b"\n")[0].find(b"\r")
    if end < 0 or head[end + 1 : end + 2] in (b"\n", b""):
        return chunks
    return (chunk.replace(b"\r", b"\n") for chunk in chunks)


def _read(file: Input, build: Builder, delimiter: str) -> Iterator[Result]:
    source = _Lines(file, build)
    header = next(source, "").strip("\r\n")
    delimiter = delimiter or max(",;|\t", key=header.count)
    # The limit is the process's own; it is only ever raised, and `lines` bounds what a row can be.
    csv.field_size_limit(max(csv.field_size_limit(), int(build.max_record)))
    try:
        columns = next(csv.reader([header], delimiter=delimiter), [])
    except csv.Error as error:  # a lone carriage return within it
        raise UnreadableError("bad-row", f"the header: {error}") from error
    if not columns:
        return
    if not build.has_text(columns):
        raise UnreadableError("no-text-field", f"{build.remedy}; the header is: {header[:300]}")
    rows = csv.reader(source, delimiter=delimiter)
    number = 0
    while True:
        source.next_row()
        try:
            row = next(rows, None)
            if row is None:
                return
            if not row:  # a blank line
                continue
            number += 1
            if source.ended and source.quotes % 2:
                raise UnreadableError(
                    "bad-row", "a quoted field is not closed before the file ends"
                )
            if len(row) > len(columns):
                raise UnreadableError(
                    "bad-row", f"{len(row)} fields where the header has {len(columns)}"
                )
            fields = dict(zip(columns, row, strict=False))
            yield build.record(fields, file.place(number, source.first), source.note)
        except UnreadableError as error:
            yield file.place(number, source.first).reject(error)
        except csv.Error as error:
            number += 1
            yield file.place(number, source.first).reject(UnreadableError("bad-row", str(error)))
