"""Distinct documents and the candidate pairs among them, by the rule of scrub.match.candidates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - its usual name

from scrub.engine.spark.columns import packed, unpacked
from scrub.engine.spark.frames import Scratch, mapped, mapped_each
from scrub.match.candidates import FULLEST, LARGEST, MIN_SHARE, MIN_SHARED, MOSTLY

_POSTINGS = "list long, node long, words int, samples int, place int"
# An entry that meets fuller documents: `nodes` are int64, `places` int8.
_LOOKS = "a long, samples int, place int, nodes binary, places binary"
_BAND = -1  # the place of an entry of a band's list; else a sentence's number modulo 64


def leaders(scratch: Scratch, documents: DataFrame) -> DataFrame:
    """Of documents of the same words the one compared for all, as in scrub.match.pairs.group_exact.

    `copies` counts them all.
    """
    groups = (
        documents.filter("node is not null")
        .groupBy("node")
        .agg(
            F.min(F.struct((-F.col("case_signal")).alias("least"), "id"))["id"].alias("id"),
            F.count("*").alias("copies"),
        )
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
    that a million documents share costs a million times FULLEST looks and no more.  The looks of an
    entry travel as one row, which takes half the bytes and a tenth of the time of a row for each.
    """
    columns = leading.select("node", "words", "samples", "sketch", "places", "bands")
    entries = mapped_each(columns, _entries, _POSTINGS).repartition("list")
    lists = entries.sortWithinPartitions("list", F.desc("words"), "node")
    looks = mapped(lists, _looks, _LOOKS)
    return scratch.keep(mapped_each(looks, _candidates, "a long, b long", by="a"), "candidates")


def _looks(tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """For every entry the fuller documents that it meets in its list, and their sentences.

    A list may go on in the next table: its first FULLEST entries are all that is kept of it.
    """
    before: pa.Table | None = None
    for table in tables:
        if not len(table):
            continue
        seen = 0 if before is None else len(before)
        rows = table if before is None else pa.concat_tables([before, table])
        keys, nodes, places = (rows[name].to_numpy() for name in ("list", "node", "place"))
        first = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
        begins = np.repeat(first, np.diff(np.append(first, len(keys))))
        reach = np.minimum(np.arange(len(keys)) - begins, FULLEST)
        reach[:seen] = 0
        ends = np.cumsum(reach)
        met = np.arange(ends[-1]) - np.repeat(ends - reach - begins, reach)
        looking = np.flatnonzero(reach)
        starts = np.concatenate([[0], ends[looking]])
        yield pa.table(
            {
                "a": nodes[looking],
                "samples": rows["samples"].to_numpy()[looking],
                "place": places[looking],
                "nodes": packed(nodes[met], starts),
                "places": packed(places[met].astype(np.int8), starts),
            }
        )
        before = rows.slice(first[-1], FULLEST)


def _candidates(table: pa.Table) -> pa.Table:
    """The pairs that share a band or enough samples, of the looks of whole documents `a`."""
    b, starts = unpacked(table["nodes"], np.int64)
    theirs, _ = unpacked(table["places"], np.int8)
    row = np.repeat(np.arange(len(table)), np.diff(starts))
    a = table["a"].to_numpy()[row]
    other = a != b  # a document may have a sample in two sentences
    a, b, row, theirs = a[other], b[other], row[other], theirs[other]
    order = np.lexsort((b, a))
    a, b, row, theirs = a[order], b[order], row[order], theirs[order]
    mine = table["place"].to_numpy()[row]
    new = (a[1:] != a[:-1]) | (b[1:] != b[:-1])
    first = np.flatnonzero(np.concatenate([[True], new])) if len(a) else np.empty(0, np.int64)
    samples = table["samples"].to_numpy()[row[first]]
    banded = mine == _BAND
    shared = _of_each(np.add, (~banded).astype(np.int64), first)
    several = _several(mine, banded, first) & _several(theirs, banded, first)
    least = np.maximum(
        np.maximum(
            MIN_SHARE * np.minimum(samples, LARGEST), np.minimum(MIN_SHARED, MOSTLY * samples)
        ),
        1.0,
    )
    enough = (shared >= least) & (several | (shared >= MOSTLY * samples))
    found = first[enough | _of_each(np.logical_or, banded, first)]
    return pa.table({"a": a[found], "b": b[found]})


def _several(
    places: NDArray[np.int64], banded: NDArray[np.bool_], first: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether a pair shares samples in more than one sentence, by their numbers modulo 64."""
    bits = np.where(banded, 0, np.uint64(1) << places.astype(np.uint64))
    mask = _of_each(np.bitwise_or, bits, first)
    return mask & (mask - np.uint64(1)) != 0


def _of_each(function: np.ufunc, values: NDArray[Any], first: NDArray[np.int64]) -> NDArray[Any]:
    """`function` over the values of each pair; `first` is where its values begin."""
    return function.reduceat(values, first) if len(first) else values[:0]


def _entries(table: pa.Table) -> pa.Table:
    """An entry for every sampled shingle and for every band of a document; a key of 0 is none."""
    sketch, starts = unpacked(table["sketch"], np.uint32)
    places, _ = unpacked(table["places"], np.uint16)
    bands, band_starts = unpacked(table["bands"], np.uint32)
    sizes, count = np.diff(starts), len(starts) - 1
    each = int(np.diff(band_starts)[0]) if count else 0
    row = np.concatenate([np.repeat(np.arange(count), sizes), np.repeat(np.arange(count), each)])
    kind = np.concatenate([np.zeros(len(sketch), np.int64), np.tile(np.arange(each) + 1, count)])
    key = np.concatenate([sketch, bands]).astype(np.int64)
    place = np.concatenate([places & 63, np.full(len(bands), _BAND)]).astype(np.int32)
    used = key != 0
    row = row[used]
    return pa.table(
        {
            "list": kind[used] << 32 | key[used],
            "node": table["node"].to_numpy()[row],
            "words": table["words"].to_numpy()[row],
            "samples": table["samples"].to_numpy()[row],
            "place": place[used],
        }
    )
