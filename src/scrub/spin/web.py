"""English at large: symspellpy's web counts of 83,000 words and 242,000 word pairs, as hash tables.

The two text files are read at first use (about 150 ms), so that nothing has to be shipped twice or
cached.  Words are known by `scrub.match.scan.word_hash`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from scrub.hashing import find_key, find_slots, hash_words, lay_out
from scrub.kernels import kernel
from scrub.match.languages import FUNCTION_WORDS
from scrub.match.scan import word_hash

_WORDS = "frequency_dictionary_en_82_765.txt"
_PAIRS = "frequency_bigramdictionary_en_243_342.txt"
_WORD_SLOTS, _PAIR_SLOTS = 1 << 18, 1 << 19
_MIX = 0x9E3779B1

# Words of the files' source: the sum of the word counts, rounded; and what a pair must have had
# to be listed.
WEB_WORDS = 1.0e12
LEAST_PAIR = 6.4e6
UNLISTED = 2000.0  # count given to a word that the list lacks, by hand

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
    (hashes,), counts = _read(_WORDS, 1)
    listed = np.array([word_hash(word) for word in FUNCTION_WORDS["en"].split()], np.uint32)
    keys = np.concatenate([hashes, listed])
    slots = lay_out(keys, keys.astype(np.int64) & (_WORD_SLOTS - 1), _WORD_SLOTS)
    words, flags = np.zeros(_WORD_SLOTS, np.uint32), np.zeros(_WORD_SLOTS, np.uint8)
    logs = np.zeros(_WORD_SLOTS, np.float32)
    words[slots] = keys
    logs[slots[: len(hashes)]] = np.log(counts)
    function = slots[len(hashes) :]
    flags[function] = FUNCTION
    logs[function] = np.maximum(logs[function], np.float32(math.log(LEAST_PAIR)))
    (first, second), counts = _read(_PAIRS, 2)
    pairs, pair_logs = np.zeros(_PAIR_SLOTS, np.uint64), np.zeros(_PAIR_SLOTS, np.float32)
    keys, homes = _pair(first, second)
    slots = lay_out(keys, homes, _PAIR_SLOTS)
    pairs[slots], pair_logs[slots] = keys, np.log(counts)
    return Web(words, logs, flags, pairs, pair_logs)


@lru_cache(maxsize=1)
def list_words() -> NDArray[np.uint32]:
    """`word_hash` of the 83,000 words, in the order of the file."""
    return _read(_WORDS, 1)[0][0]


def _read(name: str, words: int) -> tuple[list[NDArray[np.uint32]], NDArray[np.float64]]:
    """The `word_hash` of each of so many words a line, and the count that stands after them."""
    text = resources.files("symspellpy").joinpath(name).read_bytes() + b"\n"
    data = np.frombuffer(text, np.uint8)
    end = np.flatnonzero(data <= ord(" "))
    start = np.concatenate([[0], end[:-1] + 1])
    start, end = start[start < end], end[start < end]
    fields = words + 1
    hashes = [hash_words(data, start[k::fields], end[k::fields]) for k in range(words)]
    return hashes, np.array(text.split()[words::fields], np.float64)


def _pair(
    first: NDArray[np.uint32], second: NDArray[np.uint32]
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The keys of (N,) word pairs, and the slots of `first_slot`."""
    one, two = first.astype(np.uint64), second.astype(np.uint64)
    homes = (one * np.uint64(_MIX) ^ two) & np.uint64(_PAIR_SLOTS - 1)
    return one << np.uint64(32) | two, homes.astype(np.int64)


def is_usual(one: str, two: str) -> bool:
    """Whether two lower-cased words in a row are among the 242,000 pairs that English uses most."""
    pairs = load_web().pairs
    first, second = (np.array([word_hash(word)], np.uint32) for word in (one, two))
    return bool(pairs[find_slots(pairs, *_pair(first, second))[0]] != 0)


def is_listed(word: str) -> bool:
    """Whether a lower-cased word is among the 83,000 that English uses most."""
    return word_hash(word) in _listed()


@lru_cache(maxsize=1)
def _listed() -> frozenset[int]:
    """The hashes of those, for words that are asked about one by one."""
    return frozenset(load_web().words.tolist()) - {0}


def find_words(words: NDArray[np.uint32], wanted: NDArray[np.uint32]) -> NDArray[np.int64]:
    """`find_word` of each of the (N,) hashes: (N,)."""
    return find_slots(words, wanted, wanted.astype(np.int64) & (len(words) - 1))


def slots_of(hashes: NDArray[np.uint32]) -> NDArray[np.int32]:
    """The slots of the words of a batch, by their (T,) hashes: (T,), -1 where one is not listed."""
    slots = np.empty(len(hashes), np.int32)
    _slots_of(load_web().words, hashes, slots)
    return slots


@kernel()
def _slots_of(words, hashes, out):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    for t in range(len(hashes)):
        slot = find_word(words, hashes[t])
        out[t] = slot if words[slot] != 0 else -1


@kernel(inline="always")
def find_word(words, word):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """The slot of a word, or the free slot where it would stand."""
    return find_key(words, word, word)


@kernel(inline="always")
def first_slot(pairs, first, second):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """The slot where a word pair stands or, if another does, the first before it."""
    key = np.uint64(first) * np.uint64(_MIX) ^ np.uint64(second)
    return np.int64(key & np.uint64(len(pairs) - 1))


@kernel(inline="always")
def find_pair(pairs, first, second):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """The slot of a word pair, or the free slot where it would stand."""
    key = np.uint64(first) << np.uint64(32) | np.uint64(second)
    return find_key(pairs, key, first_slot(pairs, first, second))
