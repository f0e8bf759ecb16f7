"""Which of two copies was spun: how many words were swapped, and whose wording English uses.

A spinner swaps content words one for one (a tenth and more of them) and always away from what
people write; an editor's changes are fewer and do not all read worse.  Each compared pair is
evidence about both of its documents; the documents' own scores come in as priors; the beliefs
follow by sum-product message passing (Pearl 1988) over the pairs, so that a whole cluster speaks.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrub.spin.align import SentencePair, Substitution, align_words
from scrub.spin.ngrams import Choice
from scrub.spin.words import CONTENT, NAME, NUMBER, Words, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scrub.document import Pair, Spun
    from scrub.spin.ngrams import NgramModel

MAX_SIBLINGS = 8  # compared for one document; a thousand copies say no more than eight
_CONTEXT = 2  # words on either side that the language model sees
_MAX_LEAN = 4.0  # nats; one substitution is not believed more than this
_EDITED, _SPUN = 0.03, 0.22  # content words swapped by an editor, by a spinner
_EDIT = 1.0  # nats by which a word added or left out speaks for an editor
_LEAN_TEMPER = 0.5
_MISJUDGED = 0.1  # share of the swaps that read better than the original did
_SHARES = (0.3, 0.5, 0.7)  # of the swaps between two spun copies that one side made
_TEMPER = 0.3  # substitutions of one text are not independent of each other
_MAX_EVIDENCE = 9.0
_UNKNOWN = 0.2  # score of a document that has none
_PRIOR_RANGE = 0.1  # scores are not believed nearer to 0 or 1 than this
_ROUNDS = 12
_FAITHFUL = 0.6  # frame similarity below which sentences only look alike


@dataclass(slots=True, frozen=True)
class Comparison:
    """Two documents, aligned.

    `content` counts the aligned content words of A, `swapped` those of them that B replaces;
    `substitutions` are those of sentences that truly correspond, `leans` says of each how much
    better A's wording reads than B's (nats, within 4), `equal` lists the places of equal words,
    `edited` is the share of words that one side adds or leaves out inside those sentences,
    `edits` counts the places where it does, or where the two name other people or figures.
    """

    id_a: str
    id_b: str
    content: int
    swapped: int
    substitutions: tuple[Substitution, ...]
    leans: tuple[float, ...]
    equal: tuple[tuple[int, int], ...]
    edited: float
    edits: int


def compare(
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
    return [compare_words(a, split[a], b, split[b], wording) for a, b in chosen]


def compare_words(id_a: str, a: Words, id_b: str, b: Words, wording: NgramModel) -> Comparison:
    """Align one pair and judge each substitution; see Comparison."""
    substitutions: list[Substitution] = []
    equal: list[tuple[int, int]] = []
    loose = edits = 0
    for pair in align_words(a, b):
        if _is_faithful(pair):
            substitutions += pair.substitutions
            equal += pair.equal
            loose += pair.loose
            edits += pair.edits
    swapped = sum(
        a.kind[at] == CONTENT
        for found in substitutions
        if found.kind == "wording"
        for at in range(found.word_a, found.word_a + found.size_a)
    )
    content = swapped + sum(a.kind[at] == CONTENT for at, _ in equal)
    edits += sum(_is_news(found, a, b) for found in substitutions)
    leans = _leans(substitutions, a, b, wording)
    edited = loose / max(1, loose + len(equal) + len(substitutions))
    return Comparison(
        id_a, id_b, content, swapped, tuple(substitutions), leans, tuple(equal), edited, edits
    )


def beliefs(comparisons: Sequence[Comparison], scores: Mapping[str, float]) -> dict[str, float]:
    """The probability that each compared document is spun, from its score and all its pairs."""
    prior: dict[str, float] = {}
    edges: list[tuple[str, str, tuple[tuple[float, float], tuple[float, float]]]] = []
    for comparison in comparisons:
        for name in (comparison.id_a, comparison.id_b):
            score = min(max(scores.get(name, _UNKNOWN), _PRIOR_RANGE), 1 - _PRIOR_RANGE)
            prior[name] = math.log(score / (1 - score))
        edges.append((comparison.id_a, comparison.id_b, _potential(comparison)))
    to_a, to_b = [0.0] * len(edges), [0.0] * len(edges)
    total = dict(prior)
    for _ in range(_ROUNDS):
        new_a, new_b = [], []
        for at, (a, b, ((none, only_b), (only_a, both))) in enumerate(edges):
            belief_a, belief_b = total[a] - to_a[at], total[b] - to_b[at]
            new_a.append(_plus(only_a, both + belief_b) - _plus(none, only_b + belief_b))
            new_b.append(_plus(only_b, both + belief_a) - _plus(none, only_a + belief_a))
        to_a, to_b = new_a, new_b
        total = dict(prior)
        for at, (a, b, _) in enumerate(edges):
            total[a] += to_a[at]
            total[b] += to_b[at]
    return {name: _logistic(value) for name, value in sorted(total.items())}


def direction(belief_a: float, belief_b: float) -> Spun:
    """Which side of a pair is spun, of the beliefs of its documents: `this` is the first."""
    if belief_a >= 0.5:
        return "both" if belief_b >= 0.5 else "this"
    return "other" if belief_b >= 0.5 else "no"


def chosen_pairs(pairs: Iterable[Pair], scores: Mapping[str, float]) -> list[tuple[str, str]]:
    """The pairs that are among the first MAX_SIBLINGS of either of their documents."""
    siblings: dict[str, list[tuple[float, float, str]]] = {}
    for pair in pairs:
        if pair.relation == "exact" or pair.id_a == pair.id_b:
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
    return pair.frame_similarity >= _FAITHFUL and pair.loose <= max(2, len(pair.equal))


def _is_news(found: Substitution, a: Words, b: Words) -> bool:
    """Whether the two sides differ in what they report: spinners leave names and figures."""
    if found.kind != "wording":
        return False
    kinds_a = a.kind[found.word_a : found.word_a + found.size_a]
    kinds_b = b.kind[found.word_b : found.word_b + found.size_b]
    return NUMBER in kinds_a or NUMBER in kinds_b or (NAME in kinds_a and NAME in kinds_b)


def _leans(
    substitutions: Sequence[Substitution], a: Words, b: Words, wording: NgramModel
) -> tuple[float, ...]:
    """How much better A's wording reads than B's in A's text, for each substitution."""
    choices = [
        Choice(
            a.lower[max(0, found.word_a - _CONTEXT) : found.word_a],
            (
                a.lower[found.word_a : found.word_a + found.size_a],
                b.lower[found.word_b : found.word_b + found.size_b],
            ),
            a.lower[found.word_a + found.size_a : found.word_a + found.size_a + _CONTEXT],
        )
        for found in substitutions
    ]
    return tuple(
        max(-_MAX_LEAN, min(_MAX_LEAN, ours - theirs)) for ours, theirs in wording.fits(choices)
    )


def _potential(comparison: Comparison) -> tuple[tuple[float, float], tuple[float, float]]:
    """Log-evidence of a pair: [[neither spun, only B], [only A, both]]."""
    kept = comparison.content - comparison.swapped
    rate = _TEMPER * (
        comparison.swapped * math.log(_SPUN / _EDITED)
        + kept * math.log((1 - _SPUN) / (1 - _EDITED))
        - _EDIT * comparison.edits
    )
    rate = max(-_MAX_EVIDENCE, min(_MAX_EVIDENCE, rate))
    a_spun = _one_sided(comparison, 1 - _MISJUDGED)
    b_spun = _one_sided(comparison, _MISJUDGED)
    apart = max(_one_sided(comparison, share) for share in _SHARES)
    # Two spun documents are copies of one spun text, or were spun apart.
    both = math.log(0.5) + _plus(0.0, rate + apart) - 1.0
    return (0.0, rate + b_spun), (rate + a_spun, both)


def _one_sided(comparison: Comparison, share: float) -> float:
    """Log-evidence of the wordings, if `share` of the swaps were made in A and the rest in B."""
    value = 0.0
    for found, lean in zip(comparison.substitutions, comparison.leans, strict=True):
        if found.kind != "number":  # house style, not English, says how to write a figure
            worse = _logistic(-lean)
            value += math.log(2 * (share * worse + (1 - share) * (1 - worse)))
    return max(-_MAX_EVIDENCE, min(_MAX_EVIDENCE, _LEAN_TEMPER * value))


def _plus(one: float, other: float) -> float:
    """log(exp(one) + exp(other))."""
    high, low = max(one, other), min(one, other)
    return high + math.log1p(math.exp(low - high))


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value)) if value >= 0 else 1 - 1 / (1 + math.exp(value))
