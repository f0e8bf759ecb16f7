"""Spreadsheets whose first row names the columns: one document for each row of each sheet."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import IO, Any

from scrub.read.apart import rows_apart
from scrub.read.parquet import plain
from scrub.read.record import Builder, Result
from scrub.read.stream import Input, Meter, UnreadableError
from scrub.read.tables import LOOKED_AT, named_by_rows


def read_sheets(file: Input, build: Builder) -> Iterator[Result]:
    """The rows of every sheet that has a text column; of the others, why not.

    Raises UnreadableError.
    """
    return rows_apart("sheets", file, build)


def rows(
    source: str | IO[bytes], size: int, build: Builder
) -> Iterator[dict[str, Any] | UnreadableError]:
    """The same of a file of `size` bytes as records, by python-calamine."""
    from python_calamine import CalamineError, CalamineWorkbook

    meter = Meter.of(build.settings)
    meter.taken = size
    try:
        if zipfile.is_zipfile(source):
            # What is unpacked at once is first asked of the archive; the library keeps to it.
            with zipfile.ZipFile(source) as archive:
                meter.require(sum(info.file_size for info in archive.infolist()))
        if not isinstance(source, str):
            source.seek(0)
        book = CalamineWorkbook.from_object(source)
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            yield from _records(name, sheet.iter_rows(), build, meter)
    except (CalamineError, zipfile.BadZipFile, ValueError, OSError) as error:
        raise UnreadableError("damaged", f"not a sound spreadsheet: {error}"[:300]) from None


def _records(
    name: str, found: Iterable[list[Any]], build: Builder, meter: Meter
) -> Iterator[dict[str, Any] | UnreadableError]:
    """The records of one sheet; rows that are said to repeat take what they hold each time."""
    filled: Iterator[list[Any]] = (row for row in found if any(cell != "" for cell in row))
    header = [str(_whole(cell)).strip() for cell in next(filled, [])]
    if not header:
        return
    if not build.has_text(header):
        first = list(islice(filled, LOOKED_AT))
        filled, header = chain(first, filled), named_by_rows(header, first, build) or header
    if not build.has_text(header):
        detail = f"sheet {name[:80]!r}: {build.remedy}; the header is: {', '.join(header)[:200]}"
        yield UnreadableError("no-text-field", detail)
        return
    for row in filled:
        meter.add(sum(len(cell) if isinstance(cell, str) else 8 for cell in row))
        yield {key: plain(_whole(cell)) for key, cell in zip(header, row, strict=False) if key}


def _whole(cell: object) -> object:
    """A number as it was typed: spreadsheets know no whole numbers."""
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell
