"""Who copied whom: the copies of a finished run by outlet and time.

A copy's source is the earliest of the documents that it was verified against; an unspun one comes
before a spun one, whatever their dates, because the wording of a source is not made of its copy's.
What makes that doubtful is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import NamedTuple

from scrub.document import Document, Pair
from scrub.match.keep import exact_groups, neighbours_of
from scrub.table import load_table
from scrub.write.load import load_documents, load_pairs, load_record

COPIES = (
    "cluster_id", "earlier", "later", "certain", "doubt", "between", "licensed", "relation", "spun",
    "earlier_outlet", "later_outlet", "earlier_time", "later_time", "hours", "earlier_share",
    "later_share", "earlier_url", "later_url", "earlier_title", "later_title",
)  # fmt: skip
OUTLETS = ("earlier_outlet", "later_outlet", "copies", "certain", "licensed", "median_hours")
STORIES = (
    "cluster_id", "number", "id", "time", "outlet", "relation", "source", "certain", "kept", "url",
    "title",
)  # fmt: skip
# A time without a zone may be any: they reach from UTC-12 to UTC+14.
_ZONES = timedelta(hours=14)
_NEVER = datetime.max.replace(tzinfo=UTC)
_SPUN = {"no": "no", "this": "later", "other": "earlier", "both": "both"}


@dataclass(slots=True, frozen=True)
class Origin:
    """Where a document comes from: registered domain or source, ISO 8601 time, address, title."""

    outlet: str = ""
    time: str = ""
    url: str = ""
    title: str = ""
    truncated: bool = False


@dataclass(slots=True, frozen=True)
class Copy:
    """A document that has words of an earlier one.

    `pair` is seen from the later one; `doubt` has the reasons why their order is not certain:
    `no-date`, `same-time`, `spun-first`, `truncated-first`.  `between` is `outlets`, `outlet` (two
    documents of one) or `address` (of one address: versions, or a page and its feed).  `licensed`
    copies are those of outlets that may.
    """

    cluster_id: str
    pair: Pair
    earlier: Origin
    later: Origin
    doubt: tuple[str, ...]
    between: str
    licensed: bool

    def row(self) -> tuple[str | int | float | None, ...]:
        """The row of COPIES."""
        pair, earlier, later = self.pair, self.earlier, self.later
        return (
            self.cluster_id, pair.id_b, pair.id_a, _word(not self.doubt), " ".join(self.doubt),
            self.between, _word(self.licensed), pair.relation, _SPUN[pair.spun],
            earlier.outlet, later.outlet, earlier.time, later.time, hours(earlier.time, later.time),
            round(pair.containment_b, 4), round(pair.containment_a, 4),
            earlier.url, later.url, earlier.title, later.title,
        )  # fmt: skip


class Provenance(NamedTuple):
    """The copies of a run, a story's together and by time; all documents of these stories."""

    copies: list[Copy]
    rows: Mapping[str, Mapping[str, str]]
    origins: Mapping[str, Origin]


def outlet(url: str) -> str:
    """The registered domain of an address, a host's own where many people share the domain above.

    >>> outlet("https://www.news.example.co.uk/a"), outlet("http://me.github.io/"), outlet("a")
    ('example.co.uk', 'me.github.io', '')
    """
    from tld import get_fld

    return get_fld(url, fail_silently=True) or ""


def origin(document: Document) -> Origin:
    """What a document says of where it comes from."""
    said = {name: str(document.metadata.get(name) or "") for name in ("url", "title", "truncated")}
    place = outlet(said["url"]) or document.source
    return Origin(place, document.created, said["url"], said["title"], bool(said["truncated"]))


def moments(time: str) -> tuple[datetime, datetime, bool] | None:
    """From when to when an ISO 8601 time may be, and whether it has a zone; None where it is none.

    A time is good to the minute, a date to the day, a month, a year.  Without a zone it is taken
    for UTC.
    """
    try:
        if len(time) <= 10:
            parts = [int(part) for part in time.split("-")]
            year, month, day = [*parts, 1, 1][:3]
            first = datetime(year, month, day, tzinfo=UTC)
            days = {1: 366, 2: 31, 3: 1}[len(parts)]
            return first, first + timedelta(days=days), False
        found = datetime.fromisoformat(time).replace(second=0, microsecond=0)
        zoned = found.tzinfo is not None
        found = found.astimezone(UTC) if zoned else found.replace(tzinfo=UTC)
        return found, found + timedelta(minutes=1), zoned
    except (ValueError, KeyError, OverflowError):
        return None


def precedes(one: str, other: str) -> bool:
    """Whether a time is before another for certain.

    >>> precedes("2024-03-01", "2024-03-02"), precedes("2024-03-01", "2024-03-01T10:00:00Z")
    (True, False)
    """
    first, second = moments(one), moments(other)
    if not first or not second:
        return False
    slack = timedelta() if first[2] == second[2] else _ZONES
    return first[1] + slack <= second[0]


def hours(one: str, other: str) -> float | None:
    """Hours from one time to another, where both have an hour."""
    first, second = moments(one), moments(other)
    if not first or not second or min(len(one), len(other)) <= 10:
        return None
    return round((second[0] - first[0]).total_seconds() / 3600, 2)


def provenance(out: Path, against: Sequence[Path] = (), licensed: Iterable[str] = ()) -> Provenance:
    """The copies of the run in `out`, each with its earliest source.

    `against` are earlier results that it was compared with, whose documents are sources; `licensed`
    are outlets that may copy.  Raises OutputError where one of them holds no finished run.
    """
    load_record(out, "dedup.csv", "pairs.csv", "documents.jsonl")
    rows = {row["id"]: row for row in load_table(out / "dedup.csv")}
    pairs = load_pairs(out)
    own = rows.keys()
    named = {i for pair in pairs for i in (pair.id_a, pair.id_b)}
    origins: dict[str, Origin] = {}
    for folder in (out, *against):
        if folder != out:
            load_record(folder, "dedup.csv", "documents.jsonl")
            old = {row["id"]: row for row in load_table(folder / "dedup.csv") if row["id"] in named}
            rows = {**old, **rows}
        for document in load_documents(folder):
            if document.id in named:
                origins.setdefault(document.id, origin(document))
    copies = [
        copy
        for copy in _copies(rows, pairs, origins, frozenset(licensed))
        # Of an old one not all sources are here: it is named where a new one is surely before it.
        if copy.pair.id_a in own or (copy.pair.id_b in own and not copy.doubt)
    ]
    return Provenance(copies, rows, origins)


def _copies(
    rows: Mapping[str, Mapping[str, str]],
    pairs: Sequence[Pair],
    origins: Mapping[str, Origin],
    licensed: frozenset[str],
) -> Iterator[Copy]:
    nowhere = Origin()
    ids = sorted({i for pair in pairs for i in (pair.id_a, pair.id_b)})
    canonical = exact_groups(ids, pairs)
    neighbours = neighbours_of(pairs, canonical)

    def spun(i: str) -> bool:
        return i in rows and rows[i]["spun"] in ("this", "both")

    def rank(i: str) -> tuple[bool, datetime, bool, str]:
        moment = moments(origins.get(i, nowhere).time)
        return spun(i), moment[0] if moment else _NEVER, rows.get(i, {}).get("kept") != "true", i

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
            pair.containment_b, pair.shared_sentences, pair.evidence,
        )  # fmt: skip
        earlier, later = origins.get(source, nowhere), origins.get(i, nowhere)
        cluster = rows.get(i, rows.get(source, {})).get("cluster_id", source)
        between = "outlet" if earlier.outlet and earlier.outlet == later.outlet else "outlets"
        between = "address" if earlier.url and earlier.url == later.url else between
        found.append(
            Copy(
                cluster,
                pair,
                earlier,
                later,
                tuple(_doubt(earlier, later)),
                between,
                later.outlet in licensed,
            )
        )
    yield from sorted(found, key=lambda copy: (copy.cluster_id, rank(copy.pair.id_a)))


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


def story_rows(known: Provenance) -> Iterator[tuple[str | int | float | None, ...]]:
    """The rows of STORIES: every document of a story, its source before its copies."""
    stories: dict[str, dict[str, Copy | None]] = defaultdict(dict)
    for copy in known.copies:
        stories[copy.cluster_id].setdefault(copy.pair.id_b, None)
        stories[copy.cluster_id][copy.pair.id_a] = copy

    def by_time(i: str) -> tuple[datetime, str]:
        moment = moments(known.origins.get(i, Origin()).time)
        return moment[0] if moment else _NEVER, i

    for cluster, members in sorted(stories.items()):
        for number, i in enumerate(sorted(members, key=by_time), 1):
            found, place = members[i], known.origins.get(i, Origin())
            yield (
                cluster, number, i, place.time, place.outlet,
                found.pair.relation if found else "source", found.pair.id_b if found else None,
                _word(not found.doubt) if found else None, known.rows.get(i, {}).get("kept"),
                place.url, place.title,
            )  # fmt: skip


def _word(value: bool) -> str:
    return "true" if value else "false"
