"""Web pages: the article of each, by worker processes that turn markup into text.

Extraction runs in long-lived processes, each killed and replaced when a page takes too long,
because no time-out inside a process stops a parser written in C.  Messages are JSON behind their
length in 4 bytes.
"""

from __future__ import annotations

import os
import re
import selectors
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from email.message import Message
from queue import LifoQueue
from typing import TYPE_CHECKING, Any

import orjson

from scrub.read.encoding import Decoder
from scrub.read.exports import pages
from scrub.read.record import Pending
from scrub.read.stream import UnreadableError, whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future

    from scrub.document import Document, Rejection
    from scrub.read.encoding import Decoded
    from scrub.read.record import Builder, Form, Result
    from scrub.read.stream import Input

# `<meta charset=x>`, `<meta ... content="text/html; charset=x">`, `<?xml ... encoding="x"?>`
_DECLARED = re.compile(
    rb"<(?:meta\b[^>]{0,200}?\bcharset|\?xml\b[^>]{0,200}?\bencoding)"
    rb"""\s{0,9}=\s{0,9}["']?([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_HEAD = 4096
_WARM = "<html><body><p>The imports are paid for before the time of a page runs.</p></body></html>"
_START_SECONDS = 120.0  # more for the first page: imports on a slow disk


def read_html(file: Input, build: Builder) -> Iterator[Result]:
    """The article of one saved page, or those of a database's export.  Raises UnreadableError."""
    decoded = decode_page(whole(file.chunks, build.max_record), Decoder())
    if found := pages(decoded.text):
        yield from build.each(found, file, decoded.metadata())
        return
    yield Pending(decoded.text, "page", file.place(), decoded.metadata(), {})


def decode_page(data: bytes, decoder: Decoder, declared: str = "") -> Decoded:
    """The markup in `data`; `declared` is the encoding that HTTP named.  Raises UnreadableError."""
    if not declared and (match := _DECLARED.search(data, 0, _HEAD)):
        declared = match[1].decode("ascii")
    return decoder.decode(data, declared)


def charset_of(content_type: str) -> tuple[str, str]:
    """The media type and the charset of a `Content-Type`, "" where it names none."""
    message = Message()
    message["Content-Type"] = content_type or ""
    return message.get_content_type(), message.get_content_charset("") or ""


class Extractors:
    """As many workers as `jobs`, each started when the others are busy."""

    def __init__(self, seconds: float, jobs: int) -> None:
        """`seconds` is the time that one page may take."""
        self._threads = ThreadPoolExecutor(jobs, "scrub-html")  # they only wait for the workers
        self._all = [Extractor(seconds) for _ in range(jobs)]
        self._idle: LifoQueue[Extractor] = LifoQueue()  # one that has started comes first
        for extractor in self._all:
            self._idle.put(extractor)

    def submit(self, pending: Pending) -> Future[Document | Rejection]:
        """The document, or why there is none, later."""
        return self._threads.submit(self._finish, pending)

    def close(self) -> None:
        """End all workers at once."""
        for extractor in self._all:
            extractor.end()
        self._threads.shutdown(cancel_futures=True)
        for extractor in self._all:
            extractor.close()

    def _finish(self, pending: Pending) -> Document | Rejection:
        extractor = self._idle.get()  # there are as many as threads
        try:
            text, found = extractor(pending.markup, pending.form)
            return pending.document(text, found)
        except UnreadableError as error:
            return pending.place.reject(error)
        finally:
            self._idle.put(extractor)


class Extractor:
    """Extracts text from markup in a worker process, started when first needed."""

    def __init__(self, seconds: float) -> None:
        """`seconds` is the time that one page may take."""
        self._seconds = seconds
        self._worker: subprocess.Popen[bytes] | None = None
        self._ready = False
        self._ended = False
        self._lock = threading.Lock()

    def __call__(self, markup: str, form: Form) -> tuple[str, dict[str, Any]]:
        """Text and metadata (`title date author language site`, where known).

        Of a page the article, of a fragment all its text.  Raises UnreadableError:
        `html-timeout`, `html-failed`, `no-article`.
        """
        try:
            worker = self._worker or self._start()
            if form == "page" and not self._ready:
                self._ask(worker, {"markup": _WARM, "form": "page"}, _START_SECONDS)
                self._ready = True
            reply = self._ask(worker, {"markup": markup, "form": form}, self._seconds)
        except TimeoutError:
            self.close()
            raise UnreadableError("html-timeout", f"took over {self._seconds:g} s") from None
        except (EOFError, OSError, ValueError):  # the worker is gone, or was ended
            self.close()
            raise UnreadableError("html-failed", "the extraction crashed") from None
        if "error" in reply:
            raise UnreadableError("html-failed", reply["error"])
        if not reply["text"].strip():
            raise UnreadableError("no-article", "no text was found in the markup")
        return reply["text"], reply["metadata"]

    def end(self) -> None:
        """Fail the page that another thread has with the worker, and all after it, at once.

        The pipes are left to that thread: it would not see that one it waits for was closed.
        """
        with self._lock:
            self._ended = True
            if self._worker is not None:
                self._worker.kill()

    def close(self) -> None:
        """End the worker; the next page starts another."""
        with self._lock:
            worker, self._worker, self._ready = self._worker, None, False
        if worker is not None:
            worker.kill()
            worker.wait()
            assert worker.stdin and worker.stdout
            worker.stdin.close()
            worker.stdout.close()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-P", "-m", "scrub.read.html_worker", str(self._seconds)]
        with self._lock:
            if self._ended:
                raise EOFError
            self._worker = worker = subprocess.Popen(  # noqa: S603 - our own module
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
            )
        self._receive(worker, _START_SECONDS)
        return worker

    def _ask(
        self, worker: subprocess.Popen[bytes], request: dict[str, Any], seconds: float
    ) -> dict[str, Any]:
        self._send(worker, orjson.dumps(request))
        reply: dict[str, Any] = orjson.loads(self._receive(worker, seconds))
        return reply

    @staticmethod
    def _send(worker: subprocess.Popen[bytes], message: bytes) -> None:
        assert worker.stdin is not None
        rest = memoryview(len(message).to_bytes(4, "big") + message)
        while rest:
            rest = rest[worker.stdin.write(rest) :]

    @staticmethod
    def _receive(worker: subprocess.Popen[bytes], seconds: float) -> bytes:
        """The next message.  Raises TimeoutError, or EOFError where the worker is gone."""
        assert worker.stdout is not None
        deadline = time.monotonic() + seconds
        data = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(worker.stdout, selectors.EVENT_READ)
            while len(data) < 4 or len(data) < 4 + int.from_bytes(data[:4], "big"):
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    raise TimeoutError
                chunk = os.read(worker.stdout.fileno(), 1 << 20)
                if not chunk:
                    raise EOFError
                data += chunk
        return bytes(data[4:])
