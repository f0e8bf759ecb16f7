"""The texts: every document as cleaned, the kept ones as a corpus, and the log of changes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from importlib.util import find_spec

import orjson

from scrub.config import WriteSettings
from scrub.distribution import install
from scrub.document import Document
from scrub.errors import ConfigError, MissingPartError
from scrub.lines import document_line, document_record
from scrub.write.card import card
from scrub.write.output import Output

__all__ = ["document_record", "require_format", "write_corpus", "write_lines"]

PARQUET = ("id", "text", "source", "added", "created", "metadata")
_BLOCK = 1 << 20


def require_format(settings: WriteSettings, engine: str = "local", limit: int = 0) -> None:
    """Raise MissingPartError or ConfigError where a corpus like this could not be written."""
    form = settings.format
    if settings.mark and form != "same":
        raise ConfigError(f"write.mark goes with the format same, not with {form}")
    if limit and form in ("same", "attributes"):
        raise ConfigError(f"--limit leaves records unread, which --format {form} would give back")
    if engine != "local" and form in ("same", "ids", "attributes"):
        raise ConfigError(
            f"{'--mark' if settings.mark else f'--format {form}'} needs --engine local; of a "
            "result of Spark the column `kept` in dedup.csv says what stays"
        )
    if engine != "local" and settings.text:
        raise ConfigError(f"--text {settings.text} needs --engine local")
    if engine != "local" and limit:
        raise ConfigError("--limit needs --engine local")
    if engine != "local" and (settings.compress or settings.excel):
        raise ConfigError("write.compress and write.excel need --engine local")
    if form == "parquet" and find_spec("pyarrow") is None:
        raise MissingPartError(f"--format parquet needs pyarrow: {install('parquet')}")


def write_lines(output: Output, name: str, lines: Iterable[bytes]) -> None:
    """Write a file of lines that are made already."""
    with output.open(name) as file:
        for block in _blocks(lines):
            file.write(block)


def write_corpus(output: Output, documents: Iterable[Document], format: str) -> None:
    """Write the kept documents as `corpus.jsonl`, `corpus.parquet` or `corpus/*.txt`.

    A Parquet corpus gets a dataset card, `README.md`, beside it.  Raises MissingPartError where
    Parquet is asked for and pyarrow is not installed.
    """
    if format == "parquet":
        _write_parquet(output, documents)
    elif format == "txt":
        for document in documents:
            # An id may look like a path or differ from another by case alone; a digest does not.
            name = hashlib.sha256(document.id.encode()).hexdigest()[:16]
            with output.open(f"corpus/{name}.txt") as file:
                file.write(document.text.encode())
    else:
        write_lines(output, "corpus.jsonl", map(document_line, documents))


def parquet_row(document: Document) -> dict[str, str | None]:
    """The columns of PARQUET for a document; a date that is not known is null."""
    record = document_record(document)
    # Metadata differs from document to document; as JSON text it is one column everywhere.
    record["metadata"] = orjson.dumps(record["metadata"], option=orjson.OPT_SORT_KEYS).decode()
    return record


def _write_parquet(output: Output, documents: Iterable[Document]) -> None:
    require_format(WriteSettings(format="parquet"))
    import pyarrow as pa
    import pyarrow.parquet as pq

    records = [parquet_row(document) for document in documents]
    schema = pa.schema([(name, pa.string()) for name in PARQUET])
    # In memory first: pyarrow asks more of a file than that it can be written to.
    buffer = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(records, schema), buffer, compression="zstd")
    with output.open("corpus.parquet") as file:
        file.write(buffer.getvalue())
    with output.open("README.md") as file:
        file.write(card(len(records), output.folder.name))


def _blocks(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines in blocks that are worth a call to the system."""
    block: list[bytes] = []
    size = 0
    for line in lines:
        block.append(line)
        size += len(line)
        if size >= _BLOCK:
            yield b"".join(block)
            block, size = [], 0
    yield b"".join(block)
