"""How often one English word follows another: 0.8 million pairs of words.

Three in ten are the web counts' own (`web.load_web`); the others are those that tell most of a
general language model (`tools/make_bigrams.py`; its licence is in `data/bigrams-licence.txt`).
"""

from __future__ import annotations

import io
import lzma
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

from scrub.kernels import kernel
from scrub.spin.web import WEB_WORDS, find_words, list_words, load_web

if TYPE_CHECKING:
    from numpy.typing import NDArray

STEP = 0.5, 0.05, 0.1  # nats, as `tools/make_bigrams.py` packs a gain, a word, a back-off
# What the model's gain is where the web's is x: a line through the pairs that both have, fitted
# by `tools/make_bigrams.py`.
CALIBRATION = 0.859, -3.436
UNKNOWN = -15.5  # log P of a word that the model lacks: less than its rarest


@dataclass(slots=True, frozen=True)
class Bigrams:
    """P pairs of V words; logarithms are natural.

    number   (2**18,) int32, of the word in a slot of the web counts, -1 where the model lacks it
    single   (V,) float32, log P(word); `backoff` (V,) what a pair that is not listed adds to it
    start    (V + 1,) int64, first pair of each first word; `second` (P,) int32, sorted in each
    gain     (P,) float32, log P(second | first) - log P(second)
    """

    number: NDArray[np.int32]
    single: NDArray[np.float32]
    backoff: NDArray[np.float32]
    start: NDArray[np.int64]
    second: NDArray[np.int32]
    gain: NDArray[np.float32]

    def arrays(self) -> tuple[NDArray[Any], ...]:
        """All of it, in this order, as kernels take it."""
        return self.number, self.single, self.backoff, self.start, self.second, self.gain


@lru_cache(maxsize=1)
def load_bigrams() -> Bigrams:
    """Read the shipped pairs and those of the web counts (about half a second)."""
    packed = resources.files("scrub.spin").joinpath("data/bigrams.npz.xz").read_bytes()
    with np.load(io.BytesIO(lzma.decompress(packed)), allow_pickle=False) as data:
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
    order = np.argsort(keys, kind="stable")
    start = np.searchsorted(keys[order] >> 32, np.arange(len(slots) + 1))
    gain = np.concatenate([gains, found.astype(np.float32)])[order]
    return Bigrams(
        number, single.astype(np.float32), backoff.astype(np.float32), start.astype(np.int64),
        (keys[order] & 0xFFFFFFFF).astype(np.int32), gain,
    )  # fmt: skip


def web_pairs(
    number: NDArray[np.int32],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
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


@kernel(inline="always")
def gain_of(bigrams, one, two):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """log P(two | one) - log P(two), for the numbers of two words; `one` may be -1."""
    _, _, backoff, start, second, gain = bigrams
    if one < 0:
        return np.float32(0)
    low, high = start[one], start[one + 1]
    last = high
    while low < high:
        middle = (low + high) // 2
        if second[middle] < two:
            low = middle + 1
        else:
            high = middle
    if low < last and second[low] == two:
        return gain[low]
    return backoff[one]
