"""How fast texts are read and cleaned, and how well pages: scrub beside ftfy and trafilatura alone.

usage: clean.py TEXTS.jsonl[.gz] [--pages PAGES.jsonl[.gz]] [--jobs 2] [--sample 2000] [-o FOLDER]

TEXTS has `{"id", "text"}` a line.  Reading, counting lines and cleaning are timed over `--jobs`
processes; ftfy alone and scrub's one text after the other over a sample, because ftfy would take
minutes.  PAGES has `{"id", "html", "raw_text", "clean"}`; figures are mean bag-of-words precision,
recall and F1 over pages.  The tables go to the terminal and, with the machine and the date, to
`clean.md` in FOLDER (`bench/results`).
"""

from __future__ import annotations

import argparse
import collections
import datetime
import gzip
import json
import os
import platform
import re
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrub.clean.html import extract
from scrub.clean.repeated import LineCounts, count_lines, repeated_lines
from scrub.clean.text import clean_batch, clean_text
from scrub.config import Settings
from scrub.document import Document
from scrub.engine.local import LocalEngine
from scrub.read import Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WORD = re.compile(r"\w+")
BATCH_CHARACTERS = 4_000_000
SETTINGS = Settings()


def main() -> None:
    """Time the texts, score the pages."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("texts", type=Path)
    parser.add_argument("--pages", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--sample", type=int, default=2_000)
    parser.add_argument("-o", "--out", type=Path, default=Path(__file__).parent / "results")
    options = parser.parse_args()
    lines = [
        "# Reading and cleaning",
        "",
        f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}, {platform.machine()}, "
        f"{os.cpu_count()} cores, Python {platform.python_version()}.",
        "",
        *speed(options.texts, options.jobs, options.sample),
    ]
    if options.pages:
        lines += ["", *quality(options.pages)]
    print("\n".join(lines))
    options.out.mkdir(exist_ok=True)
    (options.out / "clean.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def speed(path: Path, jobs: int, sample: int) -> list[str]:
    """The table of megabytes of text a second."""
    clean_batch(
        [Document("", "Warm.")], SETTINGS.clean, repeated_lines(LineCounts(), SETTINGS.clean)
    )
    count_lines([Document("", "Warm.")])
    texts: list[str] = []
    size = changed = 0
    started = time.perf_counter()
    with LocalEngine(jobs) as engine:
        kept: list[list[Document]] = []
        counts = LineCounts().merge(*engine.map(count_lines, batches(path, kept)))
        counted = time.perf_counter()
        repeated = repeated_lines(counts, SETTINGS.clean)
        clean = partial(clean_batch, settings=SETTINGS.clean, repeated=repeated)
        for documents, logs in engine.map(clean, kept):
            changed += sum(map(bool, logs))
            size += len(documents)
        taken = time.perf_counter() - started
    for batch in kept:
        texts += [document.text for document in batch]
    bytes_read = sum(len(text.encode()) for text in texts)
    import ftfy

    few = texts[:: max(1, len(texts) // sample)][:sample]
    rows = [
        (f"scrub, read + clean, {jobs} processes", bytes_read / 1e6 / taken, f"{size} texts"),
        ("of that, reading and counting lines", bytes_read / 1e6 / (counted - started), ""),
        (
            "scrub, one text after the other",
            timed(lambda t: clean_text(t, SETTINGS.clean), few),
            "",
        ),
        ("ftfy alone, one text after the other", timed(ftfy.fix_text, few), f"{len(few)} texts"),
    ]
    return [
        f"{bytes_read / 1e6:.0f} MB of text; {changed} texts were changed.",
        "",
        "| way | MB/s | of |",
        "|---|---|---|",
        *(f"| {name} | {rate:.1f} | {note} |" for name, rate, note in rows),
    ]


def timed(function: Callable[[str], Any], texts: list[str]) -> float:
    """Megabytes a second of the function over the texts, in one process."""
    function(texts[0])
    started = time.perf_counter()
    for text in texts:
        function(text)
    return sum(len(text.encode()) for text in texts) / 1e6 / (time.perf_counter() - started)


def batches(path: Path, kept: list[list[Document]]) -> Iterator[list[Document]]:
    """Batches of documents as they are read, which are added to `kept`."""
    batch: list[Document] = []
    room = BATCH_CHARACTERS
    for document in Reader([path], SETTINGS.read):
        if not isinstance(document, Document):
            raise SystemExit(f"{document.path}: {document.detail}")
        batch.append(document)
        room -= len(document.text)
        if room <= 0:
            kept.append(batch)
            yield batch
            batch, room = [], BATCH_CHARACTERS
    kept.append(batch)
    yield batch


def quality(path: Path) -> list[str]:
    """The table of precision, recall and F1 of each way to clean a page, by the pages' source."""
    import trafilatura

    clean = SETTINGS.clean
    ways: dict[str, Callable[[dict[str, str]], str]] = {
        "raw_text, nothing done": lambda page: page["raw_text"],
        "raw_text, scrub": lambda page: clean_text(page["raw_text"], clean).text,
        "html, trafilatura": lambda page: (
            trafilatura.extract(page["html"], include_comments=False) or ""
        ),
        "html, scrub": lambda page: clean_text(extract(page["html"])[0], clean).text,
    }
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
        pages = [json.loads(line) for line in stream]
    table = ["| way | pages | precision | recall | F1 | ms a page |", "|---|---|---|---|---|---|"]
    for name, way in ways.items():
        started = time.perf_counter()
        rows: dict[str, list[tuple[float, float, float]]] = collections.defaultdict(list)
        for page in pages:
            row = agreement(way(page), page["clean"])
            rows["all"].append(row)
            rows[page["id"].partition(":")[0]].append(row)
        taken = 1000 * (time.perf_counter() - started) / len(pages)
        for source, found in rows.items():
            mean = " | ".join(
                f"{sum(column) / len(found):.3f}" for column in zip(*found, strict=True)
            )
            cost = f"{taken:.0f}" if source == "all" else ""
            table.append(f"| {name}, {source} | {len(found)} | {mean} | {cost} |")
    return table


def agreement(text: str, gold: str) -> tuple[float, float, float]:
    """Bag-of-words precision, recall and F1."""
    mine = collections.Counter(WORD.findall(text.lower()))
    theirs = collections.Counter(WORD.findall(gold.lower()))
    common = (mine & theirs).total()
    precision, recall = common / max(1, mine.total()), common / max(1, theirs.total())
    return precision, recall, 2 * precision * recall / (precision + recall) if common else 0.0


if __name__ == "__main__":
    main()
