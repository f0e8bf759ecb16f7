"""Whether a word goes with the rest of its text: do the corpus's texts of like content use it?

A text is compared with all texts of the corpus by the rarer words that they share (inverse
document frequency, Sparck Jones 1972).  A word that its author chose is mostly used by texts that
are like it; one that a spinner put in comes from anywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scrub.kernels import kernel
from scrub.spin.web import find_word

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scrub.match.tokens import Tokens
    from scrub.spin.ngrams import NgramModel

# Set by hand.
_COMMON = 10  # words that one text in so many has say nothing of a text's content
_MOST = 128  # texts asked of each word
_PRIOR = 2.0  # texts of no likeness that each word is thought to be in as well
_FEW = 300.0  # texts of a corpus at which its word counts half
_MOST_DEVIATIONS = 4.0


def topic_fits(
    tokens: Tokens,
    token: NDArray[np.int64],
    document: NDArray[np.int64],
    best: NDArray[np.uint32],
    model: NgramModel,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How well N words go with their texts, and how much better the words `best` would.

    `token` and `document` (N,), sorted, name the words; `best` (N,) are hashes, 0 for none.  Both
    answers (N,) are in standard deviations of the judged words of the same text, in [-4, 4], drawn
    towards 0 where the corpus is small.
    """
    own, other = np.zeros(len(token)), np.zeros(len(token))
    _likeness(
        tokens.hash, tokens.documents, token, document, best, model.words, model.documents,
        model.first, model.homes, model.norms, own, other,
    )  # fmt: skip
    count = np.maximum(1, np.bincount(document))
    mean = (np.bincount(document, own) / count)[document]
    spread = np.sqrt(np.bincount(document, (own - mean) ** 2) / count)[document]
    trust = model.texts / (model.texts + _FEW) / np.maximum(spread, 1e-9)
    gain = np.where(best != 0, other - own, 0.0)
    return (
        np.clip(trust * (own - mean), -_MOST_DEVIATIONS, _MOST_DEVIATIONS),
        np.clip(trust * gain, -_MOST_DEVIATIONS, _MOST_DEVIATIONS),
    )


@kernel()
def list_homes(  # type: ignore[no-untyped-def]  # noqa: ANN201
    hashes, documents, chosen, words, counts, first, homes, norms,  # noqa: ANN001
):  # fmt: skip
    """Fill, for each slot of `words`, `homes[first[slot] : first[slot + 1]]`: the texts with it.

    `counts` are the texts that have each word, `norms` becomes the length of each text's vector.
    """
    seen = np.full(len(words), -1, np.int64)
    filled = first[:-1].copy()
    for n in range(len(chosen)):
        total = 0.0
        for t in range(documents[chosen[n]], documents[chosen[n] + 1]):
            slot = find_word(words, hashes[t])
            if seen[slot] != n:
                seen[slot] = n
                homes[filled[slot]] = n
                filled[slot] += np.uint32(1)
                total += _weight(counts[slot], len(chosen))
        norms[n] = np.sqrt(total) if total > 0 else 1.0  # all its words are in every text


@kernel(inline="always")
def _weight(count, texts):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """What it weighs that two texts share a word: its squared inverse document frequency."""
    if count == 0:
        return 0.0
    return np.log(texts / np.float64(count)) ** 2


@kernel()
def _likeness(  # type: ignore[no-untyped-def]  # noqa: ANN202
    hashes, documents, token, document, best,  # noqa: ANN001
    words, counts, first, homes, norms, own, other,  # noqa: ANN001
):  # fmt: skip
    """Fill the mean likeness of each word's texts, its own part in it left out, and of `best`'s."""
    texts = len(norms)
    like = np.zeros(texts)
    seen = np.full(len(words), -1, np.int64)
    current = -1
    for row in range(len(token)):
        d = document[row]
        if d != current:
            current = d
            like[:] = 0
            for t in range(documents[d], documents[d + 1]):
                slot = find_word(words, hashes[t])
                if seen[slot] != d and counts[slot] * _COMMON <= texts:
                    seen[slot] = d
                    weight = _weight(counts[slot], texts)
                    for at in range(first[slot], first[slot + 1]):
                        like[homes[at]] += weight
            for n in range(texts):
                like[n] /= norms[n]
        slot = find_word(words, hashes[token[row]])
        part = _weight(counts[slot], texts) if counts[slot] * _COMMON <= texts else 0.0
        own[row] = _mean(slot, part, first, homes, norms, like)
        if best[row] != 0:
            other[row] = _mean(find_word(words, best[row]), 0.0, first, homes, norms, like)


@kernel(inline="always")
def _mean(slot, part, first, homes, norms, like):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    size = np.int64(first[slot + 1]) - np.int64(first[slot])
    if size == 0:
        return 0.0
    step = (size + _MOST - 1) // _MOST
    total, sampled = 0.0, 0
    for at in range(first[slot], first[slot + 1], step):
        total += like[homes[at]] - part / norms[homes[at]]
        sampled += 1
    return total / sampled * (size / (size + _PRIOR))
