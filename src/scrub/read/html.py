"""Web pages: the article of each, by worker processes that turn markup into text.

Extraction runs in long-lived processes, each replaced when a page takes too long.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from email.message import Message
from queue import LifoQueue
from typing import TYPE_CHECKING, Any

from scrub.read.apart import START_SECONDS, Worker
from scrub.read.encoding import Decoder
from scrub.read.exports import may_hold_pages, pages
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


def read_html(file: Input, build: Builder) -> Iterator[Result]:
    """The article of one saved page, or those of a database's export.  Raises UnreadableError."""
    decoded = decode_page(whole(file.chunks, build.max_record), Decoder())
    if found := pages(decoded.text):
        yield from build.each(found, file, decoded.metadata())
        return
    note = decoded.metadata() | may_hold_pages(decoded.text)
    yield Pending(decoded.text, "page", file.place(), note, {})


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
        """`seconds` is the processor time that one page may take."""
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
            extractor.worker.end()
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
        """`seconds` is the processor time that one page may take."""
        self._seconds = seconds
        self.worker = Worker()

    def __call__(self, markup: str, form: Form) -> tuple[str, dict[str, Any]]:
        """Text and metadata (`title date author language site`, where known).

        Of a page the article, of a fragment all its text.  Raises UnreadableError:
        `html-timeout`, `html-failed`, `no-article`.
        """
        try:
            if form == "page" and not self.worker.warm:
                self.worker.ask({"markup": _WARM, "form": "page"}, START_SECONDS, len(_WARM))
            request = {"markup": markup, "form": form}
            reply = self.worker.ask(request, self._seconds, len(markup))
        except TimeoutError:
            detail = f"took over {self._seconds:g} s"
            raise UnreadableError("html-timeout", detail) from None
        except EOFError:  # the worker is gone, or was ended
            raise UnreadableError("html-failed", "the extraction crashed") from None
        if "error" in reply:
            raise UnreadableError("html-failed", reply["error"])
        if not reply["text"].strip():
            raise UnreadableError("no-article", "no text was found in the markup")
        return reply["text"], reply["metadata"]

    def close(self) -> None:
        """End the worker."""
        self.worker.close()
