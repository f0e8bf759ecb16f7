"""Many spans of one cleaned text, mapped back to its source: each in the logarithm of the log."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate

from scrub.clean.changes import runs, source_span
from scrub.document import Change


class SourceSpans:
    """`source_span` for one log of changes.

    In a run the changes stand one behind the other, so those that end before a span only shift it,
    by a sum that is known, and those that begin behind it do nothing.
    """

    def __init__(self, changes: Sequence[Change]) -> None:
        self._runs = []
        for run in reversed(list(runs(changes))):
            ascending = run[::-1]
            grown = [len(change.before) - len(change.after) for change in ascending]
            shifts = list(accumulate(grown, initial=0))
            ends = [
                change.start + len(change.after) - shift
                for change, shift in zip(ascending, shifts, strict=False)
            ]
            self._runs.append((ascending, shifts, ends))

    def __call__(self, start: int, end: int) -> tuple[int, int]:
        """The span of the source text from which the cleaned span `[start, end)` came."""
        for changes, shifts, ends in self._runs:
            first = last = bisect_left(ends, start)
            start, end = start + shifts[first], end + shifts[first]
            reach = end
            while last < len(changes) and changes[last].start <= reach:
                reach += max(0, len(changes[last].before) - len(changes[last].after))
                last += 1
            start, end = source_span(changes[first:last][::-1], start, end)
        return start, end
