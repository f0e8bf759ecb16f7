"""Runs that are killed, stopped, starved of memory or disk: nothing half, nothing lost."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import forked
import psutil
import pytest
import small_disk
from forked import Forked
from injection import snapshot

from scrub import cli
from scrub.engine.local import LocalEngine
from scrub.errors import WorkerError
from scrub.spin import judge
from scrub.store import reading
from scrub.write.output import Output
from stories import FERRY, MUSEUM, SCHOOL, edited, filler, spun

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals, limits and fork of POSIX")
STAGES = ("read", "clean", "match", "keep", "flag", "repair")
Result = dict[str, bytes]


@pytest.fixture(scope="module", autouse=True)
def small_batches() -> object:
    """Many batches from few documents; batches do not change what a run writes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "BATCH_CHARACTERS", 3000)
        patch.setattr(judge, "_BATCH", 3000)
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "in"
    folder.mkdir()
    texts = [FERRY, MUSEUM, SCHOOL, *(filler(n) for n in range(40))]
    texts += [edited(text, 0.1) for text in texts[:10]] + [spun(FERRY, 0.2), spun(SCHOOL, 0.3)]
    for n, text in enumerate(texts):
        (folder / f"{n:02}.txt").write_text(text, encoding="utf-8")
    return folder


def command(folder: Path, out: Path, *more: str) -> list[str]:
    return ["run", str(folder), "-o", str(out), "--languagetool", "off", "-j", "2", *more]


def stable(folder: Path) -> Result:
    """What is to be the same after every run: run.json and the report tell how long it took."""
    return {k: v for k, v in snapshot(folder).items() if k not in ("run.json", "report.html")}


@pytest.fixture(scope="module")
def undisturbed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, float]:
    """The result of the folder, and the seconds it took, everything being loaded before."""
    out = tmp_path_factory.mktemp("undisturbed") / "out"
    assert reading.BATCH_CHARACTERS == 3000
    with pytest.raises(SystemExit) as stop:  # here, so that forks find everything compiled
        cli.main(command(folder, out, "-q", "--set", "engine.jobs=1"))
    assert stop.value.code == 0
    start = time.perf_counter()
    assert forked.run(out.with_name("log"), *command(folder, out)).startswith("[0]")
    return stable(out), time.perf_counter() - start


def with_old_result(folder: Path, out: Path, log: Path) -> Result:
    """Put the result of a smaller input into `out`."""
    assert forked.run(log, *command(folder / "00.txt", out)).startswith("[0]")
    return stable(out)


def check(out: Path, old: Result, new: Result) -> None:
    assert stable(out) in (old, new)
    assert "run.json" in snapshot(out)


def await_stage(run: Forked, stage: str) -> None:
    if stage == "clean":
        run.await_workers()
    else:
        run.await_line(f"scrub: {STAGES[STAGES.index(stage) - 1]}")


# --- SIGKILL


@pytest.mark.parametrize("stage", STAGES)
def test_a_kill_in_each_stage(
    stage: str, folder: Path, undisturbed: tuple[Result, float], tmp_path: Path
) -> None:
    out, log = tmp_path / "out", tmp_path / "log"
    old = with_old_result(folder, out, log)
    run = Forked(log, *command(folder, out))
    if stage != "read":
        await_stage(run, stage)
    workers = run.children()
    run.kill()
    check(out, old, undisturbed[0])
    assert forked.gone(workers)  # no worker outlives its run
    assert forked.run(log, *command(folder, out)).startswith("[0]")
    assert stable(out) == undisturbed[0]


@pytest.mark.slow
def test_a_kill_at_many_moments(
    folder: Path, undisturbed: tuple[Result, float], tmp_path: Path
) -> None:
    new, seconds = undisturbed
    out, log = tmp_path / "out", tmp_path / "log"
    old = with_old_result(folder, out, log)
    for moment in forked.moments(seconds * 1.2, 25):
        run = Forked(log, *command(folder, out, "--fresh"))
        time.sleep(moment)
        run.kill()
        check(out, old, new)
    assert forked.run(log, *command(folder, out)).startswith("[0]")
    assert stable(out) == new


def test_the_death_of_a_worker_costs_nothing(
    folder: Path, undisturbed: tuple[Result, float], tmp_path: Path
) -> None:
    out, log = tmp_path / "out", tmp_path / "log"
    deaths = 0
    for _ in range(20):  # one that had sent all it had to send is not missed
        run = Forked(log, *command(folder, out, "--fresh"))
        run.await_workers()
        for worker in run.children()[:1]:
            with contextlib.suppress(psutil.NoSuchProcess):  # it may have ended just now
                worker.kill()
        assert run.wait() == 0
        assert stable(out) == undisturbed[0]
        deaths = json.loads((out / "run.json").read_bytes())["engine"]["worker_deaths"]
        if deaths:
            break
    assert deaths == 1
    assert "a worker process died; one does its batches again" in run.output


@pytest.mark.parametrize("stage", ["clean", "keep", "flag"])
def test_nor_does_the_death_of_a_worker_in_a_later_stage(
    stage: str, folder: Path, undisturbed: tuple[Result, float], tmp_path: Path
) -> None:
    out, log = tmp_path / "out", tmp_path / "log"
    for _ in range(20):  # a stage may be over before its workers are seen
        run = Forked(log, *command(folder, out, "--fresh"))
        await_stage(run, stage)
        workers: list[psutil.Process] = []
        while not workers and run.poll() is None:
            workers = run.children()
        for worker in workers[-1:]:
            with contextlib.suppress(psutil.NoSuchProcess):
                worker.kill()
        assert run.wait() == 0, run.output
        assert stable(out) == undisturbed[0]
        if workers:
            return
    raise AssertionError("no worker was seen")


def test_workers_that_keep_dying_end_the_run(folder: Path, tmp_path: Path) -> None:
    out, log = tmp_path / "out", tmp_path / "log"
    old = with_old_result(folder, out, log)
    run = Forked(log, *command(folder, out))
    while run.poll() is None:
        for child in run.children():
            with contextlib.suppress(psutil.NoSuchProcess):  # it may have ended just now
                child.kill()
    assert run.status == 2
    *first, last = run.output.splitlines()  # the processes that read may die, too
    assert set(first) == {"scrub: a worker process died; one does its batches again"}
    assert last.startswith("scrub: a worker process died twice")
    assert "-j 1" in last
    assert stable(out) == old


class Job:
    """A function of a batch that can be sent to a worker."""

    def __init__(self, flag: Path, limit: int = 1) -> None:
        self.flag = flag
        self.limit = limit

    def __call__(self, number: int) -> int:
        deaths = self.flag.stat().st_size if self.flag.exists() else 0
        if number == 3 and deaths < self.limit:
            with self.flag.open("a") as file:
                file.write("x")
            os.kill(os.getpid(), signal.SIGKILL)
        return number * number


def test_batches_of_a_dead_worker_are_done_again_in_order(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with LocalEngine(3) as engine, caplog.at_level(logging.WARNING):
        assert list(engine.map(Job(tmp_path / "flag"), range(20))) == [n * n for n in range(20)]
        assert engine.deaths == 1
        assert [r.message for r in caplog.records] == [
            "scrub: a worker process died; one does its batches again"
        ]
        assert list(engine.map(abs, range(5))) == [0, 1, 2, 3, 4]  # the next stage works on


def test_a_batch_that_kills_every_worker_is_an_error(tmp_path: Path) -> None:
    with LocalEngine(2) as engine, pytest.raises(WorkerError, match="died twice"):
        list(engine.map(Job(tmp_path / "flag", 9), range(9)))


@pytest.mark.slow
def test_a_death_while_the_workers_are_ended_holds_nobody_up() -> None:
    """In concurrent.futures the lock of the queue dies with a worker, and closing never ends."""
    others = set(psutil.Process().children())  # a server that other tests use, for one
    start = time.monotonic()
    for n in range(21):
        with LocalEngine(2) as engine:
            found = engine.map(abs, range(8))
            assert next(found) == 0
            workers = [w for w in psutil.Process().children() if w not in others]
            workers[n % 2].kill()
            time.sleep(n % 7 * 1e-4)
    assert time.monotonic() - start < forked.promised(30)


class Burst:
    """Ends its process in the middle of a large answer, unless `flag` tells that it has."""

    def __init__(self, flag: Path) -> None:
        self.flag = flag

    def __call__(self, number: int) -> bytes:
        if number == 3 and not self.flag.exists():
            self.flag.touch()
            threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGKILL)).start()
        return bytes(50_000_000) if number == 3 else b""

    def all(self) -> Iterator[bytes]:
        yield from map(self, range(5))


def test_half_an_answer_is_a_death(tmp_path: Path) -> None:
    burst = Burst(tmp_path / "flag")
    with LocalEngine(2) as engine:
        answers = engine.feed(burst.all)
        first = next(answers)
        while engine._feeders[0].is_alive():  # nobody takes the answer: the pipe is full
            time.sleep(0.01)
        assert [len(a) for a in (first, *answers)] == [0, 0, 0, 50_000_000, 0]
        assert engine.deaths == 1


def _negative(value: Any) -> Any:
    return -value


def test_what_a_worker_raises_is_raised_here() -> None:
    with LocalEngine(2) as engine:
        with pytest.raises(TypeError, match="bad operand"):
            list(engine.map(_negative, [1, "text", 2]))
        with pytest.raises(OSError, match="gone"):
            list(engine.feed(_failing))
        assert engine.deaths == 0


def _failing() -> Iterator[int]:
    yield 1
    raise OSError("gone")


# --- Ctrl-C


def test_ctrl_c_at_many_moments(
    folder: Path, undisturbed: tuple[Result, float], tmp_path: Path
) -> None:
    new, seconds = undisturbed
    out, log = tmp_path / "out", tmp_path / "log"
    old = with_old_result(folder, out, log)
    stopped = 0
    for n, moment in enumerate(forked.moments(seconds, 16)):
        run = Forked(log, *command(folder, out, "--fresh"))
        time.sleep(moment)
        workers = run.children()
        pressed = time.monotonic()
        if run.poll() is None:
            # A terminal tells the whole group; `kill -INT` tells one process.
            (os.killpg if n % 2 else os.kill)(run.pid, signal.SIGINT)
        status = run.wait()
        assert time.monotonic() - pressed < forked.promised(2)
        assert status in (0, 130), run.output
        if status == 130:
            stopped += 1
            assert run.output.splitlines()[-1].startswith("scrub: stopped; run the same command")
            assert "Traceback" not in run.output
        assert forked.gone(workers)
        check(out, old, new)
        assert {p.name for p in out.iterdir() if p.name[0] == "."} <= {".cache", ".lock"}
    assert stopped >= 4


@pytest.mark.slow
def test_ctrl_c_of_a_real_process(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = subprocess.Popen(
        [sys.executable, "-m", "scrub", *command(folder, out)],
        stderr=subprocess.PIPE, start_new_session=True, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    assert process.stderr.readline().startswith("scrub: read")
    time.sleep(0.2)
    pressed = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=forked.promised(30))
    assert time.monotonic() - pressed < forked.promised(2)
    # Python ends itself by the signal where C code had called Python; a shell says 130 to both.
    assert process.returncode in (130, -signal.SIGINT), errors
    assert errors.splitlines()[-1].startswith("scrub: stopped")
    assert "Traceback" not in errors
    assert snapshot(out) == {}


SLOW_START = """
import builtins, sys, time
from scrub.__main__ import main
imported = builtins.__import__

def slow(name, *rest):
    if name == "typer":
        print("importing", flush=True)
        time.sleep(60)
    return imported(name, *rest)

builtins.__import__ = slow
main()
"""


def test_ctrl_c_while_it_is_loaded() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SLOW_START],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "importing\n"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=forked.promised(10))
    assert (process.returncode, errors) == (
        130,
        "scrub: stopped; run the same command to start again\n",
    )


# --- two runs, no room, no memory


def test_the_second_run_is_told_who_holds_the_folder(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with Output(out):
        said = forked.run(tmp_path / "log", *command(folder, out))
    assert said == (
        f"[2] scrub: {out}: in use by another run (process {os.getpid()}); "
        "wait for it or choose another -o\n"
    )


@pytest.mark.parametrize("size", [3_000, 20_000, 60_000])
def test_no_room_for_a_file(folder: Path, tmp_path: Path, size: int) -> None:
    out, log = tmp_path / "out", tmp_path / "log"
    old = with_old_result(folder, out, log)
    limit = (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1])
    run = Forked(
        log,
        *command(folder, out),
        before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit),
    )
    assert run.wait() == 2
    last = run.output.splitlines()[-1]
    assert "Traceback" not in run.output
    # A file of the result, or one that is only needed on the way.
    assert re.match(rf"scrub: {out}/\S+: File too large after|scrub: .*no room for what", last)
    assert stable(out) == old
    assert forked.run(log, *command(folder, out)).startswith("[0]")


@pytest.mark.slow
@small_disk.needs_a_disk
def test_a_full_disk(folder: Path, tmp_path: Path) -> None:
    line = small_disk.refused("size=150k", folder / "00.txt", folder, tmp_path)
    assert line.startswith(f"scrub: {tmp_path}/disk/out/")
    assert "No space left on device after" in line
    assert "make room" in line


@pytest.mark.slow
@pytest.mark.parametrize("room", [1, 64])
def test_little_memory(
    room: int, folder: Path, undisturbed: tuple[Result, float], tmp_path: Path
) -> None:
    out, log = tmp_path / "out", tmp_path / "log"
    old = with_old_result(folder, out, log)
    big = tmp_path / "in"
    shutil.copytree(folder, big)
    (big / "big.txt").write_text("\n\n".join(filler(n) for n in range(400)), encoding="utf-8")

    def starve() -> None:
        used = psutil.Process().memory_info().vms
        resource.setrlimit(resource.RLIMIT_AS, (used + room * 1_000_000,) * 2)

    run = Forked(log, *command(big, out), before=starve)
    status = run.wait(100)
    assert "Traceback" not in run.output
    assert status in (0, 2), run.output
    if status == 2:
        assert "memory" in run.output.splitlines()[-1]
        assert stable(out) == old
    else:
        assert b"big.txt" in stable(out)["dedup.csv"]
