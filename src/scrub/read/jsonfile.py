"""JSON files: one object, a list of objects, an object that wraps a list, or JSON Lines after all.

The file is cut into its top-level values by brackets and quotes alone and each is parsed by
itself, so that memory follows the record and one that is not JSON costs only itself.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Any

from scrub.read.encoding import Decoder, as_utf8
from scrub.read.jsonl import read_jsonl
from scrub.read.jsonvalue import load
from scrub.read.stream import Input, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrub.read.record import Builder, Result

_STRUCTURE = re.compile(rb'["{}\[\]]')
_IN_STRING = re.compile(rb'["\\]')
_BETWEEN = b" \t\r\n,\x1e"  # RFC 7464 puts a record separator before each value


def read_json(file: Input, build: Builder) -> Iterator[Result]:
    """One document for each record; a value that is no record is rejected with its line."""
    chunks, note = as_utf8(file.chunks)
    head = b""
    for chunk in chunks:
        head += chunk
        if b"\n" in head.strip() or len(head) > build.max_record:
            break
    first, _, after = head.lstrip().partition(b"\n")
    chunks = chain([head], chunks)
    decoder = Decoder()
    if after.strip() and _is_object(first, decoder):
        yield from read_jsonl(Input(file.name, file.folder, chunks), build)
        return
    number = 0
    listed = head.lstrip().startswith(b"[")
    for line, data in _values(chunks, build.max_record):
        number += 1
        place = file.place(number, line)
        try:
            if data is None:
                raise UnreadableError("too-large", "longer than read.max_record_mb")
            record, own = load(data, decoder)
            records = None if listed else _wrapped(record, build)
            if records is None:
                place = file.place(number if listed else 0, line)
                yield build.record(record, place, note | (own or {}))
                continue
        except UnreadableError as error:
            yield place.reject(error)
            continue
        for number, item in enumerate(records, 1):
            place = file.place(number)
            try:
                yield build.record(item, place, note | (own or {}))
            except UnreadableError as error:
                yield place.reject(error)


def _is_object(line: bytes, decoder: Decoder) -> bool:
    try:
        load(line, decoder)
    except UnreadableError:
        return False
    return True


def _wrapped(record: dict[str, Any], build: Builder) -> list[dict[str, Any]] | None:
    """The records of an answer such as `{"status": "ok", "articles": [{...}, ...]}`."""
    if build.has_text(build.lifted(record)):
        return None
    lists = [
        value
        for value in record.values()
        if isinstance(value, list) and value and all(isinstance(item, dict) for item in value)
    ]
    return lists[0] if len(lists) == 1 else None


def _values(chunks: Iterator[bytes], limit: float) -> Iterator[tuple[int, bytes | None]]:
    """Top-level values, or the elements of a top-level list, each with the line it starts on.

    None stands for a value past `limit` bytes; bytes that belong to no object or list come as a
    value of their own, which then fails to parse.
    """
    data = b""
    line, seen = 1, 0  # of data[seen]: each newline is counted once, however many values follow
    at = begin = depth = base = 0  # begin: of the value, or of what lies between two
    quoted = large = False

    def line_at(position: int) -> int:
        nonlocal line, seen
        line += data.count(b"\n", seen, position)
        seen = position
        return line

    for chunk in chunks:
        line_at(begin)
        data, at, begin, seen = data[begin:] + chunk, at - begin, 0, 0
        while match := (_IN_STRING if quoted else _STRUCTURE).search(data, at):
            mark = match[0]
            if quoted:
                if mark == b"\\":
                    if match.end() == len(data):
                        break
                    at = match.end() + 1
                    continue
                quoted = False
            elif mark == b'"':
                quoted = True
            elif mark in b"{[":
                if depth == base:
                    if between := data[begin : match.start()].strip(_BETWEEN):
                        yield line_at(begin), between
                    begin = match.start()
                    if mark == b"[" and base == 0 and depth == 0:
                        base, begin = 1, match.end()
                depth += 1
            else:
                depth = max(depth - 1, 0)
                if depth == base:
                    value = None if large else data[begin : match.end()]
                    yield line_at(begin), value
                    begin, large = match.end(), False
                elif depth < base:
                    if between := data[begin : match.start()].strip(_BETWEEN):
                        yield line_at(begin), between
                    base, begin = 0, match.end()
            at = match.end()
        else:
            at = len(data)
        if at - begin > limit:  # the value goes on, but nothing of it is kept
            large, begin = True, at
    if large or depth or data[begin:].strip(_BETWEEN):
        yield line_at(begin), None if large else data[begin:]
