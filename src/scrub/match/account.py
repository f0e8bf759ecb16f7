"""The additive account of a pair: what each piece of evidence gives, and the sum that links it.

How likely a sum means a copy says the logistic curve in `account.json`, fitted on pairs that people
read by `tools/fit_account.py`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from scrub import shipped
from scrub.match.similarity import SHORT_WORDS
from scrub.match.standing import is_form, is_standing

_CURVE = shipped.record("match/account.json")


def least(probability: float) -> float:
    """The sum of which two documents are copies with this probability, between 0 and 1."""
    odds = math.log(probability / (1 - probability))
    return float((odds - _CURVE["intercept"]) / _CURVE["slope"])


LINKED = least(0.5)  # the sum that makes a pair, unless the settings name another probability
MIN_SENTENCES = 2  # aligned on both sides, unless a short text is covered whole
SHORT_SENTENCES, WHOLE = 3, 0.85
# A short text is another report by a word: "May" for "April" shipment, the next doctoral thesis.
# How many words either side may have that the other has not: none up to this length, then one in
# four, up to SHORT_WORDS.  Set by hand on notices, briefs and agency flashes in English, Arabic and
# Kurdish: most that were linked with other words were other reports, and the same ones that are no
# longer linked had mostly been given another headline.
_ONE_WORD, _OTHER_WORDS = 25, 0.25
_EACH_SENTENCE, _MOST_SENTENCES = 0.15, 3
_OTHER_NAME, _OTHER_NUMBER = 1.6, 2.0  # what all names, all numbers that differ would take off
_FORM = 2.0  # how much more contradictions weigh where other documents fill the form, too
_SPUN, _FILLED = 0.5, 0.8  # content words kept: where numbers begin to count, and count in full
_STANDING = 2.0  # more than all the rest can give beyond what is needed
# A version: from which share and which number of a's words on, in sentences that are the same word
# for word and rare, figures begin to have moved on, and from which on that is sure.  Set by hand,
# on one half of the made versions of `bench/versions.py`; weekly notices of one office have fewer.
_VERSION_SHARE, _VERSION_WORDS = (0.1, 0.3), (30.0, 60.0)
_OTHER_NAMES = 4.0  # of the names that differ: a quarter is another story
WORDS = 0.2
DERIVED = 0.75
_MATCHING, _CONTRADICTIONS = 0.4, 2  # share of words and number of contradictions in a form
_PRIOR_WORDS = 2.0  # words that say nothing: a text all of which is common proves little
_PRIOR = 0.5  # weight of the frame that says nothing: a few common shingles prove little
# When sentences that differ much say something else: so many are the same, and names differ or so
# many content words.  Who edits, spins or scans a text leaves fewer as they were, or changes less.
# Set by hand on releases of senators, series of adverts and the damage of `bench/human.py`, of
# which one copy in forty stays beside its sound one.
_SAME, _OTHERS, _REWORDED = 0.66, 4, 0.12
NEAR = 0.6  # both sides covered so far: the same story; else one holds a part of the other

# The terms of the account in the order in which they are shown.
TERMS = {
    "coverage": "share of the shorter text's words in aligned sentences, common ones less",
    "frame": "share of its frame shingles, rare ones weighing more",
    "sentences": "for each aligned sentence beyond the second, up to three",
    "words": "a fifth of the Jaccard similarity of word 3-shingles",
    "contested": "share of matching sentences whose names and numbers differ; more in a form, less "
    "in a version: names agree, and rare sentences word for word",
    "slots": "twice the share of words that differ as fillings do, where no rare wording is shared",
    "disagreement": "1.6 times the share of names, or twice that of numbers, that differ in them; "
    "likewise",
    "standing": "2 where a block is all they share, and either has prose of its own beside it",
}


def terms(measures: NDArray[np.void]) -> dict[str, NDArray[np.float64]]:
    """What each piece of evidence gives a pair: one array for each of TERMS, to be added up."""

    def column(name: str) -> NDArray[np.float64]:
        return measures[name].astype(np.float64)

    matching = column("covered_a") + column("contested")
    # One of the `forms` may be the pair itself; where others fill the form, too, all that differs
    # is likely a filling.
    others = np.maximum(0, column("forms") - 1)
    form = others / (others + 2)
    against = (1 + _FORM * form) * (1 - version(measures) * (1 - form) ** 2)
    names = column("other_names") / (1 + column("names") + column("other_names"))
    numbers = column("other_numbers") / (1 + column("numbers") + column("other_numbers"))
    # A spinner may write numbers otherwise; a template keeps every other word.
    kept = column("kept") / np.maximum(1, column("content"))
    numbers *= np.clip((kept - _SPUN) / (_FILLED - _SPUN), 0, 1)
    further = np.minimum(measures["aligned_a"], measures["aligned_b"]) - MIN_SENTENCES
    # Texts that share rare wording are no fillings, whatever their spinners' habits.
    rare = (column("frame_shared") / 1.5) ** 3 + (column("names") + column("numbers")) / 8
    rare *= (1 - form) ** 2
    slots = column("slots") / (0.5 + column("slots") + rare)
    return {
        "coverage": column("rarity_covered") / (column("rarity") + _PRIOR_WORDS),
        "frame": column("frame_shared") / (column("frame") + _PRIOR),
        "sentences": _EACH_SENTENCE * np.clip(further, 0, _MOST_SENTENCES),
        "words": WORDS * column("jaccard"),
        "contested": 0.0 - against * column("contested") / np.maximum(1, matching),
        "slots": 0.0 - 2 * slots,
        "disagreement": 0.0 - against * np.maximum(_OTHER_NAME * names, _OTHER_NUMBER * numbers),
        "standing": 0.0 - _STANDING * is_form(measures),
    }


def version(measures: NDArray[np.void]) -> NDArray[np.float64]:
    """How surely two texts are versions of one report, from 0 to 1: whatever figures moved on.

    Their names agree, and much rare wording, quotations above all, is the same word for word; of a
    form and its fillings it is little, or common.
    """
    names, others = measures["names"].astype(np.float64), measures["other_names"]
    share = measures["rare"] / np.maximum(1, measures["words_a"])
    sure: NDArray[np.float64] = np.clip(1 - _OTHER_NAMES * others / (1 + names + others), 0, 1)
    for value, (low, high) in ((share, _VERSION_SHARE), (measures["rare"], _VERSION_WORDS)):
        sure = sure * np.clip((value - low) / (high - low), 0, 1)
    return sure


def is_linked(measures: NDArray[np.void], needed: float = LINKED) -> NDArray[np.bool_]:
    """Whether each pair's account reaches what is needed, with two aligned sentences or a whole."""
    linked: NDArray[np.bool_] = (shortfall(measures, needed) <= 0) & is_proven(measures)
    return linked & ~is_other_brief(measures)


def shortfall(measures: NDArray[np.void], needed: float = LINKED) -> NDArray[np.float64]:
    """What each pair's account lacks to what is needed; negative beyond it."""
    total: NDArray[np.float64] = np.sum(list(terms(measures).values()), axis=0)
    return needed - total


def is_plausible(measures: NDArray[np.void], needed: float = LINKED) -> NDArray[np.bool_]:
    """Whether a pair could be linked if its frame were rare and its words the same."""
    found = terms(measures)
    coverage = np.maximum(found["coverage"], _covered(measures))
    return (_most(found) + coverage >= needed) & is_proven(measures)


def hangs_on_rarity(measures: NDArray[np.void], needed: float = LINKED) -> NDArray[np.bool_]:
    """Whether a pair is plausible or not as the wording that it shares is rare or common."""
    most = _most(terms(measures))
    hangs: NDArray[np.bool_] = (most + _covered(measures) < needed) & (most + 1 >= needed)
    hangs &= is_proven(measures)
    return hangs


def _most(found: dict[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    """All `terms` but the coverage, if the frame were rare and the words the same."""
    return found["sentences"] + found["contested"] + found["disagreement"] + WORDS + 1


def contradicts(measures: NDArray[np.void]) -> NDArray[np.bool_]:
    """Whether two documents fill one form: much of it matches, and names or numbers differ."""
    matching = measures["covered_a"] + measures["contested"]
    differ = measures["other_names"] + measures["other_numbers"]
    contradicted: NDArray[np.bool_] = (matching >= _MATCHING * measures["words_a"]) & (
        (measures["contested"] > 0) | (differ >= _CONTRADICTIONS)
    )
    contradicted &= version(measures) < 0.5  # more likely a form than not
    return contradicted


def is_derived(measures: NDArray[np.void]) -> NDArray[np.bool_]:
    """Whether the shorter text is, beyond doubt, made of the fuller, so that it says nothing of
    how common its wording is: most of it is aligned, and names and numbers agree."""
    found = terms(measures)
    return (
        (np.minimum(measures["aligned_a"], measures["aligned_b"]) > MIN_SENTENCES)
        & (_covered(measures) >= DERIVED)
        & ~is_standing(measures)
        & (found["contested"] + found["disagreement"] >= -0.1)
        & (measures["names"] + measures["numbers"] >= 6)
    )


def is_proven(measures: NDArray[np.void]) -> NDArray[np.bool_]:
    """Whether enough sentences are aligned to be a copy at all."""
    return is_aligned(measures) | is_whole(measures)


def is_other_brief(measures: NDArray[np.void]) -> NDArray[np.bool_]:
    """Whether two short texts each have words of their own, more than edits of one would leave.

    Not so where sentences are aligned of which none is the same: a spinner leaves none as it was.
    """
    words = measures["words_a"]
    edits = np.maximum(0, _OTHER_WORDS * (words - _ONE_WORD))
    reworded = is_aligned(measures) & (measures["verbatim"] == 0)
    return (words < SHORT_WORDS) & (measures["unshared"] > edits) & ~reworded


def _covered(measures: NDArray[np.void]) -> NDArray[np.float64]:
    return measures["covered_a"] / np.maximum(1, measures["words_a"])


def is_aligned(measures: NDArray[np.void]) -> NDArray[np.bool_]:
    """Whether two sentences of each side are aligned, headings apart."""
    return sentences(measures) >= MIN_SENTENCES


def sentences(measures: NDArray[np.void]) -> NDArray[np.int32]:
    """How many sentences are aligned on both sides, headings apart."""
    return np.minimum(
        measures["aligned_a"] - measures["headings_a"],
        measures["aligned_b"] - measures["headings_b"],
    )


def is_whole(measures: NDArray[np.void]) -> NDArray[np.bool_]:
    """Whether the shorter text is short and stands whole in one that is not much longer."""
    return (
        (measures["sentences_a"] <= SHORT_SENTENCES)
        & (measures["covered_a"] >= WHOLE * measures["words_a"])
        & (measures["words_b"] < 3 * measures["words_a"])
        & (measures["words_a"] > 0)
    )


def varied(measures: np.void, side: str) -> float:
    """The share of a text's words in aligned sentences that name others, or say much else."""
    other = measures["other_names"] >= _OTHERS
    other |= measures["content"] - measures["kept"] >= _REWORDED * max(1, measures["content"])
    if not other or measures["verbatim"] < _SAME * measures["aligned_a"]:
        return 0.0
    return round(float(measures[f"varied_{side}"] / max(1, measures[f"words_{side}"])), 4)


def is_near(measures: NDArray[np.void]) -> NDArray[np.bool_]:
    """Whether both sides are covered so far that the pair is one story, not a part of another."""
    return (measures["covered_a"] >= NEAR * measures["words_a"]) & (
        measures["covered_b"] >= NEAR * measures["words_b"]
    )
