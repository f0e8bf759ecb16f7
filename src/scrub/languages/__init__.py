"""What is known of each language: the tables `CODE.toml` beside this file, one a language.

`function_words` are the closed classes that matching builds frames of; where nouns have capitals
(`capital_nouns`), a capital makes no name.  Behind one of the `abbreviations` a sentence may go on:
behind `titles` it does, behind those `before_numbers` if a number follows, and behind the
`maybe_final` unless a function word with a capital does.

`hyphens` are what a hyphen at a line's end may be: beside a word that `stays` it is the writer's,
beside one that is `either` nobody knows, a word that is `suspended` follows the part of a compound
("Haus- und Hof"), and before any other small letter it breaks a word, in a language that has this
table.

The rest is the furniture of web pages, by the rule that takes it: `lines` are what a whole line
says, `labels` stand before a colon and a name, `openings` begin a notice; a line is furniture, too,
that has nothing but `words` with one of the first row among them ("Artikel per Mail versenden"), or
one of each row `together` ("Diese Seite nutzt Cookies ..."), unless it ends as a sentence and has a
word of a report (`reporting`).  All are compared in small letters without accents or marks.

The tables are written by hand: stopword lists of packages hold frequent words of every class, and
no package lists web furniture.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

# What ends a sentence in the scripts that news are written in, Armenian, Ethiopic, Burmese, Khmer
# and Tibetan last.
STOPS = ".!?。！？؟۔।॥։።፧။។៕།"
CLOSERS = "\"'’”»)]」』）》"  # what may stand behind

# A longer line is no label or marker: a title behind a label has up to 160 characters in English,
# too (`clean.lines`).
LONGEST = 200
_CREDIT = 100  # characters of a name and an agency
_COUNTED = frozenset({"share", "navigation"})  # may have a number beside them: "3 Kommentare"

_LETTERS = re.compile(r"[^\W\d_]+")
_COLON = re.compile(r"([:：])|\s[|»›>–—]\s")
_ENDED = re.compile(rf"[{STOPS}][\"'’”)\]»」』）]*\Z")
_OPENED = re.compile(rf"[^{STOPS}](?:[^{STOPS}]|(?<=\b\w)\.|(?<=\b\w\w)\.)*\.?")
# A vowel sign of India ends a word as a letter does.
_SIGN = "(?![\u0900-\u0963\u0966-\u0dff])"
_MARK = re.compile(rf"{_SIGN}[\W_]")
_FIGURE = re.compile(rf"{_SIGN}[\W\d_]")
_SENTENCES = re.compile(rf"[{STOPS}]\s*\S")
_QUOTED = re.compile('["“”„«»「」『』]')
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\s\d.,:;/|!?()\[\]{}'*•·–—>›<&+=_-]+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff]")
_NOT_LATIN = re.compile("[\u0370-\u1dff\u2e80-\ufaff]")
# Names of networks as they are written, an ending of the language behind them.
_NETWORKS = (
    "facebook twitter instagram whatsapp telegram linkedin pinterest reddit youtube tiktok "
    "threads messenger flipboard bluesky mastodon viber вконтакте фейсбук твиттер твітер "
    "инстаграм інстаграм телеграм ватсап вайбер ютуб فيسبوك تويتر انستغرام إنستغرام "
    "انستجرام إنستجرام واتساب تلغرام تيليجرام تليجرام يوتيوب لينكد تلگرام اینستاگرام "
    "توییتر فیسبوک واتساپ یوتیوب لینکدین פייסבוק טוויטר אינסטגרם וואטסאפ טלגרם יוטיוב "
    "לינקדאין फेसबुक ट्विटर इंस्टाग्राम व्हाट्सएप व्हाट्सऐप टेलीग्राम यूट्यूब लिंक्डइन "
    "微信 微博 公众号 公眾號 臉書 抖音 フェイスブック ツイッター インスタグラム "
    "ユーチューブ 페이스북 트위터 인스타그램 카카오톡 카카오스토리 텔레그램 유튜브 "
    "링크드인"
)
_LATIN = 16  # of them are written in Latin letters


@dataclass(slots=True, frozen=True)
class Language:
    """One table: `name` in English, words between spaces, and phrases by their rule."""

    name: str
    function_words: str = ""
    capital_nouns: bool = False
    abbreviations: dict[str, str] = field(default_factory=dict)
    lines: dict[str, list[str]] = field(default_factory=dict)
    labels: dict[str, list[str]] = field(default_factory=dict)
    openings: dict[str, list[str]] = field(default_factory=dict)
    reporting: str = ""
    hyphens: dict[str, str] = field(default_factory=dict)
    words: dict[str, list[str]] = field(default_factory=dict)
    together: dict[str, list[list[str]]] = field(default_factory=dict)


@lru_cache(maxsize=1)
def languages() -> dict[str, Language]:
    """The tables by ISO 639-1 code, English first: it decides where two languages claim a word.

    Raises TypeError for a key that no table has.
    """
    tables = {
        file.name.removesuffix(".toml"): Language(**tomllib.loads(file.read_text("utf-8")))
        for file in resources.files(__name__).iterdir()
        if file.name.endswith(".toml")
    }
    return {code: tables[code] for code in sorted(tables, key=lambda code: (code != "en", code))}


class Vocabulary(NamedTuple):
    """Words of one language in small letters: its closed classes, and what its menus say."""

    function: frozenset[str]
    menu: frozenset[str]


@lru_cache(maxsize=1)
def vocabularies() -> dict[str, Vocabulary]:
    """The words of each language, English first."""
    found = {}
    for code, language in languages().items():
        function = frozenset(language.function_words.split())
        listed = " ".join(phrase for phrases in language.lines.values() for phrase in phrases)
        menu = {word for word in _LETTERS.findall(listed.lower()) if len(word) > 1} - function
        found[code] = Vocabulary(function, frozenset(menu))
    return found


def vocabulary_of(words: Sequence[str]) -> Vocabulary:
    """The words of the language that has the most of `words` among its function words.

    English where none has more.  The words are in small letters.
    """
    known, codes = vocabularies(), _languages_of_words()
    found = dict.fromkeys(known, 0)  # in the order of the languages: of equal ones the first
    for word, count in Counter(words).items():
        for code in codes.get(word, ()):
            found[code] += count
    return known[max(found, key=found.__getitem__)]


@lru_cache(maxsize=1)
def _languages_of_words() -> dict[str, list[str]]:
    """The languages that each function word is one of: most words of a text are in none."""
    codes: dict[str, list[str]] = {}
    for code, known in vocabularies().items():
        for word in known.function:
            codes.setdefault(word, []).append(code)
    return codes


def line_kind(line: str) -> str:
    """The rule by which a stripped line is furniture in any of the languages, or empty.

    A line that ends as a sentence is none, unless all of it is listed, or it is a notice.
    """
    if len(line) > LONGEST:
        return ""
    tables = _phrases()
    folded = _folded(line)
    ended = _ENDED.search(line) is not None
    shown = _bare(folded)
    kind = tables.lines.get(shown, "")
    if kind and not (kind == "navigation" and folded.endswith(":")):
        return kind
    counted = tables.lines.get(_stripped(folded, _FIGURE), "") if _DIGIT.search(folded) else kind
    if counted in _COUNTED and not folded.endswith(":"):
        return counted
    for opening, kind in tables.openings.get(shown[:_HEAD], ()):
        follows = shown[len(opening) :][:1]
        whole = not follows.isalnum() or _UNSPACED.match(opening[-1]) is not None
        reporting = ended and (kind == "follow" or tables.reporting.search(shown) is not None)
        if whole and shown.startswith(opening) and not reporting:
            return kind
    return _labelled(folded, ended) or _composed(shown, ended)


def _labelled(folded: str, ended: bool) -> str:
    """The kind of a label with what it names: one title behind "Read also", or a photographer."""
    labelled = folded.lstrip("-–—•*>»|[( ")
    found = _COLON.search(labelled)
    rest = labelled[found.end() :].lstrip() if found else ""
    if not found or not rest:
        return ""
    head = _bare(labelled[: found.start()])
    tables = _phrases()
    if not ended and head in tables.labels and found[1] and len(rest) <= _CREDIT:
        words = rest.split()
        titled = len(words) >= _TITLE and "/" not in rest and not tables.closed.isdisjoint(words)
        return "" if titled or not _OPENED.fullmatch(rest) else tables.labels[head]
    titled = tables.lines.get(head) == "related" and not (ended and _SENTENCES.search(rest))
    return "related" if titled else ""  # titles ask and exclaim, too


def _composed(shown: str, ended: bool) -> str:
    """The kind of a line that is put together of words or phrases of a table.

    What is quoted or reported is no notice; a newsletter is offered where
    the sentence begins with the offer, and rights are reserved at its end.
    """
    tables = _phrases()
    if _QUOTED.search(shown):
        return ""
    if not ended and len(shown) <= _CREDIT and not _DIGIT.search(shown):
        words = _WORD.findall(shown)
        for word in words:
            for kind, bag in tables.bags.get(word, ()):
                if all(other in bag or _NETWORK.fullmatch(other) for other in words):
                    return kind
        for kind, pattern in tables.unspaced if _UNSPACED.search(shown) else ():
            if pattern.fullmatch(shown):
                return kind
    for kind, rows in _starts(shown):
        offer = None
        for row in rows:  # the first mostly is not there
            if not (offer := row.search(shown)):
                break
        if offer is None:
            continue
        if ended and kind != "consent" and tables.reporting.search(shown):
            continue
        if ended and kind in ("subscription", "notice") and offer.start():
            continue  # a newsletter or a site that a sentence mentions
        if ended and kind == "copyright" and offer.end() < len(shown):
            continue
        return "notice" if kind == "consent" else kind
    return ""


def _starts(shown: str) -> Iterator[tuple[str, tuple[re.Pattern[str], ...]]]:
    """The kinds of which a phrase of the first row may begin in the line, with all their rows.

    Each once, where it may begin first.
    """
    tables = _phrases()
    places = (
        range(len(shown)) if _UNSPACED.search(shown) else map(re.Match.start, _WORD.finditer(shown))
    )
    seen: set[int] = set()  # which they are: to hash a pattern takes as long as to search it
    for head in dict.fromkeys(shown[place : place + _HEAD] for place in places):
        for found in tables.together.get(head, ()):
            if id(found) not in seen:
                seen.add(id(found))
                yield found


def _bare(line: str) -> str:
    """A line without marks at its ends; most have none."""
    return line if line[:1].isalnum() and line[-1:].isalnum() else _stripped(line, _MARK)


def _stripped(line: str, mark: re.Pattern[str]) -> str:
    """A line without such marks at its ends; found from there, as most marks are inside."""
    first, last = 0, len(line)
    while first < last and mark.match(line, first):
        first += 1
    while first < last and mark.match(line, last - 1):
        last -= 1
    return line[first:last]


def may_be_notice(line: str) -> bool:
    """Whether a line that ends as a sentence, of no Latin script, may be a notice of a page."""
    folded = _folded(line)
    return any(phrase in folded for phrase in _phrases().foreign)


@lru_cache(maxsize=1)
def notice_words() -> frozenset[str]:
    """Words of ASCII letters, small, one of which each notice of a Latin script holds."""
    found = set(_NETWORKS.split()[:_LATIN])
    for phrase in _notices():
        pieces = re.findall("[a-z]+", phrase.casefold())
        found.add(max(pieces, key=len, default=""))
    return frozenset(word for word in found if len(word) >= _HEAD)


_HEAD = 3  # letters by which an opening is looked up
_TITLE = 4  # words of a title behind a colon that has words of the closed classes, set by hand


class _Phrases(NamedTuple):
    """All tables, folded: the rule of each line and label, and openings by their first letters.

    `bags` are the words of composed lines by each word of the first row, `unspaced` patterns of
    the same, `together` the rows by the first letters of a phrase of the first; `foreign` are the
    notices of scripts that are not Latin, `closed` the function words, `reporting` of reports.
    """

    lines: dict[str, str]
    labels: dict[str, str]
    openings: dict[str, list[tuple[str, str]]]
    bags: dict[str, list[tuple[str, frozenset[str]]]]
    unspaced: list[tuple[str, re.Pattern[str]]]
    together: dict[str, list[tuple[str, tuple[re.Pattern[str], ...]]]]
    foreign: tuple[str, ...]
    closed: frozenset[str]
    reporting: re.Pattern[str]


@lru_cache(maxsize=1)
def _phrases() -> _Phrases:
    foreign = tuple(sorted({_folded(p) for p in _notices() if _NOT_LATIN.search(p)}))
    tables = languages().values()
    closed = frozenset(word for table in tables for word in _folded(table.function_words).split())
    reporting = sorted({word for table in tables for word in _folded(table.reporting).split()})
    spaced = "|".join(re.escape(word) for word in reporting if not _UNSPACED.match(word))
    unspaced = "|".join(re.escape(word) for word in reporting if _UNSPACED.match(word))
    report = re.compile(rf"(?<![^\W_])(?:{spaced})(?![^\W_])|(?:{unspaced})")
    found = _Phrases({}, {}, {}, {}, [], {}, foreign, closed, report)
    for language in languages().values():
        for table, phrases in ((found.lines, language.lines), (found.labels, language.labels)):
            for kind, listed in phrases.items():
                for phrase in listed:
                    table.setdefault(_bare(_folded(phrase)), kind)
        for kind, listed in language.openings.items():
            for phrase in listed:
                opening = _bare(_folded(phrase))
                found.openings.setdefault(opening[:_HEAD], []).append((opening, kind))
        for kind, (first, others) in language.words.items():
            keys, rest = _folded(first).split(), _folded(others).split()
            if _UNSPACED.match(keys[0]):
                key, word = (
                    "|".join(map(re.escape, sorted(some, key=len, reverse=True)))
                    for some in (keys, keys + rest)
                )
                pattern = rf"(?=.*(?:{key}))(?:{word}|{_NAMES}|[\W_]){{2,24}}"
                found.unspaced.append((kind, re.compile(pattern)))
            else:
                for word in keys:
                    found.bags.setdefault(word, []).append((kind, frozenset(keys + rest)))
        for kind, rows in language.together.items():
            folded = [[_folded(phrase) for phrase in row] for row in rows]
            edge = "" if _UNSPACED.match(folded[-1][0]) else r"(?<!\w)"
            longest_first = (sorted(row, key=len, reverse=True) for row in folded)
            words = ["|".join(map(re.escape, row)) for row in longest_first]
            patterns = [re.compile(f"{edge}(?:{row})") for row in words]
            if kind == "follow":
                patterns.append(_NETWORK if edge else re.compile(_NAMES))
            whole = kind, tuple(patterns)
            for head in sorted({phrase[:_HEAD] for phrase in folded[0]}):
                found.together.setdefault(head, []).append(whole)
    return found


def _notices() -> Iterator[str]:
    """The phrases by which a whole sentence may be a notice; that names a network, without one."""
    for language in languages().values():
        for kind, listed in language.openings.items():
            yield from listed if kind != "follow" else ()
        for kind, rows in language.together.items():
            yield from rows[0] if kind != "follow" else ()


def _folded(line: str) -> str:
    """Small letters without accents and marks, one space between words."""
    if line.isascii():
        return " ".join(line.lower().split())
    parts = unicodedata.normalize("NFKD", line.casefold().replace("ı", "i").replace("’", "'"))
    return " ".join("".join(c for c in parts if not unicodedata.combining(c)).split())


_NAMES = "|".join(map(re.escape, _folded(_NETWORKS).split()))
# Arabic and Hebrew write "in" and "and" at its head, others their case endings behind it.
_NETWORK = re.compile(rf"(?<![^\W_])[بلوובל]{{0,2}}(?:{_NAMES})\w{{0,5}}")
