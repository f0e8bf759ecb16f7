"""Make a labelled corpus of any size: articles dealt from sentences, 12 % planted copies.

    python bench/corpus.py -n 1000000 -o bench/.data/million [--source docs.jsonl.gz] [--seed 1]

Writes `docs.jsonl.gz` (`id`, `text`) and `truth.csv` (`id, cluster, kind, parent, visible_parent,
params`).  The sentences are those of `--source` (JSON lines with `text`; with `--source-truth` only
its originals are taken), else a grammar's.  Kinds: `a` 5 % edits, `b` excerpt, `c` furniture added,
`e` heavy spin, `f` orphan pair (a heavy spin and an excerpt, the original absent); `orig`, `uniq`
originals; `t` articles written from one of a few templates, which are not copies of each other.
The same arguments give the same bytes; memory follows the source, not `-n`.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import heapq
import json
import random
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TextIO, cast

import articles
from dealing import Dealer, split
from planting import Planter

if TYPE_CHECKING:
    from collections.abc import Iterator

COPIES = 0.12
TEMPLATES = 0.02
# Shares of the copies by kind; an orphan pair counts as two.
KINDS = {"a": 0.15, "b": 0.15, "c": 0.15, "e": 0.30, "f": 0.25}
# A copy stands up to so many documents after what it was copied from.
SPREAD = 20_000
# Sentences the grammar makes, and how many of an article's.
POOL = 120_000
GRAMMAR_LENGTHS = list(range(6, 31))


class Row(NamedTuple):
    """A document on its way out; `parent` is filled in when it is known."""

    text: str
    cluster: int
    kind: str
    parent: int  # position of what it was copied from, -1 without
    params: str


def main() -> None:
    """Parse the command line and write the corpus."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("-n", type=int, required=True, help="documents")
    parser.add_argument("-o", "--out", type=Path, required=True, help="folder to write into")
    parser.add_argument("--source", type=Path, help="JSON lines with text, plain or .gz")
    parser.add_argument("--source-truth", type=Path, help="its truth.csv: take only originals")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    write(options.out, options.n, options.seed, options.source, options.source_truth)


def write(
    out: Path, n: int, seed: int, source: Path | None = None, truth: Path | None = None
) -> None:
    """Write `docs.jsonl.gz` and `truth.csv` of `n` documents into `out`."""
    if source:
        pool, lengths = _read(source, truth)
    else:
        pool = articles.sentences(POOL, random.Random(f"pool {seed}"))
        lengths = GRAMMAR_LENGTHS
    out.mkdir(parents=True, exist_ok=True)
    dealer = Dealer(pool, lengths, seed)
    planter = Planter(dealer.pool[:50_000], seed)
    part = out / "docs.jsonl.gz.part"
    # No name and time in the gzip header: the same corpus is the same bytes.
    with (
        part.open("wb") as raw,
        gzip.GzipFile("", "wb", 1, raw, mtime=0) as docs,
        (out / "truth.csv").open("w", encoding="utf-8", newline="") as labels,
    ):
        table = csv.writer(labels, lineterminator="\n")
        table.writerow(["id", "cluster", "kind", "parent", "visible_parent", "params"])
        for position, row in enumerate(_documents(n, dealer, planter, seed)):
            name, parent = f"n{position:07d}", f"n{row.parent:07d}" if row.parent >= 0 else ""
            line = json.dumps({"id": name, "text": row.text}, ensure_ascii=False)
            docs.write(line.encode() + b"\n")
            visible = "1" if parent else "0" if row.kind in KINDS else ""
            table.writerow([name, row.cluster, row.kind, parent, visible, row.params])
    part.replace(out / "docs.jsonl.gz")


def _documents(n: int, dealer: Dealer, planter: Planter, seed: int) -> Iterator[Row]:
    """Exactly `n` documents; copies wait in a heap for their place after the original."""
    rng = random.Random(f"documents {seed}")
    dealt = dealer.articles(n)
    waiting: list[tuple[int, int, Row]] = []
    # Of D = 1 + copies + orphans documents per dealt article, COPIES are copies.
    orphans = COPIES * KINDS["f"] / 2
    single = COPIES * (1 - KINDS["f"])
    per_article = 1 / (1 - orphans - single)
    simple = {kind: share for kind, share in KINDS.items() if kind != "f"}
    position = cluster = pushed = 0
    while position < n:
        if waiting and (waiting[0][0] <= position or position + len(waiting) >= n):
            yield heapq.heappop(waiting)[2]
            position += 1
            continue
        cluster += 1
        if rng.random() < TEMPLATES * per_article:
            name, body = articles.from_template(rng)
            yield Row(_layout(body, rng), cluster, "t", -1, f"template={name}")
            position += 1
            continue
        body = next(dealt)
        room = n - position - len(waiting)
        dice = rng.random()
        if dice < orphans * per_article and room >= 2:
            for text, how in planter.orphans(body, rng):
                row = Row(_layout(text, rng), cluster, "f", -1, how)
                heapq.heappush(waiting, (position + rng.randint(1, SPREAD), pushed, row))
                pushed += 1
            continue
        copied = dice < (orphans + single) * per_article and room >= 2
        kind = "orig" if copied else "uniq"
        yield Row(_layout(body, rng), cluster, kind, -1, "")
        if copied:
            kind = rng.choices(list(simple), list(simple.values()))[0]
            make = {
                "a": planter.edit,
                "b": planter.excerpt,
                "c": planter.furnish,
                "e": planter.spin,
            }[kind]
            text, how = make(body, rng)
            row = Row(_layout(text, rng), cluster, kind, position, how)
            heapq.heappush(waiting, (position + rng.randint(1, SPREAD), pushed, row))
            pushed += 1
        position += 1


def _layout(body: list[str], rng: random.Random) -> str:
    """Paragraphs of one sentence or a few."""
    breaks = rng.getrandbits(len(body))
    pieces = [body[0]]
    for i in range(1, len(body)):
        pieces += ["\n\n" if breaks >> i & 1 else " ", body[i]]
    return "".join(pieces)


def _read(source: Path, truth: Path | None) -> tuple[list[str], list[int]]:
    """Sentences of the source's originals, and how many each article has."""
    originals: set[str] | None = None
    if truth:
        with _open(truth) as file:
            rows = csv.DictReader(file)
            originals = {row["id"] for row in rows if row["kind"] in ("orig", "uniq")}
    pool: dict[str, None] = {}
    lengths = []
    with _open(source) as file:
        for line in file:
            record = json.loads(line)
            if originals is not None and record["id"] not in originals:
                continue
            found = split(record["text"])
            if found:
                lengths.append(len(found))
                pool.update(dict.fromkeys(found))
    return list(pool), lengths


def _open(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return cast("TextIO", gzip.open(path, "rt", encoding="utf-8", newline=""))
    return path.open(encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
