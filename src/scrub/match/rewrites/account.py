"""The additive account of a rewrite: what each measure gives, and the sums that grade a pair.

Each term of the account is a function of one measure, in steps that only rise, or only fall.
Steps and grades are in `account.json` and, of translations, in `translation.json`, fitted by
`tools/fit_rewrites.py` and `tools/fit_translations.py`, which say on what; a
summary has an account of its own, for it shares less order and is covered more, and so has what
is of the same event.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scrub import shipped
from scrub.document import REWRITES
from scrub.match.rewrites.evidence import BRIEF, MEASURES, Measured

SUMMARY = 0.4  # a shorter text of fewer words than this share of the longer one's is its summary
MIN_WORDS = 60  # by hand: a lead and its event are one in less
MIN_RARE = 8  # shared rare terms, by hand: fewer are an event's own
_DAYS, _APART = 3, 1.5  # documents dated further apart are rather follow-ups; by hand, no data
_ROUNDING = 1e-6  # of a sum that is made in another order
LIKELY, STRONG = 1, 2
GRADES = ("", "likely", "strong")
_FILES = ("account.json", "translation.json")

# The terms of the account in the order in which they are shown; "a" is the shorter text.
TERMS = {
    "names": "share of the shorter text's names that the longer has",
    "new_names": "names that only the shorter has",
    "numbers": "share of the shorter text's numbers that the longer has",
    "new_numbers": "numbers that only the shorter has",
    "words": "share of its other words that the longer has",
    "new_words": "words that only the shorter has",
    "covered_a": "how much of the shorter's sentences stands in one or two of the longer's",
    "covered_b": "how much of the longer's sentences stands in one or two of the shorter's",
    "full": "share of the shorter's sentences that are so matched",
    "gap": "the longest run of sentences that are not, as a share of all",
    "lead_a": "how much of the shorter's first three sentences stands in the longer",
    "lead_b": "how much of the longer's first three sentences stands in the shorter",
    "lead_names": "share of the names and numbers of the longer's lead that the shorter has",
    "other_lead": "share of the names and numbers of the shorter's lead that the longer has",
    "names_b": "share of the longer text's names that the shorter has",
    "numbers_b": "share of the longer text's numbers that the shorter has",
    "wording": "share of runs of four words that the two have in common",
    "order": "how far shared rare words come in one order, above chance",
    "contested": "share of matched sentences in which each has a name or number of its own",
    "shared": "how much that is rare the two share in all",
    "seldom": "how much they share that hardly another document has",
    "new_b": "names and numbers that only the longer has",
    "lead_new": "names and numbers of the shorter's lead that the longer lacks",
    "stands_out": "how much more alike they are than either is with its fourth nearest but these",
    "dates": "dates more than three days apart",
}

# Terms whose steps fall: what a rewrite does not bring.
AGAINST = frozenset(
    ("new_names", "new_numbers", "new_words", "contested", "gap", "new_b", "lead_new")
)


class Account(NamedTuple):
    """A fitted account: for each term the bounds of its steps and what each step adds."""

    bias: float
    likely: float
    strong: float
    steps: dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]]


class Graded(NamedTuple):
    """What P pairs add up to.

    kind   (P,) int64, which of REWRITES each would be
    total  (P,) float64
    grade  (P,) int64, 0 (none), LIKELY or STRONG
    """

    kind: NDArray[np.int64]
    total: NDArray[np.float64]
    grade: NDArray[np.int64]


@lru_cache(maxsize=1)
def accounts() -> dict[str, Account]:
    """The accounts of REWRITES and of `event`."""
    records = (shipped.record(f"match/rewrites/{name}") for name in _FILES)
    found = {}
    for kind, stored in (row for record in records for row in record["accounts"].items()):
        steps = {
            name: (np.array([bound for bound, _ in rows]), np.array([value for _, value in rows]))
            for name, rows in stored["steps"].items()
        }
        found[kind] = Account(stored["bias"], stored["likely"], stored["strong"], steps)
    return found


def kinds_of(
    words: NDArray[np.int64], longer: NDArray[np.int64], *, across: bool
) -> NDArray[np.int64]:
    """Which of REWRITES P pairs would be, `across` languages or in one."""
    if across:
        return np.full(len(words), REWRITES.index("translation"))
    return (words < SUMMARY * longer).astype(np.int64)


def terms(
    values: NDArray[np.float32], days: NDArray[np.float64], kind: str
) -> dict[str, NDArray[np.float64]]:
    """What each term gives each of P pairs, given (P, M) measures and days between their dates.

    `days` is NaN where one of the dates is not known.
    """
    account = accounts()[kind]
    found = {}
    for name in TERMS:
        if name in account.steps:
            bounds, added = account.steps[name]
            reached = np.searchsorted(bounds, values[:, MEASURES.index(name)], side="right")
            found[name] = np.concatenate([[0.0], np.cumsum(added)])[reached]
    found["dates"] = np.where(days > _DAYS, -_APART, 0.0)
    return found


def within_reach(
    measured: Measured, words: NDArray[np.int64], longer: NDArray[np.int64],
    days: NDArray[np.float64], measures: Collection[str] = BRIEF, *, across: bool = False,
) -> NDArray[np.bool_]:  # fmt: skip
    """Whether P pairs, some of whose `measures` are known, would get a grade with the best others.

    `words` are those of the shorter and `longer` those of the longer.
    """
    found = np.zeros(len(words), np.bool_)
    kinds = kinds_of(words, longer, across=across)
    for number in np.unique(kinds).tolist():
        kind, chosen = REWRITES[number], kinds == number
        account = accounts()[kind]
        given = terms(measured.values[chosen], days[chosen], kind)
        most = {
            name: max(0.0, float(np.cumsum(added).max()))
            for name, (_, added) in account.steps.items()
            if name not in measures
        }
        total = account.bias + sum(most.get(name, value) for name, value in given.items())
        found[chosen] = total >= account.likely - _ROUNDING
    found &= (words >= MIN_WORDS) & (measured.rare >= MIN_RARE)
    return found


def grade(
    measured: Measured, words: NDArray[np.int64], longer: NDArray[np.int64],
    days: NDArray[np.float64], *, across: bool = False,
) -> Graded:  # fmt: skip
    """Grade P `measured` pairs, given `words` of the shorter and the `longer`, and `days` apart."""
    kinds = kinds_of(words, longer, across=across)
    total = np.zeros(len(words))
    found = np.zeros(len(words), np.int64)
    for number in np.unique(kinds).tolist():
        kind, chosen = REWRITES[number], kinds == number
        account = accounts()[kind]
        given = terms(measured.values[chosen], days[chosen], kind)
        # In a fixed order, so that a sum is the same whatever it is summed with.
        total[chosen] = account.bias + sum(given.values())
        found[chosen] += (total[chosen] >= account.likely).astype(np.int64)
        found[chosen] += (total[chosen] >= account.strong).astype(np.int64)
    found[(words < MIN_WORDS) | (measured.rare < MIN_RARE)] = 0
    return Graded(kinds, total, found)
