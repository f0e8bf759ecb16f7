"""Records once more, as they stand in their files: those that go taken out, no other byte touched.

Each function takes a way to open one file, cuts it as its reader does, asks of every record by its
path what becomes of it, and gives the bytes of the file that takes its place, in pieces.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, Literal, NamedTuple, Protocol

import orjson

from scrub.read.encoding import Decoder, is_utf8
from scrub.read.jsonfile import Value, as_lines, top_values
from scrub.read.jsonl import ACTION, records_on
from scrub.read.jsonvalue import load
from scrub.read.record import Builder
from scrub.read.rows import Row
from scrub.read.stream import Input, UnreadableError
from scrub.read.tables import Table, open_table, with_newlines

MARKS = ("kept", "copy_of", "relation", "spun", "spin_score")
_KEY = re.compile(rb'"([^"\\]{1,80})"\s*:')
_STRING = rb'\s*:\s*("(?:[^"\\]|\\.)*")'


class Fate(NamedTuple):
    """What becomes of the record at `path`; `text` is what its text becomes, None: as it is."""

    path: str
    kept: bool
    copy_of: str | None = None
    relation: str | None = None
    spun: str | None = None
    spin_score: float | None = None
    text: str | None = None


STAYS = Fate("", True)  # of a record that was not read as a document


# How records are marked that all stay: in fields of their own, or in a line of Dolma's attributes
# that stands for each; "" where those that go are left out.
Mark = Literal["", "fields", "attributes"]


class Turn(Protocol):
    """A pass over all inputs in the order in which they were read; with `mark` every record stays.

    Where a text should have been replaced and stands where it cannot be, that is counted.
    """

    build: Builder
    mark: Mark
    texts_left: int

    def fate(self, path: str) -> Fate:
        """What becomes of the record that stands there."""
        ...


def names_beside(taken: Iterable[str]) -> dict[str, str]:
    """A name for each of MARKS that no field has: all with one prefix where one is taken.

    >>> names_beside(["kept"])["relation"]
    'scrub_relation'
    """
    taken, prefix = set(taken), ""
    while any(prefix + name in taken for name in MARKS):
        prefix += "scrub_"
    return {name: prefix + name for name in MARKS}


# --- JSON ------------------------------------------------------------------------------------


def json_lines(open_: Callable[[], Input], turn: Turn) -> Iterator[bytes]:
    """JSON Lines: a line that is no record, or longer than one may be, stays."""
    names = _json_names(open_, turn)
    file, limit = open_(), turn.build.max_record
    number, action = 0, b""  # a line that is about the next one, and goes with it
    for line, part in raw_lines(file.chunks, limit):
        bare = line.rstrip(b"\r\n")
        if ACTION.fullmatch(bare):
            number, action = number + 1, b"" if turn.mark == "attributes" else line
            continue
        if part != "whole" or not (bare.strip() or len(line) > limit):
            number += part == "first"
            yield line
            continue
        for record in records_on(bare):
            number += 1
            fate = turn.fate(file.place(number).path)
            if turn.mark == "attributes":
                yield _attributes(record, fate, turn)
            elif fate.kept or turn.mark:
                yield action + _json_record(record, fate, names, turn) + line[len(bare) :]
            action = b""


def json_values(open_: Callable[[], Input], turn: Turn) -> Iterator[bytes]:
    """A JSON file: a list of records, records one after the other, or answers that have them."""
    file = open_()
    chunks, is_lines = as_lines(file.chunks, turn.build)
    if is_lines:
        yield from json_lines(open_, turn)
        return
    names = _json_names(open_, turn)
    head = next(chunks, b"")
    listed = head.lstrip().startswith(b"[")
    between = b"[\n" if listed else b""
    for value in top_values(chain([head], chunks), turn.build):
        if value.within:
            data = _answer(value, file, names, turn)
        else:
            fate = turn.fate(next(value.places(file))[0].path)
            if not (fate.kept or turn.mark):
                continue
            data = _json_record(value.data or b"", fate, names, turn)
        yield between + data
        between = b",\n" if listed else b"\n"
    if listed:
        yield (between if between == b"[\n" else b"\n") + b"]"
    yield b"\n"


def _json_names(open_: Callable[[], Input], turn: Turn) -> dict[str, str]:
    """The names of the marks, beside every key of the file; none without marks."""
    if not turn.mark:
        return {}
    rest, keys = b"", set()
    for chunk in open_().chunks:
        data = rest + chunk
        keys |= {key for key in _KEY.findall(data) if key.endswith(tuple(_MARKS))}
        rest = data[-100:]
    return names_beside(key.decode("utf-8", "replace") for key in keys)


_MARKS = [name.encode() for name in MARKS]


def _attributes(data: bytes, fate: Fate, turn: Turn) -> bytes:
    """The line of Dolma's attributes of a document: spans of its text, each with a score."""
    try:
        record, _ = load(data, Decoder())
    except UnreadableError:
        record = {}
    key = turn.build.text_key(record)
    end = len(record[key]) if key else 0
    found = {"scrub__copy": 0.0 if fate.kept else 1.0}
    if not fate.kept:
        found[f"scrub__{fate.relation}"] = 1.0
    if fate.spin_score is not None:
        found["scrub__spin_score"] = fate.spin_score
    spans = {name: [[0, end, score]] for name, score in found.items()}
    line = {"id": record.get("id"), "attributes": spans}
    return orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)


def _json_record(data: bytes, fate: Fate, names: Mapping[str, str], turn: Turn) -> bytes:
    """The bytes of an object with its text replaced and the marks at its end."""
    if fate.text is not None:
        data = _with_text(data, fate.text, turn)
    bare = data.strip()
    if not names or not (bare[:1] == b"{" and bare[-1:] == b"}"):
        return data
    if fate is STAYS and not _is_object(bare):
        return data
    # In ASCII, so that it is the same in every encoding that a line may have.
    more = json.dumps({names[name]: getattr(fate, name) for name in MARKS})[1:-1].encode()
    head = bare[:-1].rstrip()
    return head + (b"" if head == b"{" else b", " if b'": ' in head else b",") + more + b"}"


def _is_object(data: bytes) -> bool:
    try:
        return isinstance(orjson.loads(data), dict)
    except orjson.JSONDecodeError:
        return False


def _with_text(data: bytes, text: str, turn: Turn) -> bytes:
    """The bytes of an object in which nothing but the value of its text is another."""
    try:
        record, _ = load(data, Decoder())
    except UnreadableError:
        return data
    key = turn.build.text_key(record)
    if key and record[key] == text:
        return data
    found = [
        match
        for match in re.finditer(re.escape(orjson.dumps(key)) + _STRING, data, re.DOTALL)
        if key and _value_of(match[1]) == record[key]
    ]
    if len(found) != 1:
        turn.texts_left += 1
        return data
    start, end = found[0].span(1)
    new = orjson.dumps(text)
    if found[0][1].isascii() or not is_utf8(data):
        new = json.dumps(text).encode()
    return data[:start] + new + data[end:]


def _value_of(data: bytes) -> str | None:
    try:
        value = load(b'{"":' + data + b"}", Decoder())[0][""]
    except UnreadableError:
        return None
    return value if isinstance(value, str) else None


def _answer(value: Value, file: Input, names: Mapping[str, str], turn: Turn) -> bytes:
    """The bytes of a value within which records stand, without those that go.

    Where it cannot be written again as it was, all of it stays.
    """
    data, gone, changed = value.data or b"", set(), False
    fates = [(turn.fate(place.path), record) for place, record in value.places(file)]
    try:
        if json.loads(data) != value.record:  # numbers that only text can hold
            return data
    except ValueError:
        return data
    for fate, record in fates:
        if not (fate.kept or turn.mark):
            gone.add(id(record))
            continue
        key = turn.build.text_key(record) if fate.text is not None else ""
        if key and record[key] != fate.text:
            record[key], changed = fate.text, True
        if turn.mark and isinstance(record, dict):
            record |= {names[name]: getattr(fate, name) for name in MARKS}
            changed = True
    if not (gone or changed):
        return data
    form = orjson.OPT_INDENT_2 if b"\n" in data else 0
    return orjson.dumps(_without(value.record, gone), option=form)


def _without(value: Any, gone: set[int]) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {key: _without(item, gone) for key, item in value.items() if id(item) not in gone}
    if isinstance(value, list):
        return [_without(item, gone) for item in value if id(item) not in gone]
    return value


# --- tables ----------------------------------------------------------------------------------


def table(open_: Callable[[], Input], turn: Turn, delimiter: str = "") -> Iterator[bytes]:
    """A table: rows as they stand, with their quotation marks, delimiters and line ends."""
    file = open_()
    chunks, returns = with_newlines(file.chunks)
    pieces = _table(file, chunks, turn, delimiter)
    yield from (piece.replace(b"\n", b"\r") for piece in pieces) if returns else pieces


def _table(file: Input, chunks: Iterator[bytes], turn: Turn, delimiter: str) -> Iterator[bytes]:
    tape = _Tape(raw_lines(chunks, turn.build.max_record), turn.build.max_record)
    read = open_table(tape, turn.build, delimiter)
    names = names_beside(read.columns) if turn.mark else {}
    head = tape.before(read.header + 1)
    yield _with_cells(head, list(names.values()), read) if names and read.header else head
    number, last = 0, None
    for row in chain(read.rows, [None]):
        raw = tape.before(row.line if row else None)
        if last is None:
            yield raw
        else:
            number += 1
            fate = turn.fate(file.place(number).path)
            if fate.kept or turn.mark:
                yield _table_row(raw, last, fate, read, names, turn)
        last = row


def _table_row(
    raw: bytes, row: Row, fate: Fate, read: Table, names: Mapping[str, str], turn: Turn
) -> bytes:
    """The bytes of a row with its text replaced and the marks at its end."""
    fields, width = row.fields, len(read.columns)
    if isinstance(fields, UnreadableError) or len(fields) > width:
        return raw  # one that is no row of this table
    encoding = str((row.note or {}).get("encoding", "utf-8")).partition("+")[0]
    if fate.text is not None:
        by_name = dict(zip(read.columns, fields, strict=False))
        key = turn.build.text_key(by_name)
        if not key:
            turn.texts_left += 1
        elif by_name[key] != fate.text:
            at = len(read.columns) - 1 - read.columns[::-1].index(key)
            fields = [*fields[:at], fate.text, *fields[at + 1 :]]
            bare = raw.rstrip(b"\r\n")
            line = _cells(fields, read, bare).encode(encoding, "xmlcharrefreplace")
            raw = line + raw[len(bare) :]
    if not names:
        return raw
    cells: list[str] = [""] * (width - len(fields))
    for name in MARKS:
        value = getattr(fate, name)
        text = str(value).lower() if isinstance(value, bool) else str(value)
        cells.append("" if value is None else text)
    return _with_cells(raw, cells, read, encoding)


def _with_cells(raw: bytes, cells: list[str], read: Table, encoding: str = "utf-8") -> bytes:
    """A row with more cells at its end, written as the row is."""
    bare = raw.rstrip(b"\r\n")
    more = read.delimiter + _cells(cells, read, bare)
    return bare + more.encode(encoding, "xmlcharrefreplace") + raw[len(bare) :]


def _cells(cells: list[str], read: Table, like: bytes) -> str:
    """Cells as CSV, all quoted where those of the row `like` seem to be."""
    quote = read.quote.encode()
    between = quote + read.delimiter.encode() + quote
    everything = like[:1] == like[-1:] == quote and between in like
    line = io.StringIO(newline="")
    quoting: Literal[0, 1] = csv.QUOTE_ALL if everything else csv.QUOTE_MINIMAL
    writer = csv.writer(
        line, delimiter=read.delimiter, quotechar=read.quote, lineterminator="", quoting=quoting
    )
    writer.writerow(cells)
    return line.getvalue()


class _Tape:
    """Lines for a reader, of which the bytes are kept until they are asked for."""

    def __init__(self, pieces: Iterator[tuple[bytes, str]], limit: float) -> None:
        self._pieces, self._limit = pieces, limit
        self._kept: deque[bytes] = deque()
        self._first = 1  # the number of the line that is kept first

    def __iter__(self) -> Iterator[bytes | None]:
        """Each line without its end; None for one past the limit."""
        for line, part in self._pieces:
            if part == "more":
                self._kept[-1] += line
                continue
            self._kept.append(line)
            bare = line.removesuffix(b"\n")
            yield bare if part == "whole" and len(bare) <= self._limit else None

    def before(self, number: int | None) -> bytes:
        """The bytes of the lines before that number, each line once; of all with None."""
        lines = []
        while self._kept and (number is None or self._first < number):
            lines.append(self._kept.popleft())
            self._first += 1
        return b"".join(lines)


def raw_lines(chunks: Iterable[bytes], limit: float) -> Iterator[tuple[bytes, str]]:
    """Lines with their ends, each `whole`; of one past `limit` bytes pieces: `first`, then `more`.

    >>> list(raw_lines([b"a\\nlong", b"er\\n"], 3))
    [(b'a\\n', 'whole'), (b'long', 'first'), (b'er\\n', 'more')]
    """
    rest, given = b"", False  # given: the line that `rest` belongs to has begun
    for chunk in chunks:
        *ended, rest = (rest + chunk).split(b"\n")
        for line in ended:
            yield line + b"\n", "more" if given else "whole"
            given = False
        if len(rest) > limit:
            yield rest, "more" if given else "first"
            rest, given = b"", True
    if rest:
        yield rest, "more" if given else "whole"
