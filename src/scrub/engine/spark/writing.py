"""The files of a run from frames: rows are rendered where they lie, sorted, and streamed here."""

from __future__ import annotations

import io
from contextlib import ExitStack
from typing import TYPE_CHECKING

import orjson
import pyarrow as pa
from pyspark.sql import functions as F  # noqa: N812 - its usual name

from scrub.clean.changes import source_span
from scrub.document import Change, Flag, Pair, Rejection
from scrub.engine.spark.columns import documents_of
from scrub.engine.spark.deciding import verdict_of
from scrub.engine.spark.frames import mapped
from scrub.lines import document_line, document_of
from scrub.repairing import repaired
from scrub.spin.judge import SPUN
from scrub.write import tables
from scrub.write.corpus import write_corpus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from pyspark.sql import DataFrame

    from scrub.config import Settings
    from scrub.spin.lexicon import Lexicon
    from scrub.write.output import Output
    from scrub.write.tables import Cell

_RENDERED = (
    "documents binary, corpus binary, changes binary, dedup binary, flags binary, repairs int"
)
_FILES = {
    "documents": "documents.jsonl",
    "changes": "changes.jsonl",
    "dedup": "dedup.csv",
    "flags": "flags.csv",
}
_NO_FLAGS = {"spin_score": "double", "flags": "string", "flag_count": "int"}


def with_verdicts(documents: DataFrame, done: DataFrame, found: DataFrame | None) -> DataFrame:
    """The documents with the columns of VERDICT, null for those without siblings, and of FLAGGED.

    The latter are null where nothing was looked for.
    """
    verdicts = done.filter("position is not null").drop("id_a", "id_b", "component")
    documents = documents.join(verdicts, "position", "left")
    if found is not None:
        return documents.join(found, "position", "left")
    return documents.withColumns({n: F.lit(None).cast(kind) for n, kind in _NO_FLAGS.items()})


def write_documents(output: Output, found: DataFrame, settings: Settings, folder: Path) -> int:
    """Write the texts, the changes, `dedup.csv` and `flags.csv`; returns how many repairs.

    `folder` is for the corpus on its way.
    """
    lines = folder / "corpus"
    confidence = settings.spin.repair_confidence
    repairs = 0

    def render(batches: Iterator[pa.Table]) -> Iterator[pa.Table]:
        for table in batches:
            yield _render(table, confidence)

    with ExitStack() as stack:
        files = {name: stack.enter_context(output.open(file)) for name, file in _FILES.items()}
        files["corpus"] = stack.enter_context(lines.open("wb"))
        files["dedup"].write(_header(tables.DEDUP))
        files["flags"].write(_header(tables.FLAGS))
        rendered = mapped(found.orderBy("position"), render, _RENDERED)
        for row in rendered.toLocalIterator(prefetchPartitions=True):
            for name, file in files.items():
                file.write(row[name])
            repairs += row.repairs
    with lines.open("rb") as file:
        write_corpus(output, map(document_of, file), settings.write.format)
    return repairs


def _render(table: pa.Table, confidence: float) -> pa.Table:
    documents = documents_of(table)
    names = (
        "id", "score", "cluster_id", "cluster_size", "kept_id", "relation", "spun", "pair",
        "spin_score", "flags", "changes", "words",
    )  # fmt: skip
    rows = {row["id"]: row for row in table.select(names).to_pylist()}
    verdicts = {i: verdict_of(row) for i, row in rows.items()}
    sizes = {verdicts[i].cluster_id: row["cluster_size"] or 1 for i, row in rows.items()}
    scores = {
        i: row["score"] if row["spin_score"] is None else row["spin_score"]
        for i, row in rows.items()
    }
    flags = {
        i: [Flag(**flag) for flag in orjson.loads(row["flags"])]
        for i, row in rows.items()
        if row["flags"] is not None
    }
    words = {i: row["words"] for i, row in rows.items()}
    lines, corpus, repairs = [], [], 0
    for document in documents:
        lines.append(line := document_line(document))
        if not verdicts[document.id].kept:
            continue
        if changed := repaired(document, flags.get(document.id, ()), confidence):
            repairs += changed.metadata["repairs"]
            line = document_line(changed)
        corpus.append(line)
    logs = {i: row["changes"] for i, row in rows.items() if row["changes"] is not None}
    dedup = tables.dedup_rows(documents, verdicts, scores, flags, words, sizes)
    return pa.table(
        {
            "documents": [b"".join(lines)],
            "corpus": [b"".join(corpus)],
            "changes": [b"".join(_change_line(i, log) for i, log in logs.items())],
            "dedup": [_csv(tables.DEDUP, dedup)],
            "flags": [_csv(tables.FLAGS, tables.flag_rows(_placed(flags, logs)))],
            "repairs": pa.array([repairs], pa.int32()),
        }
    )


def _placed(
    flags: dict[str, list[Flag]], logs: dict[str, str]
) -> Iterator[tuple[Flag, tuple[int, int]]]:
    """Every flag with its span in the input's decoded text."""
    for i, found in flags.items():
        if found:
            changes = [Change(**change) for change in orjson.loads(logs.get(i, "[]"))]
            for flag in found:
                yield flag, source_span(changes, flag.start, flag.end)


def write_pairs(output: Output, done: DataFrame) -> None:
    """Write `pairs.csv`."""
    pairs = done.filter("position is null").select("id_a", "id_b", "pair").orderBy("id_a", "id_b")

    def rows(table: pa.Table) -> Iterable[Sequence[Cell]]:
        return tables.pair_rows(Pair(**orjson.loads(pair)) for pair in table["pair"].to_pylist())

    _write(output, "pairs.csv", tables.PAIRS, [pairs], rows)


def write_rejections(output: Output, read: DataFrame, prepared: DataFrame) -> None:
    """Write `rejected.csv`: what could not be read, then what a quality filter took out."""
    columns = ("position", "id", "path", "reason", "detail")
    unread = read.filter("reason is not null").select(*columns)
    filtered = prepared.filter("failure is not null").select(
        "position", "id", "path", F.lit("quality").alias("reason"), F.col("failure").alias("detail")
    )

    def rows(table: pa.Table) -> Iterable[Sequence[Cell]]:
        fields = (table[name].to_pylist() for name in columns[1:])
        return tables.rejection_rows([Rejection(*row) for row in zip(*fields, strict=True)])

    parts = [frame.orderBy("position") for frame in (unread, filtered)]
    _write(output, "rejected.csv", tables.REJECTED, parts, rows)


def write_lexicon(output: Output, learned: Lexicon) -> None:
    """Write `lexicon.csv`."""
    with output.open("lexicon.csv") as file:
        tables.write_table(file, tables.LEXICON, tables.lexicon_rows(learned))


def _write(
    output: Output,
    name: str,
    columns: Sequence[str],
    frames: Sequence[DataFrame],
    rows: Callable[[pa.Table], Iterable[Sequence[Cell]]],
) -> None:
    def render(batches: Iterator[pa.Table]) -> Iterator[pa.Table]:
        for table in batches:
            yield pa.table({"lines": [_csv(columns, rows(table))]})

    with output.open(name) as file:
        file.write(_header(columns))
        for frame in frames:
            for row in mapped(frame, render, "lines binary").toLocalIterator():
                file.write(row.lines)


def _header(columns: Sequence[str]) -> bytes:
    buffer = io.BytesIO()
    tables.write_table(buffer, columns, ())
    return buffer.getvalue()


def _csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The rows as they follow the header."""
    buffer = io.BytesIO()
    tables.write_table(buffer, columns, rows)
    return buffer.getvalue()[len(_header(columns)) :]


def _change_line(name: str, log: str) -> bytes:
    record = {"id": name, "changes": orjson.Fragment(log)}
    return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)


def counts(found: DataFrame, rejected: int, repairs: int) -> dict[str, int]:
    """How many inputs ended where, as scrub.write.record.count has it."""
    relation = F.coalesce("relation", F.lit("unique"))
    kept = relation.isin("unique", "kept")
    spun = F.coalesce("spun", F.when(F.col("score") >= SPUN, "this").otherwise("no"))
    numbers = {
        "read": F.count("*"),
        "kept": F.count_if(kept),
        **{name: F.count_if(relation == name) for name in ("unique", "exact", "near", "excerpt")},
        "clusters": F.count_if(F.coalesce("cluster_id", "id") == F.col("id")),
        "spun": F.count_if(spun.isin("this", "both")),
        "flags": F.sum("flag_count"),
    }
    [row] = found.agg(*(column.alias(name) for name, column in numbers.items())).collect()
    total = {name: int(value or 0) for name, value in row.asDict().items()}
    read, kept_count = total.pop("read"), total.pop("kept")
    return {
        "inputs": read + rejected,
        "rejected": rejected,
        "read": read,
        "kept": kept_count,
        "copies": read - kept_count,
        **total,
        "repairs": repairs,
    }


def languages(documents: DataFrame) -> dict[str, int]:
    """Documents by language code, the most frequent first."""
    code = F.coalesce(F.get_json_object("metadata", "$.language"), F.lit(""))
    rows = documents.groupBy(code.alias("code")).count().collect()
    return dict(sorted(((r[0], r[1]) for r in rows), key=lambda item: (-item[1], item[0])))
