"""How fast texts are read and cleaned, and how well pages: scrub beside ftfy and trafilatura alone.

usage: clean.py TEXTS.jsonl[.gz] [--pages PAGES.jsonl[.gz]] [--jobs 2] [--sample 2000] [-o FOLDER]

TEXTS has `{"id", "text"}` a line.  Reading, counting lines and cleaning are timed over `--jobs`
processes and one that reads; ftfy alone and scrub's one text after the other over a sample, because
ftfy would take minutes.  PAGES has `{"id", "html", "raw_text", "clean"}`; figures are mean
bag-of-words precision, recall and F1 over pages.  The tables go to the terminal and, with the
machine and the date, to `clean.md` in FOLDER (`bench/results`).
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
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrub.clean.html import extract
from scrub.clean.repeated import LineCounts, count_lines, digest_lines, repeated_lines
from scrub.clean.text import clean_text
from scrub.clean.watch import clean_watched
from scrub.config import Settings
from scrub.document import Document
from scrub.engine.local import LocalEngine
from scrub.lines import document_line
from scrub.read.walk import find
from scrub.store.arrays import ArrayFile
from scrub.store.raw import unpack_raw
from scrub.store.reading import read_batches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from scrub.clean.repeated import RepeatedLines
    from scrub.clean.watch import LineQueries
    from scrub.store.reading import Batch

WORD = re.compile(r"\w+")
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
    """The table of megabytes of text a second.

    As in a run, a process reads batches into files, and workers clean them into files; here these
    are lines of JSON, and nothing is taken for matching.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        nothing = repeated_lines(LineCounts(), SETTINGS.clean)
        one = [Document("", "This is what an English text is like, so that it is known to be one.")]
        clean_watched(one, SETTINGS.clean, nothing, digest_lines(one))
        count_lines(one)
        started = time.perf_counter()
        with LocalEngine(jobs) as engine:
            read: list[Batch] = []
            found = engine.feed(read_batches, find([path], []), SETTINGS.read, folder)

            def noted() -> Iterator[Batch]:
                for batch in found:
                    read.append(batch)
                    yield batch

            cleaned = list(engine.map(partial(_cleaned, nothing), noted()))
            repeated = repeated_lines(
                LineCounts().merge(*(counts for counts, _, _ in cleaned)), SETTINGS.clean
            )
            again = [
                (batch, rows)
                for batch, (_, queries, _) in zip(read, cleaned, strict=True)
                if (rows := (~queries.hold(repeated)).nonzero()[0]).size
            ]
            changed = sum(number for _, _, number in cleaned)
            list(engine.map(partial(_again, repeated), again))
        taken = time.perf_counter() - started
        texts = [
            document.text
            for batch in read
            for document in unpack_raw(ArrayFile(batch.path, check=False))
        ]
    bytes_read = sum(len(text.encode()) for text in texts)
    import ftfy

    few = texts[:: max(1, len(texts) // sample)][:sample]
    table = [
        (f"scrub, read + clean, {jobs} processes", bytes_read / 1e6 / taken, f"{len(texts)} texts"),
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
        *(f"| {way} | {rate:.1f} | {note} |" for way, rate, note in table),
    ]


def timed(function: Callable[[str], Any], texts: list[str]) -> float:
    """Megabytes a second of the function over the texts, in one process."""
    function(texts[0])
    started = time.perf_counter()
    for text in texts:
        function(text)
    return sum(len(text.encode()) for text in texts) / 1e6 / (time.perf_counter() - started)


def _cleaned(repeated: RepeatedLines, batch: Batch) -> tuple[LineCounts, LineQueries, int]:
    """Clean a batch into a file: its lines counted, what was asked of them, texts changed."""
    documents = unpack_raw(ArrayFile(batch.path, check=False))
    lines = digest_lines(documents)
    counts = count_lines(documents, lines)
    done, changes, queries = clean_watched(documents, SETTINGS.clean, repeated, lines)
    batch.path.with_suffix(".jsonl").write_bytes(b"".join(map(document_line, done)))
    return counts, queries, sum(map(bool, changes))


def _again(repeated: RepeatedLines, task: tuple[Batch, NDArray[np.int64]]) -> None:
    """Clean anew the texts of a batch that get another answer about their lines."""
    batch, rows = task
    documents = unpack_raw(ArrayFile(batch.path, check=False), rows)
    done, _, _ = clean_watched(documents, SETTINGS.clean, repeated)
    batch.path.with_suffix(".again").write_bytes(b"".join(map(document_line, done)))


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
