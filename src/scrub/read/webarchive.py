"""Safari's web archives: a property list of Apple's (binary or XML) that holds the page saved."""

from __future__ import annotations

import plistlib
from typing import TYPE_CHECKING, Any
from xml.parsers.expat import ExpatError

from scrub.read.encoding import Decoder
from scrub.read.html import decode_page
from scrub.read.record import Pending
from scrub.read.stream import UnreadableError, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrub.read.record import Builder, Result
    from scrub.read.stream import Input

# What plistlib raises of bytes that are no property list, or name entities of their own.
_UNSOUND = (ExpatError, LookupError, OverflowError, RecursionError, TypeError, ValueError)


def read_webarchive(file: Input, build: Builder) -> Iterator[Result]:
    """The article of the page that was saved.  Raises UnreadableError where there is none."""
    data = whole(file.chunks, build.max_record)
    try:
        archive = plistlib.loads(data)
    except _UNSOUND as error:
        raise UnreadableError("damaged", f"not a sound property list: {error}"[:300]) from None
    page: Any = archive.get("WebMainResource") if isinstance(archive, dict) else None
    content = page.get("WebResourceData") if isinstance(page, dict) else None
    if not isinstance(content, bytes):
        raise UnreadableError("no-articles", "no WebMainResource with data, as Safari writes it")
    decoded = decode_page(content, Decoder(), str(page.get("WebResourceTextEncodingName") or ""))
    known = {"url": str(page.get("WebResourceURL") or "")}
    yield Pending(decoded.text, "page", file.place(), decoded.metadata(), known)
