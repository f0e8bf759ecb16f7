"""What the spin score makes of spinners that taught it nothing, and of texts that nobody spun.

    python bench/spinners/left_out.py --spun TRAIN TEST --clean TRAIN TEST --odd TRAIN TEST
        [--labelled FOLDER]

The arguments are those of `tools/fit_score.py`, each with a test part of other articles, as
`texts.py` and `zoo.py` make them; the controls of `spinners` in the labelled data are odd texts of
the test as well.  For each spinner of the zoo the weights are fitted without it, and its test texts
are scored.  Beside the zoo, the families of `spinners` are scored with the shipped weights, by a
whole run: no text of theirs taught anything.  Writes `spin.md` into `bench/results/`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "tools")]

from figures import NO_JAVA, repairs  # noqa: E402
from labelled import DATA, flag_hits, read_csv, read_jsonl, right_and_found, scrub, write_jsonl  # noqa: E402

if TYPE_CHECKING:
    from fit_score import Texts

LIGHT, HEAVY = 0.07, 0.15  # shares of all words swapped between which a text is lightly spun
SPUN = 0.5
RESULT = ROOT / "bench" / "results" / "spin.md"


_HEAD = """# The spinner left out

Made by `left_out.py`. The score of a text by itself, no sibling and no corpus, fitted
on all spinners of the zoo but one and measured on that one, on articles that taught nothing. `bar`
is the score that 1 % of the odd texts reach which nobody spun; `light` and `heavy` are the shares
of the texts with 7 to 15 % and with 15 % or more of their words swapped that are above it. A
spinner's dictionary may have taught through another spinner, and the form of the evidence was
chosen on these texts: a spinner with a dictionary of its own can do worse. What was tried beside it
is in [spin_tried.md](spin_tried.md).
"""
_FAMILIES = f"""\
Families of spinners that taught nothing, in a whole run without siblings: the share called spun,
with a score of {SPUN} or more. And the controls that nobody spun. `beside`: in a run of the spun
texts beside their originals, the share of pairs linked and of sides named, and the numbers of
originals called spun and of spun texts that stay for their original. How surely a word is flagged
(`LEAST`) was set by hand with these families and controls in view, and that Pidgin is taught,
since one was called spun. Family R is known by two wordings that are in the list of known tells
*because* pages of its kind had been read: without them the score sees 1 of 14, as of T none.
So are some of its words: the tells are flagged, too.
`repairs`, in 1,000 words of those texts that are kept: of swapped words the very original
comes back (`right`) or another word (`inexact`: the families share articles, so that one spinner's
word is repaired by another's), and words that nobody swapped are changed (`wrong`).
"""


def families(work: Path) -> dict[str, float]:
    """Of each family of spinners the share called spun, with no sibling; and of the controls."""
    rows = read_csv(DATA / "spinners" / "truth.csv")
    texts = {row["id"]: row["text"] for row in read_jsonl(DATA / "spinners" / "docs.jsonl.gz")}
    spans = {row["id"]: row["spans"] for row in read_jsonl(DATA / "spinners" / "spans.jsonl.gz")}
    ids: dict[tuple[str, str], list[str]] = {}
    for row in sorted(rows, key=lambda row: row["id"]):
        ids.setdefault((row["role"], row["family"]), []).append(row["id"])
    used = [i for (role, _), those in ids.items() if role != "original" for i in those]
    file = write_jsonl(work / "docs.jsonl", [{"id": i, "text": texts[i]} for i in used])
    scrub("run", file, "-o", work / "out", *NO_JAVA)
    scores = {row["id"]: float(row["spin_score"]) for row in read_csv(work / "out" / "dedup.csv")}
    odd = [i for (role, _), those in ids.items() if role == "control" for i in those]
    hits = flag_hits(work / "out", spans, ("wording", "determiner"))
    right, words_found = right_and_found([hit for hit in hits if hit[0]["id"] in spans], spans)
    words = sum(len(texts[i].split()) for i in odd)
    of_odd = repairs(work / "out", dict.fromkeys(odd, ()))
    result = {
        f"spun_{family}": _share([scores[i] >= SPUN for i in those])
        for (role, family), those in sorted(ids.items())
        if role == "spun"
    }
    return result | {
        "controls": _share([scores[i] >= SPUN for i in odd]),
        "control_flags_per_1000": 1000 * sum(row["id"] not in spans for row, _ in hits) / words,
        "words_precision": right,
        "words_recall": words_found,
        **repairs(work / "out", spans),
        "control_repairs_per_1000": of_odd["wrong_repairs_per_1000"],
    }


def controls() -> list[str]:
    """The texts of `spinners` that nobody spun."""
    truth = read_csv(DATA / "spinners" / "truth.csv")
    names = {row["id"] for row in truth if row["role"] == "control"}
    rows = read_jsonl(DATA / "spinners" / "docs.jsonl.gz")
    return [row["text"] for row in rows if row["id"] in names]


def beside_originals(work: Path) -> dict[str, float]:
    """Of the same texts beside their originals: pairs linked, sides named, spun ones that stay."""
    rows = [row for row in read_csv(DATA / "spinners" / "truth.csv") if row["role"] != "control"]
    texts = {row["id"]: row["text"] for row in read_jsonl(DATA / "spinners" / "docs.jsonl.gz")}
    file = write_jsonl(work / "docs.jsonl", [{"id": r["id"], "text": texts[r["id"]]} for r in rows])
    scrub("run", file, "-o", work / "out", *NO_JAVA)
    decided = {row["id"]: row for row in read_csv(work / "out" / "dedup.csv")}
    pairs = [(decided[r["id"]], decided[r["original"]]) for r in rows if r["role"] == "spun"]
    return {
        "linked": _share([a["cluster_id"] == b["cluster_id"] for a, b in pairs]),
        "named": _share(
            [float(a["spin_score"]) >= SPUN > float(b["spin_score"]) for a, b in pairs]
        ),
        "originals_accused": sum(float(b["spin_score"]) >= SPUN for _, b in pairs),
        "spun_kept": sum(a["kept"] == "true" and b["kept"] != "true" for a, b in pairs),
    }


def zoo(train: Texts, test: Texts) -> list[dict[str, Any]]:
    """For each spinner what the weights fitted without it make of its texts."""
    from fit_score import fit, scores

    table = []
    for name in sorted(set(test.spinner) - {""}):
        scored = scores(test, fit(train, train.spinner != name))
        bar = float(np.quantile(scored[test.odd], 0.99, method="higher"))
        row: dict[str, Any] = {"spinner": name, "bar": bar}
        light = (test.share >= LIGHT) & (test.share < HEAVY)
        for part, chosen in (("light", light), ("heavy", test.share >= HEAVY)):
            its = scored[chosen & (test.spinner == name)]
            row |= {f"{part} texts": len(its), part: _share(its > bar),
                    f"{part} at .5": _share(its >= SPUN)}  # fmt: skip
        plain = (test.spinner == "") & ~test.odd
        row |= {"odd at .5": _share(scored[test.odd] >= SPUN),
                "news at .5": _share(scored[plain] >= SPUN)}  # fmt: skip
        table.append(row)
        print(row, flush=True)
    return table


def _share(values: Any) -> float:  # noqa: ANN401 - a list or an array
    return float(np.mean(values)) if len(values) else 1.0


def report(table: list[dict[str, Any]], found: dict[str, float]) -> str:
    """The page."""
    head = list(table[0])
    rows = [head, ["---"] * len(head)]
    for row in table:
        rows.append([f"{v:.3f}" if isinstance(v, float) else str(v) for v in row.values()])
    for name, how in (("mean", np.mean), ("worst", np.min)):
        cells = {
            k: f"{how([row[k] for row in table if row[f'{k} texts']]):.3f}"
            for k in ("light", "heavy")
        }
        rows.append([name, *(cells.get(k, "") for k in head[1:])])
    beside = [["figure", "share"], ["---"] * 2, *([k, f"{v:.3f}"] for k, v in found.items())]
    table_rows = ["| " + " | ".join(row) + " |" for row in rows]
    beside_rows = ["| " + " | ".join(row) + " |" for row in beside]
    return "\n".join([_HEAD, *table_rows, "", _FAMILIES, *beside_rows, ""])


def main() -> None:
    """Measure and write."""
    from fit_score import Texts, read

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    for name in ("spun", "clean", "odd"):
        parser.add_argument(f"--{name}", type=Path, nargs=2, required=True)
    parser.add_argument("--labelled", type=Path)
    args = parser.parse_args()
    parts = zip(args.spun, args.clean, args.odd, (args.labelled, None), strict=True)
    taught, measured = (read(*files) for files in parts)
    measured += [(text, "", 0.0, True, []) for text in controls()]
    train, test = Texts.of(taught), Texts.of(measured)
    table = zoo(train, test)
    with tempfile.TemporaryDirectory() as folder:
        found = families(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        found |= {f"{name}, beside": v for name, v in beside_originals(Path(folder)).items()}
    RESULT.write_text(report(table, found), "utf-8")


if __name__ == "__main__":
    main()
