"""Characters that nobody sees, and widths: zero-width ones, direction marks, exotic spaces.

Text in other scripts stays intact: joiners are taken out only between Latin letters, direction
marks only where nothing is written from right to left, and where no space parts words the
zero-width one does.
"""

from __future__ import annotations

import re
from functools import cache

from scrub.clean.changes import Edit

# Without meaning in running text: zero-width space, word joiner, BOM, soft hyphen.  But the first
# is how words are parted in Thai, Lao, Tibetan, Burmese and Khmer (Unicode 16, section 23.2).
_INVISIBLE = "\u200b\u2060\ufeff\u00ad"
_PARTED = "[\u0e00-\u109f\u1780-\u17ff]"
_JOINERS = "\u200c\u200d"
_DIRECTION = "\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069"
_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f"

SUSPECT = re.compile(f"[{_INVISIBLE}{_JOINERS}{_DIRECTION}{_SPACES}]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff]")
_LATIN = re.compile(
    f"(?<=[A-Za-z0-9.,;:!?\u00c0-\u024f ])[{_JOINERS}]+(?=[A-Za-z0-9\u00c0-\u024f ])"
)
# A soft hyphen that a line was broken at goes with the break.
_RUN = re.compile(
    f"(?<=[^\\W\\d_])\u00ad[ \\t]*\\n[ \\t]*(?=[^\\W\\d_])|"
    f"(?:(?!\u200b(?:(?<={_PARTED}\u200b)[^\\s{_INVISIBLE}]|(?<=\\S\u200b){_PARTED}))[{_INVISIBLE}])+"
)
_MARKS = re.compile(f"[{_DIRECTION}]+")
_EXOTIC = re.compile(f"[{_SPACES}]")
# Bopomofo, Han, kana and Hangul in their usual width: where they stand, full-width marks and digits
# are normal.
_EAST_ASIAN = re.compile("[\u1100-\u11ff\u2e80-\u2fff\u3005-\u3007\u3041-\ud7ff\uf900-\ufaff]")
_MAYBE_WIDE = re.compile("[\u3000\uff01-\uffee]")


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


def ethiopic_stops(text: str) -> list[Edit]:
    """Edits that make the full stop of what is typed as two wordspaces, which look like it."""
    return [Edit(m.start(), m.end(), "።", "stop") for m in re.finditer("፡[ \u00a0]?፡", text)]


def fold_widths(text: str, *, everywhere: bool = False) -> list[Edit]:
    """Edits that turn full-width letters, digits and marks, and half-width kana, into usual ones.

    In a Chinese, Japanese or Korean text they are no damage, and are folded only if `everywhere`.
    """
    if text.isascii() or not _MAYBE_WIDE.search(text):
        return []
    if not everywhere and _EAST_ASIAN.search(text):
        return []
    widths = _widths()
    return [
        Edit(m.start(), m.end(), after, "character-width")
        for m in _MAYBE_WIDE.finditer(text)
        if (after := widths.get(ord(m.group()), m.group())) != m.group()
    ]


@cache
def _widths() -> dict[int, str]:
    from ftfy.chardata import WIDTH_MAP

    return dict(WIDTH_MAP)
