"""From batches as they were read to a corpus in the store; what the store has is not done again.

A text can be cleaned before all lines are counted, because few texts hold a repeated line: each is
cleaned at once, as if no line was repeated, and again where its answers prove to be others.
"""

from __future__ import annotations

from functools import partial
from itertools import compress
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scrub.batches import prepare_to_keep, rejection
from scrub.clean.repeated import (
    LineCounts,
    RepeatedLines,
    count_lines,
    digest_lines,
    repeated_lines,
)
from scrub.clean.text import load_tables
from scrub.errors import InputError
from scrub.store.arrays import ArrayFile
from scrub.store.raw import unpack_raw
from scrub.store.reading import Rejections
from scrub.store.store import Store, write_shard
from scrub.store.stored import Stored, corpus_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from scrub.against import Earlier
    from scrub.config import CleanSettings, Settings
    from scrub.corpus import Corpus
    from scrub.engine.local import LocalEngine
    from scrub.progress import Clock
    from scrub.store.reading import Batch

_TOGETHER = 250  # documents that are cleaned again at once
_FEW = 100_000  # counted lines that are not worth adding up


class Intake(NamedTuple):
    """All batches, what could not be read, and how often each line stands in them."""

    batches: list[Batch]
    rejections: Rejections
    counts: LineCounts

    @property
    def keys(self) -> NDArray[np.uint64]:
        """(N, 2) the digests of all documents, in reading order."""
        return np.concatenate([batch.keys for batch in self.batches])

    def repeated(self, settings: CleanSettings, earlier: Earlier | None = None) -> RepeatedLines:
        """The lines that are boilerplate by repetition, here or in an earlier result."""
        own = repeated_lines(self.counts, settings)
        return own if earlier is None else own | earlier.repeated


def take_in(
    batches: Iterable[Batch], store: Store, settings: Settings, engine: LocalEngine, clock: Clock
) -> Intake:
    """Count the lines of all batches, and prepare the documents that the store has not."""
    found: list[Batch] = []

    def noted() -> Iterator[tuple[Batch, NDArray[np.bool_]]]:
        for batch in batches:
            found.append(batch)
            clock.advance(batch.done, batch.total)
            new = ~store.knows(batch.keys)
            if len(found) == 2 and engine.jobs > 1 and new.any():
                load_tables()  # the workers are started once there are two batches
            yield batch, new

    counts, waiting = LineCounts(), []
    for counted in engine.map(partial(_look, settings, store.place), noted()):
        waiting.append(counted)
        # By doubling, so that each count is added up a few times, however many batches there are.
        if sum(len(part.key) for part in waiting) >= max(_FEW, len(counts.key)):
            counts, waiting = counts.merge(*waiting), []
    counts = counts.merge(*waiting)
    return Intake(found, Rejections([b.rejected for b in found if b.rejected]), counts)


def settle_corpus(
    intake: Intake,
    repeated: RepeatedLines,
    store: Store,
    settings: Settings,
    engine: LocalEngine,
    clock: Clock,
) -> Corpus:
    """Clean again what the repeated lines concern, and put the corpus together.

    Raises InputError where keys that a stranger made up hide those of documents.
    """
    store.look()
    keys = intake.keys
    shard, row = store.rows(keys, repeated)
    if (missing := (shard < 0).nonzero()[0]).size:
        starts = np.cumsum([0, *(len(batch) for batch in intake.batches)])
        parts = np.array_split(missing, -(-len(missing) // _TOGETHER))
        again = partial(_mend, settings, store.place, repeated)
        tasks = [list(_places(part, starts, intake.batches)) for part in parts]
        done = len(keys) - len(missing)
        for count in engine.map(again, tasks):
            clock.advance(done := done + count, len(keys))
        store.look()
        shard, row = store.rows(keys, repeated)
        if (shard < 0).any():
            raise InputError(f"{store.place}: hides what this run put there; remove that folder")
    clock.advance(len(keys), len(keys))
    for batch in intake.batches:
        batch.path.unlink(missing_ok=True)
    return corpus_of(store, shard, row, [p for batch in intake.batches for p in batch.paths])


def _look(settings: Settings, place: Path, task: tuple[Batch, NDArray[np.bool_]]) -> LineCounts:
    """Count the lines of a batch, and prepare those of its documents that are new."""
    batch, new = task
    documents = unpack_raw(ArrayFile(batch.path, check=False))
    lines = digest_lines(documents)
    counts = count_lines(documents, lines)
    if new.any() or not len(new):  # an empty corpus has a shard, too
        chosen = list(compress(documents, new.tolist()))
        keys, theirs = batch.keys[new], lines if new.all() else None
        write_shard(place, prepare_to_keep(settings, RepeatedLines(), chosen, keys, theirs))
    return counts


def _mend(
    settings: Settings,
    place: Path,
    repeated: RepeatedLines,
    task: list[tuple[Batch, NDArray[np.int64]]],
) -> int:
    """Prepare some documents of several batches anew; returns how many."""
    documents = [
        document
        for batch, rows in task
        for document in unpack_raw(ArrayFile(batch.path, check=False), rows)
    ]
    keys = np.concatenate([batch.keys[rows] for batch, rows in task])
    write_shard(place, prepare_to_keep(settings, repeated, documents, keys))
    return len(documents)


def _places(
    documents: NDArray[np.int64], starts: NDArray[np.int64], batches: list[Batch]
) -> Iterator[tuple[Batch, NDArray[np.int64]]]:
    """Some documents, by their batches."""
    number = np.searchsorted(starts, documents, "right") - 1
    for each in np.unique(number).tolist():
        yield batches[each], documents[number == each] - starts[each]


def corpus_of(
    store: Store,
    shard: NDArray[np.int64],
    row: NDArray[np.int64],
    paths: Sequence[str] | None = None,
) -> Corpus:
    """The documents at these places, read at `paths`, that pass the quality filters."""
    paths = [""] * len(row) if paths is None else paths
    documents = Stored(store, shard, row, paths)
    heads = list(documents.heads())
    passed = [not head.failure for head in heads]
    if not all(passed):
        mask = np.array(passed, np.bool_)
        documents = Stored(store, shard[mask], row[mask], list(compress(paths, passed)))
    ids = [head.id for head in compress(heads, passed)]
    corpus = corpus_in(documents, ids)
    corpus.rejections = [
        rejection(head.id, path, head.failure)
        for head, path in zip(heads, paths, strict=True)
        if head.failure
    ]
    return corpus
