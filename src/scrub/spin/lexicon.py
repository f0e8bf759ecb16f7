"""The substitutions that spinners make, as a table that people can read, edit and merge.

A row says: where a spun document has `spun`, the original had `original`, in so many aligned
places of so many documents.  Its confidence is the probability that this is so in a further spun
document.  Rows come from siblings (`scrub.spin.lessons`) or a person, and are plain CSV.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from scrub.errors import InputError
from scrub.table import by_column, table_rows

COLUMNS = ("spun", "original", "pairs", "documents", "confidence", "example")


@dataclass(slots=True, frozen=True)
class Row:
    """One substitution: see the columns of `lexicon.csv`.

    `spun` and `original` are lower-cased, `pairs` counts aligned places, `documents` the spun
    documents they are in, `confidence` is in [0, 1], `example` a short quotation.
    """

    spun: str
    original: str
    pairs: int
    documents: int
    confidence: float
    example: str = ""


@dataclass(slots=True)
class Lexicon:
    """Rows by (spun, original); made by `lessons.learn` or `read`."""

    rows: dict[tuple[str, str], Row] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Write the rows as CSV, the most seen first, then by the alphabet."""
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows(
                (r.spun, r.original, r.pairs, r.documents, f"{r.confidence:.4f}", r.example)
                for r in self.ordered()
            )

    def ordered(self) -> list[Row]:
        """The rows, the most seen first, then by the alphabet."""
        return sorted(self.rows.values(), key=lambda r: (-r.pairs, r.spun, r.original))

    def by_spun(self) -> Table:
        """The rows by their spun wordings, the most seen original first."""
        table: dict[str, list[Row]] = {}
        for row in self.ordered():
            table.setdefault(row.spun, []).append(row)
        sizes: dict[str, set[int]] = {}
        for spun in table:
            sizes.setdefault(spun.split(" ", 1)[0], set()).add(spun.count(" ") + 1)
        return Table(
            {spun: Wording.of(spun, rows) for spun, rows in table.items()},
            {first: sorted(found, reverse=True) for first, found in sizes.items()},
        )


class Wording(NamedTuple):
    """What is known of one spun wording: its rows, the most seen original first, and their sums."""

    spun: str
    rows: Sequence[Row]
    pairs: int
    documents: int
    confidence: float

    @classmethod
    def of(cls, spun: str, rows: Sequence[Row]) -> Wording:
        """Add up the rows of a wording."""
        return cls(
            spun, rows, sum(row.pairs for row in rows), sum(row.documents for row in rows),
            sum(row.confidence for row in rows),
        )  # fmt: skip


class Table(NamedTuple):
    """All known spun wordings; by their first words the sizes that they have, descending."""

    wordings: Mapping[str, Wording]
    sizes: Mapping[str, Sequence[int]]

    def beginning(self, words: Sequence[str], at: int) -> Iterator[tuple[int, Wording]]:
        """The known wordings that begin at a word, each behind its size, longest first."""
        for size in self.sizes.get(words[at], ()):
            if at + size > len(words):
                continue
            if found := self.wordings.get(" ".join(words[at : at + size])):
                yield size, found


def read(path: Path) -> Lexicon:
    """Read a lexicon's CSV.  Raises InputError, naming the row, where it is not one."""
    rows = table_rows(path)
    columns = next(rows, [])
    if not {"spun", "original"} <= set(columns):
        raise InputError(f"{path}: no lexicon; it needs the columns {', '.join(COLUMNS)}")
    lexicon = Lexicon()
    for number, record in enumerate(by_column(columns, rows), start=2):
        try:
            row = Row(
                record["spun"].lower(),
                record["original"].lower(),
                int(record.get("pairs") or 1),
                int(record.get("documents") or 1),
                float(record.get("confidence") or 0.5),
                record.get("example", ""),
            )
        except ValueError as error:
            raise InputError(f"{path}, row {number}: {error}") from None
        if not 0 <= row.confidence <= 1 or row.pairs < 0 or row.documents < 0:
            raise InputError(f"{path}, row {number}: numbers out of range")
        if row.spun and row.original and row.spun != row.original:
            lexicon.rows[row.spun, row.original] = row
    return lexicon


def default() -> Lexicon:
    """The small lexicon that comes with scrub: general facts, and known tells (`spin.tells`)."""
    folder = resources.files("scrub.spin")
    with (
        resources.as_file(folder / "default_lexicon.csv") as facts,
        resources.as_file(folder / "data" / "tells.csv") as tells,
    ):
        return merge(read(facts), read(tells))


def merge(*lexicons: Lexicon) -> Lexicon:
    """One lexicon of several: counts add up, confidences are averaged by pairs.

    A lexicon that says nothing of a spun word does not weigh on it; the first example stays.
    """
    merged: dict[tuple[str, str], Row] = {}
    for lexicon in lexicons:
        for key, row in lexicon.rows.items():
            old = merged.get(key)
            if old is None:
                merged[key] = row
                continue
            pairs = old.pairs + row.pairs
            share = old.pairs / pairs if pairs else 0.5
            confidence = round(old.confidence * share + row.confidence * (1 - share), 4)
            documents = old.documents + row.documents
            merged[key] = Row(*key, pairs, documents, confidence, old.example or row.example)
    return Lexicon(merged)
