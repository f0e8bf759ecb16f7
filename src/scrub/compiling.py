"""Have kernels compiled before the first document asks for them, in two processes at once.

Kernels are compiled for the types of what they are given, whatever its values, and what one process
has compiled another loads.  So one begins with matching, on features made by hand, while the other
compiles what makes features of texts, and scores them.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scrub.batches import load_kernels
from scrub.config import MatchSettings, Settings
from scrub.match.features import Features, features
from scrub.match.pairs import find_copies
from scrub.match.rewrites.find import find_rewrites
from scrub.match.rewrites.terms import keys_of, vocabulary
from scrub.match.signatures import bands
from scrub.match.tokens import tokenize
from scrub.spin.align import align
from scrub.spin.ngrams import NgramModel
from scrub.spin.word_evidence import gather_evidence

_WORDS = 24  # in each of the two documents made by hand, in two sentences
_TEXTS = (
    "The council met on 3 May in Ghent. It will repair the old bridge, Mr. Peeters said. " * 4,
    "A council met on 3 May in Ghent. It will mend a aged bridge, Mr. Peeters pronounced. " * 4,
)


def compile_matching(*, rewrites: bool) -> Iterator[None]:
    """Compile, when it is iterated, what finds copies, and rewrites as well; it yields nothing."""
    find_copies(_copies(), ("a", "b"), ("word " * _WORDS,) * 2)
    if rewrites:
        both = np.arange(2)
        made, words = features(_TEXTS, MatchSettings()), vocabulary(_TEXTS, both)
        find_rewrites(made, ("a", "b"), _TEXTS, ("", ""), both, words)
        keys_of(made.units, True)  # of the words of stored texts
    yield from ()


def compile_rest(settings: Settings, *, flag: bool) -> None:
    """Compile what makes features of texts, what cleans, and what judges words if they are flagged.

    Features come first: `compile_matching` loads them when it has compiled what needs none.
    """
    features(_TEXTS, settings.match)
    load_kernels(settings)
    align(*_TEXTS)
    if not flag:
        return
    tokens, both = tokenize(_TEXTS), np.arange(len(_TEXTS))
    model = NgramModel.build(tokens)
    gather_evidence(tokens, both, np.full(len(both), 0.9), both, model)
    model.fit(["the"], "old", ["bridge"])


def _copies() -> Features:
    """The features of two documents that differ in their last word, made without a kernel."""
    units = 4 * np.arange(1, 2 * _WORDS + 1, dtype=np.uint32)
    units[_WORDS:-1] = units[: _WORDS - 1]
    middle = np.array([0, _WORDS // 2], np.int64)
    settings = MatchSettings()
    return Features(
        units=units,
        sentences=np.concatenate([middle, _WORDS + middle, [2 * _WORDS]]),
        begins=np.tile(5 * middle, 2).astype(np.uint32),
        documents=np.array([0, 2, 4], np.int64),
        digests=np.array([1, 2], np.uint64),
        bands=np.ones((2, bands(settings.threshold, settings.num_perm)[0]), np.uint32),
        sketch=np.tile(np.arange(1, 9, dtype=np.uint32), 2),
        places=np.tile(np.arange(8, dtype=np.uint16) // 4, 2),
        sketches=np.array([0, 8, 16], np.int64),
    )
