"""What a graded pair shows: which is the source, what the two share, and what is new in one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scrub.document import Pair, Relation
from scrub.match.pairs import _quote
from scrub.match.rewrites.terms import A_NAME, A_NUMBER, WORD, find_all, is_bare, keys_of
from scrub.match.tokens import tokenize

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from scrub.match.features import Features
    from scrub.match.rewrites.terms import Terms

_SHOWN = 6  # names, and half as many numbers, in the evidence
_ONE = 10.0  # weight of one rare term
_SENTENCES = 200  # of a text among which the best match is looked for


@dataclass(slots=True, frozen=True)
class Rewrite:
    """A pair of documents that tell one story in other words.

    `pair` has the relation `rewrite` or `summary`; its containments are shares of the weight of
    each side's sentences that stand in one or two of the other's.  `grade` is `strong` or
    `likely`, `source` the id of the one that was probably first, `total` the sum of the account.
    """

    pair: Pair
    grade: str
    source: str
    total: float

    @property
    def retelling(self) -> str:
        """The id of the other one."""
        return self.pair.id_b if self.source == self.pair.id_a else self.pair.id_a


def surest_first(rewrites: Iterable[Rewrite]) -> list[Rewrite]:
    """In the order in which they count where one document has several."""
    return sorted(rewrites, key=lambda r: (-r.total, r.pair.id_a, r.pair.id_b))


class _Text(NamedTuple):
    terms: NDArray[np.int64]  # of every word, -1 for none
    words: list[str]
    sentences: NDArray[np.int64]  # of every word
    quotes: list[str]


def describe(
    features: Features, terms: Terms, places: tuple[int, int], ids: tuple[str, str],
    texts: tuple[str, str], created: tuple[str, str], covered: tuple[float, float],
    relation: Relation, grade: str, total: float,
) -> Rewrite:  # fmt: skip
    """The record of a graded pair; of every two sides the shorter text is the first."""
    sides = [_read(features, terms, at, text) for at, text in zip(places, texts, strict=True)]
    has = [set(side.terms.tolist()) - {-1} for side in sides]
    told = [_new(sides[k], has[1 - k], terms) for k in (0, 1)]
    weights = [float(terms.weights[list(own)].sum()) for own in told]
    if all(created) and created[0][:10] != created[1][:10]:
        source = 0 if created[0] < created[1] else 1
    else:  # a rewrite brings nothing; of two that bring about as much the longer is the source
        source = 0 if weights[0] > weights[1] + _ONE else 1
    shared = has[0] & has[1]
    names = _listed(sides[0], terms, shared, A_NAME, _SHOWN)
    numbers = _listed(sides[0], terms, shared, A_NUMBER, _SHOWN // 2)
    new = _listed(sides[1 - source], terms, told[1 - source], None, _SHOWN // 2)
    pieces = [f"{grade} {relation} of {ids[source]}"]
    pieces += [f"names {', '.join(names)}"] if names else []
    pieces += [f"numbers {', '.join(numbers)}"] if numbers else []
    pieces += [f"new {', '.join(new)}" if new else "no new name or number"]
    best, count = _aligned(sides, terms)
    pieces += [best] if best else []
    (id_a, share_a), (id_b, share_b) = sorted(
        (i, round(share, 4)) for i, share in zip(ids, covered, strict=True)
    )
    pair = Pair(
        id_a, id_b, relation, "no", _jaccard(features, places), share_a, share_b, count,
        "; ".join(pieces),
    )  # fmt: skip
    return Rewrite(pair, grade, ids[source], round(total, 4))


def _read(features: Features, terms: Terms, place: int, text: str) -> _Text:
    first, last = features.documents[place], features.documents[place + 1]
    low, high = features.sentences[first], features.sentences[last]
    keys = keys_of(features.units[low:high], bool(is_bare(features.units, low, high)))
    slots = find_all(terms.keys, keys)
    tokens = tokenize([text])
    lengths = np.diff(features.sentences[first : last + 1])
    return _Text(
        np.where(slots >= 0, terms.owners[slots], -1),
        [tokens.word(t) for t in range(len(tokens.hash))],
        np.repeat(np.arange(last - first), lengths),
        [_quote(tokens.sentence(s)) for s in range(min(last - first, _SENTENCES))],
    )


def _new(side: _Text, other: set[int], terms: Terms) -> set[int]:
    """The names and numbers that the other lacks."""
    return {t for t in side.terms.tolist() if t >= 0 and t not in other and terms.kinds[t] != WORD}


def _listed(side: _Text, terms: Terms, chosen: set[int], kind: int | None, most: int) -> list[str]:
    """Words of chosen terms as they stand in a text, the rarest first, with their documents."""
    found: dict[int, str] = {}
    for term, word in zip(side.terms.tolist(), side.words, strict=True):
        if term in chosen and (kind is None or terms.kinds[term] == kind):
            found.setdefault(term, word)
    ranked = sorted(found, key=lambda t: (-float(terms.weights[t]), found[t]))[:most]
    return [f"{found[t]} ({int(terms.counts[t])})" for t in ranked]


def _aligned(sides: list[_Text], terms: Terms) -> tuple[str, int]:
    """The sentences that share most, quoted, and how many of the first have a counterpart."""
    rows: list[list[set[int]]] = []
    for side in sides:
        sets: list[set[int]] = [set() for _ in side.quotes]
        for term, sentence in zip(side.terms.tolist(), side.sentences.tolist(), strict=True):
            if term >= 0 and sentence < len(sets):
                sets[sentence].add(term)
        rows.append(sets)
    best, quoted, count = 0.0, "", 0
    for a, own in enumerate(rows[0]):
        weight = float(terms.weights[list(own)].sum()) if own else 0.0
        found = 0.0
        for b, other in enumerate(rows[1]):
            both = own & other
            if len(both) > 1:
                shared = float(terms.weights[sorted(both)].sum())
                found = max(found, shared)
                if shared > best:
                    best = shared
                    quoted = f"{sides[0].quotes[a]} | {sides[1].quotes[b]}"
        count += found >= weight / 2 > 0
    return quoted, count


def _jaccard(features: Features, places: tuple[int, int]) -> float:
    """The Jaccard similarity of the word 3-shingles."""
    sets = []
    for place in places:
        low, high = features.sentences[features.documents[[place, place + 1]]]
        units = features.units[low:high].tolist()
        sets.append(set(zip(units, units[1:], units[2:], strict=False)))
    return round(len(sets[0] & sets[1]) / max(1, len(sets[0] | sets[1])), 4)
