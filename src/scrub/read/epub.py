"""E-books (EPUB 2 and 3): a document for each chapter, or article of a newspaper, in its order."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from scrub.read.dates import iso_date
from scrub.read.encoding import Decoder
from scrub.read.fields import line_of
from scrub.read.html import decode_page
from scrub.read.items import xml_root
from scrub.read.office import Package
from scrub.read.record import Builder, Pending, Result
from scrub.read.stream import Input, UnreadableError

_CONTAINER = "META-INF/container.xml"
_PAGES = ("application/xhtml+xml", "text/html")
# A style within the head goes first; none reaches over the beginning of another.
_ASIDE = [
    re.compile(rf"<{tag}\b(?:(?!<{tag}\b).)*?</{tag}\b[^<>]*>", re.DOTALL | re.IGNORECASE)
    for tag in ("style", "head")
]
_TAG = re.compile(r"<[^<>]*>")
_TITLE = re.compile(r"<title\b[^<>]{0,200}>([^<]{1,500})</title", re.IGNORECASE)


def read_epub(file: Input, build: Builder) -> Iterator[Result]:
    """The text of each part of the book's spine that has one.  Raises UnreadableError.

    A cover and a table of contents (EPUB 3's `nav`) are no articles and are passed over.
    """
    with Package(file, build) as package:
        roots = xml_root(package.member(_CONTAINER)).findall(".//{*}rootfile")
        path = next((root.get("full-path") for root in roots if root.get("full-path")), "")
        book = xml_root(package.member(path))
        known = {
            key: text
            for key in ("title", "creator", "language", "date", "publisher")
            if (text := (book.findtext(f"{{*}}metadata/{{*}}{key}") or "").strip())
        }
        items = {item.get("id"): item for item in book.iterfind("{*}manifest/{*}item")}
        number = 0
        for reference in book.iterfind("{*}spine/{*}itemref"):
            item = items.get(reference.get("idref"))
            if item is None or "nav" in (item.get("properties") or "").split():
                continue
            if item.get("media-type") not in _PAGES:
                continue
            number += 1
            place = file.place(number)
            name = posixpath.join(posixpath.dirname(path), unquote(item.get("href") or ""))
            try:
                decoded = decode_page(package.member(posixpath.normpath(name)), Decoder())
                body = decoded.text
                for aside in _ASIDE:
                    body = aside.sub("", body)
                if _TAG.sub("", body).strip():
                    about = _known(known, decoded.text)
                    yield Pending(body, "fragment", place, decoded.metadata(), about)
            except UnreadableError as error:
                yield place.reject(error)
                if error.reason == "expands-too-much":
                    return


def _known(book: dict[str, str], page: str) -> dict[str, Any]:
    """What is known of a part: its own title within that of the book."""
    title = _TITLE.search(page)
    own = line_of(title[1]) if title else ""
    metadata = {"title": own or book.get("title", ""), "author": book.get("creator", "")}
    if own and own != book.get("title"):
        metadata["book"] = book.get("title", "")
    metadata["language"] = book.get("language", "")
    return {
        "source": book.get("publisher", ""),
        "created": iso_date(book.get("date", "")),
        "metadata": {key: value for key, value in metadata.items() if value},
    }
