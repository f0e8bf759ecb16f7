"""Batches of documents on their way through the stages that look at one document at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scrub.clean import RepeatedLines, clean_batch
from scrub.config import Settings
from scrub.corpus import Corpus
from scrub.document import Change, Document
from scrub.match.features import Features, features
from scrub.spin.score import score_batch

# Large enough that the cost of a batch is its text, small enough that two for each worker fit.
BATCH_CHARACTERS = 4_000_000


@dataclass(slots=True)
class Prepared:
    """A batch, cleaned, with what matching and scoring need of it."""

    documents: list[Document]
    changes: list[list[Change]]
    features: Features
    scores: list[float]


def in_batches(documents: Iterable[Document]) -> list[list[Document]]:
    """Cut documents into batches of about BATCH_CHARACTERS, in order."""
    batches: list[list[Document]] = []
    room = 0
    for document in documents:
        if room <= 0:
            batches.append([])
            room = BATCH_CHARACTERS
        batches[-1].append(document)
        room -= len(document.text)
    return batches


def prepare(settings: Settings, repeated: RepeatedLines, batch: Sequence[Document]) -> Prepared:
    """Clean a batch, take its features for matching, and score its wording."""
    documents, changes = clean_batch(batch, settings.clean, repeated)
    texts = [document.text for document in documents]
    return Prepared(documents, changes, features(texts, settings.match), score_batch(texts, settings.spin))


def gather(batches: Iterable[Prepared]) -> Corpus:
    """Put the batches together again."""
    parts = list(batches)
    documents = [document for part in parts for document in part.documents]
    logs = [log for part in parts for log in part.changes]
    scores = [score for part in parts for score in part.scores]
    ids = [document.id for document in documents]
    return Corpus(
        documents,
        {i: log for i, log in zip(ids, logs, strict=True) if log},
        Features.concat([part.features for part in parts]),
        dict(zip(ids, scores, strict=True)),
    )
