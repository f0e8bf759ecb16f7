"""The data that the page's script reads: clusters, texts, alignments and flags, as inert JSON."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from typing import TYPE_CHECKING, Any

import orjson

from scrub.match.account import least
from scrub.sources import Origin, moments
from scrub.write.report.charts import waterfall
from scrub.write.report.choose import Cluster, telling
from scrub.write.report.compare import Row, Span, compare
from scrub.write.report.rewriting import aligned, sides
from scrub.write.tables import FLAGS

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrub.write.report.gather import Facts
    from scrub.write.report.gather import Row as TableRow

# What could end a script element or a line of it; as escapes they mean the same to a JSON reader.
_UNSAFE = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})

_MEMBER = (
    "id", "path", "relation", "spun", "containment", "jaccard", "shared_sentences", "spin_score",
    "flags", "words", "evidence",
    "title", "outlet", "time",
)  # fmt: skip


def payload(facts: Facts) -> dict[str, Any]:
    """Everything that is shown on demand.

    `documents`, `clusters` and `flags` are lists; they refer to documents by their place in the
    first.  Offsets count UTF-16 units of the text as it is in `documents`, as JavaScript does.
    """
    store = _Documents(facts)
    clusters = [_cluster(c, facts, store) for c in facts.listed]
    flags = [
        [int(row["line"]), store.place(i), *span, [row[name] for name in FLAGS]]
        for i, rows in facts.flags.items()
        if i in facts.texts
        for row in rows
        if (span := store.units(i, int(row["start"]), int(row["end"]))) is not None
    ]
    return {
        "key": _key(facts),
        "columns": FLAGS,
        "member": _MEMBER,
        "threshold": facts.threshold,
        "documents": store.records,
        "clusters": clusters,
        "misses": [
            _aligned(store, miss["id_a"], miss["id_b"])
            if miss["id_a"] in facts.texts and miss["id_b"] in facts.texts
            else None
            for miss in facts.near_misses
        ],
        "rewrites": [_beside_source(store, row) for row in facts.rewrites[: facts.limits.rewrites]],
        "flags": flags,
    }


def to_json(data: dict[str, Any]) -> str:
    """JSON that can stand in a script element whatever its texts hold (CWE-79)."""
    return orjson.dumps(data).decode().translate(_UNSAFE)


class _Documents:
    """The texts that the page carries, each once, with the offsets that JavaScript counts in."""

    def __init__(self, facts: Facts) -> None:
        self.records: list[dict[str, Any]] = []
        self._facts = facts
        self._limit = facts.limits.text
        self._places: dict[str, int] = {}
        self._units: dict[str, Callable[[int], int]] = {}

    def has(self, i: str) -> bool:
        """Whether its text is known."""
        return i in self._facts.texts

    def text(self, i: str) -> str:
        """The part of a text that is shown."""
        return self._facts.texts[i][: self._limit]

    def place(self, i: str) -> int:
        """Where the document stands in `records`, which it enters on the first call."""
        if i not in self._places:
            text = self._facts.texts[i]
            self._places[i] = len(self.records)
            self.records.append(
                {
                    "id": i,
                    **_from(self._facts, i),
                    "text": self.text(i),
                    "cut": max(0, len(text) - self._limit),
                }
            )
        return self._places[i]

    def units(self, i: str, start: int, end: int) -> tuple[int, int] | None:
        """A span of code points as one of UTF-16 units; None past the part that is shown."""
        if end > self._limit:
            return None
        if i not in self._units:
            self._units[i] = _counter(self.text(i))
        return self._units[i](start), self._units[i](end)


def _counter(text: str) -> Callable[[int], int]:
    """Turns an offset in code points into one in UTF-16 units."""
    astral = [n for n, c in enumerate(text) if c > "\uffff"] if not text.isascii() else []
    if not astral:
        return lambda offset: offset
    return lambda offset: offset + bisect_left(astral, offset)


def _cluster(cluster: Cluster, facts: Facts, store: _Documents) -> dict[str, Any]:
    limits = facts.limits
    rows = sorted(facts.members.get(cluster.id, ()), key=telling)
    texts = [row for row in rows[: limits.members] if row["id"] in facts.texts]
    return {
        "id": cluster.id,
        "title": facts.titles.get(cluster.kept_id or cluster.stays, ""),
        "size": cluster.size,
        "spun": cluster.spun,
        "flags": cluster.flags,
        "weakest": cluster.weakest,
        "relations": dict(sorted(cluster.relations.items())),
        # A cluster can be larger than a page should be: a hundred rows say what it is.
        "members": [
            [
                *({**row, **_from(facts, row["id"])}[name] for name in _MEMBER),
                store.place(row["id"]) if row in texts else -1,
            ]
            for row in rows[: max(100, limits.members)]
        ],
        "pairs": [
            _pair(row, facts, store)
            for row in texts
            if row["kept"] != "true" and row["kept_id"] in facts.texts
        ],
    }  # fmt: skip


def _from(facts: Facts, i: str) -> dict[str, str]:
    """Headline, outlet and time of a document, as far as they are known."""
    origin = facts.origins.get(i, Origin())
    return {"title": facts.titles.get(i, ""), "outlet": origin.outlet, "time": when(origin.time)}


def when(time: str) -> str:
    """A time as people write it, in its own zone.

    >>> when("2024-03-01T08:05:00+01:00"), when("2024-03-01T07:05:00Z"), when("2024-03-01")
    ('2024-03-01 08:05 +01:00', '2024-03-01 07:05 UTC', '2024-03-01')
    """
    if not moments(time) or len(time) <= 10:
        return time
    zone = time[19:].lstrip(".0123456789")
    zone = "UTC" if zone in ("Z", "+00:00") else zone
    return f"{time[:10]} {time[11:16]} {zone}".rstrip()


def _pair(row: TableRow, facts: Facts, store: _Documents) -> dict[str, Any]:
    kept, copy = row["kept_id"], row["id"]
    account = facts.accounts.get((min(kept, copy), max(kept, copy)), "")
    given = facts.record["settings"].get("match", {})
    needed = least(given.get("link_probability", given.get("probability", 0.5)))
    return {
        **_aligned(store, kept, copy, same=row["relation"] == "exact"),
        "account": waterfall(account, needed),
    }


def _aligned(store: _Documents, kept: str, copy: str, *, same: bool = False) -> dict[str, Any]:
    """Two texts with what they share; not looked for where they are the `same`."""
    return _beside(store, kept, copy, [] if same else compare(store.text(kept), store.text(copy)))


def _beside(store: _Documents, left: str, right: str, rows: list[Row]) -> dict[str, Any]:
    return {
        "kept": store.place(left),
        "copy": store.place(right),
        "rows": [
            [
                *(store.units(left, *r.left) or ()), *(store.units(right, *r.right) or ()),
                _marks(store, left, r.left_marks), _marks(store, right, r.right_marks),
            ]
            for r in rows
        ],
    }  # fmt: skip


def _marks(store: _Documents, i: str, spans: list[Span]) -> list[list[Any]]:
    return [[*(store.units(i, s.start, s.end) or ()), s.mark, s.other] for s in spans]


def _beside_source(store: _Documents, row: TableRow) -> dict[str, Any] | None:
    """A source and its rewrite, with the marks of either text; None where a text is gone."""
    source, other = sides(row)
    if not (store.has(source) and store.has(other)):
        return None
    rows, left, right = aligned(store.text(source), store.text(other), row["relation"])
    marks = [_marks(store, source, left), _marks(store, other, right)]
    return {**_beside(store, source, other, rows), "marks": marks}


def _key(facts: Facts) -> str:
    """Names the flags that decisions are about: the same flags after a second run, the same key."""
    named = f"{facts.record['settings_digest']} {facts.record['outputs'].get('flags.csv', '')}"
    return hashlib.sha256(named.encode()).hexdigest()[:16]
