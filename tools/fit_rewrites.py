"""Fit the account of rewrites and summaries from labelled pairs and from natural background.

    python tools/fit_rewrites.py OUT --labelled FOLDER --background DOCS.jsonl.gz [...]

FOLDER holds `docs.jsonl.gz` (id, text) and `pairs.csv` (id_a, id_b, label, source).  The pairs
labelled `rewrite` and `summary` are what is to be found; `same_event_independent`, `same_topic` and
`unrelated` are not, and neither are pairs of the background, texts that nobody rewrote (where a
`pairs.csv` lies beside them, those in its first column are left out).  Copies in the background
are taken out first.  Every document is matched with all others in one corpus, so that weights
are those of a corpus.  Half of the background teaches; links between documents of the other half
are counted, and a grade begins where there are as many as it allows (`WRONG`, of both halves).
Background ids that end in a number are chronological: pairs less than `NEAR` apart are two reports
of one day, which may well retell each other, and count for nothing.

What is said of the fit is measured on what was left out: each source of labelled pairs (one
generator) by an account that was fitted on the others.  The account that is written is fitted on
all.  Steps are fitted by logistic regression on indicators, whose weights may have one sign only.
Needs SciPy beside what scrub needs.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from fit_known import lines
from numpy.typing import NDArray
from scipy.optimize import minimize

from scrub.config import Settings
from scrub.match.features import Features, features
from scrub.match.pairs import find_copies
from scrub.match.rewrites.account import MIN_RARE, SUMMARY
from scrub.match.rewrites.candidates import nearest
from scrub.match.rewrites.evidence import MEASURES, measure
from scrub.match.rewrites.terms import terms_of

Array = NDArray[Any]

WRONG = {"strong": 10, "likely": 30}  # links in the whole background
SPLIT = {"rewrite": 0.73, "summary": 0.27}  # of them, by hand, as the kinds are among candidates
NEAR = 300  # stories
BOUNDS = 8  # of a measure, at quantiles
PENALTY = 1.0
AGAINST = {"new_names", "new_numbers", "new_words", "contested", "gap"}
UNUSED = {"length"}  # it says which account is asked
POSITIVE = ("rewrite", "summary")
NEGATIVE = ("same_event_independent", "same_topic", "unrelated")


class Pairs(NamedTuple):
    """Candidates: measures, shared rare terms, and of each what it is, whence, and its half."""

    values: Array
    rare: Array
    label: Array
    source: Array
    half: Array
    near: Array


def half_of(name: str) -> int:
    """0 or 1, by a digest."""
    return hashlib.sha256(name.encode()).digest()[0] & 1


def gather(labelled: Path, background: list[Path]) -> Pairs:
    """The candidates of one corpus of all documents but for copies in the background."""
    with (labelled / "pairs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    truth = {tuple(sorted((r["id_a"], r["id_b"]))): (r["label"], r["source"]) for r in rows}
    named = {i for pair in truth for i in pair}
    texts: dict[str, str] = {}
    for path in (labelled / "docs.jsonl.gz", *background):
        made: set[str] = set()
        if path.parent != labelled and (path.parent / "pairs.csv").is_file():
            with (path.parent / "pairs.csv").open(encoding="utf-8", newline="") as file:
                made = {row["id_a"] for row in csv.DictReader(file)}
        for row in lines(path):
            if row["id"] not in made:
                texts.setdefault(row["id"], row["text"])
    ids, bodies = list(texts), list(texts.values())
    settings = Settings().match
    found = Features.concat(
        [features(bodies[k : k + 2000], settings) for k in range(0, len(bodies), 2000)]
    )
    copies = find_copies(found, ids, bodies)
    linked = {(pair.id_a, pair.id_b) for pair in copies.pairs}
    alone = [i in named or copies.clusters[i] == i for i in ids]
    chosen = np.flatnonzero(np.array(alone) & (found.words >= 60))
    terms = terms_of(found, bodies, chosen)
    first, second = nearest(found, chosen, terms, len(chosen))
    one, other = chosen[first], chosen[second]
    swap = found.words[one] > found.words[other]
    measured = measure(found, np.where(swap, other, one), np.where(swap, one, other), terms)
    keys = [
        tuple(sorted((ids[a], ids[b]))) for a, b in zip(one.tolist(), other.tolist(), strict=True)
    ]
    label, source, near = [], [], []
    for key in keys:
        what, whence = truth.get(key, ("", ""))
        outside = key[0] not in named and key[1] not in named and key not in linked
        label.append(what or ("background" if outside else "other"))
        # Two rewrites of one source are known by the generator in the id, too.
        family = "+".join(sorted({re.sub(r"[\d/#.]+", "", i.rpartition(":")[2]) for i in key}))
        source.append(f"{whence} {family}" if whence.count(":") and "sib" in whence else whence)
        numbers = [re.search(r"(\d+)$", i) for i in key]
        same = key[0].partition(":")[0] == key[1].partition(":")[0] and all(numbers)
        near.append(same and abs(int(numbers[0][1]) - int(numbers[1][1])) < NEAR)  # type: ignore[index]
    return Pairs(
        measured.values, measured.rare, np.array(label), np.array(source),
        np.array([half_of(key[0]) for key in keys]), np.array(near),
    )  # fmt: skip


def bounds_of(values: Array, found: Array) -> list[Array]:
    """Quantiles of each measure, what is to be found weighing three times."""
    rows = np.concatenate([values[found]] * 3 + [values[~found]])
    shares = np.linspace(0, 1, BOUNDS + 2)[1:-1]
    return [np.unique(np.quantile(rows[:, k], shares).round(3)) for k in range(values.shape[1])]


def indicators(values: Array, bounds: list[Array]) -> Array:
    """Whether each bound is reached: one column for each."""
    columns = [values[:, k] >= bound for k, own in enumerate(bounds) for bound in own]
    return np.stack(columns, 1).astype(np.float64)


def fit(rows: Array, found: Array, signs: Array) -> Array:
    """Weights of the indicators, each of its sign, and the bias."""
    sides = np.where(found, 1.0, -1.0)

    def loss(weights: Array) -> tuple[float, Array]:
        margin = (rows @ weights[:-1] + weights[-1]) * sides
        slope = -sides / (1 + np.exp(np.clip(margin, -50, 50)))
        value = np.logaddexp(0, -margin).sum() + PENALTY * (weights[:-1] ** 2).sum()
        return value, np.append(rows.T @ slope + 2 * PENALTY * weights[:-1], slope.sum())

    limits = [(0, None) if sign > 0 else (None, 0) for sign in signs] + [(None, None)]
    start = np.zeros(rows.shape[1] + 1)
    answer: Array = minimize(
        loss, start, jac=True, method="L-BFGS-B", bounds=limits, options={"maxiter": 300}
    ).x
    return answer


def account(pairs: Pairs, kind: str, report: Counter[tuple[str, str]]) -> dict[str, Any]:
    """The account of one kind; what it finds when a source is left out is counted in `report`."""
    names = [name for name in MEASURES if name not in UNUSED]
    columns = [MEASURES.index(name) for name in names]
    short = pairs.values[:, MEASURES.index("length")] < SUMMARY
    mine = (short if kind == "summary" else ~short) & (pairs.rare >= MIN_RARE)
    positive = mine & np.isin(pairs.label, POSITIVE)
    negative = mine & np.isin(pairs.label, NEGATIVE)
    natural = mine & (pairs.label == "background") & ~pairs.near
    taught, held = natural & (pairs.half == 0), natural & (pairs.half == 1)
    values = pairs.values[:, columns]
    used = positive | negative | taught
    bounds = bounds_of(values[used], positive[used])
    rows = indicators(values, bounds)
    signs = np.array(
        [-1 if name in AGAINST else 1 for name, own in zip(names, bounds, strict=True) for _ in own]
    )

    def thresholds(weights: Array) -> tuple[Array, dict[str, float]]:
        scores = rows @ weights[:-1] + weights[-1]
        worst = np.sort(scores[held])[::-1]
        cuts = {n: float(worst[int(wrong * SPLIT[kind] / 2)]) for n, wrong in WRONG.items()}
        return scores, cuts

    sources = sorted({*pairs.source[positive]})
    for number, source in enumerate(sources):
        mixed = np.array([half_of(s) for s in pairs.source])
        left = (positive & (pairs.source == source)) | (negative & (mixed == number % 2))
        weights = fit(rows[used & ~left], positive[used & ~left], signs)
        scores, cuts = thresholds(weights)
        told = positive & (pairs.source == source)
        shares = {n: round(float((scores[told] >= cut).mean()), 3) for n, cut in cuts.items()}
        print(f"{kind:8} {source:32} {told.sum():4} {shares}")
        for label in POSITIVE:
            for name, cut in cuts.items():
                report[label, name] += int((scores[told & (pairs.label == label)] >= cut).sum())
    weights = fit(rows[used], positive[used], signs)
    _, cuts = thresholds(weights)
    steps, at = {}, 0
    for name, own in zip(names, bounds, strict=True):
        given = [
            [round(float(bound), 3), round(float(value), 2)]
            for bound, value in zip(own, weights[at : at + len(own)], strict=True)
            if abs(value) >= 0.01
        ]
        at += len(own)
        if given:
            steps[name] = given
    bias = round(float(weights[-1]), 2)
    return {"bias": bias, **{n: round(cut, 2) for n, cut in cuts.items()}, "steps": steps}


def main() -> None:
    """Fit both accounts and write them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--labelled", type=Path, required=True)
    parser.add_argument("--background", type=Path, nargs="+", required=True)
    asked = parser.parse_args()
    pairs = gather(asked.labelled, asked.background)
    report: Counter[tuple[str, str]] = Counter()
    accounts = {kind: account(pairs, kind, report) for kind in POSITIVE}
    with (asked.labelled / "pairs.csv").open(encoding="utf-8", newline="") as file:
        total = Counter(row["label"] for row in csv.DictReader(file))
    for (label, name), found in sorted(report.items()):
        print(f"left out, {label}, {name}: {found} of {total[label]}")
    data = [asked.labelled / "docs.jsonl.gz", asked.labelled / "pairs.csv", *asked.background]
    digests = {
        f"{path.parent.name}/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest()
        for path in data
    }
    text = json.dumps({"accounts": accounts, "data": digests}, indent=1)
    asked.out.write_text(re.sub(r"\[\s+(-?[\d.]+),\s+(-?[\d.]+)\s+\]", r"[\1, \2]", text) + "\n")


if __name__ == "__main__":
    main()
