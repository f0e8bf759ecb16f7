"""One pass over each table of a run: totals for the charts, and the few rows a person should see."""

from __future__ import annotations

import csv
import heapq
import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from scrub.errors import OutputError
from scrub.write.load import load_record, load_table
from scrub.write.report.choose import Cluster, Limits, choose_clusters, choose_members
from scrub.write.tables import unescape

Row = dict[str, str]

BINS = 20  # of the spin score histogram
_ID = re.compile(rb'\{"id":\s*"((?:[^"\\]|\\.)*)"')
_SPUN = ("this", "both")


@dataclass(slots=True)
class Facts:
    """What the page says: totals over the whole run, and chosen rows and texts.

    `members` and `flags` hold rows of `dedup.csv` and `flags.csv` by cluster and by document id,
    `flag_lines` the line of each flag in `flags.csv`; `texts` the cleaned texts of the documents
    that are shown, `titles` the beginning of those that are only listed.  The lists of doubt are
    ordered, most doubtful first.
    """

    record: dict[str, Any]
    limits: Limits = field(default_factory=Limits)
    only: str = ""
    read: int = 0
    words: int = 0
    relations: Counter[str] = field(default_factory=Counter)
    spun: Counter[str] = field(default_factory=Counter)
    scores: list[list[int]] = field(default_factory=lambda: [[0] * BINS, [0] * BINS])
    sizes: Counter[int] = field(default_factory=Counter)
    documents: list[Row] = field(default_factory=list)
    clusters: list[Cluster] = field(default_factory=list)
    listed: list[Cluster] = field(default_factory=list)
    members: dict[str, list[Row]] = field(default_factory=dict)
    flag_kinds: Counter[str] = field(default_factory=Counter)
    flags: dict[str, list[Row]] = field(default_factory=dict)
    weak_links: list[Row] = field(default_factory=list)
    almost_spun: list[Row] = field(default_factory=list)
    unsure_repairs: list[Row] = field(default_factory=list)
    almost_repairs: list[Row] = field(default_factory=list)
    lexicon: list[Row] = field(default_factory=list)
    lexicon_size: int = 0
    rejected: list[Row] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    texts: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)

    @property
    def kept(self) -> int:
        """How many documents went into the corpus."""
        return self.relations["unique"] + self.relations["kept"]

    @property
    def threshold(self) -> float:
        """The confidence from which a repair was applied."""
        return float(self.record.get("settings", {}).get("spin", {}).get("repair_confidence", 1))


def gather(out: Path, *, cluster: str | None = None) -> Facts:
    """Read a finished run.  With `cluster`, only that cluster is chosen, in full.

    Raises OutputError where `out` holds no finished run, or no such cluster or document.
    """
    limits = Limits() if cluster is None else Limits.unbounded()
    facts = Facts(load_record(out), limits)
    flagged = _read_dedup(out / "dedup.csv", facts, limits, wanted=cluster)
    if cluster is not None:
        if not facts.only:
            raise OutputError(
                f"{out}: no cluster or document {cluster!r}; dedup.csv lists the ids of both"
            )
        facts.listed = [c for c in facts.clusters if c.id == facts.only]
        flagged = []
    else:
        facts.listed = choose_clusters(facts.clusters, facts.weak_links, limits)
    shown = {c.id for c in facts.listed[: limits.shown]} or {facts.only}
    _read_members(out / "dedup.csv", facts, shown)
    chosen = choose_members(facts.members, facts.listed, limits)
    _read_flags(out / "flags.csv", facts, {*chosen, *(i for _, i in flagged)}, limits)
    _read_texts(out / "documents.jsonl", facts, {*chosen, *facts.flags})
    if cluster is None:
        _read_lists(out, facts, limits)
    return facts


def _read_dedup(
    path: Path, facts: Facts, limits: Limits, *, wanted: str | None
) -> list[tuple[int, str]]:
    """Count `dedup.csv`; returns the documents with most flags, as (flags, id)."""
    clusters: dict[str, Cluster] = {}
    weak: list[tuple[float, str, Row]] = []
    suspect: list[tuple[float, str, Row]] = []
    flagged: list[tuple[int, str]] = []
    sizes: Counter[int] = Counter()
    for row in _rows(path):
        relation, spun, size = row["relation"], row["spun"], int(row["cluster_size"])
        is_spun = spun in _SPUN
        score = _number(row["spin_score"])
        facts.read += 1
        facts.words += int(row["words"] or 0)
        facts.relations[relation] += 1
        facts.spun["spun" if is_spun else "plain"] += 1
        facts.scores[is_spun][min(int(score * BINS), BINS - 1)] += 1
        sizes[size] += 1
        flags = int(row["flags"] or 0)
        if wanted is not None and wanted in (row["cluster_id"], row["id"]):
            facts.only = row["cluster_id"]
        if len(facts.documents) <= limits.documents:
            facts.documents.append(row)
        if flags and row["kept"] == "true":
            _push(flagged, (flags, row["id"]), limits.reviewed)
        if not is_spun:
            _push(suspect, (score, row["id"], row), limits.doubts)
        if size > 1:
            found = clusters.setdefault(row["cluster_id"], Cluster(row["cluster_id"], size))
            found.add(row, is_spun, flags)
            if relation in ("near", "excerpt"):
                _push(weak, (-_number(row["containment"]), row["id"], row), limits.doubts)
    facts.sizes = Counter({size: count // size for size, count in sizes.items()})
    facts.clusters = list(clusters.values())
    facts.weak_links = [row for *_, row in sorted(weak, key=lambda item: (-item[0], item[1]))]
    facts.almost_spun = [row for *_, row in sorted(suspect, key=lambda item: (-item[0], item[1]))]
    return sorted(flagged, key=lambda item: (-item[0], item[1]))


def _read_members(path: Path, facts: Facts, clusters: Collection[str]) -> None:
    for row in _rows(path):
        if row["cluster_id"] in clusters:
            facts.members.setdefault(row["cluster_id"], []).append(row)


def _read_flags(path: Path, facts: Facts, wanted: Collection[str], limits: Limits) -> None:
    """Count the flags, keep those of `wanted` documents, and find the least sure decisions."""
    threshold = facts.threshold
    unsure: list[tuple[float, int, Row]] = []
    almost: list[tuple[float, int, Row]] = []
    kept = 0
    for line, row in enumerate(_rows(path), start=2):
        facts.flag_kinds[row["kind"]] += 1
        confidence = _number(row["confidence"])
        row["line"] = str(line)
        if not facts.only and row["suggestion"]:
            if confidence >= threshold:
                _push(unsure, (-confidence, -line, row), limits.doubts)
            else:
                _push(almost, (confidence, -line, row), limits.doubts)
        if row["id"] in wanted and kept < limits.flags:
            kept += 1
            facts.flags.setdefault(row["id"], []).append(row)
    facts.unsure_repairs = [row for *_, row in sorted(unsure, key=lambda i: (-i[0], -i[1]))]
    facts.almost_repairs = [row for *_, row in sorted(almost, key=lambda i: (-i[0], -i[1]))]


def _read_texts(path: Path, facts: Facts, wanted: Collection[str]) -> None:
    """Take the wanted texts out of `documents.jsonl`, and the titles of the clusters listed.

    A line is parsed only where the id it begins with is wanted: on 100 MB that is the difference
    between a tenth of a second and several.
    """
    titled = {c.kept_id for c in facts.listed} | {row["id"] for row in facts.documents}
    with path.open("rb") as file:
        for line in file:
            match = _ID.match(line)
            raw = match[1] if match else b"\\"
            i = orjson.loads(line)["id"] if b"\\" in raw else raw.decode()
            if i in wanted or i in titled:
                text = orjson.loads(line)["text"]
                facts.titles[i] = _title(text)
                if i in wanted:
                    facts.texts[i] = text


def _read_lists(out: Path, facts: Facts, limits: Limits) -> None:
    for row in load_table(out / "lexicon.csv"):
        facts.lexicon_size += 1
        if len(facts.lexicon) < limits.rows:
            facts.lexicon.append(row)
    for row in load_table(out / "rejected.csv"):
        facts.reasons[row["reason"]] += 1
        if len(facts.rejected) < limits.rows:
            facts.rejected.append(row)


def _rows(path: Path) -> Iterator[Row]:
    """The rows of a table as texts; on a large `dedup.csv` twice as fast as `load_table`."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        names = next(reader)
        for cells in reader:
            row = dict(zip(names, cells, strict=True))
            for name, cell in row.items():
                if cell[:1] == "'":
                    row[name] = unescape(cell)
            yield row


def _push(heap: list[Any], item: tuple[Any, ...], size: int) -> None:
    """Keep the `size` largest items; the second field is unique, so rows are never compared."""
    if len(heap) < size:
        heapq.heappush(heap, item)
    elif heap and item[:2] > heap[0][:2]:
        heapq.heapreplace(heap, item)


def _number(cell: str) -> float:
    return float(cell) if cell else 0.0


def _title(text: str) -> str:
    first = text.lstrip()[:300].partition("\n")[0].strip()
    return first if len(first) <= 100 else first[:100].rsplit(" ", 1)[0] + " …"
