"""JSON Lines (`.jsonl`, `.ndjson`, `.jl`): one object on each line, ended by `\\n` only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from scrub.read.encoding import Decoder, as_utf8
from scrub.read.jsonvalue import apart, load
from scrub.read.record import Builder, Result
from scrub.read.stream import Input, UnreadableError, lines

_PAGES = (
    "the page list of a web archive, whose WARCs have the pages; without its first line it is read"
)

# What a line of a bulk request of Elasticsearch says of the next one.
ACTION = re.compile(rb'\s*\{\s*"(?:index|create)"\s*:\s*\{\s*(?:"_[^{}]{0,999})?\}\s*\}\s*')
_NEXT = re.compile(rb'\}[ \t\r,]*\{\s*"')


def read_jsonl(file: Input, build: Builder) -> Iterator[Result]:
    """One document for each line that is not blank; a bad line is rejected, the others go on."""
    chunks, note = as_utf8(file.chunks)
    yield from read_lines(lines(chunks, build.max_record), file, build, note)


def read_lines(
    lines: Iterable[bytes | None],
    file: Input,
    build: Builder,
    file_note: Mapping[str, Any] = MappingProxyType({}),
    *,
    before: tuple[int, int] = (0, 0),
) -> Iterator[Result]:
    """The same for lines that are there already; None is one that is too long.

    `before` says how many lines, and how many of them not blank, come before them in the file.
    """
    decoder = Decoder()
    first, number = before
    action: dict[str, Any] = {}
    for line_number, line in enumerate(lines, first + 1):
        if line is not None and (not line or line.isspace()):
            continue
        number += 1
        place = file.place(number, line_number)
        try:
            if line is None:
                raise UnreadableError("too-large", "longer than read.max_record_mb")
            record, note = load(line, decoder)
            if number == 1 and str(record.get("format", "")).startswith("json-pages-"):
                yield file.place().reject(UnreadableError("no-articles", _PAGES))
                return
            if ACTION.fullmatch(line):
                action = {"_id": next(iter(record.values())).get("_id")}
                continue
            record, action = action | record, {}
            yield build.record(record, place, {**file_note, **note} if note else file_note)
        except UnreadableError as error:
            parts = apart(line) if line and error.reason == "bad-json" else []
            if len(parts) > 1:
                before = (line_number - 1, number - 1)
                yield from read_lines(parts, file, build, file_note, before=before)
                number += len(parts) - 1
            else:
                yield place.reject(error)


def records_on(line: bytes) -> list[bytes]:
    """The records of a line, of which there are several where it is no JSON."""
    if not _NEXT.search(line) or len(parts := apart(line)) < 2:
        return [line]
    try:
        load(line, Decoder())
    except UnreadableError as error:
        return parts if error.reason == "bad-json" else [line]
    return [line]
