"""datasketch's MinHash with the hash of shingles that scrub's signatures are made with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasketch import MinHash

from scrub.match.signatures import SEED
from scrub.match.tokens import word_hash

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SCHEME = "affine32"
_PRIME = 0x100000001B3
_U64 = (1 << 64) - 1


def shingle_hash(shingle: bytes) -> int:
    """The 32-bit hash of a shingle: its lower-cased words, UTF-8, separated by one space."""
    value = 0
    for word in shingle.decode("utf-8", "surrogatepass").split(" "):
        value = ((value ^ word_hash(word)) * _PRIME) & _U64
        value ^= value >> 29
    return ((value * 0x9E3779B97F4A7C15) & _U64) >> 32


def to_datasketch(signature: NDArray[np.uint32]) -> MinHash:
    """A row of `signatures` as a MinHash that can be updated, merged and queried."""
    return MinHash(seed=SEED, scheme=SCHEME, hashfunc=shingle_hash, hashvalues=signature)
