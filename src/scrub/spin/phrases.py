"""Known phrases: a user's list of wordings that only machines write, with the expected terms.

Made for lists of tortured phrases (Cabanac, Labbe, Magazinov 2021): "counterfeit consciousness"
for "artificial intelligence".  One pass over a text's words, whatever the length of the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from scrub.document import Flag
from scrub.errors import InputError
from scrub.spin.web import is_usual
from scrub.spin.words import flag_on, like, words_of
from scrub.table import by_column, table_rows

# Set by hand.
_CONFIDENCE = 0.9
_HEADINGS = (("phrase", "tortured", "spun"), ("expected", "term", "original", "suggestion"))
_ASIDE = re.compile(r"\s{0,9}[(\[][^)\]]{0,200}[)\]]")
_BETWEEN = re.compile(r"[ \t\u00a0-]*(?:\n[ \t]*)?|'")


@dataclass(slots=True, frozen=True)
class Phrases:
    """Phrases by their first two words (lower-cased); each is its words and its expected term."""

    table: Mapping[tuple[str, str], tuple[tuple[tuple[str, ...], str], ...]]

    def __len__(self) -> int:
        return sum(map(len, self.table.values()))


def read(path: Path) -> Phrases:
    """Read a CSV with a column `phrase` (or tortured, spun) and one `expected` (or term, original).

    Of several expected terms, set apart by ; / or |, the first is taken, without what stands in
    brackets.  Raises InputError where the file has no such columns or no phrase of two words.
    """
    rows = table_rows(path)
    columns = [name.strip().lower() for name in next(rows, [])]
    phrase, expected = (next((n for n in known if n in columns), "") for known in _HEADINGS)
    if not (phrase and expected):
        raise InputError(f"{path}: no phrases; it needs the columns phrase and expected")
    pairs = [(row[phrase], row[expected]) for row in by_column(columns, rows)]
    phrases = compile_phrases(pairs)
    if not phrases.table:
        raise InputError(f"{path}: no phrase of two words or more")
    return phrases


def compile_phrases(pairs: Iterable[tuple[str, str]]) -> Phrases:
    """Make a table of (phrase, expected term) pairs, without those that people write too.

    A single word is somebody's honest word, and so is a phrase all of whose word pairs are among
    the 242,000 that English uses most ("search engine"): only odd combinations are telling.
    """
    table: dict[tuple[str, str], dict[tuple[str, ...], str]] = {}
    for phrase, expected in pairs:
        words = tuple(words_of(_ASIDE.sub("", phrase)).lower)
        term = _ASIDE.sub("", re.split(r"[;/|]", expected)[0]).strip()
        if term[1:].islower():
            term = term.lower()
        if len(words) < 2 or all(is_usual(one, two) for one, two in pairwise(words)):
            continue
        if term and term.lower() != phrase.strip().lower():
            table.setdefault((words[0], words[1]), {}).setdefault(words, term)
    return Phrases(
        {
            start: tuple(sorted(found.items(), key=lambda item: (-len(item[0]), item[0])))
            for start, found in sorted(table.items())
        }
    )


def flags(documents: Mapping[str, str], phrases: Phrases) -> list[Flag]:
    """Flag every phrase of the list, the longest at each place, in order of id and place.

    `documents` maps ids to cleaned texts.  The flags have kind `phrase` and source `phrases`.
    """
    found: list[Flag] = []
    for name in sorted(documents):
        words = words_of(documents[name])
        at = 0
        while at + 1 < len(words):
            size = 0
            for phrase, term in phrases.table.get((words.lower[at], words.lower[at + 1]), ()):
                if tuple(words.lower[at : at + len(phrase)]) == phrase:
                    last = at + len(phrase)
                    if _is_run(words.text, words.start[at:last], words.end[at:last]):
                        start, end = words.start[at], words.end[last - 1]
                        suggestion = like(words.text[start:end], term)
                        found.append(
                            flag_on(
                                name, words.text, (start, end), suggestion, "phrase", "phrases",
                                _CONFIDENCE,
                            )
                        )  # fmt: skip
                        size = len(phrase)
                        break
            at += max(1, size)
    return found


def _is_run(text: str, starts: list[int], ends: list[int]) -> bool:
    """Whether nothing but spaces and a line break stands between the words."""
    return all(
        _BETWEEN.fullmatch(text, end, start) for end, start in zip(ends, starts[1:], strict=False)
    )
