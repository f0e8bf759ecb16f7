"""One text from a file or standard input, for `scrub clean` and `scrub check -`."""

from __future__ import annotations

import sys
from pathlib import Path

from scrub.cli.annotations import printable
from scrub.document import Change
from scrub.errors import InputError
from scrub.read.encoding import Decoder
from scrub.read.html import decode_page
from scrub.read.markup import begins_page
from scrub.read.stream import UnreadableError


def read_one(name: str) -> str:
    """The text of a file, or of standard input where `name` is `-`; of a web page its article.

    Raises InputError where it cannot be read or is no text.
    """
    if name == "-" and sys.stdin.isatty():
        print("scrub: reading from the terminal; end with Ctrl-D", file=sys.stderr)
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        if begins_page(data):
            return _article(decode_page(data, Decoder()).text, name)
        return Decoder().decode(data).text
    except OSError as error:
        raise InputError(f"{name}: {error.strerror}") from error
    except UnreadableError as error:
        place = "standard input" if name == "-" else name
        raise InputError(f"{place}: {error.detail}; give a text or a web page") from None


def _article(page: str, name: str) -> str:
    from scrub.clean.html import extract

    try:
        text = extract(page)[0]
    except Exception as error:  # parsers raise what they like on a broken page
        raise InputError(f"{name}: this page cannot be read: {error!r}") from error
    if not text:
        raise InputError(f"{name}: there is no article in this page")
    return text


def printable_change(change: Change) -> str:
    """One change as a line that can do no harm to a terminal."""
    place = f"{change.start}-{change.end} {change.stage}/{change.rule}"
    return printable(f"{place}: {change.before!r} -> {change.after!r}")
