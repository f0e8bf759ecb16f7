"""Flags from the lexicon: known substitutions in documents that look spun and have no sibling."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from scrub.document import Flag, FlagKind
from scrub.spin.evidence import article
from scrub.spin.lessons import unseen
from scrub.spin.ngrams import Choice
from scrub.spin.siblings import like, quote
from scrub.spin.words import NAME, Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scrub.spin.lexicon import Row
    from scrub.spin.ngrams import NgramModel

_LEAST_ARTICLE = 0.7
_MOST_ARTICLE = 0.88  # right share of the surest, whatever the neighbours say
_ARTICLE_LEAN_WEIGHT = 0.5
_BEFORE_VOWEL, _BEFORE_PLURAL, _BEFORE_NAME = 0.6, 1.5, 0.7  # nats by which "a" was "the"
_UNSEEN_LEAN = 1.0  # nats by which an original that is not known should read better
_SUSPECT = 0.3  # spin score from which a document is searched
_LEAST = 0.8  # probability that the word is spun from which a flag is worth showing
_LEAN_WEIGHT = 0.25  # of the wording model's nats: the neighbours are often spun themselves
_CONTEXT = 3
_DEFINITE = 0.65  # share of "the" among the articles of English news
_DEFINITE_LEAST = 0.45  # documents above it have kept their articles
_DOUBTED, _UNDOUBTED = 8.0, 0.6  # odds that language statistics' yes and no are worth
_LONGEST = 4  # words of a row's spun side


def searched(scores: Mapping[str, float]) -> list[str]:
    """The ids, in order, of the documents that `flags` searches."""
    return [name for name in sorted(scores) if scores[name] >= _SUSPECT]


def flags(
    documents: Mapping[str, Words],
    table: Mapping[str, Sequence[Row]],
    scores: Mapping[str, float],
    model: NgramModel,
    doubted: Mapping[str, Mapping[int, float]] | None = None,
) -> list[Flag]:
    """Flag known substitutions in documents that look spun (score from 0.3 up).

    `documents` maps ids to their words, `table` spun wordings to their rows (`Lexicon.by_spun`).
    `scores` are spin scores, or beliefs that include siblings, in [0, 1]; documents without one
    are left alone.  `model` chooses among several originals and against the word as it stands.
    `doubted` maps ids to the code points where words begin that language statistics flagged: the
    lexicon is bolder there, and more careful elsewhere; None where nothing has looked.
    Returns flags with the source `lexicon`, in order of id and place, without overlaps.
    """
    longest = min(_LONGEST, max((len(spun.split()) for spun in table), default=0))
    found: list[Flag] = []
    for name in sorted(documents):
        score = scores.get(name, 0.0)
        if score >= _SUSPECT:
            words = documents[name]
            starts = None if doubted is None else doubted.get(name, {})
            found += _search(name, words, table, longest, score, model, starts)
    return found


def _search(
    name: str,
    words: Words,
    table: Mapping[str, Sequence[Row]],
    longest: int,
    score: float,
    model: NgramModel,
    doubted: Mapping[int, float] | None,
) -> list[Flag]:
    definite = _article_share(words)
    found = []
    at = 0
    while at < len(words):
        step = 1
        for size in range(min(longest, len(words) - at), 0, -1):
            spun = words.lower[at] if size == 1 else " ".join(words.lower[at : at + size])
            rows = table.get(spun)
            if rows is None or words.is_number(at) or (size == 1 and words.is_name(at)):
                continue
            flag = _judge(name, words, at, size, rows, score, definite, model, doubted)
            if flag is not None:
                found.append(flag)
                step = size
                break
        at += step
    return found


def _judge(
    name: str,
    words: Words,
    at: int,
    size: int,
    rows: Sequence[Row],
    score: float,
    definite: float,
    model: NgramModel,
    doubted: Mapping[int, float] | None,
) -> Flag | None:
    own = words.lower[at : at + size]
    determiner = own[0] in ("a", "an") and size == 1
    left = words.lower[max(0, at - _CONTEXT) : at]
    right = words.lower[at + size : at + size + _CONTEXT]
    weights: list[float] = []
    remaining = 1.0
    novelty = unseen(sum(row.pairs for row in rows), len(rows))
    wordings = [own, *(row.original.split() for row in rows)]
    own_fit, *fits = model.fits([Choice(left, wordings, right)])[0]
    for row, fit in zip(rows, fits, strict=True):
        share = row.confidence * score
        if determiner:
            share = definite * score if row.original == "the" else share * definite
        share = min(share, 0.995)
        remaining -= share
        lean = own_fit - fit
        trust = _LEAN_WEIGHT
        if determiner:
            trust = _ARTICLE_LEAN_WEIGHT
            lean -= _article_signs(words, at) / trust
        weights.append(math.log(max(share, 1e-6)) - trust * max(-6.0, min(6.0, lean)))
    lost = 0.0 if determiner else min((1 - remaining) * novelty / (1 - novelty), remaining)
    stay = math.log(max(remaining - lost, 0.005))
    if doubted is not None and not determiner:
        places = words.start[at : at + size]
        stay -= math.log(
            _DOUBTED if any(doubted.get(place, 0) >= 0.77 for place in places) else _UNDOUBTED
        )
    other = math.log(max(lost, 1e-6)) + _LEAN_WEIGHT * _UNSEEN_LEAN
    top = max(stay, other, *weights)
    total = sum(math.exp(weight - top) for weight in (stay, other, *weights))
    best = max(range(len(rows)), key=lambda index: weights[index])
    if 1 - math.exp(stay - top) / total < (_LEAST_ARTICLE if determiner else _LEAST):
        return None
    confidence = math.exp(weights[best] - top) / total
    if determiner:
        confidence = min(confidence, _MOST_ARTICLE)
    start, end = words.start[at], words.end[at + size - 1]
    text = words.text[start:end]
    suggestion = like(text, rows[best].original, words.first_in_sentence(at))
    kind: FlagKind = "determiner" if determiner else "wording"
    return Flag(
        name, start, end, text, suggestion, kind, "lexicon", round(confidence, 4),
        quote(words.text, start, end),
    )  # fmt: skip


def _article_signs(words: Words, at: int) -> float:
    """Nats by which the word behind an "a" shows that it was "the"."""
    if words.lower[at] != "a" or at + 1 == len(words):
        return 0.0
    following = words.lower[at + 1]
    plural = following.endswith("s") and not following.endswith(("ss", "us", "is"))
    return (
        _BEFORE_VOWEL * (article(following) == "an")
        + _BEFORE_PLURAL * plural
        + _BEFORE_NAME * (words.kind[at + 1] == NAME)
    )


def _article_share(words: Words) -> float:
    """How likely an "a" of this document was "the": from what English leaves of either."""
    counts = Counter(word for word in words.lower if word in ("a", "an", "the"))
    indefinite = counts["a"] + counts["an"]
    everything = indefinite + counts["the"]
    if not indefinite or counts["the"] / everything >= _DEFINITE_LEAST:
        return 0.0
    expected = (1 - _DEFINITE) * everything
    return max(0.0, 1 - expected / indefinite)
