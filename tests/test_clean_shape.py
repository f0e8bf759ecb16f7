"""The shape of a page by examples: layout tables, bare paragraphs, parts, order, times, dates."""

from __future__ import annotations

import re
from types import SimpleNamespace

import numpy as np
import pytest

from scrub.clean import html, shape

P20 = " ".join(f"w{n}" for n in range(20))
P19 = P20.rpartition(" ")[0]
Q20 = P20.replace("w", "v")
R20 = P20.replace("w", "u")


def page(body: str) -> str:
    return f"<html><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("text", "is_rows"),
    [("| a | b |\nc d", True), ("| a |\nb c d e", False), ("| a b |\nc d e f g", False),
     ("", False), ("a | b", False)],
)  # fmt: skip
def test_half_of_a_text_in_rows(text: str, is_rows: bool) -> None:
    assert shape.is_rows(text) is is_rows


@pytest.mark.parametrize(
    ("cells", "outside", "laid_out"),
    [
        ([[P20, "a"]], "", True),  # one cell has most of it
        ([[P19, "a"]], "", False),  # too few words
        ([[P20, "a"]], P20, False), ([[P20, "a"]], P19, True),  # half of the page is enough
        ([["a", "b"], ["c", "d"]], "", False),
        ([[P20], [P20]], P20, True),  # one column is taken together
        ([[P19], ["a"]], P20, True), ([[P19]], P20, False),
        ([[f"<p>{P19}</p><p>x</p>", f"<p>{P19}</p><p>x</p>"]], P20, True),  # cells of two blocks
        ([[f"<p>{P19}</p>", f"<p>{P19}</p>"]], P20, False),
    ],
)  # fmt: skip
def test_tables_that_lay_a_page_out(cells: list[list[str]], outside: str, laid_out: bool) -> None:
    rows = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in cells)
    given = page(f"<table>{rows}</table><p>{outside}</p>")
    found = shape.without_layout_tables(given)
    assert ("<table" not in found) is laid_out
    if not laid_out:
        assert found == given


def test_a_table_within_a_layout_stays_one() -> None:
    inner = "<table><tr><td>1</td><td>2</td></tr></table>"
    found = shape.without_layout_tables(page(f"<table><tr><td>{P20}{inner}</td></tr></table>"))
    assert found.count("<table>") == 1 and inner in found
    assert shape.without_layout_tables("") == "" == shape.with_paragraphs("", "")
    assert shape.with_parts_joined("", "") == ""


@pytest.mark.parametrize(
    ("body", "text", "tagged"),
    [
        (f"{P20}<br>{Q20}", P20, 2), (f"{P20}<br>{Q20}", f"{P20} {Q20}", 0),
        (f"{P20}<br>{Q20}", "", 0), (f"{P20}<br>{Q20.rpartition(' ')[0]}", P20, 0),
        (f"{P20}<div>x</div>{Q20}", Q20, 2), (f"{P20} {Q20}", P20, 0),
        (f"{P20}<br>{Q20}", f"{P20} {' '.join(Q20.split()[:17])}", 0),  # 17 of 20
        (f"{P20}<br>{Q20}", f"{P20} {' '.join(Q20.split()[:16])}", 2),
        (f"{P20}<br><b>{Q20}</b>", P20, 2), (f"{P20}<br><script>{Q20}</script>", P20, 0),
    ],
)  # fmt: skip
def test_bare_paragraphs_get_tags_where_some_are_missing(body: str, text: str, tagged: int) -> None:
    found = shape.with_paragraphs(page(f"<div>{body}</div>"), text)
    assert len(re.findall(rf"<p>(?:<b>)?[wv]0", found)) == tagged  # noqa: F541
    if not tagged:
        assert found == page(f"<div>{body}</div>")
    else:
        assert html.page_blocks(found) == html.page_blocks(page(f"<div>{body}</div>"))


def part(*paragraphs: str, kind: str = "part") -> str:
    return f'<div class="{kind}">{"".join(f"<p>{text}</p>" for text in paragraphs)}</div>'


@pytest.mark.parametrize(
    ("parts", "text", "joined"),
    [
        ([part(P20, Q20), part(R20, P20)], f"{P20}\n{Q20}", False),  # a paragraph is in both
        ([part(P20, Q20), part(R20, R20[::-1])], f"{P20}\n{Q20}", True),
        ([part(P20, Q20), part(R20, R20[::-1])], f"{P20}", False),  # no part is there whole
        ([part(P20, Q20), part(R20)], f"{P20}\n{Q20}", False),  # one paragraph is no part
        ([part(P20, Q20), part(P19, Q20[:-3])], f"{P20}\n{Q20}", False),
        ([part(P20, Q20), part(R20, R20[::-1], kind="note")], f"{P20}\n{Q20}", False),
        ([part(P20, Q20), f"<article>{part(R20, R20[::-1])}</article>"], f"{P20}\n{Q20}", False),
        ([part(P20, Q20), f"<div><b>By A</b>{part(R20, R20[::-1])}</div>"], f"{P20}\n{Q20}", False),
    ],
)  # fmt: skip
def test_parts_of_an_article_are_joined(parts: list[str], text: str, joined: bool) -> None:
    given = page(f"<main>{''.join(parts)}</main>")
    assert (shape.with_parts_joined(given, text) != given) is joined


BLOCKS = ["Title", "12:30", "One went.", "12:10", "Two came.", "Three stayed.", "End"]


@pytest.mark.parametrize(
    ("text", "likely", "expected"),
    [
        ("One went.\nTwo came.", "", "One went.\nTwo came."),
        ("Two came.\nOne went.", "", "One went.\nTwo came."),
        ("Two came.\nOne went.\nodd", "", "One went.\nodd\nTwo came."),
        ("Two  came.\nOne went.", "", "One went.\nTwo  came."),
        ("Three stayed.\nodd\nOne went.", "", "One went.\nThree stayed.\nodd"),
        ("Two came.Three stayed.\nOne went.", "", "One went.\nTwo came.\nThree stayed."),
        ("One went.\nOne went.\nTwo came.", "", "One went.\nOne went.\nTwo came."),
        ("Three stayed.\nTwo came.\nOne went.", "0001000", "One went.\nTwo came.\nThree stayed."),
        ("Three stayed.\nOne went.", "0000100", "One went.\nTwo came.\nThree stayed."),
        ("Three stayed.\nOne went.", "0100000", "One went.\nThree stayed."),
        ("Three stayed.\nOne went.", "0001000", "One went.\nThree stayed."),
    ],
)  # fmt: skip
def test_lines_in_the_order_of_the_page(text: str, likely: str, expected: str) -> None:
    assert shape.in_page_order(text, BLOCKS, [sign == "1" for sign in likely]) == expected


def test_what_an_element_holds() -> None:
    root = shape.tree(page(f"<div>a b<p>c <b>d</b> e</p>f<script>g h</script>i</div>"))  # noqa: F541
    words, blocks = shape._counts(root)
    div, paragraph, bold = root.find(".//div"), root.find(".//p"), root.find(".//b")
    assert [words[e] for e in (root, div, paragraph, bold)] == [7, 7, 3, 1]
    assert [blocks[e] for e in (root, div, paragraph, bold)] == [1, 1, 1, 0]
    assert words[root.find(".//script")] == 0


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [
        ("on", "it", True), ("", "it", True), ("on", "It", True), (".", "It", False),
        ("", "", False), (",", "", True), ("", ",", True), ("(", ")", True),
        (".", "it", True), (">", "It", False),
    ],
)  # fmt: skip
def test_a_time_that_is_part_of_a_sentence(before: str, after: str, moved: bool) -> None:
    found = html._with_times(f"{before} <time>3 May</time> {after}")
    kept = '<time datetime="3 May"></time>3 May' if moved else "<time>3 May</time>"
    assert found == f"{before} {kept} {after}"
    stated = html._with_times('on <time DateTime="2024-05-03">3 "May"</time> it')
    assert stated == 'on <time DateTime="2024-05-03"></time>3 "May" it'
    assert 'datetime="3 &quot;May&quot;"' in html._with_times('on <time>3 "May"</time> it')


@pytest.mark.parametrize(
    ("found", "page_", "date"),
    [
        ("2024-05-03T10:30:00+0200", "", "2024-05-03T10:30:00+0200"),
        ("2024-05-03T00:00:00", "<p>3 May", "2024-05-03"),
        ("2024-05-03T00:00:00", "<p>2024-05-03", "2024-05-03"),
        ("2024-05-03T00:00:00", "<p>05/03/2024 at noon<", "05/03/2024 at noon"),
        ("2024-05-03T00:00:00", '"3-5-2024"', "3-5-2024"), ("", "", ""),
        ("2024-05-03T00:00:00", "<p>05/04/2024<", "2024-05-03"),
        ("2024-05-03T00:00:00", "<p>a 05/03/2024<", "2024-05-03"),
    ],
)  # fmt: skip
def test_the_date_of_a_page(found: str, page_: str, date: str) -> None:
    assert html._date(found, page_) == date


@pytest.mark.parametrize(
    ("tags", "address"),
    [
        ('<link rel="canonical" href="http://a/?x=1&amp;y">', "http://a/?x=1&y"),
        ("<link href=b rel=canonical>", "b"), ('<link rel="next" href="c">', None),
        ('<link rel="canonical"><link rel="canonical" href="d">', "d"), ("", None),
    ],
)  # fmt: skip
def test_the_address_that_is_canonical(tags: str, address: str | None) -> None:
    assert html._canonical(tags) == address


def test_a_title_right_above_comes_back() -> None:
    given = page(f"<h1>Old mill</h1><p>{P20}</p><p>{Q20}</p>")
    assert html._titled(f"{P20}\n{Q20}", given, "Old mill") == f"Old mill\n{P20}\n{Q20}"
    for text, title in (
        (Q20, "Old mill"),
        ("Old mill", "Old mill"),
        ("odd", "Old mill"),
        (P20, None),
    ):
        assert html._titled(text, given, title) == text


@pytest.mark.parametrize(
    ("precise", "generous", "scores", "expected"),
    [
        (P20, f"{P20}\n{Q20}", "0110", f"{P20}\n{Q20}"), (P20, f"{P20}\n{Q20}", "0100", P20),
        ("", P20, "0100", P20), (None, P20, "0100", P20),
        ("Old mill", "End", "0110", f"{P20}\n{Q20}"),
        (P20, "", "0000", P20), (f"{Q20}\n{P20}", "", "0110", f"{P20}\n{Q20}"),
        (" ".join(P20.split()[:10]), "", "0100", " ".join(P20.split()[:10])),  # half of it
        (" ".join(P20.split()[:9]), "", "0100", P20),
    ],
)  # fmt: skip
def test_the_blocks_choose_between_two_readings(
    precise: str | None, generous: str, scores: str, expected: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def read(page_: str, *, favor_precision: bool = False, **given: object) -> object:
        text = precise if favor_precision else generous
        return None if text is None else SimpleNamespace(text=text, title="Old mill", url=None)

    monkeypatch.setattr("trafilatura.bare_extraction", read)
    judged = np.array([0.6 if score == "1" else 0.5 for score in scores])
    monkeypatch.setattr(html, "article_scores", lambda lines: judged)
    given = page(f"<h1>Old mill</h1><p>{P20}</p><p>{Q20}</p><p>End</p>")
    text, about = html._extract(given)
    assert text == expected
    assert about["title"] == "Old mill" and about["date"] is None and about["author"] is None
    monkeypatch.setattr(html, "MAX_LINES", 3)
    assert html._extract(given)[0] == (precise or generous)  # of a dump nobody asks
    monkeypatch.setattr(html, "MAX_LINES", 4)
    assert html._extract(given)[0] == text


def test_how_like_two_bags_of_words_are() -> None:
    one, other = html._bag("The mill, the Mill"), html._bag("the wheel")
    assert one == {"the": 2, "mill": 2}
    assert html._likeness(one, other) == pytest.approx(2 / 6)
    assert html._likeness(one, one) == 1 and html._likeness(html._bag(""), html._bag("")) == 0
    assert html.page_blocks(page("<p>a<b>b</b> c</p><style>x</style>d<br>e")) == ["ab c", "d", "e"]
    assert html.page_blocks("") == []
