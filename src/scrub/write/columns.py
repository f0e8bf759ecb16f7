"""Rows of Parquet, Arrow, Feather and ORC once more: schema, metadata and groups stay."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from scrub.read.parquet import open_columns, plain
from scrub.read.stream import Input, whole
from scrub.write.records import MARKS, Fate, Turn, names_beside

_GROUP = 1 << 28  # bytes of a row group that are held; a larger one is written as several.  By hand
_ROWS = 1000  # decoded at once


class _Columns(NamedTuple):
    """A file of columns: its schema, its groups of rows, and what writes groups into one like it.

    The writer is a context that gives a function, which takes a table of a few rows.
    """

    schema: Any
    groups: Iterator[Iterable[Any]]
    writer: Callable[[_Sink, Any], AbstractContextManager[Callable[[Any], None]]]


def columns(open_: Callable[[], Input], turn: Turn) -> Iterator[bytes]:
    """The file with the rows that stay, in the row groups or batches in which they stand."""
    import pyarrow as pa

    file = open_()
    source = file.path or io.BytesIO(whole(file.chunks, turn.build.max_expanded))
    with _opened(source) as table:
        schema = table.schema
        names = names_beside(schema.names) if turn.mark else {}
        types = {"kept": pa.bool_(), "spin_score": pa.float64()}
        for name, column in names.items():
            schema = schema.append(pa.field(column, types.get(name, pa.string())))
        number, sink = 0, _Sink()
        with table.writer(sink, schema) as write:
            for group in table.groups:
                held: list[Any] = []
                size = 0
                for batch in group:
                    fates = [
                        turn.fate(file.place(number + n).path) for n in range(1, len(batch) + 1)
                    ]
                    number += len(batch)
                    batch = _with_texts(batch, fates, turn)
                    if names:
                        held.append(_with_marks(batch, fates, schema))
                    else:
                        held += _kept(batch, fates)
                    size += batch.nbytes
                    if size >= _GROUP:
                        _write(write, held, schema)
                        yield sink.taken()
                        held, size = [], 0
                _write(write, held, schema)
                yield sink.taken()
        yield sink.taken()


@contextmanager
def _opened(source: str | io.BytesIO) -> Iterator[_Columns]:
    from pyarrow import ipc, orc, parquet

    with open_columns(source, _ROWS) as (table, groups):
        if isinstance(table, parquet.ParquetFile):
            yield _Columns(table.schema_arrow, groups, partial(_parquet, table))
        elif isinstance(table, orc.ORCFile):
            yield _Columns(table.schema, groups, partial(_orc, table.compression))
        elif isinstance(table, ipc.RecordBatchFileReader):
            size = (
                Path(source).stat().st_size if isinstance(source, str) else len(source.getbuffer())
            )
            writer = partial(_ipc, ipc.new_file, _codec_of(table, size))
            yield _Columns(table.schema, groups, writer)
        else:
            yield _Columns(table.schema, groups, partial(_ipc, ipc.new_stream, None))


@contextmanager
def _parquet(table: Any, sink: _Sink, schema: Any) -> Iterator[Callable[[Any], None]]:  # noqa: ANN401
    import pyarrow.parquet as pq

    with pq.ParquetWriter(sink, schema, **_options(table)) as writer:
        yield lambda rows: writer.write_table(rows, row_group_size=rows.num_rows)


@contextmanager
def _orc(codec: str, sink: _Sink, schema: Any) -> Iterator[Callable[[Any], None]]:  # noqa: ANN401
    from pyarrow import orc

    with orc.ORCWriter(sink, compression=codec) as writer:
        yield writer.write


@contextmanager
def _ipc(
    make: Callable[..., Any],
    codec: str | None,
    sink: _Sink,
    schema: Any,  # noqa: ANN401
) -> Iterator[Callable[[Any], None]]:
    from pyarrow import ipc

    with make(sink, schema, options=ipc.IpcWriteOptions(compression=codec)) as writer:
        yield writer.write_table


def _codec_of(batches: Any, size: int) -> str | None:  # noqa: ANN401 - pyarrow
    """Feather's own compression where the content is more than the file: none says its own."""
    content = sum(batches.get_batch(n).nbytes for n in range(batches.num_record_batches))
    return "lz4" if content > size else None


def _kept(batch: Any, fates: list[Fate]) -> Iterator[Any]:  # noqa: ANN401 - pyarrow
    """The rows that stay, run by run: a slice is had of every type, a filter not of string_view."""
    start = 0
    for kept, run in groupby(fates, key=lambda fate: fate.kept):
        length = len(list(run))
        if kept:
            yield batch.slice(start, length)
        start += length


def _options(table: Any) -> dict[str, Any]:  # noqa: ANN401 - pyarrow has no types
    """How a Parquet file was written, for one like it: compression, dictionaries, timestamps."""
    about = table.metadata
    columns = [
        about.row_group(0).column(n)
        for n in range(about.num_columns if about.num_row_groups else 0)
    ]
    codecs = {c.path_in_schema: c.compression.replace("UNCOMPRESSED", "NONE") for c in columns}
    coded = [c.path_in_schema for c in columns if c.has_dictionary_page]
    return {
        "compression": codecs or "snappy",
        "use_dictionary": coded or not columns,
        "version": about.format_version,
        "store_schema": b"ARROW:schema" in (about.metadata or {}),
        "use_deprecated_int96_timestamps": any(c.physical_type == "INT96" for c in columns),
    }


def _write(write: Callable[[Any], None], batches: list[Any], schema: Any) -> None:  # noqa: ANN401
    import pyarrow as pa

    rows = pa.Table.from_batches(batches, schema)
    if rows.num_rows:
        write(rows)


def _with_texts(batch: Any, fates: list[Fate], turn: Turn) -> Any:  # noqa: ANN401 - pyarrow
    """The rows with the texts that some are to have instead."""
    import pyarrow as pa

    wanted = {row: fate.text for row, fate in enumerate(fates) if fate.text is not None}
    if not wanted:
        return batch
    made: dict[str, list[Any]] = {}
    for row, text in wanted.items():
        fields = plain(batch.slice(row, 1).to_pylist()[0])
        key = turn.build.text_key(fields)
        if not key:
            turn.texts_left += 1
        elif fields[key] != text:
            made.setdefault(key, batch.column(key).to_pylist())[row] = text
    for key, values in made.items():
        at = batch.schema.get_field_index(key)
        batch = batch.set_column(
            at, batch.schema.field(at), pa.array(values, batch.schema.field(at).type)
        )
    return batch


def _with_marks(batch: Any, fates: list[Fate], schema: Any) -> Any:  # noqa: ANN401 - pyarrow
    import pyarrow as pa

    first = len(batch.schema)
    more = [
        pa.array([getattr(fate, name) for fate in fates], schema.field(first + n).type)
        for n, name in enumerate(MARKS)
    ]
    return pa.RecordBatch.from_arrays([*batch.columns, *more], schema=schema)


class _Sink(io.RawIOBase):
    """A file that is taken away in pieces while it is written."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:  # noqa: ANN401 - any buffer
        self._parts.append(bytes(data))
        return len(self._parts[-1])

    def taken(self) -> bytes:
        """What was written since the last time."""
        data = b"".join(self._parts)
        self._parts.clear()
        return data
