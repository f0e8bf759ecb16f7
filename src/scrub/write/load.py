"""Read a finished output folder back: documents, verdicts and flags as the run left them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import orjson

from scrub.document import Change, Document, Flag
from scrub.errors import InputError, OutputError
from scrub.lines import document_of
from scrub.table import load_table
from scrub.write.output import settle

T = TypeVar("T")
_AGAIN = "run the same `scrub run` again, with --fresh"


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
    return _parsed(out / "documents.jsonl", document_of)


def load_changes(out: Path) -> dict[str, list[Change]]:
    """The change log of each document that cleaning changed."""
    records = _parsed(out / "changes.jsonl", orjson.loads)
    return {record["id"]: [Change(**change) for change in record["changes"]] for record in records}


def _parsed(path: Path, parse: Callable[[bytes], T]) -> Iterator[T]:
    """Each line of a file.  Raises OutputError where it is gone or damaged."""
    number = 0
    try:
        with path.open("rb") as file:
            for line in file:
                number += 1
                yield parse(line)
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror}; {_AGAIN}") from None
    except orjson.JSONDecodeError as error:
        raise OutputError(f"{path}, line {number}: damaged ({error}); {_AGAIN}") from None


def load_flags(path: Path) -> list[Flag]:
    """The rows of a `flags.csv`, decisions included; the source span is left out.

    Raises InputError, naming the row, where someone has changed more than the decisions.
    """
    flags = []
    for number, row in enumerate(load_table(path), start=2):
        try:
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
        except (KeyError, ValueError) as error:
            what = f"no column {error}" if isinstance(error, KeyError) else str(error)
            raise InputError(
                f"{path}, row {number}: {what}; more than the decisions was changed: keep them in "
                "another file, for --decisions, and run `scrub run` again with --fresh"
            ) from None
    return flags
