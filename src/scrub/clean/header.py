"""Bylines and dates: what says who wrote a text and when goes to its metadata.

Only lines at the head of a text, or plainly labelled ones, are read; the date is given as an ISO
8601 day, and only where its order of day and month is certain.
"""

from __future__ import annotations

import re
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|"
    r"aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)[0-9]{2})"
_WEEKDAY = r"(?:(?:mon|tue|tues|wed|wednes|thu|thurs|fri|sat|satur|sun)(?:day)?[.,]? )?"
_TIME = (
    r"(?:,?(?: at| -|T| \|"
    r")? ?[0-2]?[0-9][:.h][0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?(?:"
    r" ?[ap]\.?m\.?)?(?:Z|[+-][0-9]{2}:?[0-9]{2}| ?\(?(?:[A-Z]{2,4}T|GMT|UTC|IST|"
    r"CET)\)?)?)?"
)
_FORMS = (
    rf"{_YEAR}[-/.](?P<month>[01]?[0-9])[-/.](?P<day>[0-3]?[0-9])",
    rf"{_DAY} {_MONTH},? {_YEAR}",
    rf"{_MONTH} {_DAY},? {_YEAR}",
)
_LABEL = (
    r"(?:(?:date|published|posted|updated|last updated|first published|last modified|"
    r"created|publication date|published on|posted on|updated on|date published)\s?[:|"
    r"-]?\s?(?:on |at )?)"
)
_STAMPS = tuple(
    re.compile(rf"(?P<label>{_LABEL})?{_WEEKDAY}{form}{_TIME}", re.IGNORECASE) for form in _FORMS
)
# The field names some scrapers write before the text, all on its first line.
_FIELD = re.compile(r"\s*(?P<name>date)\s?[:=]?\s+", re.IGNORECASE)
_AD = re.compile(r"[ |•·-]*(?:advertisement|advert)\b[ |•·:-]*(?=\n|\Z|[A-Z“\"'])", re.IGNORECASE)
_NAME = r"(?:[A-Z][\w.'’-]{0,24}|de|van|der|von|la|bin|al|el)"
_BYLINE = re.compile(
    rf"(?:(?i:(?:written |posted |reported |"
    rf"story )?by):? )(?P<names>{_NAME}(?: {_NAME}){{1,4}}(?:(?:,? and |, |"
    rf" & ){_NAME}(?: {_NAME}){{0,4}}){{0,3}})(?P<rest>(?:,? ?[|,/•–—-] ?| (?:in|"
    rf"for) )[^.!?]{{0,80}})?"
)


def stamp(line: str) -> tuple[str, bool] | None:
    """The ISO day of a line that is nothing but a date, and whether a label names it as one."""
    if len(line) > 100:
        return None
    for pattern in _STAMPS:
        match = pattern.fullmatch(line.strip(" \t|•·–—-()[]"))
        if match:
            day = iso_day(match)
            return (day, bool(match["label"])) if day else None
    return None


def leading_date(text: str) -> tuple[int, str] | None:
    """The end of a `date 2020-01-17 advertisement` header before the text, and its ISO day."""
    field = _FIELD.match(text[:60])
    if field is None:
        return None
    for pattern in _STAMPS:
        match = pattern.match(text[: field.end() + 80], field.end())
        if match and (day := iso_day(match)):
            end = match.end()
            if text[end : end + 1] not in ("", " ", "\t", "\n"):
                return None
            advert = _AD.match(text[: end + 40], end)
            end = advert.end() if advert else end
            while text[end : end + 1] in (" ", "\t", "\n") and end < len(text):
                end += 1
            return end, day
    return None


def byline(line: str) -> list[str]:
    """The authors a byline names, or an empty list where the line is none."""
    match = _BYLINE.fullmatch(line) if len(line) <= 150 else None
    if match is None:
        return []
    return [name.strip() for name in re.split(r",? and |, | & ", match["names"]) if name.strip()]


def iso_day(match: re.Match[str]) -> str:
    """The date a pattern of this file matched, as `YYYY-MM-DD`; empty: there is no such day."""
    month = match["month"].lower()
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3]) + 1
    try:
        return date(int(match["year"]), number, int(match["day"])).isoformat()
    except ValueError:
        return ""
