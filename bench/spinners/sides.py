"""Which of two copies was spun, and which stays, in corpora from 2 to 2,000 texts.

    python bench/spinners/sides.py ARTICLES.jsonl.gz --dictionaries FOLDER [--most 2000]

Each corpus is half clean articles, half their spun copies, every spinner of the zoo in turn, with 4
to 12 % of the words swapped; which of the two has the smaller id is drawn.  The articles should
have taught nothing.  Writes `sides.md` into `bench/results/`.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import replace
from pathlib import Path

from zoo import Zoo, read

from scrub.config import Settings
from scrub.document import Document
from scrub.pipeline import analyse

RESULT = Path(__file__).resolve().parents[2] / "bench" / "results" / "sides.md"
SHARES, SIZES = (0.04, 0.08, 0.10, 0.12), (2, 20, 200, 2000)
LEAST = 48  # pairs of each cell at least: small corpora are made as often as that needs
_HEAD = """# The side that was spun

Made by `sides.py`: corpora of full articles beside one spun copy of each, every spinner of the zoo
in turn, nothing else, so that the counts of the corpus choose no wording: every text has a copy.
What tells the side was **fitted** on other articles that the same spinners spun, and its score was
taught by them. `tools/fit_sides.py` names .55, .89, .97 and .97 of the whole copies of another
sample at 4, 8, 12 and 20 % beside 300 other texts, .44, .83, .90 and .91 with nothing beside
them; of spinners that taught nothing (families A, B, R, T) 51 and 49 of 56.
`linked` is the share of the pairs that are one cluster; of these `named` has the right side called
spun and the other not, `wrong` the other way round; `spun kept` has the spun copy stay for its
original.

| texts | share swapped | pairs | linked | named | wrong | spun kept |
| --- | --- | --- | --- | --- | --- | --- |
"""


def pairs(zoo: Zoo, articles: list[str], share: float, number: int) -> list[tuple[str, str]]:
    """Articles with a spun copy of each."""
    names, found = sorted(zoo.spinners), []
    for k in range(number):
        name, text = names[k % len(names)], articles[k % len(articles)]
        own = zoo.spinners[name]
        part = share / 2 if own.second else share  # each of two passes swaps half
        zoo.spinners[name] = replace(own, share=(part, part))
        found.append((text, zoo.spin(text, name, f"{share} {k}")[0]))
        zoo.spinners[name] = own
    return found


def sides(corpus: list[tuple[str, str]], draw: random.Random) -> list[tuple[bool, ...]]:
    """Of each pair whether it was linked, the right or the wrong side named, the spun one kept."""
    documents, ids = [], []
    for k, (original, spun) in enumerate(corpus):
        first = draw.random() < 0.5
        ids.append((f"{k}a", f"{k}b") if first else (f"{k}b", f"{k}a"))
        documents += [Document(ids[-1][0], original), Document(ids[-1][1], spun)]
    found = analyse(documents, Settings(), flag=False)
    rows: list[tuple[bool, ...]] = []
    for one, two in ids:
        a, b = found.verdicts[one], found.verdicts[two]
        is_spun = [found.flagged.scores[i] >= 0.5 for i in (one, two)]
        linked = a.cluster_id == b.cluster_id
        kept = linked and b.kept and not a.kept
        rows.append((linked, linked and is_spun == [False, True], is_spun == [True, False], kept))
    return rows


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("articles", type=Path)
    parser.add_argument("--dictionaries", type=Path, required=True)
    parser.add_argument("--most", type=int, default=SIZES[-1], help="texts of the largest corpus")
    asked = parser.parse_args()
    zoo, lines = Zoo(asked.dictionaries), []
    articles = [row["text"] for row in read(asked.articles)]
    made = {
        share: pairs(zoo, articles, share, max(LEAST, min(asked.most, len(articles)) // 2))
        for share in SHARES
    }
    for size in (size for size in SIZES if size <= asked.most):
        for share, those in made.items():
            draw = random.Random(f"{size} {share}")
            used = those[: max(LEAST, size // 2)]
            step = max(1, size // 2)
            rows = [
                r for at in range(0, len(used), step) for r in sides(used[at : at + step], draw)
            ]
            linked, *cells = (sum(column) for column in zip(*rows, strict=True))
            shares = [linked / len(rows), *(cell / max(1, linked) for cell in cells)]
            head = f"| {size} | {share} | {len(rows)} | "
            lines.append(head + " | ".join(f"{value:.3f}" for value in shares) + " |")
            print(lines[-1], flush=True)
    RESULT.write_text(_HEAD + "\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
