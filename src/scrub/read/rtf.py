"""Rich Text Format (`.rtf`): one document a file, by striprtf, which keeps the text alone.

What striprtf searches with patterns that a file made for it could keep busy for hours, field
instructions and the table of fonts, is brought into a short form before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrub.read.encoding import Decoder, sound
from scrub.read.exports import articles
from scrub.read.keyed import may_hold_articles
from scrub.read.record import Builder, Result, document
from scrub.read.stream import Input, UnreadableError, whole

_CODE_PAGE = re.compile(rb"\\ansicpg(\d{1,5})")
_FONT = re.compile(r"\\f(\d{1,5})[^;{}]{0,80}?\\fcharset(\d{1,3})")
_FIELD = re.compile(r"(\\fldinst)\{", re.IGNORECASE)


def read_rtf(file: Input, build: Builder) -> Iterator[Result]:
    """The text of the file, or of each of its articles; a line is a paragraph.

    Raises UnreadableError.
    """
    from striprtf.striprtf import font_table_group, rtf_to_text

    data = whole(file.chunks, build.max_record)
    if not data.lstrip().startswith(b"{\\rtf"):
        raise UnreadableError("damaged", "no Rich Text Format: it does not begin with {\\rtf")
    found = _CODE_PAGE.search(data)
    decoded = Decoder().decode(data, f"cp{int(found[1])}" if found else "cp1252")
    markup = _FIELD.sub(r"\1 {", decoded.text)
    if fonts := font_table_group(markup):  # type: ignore[no-untyped-call]
        short = "".join(f"{{\\f{font}\\fcharset{of} x;}}" for font, of in _FONT.findall(fonts))
        markup = markup.replace(fonts, f"{{\\fonttbl{short}}}", 1)
    try:
        text: str = rtf_to_text(markup, errors="replace")  # type: ignore[no-untyped-call]
        # What Unicode has beyond 16 bits is two escapes.
        text = sound(text)
    except (LookupError, TypeError, ValueError) as error:
        raise UnreadableError("damaged", f"no sound Rich Text Format: {error}") from None
    if several := articles(text):
        yield from build.each(several, file, decoded.metadata())
    else:
        note = decoded.metadata() | may_hold_articles(text)
        yield document(text.strip(), file.place(), note)
