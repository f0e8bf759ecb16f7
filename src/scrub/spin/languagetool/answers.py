"""What LanguageTool answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, frozen=True)
class Match:
    """An error in a sentence; `start` and `end` count the sentence's code points.

    `replacement` is the first that LanguageTool proposes, empty where it proposes none.
    """

    rule: str
    start: int
    end: int
    replacement: str
