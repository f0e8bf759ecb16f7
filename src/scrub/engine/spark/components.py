"""Connected components of a graph whose edges no single machine need hold.

Large-star and small-star by turns (Kiveris et al., Connected Components in MapReduce and Beyond,
SoCC 2014): in O(log^2 n) rounds every node points to the smallest of its component.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from pyspark.sql import functions as F  # noqa: N812 - its usual name

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from scrub.engine.spark.frames import Scratch

# Up to so many edges (320 MB) the driver does it at once.
FEW_EDGES = 20_000_000


def components(scratch: Scratch, edges: DataFrame, few: int = FEW_EDGES) -> DataFrame:
    """For every node of the edges (`a`, `b`: long) its `component`, the smallest node of it."""
    if edges.count() <= few:
        return _at_once(scratch, edges.select("a", "b").toArrow())
    # Every edge points from the larger node to the smaller one.
    edges = scratch.keep(
        edges.select(F.greatest("a", "b").alias("u"), F.least("a", "b").alias("v"))
        .filter("u <> v")
        .distinct(),
        "star-0",
    )
    number, before = 0, None
    while before != (before := _state(edges)):
        number += 1
        edges = scratch.keep(_small_star(_large_star(edges)), f"star-{number}")
    found = edges.select(F.col("u").alias("node"), F.col("v").alias("component"))
    smallest = found.select("component").distinct()
    return found.union(smallest.select("component", "component"))


def _state(edges: DataFrame) -> tuple[int, ...]:
    """The same after a round only where the edges are the same, but for one chance in 2^64."""
    [row] = edges.agg(F.count("*"), F.bit_xor(F.xxhash64("u", "v"))).collect()
    return int(row[0]), int(row[1] or 0)


def _large_star(edges: DataFrame) -> DataFrame:
    """Every larger neighbour of a node is joined to the smallest one."""
    both = edges.select("u", "v").union(edges.select("v", "u"))
    least = both.groupBy("u").agg(F.min("v").alias("m"))
    least = least.select("u", F.least("u", "m").alias("m"))
    return (
        both.filter("v > u").join(least, "u")
        .select(F.col("v").alias("u"), F.col("m").alias("v"))
        .distinct()
    )  # fmt: skip


def _small_star(edges: DataFrame) -> DataFrame:
    """Every smaller neighbour of a node, and the node, is joined to the smallest one."""
    least = edges.groupBy("u").agg(F.min("v").alias("m"))
    moved = (
        edges.join(least, "u").filter("v <> m").select(F.col("v").alias("u"), F.col("m").alias("v"))
    )
    return moved.union(least.select("u", F.col("m").alias("v"))).distinct()


def _at_once(scratch: Scratch, edges: pa.Table) -> DataFrame:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    a, b = (edges[name].to_numpy() for name in ("a", "b"))
    nodes, index = np.unique(np.concatenate([a, b]), return_inverse=True)
    ones = np.ones(len(a), np.int8)
    shape = (len(nodes), len(nodes))
    graph = coo_array((ones, (index[: len(a)], index[len(a) :])), shape=shape)
    labels = connected_components(graph, directed=False)[1]
    _, first = np.unique(labels, return_index=True)  # nodes are sorted: the first is the smallest
    table = pa.table({"node": nodes, "component": nodes[first][labels] if len(nodes) else nodes})
    return scratch.keep(scratch.spark.createDataFrame(table), "components")
