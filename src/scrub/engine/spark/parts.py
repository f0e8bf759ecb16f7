"""A result on a filesystem that Spark writes: every file that grows is a folder of parts.

Executors write the parts, which follow one another by their names: `cat dedup.csv/part-*` is the
file that one machine writes.  They are written beside the earlier result; then `run.json` goes, the
folders take the places of the earlier ones, and the new `run.json` comes last.  So where `run.json`
is, every part is of that run.  Between the two a moment is needed where folders can be renamed, as
on HDFS; an object store copies what it renames, and takes its time.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Self
from urllib.parse import unquote

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - its usual name

from scrub.address import Address
from scrub.engine.spark.frames import mapped_each
from scrub.engine.spark.hadoop import Hadoop
from scrub.engine.spark.writing import write_parts
from scrub.errors import OutputError
from scrub.lines import document_of
from scrub.results import RESULT_NAMES
from scrub.write.corpus import PARQUET, parquet_row
from scrub.write.record import record_file


class Parts:
    """A result at an address, held back until `commit`.

    Raises OutputError where the address cannot be written, or has files under the names of a
    result and no `run.json`.
    """

    def __init__(self, spark: SparkSession, address: Address) -> None:
        self.staging = address / f".staging-{uuid.uuid4().hex[:12]}"
        self._spark = spark
        self._address = address
        self._files = Hadoop(spark)
        self._folders: dict[str, str] = {}  # by final name, where it is now
        self._small: dict[str, bytes] = {}

    def __enter__(self) -> Self:
        """Refuse to replace what no run has written."""
        files = self._files
        if not files.exists(self._address / "run.json"):
            foreign = [name for name in RESULT_NAMES if files.exists(self._address / name)]
            if foreign:
                raise OutputError(
                    f"{self._address}: {', '.join(foreign)} would be replaced, and there is no "
                    "run.json that says a run wrote that; remove it or choose another -o"
                )
        files.make_folder(self.staging)
        return self

    def __exit__(self, *_: object) -> None:
        """Remove what is not part of the result."""
        self._files.remove(self.staging)

    def write(self, lines: DataFrame, documents: DataFrame, format: str) -> None:
        """Write the `lines` of writing.lines; `documents` are those of writing.rendered."""
        corpus = "corpus.jsonl"
        if format == "parquet":
            lines = lines.filter(F.col("file") != corpus)
            kept = documents.filter("corpus is not null").orderBy("position").select("corpus")
            schema = ", ".join(f"{name} string" for name in PARQUET)
            corpus = "corpus.parquet"
            self._folders[corpus] = self.staging / corpus
            table = mapped_each(kept, _corpus_rows, schema)
            table.write.option("compression", "zstd").parquet(self._folders[corpus])
        self._folders |= write_parts(lines, self.staging / "lines")
        for name in {"documents.jsonl", "changes.jsonl", corpus} - self._folders.keys():
            self._folders[name] = self.staging / name
            self._files.make_folder(self._folders[name])

    def put(self, name: str, data: bytes) -> None:
        """A file that does not grow with the corpus."""
        self._small[name] = data

    def commit(self, record: Mapping[str, Any]) -> None:
        """Put all in place, and then `run.json`, with the digest of every part."""
        files = self._files
        files.remove(self._address / "run.json")
        for name in RESULT_NAMES:
            files.remove(self._address / name)
        for name, folder in self._folders.items():
            files.move(folder, self._address / name)
        for name, data in self._small.items():
            files.write(self._address / name, data)
        files.write(self._address / "run.json", record_file(record, self._digests()))

    def _digests(self) -> dict[str, str]:
        """The SHA-256 of every file, by its name in the result; executors read them back."""
        names = {*self._folders, *self._small}
        places = [str(self._address / name) for name in sorted(names)]
        content = self._spark.read.format("binaryFile").option("recursiveFileLookup", "true")
        path = F.col("_metadata.file_path").alias("path")
        rows = content.load(places).select(path, F.sha2("content", 256).alias("digest")).collect()
        found = {}
        for row in rows:
            *_, folder, name = unquote(row.path).split("/")
            found[f"{folder}/{name}" if folder in names else name] = row.digest
        return found


def _corpus_rows(table: pa.Table) -> pa.Table:
    rows = [parquet_row(document_of(line)) for line in table["corpus"].to_pylist()]
    return pa.Table.from_pylist(rows, pa.schema([(name, pa.string()) for name in PARQUET]))
