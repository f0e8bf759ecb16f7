"""CSV and TSV, with a header row or none, quoted (RFC 4180, leniently) or not quoted at all.

What parts the fields is what the header has most of, where the header names a text; else that which
parts most of the first rows into equally many.  Fields may be quoted by apostrophes, as R and
pandas can be told to: apostrophes and quotation marks then change places before the rows are read,
and back in their fields.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import chain, islice, pairwise
from typing import NamedTuple

from scrub.process import allow_cells_of
from scrub.read.encoding import as_utf8
from scrub.read.fields import ENOUGH_WORDS, HTML, ID, TEXT, TITLE, longest_prose, plain
from scrub.read.record import Builder, Result
from scrub.read.rows import UNQUOTED, Lines, Row, rows
from scrub.read.signs import ending_of
from scrub.read.stream import Input, UnreadableError, ahead, lines, peeked
from scrub.read.vertical import read_vertical

LOOKED_AT = 20  # rows of which one has to have a text where no column is called so
_HEAD = 1 << 16
# Words of a sentence that names no column, by hand: the questions of forms are longer.
_SENTENCE = 8
_SHORT = 3  # words of a sentence that ends with a full stop, as no name of a column does; by hand
_BREAK = re.compile(r"(?<!\\)(?:\\r)?\\n")
_BEHIND_SENTENCE = re.compile(r"[.!?\"'”’»)。！？](?:\\r)?\\n")
_BREAKS = 2  # by hand: a path such as `C:\news` is none, and comes alone
# What spreadsheets write and want before the header: `sep=;`.
_SEPARATOR = re.compile(r'"?sep=(\\t|[^"])"?[,;\t]*', re.IGNORECASE)
_DELIMITERS = ",;|\t"
_SAMPLE = 200, 1 << 20  # lines and bytes that a dialect is looked for in
_NUMBERED = 5  # rows, by hand: that a comma in each of the texts looks so is not likely
_EVEN = 0.98  # by hand: a damaged row or two are no reason
_MARKS = "\"'"
_CHANGED = bytes.maketrans(b"\"'", b"'\"")  # of UTF-8 and what is like it, as ISO-2022 is not
_BACK = str.maketrans("\"'", "'\"")


def read_csv(file: Input, build: Builder) -> Iterator[Result]:
    """One document for each row; of `, ; | tab` the header's commonest is the delimiter."""
    return _read(file, build, "")


def read_tsv(file: Input, build: Builder) -> Iterator[Result]:
    """One document for each row of tab-separated values, or of a corpus called so."""
    head, chunks = peeked(file.chunks, lambda head: len(head) >= _HEAD)
    file = Input(file.name, file.folder, chunks)
    return (
        read_vertical(file, build) if ending_of(head, "tsv") == "vert" else _read(file, build, "\t")
    )


class Table(NamedTuple):
    """A table: its columns, on which line they stand (0: on none), and its rows."""

    columns: list[str]
    header: int
    delimiter: str
    rows: Iterator[Row]
    quote: str = '"'


def open_table(
    lines: Iterable[bytes | None], build: Builder, delimiter: str = "", *, headed: bool = False
) -> Table:
    """The table in some lines; without a delimiter it is looked for among `, ; | tab`.

    Where no text is named and the first row holds one, it is no header (unless the table has to be
    `headed`), and the text is the longest column of that row.  Raises UnreadableError where there
    is none.
    """
    found, rest = ahead(iter(lines), _is_sample)
    known = [line for line in found if line is not None]
    delimiter, quote = _dialect(known, build, delimiter)
    if known and delimiter and _lacks_a_name(known, delimiter, quote):
        found[found.index(known[0])] = delimiter.encode() + known[0]
    lines = chain(found, rest)
    if quote != '"':
        changed = (line and line.translate(_CHANGED) for line in lines)
        table = _open(Lines(changed), build, delimiter, headed=headed)
        columns = [column.translate(_BACK) for column in table.columns]
        return Table(columns, table.header, delimiter, map(_changed_back, table.rows), quote)
    return _open(Lines(lines), build, delimiter, headed=headed)


def _is_sample(found: list[bytes | None]) -> bool:
    """Whether lines are as many as a dialect is looked for in."""
    ended = len(found) == _SAMPLE[0] or (bool(found) and found[-1] is None)
    return ended or sum(map(len, filter(None, found))) > _SAMPLE[1]


def _dialect(head: list[bytes], build: Builder, delimiter: str) -> tuple[str, str]:
    """What parts the fields of a table that begins with these lines, and what quotes them."""
    texts = [line.decode(errors="replace") + "\n" for line in head]
    header = next((text for text in texts if text.strip()), "")
    if _SEPARATOR.fullmatch(header.strip()) or any(b"\x1b" in line for line in head):
        return delimiter, '"'
    likely = sorted(_DELIMITERS, key=lambda mark: -header.count(mark))
    with suppress(csv.Error):
        if delimiter or build.has_text(next(csv.reader([header], delimiter=likely[0]), [])):
            likely = [delimiter or likely[0]]
    found = [_evenness(texts, mark, quote) for mark in likely for quote in _MARKS]
    best = max(range(len(found)), key=found.__getitem__)
    return likely[best // 2], _MARKS[best % 2]


def _evenness(texts: list[str], delimiter: str, quote: str) -> tuple[float, bool]:
    """The share of rows with as many fields as most have, more than one, and whether apostrophes
    begin and end fields in half of them.  Fewer count where all is even by them alone."""
    try:
        rows = list(filter(None, csv.reader(texts, delimiter=delimiter, quotechar=quote)))
    except csv.Error:
        return 0, False
    width, count = Counter(map(len, rows)).most_common(1)[0] if rows else (0, 0)
    share = count / len(rows) if width > 1 else 0
    if quote == '"':
        return share, False
    at = re.escape(delimiter)
    begun = sum(bool(re.search(f"(?:^|{at}){quote}", text)) for text in texts)
    ended = sum(bool(re.search(f"{quote}(?:{at}|\\r?$)", text)) for text in texts)
    if 2 * min(begun, ended) >= len(rows):
        return share, True
    even = share >= _EVEN and min(begun, ended) > 0 and delimiter not in UNQUOTED
    return (share if even else 0), False


def _lacks_a_name(head: list[bytes], delimiter: str, quote: str) -> bool:
    """Whether a header names all columns but the first, which numbers the rows: R writes that."""
    texts = (line.decode(errors="replace") + "\n" for line in head)
    table = csv.reader(texts, delimiter=delimiter, quotechar=quote)
    try:
        names, rows = next(table, []), list(islice(filter(None, table), _NUMBERED))
    except (csv.Error, ValueError):
        return False
    numbers = [int(row[0]) for row in rows if row[0].isdecimal()]
    return (
        len(numbers) == len(rows) == _NUMBERED
        and len(names) > 1
        and plain(names[0]) not in ID
        and all(len(row) == len(names) + 1 for row in rows)
        and any(row[-1] for row in rows)  # else each row ends in a delimiter
        and all(one < other for one, other in pairwise(numbers))
    )


def _changed_back(row: Row) -> Row:
    if isinstance(row.fields, UnreadableError):
        return row
    return replace(row, fields=[field.translate(_BACK) for field in row.fields])


def _open(source: Lines, build: Builder, delimiter: str, *, headed: bool) -> Table:
    header, number = "", 0
    for line in source:
        header, number = line.strip("\r\n"), number + 1
        if named := _SEPARATOR.fullmatch(header):
            delimiter = "\t" if named[1] == "\\t" else named[1]
        elif header.strip():
            break
        source.next_row()
    delimiter = delimiter or max(_DELIMITERS, key=header.count)
    allow_cells_of(int(build.max_record))  # `lines` bounds what a row can be
    try:
        columns = next(csv.reader([header], delimiter=delimiter), [])
    except csv.Error as error:  # a lone carriage return within it
        raise UnreadableError("bad-row", f"the header: {error}") from error
    is_named = not {*TEXT, *HTML, *TITLE}.isdisjoint(map(plain, columns))
    is_numbered = not is_named and columns[:1] and columns[0].isdecimal()
    is_numbered = is_numbered and _has_prose(columns, _SHORT)
    if columns and (is_numbered or not build.has_text(columns)):
        is_prose = _has_prose(columns)
        may_lack = not (headed or build.settings.text_field) and len(columns) > 1
        if is_headless := may_lack and bool(is_numbered or is_prose):
            source.put_back()
            number = 0
        found = rows(source, delimiter, len(columns))
        first = list(islice(found, LOOKED_AT))
        sound = [row.fields for row in first if isinstance(row.fields, list)]
        if is_headless and sound:
            columns = [f"column_{at}" for at in range(1, len(sound[0]) + 1)]
        few = 4 if is_headless else _SENTENCE  # a corpus of sentences may sort them
        with_text = [] if headed else named_by_rows(columns, sound, build, few)
        if is_headless and is_prose and sound and not with_text:
            longest = max(range(len(columns)), key=lambda at: len(sound[0][at].split()))
            with_text = [*columns[:longest], "text", *columns[longest + 1 :]]
        if with_text:
            return Table(with_text, number, delimiter, chain(first, found))
        raise UnreadableError("no-text-field", f"{build.remedy}; the header is: {header[:300]}")
    found = rows(source, delimiter, len(columns)) if columns else iter(())
    return Table(columns, number, delimiter, found)


def named_by_rows(
    columns: list[str], rows: Iterable[Sequence[object]], build: Builder, few: int = _SENTENCE
) -> list[str]:
    """The columns, one of them called `text` that holds the prose of most rows; none without.

    Where no row has prose, the sentences of a `few` words that most rows have are it: a feed of
    short notices.
    """
    likely = [] if build.settings.text_field else [c for c in columns if plain(c) not in TITLE]
    records = [dict(zip(columns, row, strict=False)) for row in rows]
    found = Counter(longest_prose(record, likely)[0] for record in records)
    del found[""]
    if not found:
        found = Counter(longest_prose(record, likely, few)[0] for record in records)
        found = Counter({key: n for key, n in found.items() if key and 2 * n > len(records)})
    best = max(found, key=lambda name: found[name], default="")
    return [("text" if name == best else name) for name in columns] if best else []


def _has_prose(cells: list[str], few: int = _SENTENCE) -> bool:
    """Whether a cell is prose, as no name of a column is: a sentence, or many words."""
    return any(
        len(words := cell.split()) >= ENOUGH_WORDS
        or (len(words) >= few and cell.rstrip("\"'”’ ").endswith("."))
        for cell in cells
    )


def _with_breaks(cell: str) -> str:
    """A cell with its line breaks, which databases write as `\\n`: where none is there, and two."""
    if "\\n" not in cell or "\n" in cell or len(_BEHIND_SENTENCE.findall(cell)) < _BREAKS:
        return cell
    return _BREAK.sub("\n", cell)


def with_newlines(chunks: Iterator[bytes]) -> tuple[Iterator[bytes], bool]:
    """The same; where the header ends with a carriage return alone, as old Mac programs wrote it,
    each of them made a newline.  Says whether that was so."""
    head, chunks = peeked(chunks, lambda head: len(head) >= _HEAD)
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
            if any(row.fields[len(columns) :]):  # a row may end in delimiters
                raise UnreadableError(
                    "bad-row", f"{len(row.fields)} fields where the header has {len(columns)}"
                )
            fields = dict(zip(columns, map(_with_breaks, row.fields), strict=False))
            yield build.record(fields, place, note | row.note if row.note else note)
        except UnreadableError as error:
            yield place.reject(error)
