"""Worker processes that share nothing: one that dies at any instant leaves no other waiting.

The pool of `concurrent.futures` gives all its processes one queue, whose lock a killed process
takes along: when that happens while the pool is closed, closing it never ends (seen in Python
3.11).  Here each process has a pipe of its own, and a thread that waits for it.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import SimpleQueue
from typing import Any, TypeVar

from scrub.process import hand_down, ignore_interrupts, interrupts_held

T = TypeVar("T")
R = TypeVar("R")


class WorkerDied(Exception):  # noqa: N818 - no fault of the program
    """A worker ended without an answer: it was killed, mostly for want of memory."""


class Pool:
    """`jobs` processes that call functions; all are started at once, and end when it is closed."""

    def __init__(self, jobs: int) -> None:
        """Raises OSError where the system starts no more processes."""
        self._workers: list[_Worker] = []
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        try:
            for _ in range(jobs):
                with interrupts_held():  # Ctrl-C leaves no process behind that nobody knows
                    self._workers.append(_Worker())
                self._idle.put(self._workers[-1])
        except BaseException:
            self._end_workers()
            raise
        self._threads = ThreadPoolExecutor(jobs, "scrub-worker")  # they only wait

    def submit(self, function: Callable[[T], R], argument: T) -> Future[R]:
        """`function(argument)`, later; the future raises what it raised, or WorkerDied."""
        return self._threads.submit(self._call, function, argument)

    def close(self) -> None:
        """End all processes at once; what they were at is lost."""
        self._end_workers()
        self._threads.shutdown(cancel_futures=True)

    def _end_workers(self) -> None:
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.process.join()

    def _call(self, function: Callable[[T], R], argument: T) -> R:
        worker = self._idle.get()  # there are as many workers as threads
        try:
            return worker.call(function, argument)
        finally:
            self._idle.put(worker)


class _Worker:
    """A process that does one call after another."""

    def __init__(self) -> None:
        self._pipe, theirs = context().Pipe()
        self.process: BaseProcess = context().Process(target=_serve, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()  # so that its end is seen here, also in the middle of an answer

    def call(self, function: Callable[[T], R], argument: T) -> Any:  # noqa: ANN401
        try:
            self._pipe.send((function, argument))
        except OSError as error:
            raise WorkerDied from error
        return received(self._pipe)


def received(pipe: Connection) -> Any:  # noqa: ANN401
    """The next result from a pipe.  Raises the error that was sent instead, or WorkerDied."""
    try:
        result, error = pipe.recv()
    except (EOFError, OSError) as end:
        raise WorkerDied from end
    if error is not None:
        raise error
    return result


def begin() -> None:
    """Prepare a worker: Ctrl-C is for the parent, and without a parent there is nothing to do."""
    ignore_interrupts()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def context() -> Any:  # noqa: ANN401 - the types of contexts differ
    """Processes are forked where the system can: they share the imported code and tables."""
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    if method == "spawn":
        hand_down("PYTHONSAFEPATH", "1")  # modules of the current folder are not theirs
    return multiprocessing.get_context(method)


def _serve(pipe: Connection) -> None:
    begin()
    with suppress(EOFError, OSError):  # the parent is gone
        while True:
            function, argument = pipe.recv()
            try:
                pipe.send((function(argument), None))
            except Exception as error:
                pipe.send((None, error))
            del function, argument  # not kept until the next call


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
