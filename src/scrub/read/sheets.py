"""Spreadsheets whose first row names the columns: one document for each row of each sheet."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from scrub.read.office import opened
from scrub.read.parquet import plain
from scrub.read.stream import Input, Meter, UnreadableError, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrub.read.record import Builder, Result

_ZIP = b"PK\x03\x04"


def read_sheets(file: Input, build: Builder) -> Iterator[Result]:
    """The rows of every sheet that has a text column, by python-calamine; of the others, why not.

    Raises UnreadableError.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    data = whole(file.chunks, build.max_expanded)
    if data.startswith(_ZIP):
        # What a library unpacks at once is first asked of the archive, whose claims zipfile keeps.
        with opened(Input(file.name, file.folder, iter([data])), build) as archive:
            meter = Meter.of(build._settings)
            meter.taken = len(data)
            meter.add(sum(info.file_size for info in archive.infolist()))
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [(name, book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]
    except (CalamineError, ValueError, OSError) as error:
        raise UnreadableError("damaged", f"not a sound spreadsheet: {error}"[:300]) from None
    number = 0
    for name, rows in sheets:
        filled = (row for row in rows if any(cell != "" for cell in row))
        header = [str(_whole(cell)).strip() for cell in next(filled, [])]
        if not header:
            continue
        if not build.has_text(header):
            number += 1
            detail = (
                f"sheet {name[:80]!r}: {build.remedy}; the header is: {', '.join(header)[:200]}"
            )
            yield file.place(number).reject(UnreadableError("no-text-field", detail))
            continue
        for row in filled:
            number += 1
            place = file.place(number)
            cells = {
                key: plain(_whole(cell)) for key, cell in zip(header, row, strict=False) if key
            }
            try:
                yield build.record(cells, place)
            except UnreadableError as error:
                yield place.reject(error)


def _whole(cell: object) -> object:
    """A number as it was typed: spreadsheets know no whole numbers."""
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell
