"""The second pass of matching: rewrites and summaries among the documents that are kept."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scrub.document import REWRITES
from scrub.match.features import Features
from scrub.match.parts import in_parts
from scrub.match.rewrites.account import GRADES, MIN_WORDS, grade, within_reach
from scrub.match.rewrites.candidates import Lists
from scrub.match.rewrites.describe import Rewrite, describe
from scrub.match.rewrites.evidence import BRIEF, MEASURES, Measured, measure
from scrub.match.rewrites.rivals import ALIKE, STANDS_OUT, closest_in, stands_out
from scrub.match.rewrites.terms import Stems, Terms, terms_of


class Found(NamedTuple):
    """G graded pairs, as `compared` found them among P.

    row      (G,) int64, which of the P it is
    shorter  (G,) int64, the position of the shorter document, and `longer` of the other
    kind     (G,) int64, see REWRITES
    grade    (G,) int64, see GRADES
    total    (G,) float64, the sum of the account
    covered  (G, 2) float32, how much of the shorter, and of the longer, the other has
    """

    row: NDArray[np.int64]
    shorter: NDArray[np.int64]
    longer: NDArray[np.int64]
    kind: NDArray[np.int64]
    grade: NDArray[np.int64]
    total: NDArray[np.float64]
    covered: NDArray[np.float32]


def find_rewrites(
    features: Features,
    ids: Sequence[str],
    texts: Sequence[str],
    created: Sequence[str],
    chosen: NDArray[np.int64],
    words: Stems,
    linked: Container[frozenset[int]] = (),
    jobs: int = 1,
    new: NDArray[np.bool_] | None = None,
) -> list[Rewrite]:
    """Rewrites and summaries among the documents at the positions `chosen`, sorted by their ids.

    `ids`, `texts` and `created` (ISO 8601 dates, or empty) are of all documents, `words` has those
    of the chosen; pairs whose words (`features.digests`) are in `linked` are copies, and left out.
    The result is the same whatever the order of the documents or the number of `jobs` (threads).
    With the mask `new` (N,) it is as much of it as concerns these documents.
    """
    chosen = long_enough(features, ids, chosen)
    if len(chosen) < 2:
        return []
    terms = terms_of(features, chosen, words)
    lists, queries = Lists.of(features, chosen, terms), np.arange(len(chosen))
    hopeful = np.ones(len(chosen), np.bool_)
    if new is not None and not new[chosen].all():
        hopeful = _hopeful(features, created, chosen, terms, lists, new[chosen], jobs)
        some = np.flatnonzero(hopeful)
        queries = np.union1d(some, lists.reached(some)[1])
    first, second = lists.nearest(queries, jobs)
    del lists  # which take as much room as what follows
    needed = hopeful[first] | hopeful[second]
    if not needed.any():
        return []
    one, other = chosen[first[needed]], chosen[second[needed]]
    concerned = None if new is None else new[one] | new[other]
    found = compared(features, created, one, other, terms, jobs, wanted=concerned)
    return unlinked(features, ids, texts, created, terms, found, linked)


def unlinked(
    features: Features,
    ids: Sequence[str],
    texts: Sequence[str],
    created: Sequence[str],
    terms: Terms,
    found: Found,
    linked: Container[frozenset[int]],
) -> list[Rewrite]:
    """What is `found` as records, but for pairs of words that are `linked`; see `rewrite_of`."""
    shorter, longer = (features.digests[side].tolist() for side in (found.shorter, found.longer))
    rewrites = [
        rewrite_of(features, ids, texts, created, terms, found, k)
        for k, pair in enumerate(zip(shorter, longer, strict=True))
        if frozenset(pair) not in linked
    ]
    return sorted(rewrites, key=lambda rewrite: (rewrite.pair.id_a, rewrite.pair.id_b))


def long_enough(
    features: Features, ids: Sequence[str], chosen: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Those at the positions `chosen` that are long enough for a grade, sorted by their ids."""
    enough = chosen[features.words[chosen] >= MIN_WORDS]
    return np.array(sorted(enough.tolist(), key=ids.__getitem__), np.int64)


def _hopeful(
    features: Features, created: Sequence[str], chosen: NDArray[np.int64], terms: Terms,
    lists: Lists, new: NDArray[np.bool_], jobs: int,
) -> NDArray[np.bool_]:  # fmt: skip
    """Which of the `chosen` may be in a graded pair with one that is `new`.

    Pairs are measured before anything asks what is nearest to an old document: that takes ten times
    the work, and few pairs would get a grade if they stood out as well as can be.
    """
    words = features.words
    one, other = lists.reached(np.flatnonzero(new))
    once = (one < other) | ~new[other]
    first, second = np.minimum(one, other)[once], np.maximum(one, other)[once]
    shorter, longer = by_length(features, chosen[first], chosen[second])
    briefly = measure(features, shorter, longer, terms, jobs, brief=True)
    days = days_apart(created, shorter, longer)
    known = BRIEF - {MEASURES[STANDS_OUT]}
    reached = within_reach(briefly, words[shorter], words[longer], days, known)
    found = np.zeros(len(chosen), np.bool_)
    found[first[reached]] = found[second[reached]] = True
    return found


def compared(
    features: Features,
    created: Sequence[str],
    one: NDArray[np.int64],
    other: NDArray[np.int64],
    terms: Terms,
    jobs: int = 1,
    near: NDArray[np.float32] | None = None,
    wanted: NDArray[np.bool_] | None = None,
    across: bool = False,
) -> Found:
    """Those of P pairs of positions that get a grade; of each `one` has the smaller id.

    `near` is what `closest` found for each document; if None it is found among the P pairs, which
    then are all candidates.  With the mask `wanted` (P,) only those of these are graded.  `created`
    are the dates of all documents; `across` says that the pairs are of two languages.
    """
    words = features.words
    shorter, longer = by_length(features, one, other)
    days = days_apart(created, shorter, longer)
    briefly = measure(features, shorter, longer, terms, jobs, brief=True)
    alike = briefly.values[:, ALIKE]
    if near is None:
        near = closest_in(one, other, alike, len(words))
    out = stands_out(alike, near[shorter], near[longer])
    briefly.values[:, STANDS_OUT] = out

    def hopeful(rows: slice) -> NDArray[np.bool_]:
        part = Measured(briefly.values[rows], briefly.rare[rows])
        sides = words[shorter[rows]], words[longer[rows]]
        return within_reach(part, *sides, days[rows], across=across)

    reached = np.concatenate(in_parts(hopeful, len(out)))  # what they add up takes much room
    rest = np.flatnonzero(reached if wanted is None else reached & wanted)
    shorter, longer, days = shorter[rest], longer[rest], days[rest]
    measured = measure(features, shorter, longer, terms, jobs)
    measured.values[:, STANDS_OUT] = out[rest]
    graded = grade(measured, words[shorter], words[longer], days, across=across)
    covered = measured.values[:, [MEASURES.index(f"covered_{side}") for side in "ab"]]
    k = np.flatnonzero(graded.grade)
    return Found(
        rest[k],
        shorter[k],
        longer[k],
        graded.kind[k],
        graded.grade[k],
        graded.total[k],
        covered[k],
    )


def by_length(
    features: Features, one: NDArray[np.int64], other: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The shorter and the longer of each of P pairs; of two as long `one` is the shorter."""
    swapped = features.words[one] > features.words[other]
    return np.where(swapped, other, one), np.where(swapped, one, other)


def rewrite_of(
    features: Features,
    ids: Sequence[str],
    texts: Sequence[str],
    created: Sequence[str],
    terms: Terms,
    found: Found,
    k: int,
) -> Rewrite:
    """The record of the k-th pair of `found`; `ids`, `texts` and `created` are of all documents."""
    a, b = int(found.shorter[k]), int(found.longer[k])
    return describe(
        features, terms, (a, b), (ids[a], ids[b]), (texts[a], texts[b]),
        (created[a], created[b]), (float(found.covered[k, 0]), float(found.covered[k, 1])),
        REWRITES[found.kind[k]],
        GRADES[found.grade[k]], float(found.total[k]),
    )  # fmt: skip


def days_apart(
    created: Sequence[str], first: NDArray[np.int64], second: NDArray[np.int64]
) -> NDArray[np.float64]:
    """(P,) days between the dates of two documents; NaN where one has none."""
    days = np.full(len(created), np.nan)
    for at, text in enumerate(created):
        if text:
            try:
                days[at] = date.fromisoformat(text[:10]).toordinal()
            except ValueError:  # a date of another form is as good as none
                continue
    return np.abs(days[first] - days[second])
