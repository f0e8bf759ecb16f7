"""Who copied whom: the copies of a finished run by outlet and time.

A copy's source is the earliest of the documents that it was verified against; an unspun one comes
before a spun one, whatever their dates, because the wording of a source is not made of its copy's.
What makes that doubtful is said.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from statistics import median
from typing import NamedTuple

from scrub.allowing import AllowSettings
from scrub.archive import earlier_results, earlier_rows, names_of
from scrub.config import Settings
from scrub.document import Pair
from scrub.match.keep import exact_groups, neighbours_of
from scrub.sources import Origin, hours, moments, outlet, precedes, same_address, until
from scrub.table import rows_of
from scrub.write.load import load_pairs, load_record

COPIES = (
    "cluster_id", "earlier", "later", "certain", "doubt", "between", "licensed", "relation", "spun",
    "earlier_outlet", "later_outlet", "earlier_time", "later_time", "hours", "earlier_share",
    "later_share", "earlier_url", "later_url", "earlier_title", "later_title", "story_id",
    "new_in_this_run",
)  # fmt: skip
OUTLETS = ("earlier_outlet", "later_outlet", "copies", "certain", "licensed", "median_hours")
STORIES = (
    "cluster_id", "number", "id", "time", "outlet", "relation", "source", "certain", "kept", "url",
    "title", "story_id",
)  # fmt: skip
_MARKS = re.compile(r"[\\`*_\[\]<>()#|~@]")  # what would be markup in a chat
_NO_LINK = re.compile(r"[<>\s\x00-\x1f]")
_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML cannot hold
_SPUN = {"no": "no", "this": "later", "other": "earlier", "both": "both"}


@dataclass(slots=True, frozen=True)
class Copy:
    """A document that has words of an earlier one.

    `pair` is seen from the later one; `doubt` has the reasons why their order is not certain:
    `no-date`, `same-time`, `spun-first`, `truncated-first`.  `between` is `outlets`, `outlet` (two
    documents of one) or `address` (of one address: versions, or a page and its feed).  `licensed`
    copies are those that the settings allow; `new` ones were in no earlier result.
    """

    cluster_id: str
    story_id: str
    pair: Pair
    earlier: Origin
    later: Origin
    doubt: tuple[str, ...]
    between: str
    licensed: bool
    new: bool

    def row(self) -> tuple[str | int | float | None, ...]:
        """The row of COPIES."""
        pair, earlier, later = self.pair, self.earlier, self.later
        return (
            self.cluster_id, pair.id_b, pair.id_a, _word(not self.doubt), " ".join(self.doubt),
            self.between, _word(self.licensed), pair.relation, _SPUN[pair.spun],
            earlier.outlet, later.outlet, earlier.time, later.time, hours(earlier.time, later.time),
            round(pair.containment_b, 4), round(pair.containment_a, 4),
            earlier.url, later.url, earlier.title, later.title, self.story_id, _word(self.new),
        )  # fmt: skip

    def line(self) -> str:
        """The same for people, on one line of Markdown, as for a chat channel."""
        after = hours(self.earlier.time, self.later.time)
        spun = ", spun" if _SPUN[self.pair.spun] in ("later", "both") else ""
        parts = [f"{self.pair.relation}{spun}, {self.pair.containment_a:.0%} of it"]
        parts += [f"{after:.1f} h later"] if after is not None and not self.doubt else []
        parts += [f"not certain: {' '.join(self.doubt)}"] if self.doubt else []
        parts += ["licensed"] if self.licensed else []
        parts += [f"one {self.between}"] if self.between != "outlets" else []
        sides = zip((self.later, self.earlier), (self.pair.id_a, self.pair.id_b), strict=True)
        copy, source = (_link(place, i) for place, i in sides)
        return f"- {copy} has words of {source} ({'; '.join(parts)})"

    @property
    def taken(self) -> bool:
        """Whether one outlet has what is another's, and may not."""
        return self.between == "outlets" and not self.licensed


class Provenance(NamedTuple):
    """The copies of a run, a story's together and by time; all documents of these stories.

    `rows` are those of `dedup.csv`, with `story_id` and `new_in_this_run` of `sources.csv`.
    """

    copies: list[Copy]
    rows: Mapping[str, Mapping[str, str]]
    origins: Mapping[str, Origin]

    @property
    def alerts(self) -> list[Copy]:
        """What is new in this run, of another outlet, and not licensed."""
        return [copy for copy in self.copies if copy.taken and copy.new]


def provenance(out: Path, against: Sequence[Path] = (), licensed: Iterable[str] = ()) -> Provenance:
    """The copies of the run in `out`, each with its earliest source.

    `against` are earlier results, whose documents are sources, by default those that the run was
    compared with; `licensed` are outlets that may copy, beside those of the settings.  Raises
    OutputError where one of them holds no finished run.
    """
    record = load_record(out, "dedup.csv", "pairs.csv", "sources.csv")
    pairs = load_pairs(out)
    named = {i for pair in pairs for i in (pair.id_a, pair.id_b)}
    rows = {row["id"]: row for row in rows_of(out / "dedup.csv", named)}
    origins: dict[str, Origin] = {}
    for row in rows_of(out / "sources.csv", named):
        rows[row["id"]] |= {name: row[name] for name in ("story_id", "new_in_this_run")}
        origins[row["id"]] = Origin.of(row)
    own = frozenset(rows)
    missing = named - own
    folders = list(against or earlier_results(out, record)) if missing else []
    for folder, label in zip(folders, names_of(folders), strict=True):
        # As `against.joined` names them: by their ids, or by this result and their ids.
        theirs = {i: i for i in missing}
        theirs |= {i.removeprefix(f"{label}/"): i for i in missing if i.startswith(f"{label}/")}
        older, places = earlier_rows(folder, theirs)
        rows, origins = {**older, **rows}, {**places, **origins}
    allow = Settings.model_validate(record["settings"]).allow
    allow = allow.model_copy(update={"outlets": (*allow.outlets, *licensed)})
    found = list(_copies(rows, pairs, origins, allow))
    first = own - {copy.pair.id_a for copy in found}
    copies = [
        copy
        for copy in found
        # Of an old one not all sources are here: it is named where a new one, which is no copy
        # itself, is surely before it.
        if copy.pair.id_a in own or (copy.pair.id_b in first and not copy.doubt)
    ]
    return Provenance(copies, rows, origins)


def _copies(
    rows: Mapping[str, Mapping[str, str]],
    pairs: Sequence[Pair],
    origins: Mapping[str, Origin],
    allow: AllowSettings,
) -> Iterator[Copy]:
    nowhere = Origin()
    ids = sorted({i for pair in pairs for i in (pair.id_a, pair.id_b)})
    canonical = exact_groups(ids, pairs)
    neighbours = neighbours_of(pairs, canonical)

    def spun(i: str) -> bool:
        return i in rows and rows[i]["spun"] in ("this", "both")

    @cache
    def rank(i: str) -> tuple[bool, datetime, bool, str]:
        moment = until(origins.get(i, nowhere).time)
        return spun(i), moment, rows.get(i, {}).get("kept") != "true", i

    free = {_registered(name) for name in allow.outlets}
    parts = (rule.partition(">") for rule in allow.pairs)
    allowed = {(_registered(source), _registered(copy)) for source, _, copy in parts}

    def licensed(earlier: Origin, later: Origin) -> bool:
        """Whether the later outlet may have what it has of the earlier one."""
        if later.outlet in free or (earlier.outlet, later.outlet) in allowed:
            return True
        # A page that names the source's address as its own says openly whose text it is.
        return allow.canonical and (
            same_address(later.canonical, earlier.url)
            or (bool(later.canonical) and outlet(later.canonical) == earlier.outlet)
        )

    first: dict[str, str] = {}  # of each group of one text
    for i in sorted(ids, key=rank):
        first.setdefault(canonical[i], i)
    found = []
    for i in ids:
        own = canonical[i]
        partners = {first[own]: Pair(i, first[own], "exact", "no", 1.0, 1.0, 1.0, 0, "")}
        for group, pair in neighbours[own].items():
            partners[first[group]] = pair
        source = min(partners, key=rank)
        if source == i or rank(source) > rank(i):
            continue
        pair = partners[source]
        pair = Pair(
            i, source, pair.relation, pair.spun, pair.jaccard, pair.containment_a,
            pair.containment_b, pair.shared_sentences, pair.evidence, account=pair.account,
        )  # fmt: skip
        earlier, later = origins.get(source, nowhere), origins.get(i, nowhere)
        row = rows.get(i) or rows.get(source) or {}
        cluster = row.get("cluster_id", source)
        between = "outlet" if earlier.outlet and earlier.outlet == later.outlet else "outlets"
        between = "address" if same_address(earlier.url, later.url) else between
        found.append(
            Copy(
                cluster,
                row.get("story_id") or cluster,
                pair,
                earlier,
                later,
                tuple(_doubt(earlier, later)),
                between,
                licensed(earlier, later),
                row.get("new_in_this_run") != "false",
            )
        )
    yield from sorted(found, key=lambda copy: (copy.story_id, rank(copy.pair.id_a)))


def _registered(name: str) -> str:
    """The outlet that a domain or an address is of; any other name as it is."""
    name = name.strip()
    return outlet(name if "://" in name else f"https://{name}/") or name


def _doubt(earlier: Origin, later: Origin) -> Iterator[str]:
    """Why the one may not be the source of the other."""
    if not moments(earlier.time) or not moments(later.time):
        yield "no-date"
    elif precedes(later.time, earlier.time):  # then the order is that of the wording
        yield "spun-first"
    elif not precedes(earlier.time, later.time):
        yield "same-time"
    if earlier.truncated and not later.truncated:
        yield "truncated-first"


def outlet_rows(copies: Iterable[Copy]) -> Iterator[tuple[str | int | float | None, ...]]:
    """The rows of OUTLETS: how often one outlet has words of another, most first."""
    between: dict[tuple[str, str], list[Copy]] = defaultdict(list)
    for copy in copies:
        if copy.between == "outlets":
            between[copy.earlier.outlet, copy.later.outlet].append(copy)
    for (earlier, later), found in sorted(between.items(), key=lambda kv: (-len(kv[1]), kv[0])):
        sure = [copy for copy in found if not copy.doubt]
        delays = [d for c in sure if (d := hours(c.earlier.time, c.later.time)) is not None]
        yield (
            earlier, later, len(found), len(sure), sum(copy.licensed for copy in found),
            round(median(delays), 2) if delays else None,
        )  # fmt: skip


def matrix(copies: Iterable[Copy]) -> tuple[tuple[str, ...], list[tuple[str | int, ...]]]:
    """How many texts of each outlet (a row) each other one (a column) has: header and rows."""
    counts = {(str(row[0]), str(row[1])): row[2] for row in outlet_rows(copies)}
    columns = sorted({later for _, later in counts})
    rows: list[tuple[str | int, ...]] = [
        (earlier, *(int(counts.get((earlier, later)) or 0) for later in columns))
        for earlier in sorted({earlier for earlier, _ in counts})
    ]
    return ("earlier_outlet", *columns), rows


def graph(copies: Iterable[Copy]) -> bytes:
    """The outlets as a directed graph in GraphML: an edge from whose text it is to who has it."""
    from xml.etree.ElementTree import Element, SubElement, tostring

    root = Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    kinds = {"copies": "int", "certain": "int", "licensed": "int", "median_hours": "double"}
    for name, kind in kinds.items():
        key = {"id": name, "for": "edge", "attr.name": name, "attr.type": kind}
        SubElement(root, "key", key)
    net = SubElement(root, "graph", id="outlets", edgedefault="directed")
    rows = list(outlet_rows(copies))
    for outlet_name in sorted({str(name) for row in rows for name in row[:2]}):
        SubElement(net, "node", id=_XML.sub("", outlet_name))
    for row in rows:
        ends = (_XML.sub("", str(name)) for name in row[:2])
        edge = SubElement(net, "edge", dict(zip(("source", "target"), ends, strict=True)))
        for name, value in zip(OUTLETS[2:], row[2:], strict=True):
            if value is not None:
                SubElement(edge, "data", key=name).text = str(value)
    made: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return made + b"\n"


def story_rows(known: Provenance) -> Iterator[tuple[str | int | float | None, ...]]:
    """The rows of STORIES: every document of a story, its source before its copies."""
    stories: dict[str, dict[str, Copy | None]] = defaultdict(dict)
    for copy in known.copies:
        stories[copy.story_id].setdefault(copy.pair.id_b, None)
        stories[copy.story_id][copy.pair.id_a] = copy

    def by_time(i: str) -> tuple[datetime, str]:
        return until(known.origins.get(i, Origin()).time), i

    for story, members in sorted(stories.items()):
        cluster = next(copy.cluster_id for copy in members.values() if copy)
        for number, i in enumerate(sorted(members, key=by_time), 1):
            found, place = members[i], known.origins.get(i, Origin())
            yield (
                cluster, number, i, place.time, place.outlet,
                found.pair.relation if found else "source", found.pair.id_b if found else None,
                _word(not found.doubt) if found else None, known.rows.get(i, {}).get("kept"),
                place.url, place.title, story,
            )  # fmt: skip


def _link(place: Origin, i: str) -> str:
    """A document as Markdown: its headline, with its address, and its outlet."""
    title, outlet_name = (
        _MARKS.sub(r"\\\g<0>", " ".join(name.split())) for name in (place.title or i, place.outlet)
    )
    if place.url.startswith(("http://", "https://")) and not _NO_LINK.search(place.url):
        title = f"[{title}](<{place.url}>)"
    return f"{title}, {outlet_name}" if outlet_name else title


def _word(value: bool) -> str:
    return "true" if value else "false"
