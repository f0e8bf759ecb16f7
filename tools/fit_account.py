"""Fit how likely two documents are copies from what their account adds up to.

    python tools/fit_account.py OUT --labels bench/border_labels.csv --data FOLDER

Labels have the columns corpus, id_a, id_b, reader_1, reader_2 (yes, no or unsure) and part (`fit`
or `check`); a pair is a copy where both readers say yes.  FOLDER holds a folder for each corpus,
with `docs.jsonl.gz` (id, text), and `near5k`, whose `truth.csv` (id, cluster) says which of its
candidates were planted.  Every pair is measured within its whole corpus.

A logistic curve of the sum (Platt 1999) is fitted on the part `fit` and the candidates of near5k;
what is said of it is measured on the part `check`.  Its two numbers go to OUT.  The terms keep
their weights: weights of their own, fitted on one half of the labels, were no better on the other.
Needs SciPy beside what scrub needs.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from fit_known import lines
from numpy.typing import NDArray
from scipy.optimize import minimize

from scrub.config import MatchSettings
from scrub.match import account
from scrub.match.features import Features, features
from scrub.match.pairs import blocks_of, group_exact, look_at_candidates, weigh
from scrub.match.similarity import compare_words
from scrub.match.verify import measure

Array = NDArray[Any]
PLANTED = "near5k"
BOUNDS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)  # of the table of what is stated and what is right


class Pairs(NamedTuple):
    """N pairs: what the account of each adds up to, and whether it is a copy."""

    total: Array
    copy: Array


def main() -> None:
    """Measure, fit, write, and print what the fit is worth."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    with options.labels.open(encoding="utf-8", newline="") as file:
        labels = list(csv.DictReader(file))
    parts = {
        part: joined(of_labels(options.data, [row for row in labels if row["part"] == part]))
        for part in ("fit", "check")
    }
    planted = of_planted(options.data / PLANTED)
    slope, intercept = fitted(joined([parts["fit"], planted]))
    result = {
        "slope": round(slope, 3),
        "intercept": round(intercept, 3),
        "fitted": {
            "labels": digest(options.labels),
            "planted": digest(options.data / PLANTED / "truth.csv"),
            "pairs": {"fit": len(parts["fit"].copy), PLANTED: len(planted.copy)},
            "check": measured(parts["check"], slope, intercept),
        },
    }
    options.out.write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    print(json.dumps(result, indent=1))
    for part, pairs in parts.items():
        stated = probability(pairs.total, slope, intercept)
        for low, high in pairwise(BOUNDS):
            inside = (stated >= low) & (stated < high)
            if inside.any():
                print(
                    f"{part}: of {inside.sum()} stated {stated[inside].mean():.2f}, "
                    f"{pairs.copy[inside].mean():.2f} are copies"
                )


def of_labels(data: Path, labels: list[dict[str, str]]) -> Iterable[Pairs]:
    """The labelled pairs, corpus by corpus."""
    for corpus in sorted({row["corpus"] for row in labels}):
        rows = [row for row in labels if row["corpus"] == corpus]
        copy = np.array([row["reader_1"] == row["reader_2"] == "yes" for row in rows])
        ids, found = corpus_of(data / corpus / "docs.jsonl.gz")
        place = {name: k for k, name in enumerate(ids)}
        first, second = (np.array([place[row[side]] for row in rows]) for side in ("id_a", "id_b"))
        yield Pairs(totals(found, ids, first, second), copy)


def of_planted(folder: Path) -> Pairs:
    """The candidates among documents whose clusters are known."""
    ids, found = corpus_of(folder / "docs.jsonl.gz")
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        cluster = {row["id"]: row["cluster"] for row in csv.DictReader(file)}
    _, order, _ = group_exact(found, ids)
    looks, _ = look_at_candidates(found, order)
    copy = [
        cluster[ids[a]] == cluster[ids[b]] for a, b in zip(looks.first, looks.second, strict=True)
    ]
    return Pairs(totals(found, ids, looks.first, looks.second), np.array(copy))


def corpus_of(path: Path) -> tuple[list[str], Features]:
    """The ids of a corpus, and its features."""
    rows = list(lines(path))
    texts = [row["text"] for row in rows]
    batches = (texts[k : k + 1000] for k in range(0, len(texts), 1000))
    return [row["id"] for row in rows], Features.concat(
        [features(batch, MatchSettings()) for batch in batches]
    )


def totals(found: Features, ids: list[str], one: Array, other: Array) -> Array:
    """What the accounts of pairs of documents add up to, as the matcher would measure them."""
    leader, order, _ = group_exact(found, ids)
    rank = np.full(len(ids), len(order))
    rank[order] = np.arange(len(order))
    one, other = leader[one], leader[other]
    shorter = rank[one] > rank[other]
    first, second = np.where(shorter, one, other), np.where(shorter, other, one)
    looks, frequency = look_at_candidates(found, order)
    _, _, filled, forms = weigh(found, looks, frequency)
    measures = measure(found, first, second, frequency, filled, blocks_of(found, looks))
    measures["forms"] = np.maximum(forms[first], forms[second])
    compare_words(found, first, second, measures)
    total: Array = account.LINKED - account.shortfall(measures)
    return total


def joined(parts: Iterable[Pairs]) -> Pairs:
    """Several sets of pairs as one."""
    columns = zip(*parts, strict=True)
    return Pairs(*(np.concatenate(column) for column in columns))


def probability(total: Array, slope: float, intercept: float) -> Array:
    """How likely pairs are copies."""
    likely: Array = 1 / (1 + np.exp(-(slope * total + intercept)))
    return likely


def loss(pairs: Pairs, slope: float, intercept: float) -> float:
    """The mean log loss, in nats."""
    margin = np.where(pairs.copy, 1, -1) * (slope * pairs.total + intercept)
    return float(np.logaddexp(0, -margin).mean())


def fitted(pairs: Pairs) -> tuple[float, float]:
    """Slope and intercept of the logistic curve."""
    found = minimize(lambda x: loss(pairs, *x), np.array([1.0, -account.LINKED]))
    slope, intercept = (float(value) for value in found.x)
    return slope, intercept


def measured(pairs: Pairs, slope: float, intercept: float) -> dict[str, float]:
    """What the curve is worth on pairs: their number, log loss, Brier score, and that of 0.5."""
    stated = probability(pairs.total, slope, intercept)
    return {
        "pairs": len(pairs.copy),
        "log_loss": round(loss(pairs, slope, intercept), 3),
        "brier": round(float(((stated - pairs.copy) ** 2).mean()), 3),
        "right": round(float(((stated >= 0.5) == pairs.copy).mean()), 3),
    }


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
