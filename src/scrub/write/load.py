"""Read a finished output folder back: documents, verdicts and flags as the run left them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import orjson
from pydantic import ValidationError

from scrub.document import REWRITES, Change, Document, Flag, Pair
from scrub.errors import InputError, OutputError
from scrub.lines import document_of
from scrub.results import open_texts, texts_of
from scrub.table import load_table
from scrub.write.output import settle
from scrub.write.record import Record, file_digest
from scrub.zstandard import zstd

T = TypeVar("T")
AGAIN = "run the same `scrub run` again"
_KEEP = (
    "more than the decisions was changed: keep them in another file, for --decisions, and " + AGAIN
)


def load_record(out: Path, *names: str) -> dict[str, Any]:
    """`run.json`.

    Raises OutputError where `out` holds no finished run, or one of the files `names` is not as that
    run left it; in `flags.csv` a person may have written decisions since.

    To be read before the other files: it first finishes what a run that died while moving left.
    """
    settle(out)
    path = out / "run.json"
    try:
        data = path.read_bytes()
        checked = Record.model_validate_json(data)
    except (FileNotFoundError, NotADirectoryError):
        raise OutputError(f"{out}: no finished run; `scrub run INPUT -o {out}` makes one") from None
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror}") from None
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(str(part) for part in problem["loc"])
        raise OutputError(
            f"{path}: no record of a run that this version reads ({f'{place}: ' * bool(place)}"
            f"{problem['msg']}); put back what was there, or run the inputs again into another -o"
        ) from None
    for name in names:
        path = texts_of(out / name)
        try:
            # A table of parts, which Spark wrote, is not listed under its own name.
            same = checked.outputs.get(path.name) in (None, file_digest(path))
        except OSError as error:
            raise OutputError(f"{path}: {error.strerror}; {AGAIN}") from None
        if not same and name == "flags.csv":
            found = len(load_flags(path))
            if found != checked.counts.flags:
                raise OutputError(f"{path}: {found:,} of {checked.counts.flags:,} flags; {_KEEP}")
        elif not same:
            raise OutputError(f"{path}: changed since its run wrote it; {AGAIN}")
    return orjson.loads(data)


def load_documents(out: Path) -> Iterator[Document]:
    """The documents of `documents.jsonl`, cleaned, one at a time."""
    return parsed(out / "documents.jsonl", document_of)


def load_pairs(out: Path) -> list[Pair]:
    """The copies in `pairs.csv`, as it has them; REWRITES are none."""
    return [
        Pair(
            row["id_a"], row["id_b"], row["relation"], row["spun"],  # type: ignore[arg-type]
            float(row["jaccard"]), float(row["containment_a"]), float(row["containment_b"]),
            int(row["shared_sentences"]), row["evidence"], account=row.get("account", ""),
        )
        for row in load_table(out / "pairs.csv")
        if row["relation"] not in REWRITES
    ]  # fmt: skip


def load_changes(out: Path) -> dict[str, list[Change]]:
    """The change log of each document that cleaning changed."""
    records = parsed(out / "changes.jsonl", orjson.loads)
    return {record["id"]: [Change(**change) for change in record["changes"]] for record in records}


def parsed(path: Path, parse: Callable[[bytes], T]) -> Iterator[T]:
    """Each line of a file.  Raises OutputError where it is gone or damaged."""
    number = 0
    try:
        with open_texts(path) as file:
            for line in file:
                number += 1
                yield parse(line)
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror}; {AGAIN}") from None
    except (orjson.JSONDecodeError, zstd.ZstdError, EOFError) as error:
        raise OutputError(f"{path}, line {number}: damaged ({error}); {AGAIN}") from None


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
            raise InputError(f"{path}, row {number}: {what}; {_KEEP}") from None
    return flags
