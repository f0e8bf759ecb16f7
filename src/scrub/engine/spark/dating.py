"""Dates whose order of day and month the others of a site or column tell; see read/order.py."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, compress
from typing import TYPE_CHECKING

import pyarrow as pa
from pyspark.sql import functions as F  # noqa: N812 - its usual name

from scrub.document import Document
from scrub.engine.spark.columns import documents_of
from scrub.engine.spark.frames import Scratch, mapped
from scrub.read.order import Orders, is_open, shown

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_SHOWN = ("kind", "name", "first")
_NUMBERS = r"\d[/-]\d{1,2}[/-]\d{4}"


def dated(scratch: Scratch, given: DataFrame) -> DataFrame:
    """The rows of READ, with the dates that can be told; the driver gets one order a site."""
    asked = given.filter("reason is null").filter(given.metadata.rlike(_NUMBERS))

    def orders_of(tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
        for table in tables:
            found = sorted({*chain.from_iterable(map(shown, documents_of(table)))})
            columns = zip(*found, strict=True) if found else ((), (), ())
            yield pa.table(
                {n: pa.array(c, pa.string()) for n, c in zip(_SHOWN, columns, strict=True)}
            )

    rows = mapped(asked, orders_of, "kind string, name string, first string").distinct().collect()
    if not rows:
        return given
    orders = Orders(tuple(row) for row in rows)

    def settled(tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
        for table in tables:
            documents: list[Document] = documents_of(table)
            known = [is_open(d) and orders.settle(d) for d in documents]
            yield pa.table(
                {
                    "position": table["position"].filter(pa.array(known)),
                    "settled": pa.array(
                        [d.created for d in compress(documents, known)], pa.string()
                    ),
                }
            )

    found = scratch.keep(mapped(asked, settled, "position long, settled string"), "dated")
    whole = given.join(found, "position", "left")
    return whole.withColumn("created", F.coalesce("settled", "created")).drop("settled")
