"""Fit how a swap's lean speaks for a machine and against a person (`scrub.spin.direction`).

    python tools/fit_leans.py

Swaps of people: the made copies of the first half of `bench/human.py`, editions and editors, each
counted both ways round, since either side may have been first.  Swaps of machines: the spun texts
of even number of `spinners` and `near5k` beside their originals.  Every family of spinners and
either kind of people's changes count alike.  Prints the log-ratio of the two densities for each
band of leans; the curve in use was drawn through them by hand.  The other half of all of these is
what `bench/human.py` reports.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import numpy as np

from scrub.spin.direction import compare_words
from scrub.spin.ngrams import NgramModel
from scrub.spin.words import words_of

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

from human import BESIDE, clean_articles, pairs
from labelled import DATA, Labelled, read_csv, read_jsonl

EDGES = (-4.01, -3.99, -2.0, -0.75, -0.25, 0.25, 0.75, 2.0, 3.99, 4.01)
Stories = dict[str, list[tuple[str, str]]]


def main() -> None:
    """Print the log-ratio of each band."""
    articles = clean_articles("tuned")
    model = NgramModel.of_texts(articles[:BESIDE])
    people = {
        kind: stories
        for kind, stories in pairs(articles[BESIDE:], "tuned").items()
        if len(kind) == len("gb-us") or kind.startswith("edited")
    }
    kinds = {"edited" if kind.startswith("edited") else "edition" for kind in people}
    human = [
        _density([
            sign * lean
            for kind, stories in people.items() if kind.startswith("edited") == (name == "edited")
            for lean in _leans(stories, model) for sign in (-1, 1)
        ])
        for name in sorted(kinds)
    ]  # fmt: skip
    machine = [_density(_leans(stories, model)) for _, stories in sorted(_spun().items())]
    ratio = np.log(np.mean(machine, axis=0) / np.mean(human, axis=0))
    for (low, high), value in zip(pairwise(EDGES), ratio, strict=True):
        print(f"{low:+.2f} to {high:+.2f}  {value:+.2f}")


def _leans(stories: list[tuple[str, str]], model: NgramModel) -> list[float]:
    found: list[float] = []
    for one, other in stories:
        (compared,) = compare_words({"a": words_of(one), "b": words_of(other)}, [("a", "b")], model)
        found += compared.machine_leans.tolist()
    return found


def _density(leans: list[float]) -> np.ndarray:
    counts = np.histogram(leans, EDGES)[0] + 0.005 * len(leans)
    return np.asarray(counts / counts.sum())


def _spun() -> Stories:
    """Original and spun text by family, every other text."""
    folder = DATA / "spinners"
    texts = {row["id"]: row["text"] for row in read_jsonl(folder / "docs.jsonl.gz")}
    stories: Stories = defaultdict(list)
    for row in read_csv(folder / "truth.csv"):
        if row["role"] == "spun":
            stories[row["family"]].append((texts[row["original"]], texts[row["id"]]))
    data = Labelled("near5k")
    texts = {row["id"]: row["text"] for row in read_jsonl(data.documents)}
    for i, spans in data.spans.items():
        kind = data.rows[i]["kind"]
        if kind in "de":
            text = texts[i]
            for span in sorted(spans, key=lambda span: -span["start"]):
                text = text[: span["start"]] + span["original"] + text[span["end"] :]
            stories[f"near5k {kind}"].append((text, texts[i]))
    return {family: found[::2] for family, found in stories.items()}


if __name__ == "__main__":
    main()
