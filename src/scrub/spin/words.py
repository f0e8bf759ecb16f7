"""The words of one text as the spin stages compare them, with their places in it."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

from scrub.document import Flag, FlagKind
from scrub.match.languages import CAPITAL_NOUNS, DIGITS, FUNCTION_WORDS

FUNCTION = frozenset(FUNCTION_WORDS["en"].split()).union(
    """s more most very just only about because while since though although such some any""".split()  # noqa: SIM905
)
# Where nouns have capitals, only capitals side by side are a name: as in `match.scan`.
_NOUNS_HAVE_CAPITALS = frozenset(
    word for code in CAPITAL_NOUNS for word in FUNCTION_WORDS[code].split()
).difference(FUNCTION)
# Set by hand.
_COVERED = 0.15  # share of such function words that decides the language, as in `match.scan`
_QUOTE = 30  # characters of context on either side of a flag
CONTENT, FUNCTION_WORD, NAME, NUMBER = range(4)
DETERMINERS = frozenset(("a", "an", "the", "its"))

# Scripts without spaces between words, of which each sign is a word: as in `match.characters`.
_SOLO = "\u0e00-\u0eff\u2e80-\u9fff\uf900-\ufaff"
# Vowel signs, which stand within words, and the letters of India, half of which are such signs.
_SIGNS = "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff"
# Dotted acronyms, numbers with inner points, a possessive 's by itself (a spinner replaces the
# noun and leaves it), words with inner hyphens and apostrophes.
_WORD = re.compile(
    # Most words are plain letters before a space or a comma: that is seen at once.
    r"[A-Za-z]{2,}+(?![\w'\u2019-]|[^\x00-\x7f])"
    r"|(?:[^\W\d_]\.){2,}|\d+(?:[.,:]\d+)+|(?<=\w)['\u2019][sS]\b"
    rf"|(?=\w)[{_SOLO}]|(?:[A-Za-z]++|[^\W{_SOLO}]|[{_SIGNS}])+(?:-\w+|['\u2019](?![sS]\b)\w+)*"
)
IS_SOLO = re.compile(f"[{_SOLO}]").match
_SOLO_STOPS = frozenset("。！？")
_FOLD = str.maketrans("", "", "-.'\u2019,")
_STOP = re.compile(
    r"[.!?\u2026\u0964\u06d4\u061f][\"'\u201d\u2019)\]]*\s+[\"'\u201c\u2018(\[]*\Z|\n"
)
_OPENING = tuple("\"'\u201c\u2018(")
_NO_STOP = frozenset(
    """mr mrs ms dr prof sen rep gov gen col lt sgt st jr sr co corp inc ltd no vs jan feb mar apr
    jun jul aug sep sept oct nov dec""".split()  # noqa: SIM905
)


@dataclass(slots=True, frozen=True)
class Words:
    """The words of a text.

    `text` is the text; `start` and `end` hold each word's code points, `lower` its lower-cased
    form, `key` what it is aligned by: without hyphens, points and apostrophes, articles as one
    word, number words as digits, so that "U.S." is "US" and "two" is "2".  `sentence` holds the
    first word of every sentence, and the number of words at its end.  `kind` is CONTENT,
    FUNCTION_WORD, NAME (capitalised, and not by its place) or NUMBER; `names` are the words that
    are a NAME somewhere, lower-cased.
    """

    text: str
    start: list[int]
    end: list[int]
    lower: list[str]
    key: list[str]
    sentence: list[int]
    kind: list[int]
    names: frozenset[str]

    def __len__(self) -> int:
        return len(self.start)

    def first_in_sentence(self, word: int) -> bool:
        """Whether the word opens a sentence, where a capital says nothing of it."""
        place = bisect_left(self.sentence, word)
        return place < len(self.sentence) and self.sentence[place] == word

    def is_name(self, word: int) -> bool:
        """Whether the word is capitalised where English does not capitalise for its place.

        At the head of a sentence a word counts as a name where the text has it so elsewhere.
        """
        return self.kind[word] == NAME or (
            self.lower[word] in self.names and self.text[self.start[word]].isupper()
        )

    def is_number(self, word: int) -> bool:
        """Whether the word is a number, in digits or spelled out."""
        return self.kind[word] == NUMBER

    def quote(self, first: int, last: int) -> str:
        """The text from word `first` to before word `last`."""
        return self.text[self.start[first] : self.end[last - 1]] if first < last else ""


_KEYS: dict[str, str] = {**DIGITS, "a": "the", "an": "the", "'s": "'s", "\u2019s": "'s"}


def words_of(text: str) -> Words:
    """Split a text into words and sentences; see Words."""
    spans = [match.span() for match in _WORD.finditer(text)]
    start, end = [first for first, _ in spans], [last for _, last in spans]
    known = [_word(text[first:last]) for first, last in spans]
    lower, key = [word for word, _, _ in known], [key for _, key, _ in known]
    kind = [its for _, _, its in known]
    sentence = [0]
    for at, (before, first) in enumerate(zip(end, start[1:], strict=False), start=1):
        if text[before] in _SOLO_STOPS:
            sentence.append(at)
        elif first > before + 1 and _STOP.search(text, before, first):
            previous, capital = lower[at - 1], text[first] == lower[at][0].upper()
            abbreviated = previous in _NO_STOP or (len(previous) == 1 and previous.isalpha())
            if "\n" in text[before:first] or (capital and not abbreviated):
                sentence.append(at)
    opens = frozenset(sentence)
    for at, its in enumerate(kind):
        if its == NAME:
            first = start[at]
            if at in opens or text[first - 1] in _OPENING or text[first - 2] == ":":
                kind[at] = CONTENT
    sentence.append(len(start))
    if sum(map(_NOUNS_HAVE_CAPITALS.__contains__, lower)) >= _COVERED * len(lower):
        kind = [
            CONTENT if its == NAME and NAME not in (before, after) else its
            for before, its, after in zip([0, *kind], kind, [*kind[1:], 0], strict=False)
        ]
    names = frozenset(word for word, its in zip(lower, kind, strict=True) if its == NAME)
    return Words(text, start, end, lower, key, sentence, kind, names)


@lru_cache(1 << 16)
def _word(raw: str) -> tuple[str, str, int]:
    """A word lower-cased, its key, and its kind if its place says nothing of a capital."""
    word = raw.lower()
    known = _KEYS.get(word) or (word if word.isalpha() else _fold(word))
    if known[0].isdigit():
        return word, known, NUMBER
    if word in FUNCTION:
        return word, known, FUNCTION_WORD
    return word, known, CONTENT if raw[0] == word[0] else NAME


def _fold(word: str) -> str:
    folded = word.translate(_FOLD)
    return DIGITS.get(folded, folded) or word


def flag_on(
    name: str,
    text: str,
    span: tuple[int, int],
    suggestion: str,
    kind: FlagKind,
    source: str,
    confidence: float,
) -> Flag:
    """A flag on a `span` (code points) of the `text` of document `name`, with a `suggestion`."""
    start, end = span
    own, around = text[start:end], quote(text, start, end)
    return Flag(name, start, end, own, suggestion, kind, source, confidence, around)


def like(own: str, suggestion: str) -> str:
    """The suggestion with the capitals that its place asks for."""
    if own.isupper() and len(own) > 1 and suggestion.islower():
        return suggestion.upper()
    if own.istitle() and " " in own and suggestion.islower():
        return suggestion.title()
    if own[0].isupper() and suggestion[0].islower():
        return suggestion[0].upper() + suggestion[1:]
    return suggestion


def quote(text: str, start: int, end: int) -> str:
    """The span with some of the text around it, on one line."""
    return " ".join(text[max(0, start - _QUOTE) : end + _QUOTE].split())
