"""Could another word stand here better?  Asked of every word of every English text.

For a content word and its commonest thesaurus neighbours a language model (`bigrams`) says how
often English uses them by themselves, after the word before, and before the word after; the classes
of the words around say how unusual the order is (`syntax`).  Each column is cut into bins, single
and two together, and a text is judged by how many of its words fall into each: a bin's weight is
fitted to whole texts of many spinners by `tools/fit_score.py`.  Function words have weights of
their own.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from scrub import shipped
from scrub.kernels import kernel
from scrub.match.scan import CAPITALISED, CONTENT, INITIAL, KIND_MASK, NUMBER
from scrub.match.tokens import Tokens
from scrub.spin.bigrams import UNKNOWN, gain_of, load_bigrams
from scrub.spin.syntax import BREAK, EDGE, PLAIN, Syntax, is_joined, load_syntax

COLUMNS = (
    "single",  # log P of the word by itself
    "left", "right",  # how much likelier it is after the word before, the word after it is
    "gain",  # how much commoner the commonest neighbour is
    "supply",  # how much oftener a spinner would write it than people do
    "gain_left", "gain_right", "gain_both",  # how much better the best neighbour fits
    "order", "order_next", "order_second",  # how unusual its class is here, and the next two
)  # fmt: skip
BINS = 15  # at most; the last is for what cannot be said
MISSING = BINS - 1
NEIGHBOURS = 6  # commonest ones that are asked
# Set by hand, so that words put in and others spread over them; all in nats.
_PAIR = (-4, -3, -2.25, -1.5, -1, -0.5, 0, 0.5, 1, 2, 3, 4, 5.5)
_GAIN = (-6, -4, -2.5, -1, 0, 0.75, 1.5, 2.25, 3, 4, 5, 6.5, 8)
_ORDER = (1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8)
_CUTS = (
    (-14, -13, -12, -11.25, -10.5, -9.75, -9, -8.25, -7.5, -6.75, -6, -5),
    _PAIR, _PAIR,
    (-4, -3, -2, -1, 0, 0.5, 1, 1.5, 2, 2.5, 3, 4, 5.5),
    (-6, -4, -3, -2, -1, -0.5, 0, 0.5, 1, 2, 3, 4, 6),
    _GAIN, _GAIN, _GAIN,
    _ORDER, _ORDER, _ORDER,
)  # fmt: skip
# All cuts are quarters, so that a value's bin follows from how many quarters it has, rounded up.
_LOWEST, _HIGHEST = -14 * 4, 8 * 4 + 1
_STEPS = np.array(
    [
        [sum(4 * cut < quarters for cut in cuts) for quarters in range(_LOWEST, _HIGHEST + 1)]
        for cuts in _CUTS
    ],
    np.uint8,
)
_FIRST_ORDER = COLUMNS.index("order")

# Columns that are weighed together as well, each in halves of its bins: an unusual pair says more
# of a word that is common by itself, a misfit on both sides more than two on one.
PAIRS = np.array([(1, 2), (0, 7), (4, 1), (4, 2), (8, 0), (8, 9), (1, 8)])
_SIDE = (BINS + 1) // 2
PLACES = len(COLUMNS) * BINS + len(PAIRS) * _SIDE**2  # of the weights of a kind of word


def place_of(bins: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Where the weights of each of N words stand: (N, 18) of `PLACES`, from their (N, 11) bins."""
    single = bins + BINS * np.arange(len(COLUMNS))
    half = bins.astype(np.int64) // 2
    pairs = half[:, PAIRS[:, 0]] * _SIDE + half[:, PAIRS[:, 1]]
    return np.hstack([single, len(COLUMNS) * BINS + _SIDE**2 * np.arange(len(PAIRS)) + pairs])


FEATURES = ("fit", "small_fit", "mixture", "mixture_sum")
PRIOR = 40.0  # words at which what a text's own words say counts half; set by hand
LONGEST = 1000.0  # words over which leanings add up: one text in a hundred that taught has more
_SHARE = 0.1  # of the words that a spinner may have put in, for the mixture
_MOST = 8.0  # log-odds of a word


def count_fit(
    tokens: Tokens, slots: NDArray[np.int32], classes: NDArray[np.uint8]
) -> NDArray[np.float64]:
    """What the words of each document say of it: (D, 4), columns as in `FEATURES`.

    The means of the weights that were fitted to whole texts, of content and of function words; and
    the log-likelihood ratio of a text in which one word in ten was put in, by the log-odds of each
    word, as a mean of all its words and times the root of their number, up to `LONGEST`: a book in
    an odd style would else be sure to be spun.  `slots` are those of the words (`web.slots_of`),
    `classes` those of `syntax.classes`.
    """
    return judge_words(tokens, slots, classes, load_syntax(), load_weights(), 0)[0]


def judge_words(
    tokens: Tokens,
    slots: NDArray[np.int32],
    classes: NDArray[np.uint8],
    syntax: Syntax,
    weights: NDArray[np.float64],
    room: int,
) -> tuple[NDArray[np.float64], NDArray[np.uint8], NDArray[np.int64]]:
    """`count_fit` by given weights; and what was seen of the first `room` words.

    Of each judged word the bins of its columns and whether it is a function word (N, 12), and its
    index among the tokens (N,).
    """
    sums = np.zeros((len(tokens.documents) - 1, 5))
    rows, places = np.zeros((room, len(COLUMNS) + 1), np.uint8), np.zeros(room, np.int64)
    kept = _judge(
        tokens.kind, tokens.start, tokens.end, tokens.data, tokens.documents, tokens.sentences,
        slots, classes, syntax.after, syntax.skip, *load_bigrams().arrays(), *load_neighbours(),
        _STEPS, weights, sums, rows, places,
    )  # fmt: skip
    judged, fit, small, small_fit, mixture = sums.T
    columns = [
        fit / (judged + PRIOR), small_fit / (small + PRIOR), *added_up(mixture, judged + small)
    ]  # fmt: skip
    return np.column_stack(columns), rows[:kept], places[:kept]


def added_up(
    mixture: NDArray[np.float64], judged: NDArray[np.float64] | NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The mean of each text's words, and that times the root of their number, by their sum."""
    both = judged + PRIOR
    return mixture / both, mixture / np.sqrt(both) * np.sqrt(np.minimum(1, LONGEST / both))


@lru_cache(maxsize=1)
def load_weights() -> NDArray[np.float64]:
    """The weights fitted to whole texts and, beside them, those fitted to single words.

    (2, `PLACES`, 2), for content and for function words.
    """
    data = shipped.arrays("spin/data/word_fit.npz")
    return np.stack([data["weights"], data["odds"]], -1).astype(np.float64)


@lru_cache(maxsize=1)
def load_neighbours() -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """For each word of `load_bigrams` its commonest thesaurus neighbours, and its supply.

    Neighbours (V, 6) are numbers of words, the commonest first, or -1.  Supply (V,) is the
    logarithm of how often a spinner would write the word that puts for each word one of its
    neighbours at random, over how often English has it; nan where the thesaurus lacks it.
    Made by `tools/make_neighbours.py`.
    """
    data = shipped.arrays("spin/data/neighbours.npz")
    degree, (low, high), supply = data["degree"], data["neighbours"], data["supply"]
    out = np.full((len(degree), NEIGHBOURS), -1, np.int32)
    out[np.arange(NEIGHBOURS) < degree[:, None]] = low.astype(np.int32) | high.astype(np.int32) << 8
    return out, supply


@kernel(inline="always")
def _bin_of(steps, column, value):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """The bin that a value of a column falls into."""
    if np.isnan(value):
        return np.uint8(MISSING)
    quarters = np.ceil(min(max(value * 4, _LOWEST), _HIGHEST))
    return steps[column, np.int64(quarters) - _LOWEST]


@kernel(inline="always")
def _look(  # type: ignore[no-untyped-def]  # noqa: ANN202
    left, word, right, before, after, content, single, backoff, pairs,  # noqa: ANN001
    neighbours, supply, steps, bins,  # noqa: ANN001
):  # fmt: skip
    """Fill the bins of the first eight columns for a word given by its number.

    `left` and `right` are the numbers of the words beside it, -1 where there is none to judge by,
    and `before` and `after` how much likelier each pair is; `word` is -1 where the model lacks it.
    """
    for column in range(8):
        bins[column] = MISSING
    if word < 0:
        bins[0] = _bin_of(steps, 0, np.float32(UNKNOWN))
        return
    own = single[word]
    bins[0] = _bin_of(steps, 0, own)
    if left >= 0:
        bins[1] = _bin_of(steps, 1, before)
    if right >= 0:
        bins[2] = _bin_of(steps, 2, after)
    if not content or neighbours[word, 0] < 0:
        return
    bins[3] = _bin_of(steps, 3, single[neighbours[word, 0]] - own)
    bins[4] = _bin_of(steps, 4, supply[word])
    best_before = best_after = together = np.float32(-99)
    for k in range(NEIGHBOURS):
        other = np.int64(neighbours[word, k])
        if other < 0:
            break
        one = single[other] + gain_of(backoff, pairs, left, other)
        two = gain_of(backoff, pairs, other, right) if right >= 0 else np.float32(0)
        best_before = max(best_before, one)
        best_after = max(best_after, single[other] + two)
        together = max(together, one + two)
    if left >= 0:
        bins[5] = _bin_of(steps, 5, best_before - own - before)
    if right >= 0:
        bins[6] = _bin_of(steps, 6, best_after - own - after)
    bins[7] = _bin_of(steps, 7, together - own - before - after)


@kernel(inline="always")
def _weigh(table, bins):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """The sums of both weights of a word's bins, as `place_of` finds them."""
    one = two = 0.0
    for column in range(len(COLUMNS)):
        place = column * BINS + bins[column]
        one += table[place, 0]
        two += table[place, 1]
    base = len(COLUMNS) * BINS
    for pair in range(len(PAIRS)):
        place = base + (bins[PAIRS[pair, 0]] >> 1) * _SIDE + (bins[PAIRS[pair, 1]] >> 1)
        one += table[place, 0]
        two += table[place, 1]
        base += _SIDE * _SIDE
    return one, two


@kernel(inline="always")
def mixture(odds):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """What a word, or each of (N,), says of its text by the log-odds that it was put in."""
    return np.log(1 - _SHARE + _SHARE * np.exp(np.minimum(_MOST, np.maximum(-_MOST, odds))))


@kernel(inline="always")
def _is_name(kind):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    return kind & CAPITALISED != 0 and kind & INITIAL == 0


@kernel()
def _judge(  # type: ignore[no-untyped-def]  # noqa: ANN202
    kinds, start, end, data, documents, sentences, slots, classes, after, skip,  # noqa: ANN001
    number, single, backoff, pairs,  # noqa: ANN001
    neighbours, supply, steps, table, out, rows, places,  # noqa: ANN001
):  # fmt: skip
    """Fill `out` with the sums of each document, and `rows`, `places` where they have room."""
    bins = np.zeros(len(COLUMNS), np.int64)
    longest = 0
    for s in range(len(sentences) - 1):
        longest = max(longest, sentences[s + 1] - sentences[s])
    row = np.full(2 * longest + 5, EDGE, np.int32)  # classes of a sentence, with breaks
    order = np.zeros(2 * longest + 5, np.int64)  # how unusual each is there, as a bin
    at = np.zeros(longest, np.int64)  # where its words stand in it
    # The number of each word, again if its neighbours can be judged by it, or -1; whether it stands
    # right after the one before, and how much likelier it is there.
    word, beside = np.zeros(longest, np.int64), np.zeros(longest, np.int64)
    joined, gains = np.zeros(longest + 1, np.bool_), np.zeros(longest + 1, np.float32)
    s = kept = 0
    for d in range(len(documents) - 1):
        while sentences[s] < documents[d]:
            s += 1
        small = plain = listed_plain = 0
        for t in range(documents[d], documents[d + 1]):
            small += classes[t] < EDGE
            if classes[t] >= PLAIN:
                plain += 1
                listed_plain += slots[t] >= 0
        if 7 * small < small + plain or 10 * listed_plain < 7 * plain:
            continue  # another language
        while s < len(sentences) - 1 and sentences[s] < documents[d + 1]:
            first, last = sentences[s], sentences[s + 1]
            s += 1
            small = plain = numbers = 0
            for t in range(first, last):
                small += classes[t] < EDGE
                plain += classes[t] >= PLAIN
                numbers += kinds[t] & KIND_MASK == NUMBER
            length = last - first
            if length < 6 or 3 * numbers > length or 2 * (small + plain) < length:
                continue
            n = 2  # after the edge that stands at 1
            for t in range(first, last):
                i, slot = t - first, slots[t]
                word[i] = number[slot] if slot >= 0 else -1
                is_known = kinds[t] & KIND_MASK != NUMBER and not _is_name(kinds[t])
                beside[i] = word[i] if is_known else -1
                joined[i] = i > 0 and is_joined(start, end, data, t)
                if joined[i] and word[i - 1] >= 0 and word[i] >= 0:
                    gains[i] = gain_of(backoff, pairs, word[i - 1], word[i])
                if i > 0 and not joined[i]:
                    row[n] = BREAK
                    n += 1
                row[n] = classes[t]
                at[i] = n
                n += 1
            joined[length] = False
            for k in range(n, n + 3):
                row[k] = EDGE
            for k in range(2, n + 2):
                surprise = after[row[k - 1], row[k]] + skip[row[k - 2], row[k]]
                order[k] = _bin_of(steps, _FIRST_ORDER, surprise)
            after_number = False
            for t in range(first, last):
                i, kind = t - first, kinds[t]
                is_number = kind & KIND_MASK == NUMBER
                listed = slots[t] >= 0
                is_function = classes[t] < EDGE
                if is_number or (
                    # What stands right after a number is a unit or an abbreviation.
                    after_number and not is_function and not listed
                ):
                    after_number = True
                    continue
                after_number = False
                content = kind & KIND_MASK == CONTENT and not is_function
                if not is_function and (not content or _is_name(kind)):
                    continue
                left = beside[i - 1] if joined[i] else np.int64(-1)
                right = beside[i + 1] if joined[i + 1] else np.int64(-1)
                _look(
                    left, word[i], right,
                    gains[i] if left >= 0 else np.float32(0),
                    gains[i + 1] if right >= 0 else np.float32(0),
                    not is_function, single, backoff, pairs, neighbours, supply, steps, bins,
                )  # fmt: skip
                for k in range(3):
                    bins[_FIRST_ORDER + k] = order[at[i] + k]
                which = 1 if is_function else 0
                if kept < len(rows):
                    for column in range(len(bins)):
                        rows[kept, column] = bins[column]
                    rows[kept, -1] = which
                    places[kept] = t
                    kept += 1
                fit, odds = _weigh(table[which], bins)
                out[d, 2 * which] += 1
                out[d, 2 * which + 1] += fit
                out[d, 4] += mixture(odds)
    return kept
