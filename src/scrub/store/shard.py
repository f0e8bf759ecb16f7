"""What is kept of a batch of prepared documents, as arrays.

Texts and records lie in the form in which they are written (lines of `documents.jsonl` and
`changes.jsonl`), so that writing them is copying bytes.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import orjson

from scrub.clean.watch import Asked
from scrub.lines import document_line
from scrub.match.features import Features
from scrub.store.arrays import Arrays, joined, starts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from scrub.document import Change, Document
    from scrub.store.arrays import ArrayFile


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
    scores: NDArray[np.float64],
    asked: Asked,
) -> Arrays:
    """Prepared documents as arrays, the widest numbers first."""
    lines = [document_line(document) for document in documents]
    logs = [
        orjson.dumps({"id": d.id, "changes": log}, option=orjson.OPT_APPEND_NEWLINE) if log else b""
        for d, log in zip(documents, changes, strict=True)
    ]
    heads = [
        orjson.dumps((d.id, d.created, str(d.metadata.get("language", "")), failure))
        for d, failure in zip(documents, failures, strict=True)
    ]
    arrays: Arrays = {
        "keys": keys,
        "scores": scores,
        "line_starts": starts_of(lines),
        "change_starts": starts_of(logs),
        "head_starts": starts_of(heads),
        **{name: getattr(features, name) for name in (field.name for field in fields(Features))},
        **{f"asked_{name}": array for name, array in asked._asdict().items()},
        "lines": joined(lines),
        "changes": joined(logs),
        "heads": joined(heads),
    }
    return dict(sorted(arrays.items(), key=lambda item: -item[1].itemsize))


def unpack_asked(file: ArrayFile) -> Asked:
    """The lines that the cleaning of packed documents asked about."""
    return Asked(*(file[f"asked_{name}"] for name in Asked._fields))  # type: ignore[arg-type]
