"""Why two documents are, or are not, graded as a rewrite or a summary: the account in full."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from scrub.document import REWRITES
from scrub.match.explain import Term
from scrub.match.features import Features
from scrub.match.rewrites import account
from scrub.match.rewrites.alignment import side_at
from scrub.match.rewrites.candidates import MIN_OVERLAP, Lists
from scrub.match.rewrites.describe import Evidence, evidence
from scrub.match.rewrites.evidence import MEASURES, measure
from scrub.match.rewrites.find import by_length, days_apart
from scrub.match.rewrites.rivals import ALIKE, STANDS_OUT, closest_in, stands_out
from scrub.match.rewrites.terms import terms_of, vocabulary
from scrub.match.rewrites.translations import OVERLAP, language, stems_across, terms_across


@dataclass(slots=True, frozen=True)
class GradedRewrite:
    """The account of two documents as a rewrite, a summary (by its length) or a translation.

    `terms`, `bias` added, make `total`; from `likely` and from `strong` up a pair has that
    `grade`.  `missing` says what else a grade needs; `rare` counts the rare terms they share, and
    `evidence` is in the texts' own words.
    """

    relation: str
    shorter: str
    grade: str
    bias: float
    terms: tuple[Term, ...]
    total: float
    likely: float
    strong: float
    rare: int
    missing: tuple[str, ...]
    evidence: Evidence


def explain_rewrite(
    features: Features,
    ids: Sequence[str],
    texts: Sequence[str],
    created: Sequence[str],
    kept: Collection[str],
    id_a: str,
    id_b: str,
    languages: Sequence[str] = (),
) -> GradedRewrite:
    """Account for `id_a` and `id_b` of `ids`, of which `kept` stay: what these share counts.

    With the `languages` of all documents two of different ones are looked at as translations.
    Raises KeyError for an unknown id.
    """
    position = {name: k for k, name in enumerate(ids)}
    words = features.words
    a, b = sorted((position[id_a], position[id_b]), key=lambda at: (words[at], ids[at]))
    chosen = [
        at for name, at in position.items() if name in kept and words[at] >= account.MIN_WORDS
    ]
    every = np.array(sorted({*chosen, a, b}, key=ids.__getitem__))
    codes = [*map(language, languages)]
    across, groups = bool(codes) and codes[a] != codes[b], None
    if across:
        groups = np.unique([codes[at] for at in every.tolist()], return_inverse=True)[1]
        terms = terms_across(features, every, vocabulary(texts, every, stem=stems_across), groups)
    else:
        terms = terms_of(features, every, vocabulary(texts, every))
    first, second = np.array([a]), np.array([b])
    measured = measure(features, first, second, terms)
    # How near others are to the two, as in the run.
    lists = Lists.of(features, every, terms, groups)
    one, other = (
        every[side]
        for side in lists.nearest(np.arange(len(every)), overlap=OVERLAP if across else MIN_OVERLAP)
    )
    own = np.isin(one, (a, b)) | np.isin(other, (a, b))
    sides = by_length(features, one[own], other[own])
    alike = measure(features, *sides, terms, brief=True).values[:, ALIKE]
    near = closest_in(*sides, alike, len(words))
    measured.values[:, STANDS_OUT] = stands_out(
        measured.values[:, ALIKE], near[first], near[second]
    )
    days = days_apart(created, first, second)
    graded = account.grade(measured, words[first], words[second], days, across=across)
    relation = REWRITES[graded.kind[0]]
    fitted = account.accounts()[relation]
    values = account.terms(measured.values, days, relation)
    missing = []
    if not ((sides[0] == a) & (sides[1] == b) | (sides[0] == b) & (sides[1] == a)).any():
        missing.append("neither is among those that share most that is rare with the other")
    if words[a] < account.MIN_WORDS:
        missing.append(f"{words[a]} words: at least {account.MIN_WORDS} are needed")
    if measured.rare[0] < account.MIN_RARE:
        missing.append(f"{measured.rare[0]} shared rare terms: {account.MIN_RARE} are needed")
    if measured.values[0, MEASURES.index("shared")] == 0:
        missing.append("nothing is shared")
    return GradedRewrite(
        relation,
        ids[a],
        account.GRADES[graded.grade[0]],
        fitted.bias,
        tuple(Term(n, account.TERMS[n], round(float(v[0]), 4)) for n, v in values.items()),
        round(float(graded.total[0]), 4),
        fitted.likely,
        fitted.strong,
        int(measured.rare[0]),
        tuple(missing),
        evidence(
            side_at(features, terms, a, texts[a]), side_at(features, terms, b, texts[b]), terms
        ),
    )
