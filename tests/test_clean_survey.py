"""What the compiled look at a batch finds, bit for bit: too little harms, too much costs time."""

from __future__ import annotations

import numpy as np
import pytest

from scrub.clean import quality, survey
from scrub.clean.lines import LONGEST
from scrub.clean.text import BREAKS, CHARACTERS, GLUED, LINES, PAGE, SPACES

MILL = "The old mill stood here."
HELD = "a" * (LONGEST - 2)


@pytest.mark.parametrize(
    ("line", "ends"),
    [
        ("a", 0), ("a.", 1), ("a!", 1), ("a?", 1), ("a,", 0), (".", 1), ("", 0),
        ("..", 1), ("...", 2), ("a...", 2), ("a..", 1), (".a.", 1), ("..a", 0), ("a..!", 1),
        ("…", 2), ("a…", 2), ("a…b", 0), ("a–", 0), ("aЦ", 0), ("a゠", 0),
        ('a."', 1), ("a.”", 1), ("a.)", 1), ("a.”)", 1), ("a)", 0), (")", 0), ("a...)", 1),
        ("a…”", 0), ("(a.) b", 0), ("a。", 1), ("a。」", 1), ("。", 1), ("a।", 1), ("a.é", 0),
        ("a.é)", 0), ("a.日", 0), ("a۔", 1), ("é", 0), ("a.𐍈", 0),
    ],
)  # fmt: skip
def test_how_a_line_ends(line: str, ends: int) -> None:
    data = np.frombuffer(f"..{line}..".encode(), np.uint8)
    assert survey.line_end(data, 2, len(data) - 2) == ends


@pytest.mark.parametrize(
    ("text", "bits"),
    [
        ("", 0), (MILL, 0), (f"{MILL}\n\n{MILL}\n\n{MILL}", 0), (f"{MILL}\n{MILL}", 0),
        # space
        (f" {MILL}", SPACES), (f"{MILL} ", SPACES | LINES), (f"{MILL}\n", SPACES),
        (f"\n{MILL}", SPACES), ("The old  mill stood here.", SPACES),
        ("The old\tmill stood here.", SPACES), (f"{MILL}\n {MILL}", SPACES),
        (f"{MILL} \n\n{MILL}", SPACES | LINES), (f"{MILL}\n\n\n{MILL}", SPACES),
        (f"{MILL}\n\n\n\n{MILL}", SPACES),
        # characters
        ("The old\x07mill stood here.", CHARACTERS), ("The old\x7fmill stood.", CHARACTERS),
        ("The café stood here.", CHARACTERS), ("The mill’s “old” – here…", LINES),
        ("The “old” mill — it cost £5 – stood…here.", 0), ("The ‘’ mill stood.", CHARACTERS),
        ("The 日 stood here.", CHARACTERS | LINES), ("The 𐍈 stood here.", CHARACTERS | LINES),
        ("The © stood here.", CHARACTERS | LINES), ("The ¢ stood here.", CHARACTERS),
        ("The Ͽ stood here.", CHARACTERS), ("The Ѐ stood here.", CHARACTERS | LINES),
        ("The ạ stood here.", CHARACTERS | LINES), ("The Ⰰ stood here.", CHARACTERS),
        ("Smith & Sons stood here.", 0), ("Smith &amp; Sons stood here.", CHARACTERS),
        # lines by what they say
        ("Our newsletter stood here.", LINES), ("Read all that stood here.", LINES),
        ("They read all that stood here.", 0), ("READ all that stood here.", LINES),
        ("“Read all that stood here.”", LINES), ("It is (newsletter).", LINES),
        ("Newsletter-like mills stood here.", LINES), ("Reader, it stood here.", 0),
        ("Date it as you will.", LINES), ("Duke it out here.", LINES), ("Dark ages end.", 0),
        # lines without an end
        ("The old mill", LINES), ("The old mill...", LINES), (f"{MILL}\n\nThe mill", LINES),
        (f"x{HELD}x", LINES), (f"x{HELD}ax", 0), (f"é{HELD}ax", CHARACTERS | LINES),
        (f"x{HELD}aé", CHARACTERS | LINES), (f"x{HELD}aÀ", CHARACTERS | LINES),
        (f"x{'é' * len(HELD)}x", CHARACTERS | LINES),
        (f"x{'é' * len(HELD)}éx", CHARACTERS), (f"x{'日' * len(HELD)}x", CHARACTERS | LINES),
        (f"x{'日' * len(HELD)}日x", CHARACTERS), (f"x{'𐍈' * len(HELD)}x", CHARACTERS | LINES),
        (f"x{'𐍈' * len(HELD)}𐍈x", CHARACTERS), (f"{HELD}it stood here.", 0),
        # broken lines
        ("The old\nmill stood here.", LINES | BREAKS), ("The old\n\nmill stood here.", LINES),
        ("The old mill...\nIt stood here.", LINES | BREAKS), ("?", BREAKS), ("??", 0),
        (f"{MILL}\n?", BREAKS), (f"The old\n\n{MILL}\n{MILL}", LINES), ("é", 13),
        # pages and glued words
        ("\n\n".join(["Old mill"] * 5), LINES), ("\n\n".join(["Old mill"] * 6), LINES | PAGE),
        ("\n\n".join(["Old mill"] * 7), LINES | PAGE), ("WorI mill", LINES | GLUED),
        ("WoI mill", LINES), ("worI mill", LINES), ("Worl mill", LINES), ("Worl", LINES),
        ("WorI stood here.", 0), ("AaaA", LINES | GLUED), ("ZzzZ", LINES | GLUED),
        ("@aaA", LINES), ("[aaA", LINES), ("AaaA b", LINES | GLUED), ("Aaa@", LINES),
        ("Aaa[", LINES), ("A`aA", LINES), ("A{aA", LINES), ("WorldIran", LINES | GLUED),
        ("The WorI", LINES),
    ],
)  # fmt: skip
def test_what_a_text_needs(text: str, bits: int) -> None:
    """Also behind another text, before one, and where one stands between itself."""
    found = survey.suspects(*survey.pack([text, MILL, text]))
    assert found.tolist() == [bits, 0, bits]


@pytest.mark.parametrize(
    ("text", "is_entity"),
    [
        ("&amp;", True), ("&a;", True), ("&z;", True), ("&A;", True), ("&Z;", True), ("&0;", True),
        ("&9;", True), ("&#38;", True), ("&#x26;", True), ("&;", False), ("&#;", False),
        ("& amp;", False), ("&a b;", False), ("&/;", False), ("&:;", False), ("&`;", False),
        ("&{;", False), ("&@;", False), ("&[;", False), ("&amp", False), ("&", False),
        ("&#", False), (f"&{'a' * 24};", True), (f"&{'a' * 25};", False), ("&##1;", False),
    ],
)  # fmt: skip
def test_what_could_be_an_entity(text: str, is_entity: bool) -> None:
    data = np.frombuffer(f"x{text}".encode(), np.uint8)
    assert survey._is_entity(data, 1, len(data)) is is_entity


def test_quotes_are_a_reason_to_look_closer_where_they_are_to_be_uncurled() -> None:
    packed = survey.pack(["The mill’s here.", MILL])
    assert survey.suspects(*packed).tolist() == [0, 0]
    assert survey.suspects(*packed, uncurl_quotes=True).tolist() == [CHARACTERS, 0]


def test_each_word_of_a_table_is_found_with_its_bits_and_no_other() -> None:
    words = [f"w{number}" for number in range(700)]  # of 1,024 slots: many are taken
    keys, kinds = survey.word_table(((words, 1), (words[::7], 2), (["w3", "w3"], 1)))
    digests = keys[keys > 0]
    assert len(digests) == len(words)
    assert np.bincount(kinds[keys > 0]).tolist() == [0, 600, 0, 100]
    for digest in digests:
        assert survey.look_up(keys, kinds, digest) == kinds[keys == digest][0]
        assert survey.look_up(keys, kinds, digest + np.uint64(1)) == 0


WORDS = ("words", "distinct words", "word characters")
A_LINE = {"lines": 1}


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("", {}), (" \n\t\n", {}),
        ("mill", dict.fromkeys(WORDS[:2], 1) | A_LINE | {"word characters": 4}),
        ("Mill mill. MILL", {"words": 3, "distinct words": 1, "word characters": 13, "lines": 1,
                             "sentences": 1, "capital words": 1}),
        ("42 A -- 4a", {"words": 4, "distinct words": 3, "word characters": 7, "lines": 1,
                        "words without a letter": 2, "function words": 1}),
        ("é # ... .. . a.b", {
            "words": 6, "distinct words": 2, "word characters": 11, "lines": 1, "symbols": 3,
            "words without a letter": 4, "characters outside ASCII": 1, "sentences": 2,
        }),
        ("* mill\n- mill\n• mill\n— mill", {
            "words": 8, "distinct words": 3, "word characters": 20, "lines": 4, "bullet lines": 3,
            "words without a letter": 2, "characters outside ASCII": 2, "repeated lines": 1,
        }),
        ("Mill.\n\nmill \nWheel…\n wheel...", {
            "words": 4, "distinct words": 3, "word characters": 23, "lines": 4, "sentences": 1,
            "ended lines": 1, "ellipsis lines": 2, "repeated lines": 1, "symbols": 1,
            "characters outside ASCII": 1,
        }),
        ('"Mill!" said.) it; mill: 1. A', {
            "words": 6, "distinct words": 5, "word characters": 24, "lines": 1, "sentences": 3,
            "function words": 2, "words without a letter": 1,
        }),
    ],
)  # fmt: skip
def test_what_a_text_counts(text: str, counts: dict[str, int]) -> None:
    found = quality.count_signals(*survey.pack(["Another.", text, "One more"]))
    shown = dict(zip(quality.COUNTS, found[1].tolist(), strict=True))
    assert {name: count for name, count in shown.items() if count} == counts
