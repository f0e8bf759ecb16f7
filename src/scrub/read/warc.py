"""WARC (ISO 28500), and the WET files made of it: one document for each page or text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrub.read.dates import iso_date
from scrub.read.encoding import Decoder
from scrub.read.html import charset_of, decode_page
from scrub.read.record import Pending, document
from scrub.read.stream import UnreadableError, as_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warcio.recordloader import ArcWarcRecord

    from scrub.document import Document
    from scrub.read.record import Builder, Result
    from scrub.read.stream import Input, Place

_PAGES = ("text/html", "application/xhtml+xml")


def read_warc(file: Input, build: Builder) -> Iterator[Result]:
    """Pages and texts of `response`, `resource` and `conversion` records.

    Other records, and responses that are no text (images, styles, redirects), are no articles and
    are passed over; a page served with an error status is rejected.
    """
    from warcio.archiveiterator import ArchiveIterator

    number = 0
    try:
        for record in ArchiveIterator(as_file(file.chunks), check_digests=False):
            number += 1
            if record.rec_type not in ("response", "resource", "conversion"):
                continue
            place = file.place(number)
            try:
                if result := _result(record, place, build):
                    yield result
            except UnreadableError as error:
                yield place.reject(error)
    except UnreadableError:
        raise
    except Exception as error:  # warcio raises whatever its parsing stumbles over
        raise UnreadableError(
            "damaged", f"not a sound WARC after record {number}: {error}"
        ) from None


def _result(record: ArcWarcRecord, place: Place, build: Builder) -> Document | Pending | None:
    kind, charset = charset_of(
        record.http_headers.get_header("Content-Type", "")
        if record.http_headers
        else record.rec_headers.get_header("Content-Type", "")
    )
    if kind not in _PAGES and kind != "text/plain":
        return None
    status = record.http_headers.get_statuscode() if record.http_headers else "200"
    if status.startswith("3"):
        return None
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    if not status.startswith("2"):
        raise UnreadableError("http-status", f"{url} was answered with {status}"[:300])
    data = record.content_stream().read(int(build.max_record) + 1)
    if len(data) > build.max_record:
        raise UnreadableError("too-large", "larger than read.max_record_mb")
    known: dict[str, Any] = {
        "id": (record.rec_headers.get_header("WARC-Record-ID") or "").strip("<>"),
        "url": url,
        "added": iso_date(record.rec_headers.get_header("WARC-Date")),
    }
    if kind == "text/plain":
        decoded = Decoder().decode(data, charset)
        return document(decoded.text, place, decoded.metadata(), **known)
    decoded = decode_page(data, Decoder(), charset)
    return Pending(decoded.text, True, place, decoded.metadata(), known)
