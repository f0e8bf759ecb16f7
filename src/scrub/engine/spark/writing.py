"""The files of a run from frames: rows are rendered where they lie, sorted, and streamed here."""

from __future__ import annotations

import io
from contextlib import ExitStack
from typing import TYPE_CHECKING

import orjson
import pyarrow as pa
from pyspark.sql import functions as F  # noqa: N812 - its usual name

from scrub.document import Document, Pair, Rejection
from scrub.engine.spark.columns import documents_of
from scrub.engine.spark.deciding import verdict_of
from scrub.engine.spark.frames import mapped
from scrub.lines import document_line
from scrub.spin.judge import SPUN
from scrub.write import tables
from scrub.write.corpus import write_corpus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from pyspark.sql import DataFrame

    from scrub.write.output import Output
    from scrub.write.tables import Cell

_RENDERED = "documents binary, corpus binary, changes binary, dedup binary"
_FILES = {"documents": "documents.jsonl", "changes": "changes.jsonl", "dedup": "dedup.csv"}


def with_verdicts(documents: DataFrame, done: DataFrame) -> DataFrame:
    """The documents with the columns of VERDICT, null for those without siblings."""
    verdicts = done.filter("position is not null").drop("id_a", "id_b")
    return documents.join(verdicts, "position", "left")


def write_documents(output: Output, found: DataFrame, form: str, folder: Path) -> None:
    """Write the texts, the changes and `dedup.csv`; `folder` is for the corpus on its way."""
    lines = folder / "corpus"
    with ExitStack() as stack:
        files = {name: stack.enter_context(output.open(file)) for name, file in _FILES.items()}
        files["corpus"] = stack.enter_context(lines.open("wb"))
        files["dedup"].write(_header(tables.DEDUP))
        rendered = mapped(found.orderBy("position"), _render, _RENDERED)
        for row in rendered.toLocalIterator(prefetchPartitions=True):
            for name, file in files.items():
                file.write(row[name])
    with lines.open("rb") as file:
        write_corpus(output, map(_document, file), form)


def _document(line: bytes) -> Document:
    return Document(**orjson.loads(line))


def _render(batches: Iterator[pa.Table]) -> Iterator[pa.Table]:
    for table in batches:
        documents = documents_of(table)
        rows = table.select(
            ["id", "score", "cluster_id", "cluster_size", "kept_id", "relation", "spun", "pair"]
        ).to_pylist()
        verdicts = {row["id"]: verdict_of(row) for row in rows}
        sizes = {verdicts[row["id"]].cluster_id: row["cluster_size"] or 1 for row in rows}
        scores = {row["id"]: row["score"] for row in rows}
        words = dict(zip(scores, table["words"].to_pylist(), strict=True))
        lines = [document_line(document) for document in documents]
        logs = zip(documents, table["changes"].to_pylist(), strict=True)
        yield pa.table(
            {
                "documents": [b"".join(lines)],
                "corpus": [
                    b"".join(
                        line
                        for line, d in zip(lines, documents, strict=True)
                        if verdicts[d.id].kept
                    )
                ],
                "changes": [
                    b"".join(_change_line(d.id, log) for d, log in logs if log is not None)
                ],
                "dedup": [
                    _csv(
                        tables.DEDUP,
                        tables.dedup_rows(documents, verdicts, scores, {}, words, sizes),
                    )
                ],
            }
        )


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


def write_empty(output: Output) -> None:
    """Write the tables of what is only found when words are flagged."""
    for name, columns in (("flags.csv", tables.FLAGS), ("lexicon.csv", tables.LEXICON)):
        with output.open(name) as file:
            file.write(_header(columns))


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


def counts(found: DataFrame, rejected: int) -> dict[str, int]:
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
        "flags": 0,
        "repairs": 0,
    }


def languages(documents: DataFrame) -> dict[str, int]:
    """Documents by language code, the most frequent first."""
    code = F.coalesce(F.get_json_object("metadata", "$.language"), F.lit(""))
    rows = documents.groupBy(code.alias("code")).count().collect()
    return dict(sorted(((r[0], r[1]) for r in rows), key=lambda item: (-item[1], item[0])))
