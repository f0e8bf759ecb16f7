"""CSV and TSV with a header row, quoted (RFC 4180, leniently) or not quoted at all."""

from __future__ import annotations

import csv
import re
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from scrub.read.encoding import as_utf8
from scrub.read.rows import Lines, Row, rows
from scrub.read.stream import UnreadableError, lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scrub.read.record import Builder, Result
    from scrub.read.stream import Input


_HEAD = 1 << 16
# What spreadsheets write and want before the header: `sep=;`.
_SEPARATOR = re.compile(r'"?sep=(\\t|[^"])"?[,;\t]*', re.IGNORECASE)


def read_csv(file: Input, build: Builder) -> Iterator[Result]:
    """One document for each row; of `, ; | tab` the header's commonest is the delimiter."""
    return _read(file, build, "")


def read_tsv(file: Input, build: Builder) -> Iterator[Result]:
    """One document for each row of tab-separated values."""
    return _read(file, build, "\t")


class Table(NamedTuple):
    """A table whose header is read: its columns, on which line they stand, and its rows."""

    columns: list[str]
    header: int
    delimiter: str
    rows: Iterator[Row]


def open_table(lines: Iterable[bytes | None], build: Builder, delimiter: str = "") -> Table:
    """The table in some lines; without a delimiter it is the header's commonest of `, ; | tab`.

    Raises UnreadableError where the header is none, or names no text.
    """
    source = Lines(iter(lines))
    header, number = "", 0
    for line in source:
        header, number = line.strip("\r\n"), number + 1
        if named := _SEPARATOR.fullmatch(header):
            delimiter = "\t" if named[1] == "\\t" else named[1]
        elif header.strip():
            break
    delimiter = delimiter or max(",;|\t", key=header.count)
    # The limit is the process's own; it is only ever raised, and `lines` bounds what a row can be.
    csv.field_size_limit(max(csv.field_size_limit(), int(build.max_record)))
    try:
        columns = next(csv.reader([header], delimiter=delimiter), [])
    except csv.Error as error:  # a lone carriage return within it
        raise UnreadableError("bad-row", f"the header: {error}") from error
    if columns and not build.has_text(columns):
        raise UnreadableError("no-text-field", f"{build.remedy}; the header is: {header[:300]}")
    found = rows(source, delimiter, len(columns)) if columns else iter(())
    return Table(columns, number, delimiter, found)


def with_newlines(chunks: Iterator[bytes]) -> tuple[Iterator[bytes], bool]:
    """The same; where the header ends with a carriage return alone, as old Mac programs wrote it,
    each of them made a newline.  Says whether that was so."""
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= _HEAD:
            break
    chunks = chain([head], chunks)
    end = head.partition(b"\n")[0].find(b"\r")
    if end < 0 or head[end + 1 : end + 2] in (b"\n", b""):
        return chunks, False
    return (chunk.replace(b"\r", b"\n") for chunk in chunks), True


def _read(file: Input, build: Builder, delimiter: str) -> Iterator[Result]:
    chunks, note = as_utf8(file.chunks)
    table = open_table(lines(with_newlines(chunks)[0], build.max_record), build, delimiter)
    columns = table.columns
    for number, row in enumerate(table.rows, 1):
        place = file.place(number, row.line)
        try:
            if isinstance(row.fields, UnreadableError):
                raise row.fields
            if len(row.fields) > len(columns):
                raise UnreadableError(
                    "bad-row", f"{len(row.fields)} fields where the header has {len(columns)}"
                )
            fields = dict(zip(columns, row.fields, strict=False))
            yield build.record(fields, place, note | row.note if row.note else note)
        except UnreadableError as error:
            yield place.reject(error)
