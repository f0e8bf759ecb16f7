"""Run batches on this machine: in this process, or in a pool of worker processes."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from types import TracebackType
from typing import Self, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class LocalEngine:
    """Maps a function over batches, in order, on `jobs` processes (0: one for each core).

    With one job everything stays in this process.  At most two batches for each worker are under
    way at once, so memory follows the batch and not the input.
    """

    def __init__(self, jobs: int = 0) -> None:
        self.jobs = (
            jobs or len(os.sched_getaffinity(0))
            if hasattr(os, "sched_getaffinity")
            else jobs or os.cpu_count() or 1
        )
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=error is None, cancel_futures=True)

    def map(self, function: Callable[[T], R], batches: Iterable[T]) -> Iterator[R]:
        """`function` of every batch, in the order of the batches."""
        if self.jobs == 1:
            yield from map(function, batches)
            return
        if self._pool is None:
            # Workers are forked where the system can: they share the imported code and tables.
            method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
            self._pool = ProcessPoolExecutor(
                self.jobs, mp_context=multiprocessing.get_context(method)
            )
        waiting: deque[Future[R]] = deque()
        for batch in batches:
            waiting.append(self._pool.submit(function, batch))
            if len(waiting) >= 2 * self.jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
