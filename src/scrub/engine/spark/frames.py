"""DataFrames through plain functions over Arrow tables, and Parquet between the steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
from pyspark import Broadcast
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - its usual name

T = TypeVar("T")


class Scratch:
    """A folder for what the steps hand on, on a filesystem that every executor reaches.

    A step that is kept is computed once: without it Spark would compute it anew for every step
    that reads it, and the plan of an iteration would grow with each round.
    """

    def __init__(self, spark: SparkSession, folder: str) -> None:
        """`folder` is a path or URI that Spark can write; it need not exist."""
        self.spark = spark
        self.folder = folder

    def keep(self, frame: DataFrame, name: str) -> DataFrame:
        """Write the frame as Parquet, and read it from there."""
        path = f"{self.folder}/{name}"
        frame.write.mode("overwrite").parquet(path)
        return self.spark.read.schema(frame.schema).parquet(path)

    def shared(self, value: T) -> Broadcast[T]:
        """A value that every executor gets once."""
        return self.spark.sparkContext.broadcast(value)


def mapped(
    frame: DataFrame,
    function: Callable[[Iterator[pa.Table]], Iterable[pa.Table]],
    schema: str,
    *,
    by: str = "",
    then: tuple[str, ...] = (),
) -> DataFrame:
    """`function` of the tables of every partition, which has the columns of `schema`.

    Without `by` the tables are Arrow batches, as they come.  With it all rows of one value of that
    column are in one table, sorted by it and then by `then`; a table holds many such groups.
    """
    if by:
        frame = frame.repartition(by).sortWithinPartitions(by, *then)

    def run(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        tables = whole_groups(batches, by) if by else map(_table, batches)
        for table in function(tables):
            yield from table.combine_chunks().to_batches()

    return frame.mapInArrow(run, schema)


def mapped_each(
    frame: DataFrame,
    function: Callable[[pa.Table], pa.Table],
    schema: str,
    *,
    by: str = "",
    then: tuple[str, ...] = (),
) -> DataFrame:
    """The same with a function of one table."""
    return mapped(frame, lambda tables: map(function, tables), schema, by=by, then=then)


def ranked(scratch: Scratch, frame: DataFrame, column: str, name: str) -> DataFrame:
    """The frame, kept by that name, with its `rank`: the number of a row in a column's order."""
    # The upper bits of the number are a partition, the lower ones a row of it.
    numbered = frame.orderBy(column).withColumn("number", F.monotonically_increasing_id())
    numbered = scratch.keep(numbered, name)
    part = F.shiftright("number", 33)
    sizes = dict(map(tuple, numbered.groupBy(part.alias("part")).count().collect()))
    before, rows = 0, []
    for number in sorted(sizes):
        rows.append((number, before - (number << 33)))
        before += sizes[number]
    shifts = scratch.spark.createDataFrame(rows, "part long, shift long")
    found = numbered.join(F.broadcast(shifts), part == F.col("part"))
    return found.withColumn("rank", F.col("number") + F.col("shift")).drop(
        "number", "part", "shift"
    )


def sided(pairs: DataFrame, rows: DataFrame, key: str, *columns: str) -> DataFrame:
    """Pairs `a`, `b` of keys with columns of the rows of both, named as `a_text` and `b_text`."""
    for side in ("b", "a"):
        own = (F.col(name).alias(f"{side}_{name}") for name in columns)
        pairs = pairs.join(rows.select(F.col(key).alias(side), *own), side)
    return pairs


def total(frame: DataFrame, column: str) -> int:
    """The sum of a column of numbers; 0 without rows."""
    row = frame.agg(F.sum(column)).first()
    return int(row[0] or 0) if row else 0


def _table(batch: pa.RecordBatch) -> pa.Table:
    return pa.Table.from_batches([batch])


def whole_groups(batches: Iterable[pa.RecordBatch], key: str) -> Iterator[pa.Table]:
    """Tables that end where a group ends, of batches sorted by `key`."""
    waiting: list[pa.RecordBatch] = []
    last: Any = None
    for batch in batches:
        if not batch.num_rows:
            continue
        keys = batch.column(key)
        if waiting and keys[0].as_py() != last:
            yield pa.Table.from_batches(waiting).combine_chunks()
            waiting = []
        last = keys[-1].as_py()
        cut = pc.index(keys, keys[-1]).as_py()
        if cut:
            yield pa.Table.from_batches([*waiting, batch.slice(0, cut)]).combine_chunks()
            waiting = []
        waiting.append(batch.slice(cut))
    if waiting:
        yield pa.Table.from_batches(waiting).combine_chunks()
