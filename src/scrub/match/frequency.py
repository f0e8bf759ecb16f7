"""How common wording is in a corpus: what many stories share proves little.

Shingles of the frame are counted over all documents; words in their places, between the same two
neighbours, over those that may be copies.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scrub.hashing import golden_step
from scrub.kernels import Array, kernel
from scrub.match.features import Features, frame, frame_hash
from scrub.match.parts import PARTS, OnPart, ignored
from scrub.match.scan import FUNCTION, KIND_MASK, NAME, NUMBER

# Set by hand.
ALIGNED = 5  # frame symbols in a shingle that aligns
SHORTEST = 3  # a sentence of fewer has no shingle

# Of more words a sample of the documents is counted, so that a table never has more than 1 GB:
# what is common in a quarter of a billion words is common.
MOST_WORDS = 1 << 28
SHELVES = 8  # bits; of a gigabyte each has 4 MB


def frequencies(
    features: Features, order: NDArray[np.int64], on_part: OnPart = ignored
) -> NDArray[np.uint16]:
    """How many documents of `order` have each frame shingle, counted in a table by its hash.

    Two shingles may share a cell, which only makes one look more common than it is; there are
    about three cells for each distinct shingle.
    """
    words = len(features.units)
    table = np.zeros(shingle_cells(words), np.uint16)
    for part in np.array_split(_sample(features, order, words), PARTS):
        count_shingles(table, features, part)
        on_part(1 / PARTS)
    return table


def sampled(words: int) -> int:
    """Of so many words one document in how many is counted, a power of two.

    A document is counted where the number divides the digest of its words.
    """
    return 1 << (max(0, words - 1) // MOST_WORDS).bit_length()


def shingle_cells(words: int) -> int:
    """The size of the table of shingles for a corpus of so many words."""
    return 1 << max(10, min(words, MOST_WORDS).bit_length())


def place_cells(words: int) -> int:
    """The size of the table of places for documents of so many words together."""
    return 1 << max(10, min(4 * words, MOST_WORDS).bit_length())


def count_shingles(
    table: NDArray[np.uint16], features: Features, documents: NDArray[np.int64]
) -> None:
    """Count the shingles of some documents into the table; a cell is full at 65535."""
    _count(table, features, documents, 1)


def count_places(
    table: NDArray[np.uint16], features: Features, documents: NDArray[np.int64]
) -> None:
    """Count the places of some documents into the table; a cell is full at 65535."""
    _count_places(features.units, features.sentences, features.documents, documents, table)


def discount(table: NDArray[np.uint16], features: Features, documents: NDArray[np.int64]) -> None:
    """Take documents that were counted out of the table again."""
    for part in np.array_split(_sample(features, documents, len(features.units)), PARTS):
        _count(table, features, part, -1)


def places(features: Features, documents: NDArray[np.int64]) -> NDArray[np.uint16]:
    """How often each word stands between the same four words in `documents` (distinct).

    Where several documents have one word and several another between the same neighbours, the
    place is a slot of a template; an editor's or a spinner's word stands nowhere else.  Function
    words are not counted.
    """
    words = int(features.words[documents].sum())
    table = np.zeros(place_cells(words), np.uint16)
    count_places(table, features, _sample(features, documents, 4 * words))
    return table


def _sample(features: Features, documents: NDArray[np.int64], words: int) -> NDArray[np.int64]:
    few = np.uint64(sampled(words) - 1)
    return documents[features.digests[documents] & few == 0]


@kernel(inline="always")
def neighbour(units: Array, word: int, first: int, last: int) -> Array:
    """The word there; any name is one word, any number another, beyond first..last there is 0."""
    if word < first or word >= last:
        return np.uint32(0)
    kind = units[word] & KIND_MASK
    return np.uint32(kind) if kind in (NAME, NUMBER) else units[word]


@kernel()
def place_hash(units: Array, word: int, first: int, last: int) -> Array:
    """The hash of a word of the sentence first..last and of two neighbours on either side."""
    value = np.uint64(units[word])
    for k in (-2, -1, 1, 2):
        value = golden_step(value, neighbour(units, word + k, first, last))
    return value


@kernel()
def _count_places(
    units: Array, sentences: Array, documents: Array, order: Array, table: Array
) -> None:
    mask = np.uint64(len(table) - 1)
    for document in order:
        for s in range(documents[document], documents[document + 1]):
            first, last = sentences[s], sentences[s + 1]
            for t in range(first, last):
                if units[t] & KIND_MASK != FUNCTION:
                    cell = place_hash(units, t, first, last) & mask
                    table[cell] = min(65534, table[cell]) + 1


def _count(
    table: NDArray[np.uint16], features: Features, documents: NDArray[np.int64], by: int
) -> None:
    """Count shelf by shelf, each a part of the table that fits into a processor's cache."""
    cells: NDArray[np.uint32] = _cells(
        features.units, features.sentences, features.documents, documents,
        int(features.words[documents].sum()), len(table),
    )  # fmt: skip
    _add(table, cells, by, max(0, len(table).bit_length() - 1 - SHELVES))


@kernel()
def _cells(
    units: Array, sentences: Array, documents: Array, order: Array, words: int, size: int
) -> Array:
    """The cell of each shingle of some documents, which have so many words."""
    symbols, begins = np.empty(1024, np.uint32), np.empty(1024, np.int64)
    cells = np.empty(words, np.uint32)
    mask = np.uint64(size - 1)
    found = 0
    for document in order:
        for s in range(documents[document], documents[document + 1]):
            length = frame(units, sentences[s], sentences[s + 1], symbols, begins)
            n = min(ALIGNED, length)
            if n < SHORTEST:
                continue
            for k in range(length - n + 1):
                cells[found] = frame_hash(symbols, k, n) & mask
                found += 1
    return cells[:found].copy()


@kernel()
def _add(table: Array, cells: Array, by: int, shelf: int) -> None:
    """Add to the cells, ordered by what is above the `shelf` lowest bits of each."""
    ends = np.zeros((1 << SHELVES) + 1, np.int64)
    for cell in cells:
        ends[(cell >> shelf) + 1] += 1
    for k in range(1 << SHELVES):
        ends[k + 1] += ends[k]
    ordered = np.empty(len(cells), np.uint32)
    for cell in cells:
        ordered[ends[cell >> shelf]] = cell
        ends[cell >> shelf] += 1
    for cell in ordered:
        if table[cell] < 65535:  # a full cell stays full
            table[cell] = max(0, np.int64(table[cell]) + by)
