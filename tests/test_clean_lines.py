"""Lines, rows, items and headings: each decision about them from both of its sides."""

from __future__ import annotations

import pytest

from paragraphs import MORE, PROSE, after
from scrub.clean import (
    boilerplate,
    lines,
    rows,
)
from scrub.clean.header import publication


@pytest.mark.parametrize(
    ("line", "is_candidate"),
    [
        ("", False), ("x" * lines.LONGEST, True), ("x" * (lines.LONGEST + 1), False),
        (PROSE, False), (PROSE[:-1], True), (f"© {PROSE}", True), ("Read it all.", True),
        ("They read it all.", False), ("It is a newsletter.", True), ("...", True),
        ("Жалоба.", False),
    ],
)  # fmt: skip
def test_which_lines_may_be_judged(line: str, is_candidate: bool) -> None:
    assert lines.is_candidate(line) is is_candidate


@pytest.mark.parametrize(
    ("line", "is_crumb"),
    [
        ("Home | News | Sport | Town", True), ("Home | News | Sport", False),
        ("Home | News | Sport | |", False), ("Home | News | Sport | Town.", False),
        ("Home | News | Sport | <TWN>", False), ("Home | News | Sport | Town 1", False),
        ("Home | News | Sport | All of our town", True),
        ("Home | News | Sport | All of our old town", False),
        ("Home | News | Sport | " + "x" * 60, True), ("Home | News | Sport | " + "x" * 61, False),
        ("«Home» · «News» · «Sport» · «Town»", False), ("Home » News » Sport » Town", True),
        ("the and/or of either/or and his/her", False), ("ハ・ロ・ウ・ズ", False),
    ],
)  # fmt: skip
def test_a_menu_on_one_line(line: str, is_crumb: bool) -> None:
    assert lines.is_crumb(line) is is_crumb


@pytest.mark.parametrize(
    ("line", "others", "counted"),
    [
        ("Step 2", {"Step 3"}, True), ("Step 2", {"Step 1"}, True), ("Step 2", {"Step 4"}, False),
        ("Step 2.", {"Step 3."}, True), ("Step 2.", {"Step 3"}, False), ("Step", {"Step"}, False),
        ("Page 2", {"Page 3"}, False), ("Article 2", {"Article 3"}, True),
    ],
)  # fmt: skip
def test_what_is_counted(line: str, others: set[str], counted: bool) -> None:
    assert lines.is_counted(line, others) is counted


@pytest.mark.parametrize(
    ("line", "speaks"),
    [("JANE ROE:", True), ("Jane von Roe:", True), ("Jane with Roe:", False), ("JANE", False),
     ("**JANE:**", True), ("JANE：", True), ("jane:", False)],
)  # fmt: skip
def test_a_speaker(line: str, speaks: bool) -> None:
    assert lines.is_speaker(line) is speaks


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("Advertisement", "advertisement"), ("Advertisement —", ""), ("— Advertisement —",
         "advertisement"),
        ("(Advertisement)", "advertisement"), ("(Advertisement", ""),
        ("Home | News | Sport | Town", "navigation"), (PROSE, ""),
    ],
)  # fmt: skip
def test_the_rule_of_a_line(line: str, rule: str) -> None:
    assert lines.line_rule(line) == rule


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["a | 1", "b | 2"], "00"), (["| a | 1", "| b | 2"], "11"), (["a | 1", "b | 2", "c | 3"],
         "111"),
        (["a\t1", "b\t2"], "11"), (["a\t1", "b\t2\t3"], "00"), (["a\t1", "a\t1"], "00"),
        (["a\t1", "", "b\t2"], "101"), (["a\t1", "b", "c\t2"], "000"),
        (["one  12", "two  34"], "11"), (["one  12", "three  4"], "11"),
        (["one  it", "fourteen  all of it"], "00"), (["It ended.  Then", "It ended.  Once"], "00"),
        (["a....1", "b....2"], "11"), (["a · b · c", "d · e · f"], "00"),
        (["a · b · c", "d · e · f", "g · h · i"], "111"), (["a;b;c", "d;e;f"], "11"),
        (["a;b", "d;e"], "00"), (["a, b, c", "d, e, f"], "00"), (["a,b,c", "d,e,f"], "11"),
        (["a\tshare", "b\tlogin"], "11"), (["home\tshare", "b\tlogin"], "00"),
        (["a\t" + "x" * 398, "b\t1"], "11"), (["a\t" + "x" * 399, "b\t1"], "00"),
    ],
)  # fmt: skip
def test_which_lines_are_rows(texts: list[str], found: str) -> None:
    assert "".join("01"[row] for row in rows.table_rows(texts)) == found


@pytest.mark.parametrize(
    ("texts", "aligned"),
    [
        (["one  12", "two  34"], True), (["one  12", "fives  34"], False),
        (["one  12", "five  34"], True), (["one  1234", "fives  34"], True),  # end in one place
        (["a  1", "a  2", "a  3", "aaaa  4", "a  5"], False), (["a  1", "a  2", "a  3", "aaa  4"],
         True),
        (["a  " + "x" * 35, "b  " + "y" * 35], True), (["a  " + "x" * 36, "b  " + "y" * 35], False),
    ],
)  # fmt: skip
def test_which_columns_are_aligned(texts: list[str], aligned: bool) -> None:
    assert rows._is_aligned(texts) is aligned


LONG = "x" * (rows.LONGEST_ITEM + 1)


@pytest.mark.parametrize(
    ("texts", "suspects", "found"),
    [
        (["a"] * 5, {0}, {0}), (["a"] * 4, {0}, set()), (["a"] * 6, {1, 2}, {1, 2}),
        (["a"] * 8, {1, 2, 3}, set()), (["a"] * 9, {1, 2, 3}, {1, 2, 3}),  # two to one at the head
        ([LONG, *"a" * 7], {1, 2, 3}, {1, 2, 3}), ([LONG, *"a" * 6], {1, 2, 3}, set()),
        ([LONG, *"a" * 9], {1, 2, 3, 4}, set()), ([LONG, *"a" * 10], {1, 2, 3, 4}, {1, 2, 3, 4}),
        ([LONG] * 6, {0}, set()), ([LONG[1:]] * 6, {0}, {0}), (["a"] * 5, set(), set()),
        ([*"a" * 5, LONG, *"a" * 3], {1, 7}, {1}), (["日" * 35] * 5, {0}, {0}),
        (["日" * 36] * 5, {0}, set()),
    ],
)  # fmt: skip
def test_which_suspects_stand_in_a_list(
    texts: list[str], suspects: set[int], found: set[int]
) -> None:
    assert rows.list_items(texts, suspects) == found


@pytest.mark.parametrize(
    ("line", "following", "is_crumb"),
    [
        ("HomeWorldThe council met on...", "The council met on Monday", True),
        ("The council met on…", "The council met on Monday", True),
        ("The council met on", "The council met on Monday", False),  # nothing was left out
        ("The councils...", "The councils met", True), ("The council...", "The council met", False),
        ("Home » The council met...", "The council met on Monday", True),
        ("in the town > The council met...", "The council met on Monday", False),
        ("World > The council met...", "The council met on Monday", True),
        ("The council met on...", "The council was on Monday", False),
    ],
)  # fmt: skip
def test_a_breadcrumb_before_its_title(line: str, following: str, is_crumb: bool) -> None:
    assert boilerplate._is_crumb_of(line, following) is is_crumb


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ([PROSE, "Why it matters", MORE], ["Why it matters"]),
        ([PROSE, "why it matters", MORE], []), ([PROSE, "Why it matters.", MORE], []),
        ([PROSE, "One" + " word" * 11, MORE], ["One" + " word" * 11]),
        ([PROSE, "One" + " word" * 12, MORE], []), ([PROSE, "Why", "It matters", MORE], []),
        (["Why it matters", MORE], []), ([PROSE, "Why it matters"], []),
        ([PROSE, "Why it matters", "So it was at five."], []),  # five words
        ([PROSE, "Why it matters", "So it was at half five."], ["Why it matters"]),
        ([PROSE, "Why", MORE, "How", PROSE], ["Why", "How"]),
    ],
)  # fmt: skip
def test_sub_headings(parts: list[str], found: list[str]) -> None:
    text = "\n\n  ".join(parts)
    headings = boilerplate.headings(text)
    assert [heading["text"] for heading in headings] == found
    assert all(text[h["start"] : h["end"]] == h["text"] for h in headings)


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("WorldIran asks for more\n\nIran asked.", "World Iran asks for more\n\nIran asked."),
        ("WorldIran asks for more.\n\nIran asked.", None), ("WorldIran asks\n\nHe asked.", None),
        ("WorldIran asks\n\nWorldIran asked, Iran said", None),
        ("WorlqIran asks for more\n\nIran asked.", None),
        ("Iran asks for more\n\nWorldIran asks for it\n\nIran asked.",
         "Iran asks for more\n\nWorld Iran asks for it\n\nIran asked."),
        ("WorldNewsIran asks\n\nIran asked.", "World News Iran asks\n\nIran asked."),
    ],
)  # fmt: skip
def test_words_glued_at_the_head_of_a_title(text: str, parted: str | None) -> None:
    assert after(text, boilerplate.split_glued(text)) == (parted or text)


@pytest.mark.parametrize(
    ("contents", "index", "stays"),
    [([PROSE], 0, True), ([PROSE], 1, False), ([PROSE], -1, False), (["Login"], 0, False)],
)
def test_prose_that_stays(contents: list[str], index: int, stays: bool) -> None:
    assert boilerplate._stays(contents, [""] * len(contents), index) is stays
    assert not boilerplate._stays(contents, ["rule"] * len(contents), index)


@pytest.mark.parametrize(
    ("contents", "found"),
    [
        (["Name: Anna"], set()), (["Name: Anna", "Born: Leeds"], {0, 1}),
        (["Name: Anna", "Name: Anna"], set()), (["Name: Anna", "x", "Born: Leeds"], {0}),
        (["Name: Anna", "x", "x", "Born: Leeds"], set()), (["Date: 3 May 2024", "Name: Anna"],
         set()),
        (["x", "Name: Anna", "Born: Leeds", "x"], {1, 2}),
    ],
)  # fmt: skip
def test_fields_beside_others(contents: list[str], found: set[int]) -> None:
    assert boilerplate._fields(contents) == found


@pytest.mark.parametrize(
    ("parts", "kept"),
    [
        (["Advertisement", PROSE], [1]), ([PROSE, "Login", MORE], [0, 1, 2]),  # a subhead
        ([PROSE, "Login", "Menu", MORE], [0, 3]), (["Login", PROSE], [1]), (["# Login", PROSE],
         [0, 1]),
        ([PROSE, "PHOTO: Anna Brandt"], [0]),
    ],
)  # fmt: skip
def test_lines_that_go_and_lines_that_stay(parts: list[str], kept: list[int]) -> None:
    text = "\n\n".join(parts)
    found = after(text, boilerplate.remove_lines(text, {}))
    assert [part for part in found.split("\n\n") if part] == [parts[at] for at in kept]


@pytest.mark.parametrize(
    ("before", "behind", "dated"),
    [(0, 20, True), (7, 20, True), (8, 20, False), (20, 2, True), (20, 3, False)],
)
def test_a_labelled_date_stands_near_an_edge(before: int, behind: int, dated: bool) -> None:
    parts = [PROSE] * before + ["Published: 3 May 2024"] + [MORE] * behind
    metadata: dict[str, object] = {}
    boilerplate.remove_lines("\n\n".join(parts), metadata)
    assert metadata == ({"created": "2024-05-03"} if dated else {})


@pytest.mark.parametrize(
    ("contents", "place"),
    [
        (["Old mill", "3 May 2024", PROSE, MORE], 1), (["3 May 2024", "Dear reader,", PROSE], -1),
        (["3 May 2024", "Dear reader", PROSE], 0), (["3 May 2024"], 0), ([PROSE, MORE], -1),
        ([PROSE, "3 May 2024", MORE], 1), ([PROSE, MORE, "3 May 2024", PROSE], -1),
        (["3 May 2024", "4 May 2024", PROSE], -1), (["3 May 2024", PROSE, "Monday", MORE], -1),
        (["3 May 2024", "Monday", PROSE, MORE], 0), (["Published: 3 May 2024", PROSE], -1),
    ],
)  # fmt: skip
def test_the_line_that_dates_a_text(contents: list[str], place: int) -> None:
    assert publication(contents) == place
