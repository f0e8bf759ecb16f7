"""What work on one record may cost: processor time and memory, by the size of the record.

The clock is that of the processor, not of the wall, so that what else the machine does changes no
result.  Python code is interrupted where it stands, patterns within a search; what a library does
in one call of its own is not, and goes to a process that can be ended (`read/apart.py`).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from scrub.process import each_second

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


def watched() -> AbstractContextManager[None]:
    """Let `limited` work in the block: it needs the main thread, and a timer that nobody uses."""
    return each_second(_look)


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


def _look() -> None:
    global _ends
    if _ends is not None and time.thread_time() > _ends():
        _ends = None
        raise TooSlow
