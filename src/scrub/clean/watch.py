"""Which lines a cleaning looked up: what makes it right for another corpus, too.

Cleaning a text needs the corpus for one thing only: whether lines are among the repeated ones.  A
result is the same under other repeated lines as long as every line that was looked up gets the
same answer.  So texts can be cleaned before all lines are counted, and results can be kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scrub.clean.repeated import (
    LONGEST_BYTES,
    Lines,
    RepeatedLines,
    line_digests,
    source_keys,
)
from scrub.clean.survey import pack
from scrub.clean.text import clean_batch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scrub.clean.changes import Edit
    from scrub.config import CleanSettings
    from scrub.document import Change, Document


class LineQueries(NamedTuple):
    """The lines that were looked up for D cleaned documents, and the answers.

    sources  (D,) uint64, the key of each document's source
    starts   (D + 1,) int64, the first line of each document, and L
    lines    (L,) uint64, digests, sorted and distinct within a document
    answers  (L,) uint8, 1 where the line was a repeated one
    """

    sources: NDArray[np.uint64]
    starts: NDArray[np.int64]
    lines: NDArray[np.uint64]
    answers: NDArray[np.uint8]

    def hold(self, repeated: RepeatedLines) -> NDArray[np.bool_]:
        """Whether the lines of each document get the same answers from `repeated`."""
        sources = np.repeat(self.sources, np.diff(self.starts))
        other = repeated.known(self.lines, sources) != self.answers.astype(np.bool_)
        before = np.concatenate([[0], np.cumsum(other)])
        return before[self.starts[1:]] == before[self.starts[:-1]]


def clean_watched(
    documents: Sequence[Document],
    settings: CleanSettings,
    repeated: RepeatedLines,
    lines: Lines | None = None,
    slow: set[int] | None = None,
) -> tuple[list[Document], list[list[Change]], LineQueries]:
    """`clean_batch`, and what it looked up in `repeated`; `lines` of the documents save a look."""
    sources = [document.source for document in documents]
    known = [] if lines is None else [lines]
    watch = _Watch(
        repeated.within,
        repeated.anywhere,
        names=sources,
        sources=source_keys(sources),
        known_lines=known,
    )
    places = [str(place) for place in range(len(documents))]  # the watch knows documents by these
    cleaned, changes = clean_batch(documents, settings, watch, slow, places)
    return cleaned, changes, watch.queries()


@dataclass(slots=True, frozen=True, kw_only=True)
class _Watch(RepeatedLines):
    """Repeated lines that take note; the `source` they are given is a document's place."""

    names: list[str]
    sources: NDArray[np.uint64]
    known_lines: list[Lines]  # of all documents as given, which are the first to be looked at
    _places: list[NDArray[np.int64]] = field(default_factory=list)
    _lines: list[NDArray[np.uint64]] = field(default_factory=list)
    _texts: list[tuple[int, str]] = field(default_factory=list)

    def touched(
        self, data: NDArray[np.uint8], offsets: NDArray[np.int64], sources: Sequence[str]
    ) -> NDArray[np.uint8]:
        """1 for each packed document that holds a repeated line."""
        document, line, _ = (
            self.known_lines.pop()
            if self.known_lines
            else line_digests(data, offsets, LONGEST_BYTES)
        )
        places = np.array([int(source) for source in sources], np.int64)[document]
        self._places.append(places)
        self._lines.append(line)
        out = np.zeros(len(offsets) - 1, np.uint8)
        out[document[self.known(line, self.sources[places])]] = 1
        return out

    def remove(self, text: str, source: str) -> list[Edit]:
        """Edits that take repeated lines out of a text."""
        place = int(source)
        self._texts.append((place, text))
        return RepeatedLines(self.within, self.anywhere).remove(text, self.names[place])

    def queries(self) -> LineQueries:
        """All lines that were looked up."""
        document, line, _ = line_digests(*pack([text for _, text in self._texts]), LONGEST_BYTES)
        own = np.array([place for place, _ in self._texts], np.int64)[document]
        places = np.concatenate([*self._places, own]).astype(np.int64)
        lines = np.concatenate([*self._lines, line]).astype(np.uint64)
        order = np.lexsort((lines, places))
        places, lines = places[order], lines[order]
        new = np.ones(len(lines), np.bool_)
        new[1:] = (lines[1:] != lines[:-1]) | (places[1:] != places[:-1])
        places, lines = places[new & (lines != 0)], lines[new & (lines != 0)]
        starts = np.searchsorted(places, np.arange(len(self.sources) + 1))
        answers = self.known(lines, self.sources[places]).astype(np.uint8)
        return LineQueries(self.sources, starts.astype(np.int64), lines, answers)
