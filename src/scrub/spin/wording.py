"""Which of two wordings English, or this corpus, uses in a place: the judge between two copies.

`CountWording` is the plain form: counts of words and of word pairs in a sample of texts, smoothed
with the English counts that symspellpy carries.  Anything with the same `prefer` may stand in.
"""

from __future__ import annotations

import math
from collections import Counter
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from scrub.spin.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_EDGE = "\n"  # stands before the first word of a text and after the last
_MAX_SAMPLE = 2_000_000  # words; more hardly move the counts that decide
_TYPICAL = 200.0  # occurrences that a row of English followers is worth
_PRIOR = 20.0  # occurrences at which a word's own followers weigh as much as the prior


class Wording(Protocol):
    """A model of which words stand beside which."""

    def prefer(
        self, left: Sequence[str], ours: Sequence[str], theirs: Sequence[str], right: Sequence[str]
    ) -> float:
        """How much better `ours` reads than `theirs` between `left` and `right`.

        Words are lower-cased; the nearest neighbours are `left[-1]` and `right[0]`.  The answer
        is a difference of log-probabilities in nats: positive where `ours` is the better.
        """
        ...


class CountWording:
    """Word-pair counts of some texts, interpolated with those of English at large."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Count the words and word pairs of `texts`, up to two million words."""
        self._single: Counter[str] = Counter()
        self._double: Counter[tuple[str, str]] = Counter()
        for text in texts:
            lower = [_EDGE, *words_of(text).lower, _EDGE]
            self._single.update(lower)
            self._double.update(pairwise(lower))
            if self._single.total() > _MAX_SAMPLE:
                break
        self._total = max(1, self._single.total())

    def prefer(
        self, left: Sequence[str], ours: Sequence[str], theirs: Sequence[str], right: Sequence[str]
    ) -> float:
        """See Wording.prefer."""
        before, after = (left[-1] if left else _EDGE), (right[0] if right else _EDGE)
        ours_log = self._chain(before, ours, after)
        theirs_log = self._chain(before, theirs, after)
        # A longer wording pays for each of its words; compare the two per word where they differ.
        excess = len(ours) - len(theirs)
        return ours_log - theirs_log + excess * math.log(self._total) / 2

    def _chain(self, before: str, words: Sequence[str], after: str) -> float:
        chain = [before, *words, after]
        return sum(math.log(self._next(one, two)) for one, two in pairwise(chain))

    def _next(self, one: str, two: str) -> float:
        singles, doubles, single_total = _english()
        web_single = singles.get(two, 0) / single_total
        single = 0.5 * self._single[two] / self._total + 0.5 * web_single + 1e-8
        web_one = doubles.get(one)
        web = single
        if web_one is not None:
            web = (web_one.get(two, 0.0) + _PRIOR * single) / (_TYPICAL + _PRIOR)
        prior = 0.5 * single + 0.5 * web
        seen = self._double[one, two]
        return (seen + _PRIOR * prior) / (self._single[one] + _PRIOR)


def is_usual(one: str, two: str) -> bool:
    """Whether two words in a row are among the 242,000 pairs that English uses most."""
    return two in _english()[1].get(one, {})


@lru_cache(maxsize=1)
def _english() -> tuple[dict[str, int], dict[str, dict[str, float]], int]:
    """symspellpy's counts: words, followers of each word scaled to _TYPICAL, and all words."""
    folder = resources.files("symspellpy")
    singles: dict[str, int] = {}
    for line in _lines(folder, "frequency_dictionary_en_82_765.txt"):
        word, count = line.split()
        singles[word] = int(count)
    followers: dict[str, dict[str, float]] = {}
    for line in _lines(folder, "frequency_bigramdictionary_en_243_342.txt"):
        one, two, count = line.split()
        followers.setdefault(one, {})[two] = float(count)
    total = sum(singles.values())
    for one, row in followers.items():
        # The file leaves rare pairs out, so a row's sum is less than the word's count.
        scale = _TYPICAL / max(sum(row.values()), 1.0)
        followers[one] = {two: count * scale for two, count in row.items()}
    return singles, followers, total


def _lines(folder: resources.abc.Traversable, name: str) -> list[str]:
    return (folder / name).read_text("utf-8-sig").splitlines()
