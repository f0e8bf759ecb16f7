"""Sentences without an end, of texts that lost their punctuation, of lists and transcripts."""

from __future__ import annotations

import numpy as np

from scrub.kernels import Array, kernel

# Words of a sentence; longer ones (lists, text without punctuation) are cut where their words say,
# so that two versions of one are cut alike, into pieces of so many words.  Set by hand.
MAX_SENTENCE = 80
_LEAST_PIECE, _MOST_PIECE = 16, 64
_CUTS = 15  # ... at one in so many words more than one, about


@kernel(inline="always")
def is_cut(word: Array, before: Array, words: int) -> Array:
    """Whether a sentence without an end is cut before a word, so many words after the last cut."""
    chosen = (np.uint64(word) + np.uint64(3) * np.uint64(before)) >> np.uint64(8) & np.uint64(_CUTS)
    return words >= _MOST_PIECE or (words >= _LEAST_PIECE and chosen == 0)


@kernel()
def cut(hashes: Array, n: int, sentences: Array, s: int) -> int:
    """Cut the last of s sentences, whose words end at n; how many there are then."""
    for t in range(sentences[s - 1] + 1, n):
        if is_cut(hashes[t], hashes[t - 1], t - sentences[s - 1]):
            sentences[s] = t
            s += 1
    return s
