"""What a run knows: the cleaned documents with their features, then everything found in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from scrub.document import SEVERAL, Change, Document, Flag, NearMiss, Pair, Rejection
from scrub.errors import InputError
from scrub.sources import Origin, origin
from scrub.views import Texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scrub.match.features import Features
    from scrub.match.keep import Verdict
    from scrub.match.looks import Looks
    from scrub.match.rewrites.describe import Rewrite
    from scrub.sources import Story
    from scrub.spin.lexicon import Lexicon


@runtime_checkable
class Known(Protocol):
    """Documents of which something is known without reading each."""

    def marked(self, key: str) -> Iterable[int]:
        """The places of those that have a key in their metadata."""
        ...

    def origin(self, place: int) -> Origin:
        """Where the document at a place comes from."""
        ...


@dataclass(slots=True)
class Corpus:
    """All documents, cleaned, in reading order; `changes` and `scores` are by id, in that order.

    `documents` may be a list or lie in a store, which reads each anew when it is asked for.
    `rejections` are those that a quality filter took out.
    """

    documents: Sequence[Document]
    changes: Mapping[str, Sequence[Change]]
    features: Features
    scores: dict[str, float]
    rejections: list[Rejection] = field(default_factory=list)
    _several: frozenset[str] | None = field(default=None, init=False, repr=False)

    @property
    def ids(self) -> list[str]:
        """The id of each document."""
        return list(self.scores)

    def several(self) -> frozenset[str]:
        """The ids of texts that may hold several articles; none of them is a copy of another.

        They are looked for once, which in a store takes reading all that is there.
        """
        if self._several is None:
            if isinstance(self.documents, Known):
                places: Iterable[int] = self.documents.marked(SEVERAL)
            else:
                places = (
                    n for n, document in enumerate(self.documents) if SEVERAL in document.metadata
                )
            ids = self.ids
            self._several = frozenset(ids[place] for place in places)
        return self._several

    def origin(self, place: int) -> Origin:
        """Where a document comes from."""
        known = self.documents
        return known.origin(place) if isinstance(known, Known) else origin(known[place])

    @property
    def texts(self) -> Sequence[str]:
        """The cleaned text of each document."""
        return Texts(self.documents)

    @property
    def words(self) -> dict[str, int]:
        """The number of words of each document."""
        return dict(zip(self.ids, self.features.words.tolist(), strict=True))


@dataclass(slots=True)
class Flagged:
    """The flags of each document, in text order, and what was learned and asked on the way.

    `scores` are the spin scores, corrected where the words of a text were judged one by one;
    `languagetool` is what `run.json` says of that stage: its `outcome` and its counts.
    """

    flags: dict[str, list[Flag]]
    scores: dict[str, float]
    lexicon: Lexicon
    languagetool: Mapping[str, Any]


@dataclass(slots=True)
class Analysis:
    """All that one run found.

    `rewrites` links documents that are kept, `pairs` copies; `repaired` are those of the kept
    documents that repairs changed, `looks` what a later search for copies need not find again,
    also of earlier documents beyond those of `corpus`, whose keys are `others` (K, 2);
    `stories` are those of documents that an earlier result has to do with; `events` names the
    event of each kept document that shares one with another, and is None where nobody asked.
    """

    corpus: Corpus
    pairs: list[Pair]
    verdicts: dict[str, Verdict]
    flagged: Flagged
    repaired: Mapping[str, Document]
    looks: Looks
    rejections: Sequence[Rejection] = ()
    near_misses: Sequence[NearMiss] = ()
    worker_deaths: int = 0
    rewrites: Sequence[Rewrite] = ()
    stories: Mapping[str, Story] = field(default_factory=dict)
    events: Mapping[str, str] | None = None
    others: NDArray[np.uint64] = field(default_factory=lambda: np.zeros((0, 2), np.uint64))


def nothing_read(rejections: Sequence[Rejection], total: int = 0) -> InputError:
    """That no document was read: an empty result must not take the place of an earlier one.

    `rejections` are all, or some of `total`; the first is quoted.
    """
    what = "there was nothing to read; name another INPUT"
    if rejections:
        count, first = max(total, len(rejections)), rejections[0]
        what = f"{count:,} rejected, such as {first.path}: {first.detail}"
    return InputError(f"no document was read: {what}; nothing was written")
