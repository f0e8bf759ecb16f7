"""An n-gram model of a corpus's own English: which word fits between its neighbours.

Counts of words, word pairs, triples and triples without their middle word, taken from the texts
that do not look spun, backed off to the web counts of `scrub.spin.web`: pairs by the number of
different neighbours a word has (Witten and Bell 1991), triples by a Dirichlet prior (MacKay and
Peto 1995).  Words are known by their hashes, so the model is a few plain arrays.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from scrub.match.tokens import tokenize, word_hash
from scrub.spin.web import LEAST_PAIR, UNLISTED, WEB_WORDS, find_pair, find_word, load_web

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from scrub.match.tokens import Tokens

EDGE = np.uint32(2)  # stands before the first word of a sentence and after its last
MAX_WORDS = 3_000_000  # words counted at most; more move the estimates little and cost memory

# Occurrences at which a context's own counts weigh as much as what they are backed off to.
_PRIOR_WORD, _PRIOR_PAIR, _PRIOR_TRIPLE, _PRIOR_MIDDLE = 50_000.0, 5.0, 6.0, 4.0
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
            arrays = {field.name: data[field.name] for field in fields(cls)}
            return cls(**{**arrays, "total": int(data["total"])})

    def fit(self, left: Sequence[str], word: str, right: Sequence[str]) -> float:
        """Log of how well a lower-cased word fits between its neighbours, in nats, at most 0."""
        before = [_hash(w) for w in left[-2:]]
        after = [_hash(w) for w in right[:2]]
        before = [EDGE] * (2 - len(before)) + before
        after = after + [EDGE] * (2 - len(after))
        web = load_web()
        place = context_parts(
            *before, *after, self.words, self.word_counts, self.before, self.after,
            self.keys, self.counts, web.words, web.word_log,
        )  # fmt: skip
        parts = fit_parts(
            *before, _hash(word), *after, place, self.words, self.word_counts, self.keys,
            self.counts, float(self.total), web.words, web.word_log, web.pairs, web.pair_log,
        )  # fmt: skip
        return float(parts[0])

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
def _build(  # type: ignore[no-untyped-def]  # noqa: ANN202
    hashes, sentences, document_sentences, chosen,  # noqa: ANN001
    words, word_counts, before, after, keys, counts,  # noqa: ANN001
):  # fmt: skip
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
    return np.float64(logs[slot]) if web_words[slot] != 0 else np.log(UNLISTED)


@njit(cache=True, nogil=True)
def context_parts(  # type: ignore[no-untyped-def]  # noqa: ANN201
    before2, before, after, after2,  # noqa: ANN001
    words, word_counts, before_types, after_types, keys, counts, web_words, web_logs,  # noqa: ANN001
):  # fmt: skip
    """What `fit_parts` needs to know of a place, whatever stands in it: nine numbers.

    For either side the neighbour's count, its number of different neighbours, its web count's log
    and the count of the two neighbours together; then the count of the open triple.
    """
    left, right = find_word(words, before), find_word(words, after)
    return (
        np.float64(word_counts[left]),
        np.float64(after_types[left]) + _PRIOR_PAIR,
        web_log(before, web_words, web_logs),
        _count(keys, counts, before2, before, 0, _SALT_PAIR),
        np.float64(word_counts[right]),
        np.float64(before_types[right]) + _PRIOR_PAIR,
        web_log(after, web_words, web_logs),
        _count(keys, counts, after, after2, 0, _SALT_PAIR),
        _count(keys, counts, before, after, 0, _SALT_MIDDLE),
    )


@njit(cache=True, nogil=True, inline="always")
def _web(listed, pair_log, log_near, single):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """P(word | one neighbour) by the web counts."""
    if listed:
        return np.exp(pair_log - log_near)
    return _PAIR_SHARE * min(single, LEAST_PAIR * np.exp(-log_near))


@njit(cache=True, nogil=True)
def fit_parts(  # type: ignore[no-untyped-def]  # noqa: ANN201
    before2, before, word, after, after2, place,  # noqa: ANN001
    words, word_counts, keys, counts, total, web_words, web_logs, web_pairs, web_pair_logs,  # noqa: ANN001
):  # fmt: skip
    """How well a word fits a place: logs of P(word | context), of P(word | left), of
    P(word | right), and of P(word).

    The first is P(word | left) P(word | right) / P(word), at most 1, interpolated with what the
    corpus has in the open triple (before, ?, after).  `place` comes from `context_parts`.
    """
    web_single = np.exp(web_log(word, web_words, web_logs)) / WEB_WORDS
    count = np.float64(word_counts[find_word(words, word)])
    single = (count + _PRIOR_WORD * web_single) / (total + _PRIOR_WORD)
    near, types, log_near, context = place[0], place[1], place[2], place[3]
    slot = find_pair(web_pairs, before, word)
    web = (
        single
        if before == EDGE
        else _web(web_pairs[slot] != 0, web_pair_logs[slot], log_near, single)
    )
    pair = _count(keys, counts, before, word, 0, _SALT_PAIR) if count > 0 else 0.0
    forwards = (pair + types * web) / (near + types)
    triple = (
        _count(keys, counts, before2, before, word, _SALT_TRIPLE) if context * pair > 0 else 0.0
    )
    forwards = (triple + _PRIOR_TRIPLE * forwards) / (context + _PRIOR_TRIPLE)
    near, types, log_near, context = place[4], place[5], place[6], place[7]
    slot = find_pair(web_pairs, word, after)
    web = (
        single
        if after == EDGE
        else _web(web_pairs[slot] != 0, web_pair_logs[slot], log_near, single)
    )
    after_pair = _count(keys, counts, word, after, 0, _SALT_PAIR) if count > 0 else 0.0
    backwards = (after_pair + types * web) / (near + types)
    triple = (
        _count(keys, counts, word, after, after2, _SALT_TRIPLE) if context * after_pair > 0 else 0.0
    )
    backwards = (triple + _PRIOR_TRIPLE * backwards) / (context + _PRIOR_TRIPLE)
    both = min(1.0, forwards * backwards / single)
    gap = place[8]
    middle = _count(keys, counts, before, word, after, _SALT_TRIPLE) if gap * pair > 0 else 0.0
    whole = np.log((middle + _PRIOR_MIDDLE * both) / (gap + _PRIOR_MIDDLE))
    return whole, np.log(forwards), np.log(backwards), np.log(single)
