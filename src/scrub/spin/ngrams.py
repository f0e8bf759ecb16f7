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
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scrub.kernels import kernel
from scrub.match.scan import word_hash
from scrub.match.tokens import Tokens, tokenize
from scrub.spin.counts import (
    EDGE,
    SALT_MIDDLE,
    SALT_PAIR,
    SALT_TRIPLE,
    count_ngrams,
    count_of,
    key_of,
    shrink,
    slots_of,
)
from scrub.spin.topics import list_homes
from scrub.spin.web import (
    LEAST_PAIR,
    UNLISTED,
    WEB_WORDS,
    find_pair,
    find_word,
    first_slot,
    load_web,
)

# Set by hand.
MAX_WORDS = 3_000_000  # words counted at most; more move the estimates little and cost memory

# Occurrences at which a context's own counts weigh as much as what they are backed off to.
_PRIOR_WORD, _PRIOR_PAIR, _PRIOR_TRIPLE, _PRIOR_MIDDLE = 50_000.0, 5.0, 6.0, 4.0
_PAIR_SHARE = 0.3  # of what a pair that the web list lacks could have had at most


class Choice(NamedTuple):
    """Wordings that could stand in one place: the words left of it, the wordings, those right.

    Words are lower-cased; the nearest neighbours are `left[-1]` and `right[0]`.
    """

    left: Sequence[str]
    wordings: Sequence[Sequence[str]]
    right: Sequence[str]


@dataclass(slots=True, frozen=True)
class NgramModel:
    """Counts in two open-addressing tables, powers of two long.

    words, word_counts  uint32: hash and count of each word; a word hash of 0 is a free slot
    documents           uint32: documents that have each word
    before, after       uint32: different words seen before and after each word
    keys, counts        uint64, uint32: a mixed hash of each pair, triple or open triple, its count
    first, homes        uint32: where each word's documents begin in the list of all such, the list
    norms               (texts,) float64: the length of each document's vector of words
    total, texts        words and documents counted
    """

    words: NDArray[np.uint32]
    word_counts: NDArray[np.uint32]
    documents: NDArray[np.uint32]
    before: NDArray[np.uint32]
    after: NDArray[np.uint32]
    keys: NDArray[np.uint64]
    counts: NDArray[np.uint32]
    first: NDArray[np.uint32]
    homes: NDArray[np.uint32]
    norms: NDArray[np.float64]
    total: int
    texts: int

    @classmethod
    def build(cls, tokens: Tokens, documents: NDArray[np.bool_] | None = None) -> NgramModel:
        """Count the n-grams of the documents marked True (all by default), in their order.

        At most `MAX_WORDS` words are counted: where there are more, every n-th document.
        """
        lengths = np.diff(tokens.documents)
        chosen = np.flatnonzero(np.ones(len(lengths), np.bool_) if documents is None else documents)
        chosen = chosen[:: every(int(lengths[chosen].sum()))]
        total = int(lengths[chosen].sum())
        words = np.zeros(slots_of(min(total, 1_000_000)), np.uint32)
        word_counts, number, before, after = (np.zeros(len(words), np.uint32) for _ in range(4))
        keys = np.zeros(slots_of(3 * total), np.uint64)
        counts = np.zeros(len(keys), np.uint32)
        count_ngrams(
            tokens.hash, tokens.sentences, tokens.document_sentences, chosen,
            words, word_counts, number, before, after, keys, counts,
        )  # fmt: skip
        keys, counts = shrink(keys, counts)
        first = np.zeros(len(words) + 1, np.uint32)
        np.cumsum(number, out=first[1:])
        homes, norms = np.zeros(first[-1], np.uint32), np.zeros(len(chosen))
        list_homes(tokens.hash, tokens.documents, chosen, words, number, first, homes, norms)
        return cls(
            words, word_counts, number, before, after, keys, counts, first, homes, norms,
            total, len(chosen),
        )  # fmt: skip

    @classmethod
    def of_texts(cls, texts: Sequence[str]) -> NgramModel:
        """Count the n-grams of texts; without texts the model is that of the web counts."""
        return cls.build(tokenize(texts))

    def save(self, folder: Path) -> None:
        """Write each array into `folder` as it lies in memory, so that processes can share it."""
        for name in _ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self, name))
        np.save(folder / "sizes.npy", np.array([self.total, self.texts], np.int64))

    @classmethod
    def load(cls, folder: Path) -> NgramModel:
        """Map what `save` wrote into memory; never executes anything from the files."""
        arrays = {
            # Copy on write: nothing is written, and kernels see the type of an ordinary array.
            name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="c", allow_pickle=False))
            for name in _ARRAYS
        }
        total, texts = np.load(folder / "sizes.npy", allow_pickle=False).tolist()
        return cls(**arrays, total=total, texts=texts)

    def fit(self, left: Sequence[str], word: str, right: Sequence[str]) -> float:
        """Log of how well a lower-cased word fits between its neighbours, in nats, at most 0."""
        return self.fits([Choice(left, [[word]], right)])[0][0]

    def fits(self, choices: Sequence[Choice]) -> list[list[float]]:
        """How well each wording fits its place, in nats, at most 0.

        Wordings of several words are compared by the mean of their words.
        """
        line: list[str] = []  # with two words or edges on either side of each wording
        first: list[int] = []
        size: list[int] = []
        for left, wordings, right in choices:
            before, after = ["", "", *left][-2:], [*right, "", ""][:2]
            for wording in wordings:
                first.append(len(line) + 2)
                size.append(len(wording))
                line += before
                line += wording
                line += after
        web = load_web()
        means = np.zeros(len(first))
        _mean_fits(
            np.fromiter(map(_hash, line), np.uint32, len(line)),
            np.array(first, np.int64), np.array(size, np.int64),
            self.words, self.word_counts, self.before, self.after, self.keys, self.counts,
            float(self.total), web.words, web.word_log, web.pairs, web.pair_log, means,
        )  # fmt: skip
        values = iter(means.tolist())
        return [list(islice(values, len(choice.wordings))) for choice in choices]

    def count(self, words: Sequence[str]) -> int:
        """How often lower-cased words stand in a row, of more than three the first three."""
        hashes = [np.uint32(_hash(word)) for word in words[:3]]
        one, two, three = [*hashes, EDGE, EDGE][:3]
        if len(words) == 1:
            return int(self.word_counts[find_word(self.words, one)])
        if len(words) == 2:
            return int(count_of(self.keys, self.counts, one, two, 0, SALT_PAIR))
        return int(count_of(self.keys, self.counts, one, two, three, SALT_TRIPLE))


_ARRAYS = tuple(field.name for field in fields(NgramModel) if "NDArray" in str(field.type))


def every(words: int) -> int:
    """Of so many words, each how many-th document is counted: at most `MAX_WORDS` words are."""
    return max(1, -(-words // MAX_WORDS))


@lru_cache(maxsize=1 << 16)
def _hash(word: str) -> int:
    """The hash of a word; of none, which is where a text begins or ends, that of an edge."""
    return int(word_hash(word) if word else EDGE)


@kernel(inline="always")
def web_log(word, web_words, logs):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Log of a word's web count, of a small one where it is not listed."""
    slot = find_word(web_words, word)
    return np.float64(logs[slot]) if web_words[slot] != 0 else np.log(UNLISTED)


@kernel()
def context_parts(  # type: ignore[no-untyped-def]  # noqa: ANN201
    before2, before, after, after2,  # noqa: ANN001
    words, word_counts, before_types, after_types, keys, counts, web_words, web_logs,  # noqa: ANN001
):  # fmt: skip
    """What `fit_in` needs to know of a place, whatever stands in it: eleven numbers.

    It is between `before` and `after`; `words` to `counts` are of the corpus (`before_types` and
    `after_types` the `before` and `after` of NgramModel), `web_words` and `web_logs` of the web.
    For either side the neighbour's count, its number of different neighbours, its web count's log
    and the count of the two neighbours together; then the count of the open triple; and what a
    pair that the web list lacks may have had at most, over the neighbour's count, on either side.
    """
    left, right = find_word(words, before), find_word(words, after)
    log_left = web_log(before, web_words, web_logs)
    log_right = web_log(after, web_words, web_logs)
    return (
        np.float64(word_counts[left]),
        np.float64(after_types[left]) + _PRIOR_PAIR,
        log_left,
        count_of(keys, counts, before2, before, 0, SALT_PAIR),
        np.float64(word_counts[right]),
        np.float64(before_types[right]) + _PRIOR_PAIR,
        log_right,
        count_of(keys, counts, after, after2, 0, SALT_PAIR),
        count_of(keys, counts, before, after, 0, SALT_MIDDLE),
        LEAST_PAIR * np.exp(-log_left),
        LEAST_PAIR * np.exp(-log_right),
    )


@kernel(inline="always")
def _side(  # type: ignore[no-untyped-def]  # noqa: ANN202
    near, types, log_near, context, least, pair, triple, slot, web_pairs, pair_logs, open_end,  # noqa: ANN001
    single,  # noqa: ANN001
):  # fmt: skip
    """P(word | its neighbours on one side), from the web's counts, the pair's, the triple's."""
    if open_end:
        web = single
    elif slot >= 0 and web_pairs[slot] != 0:
        web = np.exp(pair_logs[slot] - log_near)
    else:
        web = _PAIR_SHARE * min(single, least)
    by_pair = (pair + types * web) / (near + types)
    return (triple + _PRIOR_TRIPLE * by_pair) / (context + _PRIOR_TRIPLE)


@kernel(inline="always")
def word_parts(word, words, word_counts, total, web_words, web_logs):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """For `fit_in`: P(`word`), by its counts in the web and in `words`, of `total`; the latter."""
    web_single = np.exp(web_log(word, web_words, web_logs)) / WEB_WORDS
    count = np.float64(word_counts[find_word(words, word)])
    return (count + _PRIOR_WORD * web_single) / (total + _PRIOR_WORD), count


@kernel(inline="always")
def possible(before, word, after, keys, web_pairs):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Which pairs of `before`, `word`, `after` may be in `keys` and `web_pairs`, by the first slot.

    Four bits.  Both tables are far larger than a processor's cache.  A loop that does nothing else
    waits for many slots at once, and most are free.
    """
    mask = np.uint64(len(keys) - 1)
    one = keys[key_of(before, word, 0, SALT_PAIR) & mask] != 0
    two = keys[key_of(word, after, 0, SALT_PAIR) & mask] != 0
    three = web_pairs[first_slot(web_pairs, before, word)] != 0
    four = web_pairs[first_slot(web_pairs, word, after)] != 0
    return one | two << 1 | three << 2 | four << 3


@kernel()
def fit_in(  # type: ignore[no-untyped-def]  # noqa: ANN201
    before2, before, word, after, after2, place, single, count, pairs,  # noqa: ANN001
    keys, counts, web_pairs, web_pair_logs,  # noqa: ANN001
):  # fmt: skip
    """How well a word fits a place: P(word | context), P(word | left), P(word | right).

    The first is P(word | left) P(word | right) / P(word), at most 1, interpolated with what the
    corpus has in the open triple (before, ?, after).  `place` comes from `context_parts`, `single`
    and `count` from `word_parts`, `pairs` from `possible`, or -1.
    """
    pair = after_pair = triple = after_triple = middle = 0.0
    # A word that the corpus lacks stands in none of its n-grams.
    if count > 0 and pairs & 1:
        pair = count_of(keys, counts, before, word, 0, SALT_PAIR)
    if count > 0 and pairs & 2:
        after_pair = count_of(keys, counts, word, after, 0, SALT_PAIR)
    if place[3] * pair > 0:
        triple = count_of(keys, counts, before2, before, word, SALT_TRIPLE)
    if place[7] * after_pair > 0:
        after_triple = count_of(keys, counts, word, after, after2, SALT_TRIPLE)
    if place[8] * pair > 0:
        middle = count_of(keys, counts, before, word, after, SALT_TRIPLE)
    slot = find_pair(web_pairs, before, word) if pairs & 4 else -1
    forwards = _side(
        place[0], place[1], place[2], place[3], place[9], pair, triple,
        slot, web_pairs, web_pair_logs, before == EDGE, single,
    )  # fmt: skip
    slot = find_pair(web_pairs, word, after) if pairs & 8 else -1
    backwards = _side(
        place[4], place[5], place[6], place[7], place[10], after_pair, after_triple,
        slot, web_pairs, web_pair_logs, after == EDGE, single,
    )  # fmt: skip
    both = min(1.0, forwards * backwards / single)
    return (middle + _PRIOR_MIDDLE * both) / (place[8] + _PRIOR_MIDDLE), forwards, backwards


@kernel()
def _mean_fits(  # type: ignore[no-untyped-def]  # noqa: ANN202
    line, first, size,  # noqa: ANN001
    words, word_counts, before, after, keys, counts, total,  # noqa: ANN001
    web_words, web_logs, web_pairs, web_pair_logs, means,  # noqa: ANN001
):  # fmt: skip
    """The mean fit of each wording: the `size` words of `line` from `first` on."""
    for i in range(len(first)):
        for t in range(first[i], first[i] + size[i]):
            place = context_parts(
                line[t - 2], line[t - 1], line[t + 1], line[t + 2],
                words, word_counts, before, after, keys, counts, web_words, web_logs,
            )  # fmt: skip
            single, count = word_parts(line[t], words, word_counts, total, web_words, web_logs)
            whole, _, _ = fit_in(
                line[t - 2], line[t - 1], line[t], line[t + 1], line[t + 2],
                place, single, count, np.int64(-1), keys, counts, web_pairs, web_pair_logs,
            )  # fmt: skip
            means[i] += np.log(whole) / size[i]
