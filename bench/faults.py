"""Kill a run at random moments, one of its workers, its LanguageTool: what is lost each time.

usage: faults.py INPUT [--kills 50] [--workers 14] [--servers 3] [--stops 10] [--seed 1] [-o FOLDER]

Every try is SIGKILL of a `scrub run` of INPUT over the result of another input, and compares the
files with the old result and with that of an undisturbed run.  Each fifth killed run is run again
to its end.  `--stops` kills one `scrub dedup` that often, each time further on, before it may
finish.  The table goes to `faults.md` in FOLDER (`bench/results`).  Linux only: processes that are
left behind are found by a mark in their environment.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

STAGES = ("read", "clean", "match", "keep", "flag", "repair", "write")
TIMED = {"run.json", "report.html"}  # tell how long the run took
Files = dict[str, str]


@dataclass
class Try:
    """One fault: which result lies there, the bytes it lost, and what was left running."""

    stage: str
    survived: bool
    lost: int
    left: int
    seconds: float
    peak_mb: float
    same: bool | None = None  # of the run after it, or of the run itself


class Run:
    """A command of scrub, in a process that can be killed."""

    def __init__(self, folder: Path, *arguments: str | Path) -> None:
        """Start it; what it says goes to a file in `folder`."""
        self.mark = f"{os.getpid()}-{time.monotonic_ns()}"
        self.log = folder / "log"
        self.peak_mb = 0.0
        self.start = time.monotonic()
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "scrub", *map(str, arguments)], stdout=log, stderr=log,
                env={**os.environ, "SCRUB_FAULT": self.mark, "SCRUB_CACHE": str(folder / "cache")},
            )  # fmt: skip

    @property
    def stage(self) -> str:
        """The stage that it is in."""
        log = self.log.read_text(encoding="utf-8", errors="replace")
        return next((name for name in STAGES if f"scrub: {name} " not in log), "end")

    def processes(self) -> list[psutil.Process]:
        """All of its processes that still run, whoever has inherited them."""
        mark = f"SCRUB_FAULT={self.mark}".encode()
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(OSError, psutil.Error):
                if mark in Path(f"/proc/{process.pid}/environ").read_bytes().split(b"\0"):
                    found.append(process)
        return found

    def until(self, reached: Callable[[], object], seconds: float = 3600) -> None:
        """Return when that holds, the command has ended, or the time is up."""
        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end and not reached():
            with contextlib.suppress(psutil.Error):
                tree = psutil.Process(self.process.pid)
                sizes = [p.memory_full_info().pss for p in (tree, *tree.children(recursive=True))]
                self.peak_mb = max(self.peak_mb, sum(sizes) / 1e6)
            time.sleep(0.02)

    def finish(self) -> int:
        """Wait for its end; its exit code."""
        self.until(lambda: False)
        return self.process.wait()

    def left(self) -> int:
        """Processes that outlive it by more than three seconds."""
        end = time.monotonic() + 3
        while (found := self.processes()) and time.monotonic() < end:
            time.sleep(0.05)
        return len(found)


def files_of(folder: Path) -> Files:
    """The digest of every file of a result that is the same after every run."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0][0] != "." and path.name not in TIMED
    }


class Bench:
    """The inputs, the results to compare with, and a folder to work in."""

    def __init__(self, given: Path, small: Path, work: Path, seed: int) -> None:
        """Make the old result, of `small`, and the new one, undisturbed."""
        self.given, self.work, self.random = given, work, random.Random(seed)
        self.old = self._result(small, work / "old")
        begin = time.monotonic()
        self.new = self._result(given, work / "new")
        self.seconds = time.monotonic() - begin
        self.stages = json.loads((work / "new" / "run.json").read_bytes())["stages"]

    def _result(self, given: Path, out: Path) -> Files:
        if Run(self.work, "run", given, "-o", out, "--fresh").finish() not in (0, 1):
            raise SystemExit((self.work / "log").read_text())
        return files_of(out)

    def begin(self, *, forget: bool = True) -> tuple[Run, Path]:
        """A run over the old result, LanguageTool's answers forgotten or not."""
        out = self.work / "out"
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(self.work / "old", out, ignore=shutil.ignore_patterns(".*"))
        for answers in (self.work / "cache").glob("*.sqlite*") if forget else ():
            answers.unlink()
        return Run(self.work, "run", self.given, "-o", out), out

    def judged(self, run: Run, out: Path, stage: str) -> Try:
        """What a run that has ended left behind; `scrub doctor` finishes a move that was cut."""
        seconds, left = time.monotonic() - run.start, run.left()
        sound = Run(self.work, "doctor", "--verify", out).finish() == 0
        found = files_of(out)
        whole = sound and found in (self.old, self.new)
        lost = 0 if whole else sum(found.get(name) != digest for name, digest in self.old.items())
        return Try(stage, whole, lost, left, seconds, run.peak_mb)

    def kills(self, count: int) -> Iterator[Try]:
        """SIGKILL of the command at random moments."""
        for number in range(count):
            run, out = self.begin()
            run.until(lambda: False, self.random.random() * self.seconds)
            stage = run.stage
            run.process.kill()
            run.process.wait()
            done = self.judged(run, out, stage)
            if number % 5 == 0:
                Run(self.work, "run", self.given, "-o", out).finish()
                done.same = files_of(out) == self.new
            yield done

    def workers(self, count: int) -> Iterator[Try]:
        """SIGKILL of a worker process, at work or idle, in each stage by turns."""
        for number in range(count):
            wanted = STAGES[number % len(STAGES)]
            run, out = self.begin(forget=False)
            run.until(lambda run=run, wanted=wanted: run.stage == wanted)  # type: ignore[misc]
            run.until(lambda: False, self.random.random() * self.stages[wanted] / 2)
            yield self._without(run, out, lambda process: "scrub" in process.cmdline())

    def servers(self, count: int) -> Iterator[Try]:
        """SIGKILL of LanguageTool; before its first answers it would not be started again."""
        for _ in range(count):
            run, out = self.begin()
            run.until(self._has_answered)
            yield self._without(run, out, lambda process: process.name() == "java")

    def _without(self, run: Run, out: Path, wanted: Callable[[psutil.Process], bool]) -> Try:
        """The run after one of its processes was killed; its stage is that of the kill."""
        stage = "none killed"
        while run.process.poll() is None and stage == "none killed":
            with contextlib.suppress(psutil.NoSuchProcess, IndexError):
                found = [p for p in run.processes() if p.pid != run.process.pid and wanted(p)]
                self.random.choice(found).kill()
                stage = run.stage
        run.finish()
        done = self.judged(run, out, stage)
        done.same = files_of(out) == self.new
        return done

    def _has_answered(self) -> bool:
        answers = self.work / "cache" / "languagetool-answers.sqlite"
        return answers.exists() and answers.stat().st_size > 30_000

    def stops(self, count: int) -> Iterator[Try]:
        """One `dedup`, killed that often, then let be."""
        plain = self.work / "plain"
        Run(self.work, "dedup", self.given, "-o", plain, "--fresh").finish()
        out = self.work / "stopped"
        shards = 0
        for number in range(count + 1):
            run = Run(self.work, "dedup", self.given, "-o", out)
            if number < count:
                aim = shards + 1
                run.until(lambda aim=aim: len(list(out.rglob("*.shard"))) >= aim)  # type: ignore[misc]
                run.process.kill()
            stage, code = run.stage, run.finish()
            shards = len(list(out.rglob("*.shard")))
            sound = code == 0 or not (out / "run.json").exists()
            seconds = time.monotonic() - run.start
            yield Try(stage, sound, 0, run.left(), seconds, run.peak_mb,
                      files_of(out) == files_of(plain) if number == count else None)  # fmt: skip


def row(name: str, tries: list[Try]) -> str:
    """A row of the table."""
    again = [t.same for t in tries if t.same is not None]
    seconds = sorted(t.seconds for t in tries)
    survived, lost = sum(t.survived for t in tries), sum(t.lost for t in tries)
    return (
        f"| {name} | {len(tries)} | {survived} | {lost} "
        f"| {sum(t.left for t in tries)} | {sum(again)} of {len(again)} "
        f"| {seconds[0]:.1f} to {seconds[-1]:.1f} | {max(t.peak_mb for t in tries):,.0f} |"
    )


def main() -> None:
    """Try every fault, write the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("input", type=Path)
    parser.add_argument("--small", type=Path, default=Path(__file__).parent.parent / "seeds")
    for name, most in (("kills", 50), ("workers", 14), ("servers", 3), ("stops", 10)):
        parser.add_argument(f"--{name}", type=int, default=most)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--out", type=Path, default=Path(__file__).parent / "results")
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory(prefix="scrub-faults-") as name:
        bench = Bench(options.input.resolve(), options.small.resolve(), Path(name), options.seed)
        for title, tries in (
            ("SIGKILL of the command", bench.kills(options.kills)),
            ("SIGKILL of a worker", bench.workers(options.workers)),
            ("SIGKILL of LanguageTool", bench.servers(options.servers)),
            ("stopped and resumed", bench.stops(options.stops) if options.stops else iter(())),
        ):
            if done := [t for t in tries if t.stage != "none killed"]:
                rows.append(row(title, done))
                print(rows[-1], json.dumps([t.stage for t in done]), flush=True)
    head = (
        f"# Faults\n\n{datetime.datetime.now(datetime.UTC):%Y-%m-%d}, `{options.input.name}`, "
        f"seed {options.seed}; seconds until the fault or the end, MB of all processes.\n\n"
        "| fault | tries | old or new result whole | files lost | processes left "
        "| same bytes after it | seconds | peak MB |\n|---|---|---|---|---|---|---|---|\n"
    )
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "faults.md").write_text(head + "\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
