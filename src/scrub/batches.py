"""Batches of documents on their way through the stages that look at one document at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scrub.clean.quality import rejected_by
from scrub.clean.repeated import LineCounts, RepeatedLines, repeated_lines
from scrub.clean.text import clean_batch
from scrub.config import ReadSettings, Settings
from scrub.corpus import Corpus
from scrub.document import Change, Document, Rejection
from scrub.match.features import Features, features_of
from scrub.match.tokens import tokenize
from scrub.progress import Clock
from scrub.read import Reader
from scrub.spin.score import score_tokens

# Large enough that the cost of a batch is its text, small enough that two for each worker fit.
BATCH_CHARACTERS = 4_000_000


@dataclass(slots=True)
class Prepared:
    """A batch, cleaned, with what matching and scoring need of it."""

    documents: list[Document]
    changes: list[list[Change]]
    features: Features
    scores: NDArray[np.float64]
    rejections: list[Rejection]

    def __len__(self) -> int:
        """The number of documents, those that a quality filter rejected with them."""
        return len(self.documents) + len(self.rejections)


def read_all(
    inputs: Sequence[Path], settings: ReadSettings, exclude: Sequence[Path], clock: Clock
) -> tuple[list[Document], list[Rejection]]:
    """Everything that can be read, and what cannot, each in reading order."""
    documents: list[Document] = []
    rejections: list[Rejection] = []
    reader = Reader(inputs, settings, exclude=exclude)
    for item in reader:
        if isinstance(item, Document):
            documents.append(item)
            if len(documents) % 500 == 0:
                clock.advance(reader.bytes_read, reader.total_bytes)
        else:
            rejections.append(item)
    return documents, rejections


def in_batches(documents: list[Document]) -> list[list[Document]]:
    """Move documents into batches of about BATCH_CHARACTERS, in order; the list is then empty."""
    batches: list[list[Document]] = []
    room = 0
    for document in documents:
        if room <= 0:
            batches.append([])
            room = BATCH_CHARACTERS
        batches[-1].append(document)
        room -= len(document.text)
    documents.clear()
    return batches


def drained(batches: list[list[Document]]) -> Iterator[list[Document]]:
    """The batches in order, each let go of when it has been handed on."""
    batches.reverse()
    while batches:
        yield batches.pop()


def load_kernels(settings: Settings) -> None:
    """Load what `prepare` needs, so that worker processes forked afterwards share it."""
    prepare(settings, repeated_lines(LineCounts(), settings.clean), [Document("", "A text.")])


def prepare(settings: Settings, repeated: RepeatedLines, batch: Sequence[Document]) -> Prepared:
    """Clean a batch, filter it, take its features for matching, and score its wording."""
    documents, changes = clean_batch(batch, settings.clean, repeated)
    failures = [rejected_by(document.metadata, settings.clean) for document in documents]
    rejections = [
        Rejection(document.id, document.path, "quality", failure)
        for document, failure in zip(documents, failures, strict=True)
        if failure
    ]
    documents = [d for d, failure in zip(documents, failures, strict=True) if not failure]
    changes = [log for log, failure in zip(changes, failures, strict=True) if not failure]
    tokens = tokenize([document.text for document in documents])
    scores = score_tokens(tokens).spin_score
    return Prepared(documents, changes, features_of(tokens, settings.match), scores, rejections)


def gather(batches: Iterable[Prepared], settings: Settings) -> Corpus:
    """Put the batches together again."""
    # No input at all is a corpus too: the arrays of an empty batch have the right types.
    parts = list(batches) or [prepare(settings, repeated_lines(LineCounts(), settings.clean), [])]
    documents = [document for part in parts for document in part.documents]
    logs = [log for part in parts for log in part.changes]
    scores = np.concatenate([part.scores for part in parts]).tolist()
    ids = [document.id for document in documents]
    return Corpus(
        documents,
        {i: log for i, log in zip(ids, logs, strict=True) if log},
        Features.concat([part.features for part in parts]),
        dict(zip(ids, scores, strict=True)),
        [rejection for part in parts for rejection in part.rejections],
    )
