"""One text from a file or standard input, for `scrub clean` and `scrub check -`."""

from __future__ import annotations

import sys
from pathlib import Path

from scrub.annotations import printable
from scrub.document import Change
from scrub.errors import InputError
from scrub.read.encoding import Decoder
from scrub.read.html import decode_page
from scrub.read.stream import UnreadableError

_PAGE = (b"<!doctype html", b"<html")


def read_one(name: str) -> str:
    """The text of a file, or of standard input where `name` is `-`; of a web page its article.

    Raises InputError where it cannot be read or is no text.
    """
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        if data.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_PAGE):
            from scrub.clean.html import extract

            return extract(decode_page(data, Decoder()).text)[0]
        return Decoder().decode(data).text
    except OSError as error:
        raise InputError(f"{name}: {error.strerror}") from error
    except UnreadableError as error:
        place = "standard input" if name == "-" else name
        raise InputError(f"{place}: {error.detail}; give a text or a web page") from None


def printable_change(change: Change) -> str:
    """One change as a line that can do no harm to a terminal."""
    place = f"{change.start}-{change.end} {change.stage}/{change.rule}"
    return printable(f"{place}: {change.before!r} -> {change.after!r}")
