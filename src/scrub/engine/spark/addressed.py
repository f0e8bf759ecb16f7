"""Inputs that Spark opens: JSON Lines in splits, Parquet by row groups, other files whole.

The order of the rows, their names and their ids are those of the same files on a local disk.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import reduce
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - its usual name

from scrub.config import ReadSettings
from scrub.document import Rejection
from scrub.engine.spark.frames import Scratch, mapped
from scrub.engine.spark.hadoop import File, escaped
from scrub.engine.spark.reading import READ, RECORDS, as_tables, kept, with_unique_ids
from scrub.origin import listed
from scrub.read.jsonl import read_lines
from scrub.read.parquet import plain
from scrub.read.reader import Reader, extracted, split_name, top
from scrub.read.record import Builder, Result
from scrub.read.stream import Input, UnreadableError
from scrub.read.walk import Entry

# What Hadoop's text reader expands by the ending of a name.
_EXPANDED: tuple[list[str], ...] = ([], ["gz"], ["bz2"])
_WHOLE = (1 << 31) - 1024  # bytes of a file that is one value of a column
_Files = dict[str, tuple[int, str]]  # by their addresses: their places among all, and their names
# Rows of one file, or of one split of it, are together and in order.
_FILE, _SPLIT = "_metadata.file_path", "_metadata.file_block_start"


def read(scratch: Scratch, files: list[File], settings: ReadSettings) -> DataFrame:
    """All that can be read, and what cannot, with the columns of READ; see reading.read."""
    kinds: dict[str, list[int]] = {"lines": [], "rows": [], "whole": [], "too large": []}
    for rank, file in enumerate(files):
        kinds[_kind(file)].append(rank)
    too_large = "more than 2 GB, and neither JSON Lines nor Parquet"
    frames, rejected = [], [(rank, "too-large", too_large) for rank in kinds["too large"]]
    readers = {"lines": _lines, "rows": _rows, "whole": _whole}
    for kind, reader in readers.items():
        if ranks := kinds[kind]:
            given = {files[rank].path: (rank, files[rank].name) for rank in ranks}
            frame, empty = reader(scratch, given, settings)
            frames.append(frame)
            rejected += [(rank, "empty", "no records") for rank in empty]
    if rejected:
        tables = [
            next(as_tables([Rejection(name, name, reason, detail)], rank << RECORDS))
            for rank, reason, detail in rejected
            for name in (files[rank].name,)
        ]
        frames.append(scratch.spark.createDataFrame(pa.concat_tables(tables), READ))
    found = reduce(DataFrame.unionByName, frames)
    return with_unique_ids(scratch, kept(scratch, found, found.rdd.getNumPartitions()))


def input_record(files: list[File]) -> dict[str, Any]:
    """The files as scrub.origin.input_record has them, but known by size and time.

    To digest them would be to read all of them once more.
    """
    rows = [
        {
            "path": file.name,
            "bytes": file.size,
            "modified": datetime.fromtimestamp(file.modified / 1000, UTC).isoformat(),
        }
        for file in files
    ]
    return listed(rows, ("modified", "bytes", "path"))


def _kind(file: File) -> str:
    kind, compressions = split_name(file.name)
    if kind in ("jsonl", "ndjson", "jl") and compressions in _EXPANDED:
        return "lines"
    if kind == "parquet" and not compressions:
        return "rows"
    return "whole" if file.size < _WHOLE else "too large"


def _lines(scratch: Scratch, given: _Files, settings: ReadSettings) -> tuple[DataFrame, list[int]]:
    """JSON Lines in UTF-8: a split of a file knows how many lines and records come before it."""
    text = scratch.spark.read.option("lineSep", "\n").text([escaped(path) for path in given])
    text = text.select("value", F.col(_FILE).alias("file"), F.col(_SPLIT).alias("split"))
    full = F.col("value").rlike(r"[^ \t\r\n\x0b\x0c]")
    counts = text.groupBy("file", "split").agg(F.count("*").alias("n"), F.count_if(full).alias("m"))
    before: dict[tuple[str, int], tuple[int, int]] = {}
    totals: dict[str, tuple[int, int]] = {}
    for row in sorted(counts.collect(), key=lambda row: (row.file, row.split)):
        lines, records = before[row.file, row.split] = totals.get(row.file, (0, 0))
        totals[row.file] = (lines + row.n, records + row.m)
    shared = scratch.shared((given, before))

    def read_splits(tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
        build = Builder(settings)
        given, before = shared.value
        for (file, split), rows in groupby(_values(tables), key=lambda row: row[:2]):
            rank, name = given[unquote(file)]
            lines, records = before[file, split]
            found = read_lines(
                (line if len(line) <= build.max_record else None for *_, line in rows),
                _input(name), build, before=(lines, records),
            )  # fmt: skip
            done = extracted(found, settings, 1)
            yield from as_tables(done, (rank << RECORDS) + records)

    columns = text.select("file", "split", F.col("value").cast("binary"))
    found = {file: records for file, (_, records) in totals.items()}
    return mapped(columns, read_splits, READ), _without(given, found)


def _rows(scratch: Scratch, given: _Files, settings: ReadSettings) -> tuple[DataFrame, list[int]]:
    """Parquet; a column that a file lacks is a field that its rows lack."""
    reader = scratch.spark.read.option("mergeSchema", "true")
    rows = reader.parquet(*(escaped(path) for path in given)).select(
        F.col(_FILE).alias("file"),
        F.col("_metadata.row_index").alias("index"),
        F.struct("*").alias("fields"),
    )
    counts = {row.file: row["count"] for row in rows.groupBy("file").count().collect()}
    shared = scratch.shared(given)

    def read_rows(tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
        build = Builder(settings)
        for table in tables:
            whole = zip(*(table[n].to_pylist() for n in ("file", "index", "fields")), strict=True)
            for file, group in groupby(whole, key=lambda row: row[0]):
                rank, name = shared.value[unquote(file)]
                numbered = [(index, fields) for _, index, fields in group]
                found = _records(numbered, _input(name), build)
                # Row groups of one file follow one another, but not always without a gap.
                for (index, _), result in zip(numbered, extracted(found, settings, 1), strict=True):
                    yield from as_tables([result], (rank << RECORDS) + index)

    return mapped(rows, read_rows, READ), _without(given, counts)


def _records(
    rows: list[tuple[int, dict[str, Any]]], source: Input, build: Builder
) -> Iterator[Result]:
    for index, fields in rows:
        place = source.place(index + 1)
        try:
            yield build.record(plain(fields), place)
        except UnreadableError as error:
            yield place.reject(error)


def _whole(scratch: Scratch, given: _Files, settings: ReadSettings) -> tuple[DataFrame, list[int]]:
    """Any other file goes through the reader that local files go through."""
    content = scratch.spark.read.format("binaryFile").load([escaped(path) for path in given])
    shared = scratch.shared(given)

    def read_files(tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
        for table in tables:
            for path, data in zip(table["file"].to_pylist(), table["content"], strict=True):
                rank, name = shared.value[unquote(path)]
                with tempfile.NamedTemporaryFile(prefix="scrub-") as copy:
                    Path(copy.name).write_bytes(data.as_buffer())
                    entry = Entry(copy.name, name, len(data.as_buffer()))
                    found = Reader([entry], settings, jobs=1).as_given()
                    yield from as_tables(found, rank << RECORDS)

    return mapped(content.select(F.col(_FILE).alias("file"), "content"), read_files, READ), []


def _values(tables: Iterator[pa.Table]) -> Iterator[tuple[str, int, bytes]]:
    for table in tables:
        columns = (table[name].to_pylist() for name in ("file", "split", "value"))
        yield from zip(*columns, strict=True)


def _input(name: str) -> Input:
    return Input(name, top(name), iter(()))


def _without(given: _Files, records: dict[str, int]) -> list[int]:
    """The ranks of the files that have no record."""
    full = {unquote(file) for file, number in records.items() if number}
    return [rank for path, (rank, _) in given.items() if path not in full]
