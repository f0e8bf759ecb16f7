"""Run batches on this machine: in this process, or in a pool of worker processes."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Self, TypeVar

from scrub.errors import WorkerError

T = TypeVar("T")
R = TypeVar("R")

_log = logging.getLogger(__name__)


class LocalEngine:
    """Maps a function over batches, in order, on `jobs` processes (0: one for each core).

    With one job everything stays in this process.  At most two batches for each worker are under
    way at once, so memory follows the batch and not the input.  When a worker dies, mostly because
    memory ran out, its batches are done once more by a single one; `deaths` counts these times.
    """

    def __init__(self, jobs: int = 0) -> None:
        """No process is started before the first batch."""
        self.jobs = (
            jobs or len(os.sched_getaffinity(0))
            if hasattr(os, "sched_getaffinity")
            else jobs or os.cpu_count() or 1
        )
        self.deaths = 0
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        """The engine; its processes end with the block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the processes, at once when an error ends the block."""
        if self._pool is None:
            return
        if error is not None:
            # Whoever pressed Ctrl-C does not wait for batches; the pool has no public way for it.
            for process in list((self._pool._processes or {}).values()):
                process.kill()
        self._pool.shutdown(cancel_futures=True)

    def map(self, function: Callable[[T], R], batches: Iterable[T]) -> Iterator[R]:
        """`function` of every batch, in the order of the batches.

        Raises WorkerError where a batch killed its worker twice, and whatever `function` raises.
        """
        if self.jobs == 1:
            yield from map(function, batches)
            return
        waiting: deque[tuple[T, Future[R]]] = deque()
        for batch in batches:
            waiting.append((batch, self._submit(function, batch)))
            if len(waiting) >= 2 * self.jobs:
                yield self._result(function, waiting)
        while waiting:
            yield self._result(function, waiting)

    def _submit(self, function: Callable[[T], R], batch: T) -> Future[R]:
        try:
            return self._started().submit(function, batch)
        except BrokenProcessPool as error:  # dealt with when this result is asked for
            failed: Future[R] = Future()
            failed.set_exception(error)
            return failed
        except OSError as error:
            raise WorkerError(
                f"worker processes cannot be started: {error.strerror}; nothing was written: "
                "free memory, or run again with -j 1"
            ) from error

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # Workers are forked where the system can: they share the imported code and tables.
            method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
            self._pool = ProcessPoolExecutor(
                1 if self.deaths else self.jobs,
                mp_context=multiprocessing.get_context(method),
                initializer=_begin,
            )
        return self._pool

    def _result(self, function: Callable[[T], R], waiting: deque[tuple[T, Future[R]]]) -> R:
        """The result of the first batch that waits; all of them are begun anew after a death."""
        while True:
            try:
                result = waiting[0][1].result()
            except BrokenProcessPool as error:
                if self.deaths:
                    raise WorkerError(
                        "a worker process died twice, killed from outside or for want of memory; "
                        "nothing was written: free memory, or run again with -j 1"
                    ) from error
                _log.warning("scrub: a worker process died; one does its batches again")
                self.deaths += 1
                self._pool = None
                again = [(batch, self._submit(function, batch)) for batch, _ in waiting]
                waiting.clear()
                waiting.extend(again)
            else:
                waiting.popleft()
                return result


def _begin() -> None:
    """Prepare a worker: Ctrl-C is for the parent, and without a parent there is nothing to do."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
