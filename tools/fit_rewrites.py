"""Fit the account of rewrites and summaries from labelled pairs and from natural background.

    python tools/fit_rewrites.py OUT --labelled FOLDER --background DOCS.jsonl.gz [...]

FOLDER holds `docs.jsonl.gz` (id, text) and `pairs.csv` (id_a, id_b, label, source).  The pairs
labelled `rewrite` and `summary` are what is to be found; `same_event_independent`, `same_topic` and
`unrelated` are not, and neither are pairs of the background, texts that nobody rewrote (where a
`pairs.csv` lies beside them, those in its first column are left out).  Copies in the background
are taken out first.  Every document is matched with all others in one corpus, so that weights
are those of a corpus; and the labelled ones once more in one of their own, a small one, for what is
rare in it, and what stands out, is not the same.  Half of the background teaches; links between
documents of the other half are counted, and a grade begins where there are as many as it allows
(`WRONG`, of both halves).  Background ids that end in a number are chronological: pairs less than
`NEAR` apart are two reports of one day, which may well retell each other, and count for nothing.

What is said of the fit is measured on what was left out: each source of labelled pairs (one
generator) by an account that was fitted on the others, and half of the other pairs by one that did
not see them; each of these with either half of the background as the one that teaches.  The account
that is written is fitted on all labelled pairs.  Steps are fitted by logistic regression on
indicators, whose weights may have one sign only, twice: what the first fit holds for a rewrite, and
is none, counts more in the second.
Needs SciPy beside what scrub needs.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import math
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
from scrub.match.pairs import Copies, find_copies
from scrub.match.rewrites.account import AGAINST, MIN_RARE, MIN_WORDS, SUMMARY
from scrub.match.rewrites.candidates import nearest
from scrub.match.rewrites.evidence import MEASURES, measure
from scrub.match.rewrites.find import by_length
from scrub.match.rewrites.rivals import ALIKE, STANDS_OUT, closest_in, stands_out
from scrub.match.rewrites.terms import terms_of

Array = NDArray[Any]

WRONG = {"strong": 10, "likely": 30}  # links in the whole background
SPLIT = {"rewrite": 0.73, "summary": 0.27}  # of them, by hand, as the kinds are among candidates
NEAR = 511  # stories of a working day: 14,818 until 7 April 1987, 29 such days
BOUNDS = 24  # of a measure, at quantiles; tried: 5, 8, 12, 16, 20, 24, 32
PENALTY = 3.0  # tried: 0.3 to 15
TAUGHT = 4000  # pairs of the background that teach or are counted: those that come near a grade
HARDEST, TIMES = 100, 4.0  # of what is no rewrite so many count so much more in the second fit
FEW = 10  # pairs: sources of fewer are left out together with others of one name
UNUSED = {"length", "alike"}  # one says which account is asked, the other is within stands_out
POSITIVE = ("rewrite", "summary")
NEGATIVE = ("same_event_independent", "same_topic", "unrelated")


class Pairs(NamedTuple):
    """Candidates: measures, shared rare terms, what each is, whence, its half, and so on."""

    values: Array
    rare: Array
    label: Array
    source: Array
    half: Array
    near: Array
    linked: Array
    small: Array


def half_of(name: str) -> int:
    """0 or 1, by a digest."""
    return hashlib.sha256(name.encode()).digest()[0] & 1


class Documents(NamedTuple):
    """All documents, the labelled ones first, and which of them are matched."""

    features: Features
    ids: list[str]
    texts: list[str]
    truth: dict[tuple[str, ...], tuple[str, str]]
    copies: Copies
    labelled: int
    chosen: Array


def read(labelled: Path, background: list[Path]) -> Documents:
    """All documents; copies in the background are not chosen."""
    with (labelled / "pairs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    truth = {tuple(sorted((r["id_a"], r["id_b"]))): (r["label"], r["source"]) for r in rows}
    texts = {row["id"]: row["text"] for row in lines(labelled / "docs.jsonl.gz")}
    count = len(texts)
    for path in background:
        made: set[str] = set()
        if (path.parent / "pairs.csv").is_file():
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
    alone = [k < count or copies.clusters[i] == i for k, i in enumerate(ids)]
    chosen = np.flatnonzero(np.array(alone) & (found.words >= MIN_WORDS))
    return Documents(found, ids, bodies, truth, copies, count, chosen)


def gather(documents: Documents) -> Pairs:
    """The candidates of a corpus of all documents, and of one of the labelled alone."""
    chosen = documents.chosen
    own = chosen[chosen < documents.labelled]
    parts = candidates(documents, chosen, False), candidates(documents, own, True)
    return Pairs(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def candidates(documents: Documents, chosen: Array, small: bool) -> Pairs:
    """The candidates of a corpus of the chosen documents."""
    found, ids, bodies, truth, copies, count, _ = documents
    linked = {(pair.id_a, pair.id_b) for pair in copies.pairs}
    terms = terms_of(found, bodies, chosen)
    first, second = nearest(found, chosen, terms)
    sides = by_length(found, chosen[first], chosen[second])
    measured = measure(found, *sides, terms)
    alike = measured.values[:, ALIKE]
    around = closest_in(*sides, alike, len(ids))
    measured.values[:, STANDS_OUT] = stands_out(alike, around[sides[0]], around[sides[1]])
    label, source, near, keys = [], [], [], []
    for a, b in zip(*(side.tolist() for side in sides), strict=True):
        key = tuple(sorted((ids[a], ids[b])))
        what, whence = truth.get(key, ("", ""))
        outside = min(a, b) >= count and key not in linked
        label.append(what or ("background" if outside else "other"))
        # Two rewrites of one source are known by the generator in the id, too.
        family = "+".join(sorted({re.sub(r"[\d/#.]+", "", i.rpartition(":")[2]) for i in key}))
        source.append(f"{whence} {family}" if whence.count(":") and "sib" in whence else whence)
        numbers = [re.search(r"(\d+)$", i) for i in key]
        same = key[0].partition(":")[0] == key[1].partition(":")[0] and all(numbers)
        near.append(same and abs(int(numbers[0][1]) - int(numbers[1][1])) < NEAR)  # type: ignore[index]
        keys.append(key)
    return Pairs(
        measured.values, measured.rare, np.array(label), np.array(source),
        np.array([half_of(key[0]) for key in keys]), np.array(near),
        np.array([copies.clusters[a] == copies.clusters[b] for a, b in keys]),
        np.full(len(keys), small),
    )  # fmt: skip


def bounds_of(values: Array, found: Array) -> list[Array]:
    """Quantiles of each measure, what is to be found weighing three times."""
    rows = np.concatenate([values[found]] * 3 + [values[~found]])
    shares = np.linspace(0, 1, BOUNDS + 2)[1:-1]
    return [np.unique(np.quantile(rows[:, k], shares).round(3)) for k in range(values.shape[1])]


def indicators(values: Array, bounds: list[Array]) -> Array:
    """Whether each bound is reached: one column for each."""
    columns = [values[:, k] >= bound for k, own in enumerate(bounds) for bound in own]
    return np.stack(columns, 1).astype(np.float32)


def fit(rows: Array, found: Array, signs: Array, start: Array, times: Array) -> Array:
    """Weights of the indicators, each of its sign, and the bias; row k counts `times[k]`."""
    sides = np.where(found, 1, -1).astype(np.float32)

    def loss(weights: Array) -> tuple[float, Array]:
        margin = (rows @ weights[:-1].astype(np.float32) + np.float32(weights[-1])) * sides
        slope = -sides * times / (1 + np.exp(np.clip(margin, -50, 50)))
        value = (times * np.logaddexp(0, -margin)).sum(dtype=np.float64)
        given = np.append(slope @ rows + 2 * PENALTY * weights[:-1], slope.sum())
        return float(value + PENALTY * (weights[:-1] ** 2).sum()), given.astype(np.float64)

    limits = [(0, None) if sign > 0 else (None, 0) for sign in signs] + [(None, None)]
    answer: Array = minimize(
        loss, start, jac=True, method="L-BFGS-B", bounds=limits,
        options={"maxiter": 400, "ftol": 1e-8},
    ).x  # fmt: skip
    return answer


def fit_twice(rows: Array, found: Array, signs: Array, start: Array) -> Array:
    """The same, with what is hardest to tell from a rewrite counted `TIMES`."""
    times = np.ones(len(rows), np.float32)
    first = fit(rows, found, signs, start, times)
    scores = rows @ first[:-1] + first[-1]
    hard = ~found & (scores > np.sort(scores[~found])[::-1][HARDEST])
    return fit(rows, found, signs, first, np.where(hard, TIMES, times).astype(np.float32))


def account(pairs: Pairs, kind: str, report: Counter[tuple[str, str]]) -> dict[str, Any]:
    """The account of one kind; what it links when it was left out is counted in `report`."""
    names = [name for name in MEASURES if name not in UNUSED]
    columns = [MEASURES.index(name) for name in names]
    short = pairs.values[:, MEASURES.index("length")] < SUMMARY
    mine = (short if kind == "summary" else ~short) & (pairs.rare >= MIN_RARE)
    positive = mine & np.isin(pairs.label, POSITIVE)
    negative = mine & np.isin(pairs.label, NEGATIVE)
    natural = mine & (pairs.label == "background") & ~pairs.near
    values = pairs.values[:, columns]
    used = positive | negative | natural
    bounds = bounds_of(values[used], positive[used])
    rows = indicators(values, bounds)
    signs = np.array(
        [-1 if name in AGAINST else 1 for name, own in zip(names, bounds, strict=True) for _ in own]
    )
    sample = np.random.default_rng(0).permutation(np.flatnonzero(natural))[:TAUGHT]
    every = np.concatenate([np.flatnonzero(positive | negative), sample])
    nothing = np.zeros(rows.shape[1] + 1)
    start = fit(rows[every], positive[every], signs, nothing, np.ones(len(every), np.float32))
    scores = rows @ start[:-1] + start[-1]
    large = natural & ~pairs.small
    natural &= scores >= np.sort(scores[large])[::-1][min(TAUGHT, large.sum() - 1)]

    def fitted(left: Array, half: int) -> tuple[Array, Array, dict[str, float]]:
        """Weights, scores and where grades begin, without what is left out."""
        taught = (positive | negative) & ~left | natural & (pairs.half == half)
        weights = fit_twice(rows[taught], positive[taught], signs, start)
        scores = rows @ weights[:-1] + weights[-1]
        worst = np.sort(scores[natural & ~pairs.small & (pairs.half != half)])[::-1]
        cuts = {n: float(worst[round(wrong * SPLIT[kind] / 2)]) for n, wrong in WRONG.items()}
        return weights, scores, cuts

    sources, sizes = np.unique(pairs.source[positive], return_counts=True)
    few = dict(zip(sources, sizes < FEW, strict=True))
    named = np.array([s.partition(":")[0] if few.get(s) else s for s in pairs.source])
    halves = np.array([half_of(s) for s in pairs.source])
    groups = [(s, positive & (named == s)) for s in sorted({*named[positive]})]
    groups += [(f"no rewrite, half {k}", negative & (halves == k)) for k in (0, 1)]
    for source, left in groups:
        shares: Counter[str] = Counter()
        for half in (0, 1):
            _, scores, cuts = fitted(left, half)
            for name, cut in cuts.items():
                over = left & (scores > cut)
                shares[name] += over.sum() / 2 / max(1, left.sum())
                over |= left & pairs.linked
                for label in (*POSITIVE, *NEGATIVE):
                    for corpus, there in (("large", ~pairs.small), ("own", pairs.small)):
                        told = int((over & there & (pairs.label == label)).sum())
                        report[label, f"{name} or a copy, {corpus} corpus"] += told
        print(f"{kind:8} {source:32} {left.sum():4}", {n: round(s, 3) for n, s in shares.items()})
    # What is written is taught by both halves, and its grades begin where those begin that were
    # taught by one and counted on the other.
    nobody = np.zeros(len(rows), np.bool_)
    begins = [fitted(nobody, half)[2] for half in (0, 1)]
    cuts = {name: (begins[0][name] + begins[1][name]) / 2 for name in WRONG}
    taught = positive | negative | natural
    weights = fit_twice(rows[taught], positive[taught], signs, start)
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
    grades = {n: math.floor(cut * 100 + 1) / 100 for n, cut in cuts.items()}  # beyond, not at it
    return {"bias": bias, **grades, "steps": steps}


def main() -> None:
    """Fit both accounts and write them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--labelled", type=Path, required=True)
    parser.add_argument("--background", type=Path, nargs="+", required=True)
    asked = parser.parse_args()
    pairs = gather(read(asked.labelled, asked.background))
    report: Counter[tuple[str, str]] = Counter()
    accounts = {kind: account(pairs, kind, report) for kind in POSITIVE}
    with (asked.labelled / "pairs.csv").open(encoding="utf-8", newline="") as file:
        total = Counter(row["label"] for row in csv.DictReader(file))
    for (label, name), found in sorted(report.items()):
        print(f"left out, {label}, {name}: {found / 2} of {total[label]}")
    data = [asked.labelled / "docs.jsonl.gz", asked.labelled / "pairs.csv", *asked.background]
    digests = {
        f"{path.parent.name}/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest()
        for path in data
    }
    text = json.dumps({"accounts": accounts, "data": digests}, indent=1)
    asked.out.write_text(re.sub(r"\[\s+(-?[\d.]+),\s+(-?[\d.]+)\s+\]", r"[\1, \2]", text) + "\n")


if __name__ == "__main__":
    main()
