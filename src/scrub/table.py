"""Tables as CSV that scrub or a person wrote, and that a spreadsheet may have saved since."""

from __future__ import annotations

import csv
import re
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from scrub.errors import InputError
from scrub.process import allow_cells_of

# A cell that starts like this is a formula to a spreadsheet (CWE-1236).  A leading ' makes it
# text; cells that already look escaped get another ', so that one is taken off on the way back.
SUSPECT = frozenset("'=+-@\t\r")
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def escape(text: str) -> str:
    """A text as a spreadsheet-safe cell.

    >>> escape("=1+1"), escape("plain")
    ("'=1+1", 'plain')
    """
    return "'" + text if text[:1] in SUSPECT and _FORMULA.match(text) else text


def unescape(cell: str) -> str:
    """The text that `escape` made a cell of.

    >>> unescape("'=1+1"), unescape("plain")
    ('=1+1', 'plain')
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def table_rows(path: Path) -> Iterator[list[str]]:
    """The rows of a table, the header first, cells as they are written.

    A spreadsheet may have saved it: with a byte order mark, and semicolons or tabs for commas.
    Raises InputError where it cannot be read.
    """
    return _rows(path, None)


def _rows(path: Path, ids: Container[str] | None) -> Iterator[list[str]]:
    """`table_rows`, where ids are given and stand first of those only: others are not parsed."""
    allow_cells_of(1 << 30)  # an id may be long
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = file.readline()
            file.seek(0)
            mark = max(",;\t", key=header.count)
            lines: Iterable[str] = file
            if ids is not None and header.startswith(f"id{mark}"):
                lines = chain([file.readline()], _chosen(file, mark, ids))
            yield from filter(None, csv.reader(lines, delimiter=mark))
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None
    except (csv.Error, UnicodeDecodeError) as error:
        raise InputError(f"{path}: no CSV in UTF-8, save it as such: {error}") from None


def _chosen(lines: Iterable[str], mark: str, ids: Container[str]) -> Iterator[str]:
    """The lines of the records that may have one of the ids in their first cell."""
    is_open = chosen = False
    for line in lines:
        if not is_open:
            first = line.partition(mark)[0]
            chosen = '"' in first or unescape(first) in ids
        if chosen:
            yield line
        if '"' in line and line.count('"') % 2:  # a cell goes on in the next line, or ends here
            is_open = not is_open


def by_column(columns: Sequence[str], rows: Iterable[list[str]]) -> Iterator[dict[str, str]]:
    """The rows as texts by column, with the spreadsheet escape taken off.

    A spreadsheet may leave out the empty cells at the end of a row.
    """
    for row in rows:
        row += [""] * (len(columns) - len(row))
        yield dict(zip(columns, map(unescape, row)))  # noqa: B905 - cells beyond the header go


def load_table(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a table, as texts by column, with the spreadsheet escape taken off."""
    rows = table_rows(path)
    yield from by_column(next(rows, []), rows)


def rows_of(path: Path, ids: Container[str]) -> Iterator[dict[str, str]]:
    """Those of the rows of a table that have one of these `ids`; the others cost little."""
    rows = _rows(path, ids)
    columns = next(rows, [])
    if "id" in columns:
        at = columns.index("id")
        yield from by_column(columns, (r for r in rows if len(r) > at and unescape(r[at]) in ids))
