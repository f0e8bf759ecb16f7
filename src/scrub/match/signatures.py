"""MinHash signatures of word shingles, bit for bit those of datasketch, from a compiled kernel.

They are those of SCHEME with SEED, and a hash of each shingle's words that
`tests/reference_minhash.py` has in Python, so signatures go to and fro.  Resemblance by min-wise
hashing: Broder 1997; bands: Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, ch. 3.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from scrub.hashing import FNV_PRIME, GOLDEN
from scrub.kernels import Array, kernel

if TYPE_CHECKING:
    from datasketch import LeanMinHash
    from numpy.typing import NDArray

    from scrub.match.tokens import Tokens

SEED, SCHEME = 1, "affine32"
# Set by hand.
WORDS = 3  # words in a shingle; a shorter text is one shingle


def signatures(tokens: Tokens, num_perm: int, words: int = WORDS) -> NDArray[np.uint32]:
    """MinHash signatures of D documents' shingles of so many words: (D, num_perm) uint32.

    A document without words has every value at the maximum, as an empty datasketch.MinHash has.
    """
    a, b = _permutations(num_perm)
    return _sign(tokens.hash, tokens.documents, words, a, b)


def to_datasketch(signature: NDArray[np.uint32]) -> LeanMinHash:
    """A row of `signatures` as datasketch compares, queries and stores it."""
    from datasketch import LeanMinHash

    return LeanMinHash(seed=SEED, hashvalues=signature, scheme=SCHEME)


@lru_cache(maxsize=4)
def bands(threshold: float, num_perm: int) -> tuple[int, int]:
    """Number of bands and rows in a band that datasketch.MinHashLSH chooses for a threshold.

    The sum of the areas of false positives and false negatives, equally weighted, is least.
    Computed here because importing datasketch takes as long as matching 20,000 documents; a test
    compares the two.
    """
    nodes, weights = np.polynomial.legendre.leggauss(96)

    def area(low: float, high: float, b: int, r: int, sign: float) -> float:
        s = (high - low) / 2 * nodes + (high + low) / 2
        found = 1 - (1 - s**r) ** b
        return float((high - low) / 2 * weights @ (found if sign > 0 else 1 - found))

    choices = ((b, r) for b in range(1, num_perm + 1) for r in range(1, num_perm // b + 1))
    return min(
        choices,
        key=lambda c: (
            area(0.0, threshold, c[0], c[1], 1.0) + area(threshold, 1.0, c[0], c[1], -1.0)
        ),
    )


@lru_cache(maxsize=4)
def _permutations(num_perm: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """datasketch's affine permutations h -> a * h + b mod 2**32, a odd."""
    random = np.random.RandomState(SEED)
    a = random.randint(0, 1 << 31, num_perm, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return a, random.randint(0, 1 << 32, num_perm, dtype=np.uint32)


@kernel()
def _sign(words: Array, documents: Array, most: int, a: Array, b: Array) -> Array:
    """Signatures from word hashes; the shingle hash is mixed (murmur3's end), then a * h + b."""
    count = len(documents) - 1
    result = np.full((count, len(a)), 0xFFFFFFFF, np.uint32)
    for document in range(count):
        first, last = documents[document], documents[document + 1]
        size = min(most, last - first)
        row = result[document]
        for t in range(first, last - size + 1 if size else first):
            value = np.uint64(0)
            for k in range(size):
                value = (value ^ np.uint64(words[t + k])) * np.uint64(FNV_PRIME)
                value ^= value >> np.uint64(29)
            h = np.uint32((value * np.uint64(GOLDEN)) >> np.uint64(32))
            h ^= h >> np.uint32(16)
            h = np.uint32(h * np.uint32(0x85EBCA6B))
            h ^= h >> np.uint32(13)
            h = np.uint32(h * np.uint32(0xC2B2AE35))
            h ^= h >> np.uint32(16)
            for p in range(len(a)):
                value32 = np.uint32(a[p] * h + b[p])
                if value32 < row[p]:
                    row[p] = value32
    return result
