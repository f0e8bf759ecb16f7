"""Run a command and measure it: wall time, CPU time and peak memory of its whole process tree."""

from __future__ import annotations

import contextlib
import os
import platform
import signal
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# How often the memory of the process tree is read; a shorter peak can be missed.  A look at a large
# process takes the kernel a while, in which that process waits: looking takes a share of the time.
INTERVAL = 0.05
SHARE = 0.02
MEMORY_NOTE = (
    f"peak memory: all processes of the tree, read every {INTERVAL:g} s, less often where that "
    "would disturb them; resident set (RSS) while there is one process, proportional set (PSS) "
    "while there are several, so that shared pages count once"
)


@dataclass(frozen=True)
class Usage:
    """What a command took: seconds, CPU seconds, peak MB (10^6 bytes), and how it ended."""

    wall: float
    cpu: float
    peak_mb: float
    code: int
    stdout: str
    error: str


def run(command: Sequence[str], *, timeout: float, env: Mapping[str, str] | None = None) -> Usage:
    """Run `command` to its end, or kill its process group after `timeout` seconds (code -9).

    CPU seconds are user and system time of the command and of every child it waited for, or what
    was seen of all processes of the tree while they ran, whichever is more.
    """
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            stdout=out,
            stderr=err,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **(env or {})},
            start_new_session=True,
        )
        watch = _MemoryWatch(process.pid)
        killer = threading.Timer(timeout, _kill_group, [process.pid])
        watch.start()
        killer.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        killer.cancel()
        watch.stop()
        process.returncode = os.waitstatus_to_exitcode(status)
        _kill_group(process.pid)  # what the command left behind must not disturb the next one
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read())
    lines = [line for line in texts[1].strip().splitlines() if line.strip()] or [""]
    return Usage(
        wall=wall,
        cpu=max(usage.ru_utime + usage.ru_stime, sum(watch.cpu.values())),
        peak_mb=watch.peak / 1e6,
        code=process.returncode,
        stdout=texts[0],
        error=lines[-1].strip()[:300],
    )


class _MemoryWatch(threading.Thread):
    """Reads memory and CPU time of a process and its descendants until stopped.

    `peak` is in bytes; `cpu` maps a process to the CPU seconds it was last seen with.
    """

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.peak = 0
        self.cpu: dict[int, float] = {}
        self._done = threading.Event()

    def run(self) -> None:
        pause = INTERVAL
        while not self._done.wait(pause):
            start = time.perf_counter()
            try:
                root = psutil.Process(self.pid)
                tree = [root, *root.children(recursive=True)]
            except psutil.Error:
                continue
            self.peak = max(self.peak, sum(_memory(p, shared=len(tree) > 1) for p in tree))
            for process in tree:
                with contextlib.suppress(psutil.Error):
                    times = process.cpu_times()
                    self.cpu[process.pid] = times.user + times.system
            pause = max(INTERVAL, (time.perf_counter() - start) / SHARE)

    def stop(self) -> None:
        self._done.set()
        self.join()


def _memory(process: psutil.Process, *, shared: bool) -> int:
    try:
        if shared and psutil.LINUX:
            return int(process.memory_full_info().pss)
        return int(process.memory_info().rss)
    except psutil.Error:  # it has ended meanwhile
        return 0


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def warm_up(scrub: str) -> None:
    """Run scrub once on a handful of texts, so that its compiled kernels are in their cache."""
    with tempfile.TemporaryDirectory(prefix="scrub-bench-") as scratch:
        line = '{"id": "%d", "text": "A short text about the harbour of Delft, number %d."}\n'
        Path(scratch, "texts.jsonl").write_text("".join(line % (i, i) for i in range(20)))
        run([scrub, "dedup", f"{scratch}/texts.jsonl", "-o", f"{scratch}/out"], timeout=600)


def machine() -> str:
    """One line about this machine, for the head of a result."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [x.partition(":")[2] for x in cpuinfo.read_text().splitlines() if "model name" in x]
        model = names[0].strip() if names else model
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{os.cpu_count()} x {model}, {memory:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}"
    )
