"""One pass over each table of a run: totals for the charts, and the rows a person should see."""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from scrub.document import REWRITES
from scrub.errors import OutputError
from scrub.provenance import Copy, matrix, provenance
from scrub.sources import Origin
from scrub.table import load_table, rows_of, table_rows, unescape
from scrub.write import tables
from scrub.write.load import AGAIN, load_record, parsed
from scrub.write.report.choose import (
    Cluster,
    Limits,
    choose_clusters,
    choose_members,
    choose_reviewed,
)

Row = dict[str, str]
Cells = list[str]

BINS = 20  # of the spin score histogram
DOUBTFUL_SCORE = 0.05  # a lower spin score is not "almost spun", whatever its rank
_ID = re.compile(rb'\{"id":\s*"((?:[^"\\]|\\.)*)"')
_SPUN = ("this", "both")
_NONE = ("", "0")
_NUMBERED = (*tables.FLAGS, "line")  # with the place of the row in flags.csv


@dataclass(slots=True)
class Facts:
    """What the page says: totals over the whole run, and chosen rows and texts.

    `members` and `flags` hold rows of `dedup.csv` and `flags.csv` by cluster and by document id,
    each flag with its `line`; `texts` the cleaned texts of the documents that are shown, `titles`
    the headlines or beginnings of these and of those that are only listed; `origins` say where the
    members of clusters shown come from; `copies` are between documents of known outlets, `accounts`
    the terms of the evidence of pairs of ids (the smaller first) that are shown.  Where
    `only` names a cluster, the page is about it alone.  The lists of doubt begin with the most
    doubtful.
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
    dropped: set[str] = field(default_factory=set)  # ids, as written, of copies with flags
    flags: dict[str, list[Row]] = field(default_factory=dict)
    weak_links: list[Row] = field(default_factory=list)
    rewrites: list[Row] = field(default_factory=list)
    rewrites_found: int = 0
    almost_spun: list[Row] = field(default_factory=list)
    unsure_repairs: list[Row] = field(default_factory=list)
    almost_repairs: list[Row] = field(default_factory=list)
    lexicon: list[Row] = field(default_factory=list)
    lexicon_size: int = 0
    rejected: list[Row] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    texts: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
    copies: list[Copy] = field(default_factory=list)
    accounts: dict[tuple[str, str], str] = field(default_factory=dict)
    matrix: tuple[tuple[str, ...], list[tuple[str | int, ...]]] = ((), [])

    @property
    def kept(self) -> int:
        """How many documents went into the corpus."""
        return self.relations["unique"] + self.relations["kept"]

    @property
    def wanted(self) -> set[tuple[str, str]]:
        """The pairs of ids of the clusters' copies that are shown, each with what was kept."""
        return {
            (min(row["id"], row["kept_id"]), max(row["id"], row["kept_id"]))
            for rows in self.members.values()
            for row in rows
            if row["id"] in self.texts
        }

    @property
    def near_misses(self) -> list[dict[str, Any]]:
        """The pairs that came closest to a link, as `run.json` has them."""
        return list(self.record["near_misses"])[: self.limits.doubts]

    @property
    def threshold(self) -> float:
        """The confidence from which a repair was applied."""
        return float(self.record["settings"]["spin"]["repair_confidence"])


def gather(out: Path, *, cluster: str | None = None, newer: Path | None = None) -> Facts:
    """Read a finished run.  With `cluster`, only that cluster is chosen, in full.

    What lies in the folder `newer` comes in place of the files of `out` with these names.

    Raises OutputError where `out` holds no finished run, or no such cluster or document.
    """

    def file(name: str) -> Path:
        return newer / name if newer is not None and (newer / name).exists() else out / name

    limits = Limits() if cluster is None else Limits.unbounded()
    facts = Facts(load_record(file("run.json").parent), limits)
    flagged = _read_dedup(file("dedup.csv"), facts, limits, wanted=cluster)
    if cluster is not None:
        if not facts.only:
            raise OutputError(
                f"{out}: no cluster or document {cluster!r}; dedup.csv lists the ids of both"
            )
        facts.listed = [c for c in facts.clusters if c.id == facts.only]
    else:
        facts.listed = choose_clusters(facts.clusters, facts.weak_links, limits)
    shown = {c.id for c in facts.listed[: limits.shown]} or {facts.only}
    _read_members(file("dedup.csv"), facts, shown)
    chosen = choose_members(facts.members, facts.listed, limits)
    if cluster is not None:
        # A document that no other shares text with is in no list of clusters.
        chosen = chosen or [row["id"] for rows in facts.members.values() for row in rows]
        flagged = []
    reviewed = choose_reviewed(chosen, facts.members, flagged, limits)
    _read_flags(file("flags.csv"), facts, reviewed, limits)
    missed = {miss[side] for miss in facts.near_misses for side in ("id_a", "id_b")}
    pairs = file("pairs.csv")
    if cluster is None and pairs.is_file():
        _read_rewrites(pairs, facts, limits)
    sided = {row[side] for row in facts.rewrites[: limits.rewrites] for side in ("id_a", "id_b")}
    _read_texts(file("documents.jsonl"), facts, {*chosen, *facts.flags, *missed, *sided})
    if pairs.is_file():
        _read_accounts(pairs, facts)
    if (sources := file("sources.csv")).is_file():
        _read_origins(sources, facts)
        found = provenance(out)
        _add_origins(facts, found.origins)  # those of earlier results, too
        known = [c for c in found.copies if c.later.outlet and c.earlier.outlet]
        if cluster is not None:
            known = [copy for copy in known if copy.cluster_id == facts.only]
        facts.copies, facts.matrix = known, matrix(known)
    if cluster is None:
        _read_lists(file("lexicon.csv"), file("rejected.csv"), facts, limits)
    return facts


def _read_dedup(
    path: Path, facts: Facts, limits: Limits, *, wanted: str | None
) -> list[tuple[int, str]]:
    """Count `dedup.csv`; returns the kept documents with most flags, as (flags, id)."""
    clusters: dict[str, Cluster] = {}
    weak: list[tuple[float, str, Cells]] = []
    suspect: list[tuple[float, str, Cells]] = []
    flagged: list[tuple[int, str]] = []
    sizes: Counter[int] = Counter()
    for cells in _cells(path, tables.DEDUP):
        i, _, cluster_id, size, kept, kept_id, relation, spun, *rest = cells
        _, containment, _, score, flags, words, _ = rest
        is_spun = spun in _SPUN
        value = float(score or 0)
        facts.read += 1
        facts.words += int(words or 0)
        facts.relations[relation] += 1
        facts.spun["spun" if is_spun else "plain"] += 1
        facts.scores[is_spun][min(int(value * BINS), BINS - 1)] += 1
        sizes[int(size)] += 1
        if wanted is not None and wanted in (unescape(cluster_id), unescape(i)):
            facts.only = unescape(cluster_id)
        if facts.read <= limits.documents + 1:
            facts.documents.append(_row(tables.DEDUP, cells))
        if flags not in _NONE and kept == "true":
            _push(flagged, (int(flags), unescape(i)), limits.reviewed)
        elif flags not in _NONE:
            facts.dropped.add(i)
        if not is_spun and value >= DOUBTFUL_SCORE:
            _push(suspect, (value, i, cells), limits.doubts)
        if size != "1":
            if cluster_id not in clusters:
                clusters[cluster_id] = Cluster(
                    unescape(cluster_id), int(size), stays=unescape(kept_id)
                )
            clusters[cluster_id].add(unescape(i), relation, containment, is_spun, int(flags or 0))
            if relation in ("near", "excerpt"):
                _push(weak, (-float(containment or 0), i, cells), limits.doubts)
    facts.sizes = Counter({size: count // size for size, count in sizes.items()})
    facts.clusters = list(clusters.values())
    facts.weak_links = [_row(tables.DEDUP, cells) for *_, cells in _largest(weak)]
    facts.almost_spun = [_row(tables.DEDUP, cells) for *_, cells in _largest(suspect)]
    return _largest(flagged)


def _read_members(path: Path, facts: Facts, clusters: Collection[str]) -> None:
    for cells in _cells(path, tables.DEDUP):
        if cells[3] != "1" and unescape(cells[2]) in clusters:
            row = _row(tables.DEDUP, cells)
            facts.members.setdefault(row["cluster_id"], []).append(row)


def _read_flags(path: Path, facts: Facts, wanted: Sequence[str], limits: Limits) -> None:
    """Count the flags, keep those of `wanted` documents, and find the least sure decisions."""
    found: dict[str, list[Row]] = {i: [] for i in wanted}
    threshold = facts.threshold
    unsure: dict[str, tuple[float, int, Cells]] = {}
    almost: dict[str, tuple[float, int, Cells]] = {}
    for line, cells in enumerate(_cells(path, tables.FLAGS)):
        i, _, _, _, _, text, suggestion, kind, _, confidence, _, _ = cells
        facts.flag_kinds[kind] += 1
        value = float(confidence or 0)
        cells.append(str(line))
        if suggestion and i not in facts.dropped:  # only what is kept is repaired
            doubt = -value if value >= threshold else value
            rows = unsure if value >= threshold else almost
            _push_distinct(rows, f"{text} {suggestion}", (doubt, -line, cells), limits.doubts)
        if unescape(i) in found:
            found[unescape(i)].append(_row(_NUMBERED, cells))
    facts.flags = {i: rows for i, rows in found.items() if rows}
    facts.unsure_repairs = [_row(_NUMBERED, cells) for *_, cells in _largest(unsure.values())]
    facts.almost_repairs = [_row(_NUMBERED, cells) for *_, cells in _largest(almost.values())]


def _read_texts(path: Path, facts: Facts, wanted: Collection[str]) -> None:
    """Take the wanted texts out of `documents.jsonl`, and the titles of the clusters listed.

    A line is parsed only where the id it begins with is wanted: on 100 MB that is the difference
    between a tenth of a second and several.
    """
    titled = {c.kept_id for c in facts.listed}
    titled |= {row["id"] for row in (*facts.documents, *facts.almost_spun)}
    titled |= {pair[side] for pair in facts.near_misses for side in ("id_a", "id_b")}
    titled |= {row[side] for row in facts.weak_links for side in ("id", "kept_id")}

    def chosen(line: bytes) -> tuple[str, str] | None:
        match = _ID.match(line)
        raw = match[1] if match else b"\\"
        i = orjson.loads(line)["id"] if b"\\" in raw else raw.decode()
        return (i, orjson.loads(line)["text"]) if i in wanted or i in titled else None

    for i, text in filter(None, parsed(path, chosen)):
        facts.titles[i] = _title(text)
        if i in wanted:
            facts.texts[i] = text


def _read_origins(path: Path, facts: Facts) -> None:
    """Take the origins of all who are shown; a headline comes before the beginning of a text."""
    wanted = {row["id"] for rows in facts.members.values() for row in rows} | facts.titles.keys()
    wanted |= {row[side] for row in facts.rewrites for side in ("id_a", "id_b")}
    wanted |= {row["kept_id"] for row in facts.documents}
    _add_origins(facts, {row["id"]: Origin.of(row) for row in rows_of(path, wanted)})


def _add_origins(facts: Facts, origins: Mapping[str, Origin]) -> None:
    facts.origins.update(origins)
    facts.titles.update({i: _title(place.title) for i, place in origins.items() if place.title})


def _read_accounts(path: Path, facts: Facts) -> None:
    """Take the accounts of the copies shown."""
    wanted = facts.wanted
    for cells in _cells(path, tables.PAIRS):
        if cells[9] and (ids := (unescape(cells[0]), unescape(cells[1]))) in wanted:
            facts.accounts[ids] = cells[9]


def _read_rewrites(path: Path, facts: Facts, limits: Limits) -> None:
    """Count the rewrites and summaries, and take the first; strong ones stand before others."""
    found: dict[bool, list[Cells]] = {True: [], False: []}
    for cells in _cells(path, tables.PAIRS):
        if cells[2] in REWRITES:
            facts.rewrites_found += 1
            rows = found[cells[8].startswith("strong")]
            if len(rows) < limits.rows:
                rows.append(cells)
    chosen = (found[True] + found[False])[: limits.rows]
    facts.rewrites = [_row(tables.PAIRS, cells) for cells in chosen]


def _read_lists(lexicon: Path, rejected: Path, facts: Facts, limits: Limits) -> None:
    for row in load_table(lexicon):
        facts.lexicon_size += 1
        if len(facts.lexicon) < limits.rows:
            facts.lexicon.append(row)
    for row in load_table(rejected):
        facts.reasons[row["reason"]] += 1
        if len(facts.rejected) < limits.rows:
            facts.rejected.append(row)


def _cells(path: Path, columns: Sequence[str]) -> Iterator[Cells]:
    """The rows of a table as written; most are only counted, so they are not made dictionaries."""
    rows = table_rows(path)
    names = next(rows, [])
    if not names or names != list(columns[: len(names)]):  # an earlier version may have had fewer
        raise OutputError(
            f"{path}: columns {', '.join(names)}; expected {', '.join(columns)}; {AGAIN}"
        )
    return (row + [""] * (len(columns) - len(row)) for row in rows)


def _row(columns: Sequence[str], cells: Cells) -> Row:
    return {name: unescape(cell) for name, cell in zip(columns, cells, strict=True)}


def _push(heap: list[Any], item: tuple[Any, ...], size: int) -> None:
    """Keep the `size` largest items; the second field is unique, so rows are never compared."""
    if len(heap) < size:
        heapq.heappush(heap, item)
    elif heap and item[:2] > heap[0][:2]:
        heapq.heapreplace(heap, item)


def _push_distinct(best: dict[str, Any], key: str, item: tuple[Any, ...], size: int) -> None:
    """Keep the largest item of each of the `size` keys that have the largest."""
    if key not in best or item[:2] > best[key][:2]:
        best[key] = item
        if len(best) > size:
            del best[min(best, key=lambda k: best[k][:2])]


def _largest(items: Iterable[Any]) -> list[Any]:
    """What `_push` or `_push_distinct` kept, largest first."""
    return sorted(items, key=lambda item: item[:2], reverse=True)


def _title(text: str) -> str:
    first = text.lstrip()[:300].partition("\n")[0].strip()
    return first if len(first) <= 100 else first[:100].rsplit(" ", 1)[0] + " …"
