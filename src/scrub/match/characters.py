"""What each character is to matching, and the one letter for all the ways to write it.

Accents, vowel signs and points come and go between copies of a text: sites strip them, keyboards
lack them, systems store one letter under several codes.  Words are compared by folded letters:
compatibility decomposition (Unicode, UAX 15) without combining marks, and the few letters below
that have no decomposition.  The text itself stays as it is.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from scrub.kernels import Array, kernel
from scrub.languages import STOPS

# Bits of the character table above the 16 bits of the folded letter (0: a mark, passed over).
WORD, UPPER, LOWER, DIGIT, SOLO, APOSTROPHE, SKIP, SPACE, STOP, WIDE_STOP = (
    1 << bit for bit in range(16, 26)
)
UPPER_BIT = 17
SECOND_BIT = 26  # the six bits above are the place in SECONDS of the letter's second half

# Letters that decompose to nothing: Latin, Greek, Cyrillic, Arabic (Persian, Urdu, Pashto keyboards
# and Arabic ones), the Devanagari nasal.
_LETTERS = str.maketrans(
    "ıłđðøħŧəς\u0491\u06cc\u0649\u06d2\u06a9\u06aa\u0629\u06c1\u06be\u06d5\u0671\u0901",
    "ilddohteσ\u0433\u064a\u064a\u064a\u0643\u0643\u0647\u0647\u0647\u0647\u0627\u0902",
)
_PAIRS = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ŋ": "ng"}
SECONDS = "\0abcdefghijklmnopqrstuvwxyz\u0627"
_SECONDS = np.array([ord(letter) for letter in SECONDS], np.uint64)

# Combining classes of what is dropped: accents, points and vowel signs.  Indic vowel signs are
# letters of class 0, a virama (9) and the voicing mark of kana (8) make other letters.
_DROPPED = {7, *range(10, 37), *range(200, 241)}
_TATWEEL = "\u0640"


def fold(word: str) -> str:
    """The folded letters of a lower-cased word: no marks, one code for each letter.

    >>> fold("straße"), fold("çağlar"), fold("ё")
    ('strasse', 'caglar', 'е')
    """
    return word if word.isascii() else "".join(map(_folded, word))


@lru_cache(maxsize=4096)
def _folded(letter: str) -> str:
    if ord(letter) >= 1 << 16:
        return letter  # as the scanner, whose table is of the basic plane
    if "\u3400" <= letter <= "\u9fff" or "\uac00" <= letter <= "\ud7a3":
        return letter  # an ideograph, a syllable: three quarters of the table
    if unicodedata.category(letter) == "Nd":
        return str(unicodedata.digit(letter))
    parts = unicodedata.normalize("NFKD", letter)
    kept = "".join(c for c in parts if unicodedata.combining(c) not in _DROPPED and c != _TATWEEL)
    kept = "".join(_PAIRS.get(c, c) for c in kept.lower().translate(_LETTERS))
    if len(kept) > 2 or (len(kept) == 2 and kept[1] not in SECONDS):
        return letter  # a syllable, a voiced kana
    return kept if all(c.isalnum() or unicodedata.category(c)[0] == "M" for c in kept) else letter


@lru_cache(maxsize=1)
def characters() -> NDArray[np.uint32]:
    """What each character of the basic plane is to the scanner: (65536,) uint32."""
    table = np.zeros(1 << 16, np.uint32)
    for code in range(1 << 16):
        character = chr(code)
        category = unicodedata.category(character)
        bits = 0
        if category[0] in "LM" or category in ("Nd", "Nl"):
            folded = fold(character.lower()[0])
            bits = ord(folded[0]) if folded else 0
            bits |= SECONDS.index(folded[1]) << SECOND_BIT if len(folded) > 1 else 0
            bits |= WORD
            bits |= UPPER if category in ("Lu", "Lt") else 0
            bits |= LOWER if category == "Ll" else 0
            bits |= DIGIT if category == "Nd" else 0
            solo = 0x2E80 <= code < 0xA000 or 0xF900 <= code < 0xFB00 or 0x0E00 <= code < 0x0F00
            bits |= SOLO if solo else 0
        elif character.isspace() or category == "Zs":
            bits |= SPACE
        table[code] = bits
    for character in "'\u2019\u2018\u02bc\u02bb\u02be\u02bf\u00b4`\u2032\uff07":
        table[ord(character)] = ord("'") | APOSTROPHE
    for character in "\u00ad\u200b\u200c\u200d\u2060\ufeff":
        table[ord(character)] = SKIP
    for character in ".!?\u2026":
        table[ord(character)] |= STOP
    for character in "\uff0e" + "".join(stop for stop in STOPS if stop > "\x7f"):
        table[ord(character)] |= WIDE_STOP
    return table


@kernel(inline="always")
def decode(data: Array, i: Array, stop: Array) -> Array:
    """The code point at byte i and its width; a damaged sequence counts byte by byte."""
    byte = np.int64(data[i])
    if byte < 0x80:
        return byte, 1
    if byte < 0xE0 and i + 1 < stop:
        return (byte & 0x1F) << 6 | (np.int64(data[i + 1]) & 0x3F), 2
    if byte < 0xF0 and i + 2 < stop:
        middle = (np.int64(data[i + 1]) & 0x3F) << 6
        return (byte & 0x0F) << 12 | middle | (np.int64(data[i + 2]) & 0x3F), 3
    if i + 3 < stop:
        middle = (np.int64(data[i + 1]) & 0x3F) << 12 | (np.int64(data[i + 2]) & 0x3F) << 6
        return (byte & 0x07) << 18 | middle | (np.int64(data[i + 3]) & 0x3F), 4
    return byte, 1


@kernel(inline="always")
def character(table: Array, code: Array) -> Array:
    """The table's entry; beyond the basic plane ideographs and letters are words, symbols gaps."""
    if code < 0x10000:
        return np.int64(table[code])
    if code >= 0x20000:
        return np.int64(WORD | SOLO) | (code & 0xFFFF)
    return np.int64(WORD) | (code & 0xFFFF) if code < 0x1D000 else np.int64(0)


@kernel(inline="always")
def second(bits: Array) -> Array:
    """The second letter that a character stands for (0: it is one)."""
    return _SECONDS[bits >> SECOND_BIT]
