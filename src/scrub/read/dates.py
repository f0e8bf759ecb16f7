"""Dates of records as ISO 8601, from the forms that feeds, APIs, tables and people use.

A date that could be another one is not guessed at: `01/03/2024` is March in some countries and
January in others (`order.py` asks the dates beside it), and a month whose name is another one's in
another language is none.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import cache, lru_cache
from itertools import product
from typing import Literal

_ISO = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:[T ]\d\d:\d\d.{0,25})?)?)?\Z")
_OFFSET = re.compile(r"\s?(?:UTC|GMT|([+-]\d\d):?(\d\d))\Z")
_HOURS = re.compile(r"(?<=:\d\d)([+-]\d\d)\Z")  # PostgreSQL's offset
_COMPACT = re.compile(
    r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?(?:\.\d{1,9})?(Z|[+-]\d\d:?\d\d)?)?\Z"
)
_EPOCH = re.compile(r"(?:/Date\()?(\d{9,10}(?:\.\d{1,9})?|\d{12,13})(?:[+-]\d{4}\)/|\)/)?\Z")
_YEAR_FIRST = re.compile(
    r"(\d{4})(?:[/.-]|\s?[年년]\s?)(\d{1,2})(?:[/.-]|\s?[月월]\s?)(\d{1,2})(?:\s?[日일]|\.)?(?!\d)"
)
_YEAR_LAST = re.compile(r"(\d{1,2})([/.-])\s?(\d{1,2})\2\s?(\d{4})(?!\d)")
# `3/25/24`, as Excel shows a date in America; nowhere else the second number is above twelve.
# Years from 30 on are of the last century there.
_MONTH_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d\d)(?=\Z|,? +\d{1,2}:)")
_EXCEL, _POSIX = "30", "69"
# Oracle's `01-MAR-24`; years from 69 on are of the last century, as in RFC 5322 and POSIX.
_SHORT_YEAR = re.compile(r"(\d{1,2}[ -][^\W\d_]{3,9}[ -])['’]?(\d\d)\Z")
_RFC = re.compile(r"(?:[A-Za-z]{3,9},\s?)?\d{1,2}[ -][A-Za-z]{3}[ -](?:\d{4}|\d\d) \d\d:\d\d")
_TIME = re.compile(
    r"(?<![\d.])(\d{1,2})\s?(?:[:h.]\s?([0-5]\d)(?::([0-5]\d)(?:[.,]\d{1,9})?)?(?![\d.])"
    r"\s?(?:([ap])\.?m\b\.?)?|([ap])\.?m\b\.?)",
    re.IGNORECASE,
)
_ZONE = re.compile(
    r"(?<=[\s\dmM])([+-](?:0\d|1[0-4])):?([0-5]\d)(?!\d)"
    r"|\b(?:UTC|GMT)\s?([+-])(0?\d|1[0-4])(?::?([0-5]\d))?(?!\d)|\b(?:UTC|GMT|Z)\b|(?<=\d)Z\b"
)
# Zones by name, as RFC 5322 and Europe have them; not what several have (IST), nor what another
# season has, too (ET).
_NAMED = {
    "EST": "-05", "EDT": "-04", "CST": "-06", "CDT": "-05", "MST": "-07", "MDT": "-06",
    "PST": "-08", "PDT": "-07", "WET": "+00", "WEST": "+01", "BST": "+01", "CET": "+01",
    "CEST": "+02", "MEZ": "+01", "MESZ": "+02", "EET": "+02", "EEST": "+03",
}  # fmt: skip
_NAME = re.compile(rf"(\d\d|[apAP]\.?[mM]\.?)(?:\s?Uhr)?\s?\(?({'|'.join(_NAMED)})\b")
# Behind a date: that the text was changed, and when.
_LATER = re.compile(
    r"\b(?:last\s)?(?:updated?|modified|edited|aktualisiert|mis à jour|modifié|actualizado|"
    r"atualizado|aggiornato|обновлено)\b",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"\b(?:published|posted|created|veröffentlicht|publié|publicado|pubblicato|опубликовано)\b"
    r"[\s:]*(?:on\s|am\s|le\s|el\s|em\s|il\s)?",
    re.IGNORECASE,
)
# What may stand between the day and its month; the day of a month is next to its name.
_BETWEEN = re.compile(
    r"(?:st|nd|rd|th|er|re|[ºª°oae])?[\s.\-/]{0,3}(?:(?:de|of|do|di|na)\s|d['’])?\s?", re.IGNORECASE
)
_NUMBER, _DIGIT = re.compile(r"\d+"), re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]+(?:['’\u0300-\u036f\u0900-\u0dff][^\W\d_]*)*")
_SECONDS = (10**8, 10**10)  # 1973 to 2286
_AROUND = " ,;|()/·•-"  # a date beside another one
_LONGEST = 80  # characters, JavaScript's with its zone spelt out; what is longer is prose
# Languages whose months are known (CLDR), those of most news first.
_LANGUAGES = (
    "en", "es", "de", "fr", "pt", "it", "nl", "ru", "pl", "tr", "ar", "id", "sv", "da", "nb", "fi",
    "cs", "sk", "hu", "ro", "el", "bg", "uk", "hr", "sr", "sl", "ca", "gl", "lt", "lv", "et", "is",
    "he", "hi", "bn", "ur", "fa", "ms", "sw", "af", "eu", "ga", "cy", "mt", "lb", "sq", "mk", "be",
    "bs", "sr_Latn", "hy", "ka", "az", "kk", "uz", "tg", "ta", "te", "ml", "kn", "mr", "gu", "pa",
    "si", "fil", "am", "so",
)  # fmt: skip


Order = Literal["", "day", "month"]


def iso_date(value: object, first: Order = "") -> str:
    """`value` as an ISO 8601 date or date and time; "" where it is not one for certain.

    `first` says whether the day or the month goes first where the numbers do not decide.

    Takes ISO 8601 (kept as it is, a space made `T`, its offset with a colon), its compact form,
    RFC 5322 (`Tue, 05 Mar 2024 10:00:00 GMT`), seconds or milliseconds since 1970, months by their
    names in sixty languages, numbers in an order that cannot be mistaken (`2024/3/5`, `31/3/2024`,
    `3/31/24`, and with points, which are day, month, year everywhere), and dates of the standard
    library.
    """
    if isinstance(value, str):
        return _from_text(value.strip(), first)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        if 19_000_101 <= value <= 20_991_231 and value == int(value):
            return _from_text(str(int(value)))
        seconds = value / 1000 if value >= _SECONDS[1] else value
        if _SECONDS[0] <= seconds < _SECONDS[1]:
            return datetime.fromtimestamp(seconds, UTC).isoformat()
    if isinstance(value, dict):  # MongoDB's extended JSON
        inner = value.get("$date", value.get("$numberLong"))
        return iso_date(inner) if not isinstance(inner, dict) or "$numberLong" in inner else ""
    return ""


def order(text: str) -> Literal["", "day", "month", "either"]:
    """What a date in numbers, the year last, shows of the order of day and month; else "".

    >>> order("25/03/2024"), order("03-25-2024 10:00"), order("01/03/2024"), order("01.03.2024")
    ('day', 'month', 'either', '')
    """
    if len(text) > _LONGEST:
        return ""
    text = text.strip()
    if match := _MONTH_FIRST.match(text):
        one, other = int(match[1]), int(match[2])
    elif (match := _YEAR_LAST.match(text)) and match[2] != "." and match[1] != match[3]:
        one, other = int(match[1]), int(match[3])
    else:
        return ""
    if max(one, other) > 31 or not 1 <= min(one, other) <= 12:
        return ""
    return "day" if one > 12 else "month" if other > 12 else "either"


@lru_cache(4096)  # a corpus has many articles of one day
def _from_text(text: str, order: Order = "") -> str:
    if len(text) > _LONGEST or not any(char.isdigit() for char in text):
        return ""
    if not text.isascii():  # the digits of other scripts
        text = _DIGIT.sub(lambda digit: f"{int(digit[0])}", text)
    if later := _LATER.search(text):
        earlier = _EARLIER.search(text, later.end())
        for before in (text[: later.start()], text[earlier.end() :] if earlier else ""):
            if found := _from_text(before.strip(_AROUND), order):
                return found
    text = _NAME.sub(lambda zone: f"{zone[1]} {_NAMED[zone[2]]}00", text)
    if _ISO.match(text) and (found := _from_iso(text)):
        return found
    if match := _COMPACT.match(text):
        year, month, day, hour, minute, second, zone = match.groups()
        if found := _day(year, month, day):
            time = f"T{hour}:{minute}:{second or '00'}{zone or ''}" if hour else ""
            return _from_iso(found + time)
    if match := _EPOCH.match(text):
        return iso_date(float(match[1]))
    if match := _YEAR_FIRST.match(text):
        return _with_time(_day(*match.groups()), text[match.end() :])
    if match := _YEAR_LAST.match(text):
        first, mark, second, year = match.groups()
        if int(second) > 12 or (order == "month" and int(first) <= 12 and mark != "."):
            first, second = second, first
        elif int(first) <= 12 and first != second and mark != "." and not order:
            return ""
        return _with_time(_day(year, second, first), text[match.end() :])
    if match := _MONTH_FIRST.match(text):
        if int(match[2]) <= 12 and order != "month":
            return ""
        day = _day(_whole_year(match[3], _EXCEL), match[1], match[2])
        return _with_time(day, text[match.end() :])
    if _RFC.match(text):
        with suppress(ValueError, TypeError, IndexError, OverflowError):
            return parsedate_to_datetime(text).isoformat()
    return _from_words(_SHORT_YEAR.sub(lambda date: date[1] + _whole_year(date[2], _POSIX), text))


def _whole_year(year: str, first: str) -> str:
    """A year of two digits with its century, the last one from the year `first` on."""
    return f"{'19' if year >= first else '20'}{year}"


def _from_iso(text: str) -> str:
    text = _OFFSET.sub(lambda zone: f"{zone[1]}:{zone[2]}" if zone[1] else "Z", text)
    text = _HOURS.sub(r"\1:00", text)
    if len(text) < 10 or text[10:11] not in ("T", " "):
        text = text[:10]
    try:
        datetime.fromisoformat(text if len(text) >= 10 else (text + "-01-01")[:10])
    except ValueError:
        return ""
    return _gregorian(text.replace(" ", "T", 1))


def _from_words(text: str) -> str:
    """A date with its month by name: `March 1, 2024 10:00AM`, `1. März 2024`, `1 mars 2024`."""
    rest = _ZONE.sub(" ", _TIME.sub(" ", text))
    numbers = list(_NUMBER.finditer(rest))
    years = [n[0] for n in numbers if len(n[0]) == 4 and "1500" <= n[0] < "2100"]
    days = [n for n in numbers if len(n[0]) <= 2]
    if len(years) != 1 or len(days) > 1 or len(years) + len(days) != len(numbers):
        return ""
    words = [word for word in _WORD.finditer(rest) if word[0].casefold() in _months()]
    if len(words) != 1 or not _months()[words[0][0].casefold()]:
        return ""
    word, month = words[0], f"{_months()[words[0][0].casefold()]}"
    if not days:
        return f"{years[0]}-{month:0>2}"
    first, second = sorted((word, days[0]), key=re.Match.start)
    if not _BETWEEN.fullmatch(rest, first.end(), second.start()):
        return ""
    return _with_time(_day(years[0], month, days[0][0]), text)


def _day(year: str, month: str, day: str) -> str:
    try:
        return _gregorian(date(int(year), int(month), int(day)).isoformat())
    except ValueError:
        return ""


def _gregorian(text: str) -> str:
    """The same where its year is one of print in this calendar; 1403 is Iran's, 2567 Thailand's."""
    return text if "1500" <= text < "2100" else ""


def _with_time(day: str, text: str) -> str:
    """The day with the time and the zone that a text states, where it does."""
    time = _TIME.search(text)
    if not day or not time:
        return day
    hour, half = int(time[1]), (time[4] or time[5] or "").lower()
    if half:
        hour = hour % 12 + 12 * (half == "p")
    if hour > 23:
        return day
    zone = _ZONE.search(text, time.end())
    offset = "+00:00" if zone else ""
    if zone and zone[1]:
        offset = f"{zone[1]}:{zone[2]}"
    elif zone and zone[3]:
        offset = f"{zone[3]}{zone[4]:0>2}:{zone[5] or '00'}"
    return f"{day}T{hour:02}:{time[2] or '00'}:{time[3] or '00'}{offset}"


@cache
def _months() -> dict[str, int]:
    """Months by their names and abbreviations; 0 for one that means two, but English goes first."""
    from babel.dates import get_month_names

    found: dict[str, int] = {}
    english: dict[str, int] = {"sept": 9}
    widths: tuple[Literal["wide", "abbreviated"], ...] = ("wide", "abbreviated")
    contexts: tuple[Literal["format", "stand-alone"], ...] = ("format", "stand-alone")
    for language, width, context in product(_LANGUAGES, widths, contexts):
        for number, name in get_month_names(width, context, language).items():
            word = max(_WORD.findall(name.casefold()), key=len, default="")  # not its `de`
            found[word] = number if found.get(word, number) == number else 0
            if language == "en":
                english[word] = number
    return {word: number for word, number in (found | english).items() if len(word) > 1}
