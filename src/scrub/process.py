"""All that scrub changes of the process it runs in, and nothing else does (`tests/test_house.py`).

Whoever imports scrub has a process of their own.  What a function of the library changes of it is
set back, or is only what no other user could want otherwise; a command, and a worker that reads or
compiles for one, has its process to itself.
"""

import io
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import BinaryIO

is_command = False  # whether this process does one command and ends

_NUMBA_SETTINGS = ".numba_config.yaml"


# ---- of any process


def without_local_settings() -> None:
    """Have numba, where it is not imported yet, find no settings in the current folder.

    Numba (0.68) reads a `.numba_config.yaml` that lies there, where PyYAML is installed; it can
    switch compiling off, which makes a run a hundred times slower, and have numba print what it
    does.
    """
    if "numba" in sys.modules or not os.path.exists(_NUMBA_SETTINGS):  # noqa: PTH110 - at start
        return
    absent = object()
    yaml = sys.modules.get("yaml", absent)
    sys.modules["yaml"] = None  # type: ignore[assignment] # an import of it fails
    try:
        with warnings.catch_warnings():  # numba says that it cannot read the file
            warnings.simplefilter("ignore")
            from numba.core import config
    finally:
        del sys.modules["yaml"]
        if yaml is not absent:
            sys.modules["yaml"] = yaml  # type: ignore[assignment]
    config._config_fname = os.devnull  # it is looked for at each compiling


@contextmanager
def numba_cache(folder: Path | None) -> Iterator[None]:
    """Have functions that are decorated in the block kept in a folder by numba."""
    from numba import config

    # Numba asks for its folder while it decorates: no other user of it sees it changed.
    before = config.CACHE_DIR
    config.CACHE_DIR = str(folder or before)
    try:
        yield
    finally:
        config.CACHE_DIR = before


def ignore_overflow() -> None:
    """Say nothing of numbers that run over their bits, where kernels run as Python."""
    warnings.filterwarnings("ignore", "overflow encountered in scalar", RuntimeWarning)


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Let Ctrl-C take effect only when the block has ended: half of it would leave something.

    Such blocks are short.  A process that is forked in the block begins with it held, too.  Where
    this is not the main thread, or Ctrl-C is ignored already, nothing needs to be held.
    """
    handler = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(handler):
        yield
        return
    pressed: list[FrameType | None] = []
    signal.signal(signal.SIGINT, lambda _, frame: pressed.append(frame))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        if pressed:
            handler(signal.SIGINT, pressed[0])


@contextmanager
def each_second(look: Callable[[], None]) -> Iterator[None]:
    """Call `look` in the block after each second of processor time, amid whatever is done.

    It needs the main thread and a timer that nobody uses; elsewhere nothing is called.
    """
    free = (
        hasattr(signal, "SIGPROF")
        and threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGPROF) == signal.SIG_DFL
    )
    if not free:
        yield
        return
    signal.signal(signal.SIGPROF, lambda *_: look())
    signal.setitimer(signal.ITIMER_PROF, 1, 1)
    owner = os.getpid()
    try:
        yield
    finally:
        if os.getpid() == owner:  # what is forked has no timer
            signal.setitimer(signal.ITIMER_PROF, 0)
        with suppress(ValueError):  # a generator that another thread buries
            signal.signal(signal.SIGPROF, signal.SIG_DFL)


def allow_cells_of(size: int) -> None:
    """Let the csv module read cells of so many characters; its limit is only ever raised."""
    import csv

    csv.field_size_limit(max(csv.field_size_limit(), size))


def silence(library: str) -> None:
    """Have a library log nothing: it would quote what a stranger wrote."""
    import logging

    logging.getLogger(library).setLevel(logging.CRITICAL)


def hand_down(variable: str, value: str) -> None:
    """Set an environment variable for the processes started from here, unless it is set."""
    if not os.environ.get(variable):
        os.environ[variable] = value


# ---- of a command's own process, and of a worker's


def ignore_interrupts() -> None:
    """Have Ctrl-C do nothing from here on: it is another process's affair, or comes too late."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def without_collector() -> Iterator[None]:
    """Let no cycles be looked for in the block: records are many and never in any."""
    import gc

    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def prepare_streams(closed: Callable[[str], object]) -> None:
    """Have all three streams, whose bytes are the same whatever the locale says.

    `closed` makes what stands for one that was closed by whoever started us.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            # The number must be taken, or the next file that is opened would be that stream.
            null = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, open(null, "w", encoding="utf-8") if number == 2 else closed(name))  # noqa: SIM115, PTH123
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def drop_output() -> None:
    """Write what is still to be written to stdout nowhere: whoever read it has enough."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def answer_on_stdout() -> BinaryIO:
    """Make this a worker that is asked through its pipes; the stream of its answers.

    Ctrl-C is for whoever asks; what libraries print goes to stderr, and what they log nowhere.
    """
    import logging

    ignore_interrupts()
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    logging.disable(logging.CRITICAL)
    return answers


@contextmanager
def bounded(seconds: float, memory: int) -> Iterator[None]:
    """Die in the block of more processor time, and get no more memory from its beginning on.

    Nor does a worker outlive by long whoever asked: it dies of thirty times as long by the clock.
    """
    signal.setitimer(signal.ITIMER_REAL, 30 * seconds + 120)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    with suppress(ImportError, OSError, ValueError):  # Linux has all of it
        import resource

        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        most = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (used + memory, most))
    yield
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
