"""Score a finished run against labels: recall by kind of copy, pair precision, F1, ARI."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrub.errors import InputError
from scrub.table import unescape

if TYPE_CHECKING:
    import pandas as pd


def evaluate(truth: Path, dedup: Path) -> dict[str, Any]:
    """Compare the clusters of `dedup.csv` with labelled ones.

    `truth` is a CSV (plain or compressed) with the columns `id` and `cluster`, and for recall by
    kind also `kind` and `parent` (the id that a copy was made from; without one, any other member
    of its true cluster counts).  Documents that the run did not read count as unique, and
    are counted in `not_read`.  Returns recall, precision and F1 over pairs within clusters, the
    adjusted Rand index (Hubert and Arabie 1985), and `recall_by_kind`.  Raises InputError where a
    file or a column is missing, an id is labelled twice, or no document is in both.
    """
    labels = _read(truth, ("id", "cluster"))
    if (twice := labels["id"].duplicated()).any():
        raise InputError(f"{truth}: {labels['id'][twice].iloc[0]!r} is labelled twice")
    found = _read(dedup, ("id", "cluster_id"))
    found["id"] = found["id"].map(unescape)
    labels = labels.merge(found[["id", "cluster_id"]], on="id", how="left")
    missing = labels["cluster_id"].isna()
    if missing.all():
        raise InputError(f"{truth}: has no id that {dedup} has; are they of one corpus?")
    labels.loc[missing, "cluster_id"] = "\0" + labels.loc[missing, "id"]

    true_pairs = _pairs(labels.groupby("cluster").size())
    found_pairs = _pairs(labels.groupby("cluster_id").size())
    right = _pairs(labels.groupby(["cluster", "cluster_id"]).size())
    n = len(labels)
    expected = true_pairs * found_pairs / (n * (n - 1) / 2) if n > 1 else 0.0
    spread = (true_pairs + found_pairs) / 2 - expected
    precision = right / found_pairs if found_pairs else 1.0
    recall = right / true_pairs if true_pairs else 1.0
    return {
        "documents": n,
        "not_read": int(missing.sum()),
        "pair_precision": round(precision, 4),
        "pair_recall": round(recall, 4),
        "pair_f1": round(2 * precision * recall / (precision + recall), 4)
        if precision + recall
        else 0.0,
        "ari": round((right - expected) / spread, 4) if spread else 1.0,
        "wrong_pairs": found_pairs - right,
        "recall_by_kind": _recall_by_kind(labels),
    }


def _recall_by_kind(labels: pd.DataFrame) -> dict[str, float]:
    """Share of each kind's copies that are in one cluster with their parent."""
    if "kind" not in labels:
        return {}
    cluster_of = dict(zip(labels["id"], labels["cluster_id"], strict=True))
    joint = labels.groupby(["cluster", "cluster_id"])["id"].transform("size")
    with_parent = labels["parent"].map(cluster_of) == labels["cluster_id"]
    hit = with_parent.where(labels["parent"] != "", joint > 1)
    alone = labels.groupby("cluster")["id"].transform("size") == 1
    is_copy = (labels["parent"] != "") | (
        ~alone & ~labels["cluster"].isin(labels.loc[labels["parent"] != "", "cluster"])
    )
    return {
        str(kind): round(float(share), 4)
        for kind, share in hit[is_copy].groupby(labels["kind"]).mean().items()
    }


def _pairs(sizes: pd.Series[int]) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def _read(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    try:
        # Ids such as NA or 007 are texts, whatever they look like.
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None
    except ValueError as error:  # what pandas raises is one
        raise InputError(f"{path}: no CSV in UTF-8: {error}") from None
    lacking = [column for column in columns if column not in frame]
    if lacking:
        raise InputError(f"{path}: lacks the column {' and '.join(lacking)}")
    if "parent" not in frame:
        frame["parent"] = ""
    return frame
