"""Rewrites and summaries: recall by label, wrong links on natural news, and what the pass costs.

    python bench/rewrites.py [--large] > bench/results/rewrites.md

Runs `scrub dedup` on the labelled pairs, on natural news stories of which none is a rewrite, and
with `--large` on 50,000 articles, with and without the second pass.  The account was fitted on the
labelled pairs and on half of the natural stories (`tools/fit_rewrites.py`, which prints what was
found of each generator when it was left out).
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter
from pathlib import Path

from labelled import DATA, read_csv, read_jsonl, scrub, write_jsonl

NEAR = 511  # stories of a working day: 14,818 until 7 April 1987, 29 such days
KINDS = ("rewrite", "summary")


def links(out: Path) -> dict[tuple[str, str], dict[str, str]]:
    """The rows of `pairs.csv` by their ids."""
    return {(row["id_a"], row["id_b"]): row for row in read_csv(out / "pairs.csv")}


def labelled(work: Path) -> dict[str, tuple[int, int, int]]:
    """For each label its pairs, those linked in any way, and those linked as rewrite or summary."""
    out = work / "labelled"
    scrub("dedup", DATA / "rewrite2" / "docs.jsonl.gz", "-o", out)
    found = links(out)
    clusters = {row["id"]: row["cluster_id"] for row in read_csv(out / "dedup.csv")}
    counts: dict[str, list[int]] = {}
    for row in read_csv(DATA / "rewrite2" / "pairs.csv"):
        key = tuple(sorted((row["id_a"], row["id_b"])))
        one, other = key
        count = counts.setdefault(row["label"], [0, 0, 0])
        count[0] += 1
        count[1] += key in found or clusters[one] == clusters[other]
        count[2] += key in found and found[one, other]["relation"] in KINDS
    return {label: (a, b, c) for label, (a, b, c) in sorted(counts.items())}


def natural(work: Path) -> tuple[Counter[str], list[dict[str, str]]]:
    """Links among natural stories by grade, and those of stories more than about a day apart."""
    stories = []
    for name in ("reuters", "summaries", "rewrites"):
        pairs = DATA / name / "pairs.csv"
        made = {row["id_a"] for row in read_csv(pairs)} if pairs.is_file() else set()
        docs = read_jsonl(DATA / name / "docs.jsonl.gz")
        stories += [{"id": d["id"], "text": d["text"]} for d in docs if d["id"] not in made]
    path, out = work / "natural.jsonl", work / "natural"
    write_jsonl(path, stories)
    scrub("dedup", path, "-o", out)
    counts: Counter[str] = Counter()
    wrong = []
    for (one, other), row in links(out).items():
        if row["relation"] not in KINDS:
            continue
        a, b = (i.rpartition(":") for i in (one, other))
        near = a[0] == b[0] == "reut" and abs(int(a[2]) - int(b[2])) < NEAR
        grade = row["evidence"].partition(" ")[0]
        counts[f"{grade}, {'within about a day' if near else 'further apart'}"] += 1
        if not near:
            wrong.append(row)
    return counts, wrong


def large(work: Path) -> dict[str, float]:
    """Seconds of a run with and without the pass, and its links, all of which are wrong."""
    figures: dict[str, float] = {}
    for name in ("true", "false"):
        out, begin = work / f"large-{name}", time.perf_counter()
        source = DATA / "near50k" / "docs.jsonl.gz"
        scrub("dedup", source, "-o", out, "--set", f"match.rewrites={name}")
        figures[f"seconds, match.rewrites = {name}"] = round(time.perf_counter() - begin, 1)
        stages = json.loads((out / "run.json").read_text("utf-8"))["stages"]
        figures[f"seconds of the stage keep, {name}"] = stages["keep"]
        found = links(out).values()
        figures[f"rewrites and summaries, {name}"] = sum(r["relation"] in KINDS for r in found)
    return figures


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        print("# Rewrites and summaries\n\n## Labelled pairs (the account was fitted on them)\n")
        print("| label | pairs | linked | as rewrite or summary |\n|---|---|---|---|")
        for label, (pairs, linked, told) in labelled(work).items():
            print(f"| {label} | {pairs} | {linked / pairs:.3f} | {told / pairs:.3f} |")
        counts, wrong = natural(work)
        print("\n## Natural stories, of which none is a rewrite\n")
        print("| links | number |\n|---|---|")
        for name, count in sorted(counts.items()):
            print(f"| {name} | {count} |")
        print("\nThose further apart:\n")
        for row in wrong:
            print(f"- {row['id_a']}, {row['id_b']}: {row['evidence'][:160]}")
        if asked.large:
            print("\n## 50,000 articles\n\n| figure | value |\n|---|---|")
            for name, value in large(work).items():
                print(f"| {name} | {value} |")


if __name__ == "__main__":
    main()
