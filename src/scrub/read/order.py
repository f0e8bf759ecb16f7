"""Whether the day or the month goes first in `01/03/2024`, decided by the other dates beside it.

A date with a number over twelve shows the order that its site writes, or its column: the file that
it is a record of.  Where none does, or two say otherwise, nothing is guessed: the document has no
date, and its metadata keep what was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from scrub.document import Document
from scrub.read import dates
from scrub.read.fields import dated, holds_date, plain, single

Shown = tuple[str, str, str]  # of a site or a column, its name, and `day` or `month`
_NONE = frozenset(
    {"", "none", "null", "nan", "nat", "n/a", "0"}
)  # how tables say that there is none


@lru_cache(1024)
def _rank(key: str) -> int:
    return dated(plain(key))


def stated(metadata: Mapping[str, Any]) -> Iterator[str]:
    """What the date fields of a document say, as it is written, best first."""
    for key in sorted((key for key in metadata if _rank(key) >= 0), key=_rank):
        value = single(metadata[key])
        text = " ".join(str(value).split()) if isinstance(value, str | int | float) else ""
        if holds_date(plain(key), text) and text.lower() not in _NONE and text.strip("0:-/. T"):
            yield text


def is_open(document: Document) -> bool:
    """Whether a document has a date in one of two orders, and none that is certain."""
    return not document.created and any(
        dates.order(t) == "either" for t in stated(document.metadata)
    )


def shown(document: Document) -> Iterator[Shown]:
    """The orders that the dates of a document show, of its site and of its column."""
    for text in stated(document.metadata):
        if (found := dates.order(text)) in ("day", "month"):
            yield from ((*place, found) for place in _places(document))


def _places(document: Document) -> Iterator[tuple[str, str]]:
    """Whose order it may be, the surest first."""
    if document.source:
        yield "site", document.source
    column, _, number = document.path.rpartition("#")
    if number:
        yield "column", column


class Orders:
    """The orders of sites and columns, of all that was `shown` in a run."""

    def __init__(self, found: Iterable[Shown] = ()) -> None:
        self._of: dict[tuple[str, str], str] = {}
        self.add(found)

    def add(self, found: Iterable[Shown]) -> None:
        """Take in more; two that say otherwise say nothing."""
        for kind, name, order in found:
            if self._of.setdefault((kind, name), order) != order:
                self._of[kind, name] = ""

    def settle(self, document: Document) -> bool:
        """Give a document that `is_open` its date where the order is known; whether it was."""
        known = (self._of[place] for place in _places(document) if place in self._of)
        order = next(known, "")
        if not order:
            return False
        first: dates.Order = "day" if order == "day" else "month"
        read = (dates.iso_date(text, first) for text in stated(document.metadata))
        document.created = next(filter(None, read), "")
        return bool(document.created)
