"""What LanguageTool answers, and what is recorded about asking it."""

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


@dataclass(slots=True)
class LanguageToolReport:
    """What LanguageTool did in a run, for `run.json`.

    `outcome` is `done`, `off` (not wanted), `skipped: WHY` (nothing was checked) or `partial: WHY`
    (`unchecked` of the sentences have no answer).  `sentences` counts different ones, `cached`
    those whose answer was known, `requests` the texts sent, `restarts` how often the server had
    to be started again.
    """

    outcome: str = "off"
    version: str = ""
    sentences: int = 0
    cached: int = 0
    unchecked: int = 0
    requests: int = 0
    restarts: int = 0
    seconds: float = 0.0
    cache: str = ""
