"""Rewrites and summaries: recall by label, wrong links on natural news, and what the pass costs.

    python bench/rewrites.py [--large] > bench/results/rewrites.md

Fits the account anew, which says what is found of each generator that was left out and whether the
account that ships comes of it byte for byte; runs `scrub dedup` on the labelled pairs and on
natural news stories of which none is a rewrite; and with `--large` on 50,000 articles, with and
without the second pass in turn, and looks for candidates of the labelled pairs among up to 500,000.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, islice
from pathlib import Path

import numpy as np

from dealing import Dealer, split
from labelled import DATA, read_csv, read_jsonl, scrub, write_jsonl
from scrub.config import Settings
from scrub.match.features import Features, features
from scrub.match.rewrites.account import MIN_WORDS
from scrub.match.rewrites.candidates import Lists
from scrub.match.rewrites.terms import NO_STEMS, terms_of, vocabulary

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "src" / "scrub" / "match" / "rewrites" / "account.json"
BACKGROUND = ("reuters", "summaries", "rewrites")  # natural stories, and rewrites of some
ROUNDS = 2  # of runs with and without the pass
NEAR = 511  # stories of a working day: 14,818 until 7 April 1987, 29 such days
KINDS = ("rewrite", "summary")
SIZES = (0, 5_000, 15_000, 50_000, 500_000)
LEFT_OUT = """\
Each source of labelled pairs is graded by an account that the others taught, twice: by either half
of the background.  Behind a source are its pairs, in the corpus of 17,000 documents and in their
own one of 1,752, and those of more than 120 words; then the share that gets the grade."""


def refitted(work: Path) -> tuple[str, bool]:
    """What the fit says of what it left out, and whether it gives the account that ships."""
    out = work / "account.json"
    background = [str(DATA / name / "docs.jsonl.gz") for name in BACKGROUND]
    tool = str(ROOT / "tools" / "fit_rewrites.py")
    command = [sys.executable, tool, str(out), "--labelled", str(DATA / "rewrite2")]
    fitted = subprocess.run(
        [*command, "--background", *background], check=True, capture_output=True, text=True
    )
    return fitted.stdout, out.read_bytes() == SHIPPED.read_bytes()


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
    for name in BACKGROUND:
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


def large(work: Path) -> None:
    """Print the seconds of runs with and without the pass, and its links, all of them wrong."""
    print("\n## 50,000 articles\n")
    print("| match.rewrites | seconds | processor seconds | of the stage keep | links |")
    print("|---|---|---|---|---|")
    for name in ("true", "false") * ROUNDS:
        out, begin, before = work / "large", time.perf_counter(), os.times()
        source = DATA / "near50k" / "docs.jsonl.gz"
        scrub("dedup", source, "-o", out, "--set", f"match.rewrites={name}")
        seconds, after = time.perf_counter() - begin, os.times()
        used = sum(after[2:4]) - sum(before[2:4])  # of processes that have ended
        stages = json.loads((out / "run.json").read_text("utf-8"))["stages"]
        found = sum(row["relation"] in KINDS for row in links(out).values())
        shutil.rmtree(out)
        print(f"| {name} | {seconds:.1f} | {used:.1f} | {stages['keep']} | {found} |", flush=True)


def background() -> Iterator[str]:
    """The 50,000 articles, then as many of their sentences dealt anew as are asked for."""
    near = [d["text"] for d in read_jsonl(DATA / "near50k" / "docs.jsonl.gz")]
    yield from near
    cut = [split(text) for text in near]
    dealer = Dealer([s for sentences in cut for s in sentences], [len(own) for own in cut], 16)
    for sentences in dealer.articles(SIZES[-1] - len(near)):
        yield " ".join(sentences)


def recall(sizes: Sequence[int]) -> list[tuple[int, list[float], dict[str, float]]]:
    """Share of the labelled pairs that are candidates among so many articles more, by label.

    With the candidates of a labelled document, and what any document costs: milliseconds of one
    processor, and bytes of the lists and terms; only of texts that can have a grade.
    """
    own = read_jsonl(DATA / "rewrite2" / "docs.jsonl.gz")
    texts = chain((d["text"] for d in own), islice(background(), sizes[-1]))
    settings, parts, words = Settings().match, [], NO_STEMS
    while batch := list(islice(texts, 4000)):
        parts.append(features(batch, settings))
        words = words.and_listed(vocabulary(batch, np.arange(len(batch)), 2))
    made = Features.concat(parts)
    place = {d["id"]: k for k, d in enumerate(own)}
    found = []
    for more in sizes:
        chosen = np.flatnonzero(made.words[: len(own) + more] >= MIN_WORDS)
        terms = terms_of(made, chosen, words)
        lists = Lists.of(made, chosen, terms)
        queries = np.flatnonzero(chosen < len(own))
        sides = (chosen[side] for side in lists.nearest(queries, 2))
        pairs = set(zip(*(side.tolist() for side in sides), strict=True))
        sample, begin = np.arange(0, len(chosen), max(1, len(chosen) // 5000)), time.process_time()
        lists.nearest(sample)
        each = (time.process_time() - begin) / len(sample)
        size = sum(array.nbytes for array in (*terms, *lists)) / len(chosen)
        hits: dict[str, list[bool]] = {}
        for row in read_csv(DATA / "rewrite2" / "pairs.csv"):
            a, b = sorted((place[row["id_a"]], place[row["id_b"]]))
            if min(made.words[a], made.words[b]) >= MIN_WORDS:
                hits.setdefault(row["label"], []).append((a, b) in pairs)
        shares = {label: sum(some) / len(some) for label, some in sorted(hits.items())}
        found.append((more, [len(pairs) / len(queries), 1000 * each, size], shares))
    return found


def candidates() -> None:
    """Print the table of `recall`."""
    print("\n## Candidates: is the right one among those that are compared?\n")
    print("Labelled pairs of texts with 60 words, among as many articles more; beyond 50,000 these")
    print("are dealt of the sentences of the others, with other names.\n")
    rows = recall(SIZES)
    print("| articles more | candidates a document | ms a document | bytes a document |", end="")
    print(f" {' | '.join(rows[0][2])} |\n{'|---' * (4 + len(rows[0][2]))}|")
    for more, (each, milliseconds, size), shares in rows:
        cells = " | ".join(f"{share:.3f}" for share in shares.values())
        print(f"| {more:,} | {each:.1f} | {milliseconds:.2f} | {size:.0f} | {cells} |", flush=True)


def found(work: Path) -> None:
    """Print what the fit says of what it left out, and what a run links."""
    with ThreadPoolExecutor() as pool:  # of processes that nobody times
        fit, pairs = pool.submit(refitted, work), pool.submit(labelled, work)
        stories = pool.submit(natural, work)
    output, same = fit.result()
    print(f"## What was left out of the fit\n\n{LEFT_OUT}\n\n```\n{output}```\n")
    print(f"The account that ships is {'' if same else 'not '}what the fit gives.")
    print("\n## Labelled pairs, in a default run (the account was fitted on them)\n")
    print("| label | pairs | linked | as rewrite or summary |\n|---|---|---|---|")
    for label, (count, linked, graded) in pairs.result().items():
        print(f"| {label} | {count} | {linked / count:.3f} | {graded / count:.3f} |")
    counts, wrong = stories.result()
    print("\n## Natural stories, of which none is a rewrite\n")
    print("| links | number |\n|---|---|")
    for name, count in sorted(counts.items()):
        print(f"| {name} | {count} |")
    print("\nThose further apart:\n")
    for row in wrong:
        print(f"- {row['id_a']}, {row['id_b']}: {row['evidence'].partition(' of ')[0]}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help="50,000 and 500,000 articles, too")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print("# Rewrites and summaries\n")
        found(Path(folder))
        if args.large:
            large(Path(folder))
            candidates()


if __name__ == "__main__":
    main()
