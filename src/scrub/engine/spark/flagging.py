"""Flags in two passes over whole components, with what all of them teach added up in between.

The same functions as in scrub.spin.flagging: `sibling_evidence`, `learn` and `search`.  A node's
workers ask one LanguageTool that a URL names, or start one of their own for as long as they live.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import orjson
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - its usual name

from scrub.config import Settings
from scrub.corpus import Corpus
from scrub.document import Document, Flag, Pair
from scrub.engine.spark.columns import features_of, typed
from scrub.engine.spark.frames import Scratch, mapped, mapped_each, ranked, total
from scrub.errors import MissingPartError
from scrub.match.pairs import Copies
from scrub.spin import evidence, languagetool, lessons, lexicon, phrases
from scrub.spin.context import SUSPECT
from scrub.spin.direction import SPUN
from scrub.spin.flagging import Knowledge, SiblingEvidence, by_document, search, sibling_evidence
from scrub.spin.judge import Clusters, in_clusters
from scrub.spin.languagetool.server import LARGE, Server
from scrub.spin.lessons import Lessons
from scrub.spin.lists import known_phrases, known_substitutions
from scrub.spin.ngrams import NgramModel, every
from scrub.spin.word_use import WordUse

# One row for a document (with `position`), a substitution (`a` for `b`), a word that was left
# alone (`a`), a word that suspect clusters use (`word`), or for all of these clusters.
_EVIDENCE = (
    "position long, sibling boolean, flags string, confirmed string, kind int, "
    "a string, b string, word long, n long, m long, doubt double, name string, at long, "
    "quotation string"
)
_DOCUMENT, _LESSON, _KEPT, _USE, _CLUSTERS = range(5)
FLAGGED = "position long, spin_score double, flags string, flag_count int, report string"
_PAIR = 1  # kind of a row that is a pair


class Flagging(NamedTuple):
    """The flags of documents (columns of FLAGGED), the lexicon, and LanguageTool's report."""

    found: DataFrame | None
    learned: lexicon.Lexicon
    report: Mapping[str, Any]


def language(scratch: Scratch, unpaired: DataFrame) -> NgramModel:
    """The language of the documents that neither look spun nor have a sibling.

    The same sample as scrub.spin.judge.language: every n-th in the order of the ids.
    """
    plain = unpaired.filter(F.col("score") < SUSPECT)
    step = every(total(plain, "words"))
    if step > 1:
        numbered = ranked(scratch, plain.select("id", "position"), "id", "by-id")
        plain = plain.join(
            numbered.filter(F.col("rank") % step == 0).select("position"), "position"
        )
    texts = plain.select("id", "text").toArrow()
    rows = zip(texts["id"].to_pylist(), texts["text"].to_pylist(), strict=True)
    return NgramModel.of_texts([text for _, text in sorted(rows)])


def flagged(
    scratch: Scratch,
    documents: DataFrame,
    unpaired: DataFrame,
    done: DataFrame,
    settings: Settings,
    folder: Path,
) -> Flagging:
    """Flag the substituted words of every document that looks spun."""
    model = language(scratch, unpaired)
    rows = scratch.keep(_rows(documents, unpaired, done, settings), "suspects")
    shared = scratch.shared(model)

    def collecting(tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
        for table in tables:
            yield from _sibling_evidence(table, shared.value, settings)

    collected = mapped(rows, collecting, _EVIDENCE, by="component", then=("kind", "position"))
    collected = scratch.keep(collected, "evidence")
    learned = lessons.learn(_lessons(collected), model)
    path = folder / "lexicon.csv"
    known_substitutions(learned, settings.spin).write(path)
    knowledge = scratch.shared(Knowledge(model, lexicon.read(path).by_spun(), _use(collected)))
    known = scratch.shared(known_phrases(settings.spin))

    def searching(table: pa.Table) -> pa.Table:
        return _search(table, knowledge.value, known.value, settings)

    of_documents = collected.filter(f"kind = {_DOCUMENT}").select(
        "position", "sibling", "flags", "confirmed"
    )
    members = rows.filter(f"kind <> {_PAIR}").drop("pair").join(of_documents, "position")
    found = mapped_each(members, searching, FLAGGED, by="component", then=("position",))
    found = scratch.keep(found, "flagged")
    reports = found.filter("report is not null").select("report").toArrow()["report"]
    report = _report(orjson.loads(text) for text in reports.to_pylist())
    return Flagging(found.filter("position is not null").drop("report"), learned, report)


def _rows(
    documents: DataFrame, unpaired: DataFrame, done: DataFrame, settings: Settings
) -> DataFrame:
    """The documents to look at, with their `component` and `cluster_id`, and the pairs."""
    columns = ("position", "id", "text", "score", "lengths")
    judged = done.filter("position is not null").select(
        "position",
        "component",
        "cluster_id",
        F.col("belief").alias("score"),
        (F.col("kept_id") == F.col("id_a")).alias("kept"),
    )
    siblings = documents.select(*columns).drop("score").join(judged, "position")
    if settings.languagetool.scope != "all" and known_phrases(settings.spin) is None:
        unpaired = unpaired.filter(F.col("score") >= SUSPECT)
    single = unpaired.select(
        *columns,
        F.coalesce("node", "position").alias("component"),
        F.col("id").alias("cluster_id"),
        F.lit(True).alias("kept"),
    )
    pairs = done.filter("position is null").select("component", "pair")
    return (
        siblings.unionByName(single)
        .withColumn("kind", F.lit(0))
        .unionByName(pairs.withColumn("kind", F.lit(_PAIR)), allowMissingColumns=True)
    )


def _batches(members: pa.Table, pairs: list[Pair]) -> Iterator[Clusters]:
    members = members.take(np.argsort(members["position"].to_numpy())).combine_chunks()
    ids, texts = members["id"].to_pylist(), members["text"].to_pylist()
    documents = [Document(i, text) for i, text in zip(ids, texts, strict=True)]
    scores = dict(zip(ids, members["score"].to_pylist(), strict=True))
    clusters = dict(zip(ids, members["cluster_id"].to_pylist(), strict=True))
    pairs.sort(key=lambda pair: (pair.id_a, pair.id_b))
    corpus = Corpus(documents, {}, features_of([], [members["lengths"]]), scores)
    return in_clusters(corpus, Copies(pairs, clusters))


def _sibling_evidence(table: pa.Table, model: NgramModel, settings: Settings) -> Iterator[pa.Table]:
    kinds = table["kind"].to_numpy()
    members, pairs = table.filter(kinds != _PAIR), table.filter(kinds == _PAIR)
    position = dict(zip(members["id"].to_pylist(), members["position"].to_pylist(), strict=True))
    for batch in _batches(members, [Pair(**orjson.loads(p)) for p in pairs["pair"].to_pylist()]):
        shown = sibling_evidence(batch, model, settings.spin)
        flags = by_document(shown.flags)
        ids = list(batch.texts)
        yield typed(
            _EVIDENCE,
            {
                "kind": [_DOCUMENT] * len(ids),
                "position": [position[i] for i in ids],
                "sibling": [i in shown.siblings for i in ids],
                "flags": [orjson.dumps(flags.get(i, [])).decode() for i in ids],
                "confirmed": [
                    orjson.dumps(sorted(shown.confirmed.get(i, ()))).decode() for i in ids
                ],
            },
        )
        yield from _taught(shown.lessons, shown.use)


def _taught(taught: Lessons, use: WordUse) -> Iterator[pa.Table]:
    keys = list(taught.pairs)
    examples = [taught.examples[key] for key in keys]
    yield typed(
        _EVIDENCE,
        {
            "kind": [_LESSON] * len(keys),
            "a": [key[0] for key in keys],
            "b": [key[1] for key in keys],
            "n": [taught.pairs[key] for key in keys],
            "m": [taught.documents[key] for key in keys],
            "doubt": [example[0] for example in examples],
            "name": [example[1] for example in examples],
            "at": [example[2] for example in examples],
            "quotation": [example[3] for example in examples],
        },
    )
    yield typed(
        _EVIDENCE,
        {
            "kind": [_KEPT] * len(taught.kept),
            "a": list(taught.kept),
            "n": list(taught.kept.values()),
        },
    )
    yield typed(
        _EVIDENCE,
        {
            "kind": [_USE] * len(use.words),
            "word": use.words.astype(np.int64),
            "n": use.suspect,
            "m": use.clusters,
        },
    )
    yield typed(_EVIDENCE, {"kind": [_CLUSTERS], "n": [use.weight], "m": [use.number]})


def _lessons(collected: DataFrame) -> Lessons:
    """The lessons of all batches; as many rows as there are different substitutions and words."""
    example = F.min(F.struct("doubt", "name", "at", "quotation")).alias("example")
    pairs = collected.filter(f"kind = {_LESSON}").groupBy("a", "b")
    rows = pairs.agg(F.sum("n").alias("n"), F.sum("m").alias("m"), example).toArrow().to_pylist()
    kept = collected.filter(f"kind = {_KEPT}").groupBy("a").agg(F.sum("n").alias("n")).toArrow()
    return Lessons(
        Counter({(row["a"], row["b"]): row["n"] for row in rows}),
        Counter({(row["a"], row["b"]): row["m"] for row in rows}),
        {(row["a"], row["b"]): tuple(row["example"].values()) for row in rows},
        Counter(dict(zip(kept["a"].to_pylist(), kept["n"].to_pylist(), strict=True))),
    )


def _use(collected: DataFrame) -> WordUse:
    """The words of all suspect clusters; as many rows as there are different words."""
    sums = (F.sum("n").alias("n"), F.sum("m").alias("m"))
    words = collected.filter(f"kind = {_USE}").groupBy("word").agg(*sums).orderBy("word").toArrow()
    [clusters] = collected.filter(f"kind = {_CLUSTERS}").agg(*sums).collect()
    return WordUse(
        words["word"].to_numpy().astype(np.uint32),
        words["n"].to_numpy().astype(np.int64),
        words["m"].to_numpy().astype(np.int64),
        int(clusters.n or 0),
        int(clusters.m or 0),
    )


def _search(
    table: pa.Table, knowledge: Knowledge, listed: phrases.Phrases | None, settings: Settings
) -> pa.Table:
    columns = ["id", "position", "sibling", "flags", "confirmed", "kept"]
    rows = table.select(columns).to_pylist()
    wanted = {row["id"] for row in rows if row["kept"] or settings.spin.search_copies}
    position = {row["id"]: row["position"] for row in rows}
    beside = SiblingEvidence(
        frozenset(row["id"] for row in rows if row["sibling"]),
        [Flag(**flag) for row in rows for flag in orjson.loads(row["flags"])],
        {row["id"]: set(orjson.loads(row["confirmed"])) for row in rows},
        Lessons(),
        WordUse.merge([]),
    )
    flags: list[Flag] = []
    final: dict[str, float] = {}
    texts: dict[str, str] = {}
    for batch in _batches(table, []):
        found = search(batch, beside, wanted, knowledge, settings.spin)
        flags += found.flags
        final.update(found.beliefs)
        texts.update(batch.texts)
    asking = settings.languagetool
    some = asking.scope == "all" or any(belief >= SPUN for belief in final.values())
    server = _server() if some and asking.scope != "off" and not asking.url else None
    by_rules, report = languagetool.flags(
        {i: text for i, text in texts.items() if i in wanted},
        final,
        asking,
        threshold=SPUN,
        own="" if server is None else server.url,
    )
    known = [] if listed is None else phrases.flags(texts, listed)
    merged = evidence.merge(beside.flags, flags, by_rules, known, confirmed=beside.confirmed)
    of_document = by_document(merged)
    ids = list(final)
    counts = [len(of_document.get(i, ())) for i in ids]
    return typed(
        FLAGGED,
        {
            "position": [*(position[i] for i in ids), None],
            "spin_score": [*(final[i] for i in ids), None],
            "flags": [*(orjson.dumps(of_document.get(i, [])).decode() for i in ids), None],
            "flag_count": [*counts, None],
            "report": [*(None for _ in ids), orjson.dumps(asdict(report)).decode()],
        },
    )


@lru_cache(maxsize=1)
def _server() -> Server | None:
    """A server that ends with this worker; None where there can be none, which reports say."""
    try:
        return Server(LARGE)
    except MissingPartError:
        return None


def _report(parts: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """One report of many: counts added up, and the first outcome that is not plain success."""
    merged: dict[str, Any] = asdict(languagetool.LanguageToolReport())
    for part in parts:
        for name, value in part.items():
            if isinstance(value, str):
                merged[name] = merged[name] or value
            else:
                merged[name] = round(merged[name] + value, 3)
        if merged["outcome"] in ("off", "done"):
            merged["outcome"] = part["outcome"]
    return merged
