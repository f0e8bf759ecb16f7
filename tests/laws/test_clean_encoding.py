"""The encoding step against ftfy itself: same text out, on anything."""

from __future__ import annotations

import gzip
import json
import string
from pathlib import Path

import ftfy
import pytest
from ftfy.badness import BADNESS_RE
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from scrub.clean import encoding
from scrub.clean.changes import Draft, replay
from scrub.clean.text import clean_text
from scrub.config import CleanSettings

SHARED = Path(__file__).parents[3] / "shared"
ALONE = CleanSettings(layout=False, boilerplate=False, uncurl_quotes=True)

words = st.sampled_from(
    ["the", "café", "naïve", "“quoted”", "it’s", "£5", "—", "…", "AT&T", "&amp;", "&#160;", "<SRD>",
     "Ünïcödé", "ﬁne", "ＷＩＤＥ", "日本語", "Привет", "مرحبا", "e\u0301", "\x85", "\x1b[31m", "\r",
     "\u2028", "\ud83d\udca9", "\ud800", "\xa0", "\u200b", "\x07", "Â", "à la", "œuf", "ŒUVRE"]
)  # fmt: skip
sentences = st.lists(words, max_size=12).map(" ".join)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """Lines, some of which were decoded wrongly once or twice."""
    lines = []
    for line in draw(st.lists(sentences | st.text(max_size=20), max_size=5)):
        for _ in range(draw(st.integers(0, 2))):
            codec = draw(st.sampled_from(["latin-1", "cp1252", "cp1251", "mac-roman"]))
            line = line.encode("utf-8", "replace").decode(codec, "replace")
        lines.append(line)
    return "\n".join(lines)


def fixed(text: str, *, uncurl_quotes: bool) -> str:
    draft = Draft(text)
    draft.apply("encoding", encoding.fix_encoding(text, uncurl_quotes=uncurl_quotes))
    assert replay(text, draft.changes) == draft.text
    return draft.text


def by_ftfy(text: str, *, uncurl_quotes: bool = False) -> str:
    return ftfy.fix_text(text, uncurl_quotes=uncurl_quotes, fix_character_width=False)


@settings(max_examples=300)
@example("\nÂ the", False)  # bad at the start of a line only
@example("5»\nÂ theâ", False)
@example("a < b\nAT&amp;T", False)  # no entity after a bracket
@example("AT&amp;T\na < b", False)
@given(damaged(), st.booleans())
def test_the_step_equals_ftfy(text: str, uncurl_quotes: bool) -> None:
    assume(not encoding.QUOTED.search(text))
    expected = by_ftfy(text, uncurl_quotes=uncurl_quotes)
    assert fixed(text, uncurl_quotes=uncurl_quotes) == expected


@settings(max_examples=300)
@given(st.text(max_size=30), st.booleans())
def test_a_text_proven_sound_is_one_ftfy_leaves_alone(text: str, uncurl_quotes: bool) -> None:
    if not encoding.needs_ftfy(text, uncurl_quotes=uncurl_quotes):
        assert by_ftfy(text, uncurl_quotes=uncurl_quotes) == text


@pytest.mark.parametrize("text", ["ka thënë se unë”“Ja", "un bel été’”, dit-elle", "blå”– nej"])
def test_the_marks_of_a_quotation_are_no_broken_character(text: str) -> None:
    assert fixed(text, uncurl_quotes=False) == text
    garbled = "日本語".encode().decode("cp1252")
    assert "日本語" in fixed(f"{text} {garbled}", uncurl_quotes=False)


def test_plain_characters_alone_are_never_mojibake() -> None:
    around = ["", *string.printable]
    for character in encoding.PLAIN:
        for before in around:
            for after in around:
                for far in ("", " ", "a", "A"):
                    text = f"{far}{before}{character}{after}{far}"
                    assert not BADNESS_RE.search(text), text


@pytest.mark.parametrize("first", ["", "a", " ", "A", "é", "Ã", "™"])
def test_each_character_by_itself(first: str) -> None:
    for code in [*range(0x3000), *range(0xD7F0, 0xE010), *range(0xF900, 0x10010), 0x1F4A9]:
        text = f"{first}{chr(code)} b"
        if not encoding.needs_ftfy(text):
            assert by_ftfy(text) == text, hex(code)


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason="no labelled data here")
def test_a_real_corpus_comes_out_as_ftfy_makes_it() -> None:
    with gzip.open(SHARED / "eval/near50k/docs.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            text = json.loads(line)["text"]
            if text.isascii() and "&" not in text and text.isprintable():
                continue  # ftfy itself returns such a text at once
            assert fixed(text, uncurl_quotes=False) == by_ftfy(text)


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="no labelled data here")
def test_every_case_that_ftfy_passes() -> None:
    path = SHARED / "eval/encoding/ftfy_cases.jsonl"
    for line in path.read_text(encoding="utf-8").rstrip("\n").split("\n"):
        case = json.loads(line)
        if case["expect"] == "pass":
            cleaned = clean_text(case["original"], ALONE).text
            assert cleaned == case["fixed"], case["label"]
