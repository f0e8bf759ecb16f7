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
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from scrub.kernels import kernel
from scrub.match.languages import FUNCTION_WORDS
from scrub.match.scan import CAPITALISED, INITIAL, KIND_MASK, NUMBER, word_hash
from scrub.match.tokens import Tokens
from scrub.searching import lower_bound
from scrub.spin.web import find_word, load_web

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
    file = resources.files("scrub.spin").joinpath("data/syntax.npz")
    with file.open("rb") as stream, np.load(stream, allow_pickle=False) as data:
        return Syntax(data["after"].astype(np.float32), data["skip"].astype(np.float32))


@lru_cache(maxsize=1)
def _function_words() -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    hashes = np.array([word_hash(word) for word in _WORDS], np.uint32)
    order = np.argsort(hashes)
    return hashes[order], order.astype(np.int32)


def classes(tokens: Tokens) -> NDArray[np.int32]:
    """The class of each token, (T,)."""
    web = load_web()
    out = np.zeros(len(tokens.hash), np.int32)
    hashes, numbers = _function_words()
    _classes(
        tokens.hash, tokens.kind, tokens.start, tokens.end, tokens.data,
        web.words, web.word_log, hashes, numbers, out,
    )  # fmt: skip
    return out


@kernel(inline="always")
def is_joined(start, end, data, t):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Whether one blank or hyphen, and nothing else, stands between a token and the one before."""
    between = end[t - 1]
    return start[t] - between == 1 and (data[between] == 32 or data[between] == 45)


@kernel()
def _classes(  # type: ignore[no-untyped-def]  # noqa: ANN202
    hashes, kinds, start, end, data, words, logs, function, numbers, out,  # noqa: ANN001
):  # fmt: skip
    for t in range(len(hashes)):
        kind, word = kinds[t], hashes[t]
        if kind & KIND_MASK == NUMBER:
            out[t] = _NUMBER
            continue
        at = lower_bound(function, word)
        if at < len(function) and function[at] == word:
            out[t] = numbers[at]
        elif kind & CAPITALISED and not kind & INITIAL:
            out[t] = _NAME
        else:
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
            slot = find_word(words, word)
            common = words[slot] != 0 and logs[slot] > _COMMON
            out[t] = PLAIN + 2 * ending + common
