"""Dates whose order of day and month the others of a site or column settle; see read/order.py."""

from __future__ import annotations

from itertools import chain, compress

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - its usual name

from scrub.engine.spark.columns import documents_of
from scrub.engine.spark.frames import Scratch, mapped_each
from scrub.read.order import Orders, is_open, shown

_SHOWN = ("kind", "name", "first")
_NUMBERS = r"\d[/-]\d{1,2}[/-]\d{4}"


def dated(scratch: Scratch, given: DataFrame) -> DataFrame:
    """The rows of READ, with the dates that can be settled; the driver gets one order a site."""
    undecided = given.filter("reason is null").filter(given.metadata.rlike(_NUMBERS))

    def orders_of(table: pa.Table) -> pa.Table:
        found = sorted({*chain.from_iterable(map(shown, documents_of(table)))})
        columns = zip(*found, strict=True) if found else ((), (), ())
        return pa.table({n: pa.array(c, pa.string()) for n, c in zip(_SHOWN, columns, strict=True)})

    schema = ", ".join(f"{name} string" for name in _SHOWN)
    rows = mapped_each(undecided, orders_of, schema).distinct().collect()
    if not rows:
        return given
    orders = Orders(tuple(row) for row in rows)

    def settled(table: pa.Table) -> pa.Table:
        documents = documents_of(table)
        known = [is_open(d) and orders.settle(d) for d in documents]
        dates = [d.created for d in compress(documents, known)]
        positions = table["position"].filter(pa.array(known))
        return pa.table({"position": positions, "settled": pa.array(dates, pa.string())})

    found = scratch.keep(mapped_each(undecided, settled, "position long, settled string"), "dated")
    whole = given.join(found, "position", "left")
    return whole.withColumn("created", F.coalesce("settled", "created")).drop("settled")
