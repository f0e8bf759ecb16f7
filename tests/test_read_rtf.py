"""Rich Text Format as word processors write it, and as nobody should."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from scrub.config import ReadSettings
from scrub.document import Document, Rejection
from scrub.read import read

if TYPE_CHECKING:
    from pathlib import Path


def read_one(folder: Path, data: bytes) -> Document | Rejection:
    (folder / "a.rtf").write_bytes(data)
    (result,) = read([folder], ReadSettings())
    return result


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (
            rb"{\rtf1\ansi\ansicpg1252 Caf\'e9 \u8211- \ldblquote shut\rdblquote.\par}",
            "Café – “shut”.",
        ),
        (rb"{\rtf1\ansi One\par\par Two {\b bold}\par}", "One\n\nTwo bold"),
        (rb"{\rtf1\ansi\ansicpg1251\'c4\'e0, \'e4\'e0.}", "Да, да."),
        (rb"{\rtf1{\fonttbl{\f0 A;}{\f1\fcharset128 \'82\'6c;}}\f1\'93\'fa\'96\'7b}", "日本"),
        (rb"{\rtf1 A wave \u-10180?\u-8438?}", "A wave \U0001f30a"),
        (rb"{\rtf1{\info{\title No}}{\header No}{\*\generator No;}Yes{\footnote No}}", "Yes"),
        (
            rb'{\rtf1 The {\field{\*\fldinst{HYPERLINK "http://a.example"}}{\fldrslt quay}}}',
            "The quay",
        ),
        ("{\\rtf1\\ansi Raw é.}".encode(), "Raw é."),
        ("{\\rtf1\\ansi\\ansicpg1250 Raw ł.}".encode("cp1250"), "Raw ł."),
    ],
)
def test_the_text_alone_is_read(markup: bytes, text: str, tmp_path: Path) -> None:
    result = read_one(tmp_path, markup)
    assert isinstance(result, Document), result
    assert result.text == text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"Dear reader, this is a letter.", "damaged"),
        (rb"{\rtf1 \u99999999?}", "damaged"),
        (rb"{\rtf1 \uc x}", "damaged"),
        (rb"{\rtf1{\pict\bin x}}", "damaged"),
        (rb"{\rtf1{\fonttbl{\f0 Arial;}} }", "empty"),
    ],
)
def test_what_is_no_text_is_rejected(data: bytes, reason: str, tmp_path: Path) -> None:
    result = read_one(tmp_path, data)
    assert isinstance(result, Rejection)
    assert result.reason == reason


@pytest.mark.parametrize(
    "unit",
    [
        rb'{\field{\*\fldinst{HYPERLINK ""}} {a ',
        rb"{\fonttbl\f1\fcharset0",
        rb"\f1\fcharset0",
        rb"\f1 ",
        rb"\'e9",
        b"{",
    ],
)
def test_a_file_made_to_be_slow_is_not(unit: bytes, tmp_path: Path) -> None:
    """Ten times the size takes about ten times as long: a pattern that tries again takes 100."""

    def seconds(size: int) -> float:
        before = time.process_time()
        read_one(tmp_path, rb"{\rtf1{\fonttbl" + unit * (size // len(unit)))
        return time.process_time() - before

    seconds(1_000)  # loads the module
    assert seconds(300_000) < 40 * max(seconds(30_000), 0.02)
