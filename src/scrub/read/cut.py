"""What APIs put at the end of a text that they cut."""

from __future__ import annotations

import re

# `[+1423 chars]`, `... (1,423 characters left)`: what APIs put at the end of a text that they cut.
# A count in parentheses alone may be an author's, so that it needs an ellipsis, a plus or a word.
_CUT = re.compile(
    r"(?:\s*\[\s?\+?|(?<=…)\s*\(|(?<=\.\.\.)\s*\(|\s*\((?=\s?\+|[^()]{3,40}\s(?:more|left|truncated)\b"
    r"|[^()]{1,20}\smore\s)\s?\+?)\s?\d[\d,. ]{0,12}\s?(?:more\s|weitere\s|autres\s|m[aá]s\s)?"
    r"(?:chars?|characters?|words?|bytes|Zeichen|W[oö]rter|caract[eè]res?|caracteres|caratteri|mots|"
    r"palabras|tekens|знак(?:ов|а)?|символ(?:ов|а)?)"
    r"(?:\s(?:more|left|remaining|truncated|omitted|hidden))?\s?[\])]\s*\Z",
    re.IGNORECASE,
)
_END = 80  # characters at the end of a text among which that stands


def cut_mark(text: str) -> re.Match[str] | None:
    """The count at the end of a text of what was cut off."""
    if text[-_END:].rstrip()[-1:] not in ("]", ")"):
        return None
    return _CUT.search(text, max(0, len(text) - _END))


def is_cut(text: str) -> bool:
    """Whether a text ends where somebody cut it off."""
    return text.rstrip().endswith(("…", "...", "[…]", "[...]")) or cut_mark(text) is not None
