"""Matching for tables in memory: of pandas, Polars, Arrow, DuckDB, `datasets`, or lists.

Whatever hands out Arrow (the PyCapsule interface) is read by it, and given back as what it was.
"""

from __future__ import annotations

import sys
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from scrub.config import Settings
from scrub.distribution import install
from scrub.document import Document, Pair
from scrub.errors import MissingPartError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

_BATCH = 2000  # documents whose features are taken at once
# What a pair has for the stages after matching.
_BETWEEN = {"reworded", "lead_a", "lead_b", "varied_a", "varied_b"}


class ArrowStream(Protocol):
    """A table that hands out Arrow: of Polars, PyArrow, DuckDB and many others."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


# `datasets.Dataset` hands out Arrow by `with_format("arrow")` alone, and a list is one of texts or
# of records.
Rows = TypeVar("Rows", bound="pd.DataFrame | ArrowStream | list[Any] | Any")


def find_duplicates(
    df: Rows, *, text: str = "text", id: str = "id", settings: Settings | None = None
) -> tuple[Rows, Rows]:
    """The copies in a table: verified pairs, and what becomes of each row; see `scrub.api`."""
    import pandas as pd

    frame = to_pandas(df, text, id)
    for column in (text, id):
        if column not in frame.columns:
            there = ", ".join(map(str, frame.columns)) or "none"
            raise KeyError(f"no column {column!r}; there are {there}")
    if frame[id].isna().any():
        raise ValueError(f"ids are missing in the column {id!r}")
    ids = frame[id].astype(str)
    if ids.duplicated().any():
        raise ValueError(f"ids repeat: {ids[ids.duplicated()].iloc[0]!r}")
    gone = frame[text].isna()
    texts = ["" if missing else str(t) for t, missing in zip(frame[text], gone, strict=True)]
    pairs, rows = _decided(ids.tolist(), texts, settings or Settings())
    given = dict(zip(ids, frame[id].tolist(), strict=True))
    columns = [field.name for field in fields(Pair) if field.name not in _BETWEEN]
    found = pd.DataFrame([asdict(pair) for pair in pairs], columns=columns)
    for column in ("id_a", "id_b"):
        found[column] = [given[name] for name in found[column]]
    clusters = pd.DataFrame({"id": frame[id].array}, index=frame.index)
    for name, values in rows.items():
        named = name in ("cluster_id", "kept_id")
        clusters[name] = [given[value] for value in values] if named else values
    return as_given(found, df), as_given(clusters, df)


def _decided(
    ids: list[str], texts: list[str], settings: Settings
) -> tuple[list[Pair], Mapping[str, list[Any]]]:
    """The pairs, and the columns that say what becomes of each text."""
    from scrub.batches import described
    from scrub.corpus import Corpus
    from scrub.match.features import Features
    from scrub.pipeline import examine

    documents = [Document(i, text) for i, text in zip(ids, texts, strict=True)]
    batches = [
        described(documents[k : k + _BATCH], settings)
        for k in range(0, max(1, len(documents)), _BATCH)
    ]
    features = Features.concat([made for made, _ in batches])
    scores = dict(zip(ids, (s for _, part in batches for s in part.tolist()), strict=True))
    no_copies = {"rewrites": False, "translations": False, "events": False}
    match = settings.match.model_copy(update=no_copies)
    corpus = Corpus(documents, {}, features, scores)
    found = examine(corpus, settings.model_copy(update={"match": match}))
    verdicts = [found.verdicts[i] for i in ids]
    return found.pairs, {
        "cluster_id": [verdict.cluster_id for verdict in verdicts],
        "keep": [verdict.kept for verdict in verdicts],
        "kept_id": [verdict.kept_id for verdict in verdicts],
        "relation": [verdict.relation for verdict in verdicts],
        "spun": [verdict.spun for verdict in verdicts],
        "spun_score": [round(found.flagged.scores[i], 4) for i in ids],
    }


def to_pandas(given: Any, *columns: str) -> pd.DataFrame:  # noqa: ANN401 - any table
    """A table as a DataFrame, of these columns where they are there; of a list of texts `text`.

    A row of a list that says no `id` is called by its place.  Raises MissingPartError where Arrow
    is needed and not installed, TypeError where it is no table.
    """
    import pandas as pd

    if isinstance(given, pd.DataFrame):
        return given
    if isinstance(given, list | tuple):
        rows = [{"text": row} if isinstance(row, str) else row for row in given]
        frame = pd.DataFrame(rows, columns=None if rows else list(columns))
        if "id" in columns and "id" not in frame.columns:
            frame.insert(0, "id", [str(place) for place in range(len(frame))])
        return frame
    if _is_dataset(given):
        given = given.with_format("arrow")[:]
    if not hasattr(given, "__arrow_c_stream__"):
        raise TypeError(f"no table: {type(given).__name__}; give a DataFrame, Arrow or a list")
    try:
        import pyarrow as pa
    except ImportError:
        raise MissingPartError(f"tables other than pandas need {install('parquet')}") from None
    table = pa.table(given)
    if columns and set(columns) <= set(table.column_names):
        table = table.select(list(dict.fromkeys(columns)))
    return pd.DataFrame(table.to_pandas())


def as_given(frame: pd.DataFrame, like: Any) -> Any:  # noqa: ANN401 - any table
    """A DataFrame as the kind of table that another is."""
    import pandas as pd

    if isinstance(like, pd.DataFrame):
        return frame
    if isinstance(like, list | tuple):
        return frame.to_dict("records")
    import pyarrow as pa

    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    library = type(like).__module__.partition(".")[0].lstrip("_")
    if _is_dataset(like):
        return type(like).from_dict(table.to_pydict())
    if library == "duckdb":
        return sys.modules["duckdb"].from_arrow(table)
    if library == "polars":
        return sys.modules["polars"].DataFrame(table)
    return table


def _is_dataset(given: object) -> bool:
    return type(given).__module__.startswith("datasets.")
