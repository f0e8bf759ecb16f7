"""Markup to text, in a worker process that is killed when a page takes too long."""

from __future__ import annotations

from typing import Any

from scrub.read.stream import UnreadableError


class Extractor:
    """Extracts text from markup."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __call__(self, html: str, *, page: bool) -> tuple[str, dict[str, Any]]:
        """Text and metadata; raises UnreadableError."""
        raise UnreadableError("html-failed", "not yet")

    def close(self) -> None:
        """End the worker."""
