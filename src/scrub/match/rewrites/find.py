"""The second pass of matching: rewrites and summaries among the documents that are kept."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from scrub.match.parts import ignored
from scrub.match.rewrites.account import GRADES, MIN_WORDS, grade
from scrub.match.rewrites.candidates import nearest
from scrub.match.rewrites.describe import Rewrite, describe
from scrub.match.rewrites.evidence import MEASURES, measure
from scrub.match.rewrites.terms import terms_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from scrub.match.features import Features
    from scrub.match.parts import OnPart


def find_rewrites(
    features: Features,
    ids: Sequence[str],
    texts: Sequence[str],
    created: Sequence[str],
    chosen: NDArray[np.int64],
    linked: Collection[tuple[str, str]] = (),
    jobs: int = 1,
    on_part: OnPart = ignored,
) -> list[Rewrite]:
    """Rewrites and summaries among the documents at the positions `chosen`, sorted by their ids.

    `ids`, `texts` and `created` (ISO 8601 dates, or empty) are of all documents; pairs of ids in
    `linked`, the smaller first, are copies already and left out.  The result is the same whatever
    the order of the documents or the number of `jobs` (threads).
    """
    words = features.words
    chosen = np.array(
        sorted((at for at in chosen.tolist() if words[at] >= MIN_WORDS), key=ids.__getitem__),
        np.int64,
    )
    if len(chosen) < 2:
        return []
    terms = terms_of(features, texts, chosen)
    first, second = nearest(features, chosen, terms, jobs, on_part)
    one, other = chosen[first], chosen[second]
    swapped = words[one] > words[other]
    shorter, longer = np.where(swapped, other, one), np.where(swapped, one, other)
    measured = measure(features, shorter, longer, terms, jobs, on_part)
    days = apart(created, shorter, longer)
    graded = grade(measured, words[shorter], words[longer], days)
    found = []
    covered = measured.values[:, [MEASURES.index(f"covered_{side}") for side in "ab"]]
    for k in np.flatnonzero(graded.grade).tolist():
        a, b = int(shorter[k]), int(longer[k])
        if (min(ids[a], ids[b]), max(ids[a], ids[b])) in linked:
            continue
        rewrite = describe(
            features, terms, (a, b), (ids[a], ids[b]), (texts[a], texts[b]),
            (created[a], created[b]), (float(covered[k, 0]), float(covered[k, 1])),
            "summary" if graded.summary[k] else "rewrite",
            GRADES[graded.grade[k]], float(graded.total[k]),
        )  # fmt: skip
        found.append(rewrite)
    return sorted(found, key=lambda rewrite: (rewrite.pair.id_a, rewrite.pair.id_b))


def apart(
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
    between: NDArray[np.float64] = np.abs(days[first] - days[second])
    return between
