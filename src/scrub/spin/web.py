"""English at large: symspellpy's web counts of 83,000 words and 242,000 word pairs, as hash tables.

The two text files are read by one compiled pass at first use (about 20 ms), so that nothing has to
be shipped twice or cached.  Words are known by `scrub.match.tokens.word_hash`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from scrub.hashing import FNV_OFFSET, FNV_PRIME, mixed
from scrub.kernels import kernel
from scrub.match.languages import FUNCTION_WORDS
from scrub.match.tokens import word_hash

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WORDS = "frequency_dictionary_en_82_765.txt"
_PAIRS = "frequency_bigramdictionary_en_243_342.txt"
_WORD_SLOTS, _PAIR_SLOTS = 1 << 18, 1 << 19

# Words of the files' source: the sum of the word counts, rounded; and what a pair must have had
# to be listed.
WEB_WORDS = 1.0e12
LEAST_PAIR = 6.4e6
UNLISTED = 2000.0  # count given to a word that the list lacks

FUNCTION = 1  # a flag of a word


@dataclass(slots=True, frozen=True)
class Web:
    """Counts of English words and word pairs, in open-addressing tables.

    words      (2**18,) uint32, `word_hash` of each word, 0 where the slot is free
    word_log   (2**18,) float32, natural logarithm of its count
    word_flags (2**18,) uint8, FUNCTION for English function words
    pairs      (2**19,) uint64, hash of the first word << 32 | hash of the second
    pair_log   (2**19,) float32, natural logarithm of the pair's count
    """

    words: NDArray[np.uint32]
    word_log: NDArray[np.float32]
    word_flags: NDArray[np.uint8]
    pairs: NDArray[np.uint64]
    pair_log: NDArray[np.float32]


@lru_cache(maxsize=1)
def load_web() -> Web:
    """Read symspellpy's counts into tables."""
    package = resources.files("symspellpy")
    words = np.frombuffer(package.joinpath(_WORDS).read_bytes(), np.uint8)
    pairs = np.frombuffer(package.joinpath(_PAIRS).read_bytes(), np.uint8)
    web = Web(
        np.zeros(_WORD_SLOTS, np.uint32), np.zeros(_WORD_SLOTS, np.float32),
        np.zeros(_WORD_SLOTS, np.uint8),
        np.zeros(_PAIR_SLOTS, np.uint64), np.zeros(_PAIR_SLOTS, np.float32),
    )  # fmt: skip
    _read_words(words, web.words, web.word_log)
    _read_pairs(pairs, web.pairs, web.pair_log)
    for word in FUNCTION_WORDS["en"].split():
        slot = find_word(web.words, word_hash(word))
        web.words[slot] = word_hash(word)
        web.word_log[slot] = max(web.word_log[slot], math.log(LEAST_PAIR))
        web.word_flags[slot] |= FUNCTION
    return web


def list_words() -> NDArray[np.uint32]:
    """`word_hash` of the 83,000 words, in the order of the file."""
    data = np.frombuffer(resources.files("symspellpy").joinpath(_WORDS).read_bytes(), np.uint8)
    out = np.zeros(_WORD_SLOTS, np.uint32)
    return out[: _hash_words(data, out)]


def is_usual(one: str, two: str) -> bool:
    """Whether two lower-cased words in a row are among the 242,000 pairs that English uses most."""
    pairs = load_web().pairs
    first, second = np.uint32(word_hash(one)), np.uint32(word_hash(two))
    return bool(pairs[find_pair(pairs, first, second)] != 0)


@lru_cache(maxsize=1 << 16)
def is_listed(word: str) -> bool:
    """Whether a lower-cased word is among the 83,000 that English uses most."""
    words, wanted = load_web().words, np.uint32(word_hash(word))
    return bool(words[find_word(words, wanted)] != 0)


@kernel(inline="always")
def find_word(words, word):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """The slot of a word, or the free slot where it would stand."""
    mask = len(words) - 1
    slot = np.int64(word) & mask
    while words[slot] != 0 and words[slot] != word:
        slot = (slot + 1) & mask
    return slot


@kernel()
def find_words(words, wanted):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """`find_word` of each of the (N,) hashes: (N,) int64."""
    slots = np.zeros(len(wanted), np.int64)
    for i in range(len(wanted)):
        slots[i] = find_word(words, wanted[i])
    return slots


@kernel(inline="always")
def first_slot(pairs, first, second):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """The slot where a word pair stands or, if another does, the first before it."""
    key = np.uint64(first) * np.uint64(0x9E3779B1) ^ np.uint64(second)
    return np.int64(key & np.uint64(len(pairs) - 1))


@kernel(inline="always")
def find_pair(pairs, first, second):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """The slot of a word pair, or the free slot where it would stand."""
    key = np.uint64(first) << np.uint64(32) | np.uint64(second)
    mask = len(pairs) - 1
    slot = first_slot(pairs, first, second)
    while pairs[slot] != 0 and pairs[slot] != key:
        slot = (slot + 1) & mask
    return slot


@kernel()
def _read_words(data, words, logs):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Fill the word table from lines `word count`."""
    i = 0
    while i < len(data):
        value = np.uint64(FNV_OFFSET)
        while data[i] != 32:
            value = (value ^ np.uint64(data[i])) * np.uint64(FNV_PRIME)
            i += 1
        i += 1
        count = 0.0
        while i < len(data) and 48 <= data[i] <= 57:
            count = count * 10 + (data[i] - 48)
            i += 1
        while i < len(data) and (data[i] == 10 or data[i] == 13):
            i += 1
        slot = find_word(words, mixed(value))
        words[slot], logs[slot] = mixed(value), np.log(count)


@kernel()
def _hash_words(data, out):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Hash the words of lines `word count`."""
    i = number = 0
    while i < len(data):
        value = np.uint64(FNV_OFFSET)
        while data[i] != 32:
            value = (value ^ np.uint64(data[i])) * np.uint64(FNV_PRIME)
            i += 1
        while i < len(data) and data[i] != 10:
            i += 1
        i += 1
        out[number] = mixed(value)
        number += 1
    return number


@kernel()
def _read_pairs(data, pairs, logs):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Fill the pair table from lines `word word count`."""
    i = 0
    while i < len(data):
        first = value = np.uint64(FNV_OFFSET)
        for position in range(2):
            value = np.uint64(FNV_OFFSET)
            while data[i] != 32:
                value = (value ^ np.uint64(data[i])) * np.uint64(FNV_PRIME)
                i += 1
            i += 1
            if position == 0:
                first = value
        count = 0.0
        while i < len(data) and 48 <= data[i] <= 57:
            count = count * 10 + (data[i] - 48)
            i += 1
        while i < len(data) and (data[i] == 10 or data[i] == 13):
            i += 1
        one, two = mixed(first), mixed(value)
        slot = find_pair(pairs, one, two)
        pairs[slot] = np.uint64(one) << np.uint64(32) | np.uint64(two)
        logs[slot] = np.log(count)
