"""Parquet, Arrow and Feather, and ORC, row by row (needs the `parquet` extra)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time
from functools import partial
from itertools import chain
from typing import IO, Any

from scrub.distribution import install
from scrub.read.apart import rows_apart
from scrub.read.record import Builder, Result
from scrub.read.stream import Input, Meter, UnreadableError

_ROWS = 16  # decoded at once: a few bytes can stand for as many values of any length
_ROW = 64  # bytes that a row of nothing counts, by hand: what it costs as an answer and a rejection


def read_parquet(file: Input, build: Builder) -> Iterator[Result]:
    """One document for each row.  Raises UnreadableError where the file is no Parquet."""
    return rows_apart("parquet", file, build)


def rows(source: str | IO[bytes], size: int, build: Builder) -> Iterator[dict[str, Any]]:
    """The rows of a file of `size` bytes, as JSON can hold them.  Raises UnreadableError."""
    try:
        import pyarrow as pa
    except ImportError:
        raise UnreadableError(
            "missing-part", f"Parquet needs pyarrow: {install('parquet')}"
        ) from None
    meter = Meter.of(build.settings)
    meter.taken = size
    try:
        with open_columns(source, _ROWS) as (table, groups):
            if isinstance(table, pa.parquet.ParquetFile):
                row_groups = (table.metadata.row_group(n) for n in range(table.num_row_groups))
                meter.require(sum(group.total_byte_size for group in row_groups))
            for whole in chain.from_iterable(groups):
                for at in range(0, whole.num_rows, _ROWS):
                    batch = whole.slice(at, _ROWS)
                    meter.add(batch.nbytes + _ROW * batch.num_rows)
                    yield from map(plain, batch.to_pylist())
    except (pa.ArrowException, OSError, ValueError) as error:
        what = f"not a sound Parquet, Arrow or ORC file: {error}"
        raise UnreadableError("damaged", what[:300]) from None


@contextmanager
def open_columns(source: str | IO[bytes], size: int) -> Iterator[tuple[Any, Iterator[Any]]]:
    """A file of columns, as the class that pyarrow has for what it begins with, and its rows.

    These are batches in groups as they stand in the file; those of Parquet have up to `size` rows.
    """
    import pyarrow as pa
    from pyarrow import orc, parquet

    with pa.PythonFile(source, "r") if not isinstance(source, str) else pa.OSFile(source) as file:
        magic = file.read(6)
        file.seek(0)
        table: Any
        if magic.startswith(b"PAR1"):
            with parquet.ParquetFile(file) as table:
                read = partial(table.iter_batches, size, use_threads=False)
                yield table, (read(row_groups=[n]) for n in range(table.num_row_groups))
        elif magic.startswith(b"ORC"):
            table = orc.ORCFile(file)
            yield table, ([table.read_stripe(n)] for n in range(table.nstripes))
        elif magic == b"ARROW1":
            table = pa.ipc.open_file(file)
            yield table, ([table.get_batch(n)] for n in range(table.num_record_batches))
        else:
            table = pa.ipc.open_stream(file)
            yield table, ([batch] for batch in table)


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
