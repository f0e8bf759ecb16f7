"""Distinct documents and the candidate pairs among them, by the rule of scrub.match.candidates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from pyspark.sql import Window
from pyspark.sql import functions as F  # noqa: N812 - its usual name

from scrub.engine.spark.columns import unpacked
from scrub.engine.spark.frames import Scratch, mapped
from scrub.match.candidates import FULLEST, LARGEST, MIN_SHARE, MIN_SHARED, MOSTLY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql import Column, DataFrame

_POSTINGS = "list long, node long, words int, samples int, place int"
_BAND = -1  # the place of an entry of a band's list


def leaders(scratch: Scratch, documents: DataFrame) -> DataFrame:
    """Of the documents of the same words the one with the smallest id; `copies` counts them all."""
    groups = (
        documents.filter("node is not null")
        .groupBy("node")
        .agg(F.min("id").alias("id"), F.count("*").alias("copies"))
    )
    columns = (
        "node", "id", "position", "words", "samples", "units", "lengths", "begins", "sketch",
        "places", "bands",
    )  # fmt: skip
    found = documents.select(*columns).join(groups, ["node", "id"])
    return scratch.keep(found, "leaders")


def candidates(scratch: Scratch, leading: DataFrame) -> DataFrame:
    """Candidate pairs of nodes: `a`, the shorter document, and `b`, the fuller.

    Every list is read from its fullest document on, and only FULLEST documents far, so that a key
    that a million documents share costs a million times FULLEST rows and no more.
    """
    columns = leading.select("node", "words", "samples", "sketch", "places", "bands")
    postings = mapped(columns, _entries, _POSTINGS)
    rank = F.row_number().over(Window.partitionBy("list").orderBy(F.desc("words"), "node"))
    heads = postings.withColumn("rank", rank).filter(F.col("rank") <= FULLEST)
    a, b = postings.alias("a"), heads.alias("b")
    fuller = (F.col("b.words") > F.col("a.words")) | (
        (F.col("b.words") == F.col("a.words")) & (F.col("b.node") < F.col("a.node"))
    )
    met = a.join(b, (F.col("a.list") == F.col("b.list")) & fuller)
    counted = met.groupBy(F.col("a.node").alias("a"), F.col("b.node").alias("b")).agg(
        F.count_if(F.col("a.place") != _BAND).alias("shared"),
        F.bit_or(_bit("a.place")).alias("mine"),
        F.bit_or(_bit("b.place")).alias("theirs"),
        F.bool_or(F.col("a.place") == _BAND).alias("banded"),
        F.max("a.samples").alias("samples"),
    )
    return scratch.keep(counted.filter(_enough()).select("a", "b"), "candidates")


def _bit(place: str) -> Column:
    """One bit for the sentence, modulo 64; none for a band."""
    bit = F.expr(f"shiftleft(1L, {place} & 63)")
    return F.when(F.col(place) == _BAND, F.lit(0).cast("long")).otherwise(bit)


def _enough() -> Column:
    shared, samples = F.col("shared"), F.col("samples")
    least = F.greatest(
        F.lit(MIN_SHARE) * F.least(samples, F.lit(LARGEST)),
        F.least(F.lit(float(MIN_SHARED)), F.lit(MOSTLY) * samples),
        F.lit(1.0),
    )
    several = (F.bit_count("mine") > 1) & (F.bit_count("theirs") > 1)
    return F.col("banded") | ((shared >= least) & (several | (shared >= F.lit(MOSTLY) * samples)))


def _entries(tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """An entry for every sampled shingle and for every band of a document; a key of 0 is none."""
    for table in tables:
        sketch, starts = unpacked(table["sketch"], np.uint32)
        places, _ = unpacked(table["places"], np.uint16)
        bands, band_starts = unpacked(table["bands"], np.uint32)
        sizes, count = np.diff(starts), len(starts) - 1
        each = int(np.diff(band_starts)[0]) if count else 0
        row = np.concatenate(
            [np.repeat(np.arange(count), sizes), np.repeat(np.arange(count), each)]
        )
        kind = np.concatenate(
            [np.zeros(len(sketch), np.int64), np.tile(np.arange(each) + 1, count)]
        )
        key = np.concatenate([sketch, bands]).astype(np.int64)
        place = np.concatenate([places.astype(np.int32), np.full(len(bands), _BAND, np.int32)])
        used = key != 0
        row = row[used]
        yield pa.table(
            {
                "list": kind[used] << 32 | key[used],
                "node": table["node"].to_numpy()[row],
                "words": table["words"].to_numpy()[row],
                "samples": table["samples"].to_numpy()[row],
                "place": place[used],
            }
        )
