"""Bylines and dates: what says who wrote a text and when goes to its metadata.

Only lines at the head of a text, or plainly labelled ones, are read; the date is given as an ISO
8601 day, and only where its order of day and month is certain.
"""

from __future__ import annotations

import re
from datetime import date

from scrub.clean.lines import is_ended

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
# Every other way to name a moment: without the year or the day, a weekday, an hour, a running day.
_MOMENT = re.compile(
    re.sub(
        r"\?P<[a-z]+>",
        "?:",
        rf"{_WEEKDAY}(?:{_DAY} {_MONTH}|{_MONTH} {_DAY})|{_MONTH}(?: {_YEAR})?|(?:in )?{_YEAR}s?|"
        r"(?:mon|tues|wednes|thurs|fri|satur|sun)day(?:,? [a-z]{3,9})?|"
        r"[0-2]?[0-9][:.h][0-5][0-9](?: ?[ap]\.?m\.?)?|[01]?[0-9] ?[ap]\.?m\.?|"
        r"(?:day|week|year) \w{1,9}",
    ),
    re.IGNORECASE,
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


def is_moment(line: str) -> bool:
    """Whether a line is nothing but a date, perhaps without its year, or a time."""
    line = line.strip(" \t|•·–—-()[]:")
    return len(line) <= 40 and (_MOMENT.fullmatch(line) is not None or stamp(line) is not None)


_SHORT = 5  # words, at most, that are no prose; set by hand


def is_prose(line: str) -> bool:
    """Whether a line is a sentence of some words, or several."""
    return is_ended(line) and len(line.split()) > _SHORT


def publication(contents: list[str]) -> int:
    """The place of the line that dates the text without a label, or -1.

    `contents` are the lines that hold something.  Such a date stands before the text, and alone: in
    a timeline, a diary or a list of events the dates belong to what stands beside them.
    """
    prose = [i for i, line in enumerate(contents) if is_prose(line)]
    dated = [i for i, line in enumerate(contents) if is_moment(line)]
    # a sentence before it can be the title's second line
    head = prose[1] if len(prose) > 1 else len(contents)
    days = [i for i in dated if (day := stamp(contents[i])) and not day[1]]
    if not days or days[0] > head or any(i > (prose or days)[0] for i in dated if i != days[0]):
        return -1
    if len({stamp(contents[i]) for i in days}) > 1:
        return -1
    salutes = contents[days[0] + 1 : days[0] + 2]
    return -1 if salutes and salutes[0].endswith(",") else days[0]


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
