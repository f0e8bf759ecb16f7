"""Have kernels compiled before the first document asks for them, in two processes at once.

Kernels are compiled for the types of what they are given, whatever its values, and what one process
has compiled another loads.  So one begins with matching, on features made by hand, while the other
compiles what makes features of texts, and scores them.  What takes longer to compile than to do is
not compiled at all.

What has kernels takes a second to load; it is imported where it is called.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING

from scrub import kernels
from scrub.config import MatchSettings, Settings
from scrub.progress import OnProgress, silent

if TYPE_CHECKING:
    from scrub.engine.local import LocalEngine
    from scrub.match.features import Features
    from scrub.store.reading import Batch

_WORDS = 24  # in each of the two documents made by hand, in two sentences
_TEXTS = (
    "The council met on 3 May in Ghent. It will repair the old bridge, Mr. Peeters said. " * 4,
    "A council met on 3 May in Ghent. It will mend a aged bridge, Mr. Peeters pronounced. " * 4,
)


class Compiling:
    """The compiling that a run needs, if any: another process begins with its half at once."""

    def __init__(
        self, engine: LocalEngine, settings: Settings, on_progress: OnProgress = silent
    ) -> None:
        """Begin, unless all is compiled already or is to run as Python."""
        self._settings = settings
        self._on_progress = on_progress
        self._is_new = not kernels.interprets() and not kernels.kept_kernels()
        if self._is_new:
            on_progress("compile", 0, 0)
        self._matching = _begin_matching(engine, settings)

    def finish(self, *, flag: bool) -> None:
        """Wait until all is compiled, what judges words only with `flag`, and load what cleans."""
        from scrub.batches import load_kernels

        if self._matching is not None:
            _compile_rest(self._settings, flag=flag)
            deque(self._matching, maxlen=0)
        load_kernels(self._settings)
        if self._is_new:
            self._on_progress("read", 0, 0)


def compile_all(engine: LocalEngine, settings: Settings) -> None:
    """Compile every kernel that a run with these settings calls, and keep it where one can."""
    matching = _begin_matching(engine, settings)
    _compile_rest(settings, flag=True)
    deque(matching or _compile_matching(settings.match.rewrites), maxlen=0)


def interpret_if_small(batches: Iterator[Batch]) -> Iterator[Batch]:
    """The batches; where the first is the last and has little in it, kernels run as Python."""
    if not kernels.may_interpret():
        return batches
    first = list(islice(batches, 2))
    if len(first) == 1:
        kernels.interpret(first[0].characters)
    return chain(first, batches)


def _begin_matching(engine: LocalEngine, settings: Settings) -> Iterator[None] | None:
    """What ends once another process has compiled the half that matching needs.

    None where these are compiled already, where none is kept, and where there is one process alone.
    """
    if engine.jobs == 1 or kernels.interprets() or kernels.kept_kernels() != 0:
        return None
    return engine.feed(_compile_matching, settings.match.rewrites)


def _compile_matching(rewrites: bool) -> Iterator[None]:
    """Compile, when it is iterated, what finds copies, and rewrites as well; it yields nothing."""
    import numpy as np

    from scrub.match.features import features
    from scrub.match.pairs import find_copies
    from scrub.match.rewrites.find import find_rewrites
    from scrub.match.rewrites.terms import keys_of, vocabulary

    find_copies(_copies(), ("a", "b"), ("word " * _WORDS,) * 2)
    if rewrites:
        both = np.arange(2)
        made, words = features(_TEXTS, MatchSettings()), vocabulary(_TEXTS, both)
        find_rewrites(made, ("a", "b"), _TEXTS, ("", ""), both, words)
        keys_of(made.units, True)  # of the words of stored texts
    yield from ()


def _compile_rest(settings: Settings, *, flag: bool) -> None:
    """Compile what makes features of texts, what cleans, and what judges words if they are flagged.

    Features come first: `_compile_matching` loads them when it has compiled what needs none.
    """
    import numpy as np

    from scrub.batches import load_kernels
    from scrub.match.features import features
    from scrub.match.tokens import tokenize
    from scrub.spin.align import align
    from scrub.spin.ngrams import NgramModel
    from scrub.spin.word_evidence import gather_evidence

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
    import numpy as np

    from scrub.match.features import Features
    from scrub.match.signatures import bands

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
        bands=np.ones((2, bands(settings.lsh_threshold, settings.num_perm)[0]), np.uint32),
        sketch=np.tile(np.arange(1, 9, dtype=np.uint32), 2),
        places=np.tile(np.arange(8, dtype=np.uint16) // 4, 2),
        sketches=np.array([0, 8, 16], np.int64),
    )
