"""Parquet, row by row (needs the `parquet` extra)."""

from __future__ import annotations

import io
import math
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrub.distribution import install
from scrub.read.stream import Meter, UnreadableError, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrub.read.record import Builder, Result
    from scrub.read.stream import Input

_ROWS = 16  # decoded at once: a few bytes can stand for as many values of any length


def read_parquet(file: Input, build: Builder) -> Iterator[Result]:
    """One document for each row.  Raises UnreadableError where the file is no Parquet."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise UnreadableError(
            "missing-part", f"Parquet needs pyarrow: {install('parquet')}"
        ) from None
    number = 0
    try:
        # A compressed Parquet file is rare and small: its own pages are compressed already.
        source = file.path or io.BytesIO(whole(file.chunks, build.max_expanded))
        meter = Meter.of(build._settings)
        meter.taken = (
            Path(source).stat().st_size if isinstance(source, str) else len(source.getvalue())
        )
        with pq.ParquetFile(source) as table:
            groups = (table.metadata.row_group(n) for n in range(table.num_row_groups))
            _within(meter, sum(group.total_byte_size for group in groups))
            for batch in table.iter_batches(batch_size=_ROWS):
                meter.add(batch.nbytes)
                for row in batch.to_pylist():
                    number += 1
                    place = file.place(number)
                    try:
                        yield build.record(plain(row), place)
                    except UnreadableError as error:
                        yield place.reject(error)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise UnreadableError("damaged", f"not a sound Parquet file: {error}") from None


def _within(meter: Meter, size: int) -> None:
    """Raise UnreadableError where so many bytes are more than the meter allows."""
    replace(meter).add(size)


def plain(value: Any) -> Any:  # noqa: ANN401 - any value of a column
    """A value as JSON can hold it: dates in ISO 8601, bytes as text, NaN as null."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)
