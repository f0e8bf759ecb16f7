"""WARC (ISO 28500), ARC before it, and the WET files made of it: a document for each page or text.

A WARC is cut into its records by their lengths, and each is parsed by itself (warcio), so that one
that is damaged costs only itself.
"""

from __future__ import annotations

import io
import math
import re
import zlib
from typing import TYPE_CHECKING, Any

import brotli

from scrub.process import silence
from scrub.read.dates import iso_date
from scrub.read.encoding import Decoder
from scrub.read.html import charset_of, decode_page
from scrub.read.markup import begins_page
from scrub.read.record import Pending, settled
from scrub.read.stream import CHUNK, Meter, UnreadableError, as_file, expand, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warcio.recordloader import ArcWarcRecord
    from warcio.statusandheaders import StatusAndHeaders

    from scrub.document import Document
    from scrub.read.record import Builder, Result
    from scrub.read.stream import Input, Place

_PAGES = ("text/html", "application/xhtml+xml")
# Types that servers give for want of a better one.
_UNTYPED = ("", "text/plain", "application/octet-stream", "unknown/unknown", "application/unknown")
_XML = ("application/xml", "text/xml")  # which may be a page, too
# What servers name and nothing is coded by: MIME has the last three, HTTP has not.
_NO_CODINGS = frozenset(("", "identity", "none", "utf-8", "7bit", "8bit", "binary"))
_DIGITS = re.compile(rb"\d{1,12}")
_LENGTH = re.compile(rb"^Content-Length:\s*(\d{1,18})\s*$", re.IGNORECASE | re.MULTILINE)
# Before a chunk of RFC 9112: its size, and the end of the one before.
_CHUNK = re.compile(rb"(?:\r\n)?([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\n]{0,1000})?\r\n")
_NEXT = re.compile(rb"\r?\n\r?\n(?=WARC/[01]\.\d+\r?\n)")
# What crawlers ask for, and what they write of themselves.
_OF_CRAWLER = re.compile(
    r"<?(?:https?://[^/]{1,300}/robots\.txt\Z|metadata:|dns:|"
    r"urn:(?:x-|(?:text|textFinal|pageinfo|view|fullPage|thumbnail):))",
    re.IGNORECASE,
)
_LONGEST_HEAD, _MOST_HEADERS = 1 << 16, 1000  # bytes of a header's line, lines of a header
_LONGEST_TYPE = 256  # of a Content-Type, which the email package takes quadratic time to parse
_LONGEST_VALUE = 1 << 13  # of other values, as servers limit them


def read_warc(file: Input, build: Builder) -> Iterator[Result]:
    """Pages and texts of `response`, `resource` and `conversion` records.

    Other records, among them revisits, which hold no text of their own, and responses that are no
    text (images, styles, redirects), are no articles and are passed over; a page served with an
    error status is rejected, and so is what lies between two records.
    """
    yield from _read(_cut(as_file(file.chunks), build.max_record), file, build)


def read_arc(file: Input, build: Builder) -> Iterator[Result]:
    """The same of an ARC file, the Internet Archive's format before WARC."""
    yield from _read(_cut_arc(as_file(file.chunks), build.max_record), file, build)


def _read(
    records: Iterator[bytes | UnreadableError], file: Input, build: Builder
) -> Iterator[Result]:
    for number, record in enumerate(records, 1):
        place = file.place(number)
        try:
            if isinstance(record, UnreadableError):
                raise record
            if result := _result(_parsed(record), place, build):
                yield result
        except UnreadableError as error:
            yield place.reject(error)
        except Exception as error:  # warcio raises whatever its parsing stumbles over
            what = f"not a sound record: {type(error).__name__}: {error}"
            yield place.reject(UnreadableError("damaged", what[:300]))


def _cut_arc(source: io.BufferedReader, limit: float) -> Iterator[bytes | UnreadableError]:
    """The same of an ARC file, whose records begin with a line: `URL IP date type length`."""
    stray = 0
    while line := source.readline(_LONGEST_HEAD):
        parts = line.rsplit(b" ", 4)
        if len(parts) < 5 or b":" not in parts[0] or not _DIGITS.fullmatch(parts[4].strip()):
            stray += len(line.strip())
            continue
        if stray:
            yield UnreadableError("damaged", f"{stray} bytes that belong to no record")
            stray = 0
        yield line + _body(source, int(parts[4]), limit)[0]
    if stray:
        yield UnreadableError("damaged", f"{stray} bytes that belong to no record")


def _cut(source: io.BufferedReader, limit: float) -> Iterator[bytes | UnreadableError]:
    """Each record from its version line on; in place of what is none, why.

    A record whose length is wrong ends where the next one begins.
    """
    stray = 0
    line = source.readline(_LONGEST_HEAD)
    while line:
        if not line.startswith(b"WARC/"):
            stray += len(line.strip())
            line = source.readline(_LONGEST_HEAD)
            continue
        if stray:
            yield UnreadableError("damaged", f"{stray} bytes that belong to no record")
            stray = 0
        head = [line]
        while (line := source.readline(_LONGEST_HEAD)).strip() and len(head) < _MOST_HEADERS:
            head.append(line)
        record = b"".join(head) + b"\r\n"
        length = _LENGTH.search(record)
        if length is None:
            yield UnreadableError("damaged", "a record without its Content-Length")
            continue
        body, left = _body(source, int(length[1]), limit)
        line = source.readline(_LONGEST_HEAD)
        ended = not left and not line.strip()
        while line and not line.strip():
            line = source.readline(_LONGEST_HEAD)
        follows = not line or line.startswith(b"WARC/")
        if (follows and not left) or (ended and not _NEXT.search(body)):
            yield record + body
            continue
        whole_records = _NEXT.split(record + body)
        while line and not line.startswith(b"WARC/"):
            # Too short a length: what follows is the rest; too long: the rest of the last one.
            whole_records[-1] += line if len(whole_records[-1]) <= limit else b""
            line = source.readline(_LONGEST_HEAD)
        yield from (_LENGTH.sub(b"", part, count=1) for part in whole_records)
    if stray:
        yield UnreadableError("damaged", f"{stray} bytes that belong to no record")


def _body(source: io.BufferedReader, left: int, limit: float) -> tuple[bytes, int]:
    """The next bytes, of more than the limit only so many, and how many of them are not there."""
    body = source.read(min(left, int(limit) + 1))
    left -= len(body)
    while left and (skipped := source.read(min(left, CHUNK))):
        left -= len(skipped)
    return body, left


def _parsed(record: bytes) -> ArcWarcRecord:
    from warcio.archiveiterator import ArchiveIterator

    silence("warcio")
    return next(iter(ArchiveIterator(io.BytesIO(record), arc2warc=True, check_digests=False)))


def _result(record: ArcWarcRecord, place: Place, build: Builder) -> Document | Pending | None:
    if record.rec_type not in ("response", "resource", "conversion"):
        return None
    headers = record.http_headers or record.rec_headers
    stated = _value(headers, "Content-Type")[:_LONGEST_TYPE]
    kind, charset = charset_of(stated) if stated else ("", "")
    if record.http_headers is None and kind == "application/http":
        return None  # the answer itself is cut off
    found = _value(record.rec_headers, "WARC-Identified-Payload-Type")
    if kind in _UNTYPED and found in _PAGES:
        kind = found
    if kind not in _PAGES and kind not in _UNTYPED and kind not in _XML:
        return None
    status = record.http_headers.get_statuscode() if record.http_headers else "200"
    if status.startswith("3"):
        return None
    url = _value(record.rec_headers, "WARC-Target-URI")
    if _OF_CRAWLER.match(url):
        return None
    if not status.startswith("2"):
        if kind == "application/octet-stream" or kind in _XML:
            return None
        raise UnreadableError("http-status", f"{url} was answered with {status}"[:300])
    data = _payload(record, build.max_record)
    page = kind in _PAGES or begins_page(data)
    if kind in _XML and not page:
        return None  # a feed, a map of the site
    note: dict[str, Any] = {}
    if cut := _value(record.rec_headers, "WARC-Truncated"):
        note["truncated"] = cut
    known: dict[str, Any] = {
        "id": _value(record.rec_headers, "WARC-Record-ID").strip("<>"),
        "url": url,
        "added": iso_date(_value(record.rec_headers, "WARC-Date")),
    }
    if page:
        decoded = decode_page(data, Decoder(), charset)
        return Pending(decoded.text, "page", place, decoded.metadata() | note, known)
    try:
        decoded = Decoder().decode(data, charset)
    except UnreadableError:
        if kind == "text/plain":
            raise
        return None  # a picture or the like
    if kind != "text/plain" and not decoded.text.strip():
        return None
    return settled(decoded.text, place, decoded.metadata() | note, known)


def _value(headers: StatusAndHeaders, name: str) -> str:
    """The value of a header, as much of it as is looked at; "" where there is none."""
    return str(headers.get_header(name) or "")[:_LONGEST_VALUE]


def _payload(record: ArcWarcRecord, limit: float) -> bytes:
    """The bytes that were served, whatever they were coded in on their way.

    Raises UnreadableError where they are more than `limit`, or a coding cannot be undone.
    """
    headers = record.http_headers
    data = whole(iter(lambda: record.raw_stream.read(CHUNK), b""), limit)
    named = [_value(headers, f"{of}-Encoding") for of in ("Content", "Transfer")] if headers else []
    for coding in reversed([part.strip().lower() for part in ",".join(named).split(",")]):
        if coding in _NO_CODINGS:
            continue
        try:
            data = _undone(data, coding.removeprefix("x-"), limit)
        except (UnreadableError, zlib.error, brotli.error) as error:
            if isinstance(error, UnreadableError) and error.reason == "too-large":
                raise
            if not _is_plain(data):  # many archives hold what was undone, under the old header
                what = f"its coding {coding[:40]} cannot be undone: {error}"
                raise UnreadableError("damaged", what[:300]) from None
    return data


def _undone(data: bytes, coding: str, limit: float) -> bytes:
    if coding == "chunked":
        return _unchunked(data)
    if coding in ("gzip", "zstd"):
        parts: list[bytes] = []
        meter = Meter(2 * limit + CHUNK, math.inf, math.inf)
        try:
            for chunk in expand(iter([data]), "gz" if coding == "gzip" else "zst", meter):
                parts.append(chunk)
                if sum(map(len, parts)) > limit:
                    break
        except UnreadableError as error:
            if error.reason != "truncated" or not parts:  # a page that was cut is read so far
                raise
        return whole(iter(parts), limit)
    most = int(limit) + 1
    if coding == "deflate":
        try:
            return whole(iter([zlib.decompressobj().decompress(data, most)]), limit)
        except zlib.error:  # as some servers have it, without its header
            return whole(iter([zlib.decompressobj(-15).decompress(data, most)]), limit)
    if coding == "br":
        reader = brotli.Decompressor()
        parts = [reader.process(data, output_buffer_limit=CHUNK)]
        while not reader.is_finished() and not reader.can_accept_more_data():
            parts.append(reader.process(b"", output_buffer_limit=CHUNK))
            if len(parts) * CHUNK > most + CHUNK:
                break
        return whole(iter(parts), limit)
    raise UnreadableError("damaged", "unknown")


def _unchunked(data: bytes) -> bytes:
    """What chunks hold, without the fields behind the last; what is in none stays as it is.

    (warcio 1.8.1 has such fields in the text.)
    """
    parts, at, size = [], 0, -1
    while size and (found := _CHUNK.match(data, at)):
        size = int(found[1], 16)
        at = found.end() + size
        parts.append(data[found.end() : at])
    return b"".join(parts) if size == 0 else b"".join([*parts, data[at:].removeprefix(b"\r\n")])


def _is_plain(data: bytes) -> bool:
    """Whether data is text as it stands."""
    return begins_page(data) or (data[:1000].isascii() and b"\0" not in data[:1000])
