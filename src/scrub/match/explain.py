"""Why two documents are, or are not, a pair: the account of their evidence, and what is missing."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from scrub.document import Pair
from scrub.match import account
from scrub.match.features import Features
from scrub.match.looks import Looks
from scrub.match.pairs import blocks_of, group_exact, look_at_candidates, quote_sentence, weigh
from scrub.match.similarity import compare_words
from scrub.match.standing import is_form
from scrub.match.verify import measure


@dataclass(slots=True, frozen=True)
class Term:
    """One piece of evidence: what it gives, negative where it counts against a pair."""

    name: str
    meaning: str
    value: float


@dataclass(slots=True, frozen=True)
class Explanation:
    """The account of two documents.

    `terms` add up to `total`; a pair needs `threshold` and aligned sentences.  `missing` says in
    words what a pair lacks, and is empty where the two are one.  `measures` holds the counts the
    terms come from (side a is the shorter document, `shorter`), `quotes` the strongest aligned
    sentences, a's first; `candidate` whether a search compares the two at all.
    """

    shorter: str
    fuller: str
    linked: bool
    exact: bool
    terms: tuple[Term, ...]
    total: float
    threshold: float
    missing: tuple[str, ...]
    measures: dict[str, int | float]
    quotes: tuple[str, str]
    candidate: bool = True


def explain(
    features: Features,
    ids: Sequence[str],
    texts: Sequence[str],
    id_a: str,
    id_b: str,
    needed: float = account.LINKED,
) -> Explanation:
    """Account for `id_a` and `id_b` of `ids`, whether they were compared or not.

    The corpus (`features`, `texts`) counts: what many documents share weighs little.  `needed` is
    the sum that links.  Raises KeyError for an unknown id.
    """
    position = {name: k for k, name in enumerate(ids)}
    for name in (id_a, id_b):
        if name not in position:
            raise KeyError(f"no document {name!r}")
    leader, order, _ = group_exact(features, ids)
    rank = np.full(len(ids), len(order))
    rank[order] = np.arange(len(order))
    fuller_first = sorted((position[id_a], position[id_b]), key=lambda k: (rank[leader[k]], ids[k]))
    b, a = fuller_first  # as the matcher compares them
    first, second = np.array([a]), np.array([b])
    looks, frequency = look_at_candidates(features, order, needed=needed)
    _, _, filled, forms = weigh(features, looks, frequency)
    measures = measure(features, first, second, frequency, filled, blocks_of(features, looks))
    measures["forms"] = np.maximum(forms[first], forms[second])
    compare_words(features, first, second, measures)
    row = measures[0]
    exact = a != b and bool(leader[a] == leader[b])
    values = account.terms(measures)
    terms = tuple(Term(n, m, round(float(values[n][0]), 4)) for n, m in account.TERMS.items())
    linked = exact or bool(account.is_linked(measures, needed)[0])
    return Explanation(
        shorter=ids[a],
        fuller=ids[b],
        linked=linked,
        exact=exact,
        terms=terms,
        total=round(sum(float(values[n][0]) for n in account.TERMS), 4),
        threshold=round(needed, 4),
        missing=() if linked else _missing(measures, needed),
        measures={name: row[name].item() for name in measures.dtype.names or ()},
        quotes=(
            quote_sentence(features, texts, a, int(row["best_a"])),
            quote_sentence(features, texts, b, int(row["best_b"])),
        ),
        candidate=exact or _is_candidate(looks, int(leader[a]), int(leader[b])),
    )


def _is_candidate(looks: Looks, a: int, b: int) -> bool:
    either = (looks.first == a) & (looks.second == b) | (looks.first == b) & (looks.second == a)
    return bool(either.any())


def _missing(measures: np.ndarray[tuple[int], np.dtype[np.void]], needed: float) -> tuple[str, ...]:
    """What keeps two documents from being a pair, in words."""
    row = measures[0]
    total = sum(float(value[0]) for value in account.terms(measures).values())
    if row["words_a"] == 0:
        return ("one of the documents has no words",)
    found = []
    aligned = int(account.sentences(measures)[0])
    if not account.is_proven(measures)[0]:
        found.append(
            f"{aligned} aligned sentence{'' if aligned == 1 else 's'}: at least "
            f"{account.MIN_SENTENCES} are needed on either side, or a short text that stands whole "
            "in one not three times its length"
        )
    if total < needed:
        found.append(f"evidence of {total:.2f}: {needed:.2f} is needed")
    if account.is_other_brief(measures)[0]:
        found.append(
            f"each has at least {row['unshared']} of its words to itself, which makes two reports "
            "of texts as short as these"
        )
    if is_form(measures)[0]:
        found.append(
            "beside the block that both have, each is a text of its own, as the releases of one "
            "company or the parts of a series are"
        )
    if row["contested"] > row["covered_a"]:
        found.append(
            "most of the sentences that match differ in their names or numbers, as two fillings of "
            "one template do"
        )
    return tuple(found)


def shortest_chain(pairs: Iterable[Pair], id_a: str, id_b: str) -> list[Pair]:
    """The shortest chain of pairs from one document to another; empty where there is none.

    Of chains of one length the one through the smallest ids is given.
    """
    neighbours: dict[str, list[tuple[str, Pair]]] = {}
    for pair in pairs:
        neighbours.setdefault(pair.id_a, []).append((pair.id_b, pair))
        neighbours.setdefault(pair.id_b, []).append((pair.id_a, pair))
    before: dict[str, tuple[str, Pair] | None] = {id_a: None}
    queue = deque([id_a])
    while queue and id_b not in before:
        here = queue.popleft()
        for there, pair in sorted(neighbours.get(here, []), key=lambda step: step[0]):
            if there not in before:
                before[there] = (here, pair)
                queue.append(there)
    steps: list[Pair] = []
    at = id_b
    while (step := before.get(at)) is not None:
        at, pair = step
        steps.append(pair)
    return steps[::-1]
