"""Visits as browsers keep them: HAR (HTTP Archive 1.2), each web page, and Safari's archives."""

from __future__ import annotations

import base64
import binascii
import plistlib
from collections.abc import Iterator
from typing import Any
from xml.parsers.expat import ExpatError

from scrub.read.dates import iso_date
from scrub.read.encoding import Decoder
from scrub.read.html import charset_of, decode_page
from scrub.read.jsonvalue import load
from scrub.read.record import Builder, Pending, Result
from scrub.read.stream import Input, UnreadableError, whole

# What plistlib raises of bytes that are no property list, or name entities of their own.
_UNSOUND = (ExpatError, LookupError, OverflowError, RecursionError, TypeError, ValueError)
_PAGES = ("text/html", "application/xhtml+xml")


def read_har(file: Input, build: Builder) -> Iterator[Result]:
    """The article of each page that was answered; scripts, pictures and errors are passed over.

    Raises UnreadableError where the file is no HAR.
    """
    visit, note = load(whole(file.chunks, build.max_record), Decoder())
    entries = _object(visit, "log").get("entries")
    if not isinstance(entries, list):
        raise UnreadableError("no-articles", "no log with entries, as a HAR has it")
    for number, entry in enumerate(entries, 1):
        place = file.place(number)
        answer = _object(entry, "response")
        content = _object(answer, "content")
        kind, charset = charset_of(str(content.get("mimeType") or ""))
        text = content.get("text")
        if kind not in _PAGES or answer.get("status") != 200 or not isinstance(text, str):
            continue
        known = {
            "url": str(_object(entry, "request").get("url") or ""),
            "added": iso_date(entry.get("startedDateTime")),
        }
        metadata: dict[str, Any] = dict(note or {})
        try:
            if content.get("encoding") == "base64":
                decoded = decode_page(base64.b64decode(text, validate=True), Decoder(), charset)
                text, metadata = decoded.text, metadata | decoded.metadata()
            yield Pending(text, "page", place, metadata, known)
        except binascii.Error as error:
            yield place.reject(UnreadableError("damaged", f"base64: {error}"))
        except UnreadableError as error:
            yield place.reject(error)


def read_webarchive(file: Input, build: Builder) -> Iterator[Result]:
    """The article of the page that was saved.  Raises UnreadableError where there is none."""
    data = whole(file.chunks, build.max_record)
    try:
        archive = plistlib.loads(data)
    except _UNSOUND as error:
        raise UnreadableError("damaged", f"not a sound property list: {error}"[:300]) from None
    page = _object(archive, "WebMainResource")
    content = page.get("WebResourceData")
    if not isinstance(content, bytes):
        raise UnreadableError("no-articles", "no WebMainResource with data, as Safari writes it")
    decoded = decode_page(content, Decoder(), str(page.get("WebResourceTextEncodingName") or ""))
    known = {"url": str(page.get("WebResourceURL") or "")}
    yield Pending(decoded.text, "page", file.place(), decoded.metadata(), known)


def _object(value: Any, name: str) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    inner = value.get(name) if isinstance(value, dict) else None
    return inner if isinstance(inner, dict) else {}
