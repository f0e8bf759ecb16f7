"""Score a clustering against labels: recall by kind of copy, pair precision, F1, ARI.

Truth is a CSV with `id, cluster, kind, parent`; a clustering is a CSV with `id, cluster_id`.
Documents that the clustering lacks count as clusters of their own.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

ORIGINALS = ("orig", "uniq", "t")
TEMPLATE = "t"


def score(truth: Path, clusters: Path) -> dict[str, Any]:
    """Figures of one clustering; rates in [0, 1].

    `recall` maps each kind, and `all`, to the share of its copies found with their parent (with
    any other member of their true cluster where they have no parent).  `template_wrong` counts
    wrong pairs that touch an article written from a template, or a copy of one.
    """
    labels = pd.read_csv(truth, dtype=str, keep_default_na=False)
    found = pd.read_csv(clusters, dtype=str, keep_default_na=False, usecols=["id", "cluster_id"])
    # An id that looks like a formula may have been written with an apostrophe in front.
    found["id"] = found["id"].str.replace(r"^'(?=[=+\-@])", "", regex=True)
    predicted = dict(zip(found["id"], found["cluster_id"], strict=True))
    names = [predicted.get(i, "\0" + i) for i in labels["id"]]
    labels["p"] = pd.factorize(np.asarray(names, dtype=object))[0]
    labels["t"] = pd.factorize(labels["cluster"])[0]

    together = labels.groupby(["t", "p"])["id"].transform("size") > 1
    place = dict(zip(labels["id"], labels["p"], strict=True))
    with_parent = labels["parent"].map(place) == labels["p"]
    labels["hit"] = np.where(labels["parent"] != "", with_parent, together)
    copies = labels[~labels["kind"].isin(ORIGINALS)]
    recall = copies.groupby("kind")["hit"].mean().round(4).to_dict()
    recall["all"] = round(float(copies["hit"].mean()), 4) if len(copies) else 1.0

    right = _pairs(labels.groupby(["t", "p"]).size())
    true, predicted_pairs = _pairs(labels.groupby("t").size()), _pairs(labels.groupby("p").size())
    precision = right / predicted_pairs if predicted_pairs else 1.0
    pair_recall = right / true if true else 1.0
    n = len(labels)
    chance = true * predicted_pairs / (n * (n - 1) / 2) if n > 1 else 0.0
    spread = (true + predicted_pairs) / 2 - chance
    return {
        "recall": recall,
        "pair_precision": round(precision, 4),
        "pair_recall": round(pair_recall, 4),
        "f1": round(2 * precision * pair_recall / (precision + pair_recall), 4) if right else 0.0,
        "ari": round((right - chance) / spread, 4) if spread else 1.0,
        "wrong_pairs": predicted_pairs - right,
        "template_wrong": _template_wrong(labels),
        "largest_cluster": int(labels.groupby("p").size().max()),
    }


def _template_wrong(labels: pd.DataFrame) -> int:
    """Predicted pairs that are wrong and have a template document on at least one side."""
    of_template = labels["t"].isin(labels.loc[labels["kind"] == TEMPLATE, "t"])
    size = labels.groupby("p").size()
    others = (size - labels[of_template].groupby("p").size()).dropna()
    touching = _pairs(size.loc[others.index]) - _pairs(others.astype(int))
    return touching - _pairs(labels[of_template].groupby(["t", "p"]).size())


def _pairs(sizes: pd.Series) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


if __name__ == "__main__":
    print(json.dumps(score(Path(sys.argv[1]), Path(sys.argv[2]))))
