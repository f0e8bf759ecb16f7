"""Flags from the lexicon: known substitutions in documents that look spun and have no sibling.

Of a known word, and of an article, a logistic regression weighs all the evidence there is: how
often it was a substitution elsewhere, which wording fits its neighbours, what language statistics
think of it, and how likely the whole text is spun.  `tools/fit_known.py` fitted the weights.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from scrub.document import Flag, FlagKind
from scrub.spin.bigrams import follows
from scrub.spin.context import MOST
from scrub.spin.evidence import article
from scrub.spin.lessons import unseen
from scrub.spin.lexicon import Table, Wording
from scrub.spin.ngrams import Choice, NgramModel
from scrub.spin.words import NAME, Words, flag_on, like

_SUSPECT = 0.3  # spin score from which a document is searched
_LEAST_WORD = 0.73  # probability that the word is spun from which a flag is worth showing
_LEAST_ARTICLE = 0.85  # nine in ten are right, of either spinner where the other one taught
_LEAN_WEIGHT = 0.25  # of the model's nats among originals: the neighbours are often spun themselves
_UNSEEN_LEAN = 1.0  # nats by which an original that is not known should read better
_MOST_LEAN, _MOST_PAIR = 6.0, 4.0
_MOST_ODDS = 5.0  # log-odds
_SUREST = 0.995
_CONTEXT = 2  # words on either side that the model sees
_DEFINITE, _DEFINITE_LEAST = 0.65, 0.45  # share of "the" among the articles: of news, of a text
_FEW_ARTICLES = 4.0  # articles as in news that each text is thought to have as well
_SINGULAR = ("first", "last", "most", "next", "only", "same")  # things that are one of their kind
_SWAPPED_HERE = 20.0  # confidences that one place of this very text is worth
_LONGEST = 4  # words of a wording that is searched for

# What the signs of a known word and of an article weigh, in this order, and the bias.
WORD_SIGNS = (
    "confidence",  # of all its rows together, as log-odds
    "documents",  # log of 1 and their number
    "lean",  # nats by which the word as it stands reads better than the best original
    "score",  # of the text, as log-odds
    "doubted", "undoubted",  # log-odds of language statistics, where positive, where negative
    "swapped", "kept",  # log of 1 and the times that siblings show it in this very text
)  # fmt: skip
ARTICLE_SIGNS = (
    "before", "behind",  # nats by which "the" goes better with the word before it, behind it
    "missing",  # log-odds that an "a" of this text was "the", by the number of either alone
    "vowel", "plural", "name", "superlative",  # "a" before "investors", "largest"
    "opens",  # a sentence, where news has indefinite ones
    "mentioned",  # the word after it stands earlier in the text
    "swapped",  # log-odds that an article was exchanged, of those that siblings show
)  # fmt: skip
_WORD = (0.41, -0.02, -0.19, 0.34, 0.63, 0.37, 1.63, -1.99, -1.06)
_ARTICLE = (0.62, 0.35, 0.17, -0.12, 1.83, 1.12, 1.88, 0.66, 0.82, 0.18, 0.19)


@dataclass(slots=True)
class SiblingWordings:
    """What siblings show of one text: which of its words were swapped for what, which were kept."""

    swapped: Counter[tuple[str, str]] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True, frozen=True)
class Place:
    """A known wording in a text: `size` words from `at` on, perhaps put in for `original`.

    `signs` are the evidence that it was put in at all, as `WORD_SIGNS` or `ARTICLE_SIGNS` name it;
    `share` is the probability, in [0, 1], that this is the original if it was.
    """

    at: int
    size: int
    kind: FlagKind
    original: str
    signs: tuple[float, ...]
    share: float

    @property
    def probability(self) -> float:
        """The probability that the wording was put in."""
        return _probability(_ARTICLE if self.kind == "determiner" else _WORD, self.signs)


class Hit(NamedTuple):
    """`size` words of a text, from word `at` on, that are a known spun wording."""

    at: int
    size: int
    wording: Wording

    @property
    def is_article(self) -> bool:
        """Whether it is "a" or "an", which are judged by other signs."""
        return self.wording.spun in ("a", "an")


class Known(NamedTuple):
    """Flags with the source `lexicon`, in order of id and place, without overlaps.

    `judged` maps ids to the code points where words begin of which the lexicon knows something:
    their flags count what language statistics say already, which alone do not flag them.
    """

    flags: list[Flag]
    judged: dict[str, set[int]]


def searched(scores: Mapping[str, float]) -> list[str]:
    """The ids, in order, of the documents that `flags` searches."""
    return [name for name in sorted(scores) if scores[name] >= _SUSPECT]


def flags(
    documents: Mapping[str, Words],
    table: Table,
    scores: Mapping[str, float],
    model: NgramModel,
    doubted: Mapping[str, Mapping[int, float]] | None = None,
    beside: Mapping[str, SiblingWordings] | None = None,
) -> Known:
    """Flag known substitutions in documents that look spun (score from 0.3 up).

    `documents` maps ids to their words; `table` has the known wordings.
    `scores` are spin scores, or beliefs that include siblings, in [0, 1]; documents without one
    are left alone.  `model` chooses among several originals and against the word as it stands.
    `doubted` maps ids to what language statistics think of each word (`context.Examined.words`),
    `beside` to what siblings show of a part of the text.
    The flags' confidence is the probability that the suggestion is the original.
    """
    found: list[Flag] = []
    judged: dict[str, set[int]] = {}
    for name in sorted(documents):
        score = scores.get(name, 0.0)
        if score < _SUSPECT:
            continue
        words, end = documents[name], 0
        found_here = hits(words, table)
        if wordings := [hit for hit in found_here if not hit.is_article]:
            judged[name] = {s for at, size, _ in wordings for s in words.start[at : at + size]}
        mine = (doubted or {}).get(name, {}), (beside or {}).get(name, SiblingWordings())
        for place in weighed_places(words, found_here, score, model, *mine, least=_LEAST_WORD):
            is_article = place.kind == "determiner"
            least, most = (_LEAST_ARTICLE, MOST) if is_article else (_LEAST_WORD, 1.0)
            probability = place.probability
            if place.at >= end and probability >= least:
                end = place.at + place.size
                found.append(_flag(name, words, place, min(most, probability)))
    return Known(found, judged)


def hits(words: Words, table: Table) -> list[Hit]:
    """The known wordings of one text in order, the longest first where several begin."""
    missing = _definite_share(words) < _DEFINITE_LEAST
    found = (
        Hit(at, size, wording)
        for at in range(len(words))
        for size, wording in table.beginning(words.lower, at)
        if size <= _LONGEST and not words.is_number(at) and not (size == 1 and words.is_name(at))
    )
    return [hit for hit in found if missing or not hit.is_article]


def weighed_places(
    words: Words,
    found: Iterable[Hit],
    score: float,
    model: NgramModel,
    doubted: Mapping[int, float],
    beside: SiblingWordings,
    least: float = 0.0,
) -> Iterator[Place]:
    """What is `found` in the `words` of one text, weighed by its `score` and the `model`.

    Wordings whose probability stays below `least`, however badly they read, are left out: asking
    the model costs most.
    """
    known = [
        hit
        for hit in found
        if hit.is_article
        or _probability(_WORD, _word_signs(words, hit, -_MOST_LEAN, score, doubted, beside))
        >= least
    ]
    fits = iter(model.fits([_choice(words, hit) for hit in known if not hit.is_article]))
    share = _definite_share(words)
    # News has so many definite articles beside so many that are not, and here some are missing.
    missing = _log_odds((_DEFINITE - share) / (1 - share))
    for hit in known:
        if hit.is_article:
            yield _article(words, hit.at, missing, beside)
        else:
            yield _word(words, hit, next(fits), score, doubted, beside)


def _word(
    words: Words,
    hit: Hit,
    fits: Sequence[float],
    score: float,
    doubted: Mapping[int, float],
    beside: SiblingWordings,
) -> Place:
    """A wording that may have been put in; `fits` are its own fit, and those of the originals."""
    known, rows = hit.wording, hit.wording.rows
    own_fit, *other_fits = fits
    leans = [max(-_MOST_LEAN, min(_MOST_LEAN, own_fit - fit)) for fit in other_fits]
    weights = [
        (max(row.confidence, 1e-6) + _SWAPPED_HERE * beside.swapped[row.spun, row.original])
        * math.exp(-_LEAN_WEIGHT * lean)
        for row, lean in zip(rows, leans, strict=True)
    ]
    best = max(range(len(rows)), key=weights.__getitem__)
    novelty = unseen(known.pairs, len(rows))
    other = min(_SUREST, known.confidence) * novelty / (1 - novelty)
    lost = other * math.exp(_LEAN_WEIGHT * _UNSEEN_LEAN)
    signs = _word_signs(words, hit, leans[best], score, doubted, beside)
    share = weights[best] / (sum(weights) + lost)
    return Place(hit.at, hit.size, "wording", rows[best].original, signs, share)


def _word_signs(
    words: Words,
    hit: Hit,
    lean: float,
    score: float,
    doubted: Mapping[int, float],
    beside: SiblingWordings,
) -> tuple[float, ...]:
    """The signs of a known word, as `WORD_SIGNS` lists them."""
    at, size, known = hit
    doubts = [doubted[start] for start in words.start[at : at + size] if start in doubted]
    doubt = _log_odds(max(doubts)) if doubts else 0.0
    if size > 1:  # each of its words may be an ordinary one
        doubt = max(0.0, doubt)
    swapped = sum(beside.swapped[known.spun, row.original] for row in known.rows)
    return (
        _log_odds(min(_SUREST, known.confidence)), math.log1p(known.documents), lean,
        _log_odds(score), max(0.0, doubt), min(0.0, doubt),
        math.log1p(swapped), math.log1p(beside.kept[known.spun]),
    )  # fmt: skip


def _article(words: Words, at: int, missing: float, beside: SiblingWordings) -> Place:
    """An "a" or "an" that may have been "the", of a text in which many were."""
    own = words.lower[at]
    before = words.lower[at - 1] if at else ""
    following = words.lower[at + 1] if at + 1 < len(words) else ""
    plural = following.endswith("s") and not following.endswith(("ss", "us", "is"))
    superlative = following.endswith("est") or following in _SINGULAR
    swapped, kept = beside.swapped[own, "the"], beside.kept[own]
    pairs = ((before, "the"), (before, "a")), (("the", following), ("a", following))
    signs = (
        *(max(-_MOST_PAIR, min(_MOST_PAIR, follows(*the) - follows(*a))) for the, a in pairs),
        missing,
        float(own == "a" and article(following) == "an"),
        float(plural),
        float(bool(following) and words.kind[at + 1] == NAME),
        float(superlative),
        float(words.first_in_sentence(at)),
        float(following in words.lower[:at]),
        math.log((swapped + 1) / (kept + 1)),
    )
    return Place(at, 1, "determiner", "the", signs, 1.0)


def _choice(words: Words, hit: Hit) -> Choice:
    """Whether the words as they stand fit their neighbours, or one of the originals."""
    at, end = hit.at, hit.at + hit.size
    wordings = [words.lower[at:end], *(row.original.split() for row in hit.wording.rows)]
    return Choice(
        words.lower[max(0, at - _CONTEXT) : at], wordings, words.lower[end : end + _CONTEXT]
    )


def _definite_share(words: Words) -> float:
    """The share of definite articles among a text's articles, drawn towards that of news."""
    counts = Counter(word for word in words.lower if word in ("a", "an", "the"))
    definite, every = counts["the"], counts.total()
    return (definite + _FEW_ARTICLES * _DEFINITE) / (every + _FEW_ARTICLES)


def _probability(weights: Sequence[float], signs: Sequence[float]) -> float:
    odds = sum(w * s for w, s in zip(weights, signs, strict=False)) + weights[-1]
    return 1 / (1 + math.exp(-odds))


def _log_odds(probability: float) -> float:
    held = min(max(probability, 1e-6), 1 - 1e-6)
    return max(-_MOST_ODDS, min(_MOST_ODDS, math.log(held / (1 - held))))


def _flag(name: str, words: Words, place: Place, probability: float) -> Flag:
    start, end = words.start[place.at], words.end[place.at + place.size - 1]
    suggestion = like(words.text[start:end], place.original)
    confidence = round(probability * place.share, 4)
    return flag_on(name, words.text, (start, end), suggestion, place.kind, "lexicon", confidence)
