"""Text of another script whose legacy bytes were read as Latin-1 or Windows-1252: all or nothing.

Such a text (`Àäìèíèñòðàöèÿ` for Администрация) is garbled throughout.  ftfy knows mojibake of
UTF-8 alone: what it finds in one is chance, and every character it changes is a byte that cannot
be turned back any more.  So the text is decoded whole where the guess of its encoding is sure, and
otherwise left wholly as it is.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter

from scrub.clean.changes import Edit

# What Windows-1252 shows for the bytes 0x80 to 0x9F; all other characters below U+0100 are bytes.
_SHOWN = {bytes([byte]).decode("cp1252", "ignore"): byte for byte in range(0x80, 0xA0)}
_BYTES = {ord(shown): chr(byte) for shown, byte in _SHOWN.items() if shown}
_HIGH = re.compile(f"[\x80-\xff\ufffd{''.join(_SHOWN)}]")
_ASCII_LETTERS = string.ascii_letters.encode()

# Set by hand.  Of the letters of Latin-script languages at most one in five is beyond ASCII
# (Icelandic, Vietnamese), of Shift-JIS and Big5 read as Latin-1 three in four; a third is between.
_MIN_SHARE = 0.35
_MIN_CHARACTERS = 10
# The two commonest letters of a text make up at most this much of it; the first bytes of UTF-8
# more, also where UTF-8 was garbled twice.
_MAX_LEADING = 0.4
# So many of its bytes can be no UTF-8 in UTF-8 that lost some; in Shift-JIS half are by chance.
_MAX_BROKEN = 0.25
# A guess from fewer bytes beyond ASCII can be wrong, by trial on 13 languages: with one byte a
# letter from about 20 on none was, with two (EUC-KR for Shift-JIS) some at 50.
_MIN_BYTES = 40
_MIN_BYTES_WIDE = 120
_MIN_CONFIDENCE = 0.9
# Thai, too: EUC-KR is taken for it.
_WIDE = re.compile("[\u0e00-\u0e7f\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff]")
_ODD = frozenset({"Cc", "Cn", "Co", "Cs"})


def is_garbled(text: str) -> bool:
    """Whether the text is throughout what Latin-1 or Windows-1252 makes of another script's bytes.

    Not UTF-8 read so: that is ftfy's.
    """
    if text.isascii():
        return False
    high = _HIGH.findall(text)
    leading = sum(number for _, number in Counter(high).most_common(2))
    if len(high) < _MIN_CHARACTERS or leading > _MAX_LEADING * len(high):
        return False
    plain = text.encode("ascii", "ignore")
    letters = len(plain) - len(plain.translate(None, _ASCII_LETTERS))
    if len(high) < _MIN_SHARE * (len(high) + letters):
        return False  # nearly all texts
    others = sum(char.isalpha() for char in text if not char.isascii()) - sum(
        char.isalpha() for char in high
    )
    if len(high) < _MIN_SHARE * (len(high) + letters + others):
        return False
    import ftfy.bad_codecs

    ftfy.bad_codecs.ok()
    data = text.translate(_BYTES).encode("latin-1", "replace")
    broken = data.decode("utf-8-variants", "replace").count("\ufffd")
    return broken > _MAX_BROKEN * len(high)


def repair_text(text: str) -> list[Edit]:
    """The one edit that makes of a garbled text what its bytes say; none where that is not sure."""
    from scrub.read.guess import guess

    try:
        data = text.translate(_BYTES).encode("latin-1")
    except UnicodeEncodeError:  # bytes were lost
        return []
    found = guess(data)
    if found is None or found[1] < _MIN_CONFIDENCE:
        return []
    try:
        decoded = data.decode(found[0])
    except UnicodeDecodeError:
        return []
    high = sum(byte > 127 for byte in data)
    enough = _MIN_BYTES_WIDE if _WIDE.search(decoded) else _MIN_BYTES
    odd = any(unicodedata.category(char) in _ODD and char not in "\t\n\r" for char in decoded)
    if high < enough or odd or is_garbled(decoded):
        return []
    return [Edit(0, len(text), decoded, "legacy-encoding")]
