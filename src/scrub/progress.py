"""Progress of a run: a live line on a terminal, one log line for each stage elsewhere."""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

T = TypeVar("T")

_OFTEN = 1000

# Called with the stage, how much of it is done, and how much there is (0: not known yet): bytes
# of the input in the stage `read`, documents in the others.  Threads may call it, one at a time.
OnProgress = Callable[[str, int, int], None]


def silent(stage: str, done: int, total: int) -> None:
    """Report nothing."""


class Clock:
    """Times the stages of a run and passes their progress on."""

    def __init__(self, on_progress: OnProgress = silent) -> None:
        self.seconds: dict[str, float] = {}
        self._on_progress = on_progress
        self._stage = ""

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage; stages of one name add up."""
        self._stage = name
        self._on_progress(name, 0, 0)
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start

    def through(self, items: Iterable[T], total: int) -> Iterator[T]:
        """The `total` items; now and then it is said how many were asked for."""
        for done, item in enumerate(items):
            if done % _OFTEN == 0:
                self.advance(done, total)
            yield item
        self.advance(total, total)

    def advance(self, done: int, total: int) -> None:
        """Say how far the current stage is."""
        self._on_progress(self._stage, done, total)


@contextlib.contextmanager
def console_progress(*, enabled: bool = True, form: str = "text") -> Iterator[OnProgress]:
    """Progress on stderr: bars with rate and time left on a terminal, else a line a stage.

    In the form `json` each stage is an event: `stage`, `done`, `unit` and `seconds`.
    """
    if not enabled:
        yield silent
    elif form == "json":
        events = _Events()
        yield events
        events.finish()
    elif sys.stderr.isatty():
        with _bars() as progress:
            yield _Bars(progress)
    else:
        lines = _Lines()
        yield lines
        lines.finish()


@contextlib.contextmanager
def bars(on_progress: OnProgress | bool) -> Iterator[OnProgress]:
    """Progress for a caller from Python: its callback, or for True bars, in notebooks too."""
    if callable(on_progress):
        yield on_progress
    elif on_progress:
        with _bars() as progress:
            yield _Bars(progress)
    else:
        yield silent


def _bars() -> Progress:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    return Progress(
        TextColumn("{task.description:<7}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[amount]}", markup=False),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )


class _Bars:
    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, tuple[TaskID, float]] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage not in self._tasks:
            task = self._progress.add_task(stage, total=None, amount="")
            for other, _ in self._tasks.values():
                self._complete(other)
            self._tasks[stage] = task, time.perf_counter()
        task, start = self._tasks[stage]
        elapsed = time.perf_counter() - start
        amount = ""
        if done and elapsed > 0:
            amount = f"{_amount(stage, done)} {_amount(stage, done / elapsed)}/s"
        self._progress.update(task, completed=done, total=total or None, amount=amount)

    def _complete(self, task: TaskID) -> None:
        total = self._progress.tasks[task].total or 1
        self._progress.update(task, total=total, completed=total)


class _Lines:
    def __init__(self) -> None:
        self._stage = ""
        self._start = 0.0
        self._done = 0

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage != self._stage:
            self.finish()
            self._stage, self._start = stage, time.perf_counter()
        self._done = done

    def finish(self) -> None:
        if self._stage:
            seconds = time.perf_counter() - self._start
            count = f" {_amount(self._stage, self._done)}" if self._done else ""
            print(f"scrub: {self._stage}{count} in {seconds:.1f} s", file=sys.stderr)


class _Events(_Lines):
    def finish(self) -> None:
        if self._stage:
            event = {
                "event": "stage",
                "stage": self._stage,
                "done": self._done,
                "unit": "bytes" if self._stage == "read" else "documents",
                "seconds": round(time.perf_counter() - self._start, 3),
            }
            print(json.dumps(event), file=sys.stderr, flush=True)


def _amount(stage: str, done: float) -> str:
    if stage == "read":
        return f"{done / 1e6:,.1f} MB" if done >= 1e5 else f"{done / 1e3:,.1f} kB"
    return f"{done:,.0f} documents"
