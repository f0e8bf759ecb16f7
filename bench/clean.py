"""How fast texts are cleaned, and how well pages: scrub beside ftfy alone and trafilatura alone.

usage: clean.py TEXTS.jsonl[.gz] [--pages PAGES.jsonl[.gz]] [--jobs 2] [--sample 2000]

TEXTS has `{"id", "text"}` a line.  Reading and cleaning is timed over `--jobs` processes, as a run
does it; ftfy alone over a sample, because it would take minutes.  PAGES has `{"id", "html",
"raw_text", "clean"}`; figures are mean bag-of-words precision, recall and F1 over pages.
"""

from __future__ import annotations

import argparse
import collections
import gzip
import json
import re
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from scrub.clean.html import extract
from scrub.clean.text import clean_batch, clean_text
from scrub.config import Settings
from scrub.document import Document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WORD = re.compile(r"\w+")
BATCH = 1_000
SETTINGS = Settings().clean


def main() -> None:
    """Time the texts, score the pages."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("texts", type=Path)
    parser.add_argument("--pages", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--sample", type=int, default=2_000)
    options = parser.parse_args()
    speed(options.texts, options.jobs, options.sample)
    if options.pages:
        quality(options.pages)


def speed(path: Path, jobs: int, sample: int) -> None:
    """Print megabytes of text a second."""
    with ProcessPoolExecutor(jobs, mp_context=get_context("forkserver")) as pool:
        list(pool.map(clean_lines, [[b'{"id": "0", "text": "Warm."}']] * jobs * 4))
        started = time.perf_counter()
        size = changed = 0
        for length, number in pool.map(clean_lines, batches(path)):
            size, changed = size + length, changed + number
        taken = time.perf_counter() - started
    print(
        f"scrub, read + clean, {jobs} processes: {size / 1e6 / taken:.1f} MB/s, {changed} changed"
    )
    texts = [orjson.loads(line)["text"] for batch in batches(path) for line in batch][:sample]
    import ftfy

    mine = timed(lambda text: clean_text(text, SETTINGS), texts)
    print(f"scrub, one text after the other: {mine:.1f} MB/s; ftfy alone: ", end="", flush=True)
    print(f"{timed(ftfy.fix_text, texts):.1f} MB/s (1 process, {len(texts)} texts)")


def timed(function: Callable[[str], Any], texts: list[str]) -> float:
    """Megabytes a second of the function over the texts."""
    function(texts[0])
    started = time.perf_counter()
    for text in texts:
        function(text)
    return sum(len(text.encode()) for text in texts) / 1e6 / (time.perf_counter() - started)


def clean_lines(lines: list[bytes]) -> tuple[int, int]:
    """Read and clean a batch of JSON lines: bytes of text, documents changed."""
    documents = [Document(**orjson.loads(line)) for line in lines]
    _, logs = clean_batch(documents, SETTINGS)
    return sum(len(document.text.encode()) for document in documents), sum(map(bool, logs))


def batches(path: Path) -> Iterator[list[bytes]]:
    """The lines of a file, packed or not, in batches."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
        batch: list[bytes] = []
        for line in stream:
            batch.append(line)
            if len(batch) == BATCH:
                yield batch
                batch = []
        yield batch


def quality(path: Path) -> None:
    """Print precision, recall and F1 of each way to clean a page, by the source of the pages."""
    import trafilatura

    ways: dict[str, Callable[[dict[str, str]], str]] = {
        "raw_text, nothing done": lambda page: page["raw_text"],
        "raw_text, scrub": lambda page: clean_text(page["raw_text"], SETTINGS).text,
        "html, trafilatura": lambda page: (
            trafilatura.extract(page["html"], include_comments=False) or ""
        ),
        "html, scrub": lambda page: clean_text(extract(page["html"])[0], SETTINGS).text,
    }
    pages = [json.loads(line) for batch in batches(path) for line in batch]
    for name, way in ways.items():
        started = time.perf_counter()
        rows: dict[str, list[tuple[float, float, float]]] = collections.defaultdict(list)
        for page in pages:
            row = agreement(way(page), page["clean"])
            rows["all"].append(row)
            rows[page["id"].partition(":")[0]].append(row)
        taken = time.perf_counter() - started
        print(f"{name} ({1000 * taken / len(pages):.0f} ms a page)")
        for source, found in rows.items():
            mean = [sum(column) / len(found) for column in zip(*found, strict=True)]
            print(
                "  {:12} {:4} pages  P {:.3f}  R {:.3f}  F1 {:.3f}".format(
                    source, len(found), *mean
                )
            )


def agreement(text: str, gold: str) -> tuple[float, float, float]:
    """Bag-of-words precision, recall and F1."""
    mine = collections.Counter(WORD.findall(text.lower()))
    theirs = collections.Counter(WORD.findall(gold.lower()))
    common = (mine & theirs).total()
    precision, recall = common / max(1, mine.total()), common / max(1, theirs.total())
    return precision, recall, 2 * precision * recall / (precision + recall) if common else 0.0


if __name__ == "__main__":
    main()
