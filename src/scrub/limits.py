"""What work on one record may cost: processor time and memory, by the size of the record.

The clock is that of the processor, not of the wall, so that what else the machine does changes no
result.  Python code is interrupted where it stands, patterns within a search; what a library does
in one call of its own is not, and goes to a process that can be ended (`read/apart.py`).
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

# By hand: sound records take a thousandth of it.  Whatever takes longer would take hours.
SECONDS, BYTES_PER_SECOND = 60.0, 100_000
# The memory of a process that reads a file for us: libraries need ten times its size at most.
MEMORY, MEMORY_PER_BYTE = 1 << 30, 50


class TooSlow(BaseException):  # no Exception, which readers take for a fault of one record
    """The work on a record took more time than it may; raised in the midst of it."""


def seconds_for(size: float) -> float:
    """The processor time that work on so many bytes may take."""
    return SECONDS + size / BYTES_PER_SECOND


_ends: Callable[[], float] | None = None  # when the present work ends, in this thread's time


@contextmanager
def watched() -> Iterator[None]:
    """Let `limited` work in the block: it needs the main thread, and a timer that nobody uses."""
    free = (
        hasattr(signal, "SIGPROF")
        and threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGPROF) == signal.SIG_DFL
    )
    if not free:
        yield
        return
    signal.signal(signal.SIGPROF, _look)
    signal.setitimer(signal.ITIMER_PROF, 1, 1)
    owner = os.getpid()
    try:
        yield
    finally:
        if os.getpid() == owner:  # what is forked has no timer
            signal.setitimer(signal.ITIMER_PROF, 0)
        with suppress(ValueError):  # a generator that another thread buries
            signal.signal(signal.SIGPROF, signal.SIG_DFL)


class limited:  # noqa: N801 - stands where a function would
    """A block within `watched` that may take so many seconds of processor time.

    `seconds` is asked when time has gone by, as it may grow with the work.  Raises TooSlow.
    """

    __slots__ = ("_seconds",)

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        global _ends
        seconds, begin = self._seconds, time.thread_time()
        _ends = lambda: begin + seconds()  # noqa: E731

    def __exit__(self, *_: object) -> None:
        global _ends
        _ends = None


def _look(*_: object) -> None:
    global _ends
    if _ends is not None and time.thread_time() > _ends():
        _ends = None
        raise TooSlow
