"""The labelled data beside the project: folders made from it, scrub run on them, the scorers asked.

Standard library only, so that the tests and the benches measure with the same few functions.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import random
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

SHARED = Path(__file__).resolve().parents[2] / "shared"
DATA = SHARED / "eval"
SPAN_COLUMNS = ("id", "start", "end", "suggestion", "confidence", "source", "kind")

Row = dict[str, str]


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """The records of a JSON-lines file, plain or gzipped."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def write_jsonl(path: Path, records: Iterable[Mapping[str, Any]]) -> Path:
    """Write records as JSON lines; returns the path."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    return path


def read_csv(path: Path) -> list[Row]:
    """The rows of a CSV, plain or gzipped."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_csv(path: Path, rows: Iterable[Mapping[str, Any]], columns: Iterable[str]) -> Path:
    """Write rows as CSV, columns that are not named left out; returns the path."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(columns), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def digest(*paths: Path) -> str:
    """SHA-256 over the bytes of files, in the order given."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.read_bytes())
    return total.hexdigest()


def scrub(*arguments: str | Path, default_lexicon: bool = True) -> None:
    """Run a command of scrub in a process of its own.

    Raises CalledProcessError where it fails; 1, some input rejected, is no failure.
    """
    program = "from scrub.cli import main; main()"
    if not default_lexicon:
        program = f"from scrub.spin import lexicon; lexicon.default = lexicon.Lexicon; {program}"
    command = [sys.executable, "-c", program, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise subprocess.CalledProcessError(
            done.returncode, command, done.stdout, done.stderr[-2000:]
        )


def scorer(name: str, *arguments: str | Path) -> dict[str, Any]:
    """What a scorer of the labelled data prints."""
    command = [sys.executable, str(SHARED / "tools" / name), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def flags(out: Path) -> list[Row]:
    """A run's flags as the scorers take them: `start` and `end` count the text as it was read."""
    return [
        {**row, "start": row["source_start"], "end": row["source_end"]}
        for row in read_csv(out / "flags.csv")
    ]


def touched(row: Row, spans: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The spans of a text that a row with `start` and `end` overlaps."""
    first, last = int(row["start"]), int(row["end"])
    return [s for s in spans if s["start"] < last and first < s["end"]]


def flag_hits(
    out: Path, spans: Mapping[str, Sequence[Mapping[str, Any]]], kinds: Iterable[str]
) -> list[tuple[Row, list[Mapping[str, Any]]]]:
    """The flags of some kinds that a run made, each with the spans of its text that it overlaps."""
    wanted = frozenset(kinds)
    found = (row for row in flags(out) if row["kind"] in wanted)
    return [(row, touched(row, spans.get(row["id"], ()))) for row in found]


def right_and_found(
    hits: Iterable[tuple[Row, list[Mapping[str, Any]]]],
    spans: Mapping[str, Sequence[Mapping[str, Any]]],
) -> tuple[float, float]:
    """The shares of such flags that overlap a span, and of all spans that a flag overlaps."""
    hits = list(hits)
    right = sum(bool(those) for _, those in hits) / max(1, len(hits))
    found = {(row["id"], span["start"]) for row, those in hits for span in those}
    return right, len(found) / max(1, sum(map(len, spans.values())))


def score_flags(
    found: Iterable[Row], spans: Mapping[str, Any], documents: Path, folder: Path
) -> dict[str, Any]:
    """Score flags against the labelled spans, which map ids to lists; `folder` is scratch room."""
    gold = write_jsonl(folder / "gold.jsonl", ({"id": i, "spans": s} for i, s in spans.items()))
    table = write_csv(folder / "found.csv", found, SPAN_COLUMNS)
    return scorer("evaluate_spans.py", gold, "--docs", documents, "--flags", table)


class Labelled:
    """A folder of labelled copies (`near5k`, `near50k`): documents, their clusters, their spans."""

    def __init__(self, name: str) -> None:
        """Read the labels; the texts are read when they are asked for."""
        self.documents = DATA / name / "docs.jsonl.gz"
        plain = DATA / name / "truth.csv"
        self.truth = plain if plain.exists() else plain.with_suffix(".csv.gz")
        self.rows = {row["id"]: row for row in read_csv(self.truth)}
        spans = read_jsonl(DATA / name / "spans.jsonl.gz")
        self.spans: dict[str, Any] = {row["id"]: row["spans"] for row in spans}
        self.clusters: dict[str, list[str]] = defaultdict(list)
        for i, row in self.rows.items():
            self.clusters[row["cluster"]].append(i)

    def spun(self, kinds: str = "defi") -> set[str]:
        """The spun documents of some kinds."""
        return {i for i in self.spans if self.rows[i]["kind"] in kinds}

    def with_unspun_sibling(self) -> set[str]:
        """The spun documents of which the folder has an unspun full copy (not so those of `f`)."""
        return {
            i
            for i in self.spun("dei")
            if any(j not in self.spans for j in self.clusters[self.rows[i]["cluster"]])
        }

    def alone(self, seed: int, teaching: Collection[str] = ()) -> list[str]:
        """Ids of a folder in which one document of each cluster is left: a spun one if there is.

        `teaching` names the clusters that are left whole.
        """
        draw = random.Random(seed)
        kept = []
        for cluster, members in sorted(self.clusters.items()):
            spun = [i for i in members if i in self.spans]
            chosen = draw.choice(spun or members[:1])
            kept += members if cluster in teaching else [chosen]
        return sorted(kept)

    def write(self, ids: Collection[str], path: Path) -> Path:
        """Write some of the documents, in their order, as an input for scrub; returns the path."""
        chosen = set(ids)
        return write_jsonl(path, (r for r in read_jsonl(self.documents) if r["id"] in chosen))
