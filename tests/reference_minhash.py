"""Signatures as datasketch makes them, with the hash of shingles that scrub has."""

from __future__ import annotations

from collections.abc import Sequence

from datasketch import MinHash

from scrub.match.scan import word_hash
from scrub.match.signatures import SCHEME, SEED

_PRIME = 0x100000001B3
_U64 = (1 << 64) - 1


def shingle_hash(shingle: bytes) -> int:
    """The 32-bit hash of a shingle: its lower-cased words, UTF-8, separated by one space."""
    value = 0
    for word in shingle.decode("utf-8", "surrogatepass").split(" "):
        value = ((value ^ word_hash(word)) * _PRIME) & _U64
        value ^= value >> 29
    return ((value * 0x9E3779B97F4A7C15) & _U64) >> 32


def minhash(words: Sequence[str], num_perm: int, shingle: int) -> MinHash:
    """datasketch's signature of a text of lower-cased words."""
    found = MinHash(num_perm, seed=SEED, scheme=SCHEME, hashfunc=shingle_hash)
    size = min(shingle, len(words))
    for k in range(len(words) - size + 1 if size else 0):
        found.update(" ".join(words[k : k + size]).encode("utf-8", "surrogatepass"))
    return found
