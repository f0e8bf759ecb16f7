"""Jaccard similarity of documents by their sets of word 3-shingles (resemblance: Broder 1997)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scrub.kernels import Array, kernel
from scrub.match.features import Features, frame_hash
from scrub.match.parts import in_parts

# Set by hand.
SHINGLE = 3  # words
SHORT_WORDS = 50  # a text of fewer has its words compared one by one, too


def compare_words(
    features: Features,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    measures: NDArray[np.void],
    jobs: int = 1,
) -> None:
    """Fill `jaccard` in the `measures` of pairs `first`, `second`; of short texts `unshared`."""

    def part(rows: slice) -> None:
        _jaccard(
            first[rows], second[rows], features.units, features.sentences, features.documents,
            measures[rows],
        )  # fmt: skip

    in_parts(part, len(first), jobs)


@kernel()
def _jaccard(
    first: Array, second: Array, units: Array, sentences: Array, documents: Array, result: Array
) -> None:
    """Fill `jaccard`: of the sets of word 3-shingles, function words in one form; `unshared`."""
    current = -1
    for pair in range(len(first)):
        if first[pair] != current:
            current = first[pair]
            own = shingles_of(units, sentences, documents, current, SHINGLE)
        b = second[pair]
        other = shingles_of(units, sentences, documents, b, SHINGLE)
        both = _shared(own, other)
        result[pair].jaccard = both / max(1, len(own) + len(other) - both)
        if result[pair].words_a < SHORT_WORDS:
            words = shingles_of(units, sentences, documents, current, 1)
            others = shingles_of(units, sentences, documents, b, 1)
            result[pair].unshared = min(len(words), len(others)) - _shared(words, others)


@kernel()
def _shared(one: Array, other: Array) -> int:
    """How many values two sorted arrays of distinct ones have in common."""
    i = j = both = 0
    while i < len(one) and j < len(other):
        if one[i] == other[j]:
            both += 1
            i += 1
            j += 1
        elif one[i] < other[j]:
            i += 1
        else:
            j += 1
    return both


@kernel()
def shingles_of(
    units: Array, sentences: Array, documents: Array, document: int, length: int
) -> Array:
    """Hashes of a document's shingles of `length` words, sorted and distinct."""
    first, last = sentences[documents[document]], sentences[documents[document + 1]]
    size = min(length, last - first)
    values = np.empty(last - first - size + 1 if size else 0, np.uint64)
    for k in range(len(values)):
        values[k] = frame_hash(units, first + k, size)
    return distinct(values)


@kernel()
def distinct(values: Array) -> Array:
    """The values sorted, each once; in place."""
    values.sort()
    n = 0
    for k in range(len(values)):
        if k == 0 or values[k] != values[n - 1]:
            values[n] = values[k]
            n += 1
    return values[:n]
