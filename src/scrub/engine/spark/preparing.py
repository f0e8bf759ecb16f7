"""Cleaning, features and scores of every document, once its lines are counted in all of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import orjson
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - its usual name

from scrub.batches import prepare
from scrub.clean.repeated import (
    MIN_PAGES,
    MOST_LINES,
    LineCounts,
    RepeatedLines,
    count_lines,
    repeated_lines,
)
from scrub.config import CleanSettings, Settings
from scrub.document import Document
from scrub.engine.spark.columns import (
    DOCUMENT,
    FEATURES,
    document_columns,
    documents_of,
    feature_columns,
    typed,
)
from scrub.engine.spark.frames import Scratch, mapped, mapped_each
from scrub.match.pairs import quote_sentence

_LINES = "key long, source long, pages long, before long, after long"
PREPARED = (
    f"{DOCUMENT}, changes string, failure string, score double, sentences int, opening string, "
    f"{FEATURES}, begins binary, sketch binary, places binary, bands binary"
)


def prepared(scratch: Scratch, documents: DataFrame, settings: Settings) -> DataFrame:
    """The documents, cleaned, with the columns of PREPARED; `failure` says why one is rejected."""
    repeated = scratch.shared(_repeated(scratch, documents, settings.clean))

    def run(tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
        for table in tables:
            yield from _prepare(settings, repeated.value, table)

    return scratch.keep(mapped(documents, run, PREPARED), "prepared")


def _repeated(scratch: Scratch, documents: DataFrame, settings: CleanSettings) -> RepeatedLines:
    """The lines that are boilerplate by repetition, counted in all documents.

    Only lines that stand on enough pages are brought together here, of at most MOST_LINES that
    are counted at all.
    """
    if not settings.boilerplate:
        return RepeatedLines()
    counted = mapped_each(documents.select("source", "text"), _counts, _LINES)
    lines = scratch.keep(
        counted.groupBy("key", "source").agg(
            F.sum("pages").alias("pages"),
            F.bit_or("before").alias("before"),
            F.bit_or("after").alias("after"),
        ),
        "lines",
    )
    pages = lines.filter("key = 0").select("source", "pages").toArrow()
    sources = pages["source"].to_numpy().view(np.uint64).tolist()
    lines = _fewest(lines.filter("key <> 0"))
    often = lines.groupBy("key").agg(F.sum("pages").alias("all")).filter(f"all >= {MIN_PAGES}")
    rows = lines.join(often, "key", "left_semi").toArrow()
    key, source = (rows[name].to_numpy().view(np.uint64) for name in ("key", "source"))
    order = np.lexsort((source, key))
    pages_of, before, after = (
        rows[name].to_numpy()[order].astype(np.uint32) for name in ("pages", "before", "after")
    )
    known = dict(zip(sources, pages["pages"].to_pylist(), strict=True))
    counts = LineCounts(key[order], source[order], pages_of, before, after, known)
    return repeated_lines(counts, settings)


def _fewest(lines: DataFrame) -> DataFrame:
    """The lines that LineCounts would have kept: the largest digests go when there are too many."""
    bits = F.length(F.bin("key"))  # of the digest, read as an unsigned number
    rows = lines.groupBy(bits.alias("bits")).count().collect()
    lengths: dict[int, int] = {row[0]: row[1] for row in rows}
    if sum(lengths.values()) <= MOST_LINES:
        return lines
    limit = 63
    while sum(count for length, count in lengths.items() if length <= limit) > MOST_LINES:
        limit -= 1
    return lines.filter(bits <= limit)


def _counts(table: pa.Table) -> pa.Table:
    """The lines of a batch; a row of key 0 counts the documents of a source."""
    columns = zip(table["source"].to_pylist(), table["text"].to_pylist(), strict=True)
    counts = count_lines([Document("", text, source=source) for source, text in columns])
    sources = np.array(list(counts.documents), np.uint64)
    none = np.zeros(len(sources), np.int64)
    pages = np.array(list(counts.documents.values()), np.int64)
    return pa.table(
        {
            "key": np.concatenate([counts.key.view(np.int64), none]),
            "source": np.concatenate([counts.source, sources]).view(np.int64),
            "pages": np.concatenate([counts.pages.astype(np.int64), pages]),
            "before": np.concatenate([counts.before.astype(np.int64), none]),
            "after": np.concatenate([counts.after.astype(np.int64), none]),
        }
    )


def _prepare(settings: Settings, repeated: RepeatedLines, table: pa.Table) -> Iterator[pa.Table]:
    batch = documents_of(table)
    positions = dict(zip((d.id for d in batch), table["position"].to_pylist(), strict=True))
    done = prepare(settings, repeated, batch)
    texts = [document.text for document in done.documents]
    openings = [quote_sentence(done.features, texts, k, 0) for k in range(len(texts))]
    yield typed(
        PREPARED,
        {
            "position": [positions[d.id] for d in done.documents],
            **document_columns(done.documents),
            "changes": [orjson.dumps(log).decode() if log else None for log in done.changes],
            "score": done.scores,
            "sentences": np.diff(done.features.documents).astype(np.int32),
            "opening": openings,
            **feature_columns(done.features),
        },
    )
    if done.rejections:
        yield typed(
            PREPARED,
            {
                "position": [positions[r.id] for r in done.rejections],
                "id": [r.id for r in done.rejections],
                "path": [r.path for r in done.rejections],
                "failure": [r.detail for r in done.rejections],
            },
        )
