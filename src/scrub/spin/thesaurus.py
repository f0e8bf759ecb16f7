"""What a word may have replaced: thesaurus neighbours in the same inflection.

The table is made by `tools/make_thesaurus.py` from Princeton WordNet 3.0 (its licence is in
`data/thesaurus-licence.txt`) and Grady Ward's Moby Thesaurus (public domain), inflected with
lemminflect; nothing is fetched at run time.  Only words that English uses often can be originals.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from scrub import shipped
from scrub.hashing import hash_words
from scrub.kernels import Array, kernel
from scrub.match.scan import word_hash
from scrub.searching import lower_bound

SYNONYM, ASSOCIATED, NEAR = 0, 1, 2  # strength: a synset of WordNet, Moby, one step in WordNet
TAGS = 5  # at most: base, past, -ing, participle, third person
MOST = 4096  # originals of a word, set by hand


@dataclass(slots=True, frozen=True)
class Thesaurus:
    """F forms of N lemmas (each with a part of speech), E directed edges.

    words     the F forms, sorted
    hashes    (F,) uint32, sorted; `order` (F,) int32, the form of each hash
    forms     (N, 5) int32, form of a lemma by tag, -1 where there is none
    uses      (U,) int32, lemma * 5 + tag, grouped by form; `use_start` (F + 1,) int64
    targets   (E,) int32, lemmas that a lemma may have replaced; `start` (N + 1,) int64
    strength  (E,) uint8, SYNONYM, ASSOCIATED or NEAR
    """

    words: list[str]
    hashes: NDArray[np.uint32]
    order: NDArray[np.int32]
    forms: NDArray[np.int32]
    uses: NDArray[np.int32]
    use_start: NDArray[np.int64]
    targets: NDArray[np.int32]
    start: NDArray[np.int64]
    strength: NDArray[np.uint8]

    def form(self, word: str) -> int:
        """The number of a lower-cased word among the forms, -1 where it is none."""
        return int(find_form(np.uint32(word_hash(word)), self.hashes, self.order))

    def originals(self, form: int) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
        """The forms that another may have replaced, in its inflection, some of them repeatedly.

        (N,) numbers of forms, and the strength (N,) of each; none for the form -1.
        """
        others, edges = np.empty(MOST, np.int32), np.empty(MOST, np.int64)
        found = list_originals(
            form, self.forms, self.uses, self.use_start, self.targets, self.start, others, edges
        )
        return others[:found], self.strength[edges[:found]]


@kernel()
def find_form(word: Array, hashes: Array, order: Array) -> Array:
    """The form of the word with this hash, -1 where there is none."""
    at = lower_bound(hashes, word)
    if at == len(hashes) or hashes[at] != word:
        return np.int64(-1)
    return np.int64(order[at])


@kernel()
def list_originals(
    form: Array, forms: Array, uses: Array, use_start: Array, targets: Array, start: Array,
    others: Array, edges: Array,
) -> Array:  # fmt: skip
    """Fill `others` with the forms that another may have replaced, `edges` with how; their number.

    The first `MOST` count; no word has half as many.  None for the form -1.
    """
    n = 0
    if form < 0:
        return n
    for use in uses[use_start[form] : use_start[form + 1]]:
        lemma, tag = use // TAGS, use % TAGS
        for edge in range(start[lemma], start[lemma + 1]):
            other = forms[targets[edge], tag]
            if 0 <= other != form and n < len(others):
                others[n], edges[n] = other, edge
                n += 1
    return n


@lru_cache(maxsize=1 << 16)
def are_synonyms(one: str, other: str) -> bool:
    """Whether one of two lower-cased words may have replaced the other."""
    known = load_thesaurus()
    first, second = known.form(one), known.form(other)
    if min(first, second) < 0:
        return False
    return second in known.originals(first)[0] or first in known.originals(second)[0]


@lru_cache(maxsize=1)
def load_thesaurus() -> Thesaurus:
    """Read the shipped table; raises FileNotFoundError where the installation lacks it."""
    data = shipped.arrays("spin/data/thesaurus.npz")
    text, degree = data["words"], data["degree"]
    packed = np.unpackbits(data["strength"])
    forms = _numbers(data["forms"]).reshape(-1, TAGS).astype(np.int32) - 1
    steps = _numbers(data["steps"])
    words = text.tobytes().decode("ascii").split("\n")
    start = np.zeros(len(degree) + 1, np.int64)
    np.cumsum(degree, out=start[1:])
    targets = np.cumsum(steps)
    first = start[:-1][degree > 0]  # the steps of a lemma count from 0
    targets -= np.repeat(np.concatenate(([0], targets[first[1:] - 1])), degree[degree > 0])
    strength = (packed[0 : 2 * len(steps) : 2] << 1 | packed[1 : 2 * len(steps) : 2]).astype(
        np.uint8
    )
    used = np.flatnonzero(forms.ravel() >= 0)
    uses = used[np.argsort(forms.ravel()[used], kind="stable")].astype(np.int32)
    use_start = np.zeros(len(words) + 1, np.int64)
    np.cumsum(np.bincount(forms.ravel()[used], minlength=len(words)), out=use_start[1:])
    end = np.append(np.flatnonzero(text == ord("\n")), len(text))
    hashes = hash_words(text, np.concatenate([[0], end[:-1] + 1]), end)
    order = np.argsort(hashes, kind="stable").astype(np.int32)
    return Thesaurus(
        words, hashes[order], order, forms, uses, use_start,
        targets.astype(np.int32), start, strength,
    )  # fmt: skip


def _numbers(planes: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Numbers from their low, middle and high bytes."""
    low, middle, high = planes.astype(np.int64)
    return np.asarray(low | middle << 8 | high << 16)
