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
from scrub.match.scan import word_hash

SYNONYM, ASSOCIATED, NEAR = 0, 1, 2  # strength: a synset of WordNet, Moby, one step in WordNet
TAGS = 5  # at most: base, past, -ing, participle, third person


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

    def candidates(self, word: str) -> list[tuple[str, int]]:
        """Forms that a lower-cased word may have replaced, each with its best strength.

        Synonyms first, then by alphabet; the forms have the inflection of the word.
        """
        key = np.uint32(word_hash(word))
        place = int(np.searchsorted(self.hashes, key))
        if place == len(self.hashes) or self.hashes[place] != key:
            return []
        form = int(self.order[place])
        found: dict[str, int] = {}
        for use in self.uses[self.use_start[form] : self.use_start[form + 1]]:
            lemma, tag = divmod(int(use), TAGS)
            for edge in range(self.start[lemma], self.start[lemma + 1]):
                other = int(self.forms[self.targets[edge], tag])
                if other >= 0 and other != form:
                    name, strength = self.words[other], int(self.strength[edge])
                    found[name] = min(strength, found.get(name, strength))
        return sorted(found.items(), key=lambda item: (item[1], item[0]))


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
