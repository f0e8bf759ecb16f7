"""Known tells: wording that rewriting programs put and that people hardly ever write.

A program that swaps common words for common ones leaves nothing rare and nothing unlikely behind,
but its tables have slips that no reader sees before they are on ten thousand pages ("withinside
the" for "in the").  `data/tells.csv` is a part of the lexicon that comes with scrub: each tell has
what it stands for, in how many spun pages it was seen, of how many pages with it that were read,
and in how many of 76,592 news texts it stands.
"""

from __future__ import annotations

import csv
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from scrub import shipped
from scrub.match.scan import word_hash
from scrub.match.tokens import Tokens

# Log-odds of an occurrence, and how many count.  Set by hand: one, which may be a quotation or a
# word of another age, does not accuse a text in which nothing else is odd; two do.
_WEIGHT, _MOST = 4.5, 3
_SURE = 0.6  # log-odds; a tell says that a text was spun, and nothing of its other words


def count(tokens: Tokens) -> NDArray[np.int64]:
    """How often a known tell stands in each document: (D,) int64."""
    found = np.zeros(len(tokens.documents) - 1, np.int64)
    for phrase in _phrases():
        room = max(0, len(tokens.hash) - len(phrase) + 1)
        starts = np.flatnonzero(tokens.hash[:room] == phrase[0])
        for step, word in enumerate(phrase[1:], 1):
            starts = starts[tokens.hash[starts + step] == word]
        document, last = (
            np.searchsorted(tokens.documents, at, side="right") - 1
            for at in (starts, starts + len(phrase) - 1)
        )
        found += np.bincount(document[document == last], minlength=len(found))
    return found


def lifted(log_odds: NDArray[np.float64], found: NDArray[np.int64]) -> NDArray[np.float64]:
    """The log-odds that texts are spun, with so many tells found: none is lifted above `_SURE`."""
    higher = log_odds + _WEIGHT * np.minimum(found, _MOST)
    return np.maximum(log_odds, np.minimum(higher, _SURE))


@lru_cache(maxsize=1)
def _phrases() -> list[list[int]]:
    text = shipped.text("spin/data/tells.csv")
    return [
        [word_hash(word) for word in row["spun"].split()]
        for row in csv.DictReader(text.splitlines())
    ]
