"""The terms of documents, with weights: names, numbers and words, rare ones weighing more.

Words that begin with the same six letters are one term, so that an inflection is no difference, and
neither is a letter that another newsroom writes otherwise (Aleksandr, Zircon); numbers are compared
by value, whatever is written after them (7.50m, 10th).  The weight of a term is its inverse
document frequency (Spärck Jones 1972).  In a small corpus every word looks rare, so documents of a
background stand beside those of the corpus: how often they would have a word is estimated from
its web count.
"""

from __future__ import annotations

from functools import lru_cache, reduce
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scrub import shipped
from scrub.hashing import FNV_OFFSET, GOLDEN, find_key, fnv1a_step, mixed
from scrub.kernels import Array, kernel
from scrub.match.characters import APOSTROPHE, character, characters, decode
from scrub.match.numbers import LEADING, POINT, decimal
from scrub.match.parts import in_parts
from scrub.match.scan import FUNCTION, KIND_MASK, NAME, NUMBER
from scrub.match.tokens import tokenize

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from scrub.match.features import Features
    from scrub.match.tokens import Tokens

    Stemmer = Callable[[Tokens], NDArray[np.uint32]]

BACKGROUND = 1000  # documents of the background, by hand: they count as much as a small corpus
_WORDS = 350  # words in one of them
_RAREST = 10.0  # what a term of one document weighs, whatever the size of the corpus
WORD, A_NAME, A_NUMBER = 0, 1, 2
_STEM = 6  # letters
_BATCH = 1000  # texts that are tokenized at once


class Terms(NamedTuple):
    """The V terms of some documents, and an open-addressing table of M slots, a power of two.

    keys    (M,) uint32, a word or a number, see `key`; 0: the slot is free
    owners  (M,) int32, the term that it belongs to
    counts  (V,) uint32, how many of the documents have the term
    kinds   (V,) uint8, WORD, A_NAME (the corpus mostly writes it so within a sentence), A_NUMBER
    weights (V,) float32, inverse document frequency in [0, 10], so that accounts hold in a corpus
            of any size
    """

    keys: NDArray[np.uint32]
    owners: NDArray[np.int32]
    counts: NDArray[np.uint32]
    kinds: NDArray[np.uint8]
    weights: NDArray[np.float32]


class Stems(NamedTuple):
    """The keys of words and numbers, and the stem of each: open-addressing tables of M slots.

    keys, stems  (M,) uint32; key 0: the slot is free
    """

    keys: NDArray[np.uint32]
    stems: NDArray[np.uint32]

    def and_listed(self, more: Stems) -> Stems:
        """The table with what is listed besides."""
        return Stems(*add(self.keys.copy(), self.stems.copy(), *more))


NO_STEMS = Stems(np.zeros(1 << 12, np.uint32), np.zeros(1 << 12, np.uint32))


def stems_of(tokens: Tokens) -> NDArray[np.uint32]:
    """(T,) uint32, a hash of the first six letters of each word, or the value of a number."""
    found: NDArray[np.uint32] = stem_hashes(
        tokens.data, tokens.start, tokens.end, tokens.kind, tokens.symbol, characters()
    )
    return found


def terms_of(features: Features, chosen: NDArray[np.int64], words: Stems) -> Terms:
    """The terms of the documents at the positions `chosen`, which are distinct.

    `words` has all of theirs, see `vocabulary`.
    """
    keys, stems = words
    own, owners = numbered(stems)
    documents = features.sentences[features.documents]
    found = count(features.units, documents, chosen, keys, owners, len(own))
    return weighed(keys, owners, own, found, len(chosen))


def vocabulary(
    texts: Sequence[str], chosen: NDArray[np.int64], jobs: int = 1, stem: Stemmer = stems_of
) -> Stems:
    """All words and numbers of the texts at the positions `chosen`."""

    def read(part: slice) -> Stems:
        mine = chosen[part]
        found = NO_STEMS
        for k in range(0, len(mine), _BATCH):
            tokens = tokenize([texts[at] for at in mine[k : k + _BATCH].tolist()])
            kept = np.where(tokens.symbol, tokens.symbol, tokens.hash) & ~np.uint32(KIND_MASK)
            number = tokens.kind & KIND_MASK == NUMBER
            kept[number] |= np.uint32(NUMBER)
            found = found.and_listed(Stems(kept, stem(tokens)))
        return found

    return reduce(Stems.and_listed, in_parts(read, len(chosen), jobs), NO_STEMS)


def numbered(stems: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    """The (V,) stems in order, which number the terms, and the (M,) term of each slot."""
    own, inverse = np.unique(stems, return_inverse=True)
    return own, inverse.astype(np.int32)


def weighed(
    keys: NDArray[np.uint32],
    owners: NDArray[np.int32],
    own: NDArray[np.uint32],
    found: tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint32]],
    documents: int,
    stem: Stemmer = stems_of,
) -> Terms:
    """Terms with kinds and weights, by what `count` has `found` of `own` in `documents`."""
    counts, names, seen = found
    words, often = background(stem)
    kinds = np.where(2 * names > seen, A_NAME, WORD).astype(np.uint8)
    kinds[own & KIND_MASK == NUMBER] = A_NUMBER
    share = np.zeros(len(own))
    at = np.minimum(np.searchsorted(own, words), len(own) - 1)
    there = own[at] == words
    share[at[there]] = often[there]
    total = documents + BACKGROUND
    weights = np.log(total / np.maximum(1, counts + BACKGROUND * share)) * _RAREST / np.log(total)
    return Terms(keys, owners, counts, kinds, weights.astype(np.float32))


@lru_cache(maxsize=2)
def background(stem: Stemmer = stems_of) -> tuple[NDArray[np.uint32], NDArray[np.float64]]:
    """Stems of English words, sorted, and the share of articles of 350 words that have each.

    Made by `tools/make_background.py`.
    """
    data = shipped.arrays("match/rewrites/background.npz")
    steps, counts = data[f"{stem.__name__}.steps"], data[f"{stem.__name__}.counts"]
    often = counts.astype(np.float64)
    return np.cumsum(steps, dtype=np.uint32), 1 - np.exp(-_WORDS * often / often.sum())


def _classes() -> NDArray[np.uint8]:
    """For each ASCII letter the one that stands for it: respellings of names differ in these."""
    classes = np.arange(128, dtype=np.uint8)
    for letter, stands in zip("cqzyjw", "kksiiv", strict=True):
        classes[ord(letter)] = ord(stands)
    return classes


_CLASSES = _classes()
_A, _E, _F, _H, _I, _K, _N, _O, _P, _S, _X, _Z = map(ord, "aefhiknopsxz")
_COMMA, _DOT, _COLON, _DASH, _SLASH, _ZERO, _NINE = map(ord, ",.:-/09")
_MIN_DIGITS = 100  # a number of three digits is known by them, by hand


@kernel()
def stem_hashes(
    data: Array, starts: Array, ends: Array, kinds: Array, symbols: Array, table: Array
) -> Array:
    """The hashes of `stems_of`; `data` to `symbols` are as in Tokens, `table` is `characters()`."""
    stems = np.empty(len(starts), np.uint32)
    letters = np.zeros(_STEM + 1, np.uint64)
    for t in range(len(starts)):
        if kinds[t] & KIND_MASK == NUMBER:
            stems[t] = value_of(data, np.int64(starts[t]), np.int64(ends[t]), symbols[t]) | NUMBER
            continue
        i, end = np.int64(starts[t]), np.int64(ends[t])
        n = 0
        while i < end and n < _STEM:
            code, width = decode(data, i, end)
            bits = character(table, code)
            i += width
            if bits & APOSTROPHE and n and i + 1 >= end:  # a possessive
                break
            folded = bits & 0xFFFF
            if folded == 0 or bits & APOSTROPHE or folded == _DOT:  # a mark; U.S. is US
                continue
            if folded < 128:
                folded = _CLASSES[folded]
            last = letters[n - 1] if n else 0
            if folded == _E and last == _I and n > 1 and letters[n - 2] in (_A, _E, _O):
                n -= 1  # Kanayevsky, Kanaevsky
            if folded == _H and last == _P:
                letters[n - 1] = _F
            elif folded == last or (folded == _H and n and last not in (_K, _S)):
                continue  # Odessa, Gandhi, Riyadh
            elif folded == _X:
                letters[n], letters[n + 1] = _K, _S
                n += 2
            else:
                letters[n] = folded
                n += 1
        if n > 4 and i >= end and letters[n - 1] == _N and letters[n - 2] == _A:
            n -= letters[n - 3] in (_I, _E)  # Asian, Korean
        value = np.uint64(FNV_OFFSET)
        for k in range(min(n, _STEM)):
            value = fnv1a_step(value, letters[k])
        stems[t] = max(np.uint32(4), mixed(value) & ~np.uint32(KIND_MASK))
    return stems


@kernel()
def value_of(data: Array, start: int, end: int, symbol: int) -> Array:
    """The symbol of the number at start..end without letters after it: 10th is 10, 8:55 is 8.55.

    A range or a season is where it begins, as far as it has two digits: 4.5-5.5, 2019/20, not 2-0.
    One of three digits is known by them, whatever its power of ten: 56.5m is 56,500,000.
    """
    digits = np.empty(24, np.uint8)
    n = 0
    for i in range(start, min(end, start + len(digits))):
        if not (_ZERO <= data[i] <= _NINE or data[i] in (_COMMA, _DOT, _COLON)):
            break
        digits[n] = _DOT if data[i] == _COLON else data[i]
        n += 1
    plain = n > 0
    ranging = n > 1 and start + n + 1 < end and data[start + n] in (_DASH, _SLASH)
    for i in range(start + n, end):
        plain &= (data[i] | 32) >= _A and (data[i] | 32) <= _Z
        ranging &= i == start + n or _ZERO <= data[i] <= _NINE or data[i] == _DOT
    plain |= ranging
    value = np.uint32(symbol)
    if plain:
        read = decimal(digits, np.int64(0), np.int64(n))
        value = read if read else value
    elif n:
        return value  # 2-0, 1/2
    if value >> LEADING >= _MIN_DIGITS:
        value &= ~np.uint32(63 << POINT)
    return value


@kernel(inline="always")
def key(unit: Array, bare: bool) -> Array:
    """What a word stands for: itself, or a number's value; 0 for a function word.

    In a document without frame (`bare`) all words are marked as function words, and none is one.
    """
    kind = unit & KIND_MASK
    if kind == NUMBER:
        return unit
    if kind == FUNCTION and not bare:
        return np.uint32(0)
    return unit & ~np.uint32(KIND_MASK)


@kernel()
def keys_of(units: Array, bare: bool) -> Array:
    """The key of each word."""
    keys = np.empty(len(units), np.uint32)
    for t in range(len(units)):
        keys[t] = key(units[t], bare)
    return keys


@kernel()
def is_bare(units: Array, first: int, last: int) -> Array:
    """Whether no word of a document is plain content."""
    for t in range(first, last):  # noqa: SIM110 - no generators here
        if units[t] & KIND_MASK == 0:
            return False
    return True


@kernel(inline="always")
def find_slot(keys: Array, wanted: Array) -> Array:
    """The slot of a key, or the free one where it belongs."""
    return find_key(keys, wanted, np.uint64(wanted) * np.uint64(GOLDEN) >> np.uint64(32))


@kernel()
def find_all(keys: Array, wanted: Array) -> Array:
    """The slot of each key; -1 where it is in none."""
    slots = np.empty(len(wanted), np.int64)
    for k in range(len(wanted)):
        slot = find_slot(keys, wanted[k])
        slots[k] = slot if wanted[k] and keys[slot] else -1
    return slots


@kernel()
def add(keys: Array, stems: Array, new: Array, new_stems: Array) -> Array:
    """The table of `keys` and `stems` with `new` keys, grown so that it is at most half full.

    Of two words with one hash the smaller stem counts, whichever comes first.
    """
    used = 0
    for slot in range(len(keys)):
        used += keys[slot] != 0
    for k in range(len(new)):
        if new[k] == 0:
            continue
        slot = find_slot(keys, new[k])
        if keys[slot]:
            stems[slot] = min(stems[slot], new_stems[k])
            continue
        keys[slot], stems[slot] = new[k], new_stems[k]
        used += 1
        if 2 * used > len(keys):
            more, theirs = np.zeros(2 * len(keys), np.uint32), np.zeros(2 * len(keys), np.uint32)
            for slot in range(len(keys)):
                if keys[slot]:
                    to = find_slot(more, keys[slot])
                    more[to], theirs[to] = keys[slot], stems[slot]
            keys, stems = more, theirs
    return keys, stems


@kernel()
def count(
    units: Array, documents: Array, chosen: Array, keys: Array, owners: Array, size: int
) -> Array:
    """Of `size` terms: documents that have each, times it is written as a name, times written.

    The `chosen` ones of `documents` count, which say where their `units` begin; `keys` and `owners`
    are as in Terms.
    """
    counts, names = np.zeros(size, np.uint32), np.zeros(size, np.uint32)
    seen = np.zeros(size, np.uint32)
    last = np.full(size, -1, np.int32)
    for n in range(len(chosen)):
        begin, end = documents[chosen[n]], documents[chosen[n] + 1]
        bare = is_bare(units, begin, end)
        for t in range(begin, end):
            wanted = key(units[t], bare)
            if wanted == 0:
                continue
            term = owners[find_slot(keys, wanted)]
            if last[term] != n:
                last[term] = n
                counts[term] += 1
            names[term] += units[t] & KIND_MASK == NAME
            seen[term] += 1
    return counts, names, seen


@kernel()
def distinct(
    units: Array, documents: Array, some: Array, keys: Array, owners: Array, size: int
) -> Array:
    """Where the terms of each of `some` begin, and these, once each; `units` to `size` as above."""
    firsts = np.zeros(len(some) + 1, np.int64)
    total = 0
    for n in some:
        total += documents[n + 1] - documents[n]
    terms = np.empty(total, np.int32)
    last = np.full(size, -1, np.int32)
    filled = 0
    for n in range(len(some)):
        begin, end = documents[some[n]], documents[some[n] + 1]
        bare = is_bare(units, begin, end)
        for t in range(begin, end):
            wanted = key(units[t], bare)
            slot = find_slot(keys, wanted) if wanted else 0
            if wanted == 0 or keys[slot] == 0 or last[owners[slot]] == n:
                continue
            last[owners[slot]] = n
            terms[filled] = owners[slot]
            filled += 1
        firsts[n + 1] = filled
    return firsts, terms[:filled]
