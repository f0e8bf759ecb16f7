"""Work on a stranger's bytes in a process of its own, which can be ended (`read/worker.py`).

No time-out inside a process stops a parser written in C, and none gives back the memory that it
asks for.  The process has bounds of both for each request; when it dies of them, the next request
starts another.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from scrub.limits import MEMORY, MEMORY_PER_BYTE, seconds_for
from scrub.read.stream import HELD, UnreadableError, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrub.read.record import Builder, Result
    from scrub.read.stream import Input

START_SECONDS = 120.0  # imports on a slow disk
# Until a process that uses no processor time is given up: the time it may use, so often, and a
# minute.  By hand: a machine with twenty times the work that it can do.
_BUSY, _IDLE_SECONDS = 20, 60.0


class Worker:
    """A process that answers one request after another, started when first needed.

    Messages are JSON behind their length in 4 bytes.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        """With `quiet` what libraries say on their last breath is not shown."""
        self._quiet = quiet
        self._process: subprocess.Popen[bytes] | None = None
        self._ended = False
        self._lock = threading.Lock()
        self.warm = False  # whether one that is running was asked before

    @property
    def pid(self) -> int | None:
        """The number of the process that is running."""
        return self._process.pid if self._process else None

    def ask(
        self, request: dict[str, Any], seconds: float, size: int, data: bytes | None = None
    ) -> dict[str, Any]:
        """The answer, which may take so much processor time, and memory by `size`.

        `data` is sent behind the request.  Raises TimeoutError, or EOFError where the process died.
        """
        process = self._process or self._start()
        bounds = {"seconds": seconds, "memory": MEMORY + MEMORY_PER_BYTE * size}
        try:
            self._send(process, orjson.dumps(request | bounds | {"more": data is not None}))
            if data is not None:
                self._send(process, data)
            reply: dict[str, Any] = orjson.loads(
                self._receive(process, _BUSY * seconds + _IDLE_SECONDS)
            )
        except TimeoutError:
            self.close()
            raise
        except (EOFError, OSError, ValueError):  # the process is gone, or was ended
            status = process.wait() if process.poll() is None else process.returncode
            self.close()
            if status == -signal.SIGPROF:
                raise TimeoutError from None
            raise EOFError from None
        self.warm = True
        return reply

    def end(self) -> None:
        """Fail the request that another thread has with the process, and all after it, at once.

        The pipes are left to that thread: it would not see that one it waits for was closed.
        """
        with self._lock:
            self._ended = True
            if self._process is not None:
                self._process.kill()

    def close(self) -> None:
        """End the process; the next request starts another."""
        with self._lock:
            process, self._process, self.warm = self._process, None, False
        if process is not None:
            process.kill()
            process.wait()
            assert process.stdin and process.stdout
            process.stdin.close()
            process.stdout.close()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-P", "-m", "scrub.read.worker"]
        with self._lock:
            if self._ended:
                raise EOFError
            self._process = process = subprocess.Popen(  # noqa: S603 - our own module
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL if self._quiet else None,
                bufsize=0,
            )
        try:
            self._receive(process, START_SECONDS)
        except (EOFError, TimeoutError):
            self.close()
            raise
        return process

    @staticmethod
    def _send(process: subprocess.Popen[bytes], message: bytes) -> None:
        assert process.stdin is not None
        for part in (len(message).to_bytes(4, "big"), message):
            rest = memoryview(part)
            while rest:
                rest = rest[process.stdin.write(rest) :]

    @staticmethod
    def _receive(process: subprocess.Popen[bytes], seconds: float) -> bytes:
        """The next message.  Raises TimeoutError, or EOFError where the process is gone."""
        assert process.stdout is not None
        deadline = time.monotonic() + seconds
        data = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while len(data) < 4 or len(data) < 4 + int.from_bytes(data[:4], "big"):
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    raise TimeoutError
                chunk = os.read(process.stdout.fileno(), 1 << 20)
                if not chunk:
                    raise EOFError
                data += chunk
        return bytes(data[4:])


def rows_apart(form: str, file: Input, build: Builder) -> Iterator[Result]:
    """A document for each row that `worker.TABLES[form]` finds in a file.

    Raises UnreadableError.
    """
    data = None if file.path else whole(file.chunks, min(build.max_expanded, HELD))
    size = Path(file.path).stat().st_size if data is None else len(data)
    settings, path = build.settings.model_dump(), os.fsencode(file.path).hex()
    request = {"form": form, "path": path, "settings": settings}  # no name need be UTF-8
    number, more = 0, True
    while more:
        try:
            reply = build.worker.ask(request, seconds_for(size), size, data)
        except TimeoutError:
            detail = f"took over {seconds_for(size):,.0f} s of processor time"
            raise UnreadableError("too-slow", detail) from None
        except EOFError:
            detail = "needs more memory than its size allows, or makes the library crash"
            raise UnreadableError("too-large", detail) from None
        for row in reply["rows"]:
            number += 1
            place = file.place(number)
            try:
                if isinstance(row, list):
                    raise UnreadableError(*row)
                yield build.record(row, place)
            except UnreadableError as error:
                yield place.reject(error)
        if "error" in reply:
            raise UnreadableError(*reply["error"])
        request, data, more = {"form": "next"}, None, reply["more"]
