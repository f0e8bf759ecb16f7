"""How likely a text is machine-spun, from counts of its words: the document's spin score.

A spinner puts rare words and unusual neighbours into sentences that were usual ones, often writes
`a` for `the`, and leaves the articles of the words it replaced.  Each of eight rates is compared
with what clean news has; two more say where another word would stand better (`word_fit`).  The
weighted sum of the differences is the log-odds that the text is spun (logistic regression; Shahid
et al., ICDM 2017, and Zhang et al., NDSS 2014, use such counts), with what known tells add.
Only English prose is judged: sentences with enough English function words and few numbers.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from scrub.kernels import kernel
from scrub.match.tokens import (
    CAPITALISED,
    CONTENT,
    INITIAL,
    KIND_MASK,
    NUMBER,
    Tokens,
    tokenize,
    word_hash,
)
from scrub.spin import tells, word_fit
from scrub.spin.web import FUNCTION, LEAST_PAIR, PLURAL, WEB_WORDS, find_pair, find_word, load_web

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

# Every rate is a count over another count; rare words count once for each different word.
_RATES = (
    ("the", "the", "determiners"),
    ("article_error", "article_error", "articles"),
    ("article_plural", "article_plural", "articles"),
    ("unlisted", "unlisted", "content"),
    ("rare", "rare", "content"),
    ("content_pairs", "content_pairs_listed", "content_pairs"),
    ("before_content", "before_association", "before_pairs"),
    ("after_content", "after_association", "after_pairs"),
    ("fit", "fit", "judged"),
    ("small_fit", "small_fit", "small"),
)
FEATURES = tuple(name for name, _, _ in _RATES)
COUNTS = (
    "prose", "words", "the", "determiners", "articles", "article_error", "article_plural",
    "content", "unlisted", "rare", "content_pairs", "content_pairs_listed", "before_pairs",
    "before_association", "after_pairs", "after_association", *word_fit.COUNTS,
)  # fmt: skip
(
    _PROSE, _WORDS, _THE, _DETERMINERS, _ARTICLES, _ARTICLE_ERROR, _ARTICLE_PLURAL, _CONTENT,
    _UNLISTED, _RARE, _PAIRS, _PAIRS_LISTED, _BEFORE, _BEFORE_SUM, _AFTER, _AFTER_SUM,
) = range(_OWN := len(COUNTS) - len(word_fit.COUNTS))  # fmt: skip
_RARE_LOG = 14.5  # natural logarithm of the web count below which a word is rare (2 million)
_VOCABULARY = [FEATURES.index("unlisted"), FEATURES.index("rare")]
_SEEN = 1 << 13
_LOG_WEB, _LOG_LEAST = float(np.log(WEB_WORDS)), float(np.log(LEAST_PAIR))
_HASH_THE, _HASH_A, _HASH_AN = (np.uint32(word_hash(word)) for word in ("the", "a", "an"))


@dataclass(slots=True, frozen=True)
class Scores:
    """What is known of the D documents of a batch.

    spin_score  (D,) float64 in [0, 1]; of the documents near 0.9 about nine in ten are spun where
                six in a hundred of a corpus are
    prose       (D,) int64, words in English prose sentences; below `MIN_PROSE` nothing is judged
                and the score is 0
    counts      (D, 20) float64, the raw counts named in `COUNTS`
    tells       (D,) int64, occurrences of known tells
    """

    spin_score: NDArray[np.float64]
    prose: NDArray[np.int64]
    counts: NDArray[np.float64]
    tells: NDArray[np.int64]


MIN_PROSE = 12


@dataclass(slots=True, frozen=True)
class _Weights:
    """The fitted model: what clean news has, how it varies, and what a difference weighs."""

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    prior: NDArray[np.float64]
    weight: NDArray[np.float64]
    bias: float
    limit: float
    vocabulary: float  # log-odds that unlisted and rare words add at most together


def score_batch(texts: Sequence[str]) -> Scores:
    """Score texts; see `score_tokens`."""
    return score_tokens(tokenize(texts))


def score_tokens(tokens: Tokens) -> Scores:
    """Score the documents of a tokenized batch by themselves: no corpus, no other copy needed."""
    counts = count(tokens)
    prose = counts[:, _PROSE].astype(np.int64)
    # Column by column and number by number: a text's score must not depend on its batch, and sums
    # and exponentials over whole arrays round by position.
    log_odds = np.full(len(counts), _weights().bias)
    for part in contributions(counts).T:
        log_odds += part
    found = tells.count(tokens)
    log_odds = tells.lifted(log_odds, found)
    spun = np.array([1 / (1 + math.exp(-value)) for value in log_odds.tolist()])
    score = np.where(prose >= MIN_PROSE, spun, 0.0)
    return Scores(score, prose, counts, found)


def count(tokens: Tokens) -> NDArray[np.float64]:
    """The raw counts of each document, (D, 20), columns as in `COUNTS`."""
    web = load_web()
    out = np.zeros((len(tokens.documents) - 1, len(COUNTS)))
    out[:, _OWN:] = word_fit.count_fit(tokens)
    _count(
        tokens.hash, tokens.kind, tokens.start, tokens.data, tokens.documents, tokens.sentences,
        web.words, web.word_log, web.word_flags, web.pairs, web.pair_log, out,
    )  # fmt: skip
    return out


def rates(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """The rates of `FEATURES`, (D, 10), drawn towards those of clean news where a text is short."""
    weights = _weights()
    above = counts[:, [COUNTS.index(numerator) for _, numerator, _ in _RATES]]
    below = counts[:, [COUNTS.index(denominator) for _, _, denominator in _RATES]]
    return (above + weights.prior * weights.mean) / (below + weights.prior)


def contributions(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """What each feature adds to the log-odds, (D, 10); a single feature's evidence is bounded."""
    weights = _weights()
    difference = (rates(counts) - weights.mean) / weights.scale
    parts = np.clip(difference, -weights.limit, weights.limit) * weights.weight
    # Unlisted and rare words are one kind of evidence, which good but learned prose has too.
    vocabulary = parts[:, _VOCABULARY]
    both = vocabulary[:, 0] + vocabulary[:, 1]
    parts[:, _VOCABULARY] = (
        vocabulary * (weights.vocabulary / np.maximum(both, weights.vocabulary))[:, None]
    )
    return parts


def why(text: str) -> list[tuple[str, float, float]]:
    """The sum behind a text's score: (feature, value, contribution to the log-odds).

    The first row is `prior`, the log-odds of a text without evidence; the largest contributions
    follow.  The contributions add up to the log-odds of `spin_score`.  A text with too little
    English prose has one row, `no English prose` with its words and 0.
    """
    scores = score_batch([text])
    if scores.prose[0] < MIN_PROSE:
        return [("no English prose", float(scores.prose[0]), 0.0)]
    rows = zip(FEATURES, rates(scores.counts)[0], contributions(scores.counts)[0], strict=True)
    parts = [(name, float(value), float(part)) for name, value, part in rows]
    if found := scores.tells[0]:
        plain = np.array([_weights().bias + sum(part for _, _, part in parts)])
        lift = tells.lifted(plain, scores.tells) - plain
        parts.append(("tells", float(found), float(lift[0])))
    return [("prior", 0.0, _weights().bias), *sorted(parts, key=lambda row: -abs(row[2]))]


@lru_cache(maxsize=1)
def _weights() -> _Weights:
    data = json.loads(resources.files("scrub.spin").joinpath("data/score.json").read_text())
    mean, scale, prior, weight = (
        np.array([data["features"][name][key] for name in FEATURES], np.float64)
        for key in ("mean", "scale", "prior", "weight")
    )
    # The eight rates were fitted by themselves; together with the words' places they count less.
    own = np.array([1.0 if name in word_fit.COUNTS else data["own"] for name in FEATURES])
    bias = data["own"] * data["bias"] + data["added"]
    limit, vocabulary = data["limit"], data["own"] * data["vocabulary"]
    return _Weights(mean, scale, prior, own * weight, bias, limit, vocabulary)


@kernel()
def _count(  # type: ignore[no-untyped-def]  # noqa: ANN202
    hashes, kinds, start, data, documents, sentences,  # noqa: ANN001
    words, logs, flags, pairs, pair_logs, out,  # noqa: ANN001
):  # fmt: skip
    """Fill `out` with the counts of each document."""
    stamp = np.zeros(_SEEN, np.int32)  # the last document in which a rare word was seen
    s = 0
    for d in range(len(documents) - 1):
        while sentences[s] < documents[d]:
            s += 1
        out[d, _WORDS] = documents[d + 1] - documents[d]
        while s < len(sentences) - 1 and sentences[s] < documents[d + 1]:
            first, last = sentences[s], sentences[s + 1]
            s += 1
            length = last - first
            function = numbers = 0
            for t in range(first, last):
                if kinds[t] & KIND_MASK == NUMBER:
                    numbers += 1
                else:
                    function += (flags[find_word(words, hashes[t])] & FUNCTION) != 0
            if length < 6 or 5 * function < length or 3 * numbers > length:
                continue
            out[d, _PROSE] += length
            before = -1  # slot of the word before, where the pair can be judged
            before_content = after_number = False
            before_word = np.uint32(0)
            for t in range(first, last):
                word, kind = hashes[t], kinds[t]
                slot = find_word(words, word)
                listed = words[slot] != 0
                is_function = listed and flags[slot] & FUNCTION != 0
                lower = kind & CAPITALISED == 0
                if kind & KIND_MASK == NUMBER or (
                    # What stands right after a number is a unit or an abbreviation.
                    after_number and not is_function and (before == -2 or not listed)
                ):
                    after_number = True
                    before = -2 if kind & KIND_MASK == NUMBER else -1
                    before_word, before_content = word, False
                    continue
                after_number = False
                content = kind & KIND_MASK == CONTENT and not is_function
                article = before_word in (_HASH_A, _HASH_AN)
                if word == _HASH_THE:
                    out[d, _THE] += 1
                    out[d, _DETERMINERS] += 1
                elif word in (_HASH_A, _HASH_AN):
                    out[d, _DETERMINERS] += 1
                if content and lower:
                    out[d, _CONTENT] += 1
                    if not listed or logs[slot] < _RARE_LOG:
                        if stamp[word & (_SEEN - 1)] != d + 1:
                            out[d, _RARE if listed else _UNLISTED] += 1
                        stamp[word & (_SEEN - 1)] = d + 1
                    if article:
                        out[d, _ARTICLES] += 1
                        letter = data[start[t]]
                        vowel = letter == 97 or letter == 101 or letter == 105 or letter == 111
                        either = letter == 104 or letter == 117 or letter < 97  # h, u, no letter
                        needs_an = before_word == _HASH_A and vowel
                        needs_a = before_word == _HASH_AN and not vowel and not either
                        if needs_a or needs_an:
                            out[d, _ARTICLE_ERROR] += 1
                        if listed and flags[slot] & PLURAL:
                            out[d, _ARTICLE_PLURAL] += 1
                judged = listed and (lower or kind & INITIAL != 0)
                if judged and before >= 0 and (content or before_content):
                    expected = logs[slot] + logs[before] - _LOG_WEB
                    pair = find_pair(pairs, before_word, word)
                    found = pairs[pair] != 0
                    association = (
                        pair_logs[pair] - expected if found else min(0.0, _LOG_LEAST - expected)
                    )
                    if content and before_content:
                        out[d, _PAIRS] += 1
                        out[d, _PAIRS_LISTED] += found
                    elif content:
                        out[d, _BEFORE] += 1
                        out[d, _BEFORE_SUM] += association
                    else:
                        out[d, _AFTER] += 1
                        out[d, _AFTER_SUM] += association
                before = slot if judged else -1
                before_word, before_content = word, content
