"""Two texts sentence beside sentence, by the terms they share, for a person to read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scrub.match.rewrites.terms import WORD, find_all, is_bare, keys_of
from scrub.match.tokens import tokenize

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scrub.match.features import Features
    from scrub.match.rewrites.terms import Terms

# Set by hand.
SENTENCES = 200  # of a text that are aligned
_MATCHED = 0.3  # of the weight of the lighter of two sentences, by hand: they are aligned
_EXACT = 1000  # weights are added as whole numbers, so that no order of adding matters
_QUOTED = re.compile(r"[\"“„«»]([^\"“”„«»]{12,300})[\"”“»«]")
_QUOTE = 4  # words, fewer are anybody's

Span = tuple[int, int]


class Side(NamedTuple):
    """A text of T words in S sentences, of which the first SENTENCES count.

    starts, ends  (T,) int64, of each word, in code points
    terms         (T,) int64, of each word; -1: it is none
    sentences     (T,) int64, of each word
    """

    text: str
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    terms: NDArray[np.int64]
    sentences: NDArray[np.int64]

    def word(self, t: int) -> str:
        """A word as it stands in the text."""
        return self.text[self.starts[t] : self.ends[t]]

    def span(self, first: int, last: int) -> Span:
        """Where the sentences first..last (which is one of them) stand, without their stops."""
        within = np.flatnonzero((self.sentences >= first) & (self.sentences <= last))
        return int(self.starts[within[0]]), int(self.ends[within[-1]])

    def sentence(self, number: int) -> str:
        """A sentence from its first word to its last."""
        return self.text[slice(*self.span(number, number))]

    @property
    def has(self) -> set[int]:
        """The terms of the text."""
        return set(self.terms.tolist()) - {-1}


class Beside(NamedTuple):
    """Sentences of one text, the first and the last, and their counterparts in the other."""

    one: Span
    other: Span


def side_at(features: Features, terms: Terms, place: int, text: str) -> Side:
    """The text at a place of `features`."""
    first, last = features.documents[place], features.documents[place + 1]
    low, high = features.sentences[first], features.sentences[last]
    keys = keys_of(features.units[low:high], bool(is_bare(features.units, low, high)))
    slots = find_all(terms.keys, keys)
    tokens = tokenize([text])
    index = tokens.code_points(0)
    return Side(
        text,
        index[tokens.start.astype(np.int64)],
        index[tokens.end.astype(np.int64)],
        np.where(slots >= 0, terms.owners[slots], -1),
        np.repeat(np.arange(last - first), np.diff(features.sentences[first : last + 1])),
    )


def overlap(one: Side, other: Side, terms: Terms) -> tuple[NDArray[np.int64], ...]:
    """What each sentence of one text shares with each of the other, and what each has.

    Weights of different terms times a thousand: (A, B), (A,) and (B,) int64.  Sentences that share
    fewer than two terms share nothing.
    """
    own, its = (_incidence(side, terms) for side in (one, other))
    both, left, right = np.intersect1d(own[0], its[0], return_indices=True)
    weights = (terms.weights[both].astype(np.float64) * _EXACT).round().astype(np.int64)
    a, b = own[1][:, left], its[1][:, right]
    shared = (a * weights) @ b.T
    shared[a @ b.T < 2] = 0
    return shared, own[2], its[2]


def _incidence(side: Side, terms: Terms) -> tuple[NDArray[np.int64], ...]:
    """The V terms of a text, (S, V) 1 where a sentence has a term, and (S,) what it weighs."""
    there = (side.terms >= 0) & (side.sentences < SENTENCES)
    own, column = np.unique(side.terms[there], return_inverse=True)
    count = min(SENTENCES, int(side.sentences[-1]) + 1) if len(side.sentences) else 0
    found = np.zeros((count, len(own)), np.int64)
    found[side.sentences[there], column] = 1
    weights = (terms.weights[own].astype(np.float64) * _EXACT).round().astype(np.int64)
    return own, found, found @ weights


def align(one: Side, other: Side, terms: Terms) -> list[Beside]:
    """Aligned sentences, in the order of `one`; each stands in one row at most.

    The best two are taken first, then the next of what is left; a sentence that is left joins its
    neighbour where its own best counterpart is that one's, too.
    """
    shared, own, its = overlap(one, other, terms)
    if not shared.any():
        return []
    least = _MATCHED * np.minimum(own[:, None], its[None, :])
    shared = np.where(shared >= least, shared, 0)
    rows: dict[int, int] = {}
    for place in np.argsort(-shared, axis=None, kind="stable").tolist():
        a, b = divmod(place, shared.shape[1])
        if not shared[a, b]:
            break
        if a not in rows and b not in rows.values():
            rows[a] = b
    found = [Beside((a, a), (b, b)) for a, b in sorted(rows.items())]
    found = _joined(found, shared)
    turned = [Beside(other, one) for one, other in found]
    return sorted(Beside(one, other) for other, one in _joined(turned, shared.T))


def _joined(rows: list[Beside], shared: NDArray[np.int64]) -> list[Beside]:
    """The rows with the sentences of the first text that belong to those beside them."""
    taken = {s for (first, last), _ in rows for s in range(first, last + 1)}
    best = shared.argmax(1)
    found = []
    for (first, last), other in rows:
        while last + 1 < len(best) and last + 1 not in taken:
            if not (shared[last + 1].any() and other[0] <= best[last + 1] <= other[1]):
                break
            last += 1
            taken.add(last)
        while first > 0 and first - 1 not in taken:
            if not (shared[first - 1].any() and other[0] <= best[first - 1] <= other[1]):
                break
            first -= 1
            taken.add(first)
        found.append(Beside((first, last), other))
    return found


def new_terms(side: Side, other: Side, terms: Terms) -> set[int]:
    """The names and numbers that the other text lacks."""
    return {term for term in side.has - other.has if terms.kinds[term] != WORD}


def quotes(one: Side, other: Side) -> list[Span]:
    """What stands between quotation marks in the one text, and in the same words in the other.

    Places in the text `one`, at least four words each, in their order.
    """
    text = " ".join(other.word(t).lower() for t in range(len(other.starts)))
    found = []
    for match in _QUOTED.finditer(one.text):
        within = np.flatnonzero((one.starts >= match.start(1)) & (one.ends <= match.end(1)))
        words = " ".join(one.word(t).lower() for t in within.tolist())
        if len(within) >= _QUOTE and f" {words} " in f" {text} ":
            found.append(match.span(1))
    return found
