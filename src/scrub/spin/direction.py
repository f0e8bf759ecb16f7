"""Which of two copies was spun: whose wording English uses, over all that differs between them.

A spinner swaps content words one for one and always away from what people write.  What people
change (another edition's words, a house's style, an editor's choice) reads as well on one side as
on the other, however much of it there is, and comes with words added and left out.  So that two
copies differ says little; that one of them reads worse at nearly every difference says it all.
Each compared pair is evidence about both of its documents; the documents' own scores come in as
priors; the beliefs follow by sum-product message passing (Pearl 1988) over the pairs, so that a
whole cluster counts.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz.distance import Levenshtein

from scrub.spin.align import Run, SentencePair, Substitution, align_words
from scrub.spin.dialects import is_dialect, is_regional
from scrub.spin.ngrams import Choice
from scrub.spin.web import is_listed
from scrub.spin.words import CONTENT, NAME, NUMBER, Words, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from scrub.document import Pair, Spun
    from scrub.spin.align import SubstitutionKind
    from scrub.spin.ngrams import NgramModel

# Set by hand.
MAX_SIBLINGS = 8  # compared for one document; a thousand copies say no more than eight
_CONTEXT = 2  # words on either side that the language model sees
_MAX_LEAN = 4.0  # nats; one substitution is not believed more than this
# How a swap by which one side reads so many nats worse than the other counts for that side being
# spun and not edited by a person: log-ratio of two densities, by `tools/fit_leans.py`.
_LEANS = (-4.0, -3.0, -1.4, 0.0, 0.5, 1.4, 3.0, 4.0)
_RATIOS = (-2.0, -1.1, -1.2, -1.7, -0.7, -0.1, 0.7, 1.25)
# What a pair weighs as evidence that one given side was spun, in nats: by `tools/fit_sides.py`, on
# the spinners of the zoo against what people change; reported on spinners left out.  A bias, such
# that one of the 480 tuned pairs of people is accused; of the sum of the curve above; of the
# log-ratio of the share of words swapped to the one that both hands have as often, in its bounds;
# of the words added or left out to a swap; of what two countries call otherwise; of that side's own
# score less the other's, as log-odds in bounds: of one story told twice the topic's rare words
# count alike on both sides, as far as these are equally long.  And the same where a text has none.
_WEIGHTS = np.array([-2.2, 0.27, 1.34, -0.68, -1.31, 2.21])
_WITHOUT = np.array([-0.9, 0.33, 1.89, -0.72, -1.22, 0.0])
_EVEN_SHARE, _SHARE_RANGE, _SCORE_RANGE = 0.06, (-2.0, 1.5), 2.0
_LEAST_ALIKE = 0.5  # of an excerpt, too, the score says something
# Nats by which a swap that two countries make counts for an edition, any other against it (a third
# of the swaps of the tuned editions of `bench/human.py` are listed, one in 85 of the spinner of
# near5k: log 0.37/0.012 and log 0.63/0.99), and the most that all together say.  Fitted there.
_DIALECT, _NO_DIALECT, _MAX_DIALECT = 3.4, 0.4, 6.0
_VARIANT = 0.6  # similarity of letters from which two words are one, inflected or spelt otherwise
_MISPRINT = 0.5  # ... from which what is no word is a misprint of the other
_PART = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"\d")
_APART = math.log(0.5) - 1.0  # that both are spun: copies of one spun text, or spun apart
_AGAIN = math.log(0.25)  # ... or that one was spun of the other
_MAX_EVIDENCE = 9.0
# What all copies together can say against a document.  A person who always chooses the rarer word
# leans as a machine does: so that its words are changed (belief .9) a text must look spun by
# itself, too, with a score of .43 and more.  Set by hand.
_MAX_ACCUSED = 2.5
SPUN = 0.5  # belief from which a document counts as spun
_UNKNOWN = 0.2  # score of a document that has none
_PRIOR_RANGE = 0.1  # scores are not believed nearer to 0 or 1 than this
_LEAST = 1e-6  # scores are given in four digits: no log-odds is larger
_ROUNDS = 12
_FAITHFUL = 0.6  # frame similarity below which sentences only look alike
# ... and equal words: a heading and a piece of any sentence have two ("Action in Doc Ock", "versus
# Doc Ock").  Chosen on half of the orphaned spins of near50k.
_LEAST_EQUAL = 3


@dataclass(frozen=True)
class Comparison:
    """Two documents, aligned.

    `content` counts the aligned content words of A, `swapped` those of them that B replaces;
    `substitutions` are those of sentences that truly correspond, `leans` says of each how much
    better A's wording reads than B's (nats, within 4), `equal` lists the runs of equal words,
    `edited` is the share of words that one side adds or leaves out inside those sentences,
    `edits` counts the places where it does, or where the two name other people or figures;
    `alike` is the number of words of the shorter text to that of the longer, in [0, 1].
    """

    id_a: str
    id_b: str
    content: int
    swapped: int
    substitutions: tuple[Substitution, ...]
    leans: tuple[float, ...]
    equal: tuple[Run, ...]
    edited: float
    edits: int
    alike: float = 1.0

    @cached_property
    def machine_leans(self) -> NDArray[np.float64]:
        """The mean lean of each different swap that a machine may have made.

        A rule of a house, as well as a spinner's dictionary, acts at every place where it can: one
        swap says as much as ten of the same.  How figures are written is style, other names are
        news, and a word that is spelt otherwise, inflected or misread is no other word.
        """
        found: dict[tuple[str, str], list[float]] = {}
        for swap, lean in zip(self.substitutions, self.leans, strict=True):
            one, other = swap.text_a.lower(), swap.text_b.lower()
            if _may_be_machines(swap.kind, one, other):
                found.setdefault((one, other), []).append(lean)
        return np.array([sum(leans) / len(leans) for leans in found.values()])


def compare_copies(
    documents: Mapping[str, str],
    pairs: Iterable[Pair],
    scores: Mapping[str, float],
    wording: NgramModel,
) -> list[Comparison]:
    """Align the pairs that can tell something; `documents` maps ids to cleaned texts.

    Exact copies are passed over, and of a document with many siblings the eight least spun by
    `scores` (in [0, 1]; unknown ones count as 0.2) are enough.  The result is in order of ids.
    """
    chosen = chosen_pairs(pairs, scores)
    split = {
        name: words_of(documents[name]) for name in sorted({i for pair in chosen for i in pair})
    }
    return compare_words(split, chosen, wording)


def compare_words(
    documents: Mapping[str, Words], pairs: Sequence[tuple[str, str]], wording: NgramModel
) -> list[Comparison]:
    """Align the pairs of ids, each a key of `documents`, and judge each substitution.

    The wordings of all pairs are asked at once, as asking costs more than what is asked.
    """
    aligned = [_compare(a, documents[a], b, documents[b]) for a, b in pairs]
    fits = iter(
        wording.fits(
            [
                choice
                for found in aligned
                for choice in _choices(found, documents[found.id_a], documents[found.id_b])
            ]
        )
    )
    return [
        replace(
            found,
            leans=tuple(
                max(-_MAX_LEAN, min(_MAX_LEAN, ours - theirs))
                for ours, theirs in islice(fits, len(found.substitutions))
            ),
        )
        for found in aligned
    ]


def _compare(id_a: str, a: Words, id_b: str, b: Words) -> Comparison:
    """Align one pair; how its substitutions lean is not known yet."""
    substitutions: list[Substitution] = []
    equal: list[Run] = []
    loose = edits = 0
    for pair in align_words(a, b):
        if _is_faithful(pair):
            substitutions += pair.substitutions
            equal += pair.equal
            loose += pair.loose
            edits += pair.edits
    swapped = sum(
        a.kind[found.word_a : found.word_a + found.size_a].count(CONTENT)
        for found in substitutions
        if found.kind == "wording"
    )
    content = swapped + sum(a.kind[at : at + size].count(CONTENT) for at, _, size in equal)
    alike = sum(size for _, _, size in equal)
    edits += sum(
        _is_news(found, a, b) or _is_misprint(found.text_a.lower(), found.text_b.lower())
        for found in substitutions
        if found.kind == "wording"
    )
    edited = loose / max(1, loose + alike + len(substitutions))
    lengths = min(len(a), len(b)) / max(1, len(a), len(b))
    return Comparison(
        id_a, id_b, content, swapped, tuple(substitutions), (), tuple(equal), edited, edits, lengths
    )


def beliefs(comparisons: Sequence[Comparison], scores: Mapping[str, float]) -> dict[str, float]:
    """The probability that each compared document is spun, from its score and all its pairs."""
    own: dict[str, float] = {}
    edges: list[tuple[str, str, tuple[tuple[float, float], tuple[float, float]]]] = []
    for comparison in comparisons:
        for name in (comparison.id_a, comparison.id_b):
            own[name] = prior(scores.get(name, 0.0))
        apart = scores_apart(comparison, scores)
        edges.append((comparison.id_a, comparison.id_b, _potential(comparison, apart)))
    to_a, to_b = [0.0] * len(edges), [0.0] * len(edges)
    total = dict(own)
    for _ in range(_ROUNDS):
        new_a, new_b = [], []
        for at, (a, b, ((none, only_b), (only_a, both))) in enumerate(edges):
            belief_a, belief_b = total[a] - to_a[at], total[b] - to_b[at]
            new_a.append(_plus(only_a, both + belief_b) - _plus(none, only_b + belief_b))
            new_b.append(_plus(only_b, both + belief_a) - _plus(none, only_a + belief_a))
        to_a, to_b = new_a, new_b
        total = dict(own)
        for at, (a, b, _) in enumerate(edges):
            total[a] += to_a[at]
            total[b] += to_b[at]
    return {
        name: _logistic(min(value, own[name] + _MAX_ACCUSED))
        for name, value in sorted(total.items())
    }


def usual(comparison: Comparison, scores: Mapping[str, float]) -> float:
    """By how many nats A's wording is the more usual one, over all that differs; B's below 0.

    The texts' own `scores` in [0, 1] say it, where both were judged, for they are of all of the
    text and of English at large; else the words that were exchanged, by what the corpus has.  This
    accuses nobody: a person's wording, too, can be the less usual one.
    """
    apart = scores_apart(comparison, scores)
    return float(comparison.machine_leans.sum()) if apart is None else apart


def direction(belief_a: float, belief_b: float) -> Spun:
    """Which side of a pair is spun, of the beliefs of its documents: `this` is the first."""
    if belief_a >= SPUN:
        return "both" if belief_b >= SPUN else "this"
    return "other" if belief_b >= SPUN else "no"


def chosen_pairs(pairs: Iterable[Pair], scores: Mapping[str, float]) -> list[tuple[str, str]]:
    """The pairs that are among the first MAX_SIBLINGS of either of their documents."""
    siblings: dict[str, list[tuple[float, float, str]]] = {}
    for pair in pairs:
        if pair.relation == "exact":
            continue
        for name, other, share in (
            (pair.id_a, pair.id_b, pair.containment_a),
            (pair.id_b, pair.id_a, pair.containment_b),
        ):
            siblings.setdefault(name, []).append((scores.get(other, _UNKNOWN), -share, other))
    chosen = set()
    for name, others in siblings.items():
        for _, _, other in sorted(others)[:MAX_SIBLINGS]:
            chosen.add((min(name, other), max(name, other)))
    return sorted(chosen)


def _is_faithful(pair: SentencePair) -> bool:
    equal = sum(size for _, _, size in pair.equal)
    return (
        equal >= _LEAST_EQUAL and pair.frame_similarity >= _FAITHFUL and pair.loose <= max(2, equal)
    )


def _is_news(found: Substitution, a: Words, b: Words) -> bool:
    """Whether two wordings differ in what they report: spinners leave names and figures."""
    kinds_a = a.kind[found.word_a : found.word_a + found.size_a]
    kinds_b = b.kind[found.word_b : found.word_b + found.size_b]
    return NUMBER in kinds_a or NUMBER in kinds_b or (NAME in kinds_a and NAME in kinds_b)


def _choices(found: Comparison, a: Words, b: Words) -> Iterator[Choice]:
    """For each substitution A's wording and B's, in A's text."""
    for swap in found.substitutions:
        yield Choice(
            a.lower[max(0, swap.word_a - _CONTEXT) : swap.word_a],
            (
                a.lower[swap.word_a : swap.word_a + swap.size_a],
                b.lower[swap.word_b : swap.word_b + swap.size_b],
            ),
            a.lower[swap.word_a + swap.size_a : swap.word_a + swap.size_a + _CONTEXT],
        )


def prior(score: float) -> float:
    """The log-odds that a text of this score is spun, before its copies are looked at.

    0 is the score of a text that was not judged; of one that was it is more.
    """
    score = min(max(score or _UNKNOWN, _PRIOR_RANGE), 1 - _PRIOR_RANGE)
    return math.log(score / (1 - score))


def scores_apart(comparison: Comparison, scores: Mapping[str, float]) -> float | None:
    """By how many nats B's own score is above A's; None where one was not judged."""
    a, b = (min(scores.get(i, 0.0), 1 - _LEAST) for i in (comparison.id_a, comparison.id_b))
    return math.log(b / (1 - b)) - math.log(a / (1 - a)) if a > 0 and b > 0 else None


def _potential(
    comparison: Comparison, apart: float | None
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Log-evidence of a pair: [[neither spun, only B], [only A, both]]."""
    weights = _WITHOUT if apart is None else _WEIGHTS
    features = side_features(comparison, apart)
    a_spun, b_spun = (
        max(-_MAX_EVIDENCE, min(_MAX_EVIDENCE, float(side @ weights))) for side in features
    )
    both = _plus(_APART, _AGAIN + _plus(a_spun, b_spun))
    return (0.0, b_spun), (a_spun, both)


def side_features(comparison: Comparison, apart: float | None) -> NDArray[np.float64]:
    """(2, 6) what a pair says of A being spun, and of B: in the order of the weights.

    `apart` is as of `scores_apart`.
    """
    share = comparison.swapped / max(1, comparison.content)
    low, high = _SHARE_RANGE
    leans = comparison.machine_leans
    common = (
        max(low, min(high, math.log(max(share, 1e-9) / _EVEN_SHARE))),
        comparison.edits / max(1, len(leans)),
        _edition(comparison),
    )
    alike = max(_LEAST_ALIKE, 2 * comparison.alike - 1)
    own = alike * max(-_SCORE_RANGE, min(_SCORE_RANGE, apart or 0.0))
    return np.array(
        [
            (1.0, float(np.interp(sign * leans, _LEANS, _RATIOS).sum()), *common, sign * own)
            for sign in (-1, 1)
        ]
    )


def _edition(comparison: Comparison) -> float:
    """Nats by which the swaps count for editions of two countries, at least 0."""
    swaps: dict[tuple[str, str], bool] = {}
    for swap, lean in zip(comparison.substitutions, comparison.leans, strict=True):
        one, other = swap.text_a.lower(), swap.text_b.lower()
        if swap.kind == "wording":  # the worse side is the one that a machine would have put there
            worse = one if lean < 0 else other
            swaps[one, other] = is_dialect(one, other) or is_regional(worse)
    listed = sum(swaps.values())
    said = _DIALECT * listed - _NO_DIALECT * (len(swaps) - listed)
    return min(_MAX_DIALECT, max(0.0, said))


@lru_cache(maxsize=1 << 16)
def _may_be_machines(kind: SubstitutionKind, one: str, other: str) -> bool:
    """Whether a spinner may have put one lower-cased wording for the other; see `machine_leans`."""
    if kind == "number" or _DIGIT.search(one + other):
        return False
    return kind != "wording" or not (_is_misprint(one, other) or _alike(one, other) >= _VARIANT)


@lru_cache(maxsize=1 << 16)
def _is_misprint(one: str, other: str) -> bool:
    """Whether one wording is no word, but looks like the other: misprinted, or misread by scanners.

    What a rewriter that inflects by rule makes ("lerned") is seldom like the word it stands for.
    """
    if _alike(one, other) < _MISPRINT:
        return False
    return not all(map(is_listed, _PART.findall(one) + _PART.findall(other)))


def _alike(one: str, other: str) -> float:
    """How alike two wordings are by their letters, in [0, 1]."""
    return Levenshtein.normalized_similarity(one, other)


def _plus(one: float, other: float) -> float:
    """log(exp(one) + exp(other))."""
    high, low = max(one, other), min(one, other)
    return high + math.log1p(math.exp(low - high))


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value)) if value >= 0 else 1 - 1 / (1 + math.exp(value))
