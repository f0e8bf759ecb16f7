"""Fit what a pair of copies says of which side was spun (`scrub.spin.direction`).

    python tools/fit_sides.py ARTICLES.jsonl.gz --dictionaries FOLDER

People: the made copies of the first half of `bench/human.py` and every other one of the real near
duplicates of `summaries` and `reuters`, where either side may have been first.  Machines: ARTICLES,
each spun by one spinner of `bench/spinners`, with 4, 8, 12 or 20 % of the words swapped, half of
them beside the first half of the original or as one.  A logistic regression gives the weights, with
the prior of the side's own score as offset, people and machines counting alike; the bias is such
that one tuned pair of people is accused.  Prints the weights, with the
texts' own scores and for texts that have none, and, by spinners that were left out
of the fit, how often the side is named, then the pairs of people of the other half that are
accused and, by family, the labelled `spinners` whose side is named.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from scrub.batches import described
from scrub.config import Settings
from scrub.document import Document
from scrub.spin import direction
from scrub.spin.judge import REWORDED
from scrub.spin.ngrams import NgramModel
from scrub.spin.words import words_of

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))
sys.path.insert(0, str(Path(__file__).parents[1] / "bench" / "spinners"))

from zoo import Zoo, read

from human import BESIDE, HALVES, clean_articles, pairs
from labelled import DATA, read_csv, read_jsonl

SHARES, EACH = (0.04, 0.08, 0.12, 0.20), 10  # pairs a spinner, a share, and whole or half
ACCUSED = 1  # tuned pair of people
MACHINES_OTHER_SIDE = 0.3  # that the original was spun counts so much of a pair as one of people
Texts = list[tuple[str, str]]


@dataclass(frozen=True)
class Sample:
    """Pairs as numbers: (P, 2, F) features of A and of B being spun, (P, 2) priors, (P,) kinds."""

    features: NDArray[np.float64]
    priors: NDArray[np.float64]
    kinds: NDArray[np.str_]

    def of(self, *kinds: str) -> NDArray[np.bool_]:
        """Which pairs are of a kind that begins so."""
        return np.any([np.char.startswith(self.kinds, kind) for kind in kinds], axis=0)

    def evidence(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """(P, 2) log-odds that A, and that B, was spun."""
        return np.asarray(self.features @ weights + self.priors)


def main() -> None:
    """Fit, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("articles", type=Path)
    parser.add_argument("--dictionaries", type=Path, required=True)
    asked = parser.parse_args()
    zoo = Zoo(asked.dictionaries)
    stories = {**people(), **machines(zoo, [r["text"] for r in read(asked.articles)])}
    for judged in (True, False):
        print("with the texts' own scores" if judged else "without")
        report(measured(stories, judged=judged), sorted(zoo.spinners))


def report(sample: Sample, spinners: list[str]) -> None:
    """Fit, and print the weights and what they are worth."""
    teaching = sample.of("tuned", "even", "zoo")
    weights = fitted(sample, teaching)
    print("weights", weights.round(2))
    left_out = sample.evidence(weights)
    for spinner in spinners:
        own = sample.of(f"zoo {spinner} ")
        left_out[own] = sample.evidence(fitted(sample, teaching & ~own))[own]
    named = left_out[:, 1] >= 0
    for ending in (f"{share} {part}" for share in SHARES for part in ("whole", "half")):
        mine = sample.of("zoo") & np.char.endswith(sample.kinds, ending)
        worst = min(named[mine & sample.of(f"zoo {name} ")].mean() for name in spinners)
        print(f"left out, {ending}: named {named[mine].mean():.3f}, worst spinner {worst:.2f}")
    for kind in ("tuned", "reported", "even", "odd"):
        accused = np.flatnonzero((left_out[sample.of(kind)] >= 0).any(1))
        print(f"people, {kind}: {len(accused)} of {sample.of(kind).sum()} accused")
    for kind in sorted(set(sample.kinds[sample.of("family")])):
        print(f"{kind}: {named[sample.kinds == kind].sum()} of {(sample.kinds == kind).sum()}")


def people() -> dict[str, Texts]:
    """Pairs that people made, by half and kind."""
    found = {
        f"{half} {kind}": made
        for half in HALVES
        for kind, made in pairs(clean_articles(half)[BESIDE:], half).items()
    }
    for name in ("summaries", "reuters"):
        texts = {row["id"]: row["text"] for row in read_jsonl(DATA / name / "docs.jsonl.gz")}
        near = [
            (texts[row["id_a"]], texts[row["id_b"]])
            for row in read_csv(DATA / name / "natural_near.csv")
        ]
        found |= {f"even {name}": near[::2], f"odd {name}": near[1::2]}
    return found


def machines(zoo: Zoo, articles: list[str]) -> dict[str, Texts]:
    """Articles beside a spun copy, by spinner, share and part; and the families."""
    draw = random.Random("sides")
    draw.shuffle(articles)
    found: dict[str, Texts] = {}
    for name, own in sorted(zoo.spinners.items()):
        for share in SHARES:
            part = share / 2 if own.second else share  # each of two passes swaps half
            zoo.spinners[name] = replace(own, share=(part, part))
            whole, half = (
                found.setdefault(f"zoo {name} {share} {p}", []) for p in ("whole", "half")
            )
            for k in range(2 * EACH):
                text = articles[draw.randrange(len(articles))]
                spun = zoo.spin(text, name, f"{share} {k}")[0]
                whole.append((text, spun))
                half.append((text, first_half(spun)) if k % 2 else (first_half(text), spun))
                (whole if k < EACH else half).pop()
        zoo.spinners[name] = own
    texts = {r["id"]: r["text"] for r in read_jsonl(DATA / "spinners" / "docs.jsonl.gz")}
    for row in read_csv(DATA / "spinners" / "truth.csv"):
        if row["role"] == "spun":
            one, other = texts[row["original"]], texts[row["id"]]
            found.setdefault(f"family {row['family']} whole", []).append((one, other))
            found.setdefault(f"family {row['family']} half", []).append((one, first_half(other)))
    return found


def first_half(text: str) -> str:
    """The first half of the sentences."""
    parts = re.split(r"(?<=[.!?])\s", text)
    return " ".join(parts[: (len(parts) + 1) // 2])


def measured(stories: dict[str, Texts], *, judged: bool) -> Sample:
    """The pairs that a run would compare, as numbers, with the texts' own scores or without."""
    model = NgramModel.of_texts(clean_articles("tuned")[:BESIDE])
    features, priors, kinds = [], [], []
    for kind, made in stories.items():
        documents = [
            Document(str(k), text) for k, text in enumerate(t for pair in made for t in pair)
        ]
        scores = described(documents, Settings())[1]
        for k, (one, other) in enumerate(made):
            own = dict(zip("ab", judged * scores[2 * k : 2 * k + 2], strict=True))
            both = {"a": words_of(one), "b": words_of(other)}
            (found,) = direction.compare_words(both, [("a", "b")], model)
            # One that is not compared is not accused, and its side not named.
            far = 0.0 if found.swapped >= REWORDED * max(1, found.content) else -99.0
            features.append(direction.side_features(found, direction.scores_apart(found, own)))
            priors.append([direction.prior(own[side]) + far for side in "ab"])
            kinds.append(kind)
    return Sample(np.array(features), np.array(priors), np.array(kinds))


def fitted(sample: Sample, chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(F,) the weights, the bias first."""
    chosen = chosen & (sample.priors[:, 0] > -50)
    spun = sample.of("zoo")[chosen]
    x = np.concatenate([sample.features[chosen, side] for side in (1, 0)])
    offset = np.concatenate([sample.priors[chosen, side] for side in (1, 0)])
    y = np.concatenate([spun, np.zeros(len(spun), bool)]).astype(float)
    person = 0.5 / (~spun).sum()
    weight = 1000 * np.concatenate([
        np.where(spun, 1 / spun.sum(), person),
        np.where(spun, MACHINES_OTHER_SIDE / spun.sum(), person),
    ])  # fmt: skip
    scale = np.maximum(x.std(axis=0), 1e-9)
    scale[0] = 1.0
    z = x / scale

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        value = z @ weights + offset
        penalty = weights * (np.arange(len(weights)) > 0)
        probability = 1 / (1 + np.exp(-value))
        return (
            float(weight @ (np.logaddexp(0, value) - y * value) + 0.5 * penalty @ penalty),
            z.T @ (weight * (probability - y)) + penalty,
        )

    weights = minimize(loss, np.zeros(z.shape[1]), jac=True, method="L-BFGS-B").x / scale
    tuned = np.sort(sample.evidence(weights)[sample.of("tuned", "even")].max(axis=1))
    weights[0] -= (tuned[-ACCUSED] + tuned[-ACCUSED - 1]) / 2
    return np.asarray(weights)


if __name__ == "__main__":
    main()
