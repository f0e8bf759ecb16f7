"""How often words stand together: an open-addressing table from up to three words to a count."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scrub.hashing import find_key
from scrub.kernels import kernel
from scrub.spin.web import find_word

EDGE = np.uint32(2)  # stands before the first word of a sentence and after its last
SALT_PAIR, SALT_TRIPLE, SALT_MIDDLE = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9


def slots_of(entries: int) -> int:
    """The power of two that holds so many entries at most two thirds full."""
    return 1 << max(10, (entries * 3 // 2).bit_length())


def shrink(
    keys: NDArray[np.uint64], counts: NDArray[np.uint32]
) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
    """The same table in as few slots as its entries need."""
    size = slots_of(int(np.count_nonzero(keys)))
    if size >= len(keys):
        return keys, counts
    small, small_counts = np.zeros(size, np.uint64), np.zeros(size, np.uint32)
    _copy(keys, counts, small, small_counts)
    return small, small_counts


@kernel(inline="always")
def key_of(first, second, third, salt):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """A 64-bit key of the words `first`, `second` and `third`, or 0; n-grams differ in `salt`."""
    value = (np.uint64(first) << np.uint64(32) | np.uint64(second)) ^ np.uint64(salt)
    value = (value ^ (value >> np.uint64(31))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ np.uint64(third)) * np.uint64(0x94D049BB133111EB)
    value ^= value >> np.uint64(29)
    value *= np.uint64(0xBF58476D1CE4E5B9)
    return max(np.uint64(1), value ^ (value >> np.uint64(32)))


@kernel()
def _copy(keys, counts, small, small_counts):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    for i in range(len(keys)):
        if keys[i] != 0:
            slot = find_key(small, keys[i], keys[i])
            small[slot], small_counts[slot] = keys[i], counts[i]


@kernel(inline="always")
def _add(keys, counts, key):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    slot = find_key(keys, key, key)
    keys[slot] = key
    counts[slot] += np.uint32(1)
    return counts[slot] == 1


@kernel()
def count_ngrams(  # type: ignore[no-untyped-def]  # noqa: ANN201
    hashes, sentences, document_sentences, chosen,  # noqa: ANN001
    words, word_counts, homes, before, after, keys, counts,  # noqa: ANN001
):  # fmt: skip
    """Count the n-grams of the `chosen` documents in `keys` and `counts`, sentence by sentence.

    `hashes` to `document_sentences` are as in Tokens; `words` to `after` are filled as NgramModel
    has them, `homes` with the number of documents.
    """
    last = np.full(len(words), -1, np.int64)  # the last document that had each word
    for d in chosen:
        for s in range(document_sentences[d], document_sentences[d + 1]):
            two = one = EDGE
            words[find_word(words, EDGE)] = EDGE
            for t in range(sentences[s], sentences[s + 1] + 2):
                word = hashes[t] if t < sentences[s + 1] else EDGE
                slot = find_word(words, word)
                words[slot] = word
                word_counts[slot] += np.uint32(1)
                if last[slot] != d:
                    last[slot] = d
                    homes[slot] += np.uint32(1)
                if _add(keys, counts, key_of(one, word, 0, SALT_PAIR)):
                    before[slot] += np.uint32(1)
                    after[find_word(words, one)] += np.uint32(1)
                _add(keys, counts, key_of(two, one, word, SALT_TRIPLE))
                _add(keys, counts, key_of(two, word, 0, SALT_MIDDLE))
                two, one = one, word


@kernel(inline="always")
def count_of(keys, counts, first, second, third, salt):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """How often `first`, `second` and `third` stand together by `keys` and `counts`, a float."""
    key = key_of(first, second, third, salt)
    slot = find_key(keys, key, key)
    return np.float64(counts[slot])
