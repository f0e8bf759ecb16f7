"""How much more suspect texts use each word than others do, counted batch by batch.

Suspect clusters are counted one by one, so that copies of one text do not confirm each other's
words; what other texts use is known from the documents of the language model.  Weights are whole
numbers, so that their sums do not depend on how the clusters were divided into batches.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scrub.match.scan import CONTENT, KIND_MASK
from scrub.spin.web import find_words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from scrub.match.tokens import Tokens
    from scrub.spin.ngrams import NgramModel

ONE = 1 << 16  # weight of a cluster that is surely spun
# Set by hand.
_RARE_DOCUMENTS = 5.0  # clusters at which a share of them weighs as much as the prior share


@dataclass(slots=True, frozen=True)
class WordUse:
    """W words of C clusters.

    words     (W,) uint32, hashes, sorted
    suspect   (W,) int64, sum of the weights, in 1/65536, of the clusters that have the word; a
              cluster's weight is the mean belief that its texts with that word are spun
    clusters  (W,) int64, the number of clusters that have the word
    weight    the sum of all clusters' weights, and `number` of clusters
    """

    words: NDArray[np.uint32]
    suspect: NDArray[np.int64]
    clusters: NDArray[np.int64]
    weight: int
    number: int

    @classmethod
    def merge(cls, parts: Iterable[WordUse]) -> WordUse:
        """The use counted over several batches of clusters; none is a use without words."""
        parts = list(parts)
        if not parts:
            empty = np.zeros(0, np.int64)
            return cls(np.zeros(0, np.uint32), empty, empty, 0, 0)
        words, at = np.unique(np.concatenate([part.words for part in parts]), return_inverse=True)
        suspect, clusters = np.zeros(len(words), np.int64), np.zeros(len(words), np.int64)
        np.add.at(suspect, at, np.concatenate([part.suspect for part in parts]))
        np.add.at(clusters, at, np.concatenate([part.clusters for part in parts]))
        weight, number = sum(part.weight for part in parts), sum(part.number for part in parts)
        return cls(words, suspect, clusters, weight, number)

    def save(self, folder: Path) -> None:
        """Write `use.npz` into `folder`."""
        np.savez(
            folder / "use.npz", words=self.words, suspect=self.suspect, clusters=self.clusters,
            totals=np.array([self.weight, self.number], np.int64),
        )  # fmt: skip

    @classmethod
    def load(cls, folder: Path) -> WordUse:
        """Read what `save` wrote; never executes anything from the file."""
        with np.load(folder / "use.npz", allow_pickle=False) as data:
            weight, number = data["totals"].tolist()
            return cls(data["words"], data["suspect"], data["clusters"], weight, number)


@dataclass(slots=True, frozen=True)
class _Own:
    """The same of single clusters: (cluster << 32 | word), sorted, with the weight of each."""

    keys: NDArray[np.uint64]
    weights: NDArray[np.int64]
    whole: NDArray[np.int64]


def count_use(tokens: Tokens, beliefs: NDArray[np.float64], clusters: NDArray[np.int64]) -> WordUse:
    """Count the content words of D documents of some whole clusters.

    `beliefs` (D,) in [0, 1] that each is spun, `clusters` (D,) their clusters' numbers.
    """
    own = _own(tokens, beliefs, clusters)
    words, at = np.unique(own.keys.astype(np.uint32), return_inverse=True)
    suspect = np.zeros(len(words), np.int64)
    np.add.at(suspect, at, own.weights)
    number = np.bincount(at, minlength=len(words)).astype(np.int64)
    present = np.unique(clusters)
    return WordUse(words, suspect, number, int(own.whole[present].sum()), len(present))


def use_rows(
    tokens: Tokens,
    token: NDArray[np.int64],
    document: NDArray[np.int64],
    beliefs: NDArray[np.float64],
    clusters: NDArray[np.int64],
    use: WordUse,
    model: NgramModel,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """How much more suspect texts use each word than others do, and the log share of either.

    `token` (N,) and `document` (N,) name the words of a batch that is part of what `use` counted.
    `beliefs` and `clusters` (D,) are of its documents.  A word's own cluster is left out.  Shares
    are drawn towards the share of all texts, so that a few texts say little.
    """
    own = _own(tokens, beliefs, clusters)
    hashes, mine = tokens.hash[token], clusters[document]
    keys = mine.astype(np.uint64) << np.uint64(32) | hashes
    weight = own.weights[np.searchsorted(own.keys, keys)]
    at = np.searchsorted(use.words, hashes)
    elsewhere = model.documents[find_words(model.words, hashes)]
    with_suspect = (use.suspect[at] - weight) / ONE
    with_other = elsewhere + use.clusters[at] - 1 - with_suspect
    suspects = (use.weight - own.whole[mine]) / ONE
    others = model.texts + use.number - 1 - suspects
    prior = _RARE_DOCUMENTS * (with_suspect + with_other + 0.1) / (suspects + others + 1)
    in_suspect = np.log((with_suspect + prior) / (suspects + _RARE_DOCUMENTS))
    in_other = np.log((with_other + prior) / (others + _RARE_DOCUMENTS))
    return np.clip(in_suspect - in_other, -4, 6), in_suspect, in_other


def _own(tokens: Tokens, beliefs: NDArray[np.float64], clusters: NDArray[np.int64]) -> _Own:
    content = tokens.kind & KIND_MASK == CONTENT
    documents = np.repeat(np.arange(len(beliefs)), np.diff(tokens.documents))[content]
    pairs = np.unique(documents.astype(np.uint64) << np.uint64(32) | tokens.hash[content])
    where = (pairs >> np.uint64(32)).astype(np.int64)
    keys, part = np.unique(
        clusters[where].astype(np.uint64) << np.uint64(32) | (pairs & np.uint64(0xFFFFFFFF)),
        return_inverse=True,
    )
    exact = np.round(beliefs * ONE).astype(np.int64)
    sums = np.zeros(len(keys), np.int64)
    np.add.at(sums, part, exact[where])
    whole = np.zeros(int(clusters.max(initial=-1)) + 1, np.int64)
    np.add.at(whole, clusters, exact)
    sizes = np.maximum(1, np.bincount(clusters, minlength=len(whole)))
    return _Own(keys, sums // np.maximum(1, np.bincount(part, minlength=len(keys))), whole // sizes)
