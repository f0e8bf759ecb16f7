"""The files of a run as a frame of their lines: rendered where the rows lie, then sorted."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial, reduce
from pathlib import Path
from typing import BinaryIO

import orjson
import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 - its usual name

from scrub.batches import SLOW
from scrub.clean.spans import SourceSpans
from scrub.config import Settings
from scrub.document import Change, Flag, Pair, Rejection
from scrub.engine.spark.columns import documents_of, typed
from scrub.engine.spark.deciding import verdict_of
from scrub.engine.spark.frames import Scratch, mapped, mapped_each
from scrub.engine.spark.hadoop import Hadoop
from scrub.lines import change_line, document_line, document_of
from scrub.repairing import repaired
from scrub.sources import origin
from scrub.spin.direction import SPUN
from scrub.spin.lexicon import Lexicon
from scrub.write import tables
from scrub.write.corpus import write_corpus
from scrub.write.output import Output
from scrub.write.tables import Cell

# The lines of a document in each file, with their ends; null where it has none there.
_RENDERED = (
    "position long, documents binary, corpus binary, changes binary, dedup binary, sources binary, "
    "flags binary, repairs int, unread int"
)
_FILES = {
    "documents": "documents.jsonl",
    "corpus": "corpus.jsonl",
    "changes": "changes.jsonl",
    "dedup": "dedup.csv",
    "sources": "sources.csv",
    "flags": "flags.csv",
}
_TABLES = {
    "dedup.csv": tables.DEDUP,
    "pairs.csv": tables.PAIRS,
    "sources.csv": tables.SOURCES,
    "flags.csv": tables.FLAGS,
    "rejected.csv": tables.REJECTED,
}
# Some lines of a file; those of one partition are in the order of `number`, and partitions follow
# one another as files have them.
_LINES = "file string, number long, value binary"
_SHOWN = (
    "position", "id", "path", "source", "added", "created", "text", "metadata", "changes", "score",
    "words", "cluster_id", "cluster_size", "kept_id", "relation", "spun", "belief", "pair",
    "spin_score", "flags", "rewrite_evidence",
)  # fmt: skip
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


def rendered(scratch: Scratch, found: DataFrame, settings: Settings) -> DataFrame:
    """What every document has in the files, with the columns of _RENDERED."""
    render = partial(_render, confidence=settings.spin.repair_confidence)
    return scratch.keep(mapped_each(found.select(*_SHOWN), render, _RENDERED), "rendered")


def lines(
    scratch: Scratch, documents: DataFrame, done: DataFrame, rewrites: DataFrame, read: DataFrame,
    prepared: DataFrame,
) -> DataFrame:  # fmt: skip
    """All files but the small ones, as rows of _LINES, in order."""
    headers = [(name, -1, _header(columns)) for name, columns in _TABLES.items()]
    first = scratch.spark.createDataFrame(headers, _LINES).coalesce(1)
    frames = [
        mapped(documents.orderBy("position"), _together, _LINES),
        _pairs(done.filter("position is null"), rewrites),
        *_rejections(read, prepared),
    ]
    return reduce(type(first).unionByName, frames, first)


def _together(batches: Iterator[pa.Table]) -> Iterator[pa.Table]:
    for number, table in enumerate(batches):
        values = [b"".join(table[name].drop_null().to_pylist()) for name in _FILES]
        filled = [
            (file, value) for file, value in zip(_FILES.values(), values, strict=True) if value
        ]
        yield _line_table(number, filled)


def _line_table(number: int, values: Sequence[tuple[str, bytes]]) -> pa.Table:
    return typed(
        _LINES,
        {
            "file": [file for file, _ in values],
            "number": [number] * len(values),
            "value": [value for _, value in values],
        },
    )


def _render(table: pa.Table, confidence: float) -> pa.Table:
    documents = documents_of(table)
    rows = table.drop_columns(["text", "metadata"]).to_pylist()
    columns: dict[str, list[bytes | int | None]] = {
        name: [] for name in (*_FILES, "position", "repairs", "unread")
    }
    for document, row in zip(documents, rows, strict=True):
        scores = (row["spin_score"], row["belief"], row["score"])
        score = next(value for value in scores if value is not None)
        i, log, verdict = document.id, row["changes"], verdict_of(row, score)
        flags = [Flag(**flag) for flag in orjson.loads(row["flags"] or "[]")]
        line = kept = document_line(document)
        repairs = 0
        if verdict.kept and (changed := repaired(document, flags, confidence)):
            repairs = changed.metadata["repairs"]
            kept = document_line(changed)
        its_flags = {} if row["flags"] is None else {i: flags}
        size = {verdict.cluster_id: row["cluster_size"] or 1}
        dedup = tables.dedup_rows(
            [(i, document.path)], {i: verdict}, {i: score}, its_flags, {i: row["words"]}, size,
            rewrites={i: row["rewrite_evidence"] or ""},
        )  # fmt: skip
        place = origin(document)
        sources = tables.source_rows([i], [place], {i: verdict}, {})
        placed = tables.flag_rows(_placed(flags, log))
        made = {
            "position": row["position"],
            "documents": line,
            "corpus": kept if verdict.kept else None,
            "changes": None if log is None else change_line(i, orjson.Fragment(log)),
            "dedup": _csv(tables.DEDUP, dedup),
            "sources": _csv(tables.SOURCES, sources),
            "flags": _csv(tables.FLAGS, placed) if flags else None,
            "repairs": repairs,
            "unread": int(bool(place.unread)),
        }
        for name, value in made.items():
            columns[name].append(value)
    return typed(_RENDERED, columns)


def _placed(flags: list[Flag], log: str | None) -> Iterator[tuple[Flag, tuple[int, int]]]:
    """Every flag with its span in the input's decoded text."""
    changes = [Change(**change) for change in orjson.loads(log or "[]")] if flags else []
    source = SourceSpans(changes)
    for flag in flags:
        yield flag, source(flag.start, flag.end)


def _pairs(*linked: DataFrame) -> DataFrame:
    frames = [frame.select("id_a", "id_b", "pair") for frame in linked]
    pairs = reduce(type(frames[0]).unionByName, frames).orderBy("id_a", "id_b")

    def rows(table: pa.Table) -> Iterable[Sequence[Cell]]:
        return tables.pair_rows(Pair(**orjson.loads(pair)) for pair in table["pair"].to_pylist())

    return _table("pairs.csv", pairs, rows)


def reason_of_failure() -> Column:
    """The reason of a rejection that `failure` stands for, as `batches.rejection` has it."""
    return F.when(F.col("failure") == SLOW, "too-slow").otherwise("quality").alias("reason")


def _rejections(read: DataFrame, prepared: DataFrame) -> list[DataFrame]:
    """What could not be read, then what cleaning took out."""
    columns = ("position", "id", "path", "reason", "detail")
    unread = read.filter("reason is not null").select(*columns)
    filtered = prepared.filter("failure is not null").select(
        "position", "id", "path", reason_of_failure(), F.col("failure").alias("detail")
    )

    def rows(table: pa.Table) -> Iterable[Sequence[Cell]]:
        fields = (table[name].to_pylist() for name in columns[1:])
        return tables.rejection_rows([Rejection(*row) for row in zip(*fields, strict=True)])

    return [_table("rejected.csv", frame.orderBy("position"), rows) for frame in (unread, filtered)]


def _table(
    name: str, frame: DataFrame, rows: Callable[[pa.Table], Iterable[Sequence[Cell]]]
) -> DataFrame:
    columns = _TABLES[name]

    def render(batches: Iterator[pa.Table]) -> Iterator[pa.Table]:
        for number, table in enumerate(batches):
            if value := _csv(columns, rows(table)):
                yield _line_table(number, [(name, value)])

    return mapped(frame, render, _LINES)


def write_parts(lines: DataFrame, folder: str) -> dict[str, str]:
    """Have executors write all of them; where the parts of each file are, by its name.

    A part's name says which it is; what follows it is not the order of anything.
    """
    # The sort that a write by folders needs, made here: it keeps the order within a file.
    rows = lines.sortWithinPartitions("file", "number").select(
        F.expr("cast(substring(value, 1, length(value) - 1) as string)").alias("value"), "file"
    )
    rows.write.partitionBy("file").text(folder)
    found = Hadoop(lines.sparkSession).names(folder, folders=True)
    return {name.removeprefix("file="): f"{folder}/{name}" for name in found}


def write_files(
    output: Output, lines: DataFrame, format: str, scratch: Scratch, folder: Path
) -> None:
    """Write all of them into a folder of this machine, part by part.

    `folder` is for what is on its way.
    """
    parts = write_parts(lines, f"{scratch.folder}/files")
    names = (*dict.fromkeys([*_FILES.values(), *_TABLES]),)
    for name in names:
        texts = _fetched(scratch, parts.get(name), folder)
        if name == "corpus.jsonl" and format != "jsonl":
            write_corpus(output, (document_of(line) for text in texts for line in text), format)
            continue
        with output.open(name) as file:
            for text in texts:
                shutil.copyfileobj(text, file, 1 << 20)


def _fetched(scratch: Scratch, parts: str | None, folder: Path) -> Iterator[BinaryIO]:
    """The parts of a file, in order, each a file of this machine as long as it is looked at."""
    if parts is None:
        return
    hadoop = Hadoop(scratch.spark)
    copy = folder / "part"
    for part in hadoop.names(parts):
        hadoop.fetch(f"{parts}/{part}", copy)
        with copy.open("rb") as file:
            yield file


def lexicon_table(learned: Lexicon) -> bytes:
    """`lexicon.csv`."""
    return _header(tables.LEXICON) + _csv(tables.LEXICON, tables.lexicon_rows(learned))


@lru_cache
def _header(columns: tuple[str, ...]) -> bytes:
    buffer = io.BytesIO()
    tables.write_table(buffer, columns, ())
    return buffer.getvalue()


def _csv(columns: tuple[str, ...], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The rows as they follow the header."""
    buffer = io.BytesIO()
    tables.write_table(buffer, columns, rows)
    return buffer.getvalue()[len(_header(columns)) :]


def counts(found: DataFrame, rejected: int, repairs: int) -> dict[str, int]:
    """How many inputs ended where, as scrub.write.record.count_documents has it."""
    relation = F.coalesce("relation", F.lit("unique"))
    kept = relation.isin("unique", "kept")
    numbers = {
        "read": F.count("*"),
        "kept": F.count_if(kept),
        **{name: F.count_if(relation == name) for name in ("unique", "exact", "near", "excerpt")},
        "clusters": F.count_if(F.coalesce("cluster_id", "id") == F.col("id")),
        "spun": F.count_if(F.coalesce("spin_score", "belief", "score") >= SPUN),
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
