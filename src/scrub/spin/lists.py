"""The lists that are searched for beside what a corpus teaches: substitutions, known phrases."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrub.config import SpinSettings
    from scrub.spin.lexicon import Lexicon
    from scrub.spin.phrases import Phrases


def require(settings: SpinSettings) -> None:
    """Raise InputError where a list that the settings name cannot be used."""
    given_substitutions(settings)
    known_phrases(settings)


def known_substitutions(learned: Lexicon, settings: SpinSettings) -> Lexicon:
    """The substitutions that are searched for: learned, shipped, given."""
    from scrub.spin import lexicon

    shipped = [lexicon.default()] if settings.default_lexicon else []
    return lexicon.merge(learned, *shipped, *given_substitutions(settings))


def given_substitutions(settings: SpinSettings) -> list[Lexicon]:
    """The lexicon that the settings name, if any.  Raises InputError."""
    if not settings.lexicon:
        return []
    from scrub.spin import lexicon

    return [lexicon.read(Path(settings.lexicon))]


def known_phrases(settings: SpinSettings) -> Phrases | None:
    """The phrases that are searched for: those given, if they are wanted.  Raises InputError."""
    if not settings.phrases or "phrases" not in settings.evidence:
        return None
    from scrub.spin import phrases

    return phrases.read(Path(settings.phrases))
