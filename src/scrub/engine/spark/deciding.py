"""Clusters, what siblings say of each other, and which copy stays: component by component.

No cluster, no judgement and no choice reaches beyond a connected component of the linked pairs, so
whole components go through the functions that one machine uses, many at a time.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - its usual name

from scrub.config import KeepSettings
from scrub.corpus import Corpus
from scrub.document import Document, NearMiss, Pair
from scrub.engine.spark.columns import features_of, typed
from scrub.engine.spark.comparing import measures_of
from scrub.engine.spark.components import components
from scrub.engine.spark.frames import Scratch, mapped_each, sided
from scrub.match.keep import Verdict, keep, settled
from scrub.match.pairs import NEAR_MISSES, Copies, exact_pair, nearest_misses, stories
from scrub.spin.direction import SPUN
from scrub.spin.judge import WORDING_TEXTS, judge
from scrub.spin.ngrams import NgramModel
from scrub.spin.soundness import worth

VERDICT = (
    "cluster_id string, cluster_size int, kept_id string, relation string, spun string, "
    "belief double, pair string"
)
# Rows of both kinds, sorted so that the documents of a component come before its links.
_DOCUMENT, _LINK = 0, 1
_MEMBER = (
    "position", "id", "source", "created", "metadata", "text", "score", "sentences", "opening",
    "node", "lengths", "case_signal",
)  # fmt: skip
_DECIDED = f"component long, position long, id_a string, id_b string, {VERDICT}"


def placed(scratch: Scratch, leading: DataFrame, links: DataFrame) -> DataFrame:
    """The `component` of each `node` that is not alone: it is linked, or has copies."""
    found = components(scratch, links.select("a", "b"))
    every = leading.select("node", "copies").join(found, "node", "left")
    stories = every.filter("component is not null or copies > 1")
    return scratch.keep(
        stories.select("node", F.coalesce("component", "node").alias("component")), "placed"
    )


def alone(documents: DataFrame, nodes: DataFrame) -> DataFrame:
    """The documents that share nothing with another."""
    return documents.join(nodes.select("node"), "node", "left_anti")


def wording(unpaired: DataFrame) -> NgramModel:
    """How this corpus writes: of the first texts that neither look spun nor have a sibling."""
    texts = unpaired.filter(F.col("score") < SPUN).select("position", "text")
    first = texts.orderBy("position").limit(WORDING_TEXTS).toArrow()
    order = np.argsort(first["position"].to_numpy())
    return NgramModel.of_texts(first["text"].take(order).to_pylist())


def decided(
    scratch: Scratch,
    documents: DataFrame,
    nodes: DataFrame,
    links: DataFrame,
    model: NgramModel,
    settings: KeepSettings,
) -> DataFrame:
    """What becomes of every document that has a sibling, and the pairs.

    A row with a `position` is the verdict on that document, `id_a`; one without is a pair, `id_a`
    and `id_b`.
    """
    members = documents.select(*_MEMBER).join(nodes, "node")
    near = links.select(
        F.col("a").alias("node"), F.col("b").alias("other"), "measures", F.col("pair").alias("link")
    ).join(nodes, "node")
    rows = members.withColumn("kind", F.lit(_DOCUMENT)).unionByName(
        near.withColumn("kind", F.lit(_LINK)), allowMissingColumns=True
    )
    shared = scratch.shared(model)
    done = mapped_each(
        rows, lambda table: _decide(table, shared.value, settings), _DECIDED,
        by="component", then=("kind", "position"),
    )  # fmt: skip
    return scratch.keep(done, "decided")


def _decide(table: pa.Table, model: NgramModel, settings: KeepSettings) -> pa.Table:
    kinds = table["kind"].to_numpy()
    members, near = table.filter(kinds == _DOCUMENT), table.filter(kinds == _LINK)
    # In reading order, as the policy `first` wants them.
    members = members.take(np.argsort(members["position"].to_numpy())).combine_chunks()
    ids: list[str] = members["id"].to_pylist()
    nodes: list[int] = members["node"].to_pylist()
    by_id = sorted(range(len(ids)), key=ids.__getitem__)
    rank = np.empty(len(ids), np.int64)
    rank[by_id] = np.arange(len(ids))
    signal: list[int] = members["case_signal"].to_pylist()
    leader: dict[int, int] = {}
    for k in sorted(by_id, key=lambda k: -signal[k]):
        leader.setdefault(nodes[k], k)
    repeated = [(k, leader[node]) for k, node in enumerate(nodes) if leader[node] != k]
    a, b = (
        rank[[leader[node] for node in near[side].to_pylist()]].astype(np.int64)
        for side in ("node", "other")
    )
    ranks = ((int(rank[k]), int(rank[first])) for k, first in repeated)
    roots = stories(len(ids), ranks, a, b, measures_of(near["measures"]))
    clusters = {i: ids[by_id[roots[rank[k]]]] for k, i in enumerate(ids)}
    counts, openings = members["sentences"].to_pylist(), members["opening"].to_pylist()
    pairs = [exact_pair(ids[first], ids[k], counts[k], openings[k]) for k, first in repeated]
    pairs += [Pair(**orjson.loads(link)) for link in near["link"].to_pylist()]
    pairs.sort(key=lambda pair: (pair.id_a, pair.id_b))
    about = (members[name].to_pylist() for name in ("text", "source", "created", "metadata"))
    documents = [
        Document(i, text, "", source, "", created, orjson.loads(metadata))
        for i, text, source, created, metadata in zip(ids, *about, strict=True)
    ]
    scores = dict(zip(ids, members["score"].to_pylist(), strict=True))
    corpus = Corpus(documents, {}, features_of([], [members["lengths"]]), scores)
    copies = Copies(pairs, clusters)
    judgement = judge(corpus, copies, wording=model)
    good = worth(corpus, copies, judgement, settings.min_containment)
    verdicts = keep(corpus, judgement.pairs, clusters, judgement.spun, good, settings)
    home = dict(zip(ids, members["component"].to_pylist(), strict=True))
    rows = _verdict_rows(
        members["position"].to_pylist(), [verdicts[i] for i in ids], judgement.beliefs
    )
    rows += [
        {"id_a": pair.id_a, "id_b": pair.id_b, "pair": orjson.dumps(pair).decode()}
        for pair in judgement.pairs
    ]
    for row in rows:
        row["component"] = home[row["id_a"]]
    columns = [column.split()[0] for column in _DECIDED.split(", ")]
    return typed(_DECIDED, {name: [row.get(name) for row in rows] for name in columns})


def _verdict_rows(
    positions: list[int], verdicts: list[Verdict], beliefs: dict[str, float]
) -> list[dict[str, Any]]:
    sizes = Counter(verdict.cluster_id for verdict in verdicts)
    return [
        {
            "position": position,
            "id_a": v.id,
            "cluster_id": v.cluster_id,
            "cluster_size": sizes[v.cluster_id],
            "kept_id": v.kept_id,
            "relation": v.relation,
            "spun": v.spun,
            "belief": beliefs[v.id],
            "pair": orjson.dumps(v.pair).decode(),
        }
        for position, v in zip(positions, verdicts, strict=True)
    ]


def verdict_of(row: dict[str, Any], belief: float) -> Verdict:
    """The verdict of a row with `id` and the columns of VERDICT; without them it is unique.

    `belief` is what is believed of the document at the end, in [0, 1].
    """
    spun = belief >= SPUN
    if row["cluster_id"] is None:
        unique = Verdict(row["id"], row["id"], row["id"], "unique", "no", None)
        return settled(unique, spun=spun)
    record = orjson.loads(row["pair"])
    pair = None if record is None else Pair(**record)
    verdict = Verdict(
        row["id"], row["cluster_id"], row["kept_id"], row["relation"], row["spun"], pair
    )
    return settled(verdict, spun=spun)


def near_misses(leading: DataFrame, compared: DataFrame, done: DataFrame) -> list[NearMiss]:
    """The pairs of different clusters that came closest to being linked; see Copies."""
    clusters = done.filter("position is not null").select("id_a", "cluster_id")
    named = leading.select("node", F.col("id").alias("id_a")).join(clusters, "id_a", "left")
    named = named.select(
        "node", F.col("id_a").alias("id"), F.coalesce("cluster_id", "id_a").alias("cluster")
    )
    missed = sided(compared.filter("not linked"), named, "node", "id", "cluster")
    ends = F.least("a_id", "b_id").alias("id_a"), F.greatest("a_id", "b_id").alias("id_b")
    apart = missed.filter("a_cluster <> b_cluster").select(*ends, "containment", "missing")
    # Rounded here, as Python rounds: a few more than wanted are looked at, in case of ties.
    first = apart.orderBy("missing", "id_a", "id_b").limit(50 * NEAR_MISSES).collect()
    return list(nearest_misses(NearMiss(*row) for row in first))
