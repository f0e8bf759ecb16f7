"""The additive account of a pair: what each piece of evidence gives, and the sum that links it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LINKED = 1.1  # the sum that makes a pair
MIN_SENTENCES = 2  # aligned on both sides, unless a short text is covered whole
SHORT_SENTENCES, WHOLE = 3, 0.85
_EACH_SENTENCE, _MOST_SENTENCES = 0.15, 3
_DISAGREEMENT = 1.6
WORDS = 0.2
_PRIOR = 0.5  # weight of the frame that says nothing: a few common shingles prove little
NEAR = 0.6  # both sides covered so far: the same story; else one holds a part of the other

# The terms of the account in the order in which they are shown.
TERMS = {
    "coverage": "share of the shorter text's words in aligned sentences",
    "frame": "share of its frame shingles, rare ones weighing more",
    "sentences": "for each aligned sentence beyond the second, up to three",
    "words": "a fifth of the Jaccard similarity of word 3-shingles",
    "contested": "share of matching sentences whose names and numbers differ (a template)",
    "disagreement": "twice the share of the names, or of the numbers, that differ in sentences that match",
}


def terms(measures: NDArray[np.void]) -> dict[str, NDArray[np.float64]]:
    """What each piece of evidence gives a pair: one array for each of TERMS, to be added up."""

    def column(name: str) -> NDArray[np.float64]:
        return measures[name].astype(np.float64)

    matching = column("covered_a") + column("contested")
    names = column("other_names") / (1 + column("names") + column("other_names"))
    numbers = column("other_numbers") / (1 + column("numbers") + column("other_numbers"))
    further = np.minimum(measures["aligned_a"], measures["aligned_b"]) - MIN_SENTENCES
    return {
        "coverage": column("covered_a") / np.maximum(1, column("words_a")),
        "frame": column("frame_shared") / (column("frame") + _PRIOR),
        "sentences": _EACH_SENTENCE * np.clip(further, 0, _MOST_SENTENCES),
        "words": WORDS * column("jaccard"),
        "contested": -column("contested") / np.maximum(1, matching),
        "disagreement": -_DISAGREEMENT * np.maximum(names, numbers),
    }


def is_linked(measures: NDArray[np.void], slack: float = 0.0) -> NDArray[np.bool_]:
    """Whether each pair's account reaches LINKED - slack, with two aligned sentences or a whole."""
    total = np.sum(list(terms(measures).values()), axis=0)
    proven = is_aligned(measures) | is_whole(measures)
    linked: NDArray[np.bool_] = (total >= LINKED - slack) & proven
    return linked


def is_aligned(measures: NDArray[np.void]) -> NDArray[np.bool_]:
    """Whether two sentences of each side are aligned."""
    aligned = np.minimum(measures["aligned_a"], measures["aligned_b"])
    enough: NDArray[np.bool_] = aligned >= MIN_SENTENCES
    return enough


def is_whole(measures: NDArray[np.void]) -> NDArray[np.bool_]:
    """Whether the shorter text is short and stands whole in one that is not much longer."""
    whole: NDArray[np.bool_] = (
        (measures["sentences_a"] <= SHORT_SENTENCES)
        & (measures["covered_a"] >= WHOLE * measures["words_a"])
        & (measures["words_b"] < 3 * measures["words_a"])
        & (measures["words_a"] > 0)
    )
    return whole


def is_near(measures: NDArray[np.void]) -> NDArray[np.bool_]:
    """Whether both sides are covered so far that the pair is one story, not a part of another."""
    near: NDArray[np.bool_] = (measures["covered_a"] >= NEAR * measures["words_a"]) & (
        measures["covered_b"] >= NEAR * measures["words_b"]
    )
    return near
