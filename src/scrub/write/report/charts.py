"""The pictures of the overview as numbers that `charts.svg.j2` draws.

Why not a plotting library: altair with vl-convert was measured at 1.2 s of CPU for five charts
and 84 MB installed, where the whole run on 50,000 documents takes about 4.5 s; its SVG also has
fixed colours, while these follow the page into dark mode, into print and onto a phone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from scrub.match.account import TERMS


@dataclass(slots=True)
class Bar:
    """One bar: its label on the category axis and its parts, `(colour class, value)`."""

    label: str
    parts: list[tuple[str, float]]
    note: str = ""

    @property
    def total(self) -> float:
        """The length of the whole bar."""
        return sum(value for _, value in self.parts)


@dataclass(slots=True)
class BarChart:
    """A bar chart with titled axes; `ticks` are `(place, text)` with places in [0, 1].

    With `logarithmic` a bar is as long as log(1 + value), and its parts stand side by side, since
    on such an axis stacked parts would not add up.
    """

    name: str
    title: str
    category: str
    value: str
    bars: list[Bar]
    legend: list[tuple[str, str]] = field(default_factory=list)
    logarithmic: bool = False
    top: float = 1
    ticks: list[tuple[float, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Choose round ticks that reach over the longest bar."""
        longest = max((bar.total for bar in self.bars), default=0)
        if self.logarithmic:
            powers = math.ceil(math.log10(max(longest, 2)))
            self.top = 10.0**powers
            values = [0.0, *(10.0**n for n in range(1, powers + 1))]  # 1 would stand on 0
        else:
            whole = all(float(v).is_integer() for bar in self.bars for _, v in bar.parts)
            step = tick_step(longest, whole=whole)
            count = max(1, math.ceil(longest / step - 1e-9))
            self.top = step * count
            values = [step * n for n in range(count + 1)]
        self.ticks = [(self.place(value), _short(value)) for value in values]

    def place(self, value: float) -> float:
        """Where a value stands on its axis, from 0 to 1."""
        if self.logarithmic:
            return math.log1p(value) / math.log1p(self.top)
        return value / self.top


def _short(value: float) -> str:
    """A number of an axis in few characters."""
    if value >= 1_000_000:
        return f"{value / 1_000_000:g}M"
    return f"{value / 1_000:g}k" if value >= 10_000 else f"{value:,.10g}"


def tick_step(longest: float, *, whole: bool) -> float:
    """The step 1, 2 or 5 times a power of ten that cuts `longest` into about four parts.

    >>> tick_step(37, whole=True), tick_step(0.8, whole=False), tick_step(2, whole=True)
    (10, 0.2, 1)
    """
    if longest <= 0:
        return 1
    power = 10.0 ** math.floor(math.log10(longest / 4))
    step = next(m * power for m in (1, 2, 5, 10) if m * power * 4 >= longest * 0.9)
    return max(1, int(step)) if whole else step


def spin_scores(scores: Sequence[Sequence[int]]) -> BarChart:
    """How many documents have which spin score, the spun ones apart."""
    bins = len(scores[0])
    bars = [
        Bar(
            f"{n / bins:.2f}",
            [("plain", scores[0][n]), ("spun", scores[1][n])],
            f"{n / bins:.2f} to {(n + 1) / bins:.2f}",
        )
        for n in range(bins)
    ]
    # In a large corpus nearly every document scores nearly 0; the few others are what matters.
    longest = max(bar.total for bar in bars)
    logarithmic = longest > 200
    return BarChart(
        "scores", "Spin score", "spin score, 0 plain to 1 machine-spun",
        "documents, logarithmic" if logarithmic else "documents", bars,
        [("plain", "not spun"), ("spun", "machine-spun")], logarithmic,
    )  # fmt: skip


def cluster_sizes(sizes: Mapping[int, int]) -> BarChart:
    """How many clusters have how many documents."""
    edges = [(2, 2), (3, 3), (4, 4), (5, 9), (10, 19), (20, 99), (100, 10**9)]
    bars = []
    for low, high in edges:
        count = sum(number for size, number in sizes.items() if low <= size <= high)
        label = str(low) if low == high else f"{low}+" if high >= 10**9 else f"{low}–{high}"
        bars.append(Bar(label, [("near", count)], f"{label} documents"))
    while len(bars) > 3 and not bars[-1].total:
        bars.pop()
    return BarChart("sizes", "Cluster sizes", "documents in the cluster", "clusters", bars)


def languages(counts: Mapping[str, int]) -> BarChart:
    """The languages of the documents, the most frequent first."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    bars = [Bar(name or "unknown", [("near", count)]) for name, count in ordered[:6]]
    rest = sum(count for _, count in ordered[6:])
    if rest:
        bars.append(Bar(f"{len(ordered) - 6} others", [("plain", rest)]))
    return BarChart("languages", "Languages", "language", "documents", bars)


def stages(seconds: Mapping[str, float]) -> BarChart:
    """The time that each stage of the run took, in the order of the run."""
    bars = [Bar(name, [("near", value)], f"{value:.2f} s") for name, value in seconds.items()]
    return BarChart("stages", "Time per stage", "stage", "seconds", bars)


@dataclass(slots=True)
class Node:
    """A block of the flow picture, in units of the drawing."""

    name: str
    kind: str
    value: int
    column: int
    x: float = 0
    y: float = 0
    height: float = 0
    label_y: float = 0


@dataclass(slots=True)
class Flow:
    """Where the documents went, as a Sankey diagram: nodes, and ribbons `(kind, path, text)`."""

    name: str
    width: float
    height: float
    two_lines: bool
    nodes: list[Node]
    ribbons: list[tuple[str, str, str]]


NODE_WIDTH = 10


def flow(counts: Mapping[str, int], *, name: str, width: float, height: float) -> Flow:
    """Lay out the way from the inputs to the corpus.

    `counts` has `rejected`, `unique`, `kept`, `excerpt`, `near` and `exact`.  Heights are in
    proportion to the numbers of documents, but no block is too thin to be seen.
    """

    def noun(one: str, many: str, kind: str) -> str:
        return one if counts[kind] == 1 else many

    read = sum(counts[k] for k in ("unique", "kept", "excerpt", "near", "exact"))
    kept = counts["unique"] + counts["kept"]
    nodes = {
        "inputs": Node("inputs", "read", read + counts["rejected"], 0),
        "read": Node("read", "read", read, 1),
        "rejected": Node("rejected", "rejected", counts["rejected"], 1),
        "unique": Node("unique", "unique", counts["unique"], 2),
        "kept": Node(noun("best copy", "best copies", "kept"), "kept", counts["kept"], 2),
        "excerpt": Node(noun("excerpt", "excerpts", "excerpt"), "excerpt", counts["excerpt"], 2),
        "near": Node(noun("near copy", "near copies", "near"), "near", counts["near"], 2),
        "exact": Node(noun("exact copy", "exact copies", "exact"), "exact", counts["exact"], 2),
        "corpus": Node("corpus", "kept", kept, 3),
    }
    nodes = {key: node for key, node in nodes.items() if node.value or key == "inputs"}
    links = [("inputs", "read"), ("inputs", "rejected")]
    links += [("read", key) for key in ("unique", "kept", "excerpt", "near", "exact")]
    links += [("unique", "corpus"), ("kept", "corpus")]
    links = [(a, b) for a, b in links if a in nodes and b in nodes]

    # Names stand beside their numbers where there is room, else below them.
    label, gap, top = (42.0 if width < 600 else 21.0), 8.0, 8.0
    last = 92 if width < 600 else 80 + 10 * len(f"{kept:,}")  # room for the name of the last
    columns = [[n for n in nodes.values() if n.column == c] for c in range(4)]
    most = max(len(column) for column in columns)
    total = max(1, read + counts["rejected"])
    scale = max(1.0, height - top - (label + gap) * (most - 1)) / total
    for number, column in enumerate(columns):
        y = top
        for node in column:
            node.x = number * (width - last) / 3
            node.y, node.height = y, max(2.5, node.value * scale)
            node.label_y = y + node.height / 2
            y += max(node.height, label - gap) + gap
    used = max(node.y + max(node.height, label) for node in nodes.values())

    out, into = dict.fromkeys(nodes, 0.0), dict.fromkeys(nodes, 0.0)
    ribbons = []
    for a, b in links:
        source, sink = nodes[a], nodes[b]
        value = min(source.value, sink.value)
        thick = (source.height * value / source.value, sink.height * value / sink.value)
        y0, y1 = source.y + out[a], sink.y + into[b]
        out[a] += thick[0]
        into[b] += thick[1]
        x0, x1 = source.x + NODE_WIDTH, sink.x
        mid = (x0 + x1) / 2
        path = (
            f"M{x0:.1f} {y0:.1f}C{mid:.1f} {y0:.1f} {mid:.1f} {y1:.1f} {x1:.1f} {y1:.1f}"
            f"V{y1 + thick[1]:.1f}C{mid:.1f} {y1 + thick[1]:.1f} {mid:.1f} {y0 + thick[0]:.1f}"
            f" {x0:.1f} {y0 + thick[0]:.1f}Z"
        )
        kind = sink.kind if sink.column < 3 else source.kind
        ribbons.append((kind, path, f"{source.name} to {sink.name}: {value:,}"))
    return Flow(name, width, used + gap, width < 600, list(nodes.values()), ribbons)


@dataclass(slots=True, frozen=True)
class Step:
    """A term of an account: where its bar begins and how long it is, in percent of the picture."""

    name: str
    meaning: str
    start: float
    length: float
    value: float


@dataclass(slots=True, frozen=True)
class Waterfall:
    """The terms of a pair's evidence, each beginning where the last one ends.

    `total` is their sum, `needed` what makes a pair; `zero` and `line` are their places in percent.
    """

    steps: list[Step]
    total: float
    needed: float
    zero: float
    line: float


def waterfall(account: str, needed: float) -> Waterfall | None:
    """The picture of an account as `pairs.csv` has it; None where it has no terms."""
    found = (term.partition("=") for term in account.split())
    values = {name: float(value) for name, _, value in found if name in TERMS}
    if not values:
        return None
    ends = [0.0, *accumulate(values.values())]
    low, high = min(*ends, 0.0), max(*ends, needed)

    def at(value: float) -> float:
        return round(100 * (value - low) / (high - low), 2)

    steps = [
        Step(name, TERMS[name], at(min(a, b)), round(abs(at(b) - at(a)), 2), value)
        for (name, value), (a, b) in zip(values.items(), pairwise(ends), strict=True)
    ]
    return Waterfall(steps, round(ends[-1], 2), round(needed, 2), at(0.0), at(needed))
