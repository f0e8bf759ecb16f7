"""The report as a file: what it holds, what it refuses to hold, and how large it may become."""

from __future__ import annotations

import csv
import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_folder import EXCERPT, HOSTILE_ID, SPUN, make_folder
from scrub.errors import OutputError
from scrub.write.report import build, charts, page_name
from scrub.write.report.choose import Cluster, Limits, choose_clusters, choose_reviewed
from scrub.write.report.compare import compare, with_punctuation
from scrub.write.report.gather import DOUBTFUL_SCORE, gather
from scrub.write.report.page import described, in_context, visible
from scrub.write.report.payload import payload, to_json

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_folder(tmp_path_factory.mktemp("report") / "out")


@pytest.fixture(scope="module")
def page(folder: Path) -> str:
    return build(folder).read_text(encoding="utf-8")


class _Elements(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_markup_from_documents_is_inert(page: str) -> None:
    elements = _Elements(page).found
    assert [tag for tag, _ in elements].count("script") == 2  # the data and the program
    assert not {tag for tag, _ in elements} & {"img", "b", "iframe", "object", "embed", "base"}
    assert not any(name.startswith("on") for _, attributes in elements for name in attributes)
    assert not any("style" in attributes for _, attributes in elements)


def test_one_is_not_many(page: str) -> None:
    tiles = dict(re.findall(r"<div><dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", page))
    assert (tiles["exact copy"], tiles["near copies"], tiles["excerpt"]) == ("1", "2", "1")


def test_nothing_is_loaded_from_elsewhere(page: str) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert policy and policy[1].startswith("default-src &#39;none&#39;; script-src &#39;sha256-")
    assert "unsafe" not in policy[1]
    for tag, attributes in _Elements(page).found:
        for name in ("src", "href", "action", "data"):
            value = attributes.get(name)
            assert value is None or value.startswith(("#", "data:image/svg+xml,")), (tag, value)


def test_invisible_characters_are_named(page: str) -> None:
    body = page.split("<body>")[1].split('<script type="application/json"')[0]
    assert "\u202e" not in body
    assert "⟨U+202E⟩" in body


@given(st.text())
def test_visible_is_stable_and_keeps_what_can_be_seen(text: str) -> None:
    assert visible(visible(text)) == visible(text)
    if text.isprintable() and text.isascii():
        assert visible(text) == text


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_json_survives_and_cannot_end_its_element(value: Any) -> None:
    encoded = to_json({"value": value})
    assert json.loads(encoded) == {"value": value}
    assert not re.search("[<>&\u2028\u2029]", encoded)


def test_alignment_and_flags_point_at_the_words(folder: Path) -> None:
    data = payload(gather(folder))
    texts = [document["text"].encode("utf-16-le") for document in data["documents"]]

    def read(place: int, start: int, end: int) -> str:
        return texts[place][2 * start : 2 * end].decode("utf-16-le")

    assert len(data["flags"]) > 60
    for _, place, start, end, cells in data["flags"]:
        assert read(place, start, end) == cells[data["columns"].index("text")]
    pair = next(pair for c in data["clusters"] if c["id"] == SPUN for pair in c["pairs"])
    assert data["documents"][pair["copy"]]["id"] == EXCERPT
    assert len(pair["rows"]) == 11
    marks = {(read(pair["kept"], s, e), other) for row in pair["rows"] for s, e, _, other in row[4]}
    assert {("suggested", "advised"), ("lerned", "trained"), ("yet", "but")} <= marks


@given(st.lists(st.text("ab cd.\n"), max_size=6), st.lists(st.text("ab cd.\n"), max_size=6))
def test_rows_lie_inside_their_texts_and_marks_inside_their_rows(
    a: list[str], b: list[str]
) -> None:
    left, right = (
        "The mayor of Ely said on May 3 that ".join(a),
        "The mayor of Ely said on May 3 that ".join(b),
    )
    for row in compare(left, right):
        for text, (start, end), marks in (
            (left, row.left, row.left_marks),
            (right, row.right, row.right_marks),
        ):
            assert 0 <= start < end <= len(text)
            assert all(start <= m.start < m.end <= end for m in marks)


def test_telling_clusters_come_first_and_every_kind_is_seen() -> None:
    def cluster(i: str, **values: Any) -> Cluster:
        relations = values.pop("relations", {})
        made = Cluster(i, values.pop("size", 2), i, **values)
        made.relations.update(relations)
        return made

    clusters = [cluster(f"e{n}", size=90 - n, relations={"exact": 1}) for n in range(50)]
    clusters += [
        cluster("near", weakest=0.4, relations={"near": 1}),
        cluster("doubt", weakest=0.9, relations={"near": 1}),
    ]
    clusters += [cluster("spun", spun=1, flags=9, relations={"excerpt": 1})]
    order = [c.id for c in choose_clusters(clusters, [{"cluster_id": "doubt"}], Limits(listed=10))]
    assert order[:4] == ["spun", "near", "e0", "doubt"]
    assert len(order) == 10


def test_flags_are_reviewed_by_whole_documents_that_are_kept() -> None:
    rows = [
        {"id": "kept", "kept": "true", "flags": "40"},
        {"id": "copy", "kept": "false", "flags": "30"},
        {"id": "plain", "kept": "true", "flags": ""},
    ]
    flagged = [(70, "orphan"), (50, "other"), (40, "kept")]
    chosen = ["kept", "copy", "plain"]
    assert choose_reviewed(chosen, {"c": rows}, flagged, Limits(flags=100)) == ["kept", "other"]
    assert choose_reviewed(chosen, {"c": rows}, [], Limits(flags=10)) == ["kept"]


@pytest.mark.parametrize("wanted", [SPUN, EXCERPT])
def test_one_cluster_alone(folder: Path, wanted: str) -> None:
    path = build(folder, cluster=wanted)
    assert path.name == page_name(wanted)
    assert path.parent == folder
    text = path.read_text(encoding="utf-8")
    assert EXCERPT in text
    assert "harbour" not in text


def test_an_unknown_cluster_and_an_unfinished_run_are_errors(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no cluster or document 'nobody'"):
        build(folder, cluster="nobody")
    with pytest.raises(OutputError, match="no finished run"):
        build(tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_same_folder_gives_the_same_page(folder: Path, tmp_path: Path) -> None:
    assert (
        build(folder, tmp_path / "a.html").read_bytes()
        == build(folder, tmp_path / "b.html").read_bytes()
    )


def test_a_large_run_gives_a_page_of_bounded_size(folder: Path, tmp_path: Path) -> None:
    """Two thousand clusters of long texts: a few are shown, the rest is a command away."""
    out = make_folder(tmp_path / "large")
    with (out / "dedup.csv").open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file))
    sentence = "The clerk of district {} wrote on page {} that the river had risen again. "
    with (
        (out / "dedup.csv").open("a", encoding="utf-8") as table,
        (out / "documents.jsonl").open("a") as texts,
    ):
        for n in range(2_000):
            for i, kept in ((f"c{n}/a", "true"), (f"c{n}/b", "false")):
                relation = "kept" if kept == "true" else "near"
                row = dict(
                    zip(
                        columns,
                        [i, i, f"c{n}/a", "2", kept, f"c{n}/a", relation, "no"],
                        strict=False,
                    )
                )
                row |= {"containment": "0.7", "spin_score": "0.1", "flags": "0", "words": "1600"}
                table.write(",".join(row.get(name, "") for name in columns) + "\n")
                text = "".join(sentence.format(n, page) for page in range(120))
                texts.write(json.dumps({"id": i, "text": text}) + "\n")
    page = build(out).read_text(encoding="utf-8")
    assert len(page.encode()) < 2_500_000
    facts = gather(out)
    assert len(facts.clusters) == 2_003
    assert len(facts.listed) == Limits().listed
    assert "scrub report --cluster" in page


def test_axis_ticks_are_round_and_reach_over_the_longest_bar() -> None:
    for longest in (0, 1, 2, 3, 7, 37, 50_000, 123_456, 0.04, 2.7):
        whole = float(longest).is_integer()
        chart = charts.BarChart("n", "t", "c", "v", [charts.Bar("a", [("near", longest)])])
        assert chart.top >= longest
        assert 2 <= len(chart.ticks) <= 7
        assert (chart.ticks[0][0], chart.ticks[-1][0]) == (0, 1)
        assert not whole or all(float(place * chart.top).is_integer() for place, _ in chart.ticks)


def test_logarithmic_bars_keep_small_values_in_sight() -> None:
    scores = [[46_000, 120, *[0] * 18], [0, 3, *[0] * 17, 2_000]]
    chart = charts.spin_scores(scores)
    assert [text for _, text in chart.ticks] == ["0", "10", "100", "1,000", "10k", "100k"]
    assert chart.place(3) > 0.1
    assert not charts.spin_scores([[4, 0], [0, 1]]).logarithmic


def test_flow_is_in_proportion_and_nothing_vanishes() -> None:
    counts = {
        "rejected": 1,
        "unique": 40_000,
        "kept": 3_000,
        "excerpt": 2,
        "near": 5_000,
        "exact": 900,
    }
    picture = charts.flow(counts, name="wide", width=920, height=270)
    nodes = {node.name: node for node in picture.nodes}
    assert nodes["inputs"].value == 48_903
    assert nodes["corpus"].value == 43_000
    assert all(node.height >= 2.5 for node in picture.nodes)
    assert nodes["unique"].height / nodes["near copies"].height == pytest.approx(8)
    assert max(node.y + node.height for node in picture.nodes) <= picture.height
    ends = [node for node in picture.nodes if node.column == 2]
    assert all(above.y + above.height < below.y for above, below in pairwise(ends))
    picture = charts.flow(dict.fromkeys(counts, 0), name="wide", width=920, height=270)
    assert [(node.name, node.value) for node in picture.nodes] == [("inputs", 0)]


def test_hostile_ids_stay_out_of_file_names() -> None:
    assert re.fullmatch(r"report-cluster-[0-9a-f]{8}\.html", page_name(HOSTILE_ID))
    assert re.fullmatch(r"report-cluster-[0-9a-f]{8}\.html", page_name("../../etc/passwd"))


def test_a_doubtful_pair_of_words_is_shown_once_and_its_word_is_marked(tmp_path: Path) -> None:
    """The least sure repair of a large run would else fill the list with one substitution."""
    facts = gather(make_folder(tmp_path / "out"))
    for rows in (facts.unsure_repairs, facts.almost_repairs):
        shown = [(row["text"], row["suggestion"]) for row in rows]
        assert shown
        assert len(shown) == len(set(shown))
    row = facts.unsure_repairs[0]
    before, word, after = in_context(row["context"], row["text"])
    assert word == row["text"]
    assert f"{before}{word}{after}".strip("… ") in row["context"]


def test_flags_of_copies_that_were_dropped_are_no_repairs(tmp_path: Path) -> None:
    out = make_folder(tmp_path / "out")
    (out / "dedup.csv").write_bytes((out / "dedup.csv").read_bytes().replace(b",true,", b",false,"))
    facts = gather(out)
    assert facts.flag_kinds.total() > 0
    assert not facts.unsure_repairs + facts.almost_repairs
    page = build(out).read_text(encoding="utf-8")
    assert "such words were flagged, all in copies that left the corpus" in page
    assert 'href="#review"' not in page


def test_what_is_far_from_spun_is_not_called_almost_spun(tmp_path: Path) -> None:
    facts = gather(make_folder(tmp_path / "out"))
    scores = [float(row["spin_score"]) for row in facts.almost_spun]
    assert scores == sorted(scores, reverse=True)
    assert all(score >= DOUBTFUL_SCORE for score in scores)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Go home", "“Go home!”"),  # marks on both sides, and no further than the space
        ("Go", "“Go"),  # nothing but a space behind it
        ("three", "(three)"),
        ("it", "it…"),  # to the end of the text
    ],
)
def test_a_sentence_is_shown_with_its_marks(words: str, shown: str) -> None:
    text = "He said: “Go home!” Then (three) left it…"
    start = text.index(words)
    first, last = with_punctuation(text, start, start + len(words))
    assert text[first:last] == shown


def test_the_weakest_links_come_first(tmp_path: Path) -> None:
    facts = gather(make_folder(tmp_path / "out"))
    assert [row["id"] for row in facts.weak_links] == ["=1+1", EXCERPT, "harbour/c"]


def test_languagetool_is_spoken_of_in_words() -> None:
    record = {"outcome": "done", "version": "6.8", "sentences": 57, "cached": 57, "unchecked": 0}
    assert described(record) == "done: 57 sentences, 57 of them answered before (version 6.8)"
    assert described({"outcome": "off", "sentences": 0}) == "off"


def test_a_waterfall_adds_up_and_shows_what_speaks_against_a_pair() -> None:
    picture = charts.waterfall("coverage=0.90 frame=0.60 disagreement=-0.45", 1.13)
    assert picture is not None
    assert [step.name for step in picture.steps] == ["coverage", "frame", "disagreement"]
    assert (picture.total, picture.needed, picture.zero) == (1.05, 1.13, 0.0)
    coverage, frame, against = picture.steps
    assert coverage.start == 0 and frame.start == pytest.approx(coverage.length)
    assert against.start == pytest.approx(frame.start + frame.length - against.length, abs=0.02)
    assert all(step.meaning != "" and 0 <= step.start <= 100 for step in picture.steps)
    below = charts.waterfall("disagreement=-0.45", 1.13)
    assert below is not None and below.zero > 0 and below.line == 100
    assert charts.waterfall("", 1.13) is None and charts.waterfall("else=1", 1.13) is None
