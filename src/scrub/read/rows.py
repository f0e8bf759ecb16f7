"""Rows of delimited tables out of their lines: quoted as RFC 4180 has it, or not quoted at all.

A quotation mark that begins a field and is closed as the standard has it quotes the field.  Where
it is not, it may be prose: the lines that the field would swallow are then looked at, and where
half of them are whole rows themselves, each is one.  In tables parted by tabs or bars, which often
know no quoting (IANA text/tab-separated-values), that goes for fields that are closed, too.
"""

from __future__ import annotations

import csv
import re
from collections import ChainMap, deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

from scrub.read.encoding import Decoder
from scrub.read.stream import UnreadableError

UNQUOTED = "\t|"
_LONGEST = 1 << 20  # bytes of a row that is parsed at once, set by hand; most have under 20,000


class Line(NamedTuple):
    """A decoded line of a table with its number, and what the decoder has to say of it."""

    number: int
    text: str
    note: dict[str, Any] | None = None
    problem: UnreadableError | None = None  # why it has no text


@dataclass(slots=True)
class Row:
    """The fields of a row, or why there are none, and the number of its first line."""

    line: int
    fields: list[str] | UnreadableError
    note: dict[str, Any] | None = None


class Lines:
    """Decoded lines, those of the present row kept, so that they can be read once more.

    One that cannot be decoded or is too long (None) raises UnreadableError; the next ones go on.
    """

    def __init__(self, lines: Iterator[bytes | None]) -> None:
        """`lines` come without their ends."""
        self._lines = enumerate(lines, 1)
        self._ahead: deque[tuple[int, bytes | None]] = deque()  # looked at, but not read
        self._decoder = Decoder()
        self._again: list[Line] = []
        self.kept: list[Line] = []

    def next_row(self) -> None:
        """Forget the lines of the row before."""
        self.kept = []

    def put_back(self, after: int = 0) -> None:
        """The lines of this row come again, but for the first `after`."""
        self._again += self.kept[after:][::-1]
        self.kept = self.kept[:after]

    def whole_row(self, delimiter: str) -> Row | None:
        """The next row, parsed at once; None where it has to be read line by line.

        It is UTF-8, and its lines are those to the next even number of quotation marks.
        """
        if self._again:
            return None
        taken: list[tuple[int, bytes | None]] = []
        size = marks = 0
        while size < _LONGEST:
            line = self._ahead.popleft() if self._ahead else next(self._lines, None)
            if line is None:
                break
            taken.append(line)
            if line[1] is None or not (marks % 2 or line[1].strip()):
                break
            size, marks = size + len(line[1]), marks + line[1].count(b'"')
            if marks % 2 == 0:
                if delimiter in UNQUOTED and len(taken) > 1:
                    break
                fields = _parsed(b"\n".join([data or b"" for _, data in taken]), delimiter)
                if fields is None:
                    break
                return Row(taken[0][0], fields)
        self._ahead.extendleft(reversed(taken))
        return None

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        if self._again:
            line = self._again.pop()
        else:
            line = self._decoded(*(self._ahead.popleft() if self._ahead else next(self._lines)))
        self.kept.append(line)
        if line.problem:
            raise line.problem
        return line.text

    def _decoded(self, number: int, data: bytes | None) -> Line:
        if data is None:
            problem = UnreadableError("too-large", "longer than read.max_record_mb")
            return Line(number, "", problem=problem)
        try:
            return Line(number, data.decode() + "\n")
        except UnicodeDecodeError:
            try:
                decoded = self._decoder.decode(data)
            except UnreadableError as error:
                return Line(number, "", problem=error)
            return Line(number, decoded.text + "\n", decoded.metadata())


def rows(lines: Lines, delimiter: str, width: int) -> Iterator[Row]:
    """Each row that is not blank; `width` is the number of the header's fields."""
    unquoted = delimiter in UNQUOTED
    strict = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.next_row()
        if plain := lines.whole_row(delimiter):
            yield plain
            continue
        problem: UnreadableError | None = None
        fields: list[str] = []
        try:
            fields = next(strict)
        except StopIteration:
            return
        except UnreadableError as error:
            problem = error
        except csv.Error as error:
            problem = UnreadableError("bad-row", str(error))
        kept = lines.kept
        suspect = problem is not None or (unquoted and width > 1)
        suspect = suspect and len(kept) > 1
        if suspect and _are_rows(kept, delimiter, width, open_=problem is not None):
            lines.put_back(1)
            yield from _by_line(kept[:1], delimiter)
        elif problem is None and not (fields and len(fields) != width and _has_escape(kept)):
            if fields:
                yield _row(kept, fields)
        elif unquoted:
            yield from _by_line(kept, delimiter)
        elif problem and kept[-1].problem:
            yield Row(kept[0].number, problem)
        else:
            yield _leniently(lines, delimiter, width)


def _parsed(data: bytes, delimiter: str) -> list[str] | None:
    """The fields of the bytes of one row; None where they are none, or not for certain one."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    if '"' not in text and "\r" not in text[:-1]:
        return text.removesuffix("\r").split(delimiter)
    try:
        found = list(csv.reader([text + "\n"], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return found[0] if len(found) == 1 else None


def _leniently(lines: Lines, delimiter: str, width: int) -> Row:
    """The next row once more, its quotation marks read as most programs read them.

    One within a field may be written with a backslash, as Spark and MySQL do, where that gives a
    row as wide as the header.
    """
    if _has_escape(lines.kept):
        lines.put_back()
        # As many lines as the field may have; the others are not looked at for every row anew.
        with suppress(csv.Error, StopIteration, UnreadableError):
            doubled = (_ESCAPED.sub(r'\1""', line) for line in islice(lines, _MORE))
            fields = next(csv.reader(doubled, delimiter=delimiter, strict=True))
            if len(fields) == width:
                return _row(lines.kept, fields)
    lines.put_back()
    try:
        fields = next(csv.reader(lines, delimiter=delimiter))
    except (csv.Error, StopIteration) as error:
        return Row(lines.kept[0].number, UnreadableError("bad-row", str(error)))
    except UnreadableError as error:
        return Row(lines.kept[0].number, error)
    if _is_open(lines.kept, delimiter):
        problem = "a quoted field is not closed before the file ends"
        return Row(lines.kept[0].number, UnreadableError("bad-row", problem))
    return _row(lines.kept, fields)


_MORE = 1000  # set by hand: an article has under 200 paragraphs
_ESCAPED = re.compile(r'(?<!\\)((?:\\\\)*)\\"')


def _has_escape(kept: list[Line]) -> bool:
    return any('\\"' in line.text for line in kept)


def _is_open(kept: list[Line], delimiter: str) -> bool:
    """Whether the last field of the lines is quoted and not closed."""
    try:
        list(csv.reader([line.text for line in kept], delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _are_rows(lines: list[Line], delimiter: str, width: int, *, open_: bool) -> bool:
    """Whether half of the lines after the first are rows, which begin as the first begins.

    Where the quoted field is closed in the end (not `open_`), the first has to be whole as well.
    """
    first, *others = [_fields(line.text, delimiter) for line in lines if line.text.strip()] or [[]]
    whole = sum(len(fields) == width and _form(fields) == _form(first) for fields in others)
    return (open_ or len(first) == width) and whole > 0 and 2 * whole >= len(others)


def _form(fields: list[str]) -> tuple[bool, bool]:
    """What separates the beginnings of rows from those of sentences: a number, words."""
    return fields[0].isdecimal(), " " in fields[0].strip()


def _by_line(lines: Iterable[Line], delimiter: str) -> Iterator[Row]:
    for line in lines:
        if line.problem:
            yield Row(line.number, line.problem)
        elif line.text.strip("\r\n"):
            yield Row(line.number, _fields(line.text, delimiter), line.note)


def _fields(line: str, delimiter: str) -> list[str]:
    """The fields of a line by itself; a quotation mark that quotes no field is prose."""
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration):
        return line.rstrip("\r\n").split(delimiter)


def _row(lines: list[Line], fields: list[str]) -> Row:
    notes = [line.note for line in lines if line.note]
    return Row(lines[0].number, fields, dict(ChainMap(*notes[::-1])) if notes else None)
