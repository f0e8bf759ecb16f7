"""Run batches on this machine: in this process, or in a pool of worker processes."""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from itertools import chain, islice
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Self, TypeVar

from scrub.engine.pool import Pool, WorkerDied, begin, context, received
from scrub.errors import WorkerError
from scrub.process import interrupts_held

T = TypeVar("T")
R = TypeVar("R")

_log = logging.getLogger(__name__)
_DIED_TWICE = (
    "a worker process died twice, killed from outside or for want of memory; nothing was written: "
    "free memory, or run again with -j 1"
)


class LocalEngine:
    """Maps a function over batches, in order, on `jobs` processes (0: one for each core).

    With one job, or a single batch, everything stays in this process.  At most two batches for each
    worker are under way at once, and workers end with their map, so memory follows the batch and
    not the input.  When a worker dies, mostly because memory ran out, its batches are done once
    more by a single one; `deaths` counts these times.  What all workers are to map may lie in
    `folder` for a while; without one in the system's folder for temporary files.
    """

    def __init__(self, jobs: int = 0, folder: Path | None = None) -> None:
        """No process is started before the first batch."""
        self.folder = folder
        self.jobs = (
            jobs or len(os.sched_getaffinity(0))
            if hasattr(os, "sched_getaffinity")
            else jobs or os.cpu_count() or 1
        )
        self.deaths = 0
        self._pool: Pool | None = None
        self._feeders: list[BaseProcess] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes; after an error they may still be at work."""
        for process in self._feeders:
            process.kill()
        for process in self._feeders:
            process.join()  # until then it may still write
        self._end_workers()

    def map(self, function: Callable[[T], R], batches: Iterable[T]) -> Iterator[R]:
        """`function` of every batch, in the order of the batches.

        Raises WorkerError where a batch killed its worker twice, and whatever `function` raises.
        """
        remaining = iter(batches)
        first = list(islice(remaining, 1 if self.jobs == 1 else 2))
        if len(first) < 2:
            yield from map(function, chain(first, remaining))
            return
        waiting: deque[tuple[T, Future[R]]] = deque()
        try:
            for batch in chain(first, remaining):
                waiting.append((batch, self._submit(function, batch)))
                if len(waiting) >= 2 * self.jobs:
                    yield self._result(function, waiting)
            while waiting:
                yield self._result(function, waiting)
        finally:
            self._end_workers()  # they hold memory; the next share what this process has by then

    def feed(self, produce: Callable[..., Iterator[T]], *arguments: Any) -> Iterator[T]:  # noqa: ANN401
        """What `produce` yields, made ahead in a process of its own, which is started at once.

        Raises whatever `produce` raises.  When its process dies, another one makes the rest; never
        this one, which what killed it would kill, too.  Raises WorkerError where that dies as well.
        """
        if self.jobs == 1:
            return produce(*arguments)
        return self._received(self._feeder(produce, arguments), produce, arguments)

    def _feeder(self, produce: Callable[..., Iterator[T]], arguments: Any) -> Connection:  # noqa: ANN401
        receiver: Connection
        receiver, sender = context().Pipe(duplex=False)
        process = context().Process(target=_produce, args=(sender, produce, arguments))
        try:
            with interrupts_held():
                process.start()
                self._feeders.append(process)
        except OSError as error:
            raise _no_worker(error) from error
        sender.close()
        return receiver

    def _received(
        self,
        receiver: Connection,
        produce: Callable[..., Iterator[T]],
        arguments: Any,  # noqa: ANN401
    ) -> Iterator[T]:
        count = known = 0
        again = False
        while True:
            try:
                item = received(receiver)
            except WorkerDied as error:
                if again:
                    raise WorkerError(_DIED_TWICE) from error
                self._note_death()
                receiver, known, again = self._feeder(produce, arguments), count, True
                continue
            if item is None:
                break
            if known:
                known -= 1
                continue
            yield item
            count += 1

    def _submit(self, function: Callable[[T], R], batch: T) -> Future[R]:
        try:
            if self._pool is None:
                self._pool = Pool(1 if self.deaths else self.jobs)
        except OSError as error:
            raise _no_worker(error) from error
        return self._pool.submit(function, batch)

    def _result(self, function: Callable[[T], R], waiting: deque[tuple[T, Future[R]]]) -> R:
        """The result of the first batch that waits; all of them are begun anew after a death."""
        while True:
            try:
                result = waiting[0][1].result()
            except WorkerDied as error:
                if self.deaths:
                    raise WorkerError(_DIED_TWICE) from error
                self._note_death()
                self._end_workers()
                again = [(batch, self._submit(function, batch)) for batch, _ in waiting]
                waiting.clear()
                waiting.extend(again)
            else:
                waiting.popleft()
                return result

    def _end_workers(self) -> None:
        if self._pool is not None:
            self._pool.close()
            self._pool = None

    def _note_death(self) -> None:
        _log.warning("scrub: a worker process died; one does its batches again")
        self.deaths += 1


def _no_worker(error: OSError) -> WorkerError:
    return WorkerError(
        f"worker processes cannot be started: {error.strerror}; nothing was written: "
        "free memory, or run again with -j 1"
    )


def _produce(sender: Connection, produce: Callable[..., Iterator[Any]], arguments: Any) -> None:  # noqa: ANN401
    """Send what `produce` yields, each with None for an error, and None at the end."""
    begin()
    try:
        for item in produce(*arguments):
            sender.send((item, None))
        sender.send((None, None))
    except Exception as error:
        sender.send((None, error))
