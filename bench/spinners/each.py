"""Of each spinner of the zoo: copies linked with the original and with an excerpt, words flagged.

    python bench/spinners/each.py --spun T/test/spun --articles T/test/articles.jsonl.gz \
        --clean T/test/clean.jsonl.gz

`zoo.py` spins the articles, of which none taught anything.  Writes `each_spinner.md` into
`bench/results/`.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from figures import NO_JAVA
from labelled import flag_hits, read_csv, read_jsonl, right_and_found, scrub, write_jsonl
from scrub.spin.thesaurus import load_thesaurus
from scrub.spin.words import FUNCTION

RESULT = Path(__file__).resolve().parents[2] / "bench" / "results" / "each_spinner.md"
EXCERPT = 0.4  # share of the original's sentences, the first ones
BESIDE = 300  # texts that nobody spun
SPUN = 0.5
_WORD = re.compile(r"[a-z]+")
_HEAD = """# Each spinner of the zoo

Made by `each.py`, on articles that taught nothing, each beside nothing but what the column names.
`original`, `excerpt`: the share of the spun copies that are in one cluster with the article they
were spun of, and with the first two fifths of its sentences.  `known`: of the content words that
were swapped for one word the share for which the shipped thesaurus has the original; it is made of
WordNet and Moby, as the dictionaries of some of these spinners are.  `called spun`, and words
flagged without any sibling, beside 300 texts that nobody spun: how many flags are right, how many
of all swapped words are flagged, and in how many of the right ones the suggestion is the very
original.  The score was taught by these spinners, on other articles; what it gives of a spinner
left out is in [spin.md](spin.md), and what words are worth then in [spin_tried.md](spin_tried.md).

| spinner | texts | original | excerpt | known | called spun | right | found | exact |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
"""


def excerpt(text: str) -> str:
    """The first sentences of a text."""
    sentences = re.split(r"(?<=[.!?])\s+", text)
    return " ".join(sentences[: max(3, round(EXCERPT * len(sentences)))])


def linked(pairs: dict[str, tuple[str, str]], work: Path) -> float:
    """The share of pairs of texts that are one cluster."""
    rows = [
        {"id": f"{i} {side}", "text": text}
        for i, pair in pairs.items()
        for side, text in zip("ab", pair, strict=True)
    ]
    scrub("dedup", write_jsonl(work / "pairs.jsonl", rows), "-o", work / "pairs")
    cluster = {row["id"]: row["cluster_id"] for row in read_csv(work / "pairs" / "dedup.csv")}
    return sum(cluster[f"{i} a"] == cluster[f"{i} b"] for i in pairs) / len(pairs)


def known(spans: list[dict[str, Any]]) -> float:
    """The share of swapped content words whose original the thesaurus has for them."""
    thesaurus = load_thesaurus()
    hits = [
        thesaurus.form(original) in thesaurus.originals(thesaurus.form(spun))[0]
        for span in spans
        if _WORD.fullmatch(original := span["original"].lower())
        and _WORD.fullmatch(spun := span["spun"].lower())
        and original not in FUNCTION
    ]
    return sum(hits) / max(1, len(hits))


def words(
    texts: dict[str, str], clean: list[str], spans: dict[str, list[dict[str, Any]]], work: Path
) -> list[float]:
    """The share of texts called spun; of flags that are right, of words found, of exact ones."""
    rows = [{"id": i, "text": text} for i, text in texts.items()]
    rows += [{"id": f"clean {at}", "text": text} for at, text in enumerate(clean)]
    scrub("run", write_jsonl(work / "alone.jsonl", rows), "-o", work / "alone", *NO_JAVA)
    decided = read_csv(work / "alone" / "dedup.csv")
    scores = [float(row["spin_score"]) for row in decided if row["id"] in spans]
    hits = flag_hits(work / "alone", spans, ("wording", "determiner"))
    hits = [hit for hit in hits if hit[0]["id"] in spans]
    exact = [
        row["suggestion"].lower() == those[0]["original"].lower() for row, those in hits if those
    ]
    return [
        sum(score >= SPUN for score in scores) / len(scores),
        *right_and_found(hits, spans),
        sum(exact) / max(1, len(exact)),
    ]


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--spun", type=Path, required=True)
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--clean", type=Path, required=True)
    asked = parser.parse_args()
    originals = {row["id"]: row["text"] for row in read_jsonl(asked.articles)}
    texts = {row["id"]: row["text"] for row in read_jsonl(asked.spun / "docs.jsonl.gz")}
    spans = {row["id"]: row["spans"] for row in read_jsonl(asked.spun / "spans.jsonl.gz")}
    clean = [row["text"] for row in read_jsonl(asked.clean)]
    clean = clean[:: max(1, len(clean) // BESIDE)][:BESIDE]
    of_spinner: dict[str, dict[str, str]] = defaultdict(dict)
    for row in read_csv(asked.spun / "truth.csv"):
        of_spinner[row["spinner"]][row["id"]] = originals[row["original"]]
    table = []
    for spinner, those in sorted(of_spinner.items()):
        with TemporaryDirectory() as folder:
            work = Path(folder)
            table.append([
                linked({i: (texts[i], text) for i, text in those.items()}, work),
                linked({i: (texts[i], excerpt(text)) for i, text in those.items()}, work),
                known([span for i in those for span in spans[i]]),
                *words({i: texts[i] for i in those}, clean, {i: spans[i] for i in those}, work),
            ])  # fmt: skip
        print(spinner, *(f"{value:.3f}" for value in table[-1]), flush=True)
    columns = list(zip(*table, strict=True))
    rows = [
        (f"{spinner} | {len(those)}", cells)
        for (spinner, those), cells in zip(sorted(of_spinner.items()), table, strict=True)
    ]
    rows += [("mean | ", [sum(c) / len(c) for c in columns]), ("worst | ", [*map(min, columns)])]
    lines = [f"| {name} | " + " | ".join(f"{v:.3f}" for v in cells) + " |" for name, cells in rows]
    RESULT.write_text(_HEAD + "\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
