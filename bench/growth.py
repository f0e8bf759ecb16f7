"""How each stage of `scrub dedup` grows with the corpus: seconds, CPU seconds and peak memory.

    python bench/growth.py bench/.data/dealt10000 bench/.data/dealt100000

Each folder is one that `corpus.py` made.  A size that was measured
before keeps its row in `bench/results/growth.csv` unless it is measured again.  Writes beside it
`growth.md` and the log-log plot `growth.svg`.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import itertools
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import psutil

import environment
import measure

RESULTS = Path(__file__).parent / "results"
STAGES = ("read", "clean", "match", "keep", "write")
INTERVAL = 0.5  # seconds between two looks at the memory
QUALITY = ("recall_all", "recall_e", "recall_f", "pair_precision", "template_wrong")


def main() -> None:
    """Measure the given corpora, one process each, and write the results."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(_measured(options.one)))
        return
    environment.enter()  # for the plot
    python = str(Path(environment.scrub()).with_name("python"))
    table = RESULTS / "growth.csv"
    rows: dict[int, dict[str, Any]] = {}
    if table.exists():
        with table.open(newline="") as file:
            rows = {int(row["documents"]): dict(row) for row in csv.DictReader(file)}
    for folder in options.folders:
        command = [python, __file__, "--one", str(folder)]
        answer = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
        row = json.loads(answer)
        print(row, file=sys.stderr)
        rows[row["documents"]] = row
    ordered = [rows[size] for size in sorted(rows)]
    RESULTS.mkdir(exist_ok=True)
    with table.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(ordered[-1]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(ordered)
    _write(ordered)


class _Watch(threading.Thread):
    """The memory of this process and its children, the highest in each stage; their CPU seconds."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.stage = "start"
        self.peak: dict[str, float] = {}
        self.marks: list[tuple[str, float, float]] = []  # stage, wall, CPU at its beginning

    def run(self) -> None:
        """Look again and again."""
        while True:
            used = sum(_of(process, "memory") for process in _tree())
            self.peak[self.stage] = max(self.peak.get(self.stage, 0), used)
            time.sleep(INTERVAL)

    def __call__(self, stage: str, done: int, total: int) -> None:
        """The progress of a run: note where a stage begins."""
        if stage != self.stage:
            self.stage = stage
            times = os.times()
            ended = times.children_user + times.children_system
            own = times.user + times.system
            running = sum(_of(process, "cpu") for process in _tree()[1:])
            self.marks.append((stage, time.perf_counter(), own + ended + running))


def _tree() -> list[psutil.Process]:
    me = psutil.Process()
    return [me, *me.children(recursive=True)]


def _of(process: psutil.Process, what: str) -> float:
    """Memory in bytes (proportional set, so that shared pages count once), or CPU seconds."""
    try:
        if what == "memory":
            return float(process.memory_full_info().pss)
        times = process.cpu_times()
        return float(times.user + times.system)
    except psutil.Error:  # it has ended meanwhile
        return 0.0


def _measured(folder: Path) -> dict[str, Any]:
    """One `scrub dedup` of the corpus in `folder`, nothing cached."""
    from score import score
    from scrub.config import Settings
    from scrub.pipeline import run

    watch = _Watch()
    watch.start()
    with tempfile.TemporaryDirectory(prefix="scrub-bench-", dir=folder.parent) as scratch:
        out = Path(scratch) / "out"
        start = time.perf_counter()
        settings = Settings.model_validate({"engine": {"jobs": 2}})
        record = run([folder / "docs.jsonl.gz"], out, settings, flag=False, on_progress=watch)
        watch("end", 0, 0)
        figures = score(folder / "truth.csv", out / "dedup.csv")
        figures |= {f"recall_{kind}": v for kind, v in figures.pop("recall").items()}
    _, ended, cpu = watch.marks[-1]
    row: dict[str, Any] = {
        "documents": record["counts"]["read"],
        "wall": round(ended - start, 1),
        "cpu": round(cpu, 1),
        "peak_mb": round(max(watch.peak.values()) / 1e6),
        "load": round(os.getloadavg()[1], 1),
    }
    begins = {"start": (start, 0.0)} | {name: (wall, used) for name, wall, used in watch.marks}
    names = list(begins)
    for name, following in itertools.pairwise(names):
        if name in STAGES:
            (wall, used), (wall_after, used_after) = begins[name], begins[following]
            row[f"wall_{name}"] = round(wall_after - wall, 2)
            row[f"cpu_{name}"] = round(used_after - used, 2)
            row[f"peak_{name}"] = round(watch.peak.get(name, 0) / 1e6)
    return row | {name: figures[name] for name in QUALITY if name in figures}


def _write(rows: list[dict[str, Any]]) -> None:
    heads = ["documents", "wall", "cpu", "peak_mb", "load"]
    heads += [f"cpu_{stage}" for stage in STAGES] + list(QUALITY)
    lines = [
        "# How each stage of scrub dedup grows",
        "",
        f"{datetime.date.today():%Y-%m-%d}; {measure.machine()}, `-j 2`, nothing cached. Seconds; "
        "`load` is the load average of five minutes at the end: where it is far above 2, others "
        "used the machine, and the CPU seconds say more than the wall.",
        "",
        "| " + " | ".join(head.replace("_", " ") for head in heads) + " |",
        "|" + "---|" * len(heads),
    ]
    lines += ["| " + " | ".join(str(row.get(head, "")) for head in heads) + " |" for row in rows]
    lines += ["", "![CPU seconds of each stage](growth.svg)", ""]
    (RESULTS / "growth.md").write_text("\n".join(lines), encoding="utf-8")
    _plot(rows)


def _plot(rows: list[dict[str, Any]]) -> None:
    import pandas as pd

    import plots

    table = pd.DataFrame(rows).apply(pd.to_numeric)
    seconds = table[["documents"]].assign(wall=table["cpu"])
    for stage in STAGES:
        seconds[f"stage_{stage}"] = table[f"cpu_{stage}"]
    plots.growth(seconds, RESULTS / "growth.svg")


if __name__ == "__main__":
    main()
