"""How often one English word follows another: 0.8 million pairs of words.

Three in ten are the web counts' own (`web.load_web`); the others are those that
hold most of a general language model (`tools/make_bigrams.py`; its licence is in
`data/bigrams-licence.txt`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scrub import shipped
from scrub.hashing import lay_out
from scrub.kernels import kernel
from scrub.match.scan import word_hash
from scrub.spin.web import WEB_WORDS, find_words, list_words, load_web

STEP = 0.5, 0.05, 0.1  # nats, as `tools/make_bigrams.py` packs a gain, a word, a back-off
# What the model's gain is where the web's is x: a line through the pairs that both have, fitted
# by `tools/make_bigrams.py`.
CALIBRATION = 0.859, -3.436
_PAIRS, _REST = 1 << 21, 34 - 21  # slots, and bits of a pair of 2**17 words beside its slot
# A product with an odd number loses nothing, so that slot and rest are the pair.
_MIX, _PAIR = 0x278DDE6E5, (1 << 17 + 17) - 1
_LEAST = -64.0  # nats; the least gain that a slot can hold
UNKNOWN = -15.5  # log P of a word that the model lacks: less than its rarest


@dataclass(slots=True, frozen=True)
class Bigrams:
    """P pairs of V words; logarithms are natural.

    number   (2**18,) int32, of the word in a slot of the web counts, -1 where the model lacks it
    single   (V,) float32, log P(word); `backoff` (V,) what a pair that is not listed adds to it
    pairs    (2**21,) uint32, open-addressing table of the pairs, 0 where a slot is free.  The low
             byte is the gain, log P(second | first) - log P(second), in steps from `_LEAST`; above
             it stands what of the pair's hash does not follow from the slot (Knuth's quotients)
    """

    number: NDArray[np.int32]
    single: NDArray[np.float32]
    backoff: NDArray[np.float32]
    pairs: NDArray[np.uint32]

    def arrays(self) -> tuple[NDArray[Any], ...]:
        """All of it, in this order, as kernels take it."""
        return self.number, self.single, self.backoff, self.pairs


@lru_cache(maxsize=1)
def load_bigrams() -> Bigrams:
    """Read the shipped pairs and those of the web counts (about half a second)."""
    data = shipped.arrays("spin/data/bigrams.npz.xz")
    chosen = np.unpackbits(data["chosen"]).astype(bool)
    single, backoff = data["single"] * STEP[1], data["backoff"] * STEP[2]
    degree, steps = data["degree"].astype(np.int64), data["steps"]
    gains = data["gains"].astype(np.float32) * np.float32(STEP[0])
    web, hashes = load_web(), list_words()
    slots = find_words(web.words, hashes[np.flatnonzero(chosen[: len(hashes)])])
    number = np.full(len(web.words), -1, np.int32)
    number[slots] = np.arange(len(slots))
    first = np.repeat(np.arange(len(slots)), degree)
    second = np.cumsum(steps[0].astype(np.int64) | steps[1].astype(np.int64) << 8)
    starts = np.cumsum(degree) - degree
    second -= np.where(starts > 0, second[starts - 1], 0)[first]
    keys, found = web_pairs(number)
    keys = np.concatenate([first << 32 | second, keys])
    gain = np.rint((np.concatenate([gains, found]) - _LEAST) / STEP[0]).astype(np.int64)
    keys = (keys >> 32 << 17 | keys & 0xFFFFFFFF) * _MIX & _PAIR
    homes = keys >> _REST
    slots = lay_out(keys, homes, _PAIRS)
    rest = keys & (1 << _REST) - 1 | (slots - homes & _PAIRS - 1) << _REST
    pairs = np.zeros(_PAIRS, np.uint32)
    pairs[slots] = rest << 8 | gain
    return Bigrams(number, single.astype(np.float32), backoff.astype(np.float32), pairs)


def web_pairs(number: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The web's pairs of known words: first << 32 | second by number, and what a gain would be."""
    web = load_web()
    listed = np.flatnonzero(web.pairs)
    pairs = web.pairs[listed]
    one, two = (
        find_words(web.words, half.astype(np.uint32))
        for half in (pairs >> np.uint64(32), pairs & np.uint64(0xFFFFFFFF))
    )
    known = (number[one] >= 0) & (number[two] >= 0)
    one, two = one[known], two[known]
    expected = web.word_log[one].astype(np.float64) + web.word_log[two] - np.log(WEB_WORDS)
    slope, offset = CALIBRATION
    gain = slope * (web.pair_log[listed[known]] - expected) + offset
    return number[one].astype(np.int64) << 32 | number[two], np.rint(gain / STEP[0]) * STEP[0]


def follows(one: str, two: str) -> float:
    """log P(two | one) - log P(two), in nats, for two lower-cased words; 0 for unknown ones."""
    model = load_bigrams()
    first, second = (_number(word) for word in (one, two))
    if first < 0 or second < 0:
        return 0.0
    return float(gain_of(model.backoff, model.pairs, first, second))


@lru_cache(maxsize=1 << 16)
def _number(word: str) -> np.int64:
    slot = int(find_words(load_web().words, np.array([word_hash(word)], np.uint32))[0])
    listed = load_web().words[slot] != 0
    return np.int64(load_bigrams().number[slot] if listed else -1)


@kernel(inline="always")
def _slot(pairs, one, two):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """The slot of a pair, or the free slot where it would stand, and what identifies it there."""
    key = (one << 17 | two) * _MIX & _PAIR
    slot, rest = key >> _REST, key & (1 << _REST) - 1
    while pairs[slot] != 0 and pairs[slot] >> 8 != rest:
        slot = (slot + 1) & (_PAIRS - 1)
        rest += 1 << _REST
    return slot, rest


@kernel(inline="always")
def gain_of(backoff, pairs, one, two):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """log P(two | one) - log P(two), for the numbers of two words; `one` may be -1."""
    if one < 0:
        return np.float32(0)
    slot, _ = _slot(pairs, one, two)
    if pairs[slot] == 0:
        return backoff[one]
    return np.float32(_LEAST + STEP[0] * (np.int64(pairs[slot]) & 255))
