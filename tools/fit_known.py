"""Fit what the signs of a known word and of an article weigh (`scrub.spin.known`).

    python tools/fit_known.py FOLDER [ZOO]

FOLDER holds labelled copies: `docs.jsonl.gz` (id, text), `spans.jsonl.gz` (id, spans with start,
end, original) and `truth.csv` or `truth.csv.gz` (id, cluster, kind).  Two kinds of texts teach:
spun ones that are alone while half of the other clusters, whole, make the lexicon; and, with the
folder as it is, those words of spun texts that no sibling covers.  ZOO holds spun texts that
`bench/spinners/zoo.py` made, each alone, of spinners that swap articles.  The shipped weights are
the means of those fitted on the clusters with even numbers and on those with odd ones; either
half's weights were checked on the other.  The clusters are those of 5,000 news articles with
planted copies that three synonym spinners had rewritten; articles were taught as well by 150 texts
each of `moby_articles` and `wordnet_random`.  Prints the weights and, for the other half, how many
of the places from several probabilities up are right.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scrub.config import Settings, SpinSettings
from scrub.corpus import Corpus
from scrub.document import Document
from scrub.match.features import Features, features
from scrub.match.pairs import find_copies
from scrub.spin import context, flagging, known, lessons, lexicon
from scrub.spin.judge import in_clusters, judge, language
from scrub.spin.lessons import Lessons
from scrub.spin.score import score_batch
from scrub.spin.word_use import WordUse
from scrub.spin.words import words_of

CUTS = (0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
_BATCH = 1000  # documents


class Labelled:
    """A folder of labelled copies."""

    def __init__(self, folder: Path) -> None:
        """Read all of it."""
        self.texts = {row["id"]: row["text"] for row in lines(folder / "docs.jsonl.gz")}
        self.spans = {row["id"]: row["spans"] for row in lines(folder / "spans.jsonl.gz")}
        plain = folder / "truth.csv"
        path = plain if plain.exists() else folder / "truth.csv.gz"
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rt", encoding="utf-8", newline="") as file:
            # Texts of the zoo stand alone.
            rows = enumerate(csv.DictReader(file))
            self.cluster = {row["id"]: row.get("cluster") or str(at) for at, row in rows}

    def alone(self, teaching: set[str]) -> list[str]:
        """One document of each cluster, spun where there is one; all of the `teaching` clusters."""
        members: dict[str, list[str]] = {}
        for i in self.texts:
            members.setdefault(self.cluster[i], []).append(i)
        draw = random.Random(1)
        kept = []
        for cluster, ids in sorted(members.items()):
            chosen = draw.choice([i for i in ids if i in self.spans] or ids[:1])
            kept += ids if cluster in teaching else [chosen]
        return sorted(kept)


def lines(path: Path) -> list[dict[str, Any]]:
    """The records of a JSON-lines file, plain or gzipped."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def corpus_of(texts: dict[str, str]) -> Corpus:
    """A corpus of texts that need no cleaning."""
    values = list(texts.values())
    parts = [values[k : k + _BATCH] for k in range(0, len(values), _BATCH)]
    scores = [s for part in parts for s in score_batch(part).spin_score.tolist()]
    return Corpus(
        [Document(i, text) for i, text in texts.items()],
        {},
        Features.concat([features(part, Settings().match) for part in parts]),
        dict(zip(texts, scores, strict=True)),
    )


Row = tuple[str, known.Place, bool]  # id, place, whether a labelled span is there


def rows_of(data: Labelled, ids: list[str], measured: set[str]) -> list[Row]:
    """The places of known wordings in some measured documents of a corpus that is made of `ids`."""
    settings = SpinSettings()
    corpus = corpus_of({i: data.texts[i] for i in ids})
    copies = find_copies(corpus.features, corpus.ids, corpus.texts, 2)
    corpus = replace(corpus, scores=judge(corpus, copies).beliefs)
    model = language(corpus, copies)
    batches = list(in_clusters(corpus, copies))
    collected = [flagging.sibling_evidence(batch, model, settings) for batch in batches]
    learned = lessons.learn(Lessons.merge(part.lessons for part in collected), model)
    table = lexicon.merge(learned, lexicon.default()).by_spun()
    use = WordUse.merge(part.use for part in collected)
    rows: list[Row] = []
    for batch, part in zip(batches, collected, strict=True):
        found = context.examine(batch.texts, batch.scores, model, batch.groups, use)
        corrected = {i: s for i, s in found.scores.items() if i not in part.siblings}
        believed = {**batch.scores, **corrected}
        split = {i: words_of(batch.texts[i]) for i in known.searched(believed) if i in measured}
        beside = flagging.sibling_wordings(split, part)
        # Siblings have spoken of these words, and are believed.
        closed = {(flag.id, flag.start) for flag in part.flags}
        closed |= {(i, start) for i, starts in part.confirmed.items() for start in starts}
        for i, words in split.items():
            doubted = found.words.get(i, {})
            for place in known.weighed_places(
                words, known.hits(words, table), believed[i], model, doubted, beside[i]
            ):
                start, end = words.start[place.at], words.end[place.at + place.size - 1]
                if (i, start) not in closed:
                    spans = data.spans.get(i, ())
                    rows.append(
                        (i, place, any(s["start"] < end and start < s["end"] for s in spans))
                    )
    return rows


def fit(signs: NDArray[np.float64], right: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Logistic regression by Newton's method: the weights of (N, k) signs, and the bias.

    A small ridge, one unit in a hundred places, keeps a sign that never varies at 0.
    """
    inputs = np.column_stack([signs, np.ones(len(signs))])
    weights = np.zeros(inputs.shape[1])
    ridge = np.eye(len(weights)) * 0.1
    for _ in range(30):
        chance = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ (right - chance) - ridge @ weights
        curve = (inputs * (chance * (1 - chance))[:, None]).T @ inputs + ridge
        weights += np.linalg.solve(curve, slope)
    return weights


def main() -> None:
    """Fit either half, check it on the other, and print the means."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("zoo", type=Path, nargs="?")
    args = parser.parse_args()
    data = Labelled(args.folder)
    clusters = sorted({data.cluster[i] for i in data.spans})
    first = set(random.Random(1).sample(clusters, len(clusters) // 2))
    rows = rows_of(data, sorted(data.texts), set(data.texts))
    for teaching in (first, set(clusters) - first):
        ids = data.alone(teaching)
        rows += rows_of(data, ids, {i for i in ids if data.cluster[i] not in teaching})
    if args.zoo:
        zoo = Labelled(args.zoo)
        rows += rows_of(zoo, sorted(zoo.texts), set(zoo.texts))
        data.cluster |= zoo.cluster
    for kind, names in (("wording", known.WORD_SIGNS), ("determiner", known.ARTICLE_SIGNS)):
        mine = [row for row in rows if row[1].kind == kind]
        signs = np.array([place.signs for _, place, _ in mine])
        right = np.array([is_right for _, _, is_right in mine])
        odd = np.array([int(data.cluster[i]) % 2 == 1 for i, _, _ in mine])
        halves = [fit(signs[odd == part], right[odd == part]) for part in (False, True)]
        print(
            kind,
            len(mine),
            dict(zip((*names, "bias"), np.mean(halves, axis=0).round(2), strict=True)),
        )
        other = np.where(
            odd, signs @ halves[0][:-1] + halves[0][-1], signs @ halves[1][:-1] + halves[1][-1]
        )
        for cut in CUTS:
            chosen = 1 / (1 + np.exp(-other)) >= cut
            found = (chosen & right).sum() / right.sum()
            print(
                f"  from {cut}: {chosen.sum()}, right {right[chosen].mean():.4f}, found {found:.4f}"
            )


if __name__ == "__main__":
    main()
