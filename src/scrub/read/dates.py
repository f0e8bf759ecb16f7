"""Dates of records as ISO 8601, from the forms that feeds, APIs and tables use."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

_ISO = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:[T ]\d\d:\d\d.{0,25})?)?)?\Z")
_SECONDS = (10**8, 10**10)  # 1973 to 2286


def iso_date(value: object) -> str:
    """`value` as an ISO 8601 date or date and time; "" where it is not one for certain.

    Takes ISO 8601 (kept as it is, a space made `T`), RFC 5322 (`Tue, 05 Mar 2024 10:00:00 GMT`),
    seconds or milliseconds since 1970, and dates of the standard library.  A form whose day and
    month could be exchanged is not guessed at.
    """
    if isinstance(value, str):
        return _from_text(value.strip())
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = value / 1000 if value >= _SECONDS[1] else value
        if _SECONDS[0] <= seconds < _SECONDS[1]:
            return datetime.fromtimestamp(seconds, UTC).isoformat()
    if isinstance(value, dict):  # MongoDB's extended JSON
        return iso_date(value.get("$date"))
    return ""


def _from_text(text: str) -> str:
    if _ISO.match(text):
        try:
            datetime.fromisoformat(text if len(text) >= 10 else (text + "-01-01")[:10])
        except ValueError:
            return ""
        return text.replace(" ", "T", 1)
    if len(text) > 64 or not any(char.isdigit() for char in text):
        return ""
    try:
        return parsedate_to_datetime(text).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
