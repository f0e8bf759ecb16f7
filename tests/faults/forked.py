"""Commands of scrub in forked processes: everything is imported and compiled, so each is quick."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from scrub.__main__ import main
from scrub.process import interrupts_held


class Forked:
    """A running command, leader of its own process group; `log` takes what it prints."""

    def __init__(
        self, log: Path, *arguments: str | Path, before: Callable[[], object] = lambda: None
    ) -> None:
        self.log = log
        self.status: int | None = None
        log.write_bytes(b"")
        with interrupts_held():  # a Ctrl-C before the command begins is lost
            self.pid = os.fork()
            if self.pid == 0:
                _run([str(a) for a in arguments], log, before)

    @property
    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def children(self) -> list[psutil.Process]:
        with contextlib.suppress(psutil.NoSuchProcess):
            return psutil.Process(self.pid).children(recursive=True)
        return []

    def await_line(self, text: str) -> None:
        """Return as soon as `text` has been printed."""
        deadline = time.monotonic() + promised(60)
        while text not in self.output:
            assert self.poll() is None, f"ended with {self.status} before {text!r}: {self.output}"
            assert time.monotonic() < deadline
            time.sleep(0.001)

    def await_workers(self) -> None:
        """Return as soon as there are processes besides the command's own."""
        while not self.children():
            assert self.poll() is None, f"ended with {self.status}: {self.output}"
            time.sleep(0.001)

    def poll(self) -> int | None:
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
        return self.status

    def wait(self, seconds: float = 60) -> int:
        deadline = time.monotonic() + promised(seconds)
        while self.poll() is None:
            if time.monotonic() > deadline:
                self.kill()
                pytest.fail(f"still running after {seconds} s: {self.output}")
            time.sleep(0.002)
        assert self.status is not None
        return self.status

    def kill(self) -> None:
        """End the command itself, not its workers."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)
            self.wait()


def run(log: Path, *arguments: str | Path, before: Callable[[], object] = lambda: None) -> str:
    """Run a command to its end; what it printed, its exit status in front."""
    command = Forked(log, *arguments, before=before)
    status = command.wait(120)
    return f"[{status}] {command.output}"


def promised(seconds: float) -> float:
    """The time that something may take which is promised for a machine with nothing else to do.

    What runs besides counts as it was in the last minute, or is now, where that is more.
    """
    told = Path("/proc/loadavg")  # of Linux
    running = int(told.read_text().split()[3].partition("/")[0]) if told.exists() else 0
    return seconds * max(1.0, max(os.getloadavg()[0], running) / (os.cpu_count() or 1))


def gone(processes: list[psutil.Process], seconds: float = 2) -> bool:
    """Whether all of them end in time; who is to bury them is not their affair."""
    deadline = time.monotonic() + promised(seconds)
    while any(map(_runs, processes)) and time.monotonic() < deadline:
        time.sleep(0.005)
    return not any(map(_runs, processes))


def _runs(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _run(arguments: list[str], log: Path, before: Callable[[], object]) -> None:
    status = 70
    try:
        os.setpgid(0, 0)
        descriptor = os.open(log, os.O_WRONLY | os.O_APPEND)
        for number in (1, 2):
            os.dup2(descriptor, number)
        sys.stdout = open(1, "w", buffering=1, closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", buffering=1, closefd=False)  # noqa: SIM115
        logging.root.handlers.clear()  # pytest's own
        before()
        sys.argv = ["scrub", *arguments]
        signal.signal(signal.SIGINT, signal.default_int_handler)
        main()
    except SystemExit as stop:
        status = int(stop.code or 0)
    finally:
        os._exit(status)


def moments(seconds: float, count: int) -> Iterator[float]:
    """`count` moments of a run that takes about `seconds`, spread evenly."""
    return (seconds * (n + 0.5) / count for n in range(count))
