"""Broken lines, verses, hyphens and folded space: each decision from both of its sides."""

from __future__ import annotations

from itertools import pairwise

import pytest

from paragraphs import MORE, PROSE, after
from scrub.clean import (
    layout,
)
from scrub.clean.layout import Line


def block(*texts: str) -> list[Line]:
    return layout.lines_of("\n".join(texts))


@pytest.mark.parametrize(
    ("texts", "is_verse"),
    [
        (["One line", "Two lines"], False),  # two are no verse
        (["One line", "Two lines", "Three lines"], True),
        (["One line", "2 lines", "Three lines"], True),  # figures and capitals
        (["One line.", "2 lines.", "Three lines."], True),
        (["one line", "Two lines.", "three lines."], True),  # begins small
        (["One line", "two lines", "Three lines", "four lines"], True),  # none ends
        (["One line", "two lines", "Three lines.", "four lines"], True),  # one in three
        (["One line", "two lines", "Three lines.", "Four lines."], False),
        (["One line", "two lines", "three lines.", "four lines"], False),  # an end begins small
    ],
)
def test_a_verse(texts: list[str], is_verse: bool) -> None:
    assert layout._is_verse(block(*texts)) is is_verse


WIDE = "The council of the old town met on"  # 34


@pytest.mark.parametrize(
    ("texts", "width"),
    [
        ([WIDE, "monday to agree the new budget of."], 34),
        ([WIDE, "Monday to agree the new budget of."], 0),  # no small letter
        ([WIDE, "monday to agree the new budget of", "which nobody had thought of yet he"], 0),
        ([WIDE, "monday to agree the new budget of", "which nobody had thought of yet h."], 34),
        (["The council met on", "monday to agree the new budget of."], 0),  # not full
        (["x" * 29, "y" * 29 + "."], 30), (["x" * 29, "y" * 29], 0),
        (["x" * 28, "y" * 28 + "."], 0),
        (["x" * 120, "y" * 119 + "."], 120), (["x" * 121, "y" * 119 + "."], 0),
        ([WIDE + ".", "monday to agree the new budget of."], 0),  # every line ends
    ],
)  # fmt: skip
def test_the_width_at_which_a_block_is_wrapped(texts: list[str], width: int) -> None:
    found = block(*texts)
    assert layout._wrap_width(found, list(pairwise(found))) == width


@pytest.mark.parametrize(
    ("left", "right", "goes_on"),
    [("the", "mill", True), ("the", "Mill", False), ("the", "1 mill", False), ("THE", "MILL", True),
     ("THE", "Mill", False), ("the", "(mill", True), ("THE", "1 MILL", True)],
)  # fmt: skip
def test_what_can_stand_inside_a_sentence(left: str, right: str, goes_on: bool) -> None:
    assert layout._goes_on(left, right) is goes_on


@pytest.mark.parametrize(
    ("a", "b", "apart"),
    [
        ("the mill", "  the wheel", True), ("the mill", " the wheel", False),
        ("  the mill", "  the wheel", False), ("  the mill", "   the wheel", True),
        ("the   mill", "the wheel", True), ("the  mill", "the wheel", False),
        ("the mill   ", "the wheel", False), ("the\tmill", "the wheel", True),
        ("the mill\t", "the wheel", False), ("the mill", "1. the wheel", True),
        ("the mill", "the wheel", False),
    ],
)  # fmt: skip
def test_what_begins_something_of_its_own(a: str, b: str, apart: bool) -> None:
    assert layout._parts(a, b) is apart


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("The council of the old town met with the\nmayor.",
         "The council of the old town met with the mayor."),
        ("The mayor of the old town went (\nhe said) home.",
         "The mayor of the old town went (he said) home."),
        ("The mayor of the old town went home\n, he said.",
         "The mayor of the old town went home, he said."),
        ("市議会は火曜日に来年度の予算案を可決した市議会は火曜日に来年度の予算案を\n可決した。",
         "市議会は火曜日に来年度の予算案を可決した市議会は火曜日に来年度の予算案を可決した。"),
        ("The council of the old town met a well-\nknown mayor.",
         "The council of the old town met a well-known mayor."),
        ("The council of the old town met the coun-\ncil.",
         "The council of the old town met the council."),
        ("T\nhe council of the old town met on that day.",
         "The council of the old town met on that day."),
        ("A\nman of the council of the old town met him.",
         "A man of the council of the old town met him."),
        ("The council of the old town met all of the\n\nmayor.", None),
        ("The one | 12\nThe two | 34\nthe three | 56", None),
        ("one  12\ntwo  34\nand so it went for all of the council of the old town.", None),
    ],
)  # fmt: skip
def test_how_broken_lines_are_joined(text: str, joined: str | None) -> None:
    assert after(text, layout.join_lines(text)) == (text if joined is None else joined)


@pytest.mark.parametrize(
    ("head", "tail", "text", "found"),
    [
        ("well", "known", "it is well-known", (False, "")),  # as elsewhere in the text
        ("coun", "cil", "", (True, "")), ("q", "mail", "", (False, "")),
        ("EU", "wide", "", (False, "")), ("xoco", "vant", "the xocovant", (True, "")),
        ("xoco", "vant", "", (False, None)), ("river", "bank", "", (True, "")),
        ("house", "mill", "", (False, "")), ("very", "verywell", "", (False, "")),
    ],
)  # fmt: skip
def test_whose_hyphen_stands_at_the_end_of_a_line(
    head: str, tail: str, text: str, found: tuple[bool, str | None]
) -> None:
    whole = f"{PROSE} {MORE} {text}"
    assert layout._unbroken(head, tail, layout._own_words(whole), whole) == found


def test_the_letters_of_a_text_are_few_enough_for_their_gaps() -> None:
    def joined(text: str) -> str:
        return after(text, layout.join_letters(text))

    assert joined("a\n\n" * 7 + "b\n\nc") == "a " * 7 + "b c"  # eight gaps, nine letters
    many = "a\nb\nc\n\n\nd\n\n\ne\n\n\nf\n\n\ng\nh"
    assert joined(many) == "abc d e f gh"  # eight of each
    more = many.replace("d\n\n\n", "d\n\n\n\n")
    assert joined(more) == more
    assert joined(f"{PROSE}\na\nb\nc\n\nd\ne\nf\ng\nh\n{PROSE}") == f"{PROSE}\nabc defgh\n{PROSE}"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("a\n\n\n\nb", [("\n\n", "blank-lines")]), ("a \n \n b", [("\n\n", "spaces")]),
        ("a  b", [(" ", "spaces")]), ("a\n\n \nb", [("\n\n", "blank-lines")]),
        ("one  12\ntwo  34", []), (f"one  12\ntwo  34\n\n{PROSE}\n\nit  is", [(" ", "spaces")]),
        (f"it  is\n\n{PROSE}\n\none  12\ntwo  34", [(" ", "spaces")]),
    ],
)  # fmt: skip
def test_what_folding_is_called(text: str, folded: list[tuple[str, str]]) -> None:
    assert [(edit.after, edit.rule) for edit in layout.fold_spaces(text)] == folded
