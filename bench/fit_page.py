"""Fit the weights of `scrub.clean.page` on labelled pages, and state how well they carry over.

usage: fit_page.py PAGES.jsonl[.gz] ... [-o page_weights.json] [--leave-out]

PAGES has `{"id", "html", "raw_text", "clean"}` a line, as `pages.py` writes them.  With
`--leave-out` a third of the sites is left out in turn, and the figures of each source, which the
id names, are those of pages of sites that taught nothing; the stored weights are fitted on all
pages.  A block's label is whether most of its words are aligned with the hand-made text.
"""

from __future__ import annotations

import argparse
import collections
import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlparse

import numpy as np
from rapidfuzz.distance import Indel
from scipy.optimize import minimize

from labelled import read_jsonl
from scrub.clean import blocks, layout
from scrub.clean.changes import Draft
from scrub.clean.page import KEEP, Model, is_web_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

Row = tuple[float, float, float]

WORD = re.compile(r"\w+")
RIDGE = 3.0
# Set by hand, and how long the fit goes on: more of any fits these pages closer and others worse.
UNITS = 10
RIDGE_UNITS = 4.0
STEPS = 120
FOLDS = 4


@dataclass
class Page:
    """A page as blocks, with the label and the training weight of each."""

    source: str
    site: str
    lines: list[str]
    own: Array
    label: Array
    weight: Array
    gold: collections.Counter[str]


def main() -> None:
    """Fit on two thirds of the sites and on all, print the figures, store the weights."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("pages", type=Path, nargs="+")
    parser.add_argument("-o", "--out", type=Path)
    parser.add_argument("--leave-out", action="store_true", help="state what carries over, too")
    options = parser.parse_args()
    pages = [page_of(record) for path in options.pages for record in read_jsonl(path)]
    print(f"{'source':22}", "pages precision recall F1, each on sites that were left out")
    rows: dict[str, list[Row]] = collections.defaultdict(list)
    for number in range(3 if options.leave_out else 0):
        left = [digest(page.site, 3) % 3 == number for page in pages]
        models = fit([page for page, out in zip(pages, left, strict=True) if not out])
        for page, out in zip(pages, left, strict=True):
            if out:
                rows[page.source].append(row_of(page, models))
    for source, found in sorted(rows.items()):
        print(f"{source:22} {len(found):5} {mean(found)}")
    models = fit(pages)
    print("fitted on all", len(pages), "pages:", mean([row_of(page, models) for page in pages]))
    if options.out:
        names = (blocks.OWN, blocks.OWN + blocks.CONTEXT, blocks.OWN + blocks.CONTEXT)
        stored: dict[str, Any] = {
            "provenance": f"bench/fit_page.py on {len(pages)} pages with the text of their article "
            "(DragNet, CleanEval, Readability; article-extraction-benchmark; Fundus' tests); "
            f"logistic, ridge {RIDGE:g}, with {UNITS} hidden units, ridge {RIDGE_UNITS:g}, on what "
            "is standardised; pages weighted alike; a row of `features`: linear, then each unit's",
            "data": {path.name: sha256(path) for path in options.pages},
        }
        for name, columns, model in zip(
            ("block", "context", "context again"), names, models, strict=True
        ):
            rows = np.column_stack([model.linear, model.inner]).round(3).tolist()
            features = ",\n".join(
                f"   {json.dumps(column)}: {json.dumps(row)}"
                for column, row in zip(columns, rows, strict=True)
            )
            stored[name] = {"units": model.outer.round(3).tolist(), "features": features}
        text = json.dumps(stored, indent=1)
        for model in list(stored.values())[2:]:
            text = text.replace(json.dumps(model["features"]), "{\n" + model["features"] + "\n  }")
        options.out.write_text(text + "\n", encoding="utf-8")


def sha256(path: Path) -> str:
    """The digest of what a file holds, unpacked: packing it anew changes nothing."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
        return hashlib.sha256(stream.read()).hexdigest()


def page_of(record: dict[str, Any]) -> Page:
    """Blocks, features and labels of one page."""
    draft = Draft(record["raw_text"])
    draft.apply("layout", layout.join_lines(draft.text))
    draft.apply("layout", layout.fold_spaces(draft.text))
    lines = [line for line in draft.text.split("\n") if line.strip()]
    tokens = [WORD.findall(line.lower()) for line in lines]
    owner = np.repeat(np.arange(len(lines)), [len(words) for words in tokens])
    gold = WORD.findall(record["clean"].lower())
    hit = np.zeros(len(owner))
    for step in Indel.opcodes([word for words in tokens for word in words], gold):
        if step.tag == "equal":
            hit[step.src_start : step.src_end] = 1
    count = np.bincount(owner, minlength=len(lines))
    share = np.bincount(owner, weights=hit, minlength=len(lines)) / np.maximum(count, 1)
    weight = (count + 2) / (count.sum() + 2 * len(lines)) * 50
    label = (share > 0.5).astype(float)
    site = site_of(record["html"]) or record["id"]
    own = blocks.own_features(lines)
    source = record["id"].partition(":")[0]
    return Page(source, site, lines, own, label, weight, collections.Counter(gold))


def site_of(html: str) -> str:
    """The registered part of the host a page names as its own, or links to most."""
    own = re.search(
        r"<(?:link[^>]{1,200}canonical|base)[^>]{0,200}href=[\"']?([^\"' >]+)", html, re.IGNORECASE
    ) or re.search(r"og:url[\"'][^>]{0,99}content=[\"']([^\"']+)", html, re.IGNORECASE)
    host = urlparse(own.group(1)).netloc if own else ""
    if not host:
        links = re.findall(r"(?:href|src)=[\"'](https?://[^\"']+)", html, re.IGNORECASE)
        hosts = collections.Counter(urlparse(link).netloc for link in links)
        host = hosts.most_common(1)[0][0] if hosts else ""
    parts = host.lower().partition(":")[0].split(".")
    return ".".join(parts[-3:] if len(parts) > 2 and len(parts[-2]) <= 3 else parts[-2:])


def digest(text: str, byte: int) -> int:
    """A number from 0 to 255 that depends on the text alone."""
    return hashlib.sha256(text.encode()).digest()[byte]


def logistic(values: Array) -> Array:
    """The logistic function."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(values, -40, 40))))


def network(features: Array, label: Array, weight: Array, units: int = UNITS) -> Model:
    """A logistic model with hidden units, which begins as the linear one and small random units.

    The first column is the constant.
    """
    mean, spread = features.mean(0), features.std(0)
    mean[0], spread[spread == 0] = 0.0, 1.0
    scaled = (features - mean) / spread
    count = features.shape[1]
    linear = regression(features, label, weight)
    start = linear * spread
    start[0] = linear[0] + (linear * mean)[1:].sum()
    random = np.random.default_rng(0).normal(size=count * units) * 0.1
    border = count + count * units

    def loss(values: Array) -> tuple[float, Array]:
        beta, outer = values[:count], values[border:]
        inner = values[count:border].reshape(count, units)
        hidden = np.tanh(scaled @ inner)
        value = scaled @ beta + hidden @ outer
        ridge = np.concatenate([[0.0], beta[1:]])
        total = (weight * (np.logaddexp(0, value) - label * value)).sum()
        total += RIDGE / 2 * (ridge @ ridge)
        total += RIDGE_UNITS / 2 * ((inner * inner).sum() + outer @ outer)
        slope = weight * (logistic(value) - label)
        steep = (slope[:, None] * outer) * (1 - hidden * hidden)
        return total, np.concatenate(
            [
                scaled.T @ slope + RIDGE * ridge,
                (scaled.T @ steep + RIDGE_UNITS * inner).ravel(),
                hidden.T @ slope + RIDGE_UNITS * outer,
            ]
        )

    found = minimize(
        loss,
        np.concatenate([start, random, np.zeros(units)]),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": STEPS},
    ).x
    weights = np.column_stack([found[:count], found[count:border].reshape(count, units)])
    weights /= spread[:, None]
    weights[0] -= (weights * mean[:, None])[1:].sum(0)
    return Model(weights[:, 0], weights[:, 1:], found[border:])


def regression(features: Array, label: Array, weight: Array) -> Array:
    """Weights of a ridge logistic regression; the first column is the constant."""
    mean, spread = features.mean(0), features.std(0)
    mean[0], spread[spread == 0] = 0.0, 1.0
    scaled = (features - mean) / spread

    def loss(beta: Array) -> tuple[float, Array]:
        value = scaled @ beta
        ridge = np.concatenate([[0.0], beta[1:]])
        total = (weight * (np.logaddexp(0, value) - label * value)).sum()
        slope = scaled.T @ (weight * (logistic(value) - label))
        return total + RIDGE / 2 * (ridge @ ridge), slope + RIDGE * ridge

    found = minimize(
        loss, np.zeros(features.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 500}
    ).x
    weights = found / spread
    weights[0] -= (weights * mean).sum()
    return np.asarray(weights)


def fit(pages: Sequence[Page]) -> list[Model]:
    """The three models; the second learns from scores that the first gave to unseen sites."""
    label = np.concatenate([page.label for page in pages])
    weight = np.concatenate([page.weight for page in pages])
    alone = regression(np.vstack([page.own for page in pages]), label, weight)
    models = [Model(alone, np.zeros((len(alone), 0)), np.zeros(0))]
    fold = [digest(page.site, 1) % FOLDS for page in pages]
    unseen: dict[int, Array] = {}
    for number in sorted(set(fold)):
        rest = [page for page, mine in zip(pages, fold, strict=True) if mine != number] or pages
        unseen[number] = regression(
            np.vstack([page.own for page in rest]),
            np.concatenate([page.label for page in rest]),
            np.concatenate([page.weight for page in rest]),
        )
    scores = [logistic(page.own @ unseen[mine]) for page, mine in zip(pages, fold, strict=True)]
    for _ in range(2):
        seen = [in_context(page, score) for page, score in zip(pages, scores, strict=True)]
        models.append(network(np.vstack(seen), label, weight))
        scores = [models[-1].score(features) for features in seen]
    return models


def in_context(page: Page, score: Array) -> Array:
    """Own and context features side by side."""
    return np.hstack([page.own, blocks.context_features(page.lines, page.own, score)])


def row_of(page: Page, models: Sequence[Model]) -> Row:
    """Bag-of-words precision, recall and F1 of one page, at the threshold in use.

    A page that `is_web_page` does not take for one is left whole, as it is in use.
    """
    once = models[1].score(in_context(page, models[0].score(page.own)))
    score = (once + models[2].score(in_context(page, once))) / 2
    whole = not is_web_page([line.strip() for line in page.lines])
    kept = "\n".join(line for line, s in zip(page.lines, score, strict=True) if whole or s >= KEEP)
    bag = collections.Counter(WORD.findall(kept.lower()))
    common = (bag & page.gold).total()
    precision, recall = common / max(1, bag.total()), common / max(1, page.gold.total())
    return precision, recall, 2 * precision * recall / (precision + recall) if common else 0.0


def mean(rows: Sequence[Row]) -> str:
    """The mean of each column, to print."""
    return " ".join(f"{sum(column) / len(column):.3f}" for column in zip(*rows, strict=True))


if __name__ == "__main__":
    main()
