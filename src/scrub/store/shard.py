"""What is kept of a batch of prepared documents, as arrays.

Texts and records lie in the form in which they are written (lines of `documents.jsonl` and
`changes.jsonl`), so that writing them is copying bytes.  The lines are a file of their own, see
scrub.store.lines.  Words are places in the vocabulary of the shard, which has the stem of each; its
most frequent come first, so that they pack well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import fields
from itertools import chain, pairwise
from typing import Any, NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from scrub.clean.watch import LineQueries
from scrub.document import Change, Document
from scrub.kernels import kernel
from scrub.lines import change_line, document_line
from scrub.match.features import Features
from scrub.sources import Origin, origin
from scrub.store.arrays import ArrayFile, Arrays, DamagedError, joined, starts_of


class Head(NamedTuple):
    """What is asked of every document; `failure` is the quality filter that it does not pass."""

    id: str
    created: str
    language: str
    failure: str


def pack(
    keys: NDArray[np.uint64],
    documents: Sequence[Document],
    changes: Iterable[Sequence[Change]],
    failures: Iterable[str],
    features: Features,
    stems: NDArray[np.uint32],
    scores: NDArray[np.float64],
    queries: LineQueries,
) -> Arrays:
    """Prepared documents as arrays, the widest numbers first; `stems` are those of their words.

    One that fails is written nowhere, and has no line.
    """
    failures = list(failures)
    lines = [
        b"" if failure else document_line(document)
        for document, failure in zip(documents, failures, strict=True)
    ]
    logs = [
        change_line(document.id, log) if log else b""
        for document, log in zip(documents, changes, strict=True)
    ]
    heads = [
        orjson.dumps((d.id, d.created, str(d.metadata.get("language", "")), failure))
        for d, failure in zip(documents, failures, strict=True)
    ]
    origins = [orjson.dumps(tuple(origin(document))) for document in documents]
    parts = {field.name: getattr(features, field.name) for field in fields(Features)}
    parts["words"], parts["vocabulary"], parts["stems"] = by_frequency(parts.pop("units"), stems)
    arrays: Arrays = {
        "keys": keys,
        "scores": scores,
        "line_starts": starts_of(lines),
        "change_starts": starts_of(logs),
        "head_starts": starts_of(heads),
        "origin_starts": starts_of(origins),
        **parts,
        **{f"asked_{name}": array for name, array in queries._asdict().items()},
        "lines": joined(lines),
        "changes": joined(logs),
        "heads": joined(heads),
        "origins": joined(origins),
    }
    return dict(sorted(arrays.items(), key=lambda item: -item[1].itemsize))


# The arrays of a shard: their types, and their shapes by what is counted in it.
_LAYOUT = {
    "keys": (np.uint64, ("documents", 2)), "scores": (np.float64, ("documents",)),
    "line_starts": (np.int64, ("documents +",)),
    "change_starts": (np.int64, ("documents +",)), "changes": (np.uint8, ("change bytes",)),
    "head_starts": (np.int64, ("documents +",)), "heads": (np.uint8, ("head bytes",)),
    "origin_starts": (np.int64, ("documents +",)), "origins": (np.uint8, ("origin bytes",)),
    "words": (np.uint32, ("words",)),
    "vocabulary": (np.uint32, ("vocabulary",)), "stems": (np.uint32, ("vocabulary",)),
    "sentences": (np.int64, ("sentences +",)),
    "begins": (np.uint32, ("sentences",)), "documents": (np.int64, ("documents +",)),
    "digests": (np.uint64, ("documents",)), "bands": (np.uint32, ("documents", "bands")),
    "sketch": (np.uint32, ("sampled",)), "places": (np.uint16, ("sampled",)),
    "sketches": (np.int64, ("documents +",)), "asked_sources": (np.uint64, ("documents",)),
    "asked_starts": (np.int64, ("documents +",)), "asked_lines": (np.uint64, ("asked",)),
    "asked_answers": (np.uint8, ("asked",)),
}  # fmt: skip
_STARTS = {
    "line_starts": "line bytes", "change_starts": "change bytes", "head_starts": "head bytes",
    "origin_starts": "origin bytes",
    "sentences": "words", "documents": "sentences", "sketches": "sampled", "asked_starts": "asked",
}  # fmt: skip


def check(file: ArrayFile, bands: int) -> None:
    """Raise DamagedError where a file does not hold what `pack` makes, with `bands` band keys.

    A checksum is no proof of origin, and compiled code takes starts and places as they are: a wrong
    one would have it read where nothing is.
    """
    layout, sizes = file.layout(), {"bands": bands}
    if layout.keys() != _LAYOUT.keys():
        raise DamagedError(f"{file.path}: other arrays")
    for name, (kind, dimensions) in _LAYOUT.items():
        found, shape = layout[name]
        if found != kind or len(shape) != len(dimensions):
            raise DamagedError(f"{file.path}: {name}: of another type")
        for dimension, size in zip(dimensions, shape, strict=True):
            if isinstance(dimension, int):
                same = size == dimension
            else:
                counted = size - dimension.endswith(" +")
                same = sizes.setdefault(dimension.removesuffix(" +"), counted) == counted
            if not same or size < 0:
                raise DamagedError(f"{file.path}: {name}: of another size")
    for name, of in _STARTS.items():
        starts = file[name].astype(np.int64)
        if (
            starts[:1] != 0
            or starts[-1:] != sizes.get(of, starts[-1:])
            or (starts[1:] < starts[:-1]).any()
        ):
            raise DamagedError(f"{file.path}: {name}: no starts")
    if sizes["words"] and not sizes["vocabulary"]:
        raise DamagedError(f"{file.path}: vocabulary: of no words")
    scores = file["scores"].astype(np.float64)
    if not ((scores >= 0) & (scores <= 1)).all():
        raise DamagedError(f"{file.path}: scores: of nothing")
    for name, form in (("head", Head), ("origin", Origin)):
        data, starts = file[f"{name}s"].tobytes(), file[f"{name}_starts"].tolist()
        records: list[Any] = [None]
        with suppress(orjson.JSONDecodeError):  # all at once, which takes half the time
            records = orjson.loads(b"[%s]" % b",".join(data[a:b] for a, b in pairwise(starts)))
        if (
            len(records) != len(starts) - 1
            or {*map(type, records)} - {list}
            or {*map(len, records)} - {len(form._fields)}
            or {*map(type, chain.from_iterable(records))} - {str}
        ):
            raise DamagedError(f"{file.path}: {name}s: of another form")
    own = np.repeat(np.diff(file["documents"]), np.diff(file["sketches"]))
    if (file["places"] >= own).any():
        raise DamagedError(f"{file.path}: places: beyond their documents")


def column(file: ArrayFile, name: str) -> NDArray[Any]:
    """An array of `Features`, of all documents of a shard."""
    if name == "units":
        # Beyond the vocabulary, where only a stranger's words can be, the last stands.
        words: NDArray[Any] = file["words"]
        return file["vocabulary"].take(words, mode="clip")
    return file[name]


def by_frequency(
    units: NDArray[np.uint32], stems: NDArray[np.uint32]
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint32]]:
    """Each word's place among the distinct ones, the most frequent first, and these.

    Words are distinct if their units (N,) are or their stems (N,): both are found again.
    """
    slots = 1 << max(8, (len(units) // 8).bit_length())  # every 16th word or less is another one
    while True:
        table = np.full(slots, -1, np.int64)
        ranks, firsts = np.empty(len(units), np.uint32), np.empty(len(units), np.int64)
        counts = np.zeros(len(units), np.int64)
        if (found := _numbered(units, stems, table, ranks, firsts, counts)) >= 0:
            break
        slots *= 4
    vocabulary, their = units[firsts[:found]], stems[firsts[:found]]
    order = np.lexsort((their, vocabulary, -counts[:found]))
    rank = np.empty(found, np.uint32)
    rank[order] = np.arange(found, dtype=np.uint32)
    return rank[ranks], vocabulary[order], their[order]


@kernel()
def _numbered(units, stems, table, places, firsts, counts) -> int:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Number the different words as they come, and count each; returns how many, or -1.

    `firsts` says where each stands first.  -1 says that `table`, of numbers, would be more than
    half full.
    """
    found, mask = 0, len(table) - 1
    for at in range(len(units)):
        slot = (np.int64(units[at]) * 0x9E3779B1 >> 13) & mask
        while table[slot] >= 0:
            first = firsts[table[slot]]
            if units[first] == units[at] and stems[first] == stems[at]:
                break
            slot = (slot + 1) & mask
        number = table[slot]
        if number < 0:
            if 2 * found >= len(table):
                return -1
            table[slot] = number = found
            firsts[number] = at
            found += 1
        places[at] = number
        counts[number] += 1
    return found


def unpack_queries(file: ArrayFile) -> LineQueries:
    """The lines that the cleaning of packed documents looked up."""
    return LineQueries(*(file[f"asked_{name}"] for name in LineQueries._fields))
