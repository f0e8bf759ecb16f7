"""What a page of bounded size shows of a large run: the most telling clusters and members."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self


@dataclass(slots=True, frozen=True)
class Limits:
    """How much of a run goes into the page.

    With these a run of any size gives a page of about 2 MB, which a phone opens without a pause.
    """

    listed: int = 600  # clusters with a line in the list
    shown: int = 40  # clusters with members and texts
    members: int = 5  # documents of a cluster with their texts
    rows: int = 100  # of the lexicon and of the rejected inputs
    documents: int = 40  # runs up to this size list every document
    reviewed: int = 30  # documents with flags to review that are in no cluster shown
    flags: int = 3_000
    doubts: int = 8  # rows in each list of doubts
    text: int = 24_000  # characters shown of one text
    rewrites: int = 20  # rewrites and summaries with their texts

    @classmethod
    def unbounded(cls) -> Self:
        """The limits of a page about a single cluster."""
        return cls(1, 1, 200, 0, 0, 200, 50_000, 0, 200_000)


@dataclass(slots=True)
class Cluster:
    """A cluster of two documents or more, as `dedup.csv` lists it.

    `kept_id` is the first document kept, `stays` what was kept for the first row, which may be in
    an earlier result, `weakest` the lowest containment of a near copy or an excerpt in the document
    kept (1 where there is none), `relations` counts the copies.
    """

    id: str
    size: int
    kept_id: str = ""
    stays: str = ""
    spun: int = 0
    flags: int = 0
    weakest: float = 1.0
    relations: Counter[str] = field(default_factory=Counter)

    def add(self, i: str, relation: str, containment: str, is_spun: bool, flags: int) -> None:
        """Take a member into account."""
        self.spun += is_spun
        self.flags += flags
        self.relations[relation] += 1
        if relation == "kept":
            self.kept_id = self.kept_id or i
        elif relation != "exact" and containment:
            self.weakest = min(self.weakest, float(containment))


def choose_clusters(
    clusters: Sequence[Cluster], doubtful: Sequence[Mapping[str, str]], limits: Limits
) -> list[Cluster]:
    """The clusters to list, most telling first; the first `limits.shown` are shown in full.

    The kinds of copy take turns, so that each is seen: spun clusters by their flags, excerpts and
    near copies by their weakest link, exact copies by size.  Clusters of `doubtful` rows come
    after the first round, since a person is sent to them.
    """
    kinds: dict[str, list[Cluster]] = {"spun": [], "excerpt": [], "near": [], "exact": []}
    for cluster in clusters:
        kind = "spun" if cluster.spun else ""
        kind = kind or next((k for k in ("excerpt", "near") if cluster.relations[k]), "exact")
        kinds[kind].append(cluster)
    kinds["spun"].sort(key=lambda c: (-c.flags, -c.size, c.id))
    kinds["excerpt"].sort(key=lambda c: (c.weakest, -c.size, c.id))
    kinds["near"].sort(key=lambda c: (c.weakest, -c.size, c.id))
    kinds["exact"].sort(key=lambda c: (-c.size, c.id))
    order: dict[str, Cluster] = {c.id: c for queue in kinds.values() for c in queue[:1]}
    by_id = {c.id: c for c in clusters}
    for row in doubtful:
        order.setdefault(row["cluster_id"], by_id[row["cluster_id"]])
    for turn in range(max(map(len, kinds.values()))):
        for queue in kinds.values():
            if turn < len(queue):
                order.setdefault(queue[turn].id, queue[turn])
        if len(order) >= limits.listed:
            break
    return list(order.values())[: limits.listed]


def choose_members(
    members: Mapping[str, Sequence[Mapping[str, str]]], listed: Sequence[Cluster], limits: Limits
) -> list[str]:
    """The ids of the documents whose texts are shown: in each cluster those kept, then the spun
    ones, then those that overlap least with the one kept.
    """
    chosen: list[str] = []
    for cluster in listed:
        rows = sorted(members.get(cluster.id, ()), key=telling)
        chosen += [row["id"] for row in rows[: limits.members]]
    return chosen


def choose_reviewed(
    chosen: Sequence[str],
    members: Mapping[str, Sequence[Mapping[str, str]]],
    flagged: Sequence[tuple[int, str]],
    limits: Limits,
) -> list[str]:
    """The ids of the documents whose flags are reviewed, whole documents within the limit.

    Only what is kept is repaired: the kept documents among those `chosen`, then the ones that are
    `flagged` most, given as (flags, id).
    """
    counts = {
        r["id"]: int(r["flags"] or 0)
        for rows in members.values()
        for r in rows
        if r["kept"] == "true"
    }
    counts = {i: counts[i] for i in chosen if counts.get(i)} | {i: n for n, i in flagged}
    reviewed: list[str] = []
    total = 0
    for i, count in counts.items():
        if not reviewed or total + count <= limits.flags:
            reviewed.append(i)
            total += count
    return reviewed


def telling(row: Mapping[str, str]) -> tuple[bool, bool, float, str]:
    """Orders the members of a cluster: kept, spun, then by how little the text is contained."""
    return (
        row["kept"] != "true",
        row["spun"] not in ("this", "both"),
        float(row["containment"] or 0),
        row["id"],
    )
