"""Characters that nobody sees: zero-width ones, direction marks, exotic spaces.

Text in other scripts stays intact: joiners are taken out only between Latin letters, direction
marks only where nothing is written from right to left.
"""

from __future__ import annotations

import re

from scrub.clean.changes import Edit

# Always without meaning in running text: zero-width space, word joiner, BOM, soft hyphen.
_INVISIBLE = "\u200b\u2060\ufeff\u00ad\u180e"
_JOINERS = "\u200c\u200d"
_DIRECTION = "\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069"
_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f"

SUSPECT = re.compile(f"[{_INVISIBLE}{_JOINERS}{_DIRECTION}{_SPACES}]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff]")
_LATIN = re.compile(
    f"(?<=[A-Za-z0-9.,;:!?\u00c0-\u024f ])[{_JOINERS}]+(?=[A-Za-z0-9\u00c0-\u024f ])"
)
_RUN = re.compile(f"[{_INVISIBLE}]+")
_MARKS = re.compile(f"[{_DIRECTION}]+")
_EXOTIC = re.compile(f"[{_SPACES}]")


def remove_invisible(text: str) -> list[Edit]:
    """Edits that take out the characters nobody sees, where the script does not need them."""
    if text.isascii() or not SUSPECT.search(text):
        return []
    edits = [Edit(m.start(), m.end(), "", "invisible") for m in _RUN.finditer(text)]
    edits += [Edit(m.start(), m.end(), "", "invisible") for m in _LATIN.finditer(text)]
    if not _RIGHT_TO_LEFT.search(text):
        edits += [Edit(m.start(), m.end(), "", "direction-mark") for m in _MARKS.finditer(text)]
    return edits


def plain_spaces(text: str) -> list[Edit]:
    """Edits that turn exotic spaces, such as the no-break space, into plain ones."""
    if text.isascii() or not SUSPECT.search(text):
        return []
    return [Edit(m.start(), m.end(), " ", "space") for m in _EXOTIC.finditer(text)]
