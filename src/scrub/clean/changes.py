"""The change log: every edit of a text is data that can be replayed, undone and mapped through.

A stage proposes `Edit`s against the text as it stands; `Draft.apply` makes them from right to
left and logs each as a `Change`, so a stage's changes never move each other and the log still
reads in order: `text[:start] + after + text[end:]`, one change after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from scrub.document import Change


class Edit(NamedTuple):
    """A replacement of `text[start:end]` by `after`, proposed by `rule`."""

    start: int
    end: int
    after: str
    rule: str


@dataclass(slots=True)
class Draft:
    """A text under repair, with the log of what was done to it."""

    text: str
    changes: list[Change] = field(default_factory=list)
    _idle: set[Callable[..., Iterable[Edit]]] = field(default_factory=set)  # steps, on this text

    def take(
        self, stage: str, step: Callable[..., Iterable[Edit]], *given: object, **named: object
    ) -> None:
        """Make the edits of a step, unless it has had none since the text changed last.

        What it is given beside the text must be the same each time.
        """
        if step not in self._idle and not self.apply(stage, step(self.text, *given, **named)):
            self._idle.add(step)

    def apply(self, stage: str, edits: Iterable[Edit]) -> bool:
        """Make the edits, which must not overlap, and log them; true when the text changed."""
        ordered = sorted(edits, key=lambda edit: (edit.start, edit.end))
        made: list[Change] = []
        pieces: list[str] = []
        position = 0
        for edit in ordered:
            before = self.text[edit.start : edit.end]
            if before == edit.after:
                continue
            if edit.start < position:
                raise ValueError(f"overlapping edits at {edit.start} ({stage}/{edit.rule})")
            pieces += (self.text[position : edit.start], edit.after)
            position = edit.end
            made.append(Change(stage, edit.rule, edit.start, edit.end, before, edit.after))
        if not made:
            return False
        pieces.append(self.text[position:])
        self.text = "".join(pieces)
        self.changes += reversed(made)
        self._idle.clear()
        return True


def replay(text: str, changes: Sequence[Change]) -> str:
    """The text after the changes.

    Raises ValueError where a change does not find its `before`.  Runs of changes that go from
    right to left, as a stage logs them, are made in one pass, so a log is replayed in time linear
    in the text for each stage.
    """
    for run in runs(changes):
        pieces: list[str] = []
        position = 0
        for change in reversed(run):
            if text[change.start : change.end] != change.before:
                raise ValueError(f"{change.stage}/{change.rule} at {change.start}: other text here")
            pieces += (text[position : change.start], change.after)
            position = change.end
        pieces.append(text[position:])
        text = "".join(pieces)
    return text


def undo(text: str, changes: Sequence[Change]) -> str:
    """The text before the changes: `undo(replay(text, changes), changes) == text`."""
    for run in reversed(list(runs(changes))):
        pieces: list[str] = []
        position = shift = 0
        for change in reversed(run):
            start = change.start + shift
            pieces += (text[position:start], change.before)
            position = start + len(change.after)
            shift += len(change.after) - len(change.before)
        pieces.append(text[position:])
        text = "".join(pieces)
    return text


def source_span(changes: Sequence[Change], start: int, end: int) -> tuple[int, int]:
    """The span of the source text from which the cleaned span `[start, end)` came.

    A border inside a replaced passage is moved to the border of that passage, so the source span
    always covers what the cleaned span shows.
    """
    for change in reversed(changes):
        after_end = change.start + len(change.after)
        grown = len(change.before) - len(change.after)
        empty = start == end
        if start >= after_end and (start > change.start or not change.after):
            # an insertion or a removal that ends where the span begins stays outside of it
            start += grown
        elif start > change.start:
            start = change.start
        if empty:
            end = max(start, end + grown if end >= after_end else min(end, change.start))
        elif end > change.start:
            end = end + grown if end >= after_end else change.end
    return start, max(start, end)


def runs(changes: Sequence[Change]) -> Iterable[Sequence[Change]]:
    """The log cut into runs in which each change ends before the one logged before it starts."""
    begin = 0
    for index in range(1, len(changes) + 1):
        if index == len(changes) or changes[index].end > changes[index - 1].start:
            yield changes[begin:index]
            begin = index
