"""Which lines are one, where they stand, and which of them go: from both sides each."""

from __future__ import annotations

import numpy as np
import pytest

from paragraphs import PROSE
from scrub.clean import (
    layout,
    repeated,
    watch,
)
from scrub.clean.layout import Line
from scrub.clean.repeated import LineCounts, RepeatedLines, count_lines, repeated_lines
from scrub.clean.survey import pack
from scrub.clean.watch import LineQueries
from scrub.config import CleanSettings
from scrub.document import Document


def block(*texts: str) -> list[Line]:
    return layout.lines_of("\n".join(texts))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Mill", "mill", True), ("The mill", "Themill", True), ("mill.", "mill", False),
        ("Comments (1)", "Comments (2)", True), ("Comments (1)", "Comments (23)", False),
        ("Page 1 of 2", "Page 2 of 2", False),
        ("x" * 31 + "1", "x" * 31 + "2", True), ("x" * 32 + "1", "x" * 32 + "2", False),
        ("@mill", "`mill", False), ("[mill", "{mill", False), ("Zeal", "zeal", True),
        ("mill /", "mill 0", False), ("mill :", "mill 9", False), ("mill 0", "mill 9", True),
        ("mill 0.5", "mill 0.7", False), ("mill é", "mill è", False),
    ],
)  # fmt: skip
def test_lines_that_are_one(one: str, other: str, same: bool) -> None:
    document, digests, wholes = repeated.line_digests(*pack([f"{one}\n\n{other}", one]), 400)
    assert document.tolist() == [0, 0, 1] and digests[0] == digests[2] != 0
    assert bool(digests[0] == digests[1]) is same and wholes.tolist() == digests.tolist()


@pytest.mark.parametrize(
    ("line", "judged"),
    [("12", False), ("12.5 %", False), ("12 m", True), ("***", True), ("12 é", True), ("z 1", True),
     ("a 1", True), ("x" * 400, True), ("x" * 401, False), ("x " * 400, True), ("{1", False)],
)  # fmt: skip
def test_lines_that_are_counted_at_all(line: str, judged: bool) -> None:
    _, (digest,), (whole,) = repeated.line_digests(*pack([line]), repeated.LONGEST_BYTES)
    assert bool(digest) is judged and whole


def test_a_sentence_is_known_by_the_lowest_bit() -> None:
    text = " It ended. \nIt ended\n \nIt ended.”\nIt ended..."
    _, digests, _ = repeated.line_digests(*pack([text]), 400)
    assert (digests & np.uint64(1)).tolist() == [1, 0, 1, 0]


def counted(pages: int, of: int, line: str = "Old mill", *, source: str = "daily") -> LineCounts:
    """A line on some pages of a source, each time beside another one."""
    texts = [
        f"Story {'abcdefghij'[k % 10] * (k // 10 + 1)}\n{line}\nPart {'z' * k}y"
        for k in range(pages)
    ]
    texts += [f"None{'x' * k}" for k in range(of - pages)]
    return count_lines([Document(id=str(k), text=t, source=source) for k, t in enumerate(texts)])


@pytest.mark.parametrize(
    ("pages", "of", "line", "within", "anywhere"),
    [
        (6, 6, "Old mill", True, False), (5, 5, "Old mill", False, False),
        (6, 300, "Old mill", True, False), (6, 301, "Old mill", False, False),
        (10, 40, "It ended.", True, False), (10, 41, "It ended.", False, False),
        (19, 19, "Old mill", True, False), (20, 20, "Old mill", True, True),
        (20, 80, "It ended.", True, True), (20, 81, "It ended.", False, False),
    ],
)  # fmt: skip
def test_on_how_many_pages_a_line_stands(
    pages: int, of: int, line: str, within: bool, anywhere: bool
) -> None:
    found = repeated_lines(counted(pages, of, line), CleanSettings())
    _, (digest,), _ = repeated.line_digests(*pack([line]), 400)
    assert (digest in found.anywhere) is anywhere
    key = repeated._mixed(np.array([digest]), repeated.source_keys(["daily"]))
    assert bool(np.isin(key, found.within)[0]) is within
    nameless = repeated_lines(counted(pages, of, line, source=""), CleanSettings())
    assert len(nameless.within) == 0 and (digest in nameless.anywhere) is anywhere
    off = repeated_lines(counted(pages, of, line), CleanSettings(boilerplate=False))
    assert len(off.within) == len(off.anywhere) == 0


def test_a_line_is_counted_once_a_page_with_its_neighbours() -> None:
    page = Document(id="a", text="One\nMill\nTwo\nMill\nThree", source="s")
    found = count_lines([page, Document(id="b", text="Mill", source="s")])
    _, (digest,), _ = repeated.line_digests(*pack(["Mill"]), 400)
    at = found.key.tolist().index(digest)
    assert found.pages[at] == 2
    assert np.bitwise_count(found.before[at]) == np.bitwise_count(found.after[at]) == 2
    _, wholes, _ = repeated.line_digests(*pack(["One", "Two"]), 400)
    one, two = (1 << int(whole >> np.uint64(59)) for whole in wholes)
    assert found.before[at] & one and found.after[at] & two
    assert found.documents == {int(found.source[at]): 2}


@pytest.mark.parametrize(
    ("text", "wrapped", "apart"),
    [
        ("It ended.\nMill\nIt began.", True, False), ("It ended.\nMill.\nIt began.", True, True),
        ("It\nMill.\nIt began.", True, False), ("It\n\nMill\n\nIt", True, True),
        ("It ended.\nMill", True, True), ("Mill\nIt began.", True, False),
        ("It\nMill\nIt", False, True), ("1 mill\nMill\nIt", False, True),
        ("It\nMill\n1 mill", False, False), ("It\nMill 2\nIt", False, True),
        ("1 mill\nMill 2\nIt", False, False), ("1 mill\nMill.\nIt", True, True),
    ],
)  # fmt: skip
def test_where_a_line_goes_without_a_hole(text: str, wrapped: bool, apart: bool) -> None:
    found = [line for line in layout.lines_of(text) if line.text]
    at = next(k for k, line in enumerate(found) if line.text.startswith("Mill"))
    assert repeated._is_apart(found, at, {at}, wrapped=wrapped) is apart


def test_lines_that_all_go_leave_no_hole() -> None:
    found = block("It ended.", "Mill", "Wheel", "It began.")
    assert repeated._is_apart(found, 1, {1, 2}, wrapped=True)
    assert not repeated._is_apart(found, 2, {1, 2}, wrapped=True)
    assert repeated._is_apart(block("Mill", "Wheel"), 1, {0, 1}, wrapped=True)
    assert not repeated._is_apart(block("Mill", "Wheel"), 1, {1}, wrapped=True)


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("(APPLAUSE)", True), ("[APPLAUSE]", True), ("(Applause)", False), ("APPLAUSE", False),
        ("(APPLAUSE", False), ("(PAGE 1)", False), ("(SHARE)", True), ("(SHARE, LOGIN)", False),
        ("CHAPTER IV", True), ("IV.", True), ("```", True), ("Chapter IX.", True), ("I", False),
        (f"JANE:\n{PROSE}", True), ("JANE:\nMill", False), ("JANE:", False), (f"## Ends\n{PROSE}",
         True),
    ],
)  # fmt: skip
def test_what_parts_a_text_is_of_it(text: str, stays: bool) -> None:
    assert repeated._is_of_the_text(block(*text.split("\n")), 0, {0}) is stays
    if "\n" in text:
        assert not repeated._is_of_the_text(block(*text.split("\n")), 0, {0, 1})


@pytest.mark.parametrize(
    ("line", "is_row"),
    [("Mill 1", True), ("Mill", False), ("Mill 1.", False), ("1".rjust(80, "x"), True),
     ("1".rjust(81, "x"), False)],
)  # fmt: skip
def test_the_row_of_a_table_of_figures(line: str, is_row: bool) -> None:
    assert repeated._is_row(block(line)[0]) is is_row


def test_what_was_looked_up_is_what_the_texts_hold() -> None:
    """By the lines of the texts as they were given, and as they were when lines were cut."""
    pages = [
        Document(id=str(k), text=f"Mill\n\nStory {'x' * k}\n\nMill\n\n12", source="ab"[k % 2])
        for k in range(40)
    ]
    found = repeated_lines(count_lines(pages), CleanSettings())
    read = repeated.digest_lines(pages)
    known = watch.clean_watched(pages, CleanSettings(), found, read)
    asked = watch.clean_watched(pages, CleanSettings(), found)
    for name in LineQueries._fields:
        assert np.array_equal(getattr(known[2], name), getattr(asked[2], name))
    queries = known[2]
    for k, page in enumerate(pages):
        mine = queries.lines[queries.starts[k] : queries.starts[k + 1]]
        _, digests, _ = repeated.line_digests(*pack([page.text]), 400)
        assert mine.tolist() == sorted(set(digests.tolist()) - {0})
        answers = queries.answers[queries.starts[k] : queries.starts[k + 1]]
        source = repeated.source_keys([page.source] * len(mine))
        assert answers.tolist() == found.known(mine, source).tolist()
    assert queries.hold(found).all() and queries.answers.any()
    assert not queries.hold(RepeatedLines()).any()
