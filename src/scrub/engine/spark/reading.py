"""The inputs as a frame: every partition reads some of the files, in the order of all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

import numpy as np
import orjson
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - its usual name

from scrub.config import ReadSettings
from scrub.document import Document, Rejection
from scrub.engine.spark.columns import DOCUMENT, document_columns
from scrub.engine.spark.frames import Scratch, mapped, mapped_each
from scrub.origin import input_digest
from scrub.read.ids import Ids
from scrub.read.reader import Reader
from scrub.read.walk import Entry

Found = Entry | Rejection
READ = f"{DOCUMENT}, reason string, detail string"
RECORDS = 40  # bits of a position that number the records of one partition
_ROWS = 500
# What `Ids` appends to an id that is taken; ids that share what stands before can meet.
_DERIVED = r"(~[0-9a-f]{12}(-[0-9]+)?)+\z"


def read(scratch: Scratch, files: list[Found], settings: ReadSettings) -> DataFrame:
    """All that can be read, and what cannot: columns of READ, the last two null for documents.

    `position` orders the rows as one machine would have read them, however many partitions there
    are.  The executors open the files by the same paths as the driver, which found them.
    """

    def read_part(part: int, files: list[Found]) -> Iterator[pa.Table]:
        yield from as_tables(Reader(files, settings, jobs=1).as_given(), part << RECORDS)

    parts = _parts(files, wanted_parts(scratch.spark))
    given = _each_part(scratch.spark, parts, read_part, READ)
    return with_unique_ids(scratch, kept(scratch, given, len(parts)))


def kept(scratch: Scratch, given: DataFrame, parts: int) -> DataFrame:
    """The rows of READ, kept in as many partitions as the session wants."""
    wanted = wanted_parts(scratch.spark)
    if parts < wanted:  # one large file is one partition: others take their share here
        given = given.repartition(wanted, "position")
    return scratch.keep(given, "read")


def digests(scratch: Scratch, files: list[Found]) -> dict[str, str]:
    """The SHA-256 of every file that `read` opens, by its path."""

    def digest_part(_: int, files: list[Found]) -> Iterator[pa.Table]:
        paths = [file.path for file in files if isinstance(file, Entry)]
        found = pa.array([input_digest(path) for path in paths], pa.string())
        yield pa.table({"path": pa.array(paths, pa.string()), "digest": found})

    parts = _parts(files, wanted_parts(scratch.spark))
    schema = "path string, digest string"
    found = _each_part(scratch.spark, parts, digest_part, schema).toArrow()
    return dict(zip(found["path"].to_pylist(), found["digest"].to_pylist(), strict=True))


def wanted_parts(spark: SparkSession) -> int:
    """Into how many parts the session cuts what it works on."""
    return int(spark.conf.get("spark.sql.shuffle.partitions") or 200)


def _each_part(
    spark: SparkSession,
    parts: list[list[Found]],
    function: Callable[[int, list[Found]], Iterator[pa.Table]],
    schema: str,
) -> DataFrame:
    """The tables that `function` makes of each part's number and files, a partition for each."""
    listed = spark.sparkContext.broadcast(parts)

    def run(tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
        for table in tables:
            for part in table["id"].to_pylist():
                yield from function(part, listed.value[part])

    return mapped(spark.range(0, len(parts), 1, max(1, len(parts))), run, schema)


def _parts(files: list[Found], wanted: int) -> list[list[Found]]:
    """The files in at most `wanted` runs of about as many bytes."""
    sizes = [file.size + 1000 if isinstance(file, Entry) else 1000 for file in files]
    ends = np.cumsum(sizes)
    cuts = np.searchsorted(ends, np.linspace(0, ends[-1] if len(ends) else 0, wanted + 1))
    cuts[-1] = len(files)
    return [files[a:b] for a, b in pairwise(cuts.tolist()) if a < b]


def as_tables(results: Iterable[Document | Rejection], position: int) -> Iterator[pa.Table]:
    """Rows of READ, numbered from `position` on."""
    waiting: list[Document | Rejection] = []
    for result in results:
        waiting.append(result)
        if len(waiting) == _ROWS:
            yield _rows(waiting, position)
            position += len(waiting)
            waiting = []
    if waiting:
        yield _rows(waiting, position)


def _rows(results: list[Document | Rejection], position: int) -> pa.Table:
    documents = [r if isinstance(r, Document) else Document(r.id, "", r.path) for r in results]
    columns = document_columns(documents)
    for name in ("reason", "detail"):
        columns[name] = [None if isinstance(r, Document) else getattr(r, name) for r in results]
    positions = np.arange(position, position + len(results))
    text = pa.string()
    return pa.table({"position": positions, **{n: pa.array(c, text) for n, c in columns.items()}})


def with_unique_ids(scratch: Scratch, given: DataFrame) -> DataFrame:
    """The rows with the ids that `Ids` gives where some repeat."""
    root = F.regexp_replace("id", _DERIVED, "")
    rooted = given.filter("reason is null").select("position", "id", root.alias("root"))
    repeated = rooted.groupBy("root").count().filter("count > 1").select("root")
    repeated = scratch.keep(repeated, "repeated-ids")
    if repeated.isEmpty():
        return given
    concerned = given.join(
        rooted.join(repeated, "root").select("position", "root"), "position"
    ).select("root", "position", "id", "text", "metadata")
    renamed = mapped_each(
        concerned, _renamed, "position long, new_id string, new_metadata string",
        by="root", then=("position",),
    )  # fmt: skip
    whole = given.join(scratch.keep(renamed, "renamed"), "position", "left")
    return whole.withColumns(
        {"id": F.coalesce("new_id", "id"), "metadata": F.coalesce("new_metadata", "metadata")}
    ).drop("new_id", "new_metadata")


def _renamed(table: pa.Table) -> pa.Table:
    names = ("position", "root", "id", "text", "metadata")
    ids, before = Ids(), None
    rows: list[tuple[int, str, str]] = []
    columns = [table[name].to_pylist() for name in names]
    for position, root, given, text, metadata in zip(*columns, strict=True):
        if root != before:
            ids, before = Ids(), root
        document = Document(given, text, metadata=orjson.loads(metadata))
        ids.make_unique(document)
        if document.id != given:
            rows.append((position, document.id, orjson.dumps(document.metadata).decode()))
    return pa.table(
        {
            "position": pa.array([row[0] for row in rows], pa.int64()),
            "new_id": pa.array([row[1] for row in rows], pa.string()),
            "new_metadata": pa.array([row[2] for row in rows], pa.string()),
        }
    )
