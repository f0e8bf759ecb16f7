"""Pairs compared: every candidate once, then the plausible ones with what is common discounted.

The same steps as in scrub.match.pairs, on batches of pairs that carry the features of both sides.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa
from numpy.typing import NDArray
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - its usual name

from scrub.engine.spark.columns import features_of, packed, unpacked
from scrub.engine.spark.frames import Scratch, mapped_each, sided, total
from scrub.engine.spark.tables import FULL, Shared, counted
from scrub.match import account
from scrub.match.features import Features
from scrub.match.frequency import count_places, count_shingles, place_cells, sampled, shingle_cells
from scrub.match.pairs import link, pairs_of
from scrub.match.standing import count_blocks, is_standing
from scrub.match.verify import MEASURES, measure

LINKS = "a long, b long, measures binary"
_COMPARED = f"{LINKS}, linked boolean, containment double, missing double"


def links(
    scratch: Scratch, leading: DataFrame, pairs: DataFrame, words: int, folder: Path, needed: float
) -> DataFrame:
    """Pairs of nodes: those that are linked, and near misses (`linked` is false).

    The columns of LINKS, and for a near miss `containment` and `missing` as NearMiss has them.
    `words` counts those of all documents, and `folder` is on the driver, for the tables;
    `needed` is the sum of evidence that links.
    """
    features = leading.select("node", "words", "units", "lengths")
    cells, every = shingle_cells(words), sampled(words)
    counting = features.filter(_is_sampled(every))
    frequency = counted(counting, cells, count_shingles)
    first = Shared(scratch.spark, frequency, folder)

    found = mapped_each(
        _with_features(pairs, features), lambda table: _plausible(table, first.load(), needed),
        "a long, b long, derived boolean, plausible boolean, contradicts boolean, standing boolean",
    )  # fmt: skip
    decided = "derived or plausible or contradicts or standing"
    found = scratch.keep(found.filter(decided), "measured")
    derived = found.filter("derived").select(F.col("a").alias("node")).distinct()
    derived = scratch.keep(derived, "derived")
    taken = counted(counting.join(derived, "node", "left_semi"), cells, count_shingles)
    frequency = np.where(frequency < FULL, frequency - taken, frequency)
    second = Shared(scratch.spark, frequency, folder)
    pairs = _with_forms(found)
    third = Shared(scratch.spark, _places(scratch, features, pairs, derived), folder)
    fourth = Shared(scratch.spark, _blocks(scratch, features, found), folder)

    def linked(table: pa.Table) -> pa.Table:
        return _linked(table, second.load(), third.load(), fourth.load(), needed)

    return scratch.keep(mapped_each(_with_features(pairs, features), linked, _COMPARED), "linked")


def _is_sampled(every: int) -> str:
    return f"node & {every - 1}L = 0"


def _places(
    scratch: Scratch, features: DataFrame, pairs: DataFrame, derived: DataFrame
) -> NDArray[np.uint16]:
    """What `places` counts in the documents of plausible pairs that are not derived."""
    sides = pairs.select(F.col("a").alias("node")).union(pairs.select("b")).distinct()
    alike = features.join(sides.join(derived, "node", "left_anti"), "node", "left_semi")
    alike = scratch.keep(alike, "alike")
    words = total(alike, "words")
    return counted(alike.filter(_is_sampled(sampled(4 * words))), place_cells(words), count_places)


def _blocks(scratch: Scratch, features: DataFrame, found: DataFrame) -> NDArray[np.uint16]:
    """What `blocks_of` counts in the pairs of series of three texts or more."""
    pairs = found.filter("standing").select("a", "b")
    ends = pairs.union(pairs.select("b", "a"))
    ways = pairs.join(ends.select("a", F.col("b").alias("third")), "a")
    series = ways.join(ends.select(F.col("a").alias("third"), "b"), ["third", "b"])
    series = scratch.keep(series.select("a", "b").distinct(), "series")
    nodes = series.select(F.col("a").alias("node")).union(series.select("b")).distinct()
    words = total(features.join(nodes, "node", "left_semi"), "words")
    return counted(
        _with_features(series, features), place_cells(words), count_blocks, sides=("a_", "b_")
    )


def _with_forms(found: DataFrame) -> DataFrame:
    """The plausible pairs `a`, `b`, and `forms`: how many others fill the form of one of them."""
    contradicted = found.filter("contradicts")
    sides = contradicted.select(F.col("a").alias("node")).union(contradicted.select("b"))
    counts = sides.groupBy("node").count()
    pairs = found.filter("plausible").select("a", "b")
    for side in ("a", "b"):
        own = counts.select(F.col("node").alias(side), F.col("count").alias(f"{side}_forms"))
        pairs = pairs.join(own, side, "left")
    most = F.greatest(F.coalesce("a_forms", F.lit(0)), F.coalesce("b_forms", F.lit(0)))
    return pairs.select("a", "b", most.alias("forms"))


def _with_features(pairs: DataFrame, features: DataFrame) -> DataFrame:
    """Pairs `a`, `b` with the words of both."""
    return sided(pairs, features, "node", "units", "lengths")


def _sides(table: pa.Table) -> tuple[pa.Table, Features, NDArray[np.int64], NDArray[np.int64]]:
    """Pairs grouped by `a`, the features of both sides, and where each side is among them."""
    table = table.take(np.argsort(table["a"].to_numpy(), kind="stable")).combine_chunks()
    features = features_of(
        [table["a_units"], table["b_units"]], [table["a_lengths"], table["b_lengths"]]
    )
    _, index, inverse = np.unique(table["a"].to_numpy(), return_index=True, return_inverse=True)
    count = len(table)
    return table, features, index[inverse], np.arange(count, 2 * count)


def _plausible(table: pa.Table, frequency: NDArray[np.uint16], needed: float) -> pa.Table:
    table, features, first, second = _sides(table)
    nothing = np.zeros(1, np.uint16)
    measures = measure(features, first, second, frequency, nothing, nothing)
    return pa.table(
        {
            "a": table["a"],
            "b": table["b"],
            "derived": account.is_derived(measures),
            "plausible": account.is_plausible(measures, needed),
            "contradicts": account.contradicts(measures),
            "standing": is_standing(measures),
        }
    )


def _linked(
    table: pa.Table,
    frequency: NDArray[np.uint16],
    filled: NDArray[np.uint16],
    blocks: NDArray[np.uint16],
    needed: float,
) -> pa.Table:
    table, features, first, second = _sides(table)
    measures = measure(features, first, second, frequency, filled, blocks)
    measures["forms"] = table["forms"].to_numpy()
    linked, missed = link(features, first, second, measures, needed=needed)
    close = np.flatnonzero(linked | missed)
    measures = measures[close]
    starts = np.arange(len(measures) + 1, dtype=np.int64) * MEASURES.itemsize
    rows = table.select(["a", "b"]).take(close)
    return pa.table(
        {
            "a": rows["a"],
            "b": rows["b"],
            "measures": packed(measures.view(np.uint8), starts),
            "linked": linked[close],
            "containment": measures["covered_a"] / np.maximum(1, measures["words_a"]),
            "missing": account.shortfall(measures, needed),
        }
    )


def measures_of(column: pa.ChunkedArray) -> NDArray[np.void]:
    """The column `measures` of LINKS as an array of MEASURES."""
    return unpacked(column, np.uint8)[0].view(MEASURES)


def described(
    scratch: Scratch, linked: DataFrame, leading: DataFrame, documents: DataFrame
) -> DataFrame:
    """The links with `pair`, a Pair as JSON, which quotes both documents."""
    texts = leading.select("node", "id", "position", "lengths", "begins").join(
        documents.select("position", "text"), "position"
    )
    linked = sided(linked, texts, "node", "id", "lengths", "begins", "text")
    return scratch.keep(mapped_each(linked, _described, f"{LINKS}, pair string"), "links")


def _described(table: pa.Table) -> pa.Table:
    features = features_of(
        [], [table["a_lengths"], table["b_lengths"]], [table["a_begins"], table["b_begins"]]
    )
    first = np.arange(len(table))
    pairs = pairs_of(
        features,
        [*table["a_id"].to_pylist(), *table["b_id"].to_pylist()],
        [*table["a_text"].to_pylist(), *table["b_text"].to_pylist()],
        first,
        first + len(table),
        measures_of(table["measures"]),
    )
    rows = [orjson.dumps(pair).decode() for pair in pairs]
    return table.select(["a", "b", "measures"]).append_column("pair", pa.array(rows, pa.string()))
