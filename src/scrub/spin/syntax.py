"""How unusual the order of the small words is: a model of word classes, from texts nobody spun.

A function word is a class by itself, other words are classed by ending and by how common they are;
names, numbers, the edges of a sentence and what stands between words are classes, too.  A spinner
that writes a noun for a preposition, or two adverbs for one, leaves orders that no person writes,
whatever its dictionary.  The model is two tables: how unusual a class is after the one before
(a bigram with Witten-Bell smoothing), and what the one before that adds.  Both are fitted by
`tools/fit_syntax.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from scrub import shipped
from scrub.kernels import kernel
from scrub.match.languages import FUNCTION_WORDS
from scrub.match.scan import CAPITALISED, INITIAL, KIND_MASK, NUMBER, word_hash
from scrub.match.tokens import Tokens
from scrub.spin.web import find_words, load_web

_WORDS = sorted(set(FUNCTION_WORDS["en"].split()))
EDGE = len(_WORDS)  # the edge of a sentence; after it number, name, what stands between two words
_NUMBER, _NAME, BREAK, PLAIN = EDGE + 1, EDGE + 2, EDGE + 3, EDGE + 4
CLASSES = PLAIN + 10  # from `PLAIN` on content words: five endings, each common or not
_COMMON = 17.5  # natural logarithm of the web count from which a word is common (40 million)


@dataclass(slots=True, frozen=True)
class Syntax:
    """What each class is worth in nats after others; `C` is `CLASSES`.

    after  (C, C) float32, -log P(column | row before)
    skip   (C, C) float32, what the class two before adds to that
    """

    after: NDArray[np.float32]
    skip: NDArray[np.float32]


@lru_cache(maxsize=1)
def load_syntax() -> Syntax:
    """Read the shipped tables."""
    data = shipped.arrays("spin/data/syntax.npz")
    return Syntax(data["after"].astype(np.float32), data["skip"].astype(np.float32))


@lru_cache(maxsize=1)
def _class_of_slots() -> NDArray[np.uint8]:
    """The class of the word of each slot of the web counts, a content word's without its ending."""
    web = load_web()
    out = np.where((web.words != 0) & (web.word_log > _COMMON), PLAIN + 1, PLAIN).astype(np.uint8)
    hashes = np.array([word_hash(word) for word in _WORDS], np.uint32)
    out[find_words(web.words, hashes)] = np.arange(len(_WORDS))
    return out


def classes(tokens: Tokens, slots: NDArray[np.int32]) -> NDArray[np.uint8]:
    """The class of each token, (T,); `slots` are those of the words (`web.slots_of`)."""
    out = np.zeros(len(tokens.hash), np.uint8)
    _classes(tokens.kind, tokens.start, tokens.end, tokens.data, slots, _class_of_slots(), out)
    return out


@kernel(inline="always")
def is_joined(start, end, data, t):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Whether by `start` and `end` one blank or hyphen stands between token t and its neighbour."""
    between = end[t - 1]
    return start[t] - between == 1 and (data[between] == 32 or data[between] == 45)


@kernel()
def _classes(kinds, start, end, data, slots, class_of, out):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    for t in range(len(kinds)):
        kind = kinds[t]
        if kind & KIND_MASK == NUMBER:
            out[t] = _NUMBER
            continue
        found = class_of[slots[t]] if slots[t] >= 0 else PLAIN
        if found >= PLAIN and kind & CAPITALISED and not kind & INITIAL:
            found = _NAME
        if found >= PLAIN:
            length = end[t] - start[t]
            ending = 0
            if length > 4:
                last, second, third = data[end[t] - 1], data[end[t] - 2], data[end[t] - 3]
                if second == 108 and last == 121:  # -ly
                    ending = 1
                elif second == 101 and last == 100:  # -ed
                    ending = 2
                elif third == 105 and second == 110 and last == 103:  # -ing
                    ending = 3
                elif second != 115 and last == 115:  # -s
                    ending = 4
            found += 2 * ending
        out[t] = found
