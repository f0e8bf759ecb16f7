"""Matching for DataFrames, without files."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING

from scrub.config import Settings
from scrub.document import Pair

if TYPE_CHECKING:
    import pandas as pd

_BATCH = 2000  # documents whose features are taken at once


def find_duplicates(
    df: pd.DataFrame,
    *,
    text: str = "text",
    id: str = "id",
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The copies in a DataFrame: verified pairs, and a cluster for each row.

    `df` is not changed.  Returns `pairs` with the columns of pairs.csv and `clusters` with `id`
    and `cluster_id`, one row for each row of `df` and with its index; a cluster is named by its
    smallest id, as text.  Ids are those of `df`, of any type.  A missing text counts as an empty
    one.  Raises KeyError where a column is missing and ValueError where an id is missing or, as
    text, given twice.
    """
    import pandas as pd

    from scrub.match.account import least
    from scrub.match.features import Features, features
    from scrub.match.pairs import find_copies

    for column in (text, id):
        if column not in df.columns:
            there = ", ".join(map(str, df.columns)) or "none"
            raise KeyError(f"no column {column!r}; there are {there}")
    if df[id].isna().any():
        raise ValueError(f"ids are missing in the column {id!r}")
    ids = df[id].astype(str)
    if ids.duplicated().any():
        raise ValueError(f"ids repeat: {ids[ids.duplicated()].iloc[0]!r}")
    texts = ["" if gone else str(t) for t, gone in zip(df[text], df[text].isna(), strict=True)]
    settings = Settings().match
    batches = [
        features(texts[k : k + _BATCH], settings) for k in range(0, max(1, len(texts)), _BATCH)
    ]
    names = ids.tolist()
    needed = least(settings.probability)
    copies = find_copies(Features.concat(batches), names, texts, needed=needed)
    given = dict(zip(names, df[id].tolist(), strict=True))
    columns = [field.name for field in fields(Pair) if field.name != "reworded"]
    pairs = pd.DataFrame([asdict(pair) for pair in copies.pairs], columns=columns)
    for column in ("id_a", "id_b"):
        pairs[column] = [given[name] for name in pairs[column]]
    clusters = pd.DataFrame(
        {"id": df[id].array, "cluster_id": [given[copies.clusters[name]] for name in names]},
        index=df.index,
    )
    return pairs, clusters
