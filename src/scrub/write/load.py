"""Read a finished output folder back: documents, verdicts and flags as the run left them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from scrub.document import Change, Document, Flag
from scrub.errors import OutputError
from scrub.lines import document_of
from scrub.write.output import settle
from scrub.write.tables import unescape


def load_record(out: Path) -> dict[str, Any]:
    """`run.json`.  Raises OutputError where `out` holds no finished run.

    To be read before the other files: it first finishes what a run that died while moving left.
    """
    settle(out)
    try:
        record: dict[str, Any] = orjson.loads((out / "run.json").read_bytes())
    except FileNotFoundError:
        raise OutputError(f"{out}: no finished run; `scrub run INPUT -o {out}` makes one") from None
    except orjson.JSONDecodeError as error:
        raise OutputError(f"{out}/run.json: not JSON: {error}") from None
    return record


def load_documents(out: Path) -> Iterator[Document]:
    """The documents of `documents.jsonl`, cleaned, one at a time."""
    with (out / "documents.jsonl").open("rb") as file:
        yield from map(document_of, file)


def load_changes(out: Path) -> dict[str, list[Change]]:
    """The change log of each document that cleaning changed."""
    with (out / "changes.jsonl").open("rb") as file:
        records = [orjson.loads(line) for line in file]
    return {record["id"]: [Change(**change) for change in record["changes"]] for record in records}


def load_flags(path: Path) -> list[Flag]:
    """The rows of a `flags.csv`, decisions included; the source span is left out."""
    flags = []
    for row in load_table(path):
        flags.append(
            Flag(
                row["id"],
                int(row["start"]),
                int(row["end"]),
                row["text"],
                row["suggestion"],
                row["kind"],  # type: ignore[arg-type]
                row["source"],
                float(row["confidence"]),
                row["context"],
                row["decision"],
            )
        )
    return flags


def load_table(path: Path) -> Iterator[dict[str, str]]:
    """The rows of one of scrub's tables, as texts, with the spreadsheet escape taken off."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {name: unescape(cell or "") for name, cell in row.items() if name}
