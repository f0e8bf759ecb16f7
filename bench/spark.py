"""The Spark engine beside the local one: the same bytes, what it costs, and an executor lost.

    python bench/spark.py INPUT --master 'local[2]'
    python bench/spark.py INPUT --master 'local-cluster[2,1,1024]' --kill

Every master runs in a session of its own whose event log is read: the longest stages, and the
bytes that went through shuffles.  With `--kill` one executor process is killed while pairs are
compared.  Writes bench/results/spark-NAME.json, and exits with 1 where a file differs.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import psutil

from scrub.config import Settings
from scrub.pipeline import run

RESULTS = Path(__file__).parent / "results"
FILES = (
    "documents.jsonl", "corpus.jsonl", "changes.jsonl", "dedup.csv", "pairs.csv", "flags.csv",
    "lexicon.csv", "rejected.csv",
)  # fmt: skip
_LONGEST = 8  # stages that are listed


def measured(inputs: Path, out: Path, engine: str, command: str, kill: bool) -> dict[str, Any]:
    """One run: its record's counts and times, the digests of its files, and memory."""
    settings = Settings.model_validate(
        {"engine": {"name": engine, "jobs": 2}, "languagetool": {"scope": "off"}}
    )
    killed: list[int] = []

    def on_progress(stage: str, done: int, total: int) -> None:
        if kill and stage == "match" and not killed:
            killed.append(0)
            threading.Thread(target=lambda: killed.append(kill_executor()), daemon=True).start()

    with Peak() as peak:
        record = run(
            [inputs], out, settings, flag=command == "run", fresh=True, on_progress=on_progress
        )
    return {
        "documents": record["counts"]["read"],
        "clusters": record["counts"]["clusters"],
        "seconds": record["seconds"],
        "stages": record["stages"],
        "peak_mb": peak.megabytes,
        "killed_process": killed[-1] if killed else None,
        "sha256": {n: hashlib.sha256((out / n).read_bytes()).hexdigest() for n in FILES},
    }


def kill_executor() -> int:
    """Kill one executor of this program's session, ten seconds from now; its process id."""
    time.sleep(10)
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):  # one that has just ended
            if "CoarseGrainedExecutorBackend" in " ".join(child.cmdline()):
                child.kill()
                return int(child.pid)
    return 0


class Peak:
    """The largest sum of the resident memory of this process and all below it."""

    def __enter__(self) -> Peak:
        """Look twice a second."""
        self.megabytes = 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        """Stop looking."""
        self._end.set()
        self._thread.join()

    def _watch(self) -> None:
        own = psutil.Process()
        while not self._end.wait(0.5):
            size = 0
            for process in [own, *own.children(recursive=True)]:
                with contextlib.suppress(psutil.Error):
                    size += process.memory_info().rss
            self.megabytes = max(self.megabytes, size // 1_000_000)


def on_spark(inputs: Path, out: Path, master: str, command: str, kill: bool) -> dict[str, Any]:
    """One run in a session that was there before, and what its event log says."""
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    log = out.with_name("events")
    log.mkdir(exist_ok=True)
    options = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "OFF",  # a lost executor is what is asked for
        "spark.sql.shuffle.partitions": "8",
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": log.as_uri(),
        "spark.eventLog.compress": "false",
        "spark.eventLog.rolling.enabled": "false",
    }
    builder = SparkSession.builder.master(master)
    for name, value in options.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    try:
        found = measured(inputs, out, "spark", command, kill)
    finally:
        session.stop()
    [events] = [path for path in log.iterdir() if path.is_file()]
    return found | read_events(events)


def read_events(path: Path) -> dict[str, Any]:
    """The longest stages of an event log, and bytes shuffled and executors lost in all."""
    total: Counter[str] = Counter()
    of_stage: dict[int, Counter[str]] = {}
    names: dict[int, str] = {}
    with path.open(encoding="utf-8") as file:
        for line in file:
            event = json.loads(line)
            kind = event["Event"]
            total["executors_lost"] += kind == "SparkListenerExecutorRemoved"
            if kind == "SparkListenerStageCompleted":
                stage = event["Stage Info"]
                scopes = {json.loads(r["Scope"])["name"] for r in stage["RDD Info"] if "Scope" in r}
                names[stage["Stage ID"]] = ", ".join(sorted(scopes))
            elif kind == "SparkListenerTaskEnd" and event.get("Task Metrics"):
                numbers = event["Task Metrics"]
                counts = of_stage.setdefault(event["Stage ID"], Counter())
                counts["tasks"] += 1
                counts["seconds"] += numbers["Executor Run Time"] / 1000
                counts["shuffled"] += numbers["Shuffle Write Metrics"]["Shuffle Bytes Written"]
                counts["spilled"] += numbers["Disk Bytes Spilled"]
    for counts in of_stage.values():
        total.update({n: counts[n] for n in ("tasks", "shuffled", "spilled", "seconds")})
    longest = sorted(of_stage, key=lambda stage: -of_stage[stage]["seconds"])[:_LONGEST]
    return {
        "events": dict(total),
        "longest_stages": [{"does": names.get(s, ""), **of_stage[s]} for s in longest],
    }


def main() -> None:
    """Compare, and write what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("input", type=Path)
    parser.add_argument("--master", default="local[2]")
    parser.add_argument("--command", choices=("dedup", "run"), default="run")
    parser.add_argument("--kill", action="store_true", help="kill an executor on the way")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="scrub-bench-") as folder:
        local = measured(given.input, Path(folder) / "local", "local", given.command, False)
        spark = on_spark(
            given.input, Path(folder) / "spark", given.master, given.command, given.kill
        )
    same = {name: spark["sha256"][name] == local["sha256"][name] for name in FILES}
    found = {
        "input": given.input.parent.name, "command": given.command, "master": given.master,
        "cores": os.cpu_count(), "date": time.strftime("%Y-%m-%d"), "same_bytes": same,
        "local": local, "spark": spark,
    }  # fmt: skip
    name = f"{given.input.parent.name}-{given.master.partition('[')[0]}"
    (RESULTS / f"spark-{name}.json").write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    print(json.dumps({k: v for k, v in found.items() if k != "local"}, indent=2))
    sys.exit(0 if all(same.values()) else 1)


if __name__ == "__main__":
    main()
