"""An n-gram model of a corpus's own English: which word fits between its neighbours.

Counts of words, word pairs, triples and triples without their middle word, taken from the texts
that do not look spun, backed off to the web counts of `scrub.spin.web`: pairs by the number of
different neighbours a word has (Witten and Bell 1991), triples by a Dirichlet prior (MacKay and
Peto 1995).  Words are known by their hashes, so the model is a few plain arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

import numpy as np
from numba import njit
from numpy.typing import NDArray

from scrub.match.tokens import Tokens, tokenize, word_hash
from scrub.spin.web import LEAST_PAIR, WEB_WORDS, find_pair, find_word, load_web

EDGE = np.uint32(2)  # stands before the first word of a sentence and after its last
MAX_WORDS = 3_000_000  # words counted at most; more move the estimates little and cost memory

# Occurrences at which a context's own counts weigh as much as what they are backed off to.
_PRIOR_WORD, _PRIOR_PAIR, _PRIOR_TRIPLE, _PRIOR_MIDDLE = 50_000.0, 5.0, 6.0, 4.0
_UNLISTED = 2000.0  # web count given to a word that the web list lacks
_PAIR_SHARE = 0.3  # of what a pair that the web list lacks could have had at most
_SALT_PAIR, _SALT_TRIPLE, _SALT_MIDDLE = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9


@dataclass(slots=True, frozen=True)
class NgramModel:
    """Counts in two open-addressing tables, powers of two long.

    words, word_counts  uint32: hash and count of each word; a word hash of 0 is a free slot
    before, after       uint32: different words seen before and after each word
    keys, counts        uint64, uint32: a mixed hash of each pair, triple or open triple, its count
    total               words counted
    """

    words: NDArray[np.uint32]
    word_counts: NDArray[np.uint32]
    before: NDArray[np.uint32]
    after: NDArray[np.uint32]
    keys: NDArray[np.uint64]
    counts: NDArray[np.uint32]
    total: int

    @classmethod
    def build(cls, tokens: Tokens, documents: NDArray[np.bool_] | None = None) -> NgramModel:
        """Count the n-grams of the documents marked True (all by default), in their order.

        At most `MAX_WORDS` words are counted: where there are more, every n-th document.
        """
        lengths = np.diff(tokens.documents)
        chosen = np.flatnonzero(np.ones(len(lengths), np.bool_) if documents is None else documents)
        step = max(1, -(-int(lengths[chosen].sum()) // MAX_WORDS))
        chosen = chosen[::step]
        total = int(lengths[chosen].sum())
        words = np.zeros(_slots(min(total, 1_000_000)), np.uint32)
        word_counts, before, after = (np.zeros(len(words), np.uint32) for _ in range(3))
        keys = np.zeros(_slots(3 * total), np.uint64)
        counts = np.zeros(len(keys), np.uint32)
        _build(
            tokens.hash, tokens.sentences, tokens.document_sentences, chosen,
            words, word_counts, before, after, keys, counts,
        )  # fmt: skip
        return cls(words, word_counts, before, after, *_shrink(keys, counts), total)

    @classmethod
    def of_texts(cls, texts: Sequence[str]) -> NgramModel:
        """Count the n-grams of texts; without texts the model is that of the web counts."""
        return cls.build(tokenize(texts))

    def save(self, path: Path) -> None:
        """Write the arrays as an uncompressed .npz."""
        np.savez(
            path, words=self.words, word_counts=self.word_counts, before=self.before,
            after=self.after, keys=self.keys, counts=self.counts, total=np.int64(self.total),
        )  # fmt: skip

    @classmethod
    def load(cls, path: Path) -> NgramModel:
        """Read what `save` wrote; never executes anything from the file."""
        with np.load(path, allow_pickle=False) as data:
            arrays = [data[field.name] for field in fields(cls) if field.name != "total"]
            return cls(*arrays, total=int(data["total"]))

    def fit(self, left: Sequence[str], word: str, right: Sequence[str]) -> float:
        """Log of how well a lower-cased word fits between its neighbours, in nats, at most 0."""
        before = [_hash(w) for w in left[-2:]]
        after = [_hash(w) for w in right[:2]]
        before = [EDGE] * (2 - len(before)) + before
        after = after + [EDGE] * (2 - len(after))
        web = load_web()
        return float(
            fit(
                before[0], before[1], _hash(word), after[0], after[1],
                self.words, self.word_counts, self.before, self.after, self.keys, self.counts, float(self.total),
                web.words, web.word_log, web.pairs, web.pair_log,
            )
        )  # fmt: skip

    def prefer(
        self, left: Sequence[str], ours: Sequence[str], theirs: Sequence[str], right: Sequence[str]
    ) -> float:
        """How much better `ours` reads than `theirs` between `left` and `right`, in nats.

        Words are lower-cased, the nearest neighbours are `left[-1]` and `right[0]`.  Positive
        where English, as this corpus writes it, uses `ours`.  Wordings of several words are
        compared by the mean of their words.
        """

        def mean(words: Sequence[str]) -> float:
            line = [*left, *words, *right]
            places = range(len(left), len(left) + len(words))
            fits = [self.fit(line[:i], line[i], line[i + 1 :]) for i in places]
            return sum(fits) / max(1, len(fits))

        return mean(ours) - mean(theirs)


@lru_cache(maxsize=1 << 16)
def _hash(word: str) -> np.uint32:
    return np.uint32(word_hash(word))


def _slots(entries: int) -> int:
    """The power of two that holds so many entries at most two thirds full."""
    return 1 << max(10, (entries * 3 // 2).bit_length())


def _shrink(
    keys: NDArray[np.uint64], counts: NDArray[np.uint32]
) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
    """The same table in as few slots as its entries need."""
    size = _slots(int(np.count_nonzero(keys)))
    if size >= len(keys):
        return keys, counts
    small, small_counts = np.zeros(size, np.uint64), np.zeros(size, np.uint32)
    _copy(keys, counts, small, small_counts)
    return small, small_counts


@njit(cache=True, nogil=True, inline="always")
def _mix(first, second, third, salt):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """A 64-bit key of up to three words."""
    value = (np.uint64(first) << np.uint64(32) | np.uint64(second)) ^ np.uint64(salt)
    value = (value ^ (value >> np.uint64(31))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ np.uint64(third)) * np.uint64(0x94D049BB133111EB)
    value ^= value >> np.uint64(29)
    value *= np.uint64(0xBF58476D1CE4E5B9)
    return max(np.uint64(1), value ^ (value >> np.uint64(32)))


@njit(cache=True, nogil=True, inline="always")
def _slot(keys, key):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """The slot of a key, or the free slot where it would stand."""
    mask = np.uint64(len(keys) - 1)
    slot = key & mask
    while keys[slot] != 0 and keys[slot] != key:
        slot = (slot + np.uint64(1)) & mask
    return slot


@njit(cache=True, nogil=True)
def _copy(keys, counts, small, small_counts):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    for i in range(len(keys)):
        if keys[i] != 0:
            slot = _slot(small, keys[i])
            small[slot], small_counts[slot] = keys[i], counts[i]


@njit(cache=True, nogil=True, inline="always")
def _add(keys, counts, key):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    slot = _slot(keys, key)
    keys[slot] = key
    counts[slot] += np.uint32(1)
    return counts[slot] == 1


@njit(cache=True, nogil=True)
def _build(hashes, sentences, document_sentences, chosen, words, word_counts, before, after, keys, counts):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Count the n-grams of the chosen documents, sentence by sentence."""
    for d in chosen:
        for s in range(document_sentences[d], document_sentences[d + 1]):
            two = one = EDGE
            words[find_word(words, EDGE)] = EDGE
            for t in range(sentences[s], sentences[s + 1] + 2):
                word = hashes[t] if t < sentences[s + 1] else EDGE
                slot = find_word(words, word)
                words[slot] = word
                word_counts[slot] += np.uint32(1)
                if _add(keys, counts, _mix(one, word, 0, _SALT_PAIR)):
                    before[slot] += np.uint32(1)
                    after[find_word(words, one)] += np.uint32(1)
                _add(keys, counts, _mix(two, one, word, _SALT_TRIPLE))
                _add(keys, counts, _mix(two, word, 0, _SALT_MIDDLE))
                two, one = one, word


@njit(cache=True, nogil=True, inline="always")
def _count(keys, counts, first, second, third, salt):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    slot = _slot(keys, _mix(first, second, third, salt))
    return np.float64(counts[slot])


@njit(cache=True, nogil=True, inline="always")
def web_log(word, web_words, logs):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Log of a word's web count, of a small one where it is not listed."""
    slot = find_word(web_words, word)
    return np.float64(logs[slot]) if web_words[slot] != 0 else np.log(_UNLISTED)


@njit(cache=True, nogil=True, inline="always")
def corpus_count(word, words, word_counts):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """How often the corpus has a word."""
    return np.float64(word_counts[find_word(words, word)])


@njit(cache=True, nogil=True)
def fit(  # type: ignore[no-untyped-def]  # noqa: ANN201
    before2, before, word, after, after2,  # noqa: ANN001
    words, word_counts, before_types, after_types, keys, counts, total,  # noqa: ANN001
    web_words, web_logs, web_pairs, web_pair_logs,  # noqa: ANN001
):  # fmt: skip
    """Log of P(word | two words before) P(word | two words after) / P(word), in nats, at most 0.

    Where the corpus has the open triple (before, ?, after), its fillers are interpolated in.
    """
    log_word = web_log(word, web_words, web_logs)
    single = (
        corpus_count(word, words, word_counts) + _PRIOR_WORD * np.exp(log_word) / WEB_WORDS
    ) / (total + _PRIOR_WORD)
    # Forwards: given the words before.
    slot = find_word(words, before)
    near, types = np.float64(word_counts[slot]), np.float64(after_types[slot]) + _PRIOR_PAIR
    log_near = web_log(before, web_words, web_logs)
    slot = find_pair(web_pairs, before, word)
    if before == EDGE:
        web = single
    elif web_pairs[slot] != 0:
        web = np.exp(web_pair_logs[slot] - log_near)
    else:
        web = _PAIR_SHARE * min(single, LEAST_PAIR * np.exp(-log_near))
    pair = _count(keys, counts, before, word, 0, _SALT_PAIR)
    forwards = (pair + types * web) / (near + types)
    context = _count(keys, counts, before2, before, 0, _SALT_PAIR)
    triple = _count(keys, counts, before2, before, word, _SALT_TRIPLE)
    forwards = (triple + _PRIOR_TRIPLE * forwards) / (context + _PRIOR_TRIPLE)
    # Backwards: given the words after.
    slot = find_word(words, after)
    near, types = np.float64(word_counts[slot]), np.float64(before_types[slot]) + _PRIOR_PAIR
    log_near = web_log(after, web_words, web_logs)
    slot = find_pair(web_pairs, word, after)
    if after == EDGE:
        web = single
    elif web_pairs[slot] != 0:
        web = np.exp(web_pair_logs[slot] - log_near)
    else:
        web = _PAIR_SHARE * min(single, LEAST_PAIR * np.exp(-log_near))
    pair = _count(keys, counts, word, after, 0, _SALT_PAIR)
    backwards = (pair + types * web) / (near + types)
    context = _count(keys, counts, after, after2, 0, _SALT_PAIR)
    triple = _count(keys, counts, word, after, after2, _SALT_TRIPLE)
    backwards = (triple + _PRIOR_TRIPLE * backwards) / (context + _PRIOR_TRIPLE)
    both = min(1.0, forwards * backwards / single)
    middle = _count(keys, counts, before, word, after, _SALT_TRIPLE)
    open_triple = _count(keys, counts, before, after, 0, _SALT_MIDDLE)
    return np.log((middle + _PRIOR_MIDDLE * both) / (open_triple + _PRIOR_MIDDLE))
