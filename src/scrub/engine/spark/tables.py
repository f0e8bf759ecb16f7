"""Counts of wording over all documents: tables of a bounded size, summed from partial ones."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from pyspark import SparkFiles

from scrub.engine.spark.columns import features_of, packed, unpacked
from scrub.engine.spark.frames import mapped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray
    from pyspark.sql import DataFrame, SparkSession

    from scrub.match.features import Features

    Count = Callable[[NDArray[np.uint16], Features, NDArray[np.int64]], None]

_BLOCK = 1 << 16  # cells that are summed together
FULL = 65535  # a cell that counts no further


def counted(
    rows: DataFrame, cells: int, count: Count, sides: tuple[str, ...] = ("",)
) -> NDArray[np.uint16]:
    """The table that `count` makes of the features of all rows, in any order.

    The features are those of the columns `units` and `lengths`; of rows with several `sides`, which
    begin the columns' names, first all of one side.
    Partial tables travel as the blocks in which something was counted.  A cell that is full in
    a part is full in the sum.
    """

    names = ("units", "lengths")

    def partial(tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
        part = np.zeros(cells, np.uint16)
        for table in tables:
            units, lengths = ([table[f"{s}{name}"] for s in sides] for name in names)
            features = features_of(units, lengths)
            count(part, features, np.arange(len(features)))
        for first in range(0, cells, _BLOCK):
            values = part[first : first + _BLOCK]
            where = values.nonzero()[0]
            if len(where):
                yield _blocks(first // _BLOCK, where.astype(np.uint16), values[where])

    schema = "block long, cells binary, counts binary"
    parts = mapped(rows.select(*(f"{s}{name}" for s in sides for name in names)), partial, schema)
    sums = mapped(parts, _summed, schema, by="block").toArrow()
    result = np.zeros(cells, np.uint16)
    for block, where, values in _rows(sums):
        result[block * _BLOCK + where.astype(np.int64)] = values
    return result


def _blocks(block: int, cells: NDArray[np.uint16], counts: NDArray[np.uint16]) -> pa.Table:
    starts = np.array([0, len(cells)], np.int64)
    return pa.table(
        {"block": [block], "cells": packed(cells, starts), "counts": packed(counts, starts)}
    )


def _rows(table: pa.Table) -> Iterator[tuple[int, NDArray[np.uint16], NDArray[np.uint16]]]:
    cells, starts = unpacked(table["cells"], np.uint16)
    counts, _ = unpacked(table["counts"], np.uint16)
    for k, block in enumerate(table["block"].to_pylist()):
        rows = slice(starts[k], starts[k + 1])
        yield block, cells[rows], counts[rows]


def _summed(tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
    for table in tables:
        total = np.zeros(_BLOCK, np.uint32)
        before = -1
        for block, cells, counts in _rows(table):
            if block != before and before >= 0:
                yield _full(before, total)
                total[:] = 0
            before = block
            total[cells] += counts  # a cell stands once in a part
        if before >= 0:
            yield _full(before, total)


def _full(block: int, total: NDArray[np.uint32]) -> pa.Table:
    where = total.nonzero()[0]
    counts = np.minimum(total[where], FULL).astype(np.uint16)
    return _blocks(block, where.astype(np.uint16), counts)


class Shared:
    """An array that every worker of a node reads from one file: it is in memory once a node."""

    def __init__(self, spark: SparkSession, array: NDArray[Any], folder: Path) -> None:
        """Send the array to every node, now or when it joins; the file stays in `folder`."""
        with tempfile.NamedTemporaryFile(suffix=".npy", dir=folder, delete=False) as file:
            np.save(file, array)
        self._name = Path(file.name).name
        spark.sparkContext.addFile(file.name)

    def load(self) -> NDArray[Any]:
        """The array, on a worker."""
        # Copied on write: kernels are compiled for arrays that may be written.
        return np.asarray(np.load(SparkFiles.get(self._name), mmap_mode="c"))
