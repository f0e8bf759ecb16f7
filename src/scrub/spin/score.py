"""How likely a text is machine-spun, from counts of its words: the document's spin score.

Whatever its dictionary, a spinner leaves words where another would stand better (`word_fit`), and
takes away the commonest words, which people cannot do without, to put their neighbours.  The first
is estimated for each word and added up, the second by how often a text has each of the 4,000 words
that English uses most.  The weighted sum is the log-odds that the text is spun (logistic
regression; Shahid et al., ICDM 2017, and Zhang et al., NDSS 2014, use such counts), with what known
tells add.
Only English prose is judged: sentences with enough English function words and few numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from scrub import shipped
from scrub.kernels import kernel
from scrub.match.scan import KIND_MASK, NUMBER
from scrub.match.tokens import Tokens, tokenize
from scrub.spin import syntax, tells, word_fit
from scrub.spin.syntax import EDGE
from scrub.spin.web import find_words, list_words, load_web, slots_of

FEATURES = ("common", *word_fit.FEATURES)
COUNTS = ("prose", "words", *FEATURES)
_PROSE, _WORDS, _COMMON = range(_OWN := 3)
# Set by hand.
COMMON = 4000  # words that English uses most
PRIOR = 40.0  # words at which what a text's own words say counts half; set by hand


@dataclass(slots=True, frozen=True)
class Scores:
    """What is known of the D documents of a batch.

    spin_score  (D,) float64 in [0, 1]; of the documents near 0.6 about six in ten are spun where
                three in a hundred of a corpus are
    prose       (D,) int64, words in English prose sentences; below `MIN_PROSE` nothing is judged
                and the score is 0
    counts      (D, 7) float64, the counts named in `COUNTS`
    tells       (D,) int64, occurrences of known tells
    """

    spin_score: NDArray[np.float64]
    prose: NDArray[np.int64]
    counts: NDArray[np.float64]
    tells: NDArray[np.int64]


# Set by hand.
MIN_PROSE = 12


@dataclass(slots=True, frozen=True)
class _Weights:
    """The fitted model: what clean news has, what a difference weighs, and the common words."""

    mean: NDArray[np.float64]
    weight: NDArray[np.float64]
    bias: float
    common: NDArray[np.float64]


def score_batch(texts: Sequence[str]) -> Scores:
    """Score texts; see `score_tokens`."""
    return score_tokens(tokenize(texts))


def score_tokens(tokens: Tokens) -> Scores:
    """Score the documents of a tokenized batch by themselves: no corpus, no other copy needed."""
    counts = count_signs(tokens)
    prose = counts[:, _PROSE].astype(np.int64)
    # Column by column and number by number: a text's score must not depend on its batch, and sums
    # and exponentials over whole arrays round by position.
    log_odds = np.full(len(counts), load_weights().bias)
    for part in contributions(counts).T:
        log_odds += part
    found = tells.count(tokens)
    log_odds = tells.lifted(log_odds, found)
    spun = np.array([1 / (1 + math.exp(-value)) for value in log_odds.tolist()])
    score = np.where(prose >= MIN_PROSE, spun, 0.0)
    return Scores(score, prose, counts, found)


def count_signs(tokens: Tokens) -> NDArray[np.float64]:
    """The counts of each document, (D, 7), columns as in `COUNTS`."""
    out = np.zeros((len(tokens.documents) - 1, len(COUNTS)))
    slots = slots_of(tokens.hash)
    classes = syntax.classes(tokens, slots)
    out[:, _OWN:] = word_fit.count_fit(tokens, slots, classes)
    _count(
        tokens.kind, tokens.documents, tokens.sentences, slots, classes,
        _ranks(), load_weights().common, out,
    )  # fmt: skip
    return out


def contributions(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """What each feature adds to the log-odds, (D, 5)."""
    weights = load_weights()
    return (counts[:, -len(FEATURES) :] - weights.mean) * weights.weight


def common_words(tokens: Tokens) -> NDArray[np.int16]:
    """Which of the commonest words each token is, from 0, or -1: (T,)."""
    ranks: NDArray[np.int16] = _ranks()[find_words(load_web().words, tokens.hash)]
    return ranks


def why(text: str) -> list[tuple[str, float, float]]:
    """The sum behind a text's score: (feature, value, contribution to the log-odds).

    The first row is `prior`, the log-odds of a text without evidence; the largest contributions
    follow.  The contributions add up to the log-odds of `spin_score`.  A text with too little
    English prose has one row, `no English prose` with its words and 0.
    """
    scores = score_batch([text])
    if scores.prose[0] < MIN_PROSE:
        return [("no English prose", float(scores.prose[0]), 0.0)]
    values = scores.counts[0, -len(FEATURES) :]
    rows = zip(FEATURES, values, contributions(scores.counts)[0], strict=True)
    parts = [(name, float(value), float(part)) for name, value, part in rows]
    if found := scores.tells[0]:
        plain = np.array([load_weights().bias + sum(part for _, _, part in parts)])
        lift = tells.lifted(plain, scores.tells) - plain
        parts.append(("tells", float(found), float(lift[0])))
    return [("prior", 0.0, load_weights().bias), *sorted(parts, key=lambda row: -abs(row[2]))]


@lru_cache(maxsize=1)
def load_weights() -> _Weights:
    """The shipped weights."""
    data = shipped.record("spin/data/score.json")
    mean, weight = (
        np.array([data["features"][name][key] for name in FEATURES], np.float64)
        for key in ("mean", "weight")
    )
    common = shipped.arrays("spin/data/word_fit.npz")["common"].astype(np.float64)
    return _Weights(mean, weight, data["bias"], common)


@lru_cache(maxsize=1)
def _ranks() -> NDArray[np.int16]:
    """The place of the word of each slot of the web counts among the commonest, or -1."""
    web = load_web()
    ranks = np.full(len(web.words), -1, np.int16)
    ranks[find_words(web.words, list_words()[:COMMON])] = np.arange(COMMON)
    return ranks


@kernel()
def _count(kinds, documents, sentences, slots, classes, ranks, weights, out):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Fill `out` with the counts of each document."""
    times, found = np.zeros(len(weights), np.int64), np.zeros(len(weights), np.int64)
    s = 0
    for d in range(len(documents) - 1):
        while sentences[s] < documents[d]:
            s += 1
        out[d, _WORDS] = documents[d + 1] - documents[d]
        kinds_found = 0
        while s < len(sentences) - 1 and sentences[s] < documents[d + 1]:
            first, last = sentences[s], sentences[s + 1]
            s += 1
            length = last - first
            function = numbers = 0
            for t in range(first, last):
                slot = slots[t]
                if kinds[t] & KIND_MASK == NUMBER:
                    numbers += 1
                else:
                    function += classes[t] < EDGE
                rank = ranks[slot] if slot >= 0 else -1
                if rank >= 0:
                    if times[rank] == 0:
                        found[kinds_found] = rank
                        kinds_found += 1
                    times[rank] += 1
            if length >= 6 and 5 * function >= length and 3 * numbers <= length:
                out[d, _PROSE] += length
        total = 0.0
        for k in range(kinds_found):
            total += weights[found[k]] * np.sqrt(times[found[k]])
            times[found[k]] = 0
        out[d, _COMMON] = total / np.sqrt(out[d, _WORDS] + PRIOR)
