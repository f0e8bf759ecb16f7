"""Where a document comes from, and when: outlet, time, address, title, author."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from scrub.document import Document
from scrub.read.order import stated

# A time without a zone may be any: they reach from UTC-12 to UTC+14.
_ZONES, _LAST = timedelta(hours=14), timedelta(hours=12)
NEVER = datetime.max.replace(tzinfo=UTC)
_WRITTEN = 80  # characters of a date that could not be read; set by hand, what is longer is prose
_AUTHOR = ("author", "authors", "byline", "creator", "dc:creator")


class Origin(NamedTuple):
    """Where a document comes from.

    `outlet` is the registered domain of the address, else the source; `source` names the site;
    `time` is ISO 8601; `canonical` is the address that the page gives as its own where that is of
    another outlet; `truncated` is what the text said was cut off; `unread` a date as it is written
    that could not be read for certain.  What is not known is empty.
    """

    outlet: str = ""
    source: str = ""
    time: str = ""
    url: str = ""
    canonical: str = ""
    title: str = ""
    author: str = ""
    truncated: str = ""
    unread: str = ""

    @classmethod
    def of(cls, row: Mapping[str, str]) -> Origin:
        """That of a row of `sources.csv`, which an earlier version may have written."""
        return cls(*(row.get(name, "") for name in cls._fields))


class Story(NamedTuple):
    """The story that a document is of, and the earlier result that had the document already.

    `first_seen` is the name of that result's folder; empty: the document is new in this run.
    """

    id: str
    first_seen: str = ""


def outlet(url: str) -> str:
    """The registered domain of an address, a host's own where many people share the domain above.

    >>> outlet("https://www.news.example.co.uk/a"), outlet("http://me.github.io/"), outlet("a")
    ('example.co.uk', 'me.github.io', '')
    """
    return _registered("/".join(url.split("/", 3)[:3]))


@lru_cache(1 << 14)  # a corpus has many articles of one site
def _registered(url: str) -> str:
    from tld import get_fld

    return get_fld(url, fail_silently=True) or ""


def origin(document: Document) -> Origin:
    """What a document says of where it comes from."""
    metadata = document.metadata
    url, own = (str(metadata.get(name) or "") for name in ("url", "canonical"))
    place = outlet(url) or document.source
    if own and outlet(own) in (place, ""):  # the same page by its better name
        url, own = own if outlet(own) else url, ""
    author = next((found for name in _AUTHOR if (found := _names(metadata.get(name)))), "")
    return Origin(
        place, document.source, document.created, url, own,
        _line(metadata.get("title")), author, str(metadata.get("truncated") or ""),
        "" if document.created else next(stated(metadata), "")[:_WRITTEN],
    )  # fmt: skip


def same_address(one: str, other: str) -> bool:
    """Whether two addresses are of one page.

    >>> same_address("https://www.a.com/x/?utm_source=feed#top", "http://a.com/x")
    True
    """
    return bool(one) and _plain(one) == _plain(other)


@lru_cache(1 << 14)
def _plain(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    query = [a for a in parts.query.split("&") if a and not a.startswith(("utm_", "fbclid="))]
    return f"{parts.netloc.lower().removeprefix('www.')}{parts.path.rstrip('/')}?{'&'.join(query)}"


def _names(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """A name, or several, as one line."""
    if isinstance(value, dict):
        value = value.get("name")
    if isinstance(value, list):
        return ", ".join(filter(None, map(_names, value[:20])))
    return _line(value) if isinstance(value, str) else ""


def _line(value: object) -> str:
    return " ".join(str(value or "")[:1000].split())


def moments(time: str) -> tuple[datetime, datetime, bool] | None:
    """From when to when an ISO 8601 time may be, and whether it has a zone; None where it is none.

    A time is good to the minute, a date to the day, a month, a year.  Without a zone it is taken
    for UTC.
    """
    try:
        if len(time) <= 10:
            parts = [int(part) for part in time.split("-")]
            year, month, day = [*parts, 1, 1][:3]
            first = datetime(year, month, day, tzinfo=UTC)
            days = {1: 366, 2: 31, 3: 1}[len(parts)]
            return first, first + timedelta(days=days), False
        found = datetime.fromisoformat(time).replace(second=0, microsecond=0)
        zoned = found.tzinfo is not None
        found = found.astimezone(UTC) if zoned else found.replace(tzinfo=UTC)
        return found, found + timedelta(minutes=1), zoned
    except (ValueError, KeyError, OverflowError):
        return None


def until(time: str) -> datetime:
    """By when a time was; NEVER where it is none.

    A day alone is no earlier than its evening, and an hour without a zone than in the last zone:
    what is not known exactly is first of nothing.

    >>> until("2024-03-01T10:00").isoformat(), until("2024-03-01T10:00Z").isoformat()
    ('2024-03-01T22:01:00+00:00', '2024-03-01T10:01:00+00:00')
    """
    _, end, zoned = moments(time) or (NEVER, NEVER, True)
    return end if zoned or len(time) <= 10 else min(end, NEVER - _LAST) + _LAST


def precedes(one: str, other: str) -> bool:
    """Whether a time is before another for certain.

    >>> precedes("2024-03-01", "2024-03-02"), precedes("2024-03-01", "2024-03-01T10:00:00Z")
    (True, False)
    """
    first, second = moments(one), moments(other)
    if not first or not second:
        return False
    slack = timedelta() if first[2] == second[2] else _ZONES
    return first[1] + slack <= second[0]


def hours(one: str, other: str) -> float | None:
    """Hours from one time to another, where both have an hour."""
    first, second = moments(one), moments(other)
    if not first or not second or min(len(one), len(other)) <= 10:
        return None
    return round((second[0] - first[0]).total_seconds() / 3600, 2)
