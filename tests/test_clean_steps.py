"""The small decisions of cleaning, each at its border."""

from __future__ import annotations

import numpy as np
import pytest

from paragraphs import PROSE
from scrub.clean import blocks, page, survey
from scrub.clean.characters import remove_invisible
from scrub.clean.encoding import PLAIN, difference, fix_encoding, needs_ftfy
from scrub.clean.header import byline, leading_date, stamp
from scrub.clean.layout import Line, _continues, _parts, fold_spaces, join_letters, lines_of
from scrub.clean.page import article_scores, is_web_page
from scrub.clean.rows import table_rows
from scrub.clean.text import CHARACTERS

MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)


@pytest.mark.parametrize(("number", "name"), list(enumerate(MONTHS, start=1)))
def test_every_month_is_known_by_its_name_and_its_beginning(number: int, name: str) -> None:
    for written in (name, name.upper(), name[:3], f"{name[:3]}."):
        assert stamp(f"3 {written} 2024") == (f"2024-{number:02d}-03", False)
        assert stamp(f"{written} 3rd, 2024") == (f"2024-{number:02d}-03", False)
    assert stamp(f"Published: 2024-{number:02d}-28") == (f"2024-{number:02d}-28", True)


def test_a_day_that_is_none_and_a_line_that_is_more() -> None:
    assert stamp("31 February 2024") is None
    assert stamp("2024-13-01") is None
    assert stamp("3 May 2024 in Ghent") is None
    assert stamp("3 May 2024".center(100)) == ("2024-05-03", False)
    assert stamp("3 May 2024".center(101)) is None


def test_a_byline_has_an_end() -> None:
    names = "By Anna Brandt and Jonas Lund"
    assert byline(names) == ["Anna Brandt", "Jonas Lund"]
    long = ", ".join(["By " + "Anna Brandt Holm Stein Lund"] + ["Jonas Peter Kim Holm Lund"] * 3)
    assert len(long) < 150
    filled = f"{long} | ".ljust(150, "x")
    assert len(byline(filled)) == 4
    assert byline(filled + "x") == []
    assert byline("By the river") == []


def test_a_date_before_the_text_ends_where_the_text_begins() -> None:
    assert leading_date("date 2020-01-17 advertisement\nThe mayor") == (30, "2020-01-17")
    assert leading_date("date 2020-01-17") == (15, "2020-01-17")
    assert leading_date("date 2020-01-17b The mayor") is None
    assert leading_date("The mayor, date 2020-01-17") is None


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("a  b", "a b"), ("a \nb", "a\nb"), ("a\n b", "a\nb"), ("a\n\n\nb", "a\n\nb"),
        ("a\tb", "a b"), ("  a b", "a b"), ("a b\n", "a b"), (" \n", ""), ("a\n \n \nb", "a\n\nb"),
        ("a b\n\nc", "a b\n\nc"), ("", ""),
    ],
)  # fmt: skip
def test_spaces(text: str, folded: str) -> None:
    edits = fold_spaces(text)
    for edit in reversed(edits):
        text = text[: edit.start] + edit.after + text[edit.end :]
    assert text == folded


def test_lines() -> None:
    assert lines_of("ab\n\nc") == [Line(0, 2, "ab"), Line(3, 3, ""), Line(4, 5, "c")]


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("T\nh\ne\n\ne\nn\nd\ni\ns", "The endis"),
        ("T\nh\ne\n\ne\nn\nd\ni", "T\nh\ne\n\ne\nn\nd\ni"),  # seven
        ("T\nh\ne\ne\nn\nd\ni\ns", "T\nh\ne\ne\nn\nd\ni\ns"),  # no gap
        ("Then\n\na\nb\nc\nd\n\ne\nf\ng\nh\n\nit ends", "Then\n\nabcd efgh\n\nit ends"),
        ("a\n\nb\n\nc\nd\n\n\n\n\n\n\ne\nf\ng\nh", None),  # more gaps than letters
    ],
)
def test_letters_one_to_a_line(text: str, joined: str | None) -> None:
    for edit in reversed(join_letters(text)):
        text = text[: edit.start] + edit.after + text[edit.end :]
    assert joined is None or text == joined


@pytest.mark.parametrize(
    ("a", "b", "width", "goes_on"),
    [
        # Wrapped at 40: a sentence ended, and the next word would not, or would, have fitted.
        ("The council met on Monday and agreed.", "Tomorrow it meets again", 40, True),
        ("The council met on Monday and so on.", "It", 40, False),
        ("The council met on Monday it was:", "It", 36, False),  # 33 + 1 + 2
        ("The council met on Monday it was.", "It", 36, False),
        ("The council met on Monday it was.", "It", 35, True),
        ("The council met on Monday it was:", "It", 35, False),
        ("The council met on Monday; it said;", "it went on", 40, True),
        ("The council met on Monday; it said;", "It went on", 40, False),
        ("The council", "went home", 40, True),
        ("The council", "Went home", 40, False),
        ("The council", ", they say", 40, True),
        ("The council of the old town", "Went home", 40, False),  # 27 + 1 + 4 of 32
        ("The council of the old towns", "Went home", 40, True),
        # Not wrapped.
        ("The mayor of the old town went to the", "Hague", 0, True),
        ("Centre of the old town is cut off", "The river has burst its banks", 0, False),
        ("The curfew tolls the knell of day,", "The lowing herd wind slowly home", 0, False),
        ("The mayor of the old town went home", "Anna Brandt left the hall yesterday", 0, False),
        ("The mayor of the old town went home", "and Anna Brandt left the hall", 0, True),
        ("The mayor went", "home", 0, False),
        ("The mayor went to", "Bruges", 0, False),
        ("He said (", "Yes", 0, True),
        ("He said", ", yes", 0, True),
        ("It ended here.", "and went on in a long line of many words", 0, False),
    ],
)
def test_whether_a_line_goes_on(a: str, b: str, width: int, goes_on: bool) -> None:
    assert _continues(a, b, width) is goes_on


@pytest.mark.parametrize(
    ("line", "apart"),
    [
        ("- first item", True), ("12.5    a column", True), ("| a | row |", True), ("b) two", True),
        ("  the hall", True), (" the hall", False), ("the hall", False),
    ],
)  # fmt: skip
def test_lists_columns_and_deeper_indents_go_on_with_nothing(line: str, apart: bool) -> None:
    assert _parts("The mayor of the old town went to", line) is apart


FURNITURE = ["Home", "Contact us", "About us", "All articles", "Blog archive", "Comments"]


def test_a_page_has_six_lines_of_furniture_among_few_others() -> None:
    assert is_web_page(FURNITURE)
    assert is_web_page([*FURNITURE, *[PROSE] * 9])  # 6 of 15
    assert not is_web_page([*FURNITURE, *[PROSE] * 10])
    assert not is_web_page([*FURNITURE[:5], *[PROSE] * 5])
    assert not is_web_page([*FURNITURE[:5], FURNITURE[0], *[PROSE] * 4])  # five different ones
    assert not is_web_page([*FURNITURE[:5], "About us and all of our many articles"])  # eight words
    assert is_web_page([*FURNITURE[:5], "All articles of the last week"])  # six
    assert not is_web_page([*FURNITURE[:5], "All articles of the last weekend here"])


@pytest.mark.parametrize(("words", "is_prose"), [(10, False), (11, True)])
def test_furniture_among_sentences_makes_no_page(words: int, is_prose: bool) -> None:
    last = " ".join(["word"] * words) + "."
    assert is_web_page([PROSE, *FURNITURE, last]) is not is_prose


def test_the_bars_around_a_row_part_no_cells() -> None:
    assert table_rows(["| One |", "| Two |", "| Three |"]) == [False] * 3
    assert table_rows(["| One | 1 |", "| Two | 2 |", "| Three | 3 |"]) == [True] * 3
    assert not is_web_page([*FURNITURE[:5], "All 12 articles"])
    assert not is_web_page([*FURNITURE * 4_000])


def test_a_list_of_titles_within_an_article_makes_no_page() -> None:
    titles = ["Home", "Help", "Share", "More", "Search", "Login", "Menu", "Contact us"]
    assert is_web_page([*titles, PROSE])
    assert not is_web_page([PROSE, *titles, PROSE])
    assert is_web_page([*titles, PROSE, *titles, PROSE])  # the same menu again, before the end
    songs = ["Home by Five", "Share the Rain", "Help Me Down", "More Rain", "All My Posts"]
    assert not is_web_page([*songs, "Read Me Again", "Contact Lost", PROSE])


def test_a_page_is_known_by_the_furniture_of_its_own_language() -> None:
    menu = ["Startseite", "Anmelden", "Impressum", "Kontakt", "Datenschutz", "Anzeige"]
    prose = "Der Rat der Stadt hat am Montag über den Haushalt für das nächste Jahr beraten."
    assert is_web_page([*menu, prose])
    assert not is_web_page([prose, *menu, prose])
    scores = article_scores([*menu, prose, prose + " Es war schon spät.", *menu])
    assert scores[6:8].min() > page.KEEP > scores[[0, 2, 3, -3, -2]].max()


def test_scores_are_probabilities_of_the_named_features(monkeypatch: pytest.MonkeyPatch) -> None:
    scores = article_scores([*FURNITURE, PROSE, PROSE + " It was late.", *FURNITURE])
    assert ((scores >= 0) & (scores <= 1)).all()
    assert scores[6:8].min() > scores[[0, 1, -2, -1]].max()
    sure = page.Model(np.array([1.0]), np.zeros((1, 0)), np.zeros(0))
    assert sure.score(np.array([[0.0], [900.0], [-900.0]])) == pytest.approx([0.5, 1, 0])
    bent = page.Model(np.zeros(1), np.array([[1.0, -1.0]]), np.array([2.0, 1.0]))
    assert bent.score(np.array([[0.0], [50.0]])) == pytest.approx([0.5, 1 / (1 + np.exp(-1))])
    page._models.cache_clear()
    monkeypatch.setattr(blocks, "OWN", blocks.OWN[1:])
    with pytest.raises(ValueError, match="'block'"):
        article_scores(FURNITURE)
    monkeypatch.undo()
    page._models.cache_clear()


def test_curled_quotes_are_left_unless_asked_for() -> None:
    text = "“It’s here,” said the café."
    assert not needs_ftfy(text)
    assert needs_ftfy(text, uncurl_quotes=True)
    assert fix_encoding(text) == []
    assert [edit.after for edit in fix_encoding(text, uncurl_quotes=True)] == ['"', "'", '"']


def test_where_two_texts_differ_in_much_they_are_not_compared_character_by_character() -> None:
    def texts(half: int) -> tuple[str, str]:
        return "a" * half + "=" + "a" * half, "b" * half + "=" + "b" * half

    near, far = difference(*texts(2_000), "rule"), difference(*texts(2_600), "rule", 7)
    assert [(e.start, e.end) for e in near] == [(0, 2_000), (2_001, 4_001)]
    assert [(e.start, e.end, e.after, e.rule) for e in far] == [
        (7, 7 + 5_201, texts(2_600)[1], "rule")
    ]


def test_joiners_go_from_between_latin_letters_and_nothing_else_does() -> None:
    assert [(e.start, e.end) for e in remove_invisible("aXXb\u2060 Xerxes X X-ray")] == [(4, 5)]
    assert [(e.start, e.end, e.after) for e in remove_invisible("a\u200db c\u200c\u200dd")] == [
        (1, 2, ""), (5, 7, ""),
    ]  # fmt: skip
    assert remove_invisible("\u0646\u200c\u0647") == []


@pytest.mark.parametrize("block", [0x80, 0x2000, 0x2040, 0x2190, 0xFF00])
def test_of_punctuation_only_the_plain_kind_is_no_reason_to_look_closer(block: int) -> None:
    """Else a character that is to be repaired or removed would pass unseen."""
    characters = [chr(code) for code in range(block, block + 0x40) if chr(code) != "\xad"]
    texts = [f"A sentence stands{one}here and says little." for one in characters]
    found = survey.suspects(*survey.pack(texts)) & CHARACTERS
    plain = {one for one, bits in zip(characters, found.tolist(), strict=True) if not bits}
    assert plain == set(characters) & set(PLAIN.replace("\xa0", ""))


def test_furniture_of_ten_words_is_a_text_in_the_log() -> None:
    nine = "plain words of a page that nobody would read"
    assert page._rule_of(nine) == "furniture-line"
    assert page._rule_of(f"{nine} twice") == "furniture-text"
