"""What a second run costs: nothing new, a share of new articles, and new ones against old results.

    python bench/incremental.py [--corpus docs.jsonl.gz] [--new 1000] [--commands dedup,run]

The articles are put into files of 1,000; the last `--new` of them are new.  Compared are the CPU
seconds of the whole process with those of a run from nothing over everything, of which the run on
the grown folder must also give the very bytes.  `run` is measured without LanguageTool.  Writes
`bench/results/incremental.md`.
"""

from __future__ import annotations

import argparse
import datetime
import gzip
import shutil
import sys
import tempfile
from pathlib import Path

import environment

environment.enter()  # from here on in bench/.venv

import measure  # noqa: E402

PART = 1000
SAME = ("corpus.jsonl", "dedup.csv", "pairs.csv", "flags.csv", "changes.jsonl", "documents.jsonl")


def main() -> None:
    """Measure, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--corpus", type=Path, help="JSON lines with id and text, plain or .gz")
    parser.add_argument("--new", type=int, default=1000)
    parser.add_argument("--commands", default="dedup,run")
    options = parser.parse_args()
    corpus = options.corpus or environment.default_corpus()[0]
    measure.warm_up(environment.scrub())
    opener = gzip.open if corpus.suffix == ".gz" else open
    with opener(corpus, "rb") as file:
        lines = file.readlines()
    known = len(lines) - options.new
    rows = []
    for command in options.commands.split(","):
        with tempfile.TemporaryDirectory(prefix="scrub-bench-") as scratch:
            rows += _measured(command, Path(scratch), lines, known)
    note = f"{measure.MEMORY_NOTE[0].upper()}{measure.MEMORY_NOTE[1:]}"
    text = [
        "# What a second run costs",
        "",
        f"{datetime.date.today():%Y-%m-%d}; {measure.machine()}.",
        "",
        f"- {options.new:,} new articles and {known:,} known ones, in files of {PART:,}; `run` "
        "without LanguageTool. Shares are of the CPU seconds of the run from nothing over all.",
        f"- {note}.",
        "- The result on the grown folder is that of the run from nothing, byte for byte.",
        "",
        "| | wall s | CPU s | share | peak MB |",
        "|---|---|---|---|---|",
        *rows,
    ]
    path = environment.RESULTS / "incremental.md"
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    print(path.read_text(encoding="utf-8"))


def _measured(command: str, scratch: Path, lines: list[bytes], known: int) -> list[str]:
    """The rows of one command."""
    articles, new = scratch / "articles", scratch / "new"
    _write(articles, lines[:known])
    _write(new, lines[known:])
    taken = {"the known ones, from nothing": _run(command, articles, scratch / "out")}
    taken["the same again"] = _run(command, articles, scratch / "out")
    articles.rename(scratch / "gone")
    taken["the new ones, `--against` that result, its files gone"] = _run(
        command, new, scratch / "against", "--against", str(scratch / "out")
    )
    (scratch / "gone").rename(articles)
    _write(articles, lines[known:], first=-(-known // PART))
    taken["all, the folder having grown"] = _run(command, articles, scratch / "out")
    whole = _run(command, articles, scratch / "whole")
    taken["all, from nothing"] = whole
    for name in SAME:
        if (scratch / "out" / name).read_bytes() != (scratch / "whole" / name).read_bytes():
            raise SystemExit(f"{command}: {name} differs from that of a run from nothing")
    shutil.rmtree(scratch / "whole")
    return [
        f"| `{command}`: {what} | {usage.wall:.1f} | {usage.cpu:.1f} | "
        f"{usage.cpu / whole.cpu:.0%} | {usage.peak_mb:,.0f} |"
        for what, usage in taken.items()
    ]


def _write(folder: Path, lines: list[bytes], first: int = 0) -> None:
    folder.mkdir(exist_ok=True)
    for number, start in enumerate(range(0, len(lines), PART), start=first):
        (folder / f"{number:04}.jsonl").write_bytes(b"".join(lines[start : start + PART]))


def _run(command: str, source: Path, out: Path, *more: str) -> measure.Usage:
    given = [environment.scrub(), command, str(source), "-o", str(out), "--quiet", *more]
    given += ["--languagetool", "off"] if command == "run" else []
    usage = measure.run(given, timeout=3600)
    print(f"{usage.wall:8.1f} s {usage.cpu:8.1f} CPU s  {' '.join(given[1:])}", file=sys.stderr)
    if usage.code:
        raise SystemExit(f"exit {usage.code}: {usage.error}")
    return usage


if __name__ == "__main__":
    main()
