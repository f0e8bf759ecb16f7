"""What is done with a batch of documents, each by itself: clean, filter, take features, score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from scrub.clean.quality import rejected_by
from scrub.clean.repeated import Lines, RepeatedLines, count_lines
from scrub.clean.text import clean_batch
from scrub.clean.watch import clean_watched
from scrub.config import Settings
from scrub.document import Change, Document, Rejection
from scrub.match.features import Features, features_of
from scrub.match.rewrites.terms import stems_of
from scrub.match.tokens import Tokens, tokenize
from scrub.spin.score import score_tokens
from scrub.store.arrays import Arrays
from scrub.store.shard import pack

SLOW = "its cleaning took more processor time than a text of its size may"


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


def prepare(settings: Settings, repeated: RepeatedLines, batch: Sequence[Document]) -> Prepared:
    """Clean a batch, filter it, take its features for matching, and score its wording."""
    slow: set[int] = set()
    documents, changes = clean_batch(batch, settings.clean, repeated, slow)
    failures = _failures(documents, slow, settings)
    passed = [not failure for failure in failures]
    rejections = [
        rejection(document.id, document.path, failure)
        for document, failure in zip(documents, failures, strict=True)
        if failure
    ]
    documents, changes = list(compress(documents, passed)), list(compress(changes, passed))
    return Prepared(documents, changes, *described(documents, settings), rejections)


def prepare_to_keep(
    settings: Settings,
    repeated: RepeatedLines,
    batch: Sequence[Document],
    keys: NDArray[np.uint64],
    lines: Lines | None = None,
) -> Arrays:
    """The same as arrays for the store, with what the cleaning looked up and why a filter failed.

    `keys` are the (D, 2) digests of the documents as they were read, `lines` their lines where
    these are known already.
    """
    slow: set[int] = set()
    documents, changes, queries = clean_watched(batch, settings.clean, repeated, lines, slow)
    failures = _failures(documents, slow, settings)
    tokens = tokenize([document.text for document in documents])
    features, scores = _described(tokens, settings)
    stems = stems_of(tokens)
    return pack(keys, documents, changes, failures, features, stems, scores, queries)


def _failures(documents: Sequence[Document], slow: set[int], settings: Settings) -> list[str]:
    """Why each document is rejected once it is cleaned; "" where it is not."""
    return [
        SLOW if place in slow else rejected_by(document.metadata, settings.clean)
        for place, document in enumerate(documents)
    ]


def described(
    documents: Sequence[Document], settings: Settings
) -> tuple[Features, NDArray[np.float64]]:
    """The features and the spin scores of cleaned documents."""
    return _described(tokenize([document.text for document in documents]), settings)


def _described(tokens: Tokens, settings: Settings) -> tuple[Features, NDArray[np.float64]]:
    return features_of(tokens, settings.match), score_tokens(tokens).spin_score


def rejection(i: str, path: str, failure: str) -> Rejection:
    """A document that does not pass a quality filter, or could not be cleaned in time."""
    return Rejection(i, path, "too-slow" if failure == SLOW else "quality", failure)


def load_kernels(settings: Settings) -> None:
    """Load what a batch needs, so that worker processes forked afterwards share it."""
    batch = [
        Document("", "This is what an English text is like, so that it is known to be one. " * 2)
    ]
    count_lines(batch)
    prepare_to_keep(settings, RepeatedLines(), batch, np.zeros((1, 2), np.uint64))
