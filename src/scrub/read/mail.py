"""Mail as it is saved: mbox with many messages, one message, and web pages saved as MHTML."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from email.message import EmailMessage, MIMEPart
from email.policy import EmailPolicy
from typing import Any

from scrub.document import Document
from scrub.read.dates import iso_date
from scrub.read.encoding import Decoder
from scrub.read.exports import pages
from scrub.read.html import decode_page
from scrub.read.record import Builder, Pending, Result, settled
from scrub.read.stream import Input, Place, UnreadableError, lines, whole

_LONGEST = 2000  # characters of a header, by hand: RFC 5322 has lines of 998


# Prose that begins so, and that the program did not mark, has several words and no time.
_FROM = re.compile(rb"From (?:\S{1,300}\s*\Z|[^\n]{1,300}?\d:\d\d)")
_MARKED = re.compile(rb">+From ")


def read_mail(file: Input, build: Builder) -> Iterator[Result]:
    """The text or the page of one message, or a database's articles.  Raises UnreadableError."""
    found = _message(whole(file.chunks, build.max_record).lstrip(), file.place())
    if isinstance(found, Pending) and (articles := pages(found.markup)):
        yield from build.each(articles, file, found.note or {})
    else:
        yield found


def read_mbox(file: Input, build: Builder) -> Iterator[Result]:
    """Each message: what begins with a line `From ` behind a blank one."""
    for number, data in enumerate(_messages(file, build.max_record), 1):
        place = file.place(number)
        try:
            if data is None:
                raise UnreadableError("too-large", "longer than read.max_record_mb")
            yield _message(data, place)
        except UnreadableError as error:
            yield place.reject(error)


def _messages(file: Input, limit: float) -> Iterator[bytes | None]:
    message: list[bytes] = []
    size, blank, began = 0, True, False
    for line in lines(file.chunks, limit):
        if line is not None and blank and _FROM.match(line):
            if began:
                yield b"\n".join(message) if size <= limit else None
            message, size, began = [], 0, True
        elif line is None or size > limit:
            size, message = int(limit) + 1, []
        else:
            # A line of the text that begins so was written with a mark before it.
            message.append(line[1:] if _MARKED.match(line) else line)
            size += len(line) + 1
            began = began or bool(line.strip())
        blank = not (line or b"").strip()
    if began:
        yield b"\n".join(message) if size <= limit else None


class _Brief(EmailPolicy):
    """Headers by as much of them as is looked at: their grammar takes long, and nests."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        """The value of a header."""
        return super().header_fetch_parse(name, value[:_LONGEST])


_BRIEF = _Brief()


def _message(data: bytes, place: Place) -> Document | Pending:
    try:
        message: EmailMessage = email.message_from_bytes(data, policy=_BRIEF)  # type: ignore[arg-type]
        body = message.get_body(preferencelist=("plain", "html", "related"))
        if body is None or body.get_content_maintype() != "text" or not message.keys():
            raise UnreadableError("no-text", "a message without a text")
        payload = body.get_payload(decode=True)
        charset = body.get_content_charset() or ""
    except _UNSOUND as error:
        raise UnreadableError("damaged", f"not a sound message: {error}"[:300]) from None
    stated = {name: _stated(message, name) for name in _HEADERS}
    content = payload if isinstance(payload, bytes) else b""
    html = body.get_content_subtype() == "html"
    decoded = (
        decode_page(content, Decoder(), charset) if html else Decoder().decode(content, charset)
    )
    known: dict[str, Any] = {
        "id": stated["Message-ID"].strip("<> "),
        "url": stated["Snapshot-Content-Location"] or _stated(body, "Content-Location"),
        "created": iso_date(stated["Date"]),
        "metadata": {
            key: stated[name]
            for key, name in (("title", "Subject"), ("author", "From"))
            if stated[name] and not (name == "From" and stated["Snapshot-Content-Location"])
        },
    }
    return settled(decoded.text, place, decoded.metadata(), known, html=html)


def _stated(message: MIMEPart, name: str) -> str:
    """The value of a header; "" where there is none, or none that can be read."""
    try:
        return str(message.get(name) or "")
    except _UNSOUND:
        return ""


# What the email package raises of headers that nobody should write.
_UNSOUND = (AttributeError, LookupError, RecursionError, TypeError, ValueError)
_HEADERS = ("Message-ID", "Snapshot-Content-Location", "Date", "Subject", "From")
