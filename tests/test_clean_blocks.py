"""What a block of a page is in numbers: every feature by lines that have it, and their like."""

from __future__ import annotations

import numpy as np
import pytest

from scrub.clean import blocks
from scrub.clean.lines import LONGEST

PROSE = "The council met on Monday and it was said that they had agreed on the budget."
COUNTS = ("words 1", "words 2-4", "words 5-9", "words 10-24", "words 25-59", "words 60+")


def own(line: str) -> dict[str, float]:
    """The features of a line, on a page in English, that are not 0."""
    row = blocks.own_features([line, PROSE])[0]
    assert row[0] == 1.0
    shown = zip(blocks.OWN[1:], row[1:].tolist(), strict=True)
    return {name: round(value, 6) for name, value in shown if value}


@pytest.mark.parametrize(
    ("words", "of"),
    [
        (1, 0), (2, 1), (4, 1), (5, 2), (9, 2), (10, 3), (24, 3), (25, 4), (59, 4), (60, 5),
        (90, 5),
    ],
)  # fmt: skip
def test_a_block_has_so_many_words(words: int, of: int) -> None:
    found = own(" ".join(["mill"] * words))
    assert found == {
        "log words": round(float(np.log1p(words)), 6), COUNTS[of]: 1, "lower start": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "features"),
    [
        ("***", {"no letters": 1}),
        ("the mill", {"function share": 0.5, "lower start": 1}),
        ("the mill" + " mill" * 8, {"function share": 0.1, "function share, 10+ words": 0.1,
                                        "lower start": 1}),
        ("the mill" + " mill" * 7, {"function share": 0.111111, "lower start": 1}),
        ("Mill.", {"ended": 1, "sentence ends": 0.2, "sentence ends per word": 1,
                   "capital share": 1}),
        ("mill" + " mill" * 9 + ".", {"ended": 1, "ended, 10+ words": 1, "sentence ends": 0.2,
                                      "sentence ends per word": 1, "lower start": 1}),
        ("mill" + " mill" * 19 + ".", {"ended": 1, "ended, 10+ words": 1, "sentence ends": 0.2,
                                       "sentence ends per word": 0.5, "lower start": 1}),
        ("mill. " * 4 + "mill", {"sentence ends": 0.8, "sentence ends per word": 1,
                                 "lower start": 1}),
        ("mill. " * 7 + "mill…”", {"ended": 1, "sentence ends": 1, "sentence ends per word": 1,
                                   "lower start": 1, "quotation": 1}),
        ("mill, mill" + " mill" * 18, {"commas per word": 0.25, "lower start": 1}),
        ("mill， mill、" + " mill" * 18, {"commas per word": 0.5, "lower start": 1}),
        ("mill" + ", mill" * 9, {"commas per word": 1, "lower start": 1}),
        ("Mill mill mill mill", {"capital share": 0.25}),
        ("Mill mill mill mill mill", {"capital share": 0.2, "capital share, 5+ words": 0.2}),
        ("mill 12 mill1 1", {"digit share": 0.5, "lower start": 1}),
        ("login mill", {"furniture share": 0.5, "furniture any": 1, "lower start": 1}),
        ("mill | mill", {"separators": 1, "lower start": 1}),
        ("mill > mill", {"separators": 1, "lower start": 1}),
        ("mill @mill", {"address": 1, "lower start": 1}),
        ("www.mill", {"address": 1, "lower start": 1}),
        ("mill http", {"address": 1, "lower start": 1}),
        ("mill 12:30", {"digit share": 0.666667, "time": 1, "lower start": 1}),
        ("mill on 3/4/2020", {"function share": 0.2, "digit share": 0.6, "time": 1,
                              "lower start": 1}),
        ("mill monday", {"time": 1, "lower start": 1}),
        ("mill my", {"function share": 0.5, "first person share": 0.5, "lower start": 1}),
        ("mill? mill", {"question or shout": 1, "sentence ends": 0.2,
                        "sentence ends per word": 1, "lower start": 1}),
        ("mill! mill", {"question or shout": 1, "sentence ends": 0.2,
                        "sentence ends per word": 1, "lower start": 1}),
        ("mill “mill", {"quotation": 1, "lower start": 1}),
        ('mill" mill', {"quotation": 1, "lower start": 1}),
        ("mill: mill:", {"colon end": 1, "lower start": 1}),
        ("mill © mill", {"copyright sign": 1, "lower start": 1}),
        ("mill copyright", {"copyright sign": 1, "furniture share": 0.5, "furniture any": 1,
                            "lower start": 1}),
        ("- mill mill", {"list item": 1}),
        ("mill - mill", {"lower start": 1}),
        ("12 replies mill", {"comment marker": 1, "digit share": 0.333333,
                             "furniture share": 0.333333, "furniture any": 1}),
        ("mill says:", {"speaker line": 1, "colon end": 1, "lower start": 1}),
    ],
)  # fmt: skip
def test_what_a_block_is_by_itself(line: str, features: dict[str, float]) -> None:
    found = own(line)
    found.pop("log words", None)
    shown = {name: value for name, value in found.items() if name not in COUNTS}
    assert shown == features


def test_a_long_block_is_no_line_of_furniture() -> None:
    short, long = ("Login 12:30" + "!" * (size - 11) for size in (LONGEST, LONGEST + 1))
    assert "time" in own(short) and "time" not in own(long)
    assert own("Advertisement")["rule fires"] and "rule fires" not in own("The mill")


def test_words_of_a_script_without_spaces_are_pieces_of_two_letters() -> None:
    assert blocks.block_words("mill's mill-wheel ein_s") == ["mill's", "mill", "wheel", "ein", "s"]
    assert blocks.block_words("日本語の新聞") == ["日本語の新聞"]  # six: a label
    assert blocks.block_words("日本語の新聞社 mill") == ["日本", "語の", "新聞", "社", "mill"]
    assert blocks.block_words("überschrift überlang") == ["überschrift", "überlang"]
    assert blocks.block_words("überschrift 日本") == ["überschrift", "日本"]


@pytest.mark.parametrize(
    ("line", "ended"),
    [("Mill.", True), ("Mill.”", True), ("Mill…", True), ("Mill…)", True), ("Mill", False),
     ("Mill,", False), ("第一。", True), ("Mill:", False)],
)  # fmt: skip
def test_whether_a_block_ends(line: str, ended: bool) -> None:
    assert blocks.is_ended(line) is ended


@pytest.mark.parametrize(
    ("scores", "words", "run"),
    [
        ([], [], (0, 0)), ([0.4, 0.5], [9, 9], (0, 0)), ([0.9], [9], (0, 1)),
        ([0.1, 0.9, 0.9, 0.1], [9, 9, 9, 9], (1, 3)),
        ([0.9, 0.1, 0.9], [9, 3, 9], (0, 3)),  # a short block parts no run
        ([0.9, 0.1, 0.9], [9, 30, 9], (0, 1)),  # of two the first
        ([0.6, 0.1, 0.9], [9, 30, 9], (2, 3)),
        ([0.9, 0.0, 0.9], [4, 0, 4], (0, 3)),  # a block costs three words
        ([0.9, 0.0, 0.9], [3, 0, 3], (0, 1)),
        ([0.75, 0.25, 0.75], [8, 8, 9], (2, 3)),  # nothing is left of the first
    ],
)  # fmt: skip
def test_the_run_of_an_article(
    scores: list[float], words: list[float], run: tuple[int, int]
) -> None:
    assert blocks.article_run(np.array(scores), np.array(words, np.float64)) == run


def test_the_neighbours_of_a_block() -> None:
    values = np.array([1.0, 2.0, 4.0, 8.0])
    assert blocks._shift(values, 1).tolist() == [0, 1, 2, 4]
    assert blocks._shift(values, -1).tolist() == [2, 4, 8, 0]
    assert blocks._shift(values, 2).tolist() == [0, 0, 1, 2]
    assert blocks._window(values, None, 1).tolist() == [2, 2.5, 5, 4]
    assert blocks._window(values, None, 9).tolist() == pytest.approx(
        [14 / 3, 13 / 3, 11 / 3, 7 / 3]
    )
    words = np.array([0.0, 1.0, 2.0, 3.0])
    assert blocks._window(values, words, 1).tolist() == pytest.approx([2, 13 / 4, 36 / 6, 4])
    assert blocks._window(values[:1], None, 3).tolist() == [0]


def test_what_stands_around_a_block() -> None:
    lines = ["Old mill", "Menu", PROSE, f"{PROSE} It was late.", "Menu", "3 replies", "Mill says:"]
    own_rows = blocks.own_features(lines)
    score = np.array([0.2, 0.0, 1.0, 1.0, 0.0, 0.5, 0.5])
    found = blocks.context_features(lines, own_rows, score)
    shown = {name: found[:, column] for column, name in enumerate(blocks.CONTEXT)}
    words = np.array([2, 1, 16, 19, 1, 2, 2])
    weighted = score * words
    total = weighted.sum() + 1
    assert shown["score -1"].tolist() == [0, *score[:-1]]
    assert shown["score +1"].tolist() == [*score[1:], 0]
    assert shown["score -2"].tolist() == [0, 0, *score[:-2]]
    assert shown["score +2"].tolist() == [*score[2:], 0, 0]
    for reach in (3, 8, 20):
        expected = [
            sum(score[k] * (words[k] + 1) for k in near) / sum(words[k] + 1 for k in near)
            for at in range(7)
            for near in [[k for k in range(7) if k != at and abs(k - at) <= reach]]
        ]
        assert shown[f"score near {reach}"].tolist() == pytest.approx(expected)
    before = np.array([weighted[:at].sum() for at in range(7)])
    after = np.array([weighted[at + 1 :].sum() for at in range(7)])
    assert shown["score before"].tolist() == pytest.approx((before / total).tolist())
    assert shown["score after"].tolist() == pytest.approx((after / total).tolist())
    assert shown["log prose words before"].tolist() == pytest.approx(np.log1p(before).tolist())
    assert shown["log prose words after"].tolist() == pytest.approx(
        np.log1p(after).tolist(), abs=1e-9
    )
    assert shown["inside article run"].tolist() == [0, 0, 1, 1, 0, 0, 0]
    assert shown["blocks to run before"].tolist() == [0.1, 0.05, 0, 0, 0, 0, 0]
    assert shown["blocks to run after"].tolist() == [0, 0, 0, 0, 0.05, 0.1, 0.15]
    assert shown["place"].tolist() == pytest.approx([k / 6 for k in range(7)])
    assert shown["place before"].tolist() == [1, 1, 0, 0, 0, 0, 0]
    assert shown["page share"].tolist() == pytest.approx([total / 44] * 7)
    assert shown["log blocks"].tolist() == pytest.approx([np.log1p(7)] * 7)
    assert shown["after comment marker"].tolist() == [0, 0, 0, 0, 0, 0, 1]
    assert shown["comment markers before"].tolist() == [0, 0, 0, 0, 0, 0, 0.25]
    assert shown["speakers near"].tolist() == pytest.approx([0, 0, 0, 1 / 6, 0.2, 0.25, 0])
    assert shown["title words"].tolist() == [0, 0, 0, 0, 0, 0, 0.5]
    assert shown["repeated in page"].tolist() == pytest.approx([0, 1 / 3, 0, 0, 1 / 3, 0, 0])
    assert shown["first lines"].tolist() == [1, 1, 1, 0, 0, 0, 0]
    runs = [2, 2, 0, 0, 3, 3, 3]
    assert shown["short run"].tolist() == pytest.approx(np.log1p(runs).tolist())
    for name, of in (
        ("furniture near", "furniture share"),
        ("first person near", "first person share"),
    ):
        expected_near = blocks._window(own_rows[:, blocks.OWN.index(of)], words.astype(float), 3)
        assert shown[name].tolist() == pytest.approx(expected_near.tolist())
    expected_near = blocks._window(own_rows[:, blocks.OWN.index("time")], None, 2)
    assert shown["time near"].tolist() == pytest.approx(expected_near.tolist())
