"""How well spun texts and spun words are told, and how fast, on labelled data.

    python bench/spin.py FOLDER [--clean DOCS.jsonl.gz ...]

FOLDER holds `docs.jsonl.gz` (id, text), `spans.jsonl.gz` (id, spans with start, end, original,
kind) and `truth.csv` or `truth.csv.gz` (id, cluster, kind).  Of every cluster with spun documents
one of them is kept and everything else is left out, so that no text has a sibling.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import time
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import rankdata

from scrub.match.tokens import tokenize
from scrub.spin import context
from scrub.spin.ngrams import NgramModel
from scrub.spin.score import score_batch, score_tokens

EDGES = (0.0, 0.1, 0.3, 0.5, 0.7, 0.85, 0.95, 1.0)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The records of a gzipped JSON-lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def read_truth(folder: Path) -> dict[str, dict[str, str]]:
    """Cluster and kind of each id."""
    path = folder / "truth.csv"
    if path.exists():
        with path.open(encoding="utf-8", newline="") as stream:
            return {row["id"]: row for row in csv.DictReader(stream)}
    with gzip.open(folder / "truth.csv.gz", "rt", encoding="utf-8", newline="") as stream:
        return {row["id"]: row for row in csv.DictReader(stream)}


def without_siblings(
    ids: list[str], truth: dict[str, dict[str, str]], spans: dict[str, Any], seed: int
) -> list[str]:
    """The ids left when every cluster with spun documents keeps one of those alone."""
    spun = defaultdict(list)
    for i in ids:
        if i in spans:
            spun[truth[i]["cluster"]].append(i)
    draw = random.Random(seed)
    kept = {draw.choice(sorted(members)) for _, members in sorted(spun.items())}
    return [i for i in ids if truth[i]["cluster"] not in spun or i in kept]


def auc(positive: list[float], negative: list[float]) -> float:
    """The share of pairs that are in the right order."""
    ranks = rankdata([*positive, *negative])[: len(positive)]
    return float(ranks.sum() - len(positive) * (len(positive) + 1) / 2) / (
        len(positive) * len(negative)
    )


def reliability(scores: dict[str, float], spans: dict[str, Any]) -> list[dict[str, float]]:
    """Per band of scores: how many documents, their mean score, the share that is spun."""
    values = np.array(list(scores.values()))
    spun = np.array([i in spans for i in scores])
    rows = []
    for low, high in pairwise(EDGES):
        band = (values >= low) & ((values < high) | (high == EDGES[-1]))
        if band.any():
            rows.append(
                {"from": low, "documents": int(band.sum()),
                 "score": round(float(values[band].mean()), 3),
                 "spun": round(float(spun[band].mean()), 3)}
            )  # fmt: skip
    return rows


def score_documents(texts: dict[str, str]) -> tuple[dict[str, float], dict[str, float]]:
    """The spin scores, and the seconds of processor time of tokenizing and scoring."""
    scores: list[float] = []
    seconds = {"tokenize": 0.0, "score": 0.0}
    values = list(texts.values())
    for first in range(0, len(values), 2000):
        start = time.process_time()
        tokens = tokenize(values[first : first + 2000])
        middle = time.process_time()
        scores += score_tokens(tokens).spin_score.tolist()
        seconds["tokenize"] += middle - start
        seconds["score"] += time.process_time() - middle
    return dict(zip(texts, scores, strict=True)), seconds


def learn(texts: dict[str, str], scores: dict[str, float]) -> NgramModel:
    """The language of the texts that do not look spun."""
    plain = (i for i in sorted(texts) if scores[i] < context.SUSPECT)
    return NgramModel.of_texts([texts[i] for i in plain])


def word_quality(flags: list[Any], spans: dict[str, Any]) -> dict[str, float]:
    """Precision and recall over flagged words, and the share of right suggestions."""
    right = wrong = exact = 0
    for flag in flags:
        touched = [
            s for s in spans.get(flag.id, ()) if s["start"] < flag.end and flag.start < s["end"]
        ]
        content = [s for s in touched if s["kind"] == "content"]
        right += bool(content)
        wrong += not touched
        exact += any(s["original"].lower() == flag.suggestion.lower() for s in content)
    gold = sum(s["kind"] == "content" for rows in spans.values() for s in rows)
    return {
        "flags": len(flags), "precision": round(right / max(1, right + wrong), 4),
        "recall": round(right / max(1, gold), 4),
        "suggestion_exact": round(exact / max(1, right), 4),
    }  # fmt: skip


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--clean", type=Path, nargs="*", default=[], help="documents that nobody spun"
    )
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    texts = {row["id"]: row["text"] for row in read_lines(args.folder / "docs.jsonl.gz")}
    truth = read_truth(args.folder)
    spans = {row["id"]: row["spans"] for row in read_lines(args.folder / "spans.jsonl.gz")}
    warm = {"warm": "It was a fine day and they went to the park."}
    context.examine(warm, {"warm": 0.99}, NgramModel.of_texts([]))
    scores, seconds = score_documents(texts)
    report: dict[str, Any] = {"documents": len(texts), "reliability": reliability(scores, spans)}
    alone = without_siblings(list(texts), truth, spans, args.seed)
    documents, gold = {i: texts[i] for i in alone}, {i: spans[i] for i in alone if i in spans}
    start = time.process_time()
    model = learn(documents, scores)
    seconds["learn"] = time.process_time() - start
    start = time.process_time()
    examined = context.examine(documents, scores, model)
    seconds["words"] = time.process_time() - start
    for name, values in (("score", scores), ("corrected", {**scores, **examined.scores})):
        clean = [values[i] for i in alone if i not in gold]
        report[name] = {
            kinds: round(auc([values[i] for i in gold if truth[i]["kind"] in letters], clean), 4)
            for kinds, letters in (("auc_heavy", "efi"), ("auc_light", "d"))
        } | {"unspun_accused": round(sum(v >= 0.5 for v in clean) / len(clean), 5)}
    report["words"] = word_quality(examined.flags, gold)
    for path in args.clean:
        others = {row["id"]: row["text"] for row in read_lines(path)}
        held = dict(
            zip(others, score_batch(list(others.values())).spin_score.tolist(), strict=True)
        )
        count = sum(len(text.split()) for text in others.values())
        found = context.examine(others, held, learn(others, held)).flags
        report[str(path)] = {
            "accused": round(sum(v >= 0.5 for v in held.values()) / len(held), 5),
            "flags_per_1000_words": round(1000 * len(found) / count, 4),
        }
    report["processor_seconds"] = {name: round(value, 2) for name, value in seconds.items()}
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
