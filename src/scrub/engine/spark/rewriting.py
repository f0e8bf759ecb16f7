"""Rewrites and summaries among what is kept, by the steps of scrub.match.rewrites.find.

A document meets others in the posting lists that it reads, which the cluster sorts; they have at
most `candidates.READ` entries.  The vocabulary, each different word once, comes to the driver.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import orjson
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - its usual name

from scrub.engine.spark.columns import features_of, packed, typed, unpacked
from scrub.engine.spark.frames import Scratch, mapped, mapped_each, ranked, sided
from scrub.engine.spark.tables import Shared
from scrub.match.rewrites.account import MIN_WORDS
from scrub.match.rewrites.candidates import MIN_OVERLAP, READ, best, largest, listed_terms
from scrub.match.rewrites.evidence import measure
from scrub.match.rewrites.find import Found, by_length, compared, rewrite_of
from scrub.match.rewrites.rivals import ALIKE, closest
from scrub.match.rewrites.terms import Terms, add, count, distinct, numbered, vocabulary, weighed

SCHEMA = "id_a string, id_b string, pair string, derived string, total double, evidence string"
_LISTED = "term int, rank long, at int, weight double, norm double, longest long"
# Entries of documents of one part that read a list, by their `rank` (int64), `at` (int32) and
# `weight` (float64), and the documents in the list: `met` (int64) and their `norms` (float32).
_MEETINGS = "part int, rank binary, at binary, weight binary, met binary, norms binary"
_TOGETHER = 1 << 22  # of those that are met, in one table
_PART = 1 << 11  # documents; they read 500 MB of lists at most
_LOOKS = "rank long, alike float"
_CLOSEST = "rank long, near binary"  # of float32, see `rivals.closest`
_GRADED = (
    "a long, b long, swapped boolean, kind int, grade int, total double, "
    "covered_short double, covered_long double"
)


class _SharedTerms(NamedTuple):
    """Terms that every worker of a node reads from files."""

    parts: tuple[Shared, ...]

    @staticmethod
    def of(scratch: Scratch, terms: Terms, folder: Path) -> _SharedTerms:
        return _SharedTerms(tuple(Shared(scratch.spark, part, folder) for part in terms))

    def load(self) -> Terms:
        return Terms(*(part.load() for part in self.parts))


def rewrites_among(
    scratch: Scratch, documents: DataFrame, done: DataFrame, folder: Path
) -> DataFrame:
    """The rewrites among the documents that `done` keeps, with the columns of SCHEMA.

    `folder` is on the driver, for the tables.
    """
    verdicts = done.filter("position is not null").select("position", "relation")
    kept = documents.join(verdicts, "position", "left").filter(
        f"coalesce(relation, 'kept') in ('unique', 'kept') and words >= {MIN_WORDS}"
    )
    columns = ("id", "node", "created", "text", "words", "units", "lengths")
    kept = ranked(scratch, kept.select(*columns), "id", "long-enough")
    total = kept.count()
    if total < 2:
        return scratch.spark.createDataFrame([], SCHEMA)
    terms = _SharedTerms.of(scratch, _terms(scratch, kept, total, folder), folder)
    cap = largest(total)
    listed = mapped_each(
        kept.select("rank", "units", "lengths"),
        lambda table: _listed(table, terms.load(), cap),
        _LISTED,
    )
    parts = total // _PART + 1
    meetings = mapped(
        listed, lambda tables: _meetings(tables, parts), _MEETINGS, by="term", then=("rank",)
    )
    pairs = mapped_each(meetings, _nearest, "a long, b long", by="part").distinct()
    pairs = scratch.keep(pairs, "rewrite-candidates")
    with_words = sided(pairs, kept, "rank", "units", "lengths")
    looks = mapped_each(with_words, lambda table: _alike(table, terms.load()), _LOOKS)
    near = kept.join(mapped_each(looks, _closest, _CLOSEST, by="rank"), "rank")
    with_near = sided(pairs, near, "rank", "units", "lengths", "created", "near")
    graded = mapped_each(with_near, lambda table: _graded(table, terms.load()), _GRADED)
    graded = scratch.keep(graded, "rewrite-graded")
    new = sided(graded, kept, "rank", "id", "node", "units", "lengths", "created", "text")
    copies = done.filter("position is null").select("id_a", "id_b")
    for side in ("a", "b"):  # whichever of the same words a pair names
        own = documents.select(F.col("id").alias(f"id_{side}"), F.col("node").alias(f"{side}_node"))
        copies = copies.join(own, f"id_{side}")
    new, copies = (
        pairs.withColumns(
            {"low": F.least("a_node", "b_node"), "high": F.greatest("a_node", "b_node")}
        )
        for pairs in (new, copies)
    )
    uncopied = new.join(copies, ["low", "high"], "left_anti")
    found = mapped_each(uncopied, lambda table: _described(table, terms.load()), SCHEMA)
    return scratch.keep(found, "rewrites")


def surest(found: DataFrame) -> DataFrame:
    """For the id of each rewrite or summary, as `rewrite_evidence` that of its surest link."""
    link = F.struct((-F.col("total")).alias("less"), "id_a", "id_b", "evidence")
    links = found.groupBy(F.col("derived").alias("id")).agg(F.min(link).alias("link"))
    return links.select("id", F.col("link.evidence").alias("rewrite_evidence"))


def _terms(scratch: Scratch, kept: DataFrame, total: int, folder: Path) -> Terms:
    """The terms of all documents, each different word brought here once."""
    words = mapped_each(kept.select("text", "units", "lengths"), _words, "key long, stem long")
    rows = words.groupBy("key").agg(F.min("stem").alias("stem")).toArrow()
    empty = np.zeros(1 << 12, np.uint32)
    new = (rows[name].to_numpy().astype(np.uint32) for name in ("key", "stem"))
    keys, stems = add(empty, empty.copy(), *new)
    own, owners = numbered(stems)
    shared = [Shared(scratch.spark, part, folder) for part in (keys, owners)]
    size = len(own)

    def counting(table: pa.Table) -> pa.Table:
        return _counted(table, shared[0].load(), shared[1].load(), size)

    schema = "term long, documents long, names long, seen long"
    parts = mapped_each(kept.select("units", "lengths"), counting, schema).groupBy("term")
    sums = parts.agg(*(F.sum(n).alias(n) for n in ("documents", "names", "seen"))).toArrow()
    found = np.zeros((3, size), np.uint32)
    found[:, sums["term"].to_numpy()] = [
        sums[name].to_numpy() for name in ("documents", "names", "seen")
    ]
    return weighed(keys, owners, own, (found[0], found[1], found[2]), total)


def _words(table: pa.Table) -> pa.Table:
    every = np.arange(len(table))
    keys, stems = vocabulary(table["text"].to_pylist(), every)
    there = keys != 0
    found = {"key": keys[there], "stem": stems[there]}
    return pa.table({name: values.astype(np.int64) for name, values in found.items()})


def _counted(
    table: pa.Table, keys: NDArray[np.uint32], owners: NDArray[np.int32], size: int
) -> pa.Table:
    features = features_of([table["units"]], [table["lengths"]])
    words = features.sentences[features.documents]
    every = np.arange(len(table))
    found = count(features.units, words, every, keys, owners, size)
    term = np.flatnonzero(found[0])
    columns = zip(("documents", "names", "seen"), found, strict=True)
    return pa.table(
        {"term": term, **{name: values[term].astype(np.int64) for name, values in columns}}
    )


def _listed(table: pa.Table, terms: Terms, cap: int) -> pa.Table:
    """An entry for every term of a document that is looked up, numbered from its first on."""
    features = features_of([table["units"]], [table["lengths"]])
    own = distinct(
        features.units, features.sentences[features.documents], np.arange(len(table)),
        terms.keys, terms.owners, len(terms.counts),
    )  # fmt: skip
    firsts, listed, norms, longest = listed_terms(*own, terms.counts, terms.weights, cap, READ)
    sizes = np.diff(firsts)
    return pa.table(
        {
            "term": listed,
            "rank": np.repeat(table["rank"].to_numpy(), sizes),
            "at": (np.arange(len(listed)) - np.repeat(firsts[:-1], sizes)).astype(np.int32),
            "weight": terms.weights[listed].astype(np.float64),
            "norm": np.repeat(norms, sizes).astype(np.float64),
            "longest": np.repeat(longest, sizes),
        }
    )


def _meetings(tables: Iterator[pa.Table], parts: int) -> Iterator[pa.Table]:
    """Every list beside those who read it, once for each part of the documents that some are of."""
    for table in tables:
        terms = table["term"].to_numpy()
        first = np.flatnonzero(np.concatenate([[True], terms[1:] != terms[:-1]]))
        sizes = np.diff(np.append(first, len(terms)))
        reach = np.repeat(sizes, sizes)
        ranks, norms = table["rank"].to_numpy(), table["norm"].to_numpy().astype(np.float32)
        read = np.flatnonzero(reach <= table["longest"].to_numpy())
        group = np.repeat(np.arange(len(first)), sizes)[read] * parts + ranks[read] % parts
        read = read[np.argsort(group, kind="stable")]
        groups, readers = np.unique(group, return_counts=True)
        ends, lists = np.append(0, readers.cumsum()), groups // parts
        full = np.diff(np.cumsum(sizes[lists]) // _TOGETHER)
        for some in np.split(np.arange(len(groups)), np.flatnonzero(full) + 1):
            if not len(some):
                continue
            own, starts = read[ends[some[0]] : ends[some[-1] + 1]], ends[some[0] : some[-1] + 2]
            begins = np.append(0, sizes[lists[some]].cumsum())
            met = np.arange(begins[-1]) + np.repeat(
                first[lists[some]] - begins[:-1], np.diff(begins)
            )
            found = {name: table[name].to_numpy()[own] for name in ("rank", "at", "weight")}
            yield pa.table(
                {
                    "part": (groups[some] % parts).astype(np.int32),
                    **{name: packed(values, starts - starts[0]) for name, values in found.items()},
                    "met": packed(ranks[met], begins),
                    "norms": packed(norms[met], begins),
                }
            )


def _nearest(table: pa.Table) -> pa.Table:
    """The nearest of the documents of some parts, of all in the lists that these read."""
    a, firsts = unpacked(table["rank"], np.int64)
    read = np.repeat(np.arange(len(table)), np.diff(firsts))
    at, weights = unpacked(table["at"], np.int32)[0], unpacked(table["weight"], np.float64)[0]
    met, starts = unpacked(table["met"], np.int64)
    # By hashing, which is much faster than to sort what is met.
    owners, ranks = pd.factorize(met, sort=True)
    norms = np.empty(len(ranks), np.float32)
    norms[owners] = unpacked(table["norms"], np.float32)[0]
    order = np.lexsort((at, a))  # each list stands in the order of the document's terms
    read = read[order]
    found = best(
        np.unique(np.searchsorted(ranks, a)),
        np.searchsorted(a[order], np.append(ranks, np.iinfo(np.int64).max)),
        np.arange(len(a), dtype=np.int32), weights[order].astype(np.float32),
        starts[read], starts[read + 1], owners.astype(np.int32), norms,
        np.full(len(ranks), READ), np.arange(len(ranks)), MIN_OVERLAP,
    )  # fmt: skip
    return pa.table({"a": ranks[found >> 32], "b": ranks[found & 0xFFFFFFFF]})


def _both(table: pa.Table, name: str) -> list[Any]:
    return [*table[f"a_{name}"].to_pylist(), *table[f"b_{name}"].to_pylist()]


def _alike(table: pa.Table, terms: Terms) -> pa.Table:
    """How alike each pair is, once for either side."""
    features = features_of(*([table[f"{side}_{n}"] for side in "ab"] for n in ("units", "lengths")))
    one = np.arange(len(table))
    shorter, longer = by_length(features, one, one + len(table))
    found = measure(features, shorter, longer, terms, brief=True).values[:, ALIKE]
    ranks = np.concatenate([table["a"].to_numpy(), table["b"].to_numpy()])
    return pa.table({"rank": ranks, "alike": np.concatenate([found, found])})


def _closest(table: pa.Table) -> pa.Table:
    ranks, at = np.unique(table["rank"].to_numpy(), return_inverse=True)
    near = closest(at, table["alike"].to_numpy(), len(ranks))
    starts = np.arange(len(ranks) + 1) * near.shape[1]
    return pa.table({"rank": ranks, "near": packed(near.ravel(), starts)})


def _graded(table: pa.Table, terms: Terms) -> pa.Table:
    features = features_of(*([table[f"{side}_{n}"] for side in "ab"] for n in ("units", "lengths")))
    one = np.arange(len(table))
    near = np.concatenate([unpacked(table[f"{side}_near"], np.float32)[0] for side in "ab"])
    near = near.reshape(2 * len(table), -1)
    found = compared(features, _both(table, "created"), one, one + len(table), terms, near=near)
    rows = table.select(["a", "b"]).take(found.row)
    return pa.table(
        {
            "a": rows["a"],
            "b": rows["b"],
            "swapped": found.shorter >= len(table),
            "kind": found.kind.astype(np.int32),
            "grade": found.grade.astype(np.int32),
            "total": found.total,
            "covered_short": found.covered[:, 0].astype(np.float64),
            "covered_long": found.covered[:, 1].astype(np.float64),
        }
    )


def _described(table: pa.Table, terms: Terms) -> pa.Table:
    features = features_of(*([table[f"{side}_{n}"] for side in "ab"] for n in ("units", "lengths")))
    ids, texts, created = (_both(table, name) for name in ("id", "text", "created"))
    one = np.arange(len(table))
    swapped = table["swapped"].to_numpy()
    kind, grade, total, *covered = (
        table[name].to_numpy()
        for name in ("kind", "grade", "total", "covered_short", "covered_long")
    )
    shorter, longer = one + swapped * len(table), one + ~swapped * len(table)
    found = Found(one, shorter, longer, kind, grade, total, np.stack(covered, 1))
    rewrites = [rewrite_of(features, ids, texts, created, terms, found, k) for k in one.tolist()]
    return typed(
        SCHEMA,
        {
            "id_a": [rewrite.pair.id_a for rewrite in rewrites],
            "id_b": [rewrite.pair.id_b for rewrite in rewrites],
            "pair": [orjson.dumps(rewrite.pair).decode() for rewrite in rewrites],
            "derived": [rewrite.derived for rewrite in rewrites],
            "total": [rewrite.total for rewrite in rewrites],
            "evidence": [rewrite.pair.evidence for rewrite in rewrites],
        },
    )
