"""What the pictures and lists of the page are made of: places, heights, choices."""

from __future__ import annotations

import pytest

from scrub.match.account import TERMS
from scrub.write.report import charts, gather
from scrub.write.report.choose import Cluster, Limits, choose_members, choose_reviewed, telling

COUNTS = {"rejected": 10, "unique": 50, "kept": 20, "excerpt": 0, "near": 15, "exact": 5}


@pytest.mark.parametrize(
    ("longest", "whole", "step"),
    [
        (0, True, 1), (-1, True, 1), (1, True, 1), (2, True, 1), (4, True, 1), (5, True, 2),
        (9, True, 5), (37, True, 10), (44, True, 10), (45, True, 20), (0.8, False, 0.2),
        (0.9, False, 0.5), (100, False, 50), (88, False, 20),
    ],
)  # fmt: skip
def test_steps_of_an_axis(longest: float, whole: bool, step: float) -> None:
    assert charts.tick_step(longest, whole=whole) == pytest.approx(step)


def chart(*values: float, logarithmic: bool = False) -> charts.BarChart:
    bars = [charts.Bar("a", [("near", value)]) for value in values]
    return charts.BarChart("n", "t", "c", "v", bars, logarithmic=logarithmic)


def test_ticks_reach_over_the_longest_bar() -> None:
    assert chart(37).ticks == [
        (0, "0"), (0.25, "10"), (0.5, "20"), (0.75, "30"), (1, "40"),
    ]  # fmt: skip
    assert chart(40).top == 40 and chart(41).top == 50 and chart().top == 1 and chart(0).top == 1
    assert [text for _, text in chart(0.5, 0.75).ticks] == ["0", "0.2", "0.4", "0.6", "0.8"]
    assert [text for _, text in chart(45_000).ticks] == ["0", "20k", "40k", "60k"]
    assert [text for _, text in chart(5e6).ticks] == ["0", "2M", "4M", "6M"]
    assert charts._short(9999) == "9,999" and charts._short(10_000) == "10k"
    assert charts._short(999_999) == "999.999k" and charts._short(1_000_000) == "1M"


def test_a_logarithmic_axis_has_powers_of_ten() -> None:
    found = chart(1, 150, logarithmic=True)
    assert (found.top, [text for _, text in found.ticks]) == (1000, ["0", "10", "100", "1,000"])
    assert found.place(0) == 0 and found.place(1000) == 1 and 0.6 < found.place(100) < 0.7
    assert chart(1, logarithmic=True).top == 10 and chart(100, logarithmic=True).top == 100


def test_scores_and_sizes_and_languages() -> None:
    few = charts.spin_scores([[180, 1], [19, 0]])
    assert not few.logarithmic and few.value == "documents"
    assert [(bar.label, bar.note, bar.total) for bar in few.bars] == [
        ("0.00", "0.00 to 0.50", 199), ("0.50", "0.50 to 1.00", 1),
    ]  # fmt: skip
    assert not charts.spin_scores([[200, 1], [0, 0]]).logarithmic
    assert charts.spin_scores([[200, 1], [1, 0]]).logarithmic
    sizes = charts.cluster_sizes({2: 5, 3: 1, 9: 2, 10: 3, 99: 1, 5: 1})
    assert [(bar.label, bar.total) for bar in sizes.bars] == [
        ("2", 5), ("3", 1), ("4", 0), ("5–9", 3), ("10–19", 3), ("20–99", 1),
    ]  # fmt: skip
    assert [bar.label for bar in charts.cluster_sizes({2: 1}).bars] == ["2", "3", "4"]
    assert [bar.label for bar in charts.cluster_sizes({100: 1}).bars][-1] == "100+"
    told = charts.languages({"en": 9, "": 3, **{f"l{n}": 2 for n in range(6)}})
    assert [(bar.label, bar.total) for bar in told.bars] == [
        ("en", 9), ("unknown", 3), ("l0", 2), ("l1", 2), ("l2", 2), ("l3", 2), ("2 others", 4),
    ]  # fmt: skip
    assert len(charts.languages(dict.fromkeys("abcdef", 1)).bars) == 6


def test_the_way_from_the_inputs_to_the_corpus() -> None:
    found = charts.flow(COUNTS, name="flow", width=800, height=400)
    # 400 less 8 above and 29 for each of three names, over 100 documents: 3.05 for each.
    nodes = {node.name: node for node in found.nodes}
    assert list(nodes) == [
        "inputs", "read", "rejected", "unique", "best copies", "near copies", "exact copies",
        "corpus",
    ]  # fmt: skip
    assert [node.value for node in found.nodes] == [100, 90, 10, 50, 20, 15, 5, 70]
    assert [round(node.x, 3) for node in found.nodes] == [
        0, 233.333, 233.333, *[466.667] * 4, 700,
    ]  # fmt: skip
    assert [round(node.height, 3) for node in found.nodes] == [
        305, 274.5, 30.5, 152.5, 61, 45.75, 15.25, 213.5,
    ]  # fmt: skip
    assert [round(node.y, 3) for node in found.nodes] == [8, 8, 290.5, 8, 168.5, 237.5, 291.25, 8]
    assert all(node.label_y == node.y + node.height / 2 for node in found.nodes)
    assert (found.two_lines, round(found.height, 3)) == (False, 329)
    assert [(kind, text) for kind, _, text in found.ribbons] == [
        ("read", "inputs to read: 90"), ("rejected", "inputs to rejected: 10"),
        ("unique", "read to unique: 50"), ("kept", "read to best copies: 20"),
        ("near", "read to near copies: 15"), ("exact", "read to exact copies: 5"),
        ("unique", "unique to corpus: 50"), ("kept", "best copies to corpus: 20"),
    ]  # fmt: skip
    paths = [path for _, path, _ in found.ribbons]
    assert paths[1] == (
        "M10.0 282.5C121.7 282.5 121.7 290.5 233.3 290.5V321.0C121.7 321.0 121.7 313.0 10.0 313.0Z"
    )
    assert paths[3].startswith("M243.3 160.5C") and "V229.5C" in paths[3]
    assert paths[7].startswith("M476.7 168.5C") and "700.0 160.5V221.5" in paths[7]


def test_a_narrow_picture_and_an_empty_one() -> None:
    narrow = charts.flow(COUNTS, name="flow", width=599, height=400)
    assert narrow.two_lines and narrow.nodes[-1].x == 599 - 92
    assert not charts.flow(COUNTS, name="flow", width=600, height=400).two_lines
    empty = charts.flow(dict.fromkeys(COUNTS, 0), name="flow", width=800, height=90)
    assert [node.name for node in empty.nodes] == ["inputs"] and empty.ribbons == []
    one = charts.flow({**COUNTS, "kept": 1, "exact": 1, "near": 1, "excerpt": 1},
                      name="flow", width=800, height=400)  # fmt: skip
    names = {node.name for node in one.nodes}
    assert {"best copy", "exact copy", "near copy", "excerpt"} <= names
    thin = charts.flow({**COUNTS, "unique": 100_000}, name="flow", width=800, height=400)
    assert min(node.height for node in thin.nodes) == 2.5


def test_the_terms_of_an_account_in_a_row() -> None:
    assert charts.waterfall("odd=1", 2.0) is None and charts.waterfall("", 2.0) is None
    names = list(TERMS)[:3]
    found = charts.waterfall(f"{names[0]}=-2 {names[1]}=3.5 {names[2]}=1", 2.0)
    assert found is not None
    assert [(s.start, s.length, s.value) for s in found.steps] == [
        (0, 44.44, -2), (0, 77.78, 3.5), (77.78, 22.22, 1),
    ]  # fmt: skip
    assert (found.total, found.needed, found.zero, found.line) == (2.5, 2, 44.44, 88.89)


def test_the_largest_are_kept() -> None:
    heap: list[tuple[int, str, str]] = []
    for value, name in ((3, "a"), (1, "b"), (2, "c"), (3, "d"), (2, "e")):
        gather._push(heap, (value, name, "x"), 3)
    assert [item[:2] for item in gather._largest(heap)] == [(3, "d"), (3, "a"), (2, "e")]
    nothing: list[tuple[int, str]] = []
    gather._push(nothing, (1, "a"), 0)
    assert nothing == []
    best: dict[str, tuple[int, int, str]] = {}
    for key, item in (("a", 1), ("b", 5), ("a", 4), ("c", 3), ("a", 2), ("d", 9)):
        gather._push_distinct(best, key, (item, 0, key), 2)
    assert [item[0] for item in gather._largest(best.values())] == [9, 5]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("\n  Old mill \nIt stood.", "Old mill"), ("x" * 100, "x" * 100),
        ("old " * 25, ("old " * 25).strip()), ("old " * 26, "old " * 24 + "old …"),
        ("", ""), ("x" * 101, "x" * 100 + " …"),
    ],
)  # fmt: skip
def test_the_title_of_a_text(text: str, title: str) -> None:
    assert gather._title(text) == title


def test_a_cluster_counts_its_members() -> None:
    found = Cluster("c", 4)
    for member in (
        ("a", "near", "0.7", True, 2), ("b", "kept", "", False, 1), ("c", "kept", "", False, 0),
        ("d", "exact", "0.1", True, 0), ("e", "excerpt", "0.9", False, 3),
        ("f", "near", "", False, 0),
    ):  # fmt: skip
        found.add(*member)
    assert (found.kept_id, found.spun, found.flags, found.weakest) == ("b", 2, 6, 0.7)
    assert found.relations == {"near": 2, "kept": 2, "exact": 1, "excerpt": 1}


def test_which_members_and_flags_are_shown() -> None:
    def row(i: str, kept: str, spun: str, share: str, flags: str = "0") -> dict[str, str]:
        return {"id": i, "kept": kept, "spun": spun, "containment": share, "flags": flags}

    rows = [
        row("a", "false", "no", "0.9"), row("b", "false", "other", "0.5"),
        row("c", "false", "this", "0.8"), row("d", "true", "no", "", "4"),
        row("e", "false", "both", "0.95", "7"), row("f", "false", "no", ""),
    ]  # fmt: skip
    assert [r["id"] for r in sorted(rows, key=telling)] == ["d", "c", "e", "f", "b", "a"]
    listed = [Cluster("k", 6), Cluster("none", 2)]
    assert choose_members({"k": rows}, listed, Limits(members=3)) == ["d", "c", "e"]
    reviewed = choose_reviewed(["d", "e"], {"k": rows}, [(3, "x"), (2, "y")], Limits(flags=7))
    assert reviewed == ["d", "x"]  # four and three, not two more
    assert choose_reviewed([], {}, [(9, "x"), (1, "y")], Limits(flags=7)) == ["x"]
