"""What is known of each language: the tables `CODE.toml` beside this file, one a language.

`function_words` are the closed classes that matching builds frames of.  `lines` are the furniture
of web pages by the rule that takes it: what a whole line says.  `labels` stand before a colon and
a name, `openings` begin a notice.  All are compared in small letters without accents or marks.
The tables are written by hand: stopword lists of packages hold frequent words of every class, and
no package lists web furniture.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

# A longer line is no label or marker: a title behind a label has up to 160 characters in English,
# too (`clean.lines`).
LONGEST = 200
_CREDIT = 100  # characters of a name and an agency
_COUNTED = frozenset({"share", "navigation"})  # may have a number beside them: "3 Kommentare"

_WORD = re.compile(r"[^\W\d_]+")
_COLON = re.compile(r"([:：])|\s[|»›>–—]\s")
_ENDED = re.compile(r"[.!?。！？؟۔।॥][\"'’”)\]»」』）]*\Z")
_OPENED = re.compile(r"[^.!?。！？؟۔।](?:[^.!?。！？؟۔।]|(?<=\b\w)\.|(?<=\b\w\w)\.)*\.?")
_EDGES = re.compile(r"\A[\W_]+|[\W_]+\Z")
_NUMBERS = re.compile(r"\A[\W\d_]+|[\W\d_]+\Z")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff]")


@dataclass(slots=True, frozen=True)
class Language:
    """One table: `name` in English, words between spaces, and phrases by their rule."""

    name: str
    function_words: str = ""
    lines: dict[str, list[str]] = field(default_factory=dict)
    labels: dict[str, list[str]] = field(default_factory=dict)
    openings: dict[str, list[str]] = field(default_factory=dict)


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
        menu = {word for word in _WORD.findall(listed.lower()) if len(word) > 1} - function
        found[code] = Vocabulary(function, frozenset(menu))
    return found


def vocabulary_of(words: Sequence[str]) -> Vocabulary:
    """The words of the language that has the most of `words` among its function words.

    English where none has more.  The words are in small letters.
    """
    counts = Counter(words).items()
    return max(
        vocabularies().values(),
        key=lambda known: sum(count for word, count in counts if word in known.function),
    )


def line_kind(line: str) -> str:
    """The rule by which a stripped line is furniture in any of the languages, or empty.

    A line that ends as a sentence is none, unless all of it is listed or it begins as a notice.
    """
    if len(line) > LONGEST:
        return ""
    lines, labels, openings = _phrases()
    folded = _folded(line)
    ended = _ENDED.search(line) is not None
    kind = lines.get(_EDGES.sub("", folded), "")
    if kind and not (kind == "navigation" and folded.endswith(":")):
        return kind
    counted = lines.get(_NUMBERS.sub("", folded), "")
    if counted in _COUNTED and not folded.endswith(":"):
        return counted
    shown = _EDGES.sub("", folded)
    for opening, kind in openings.get(shown[:_HEAD], ()):
        follows = shown[len(opening) :][:1]
        whole = not follows.isalnum() or _UNSPACED.match(opening[-1]) is not None
        if whole and shown.startswith(opening) and not (ended and kind == "follow"):
            return kind
    labelled = folded.lstrip("-–—•*>»|[( ")
    found = _COLON.search(labelled)
    rest = labelled[found.end() :].lstrip() if found else ""
    if ended or not found or not rest:
        return ""
    head = _EDGES.sub("", labelled[: found.start()])
    if head in labels and found[1] and len(rest) <= _CREDIT and _OPENED.fullmatch(rest):
        return labels[head]
    kind = lines.get(head, "")
    return kind if kind in ("related", "share", "advertisement") else ""


_HEAD = 3  # letters by which an opening is looked up


@lru_cache(maxsize=1)
def _phrases() -> tuple[dict[str, str], dict[str, str], dict[str, list[tuple[str, str]]]]:
    """The rule of each folded line and label, and the openings by their first letters."""
    lines: dict[str, str] = {}
    labels: dict[str, str] = {}
    openings: dict[str, list[tuple[str, str]]] = {}
    for language in languages().values():
        for table, phrases in ((lines, language.lines), (labels, language.labels)):
            for kind, listed in phrases.items():
                for phrase in listed:
                    table.setdefault(_EDGES.sub("", _folded(phrase)), kind)
        for kind, listed in language.openings.items():
            for phrase in listed:
                opening = _EDGES.sub("", _folded(phrase))
                openings.setdefault(opening[:_HEAD], []).append((opening, kind))
    return lines, labels, openings


def _folded(line: str) -> str:
    """Small letters without accents and marks, one space between words."""
    parts = unicodedata.normalize("NFKD", line.casefold().replace("ı", "i").replace("’", "'"))
    return " ".join("".join(c for c in parts if not unicodedata.combining(c)).split())
