"""Fit how the words of a suspect text correct its spin score: `_DOCUMENT` of `scrub.spin.context`.

    python tools/fit_document.py --spun FOLDER --clean FILE --odd FILE [--labelled FOLDER]

The arguments are test parts of `fit_score.py`, whose texts taught the score nothing; of a labelled
folder the odd clusters, one text of each.  Half of the texts teach, the other half is measured.
Prints from which score a text is suspect (`SUSPECT`), that no more than `PLAIN` of the news are;
the weights; and how many of each kind of text are called spun by score and by corrected score.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from fit_known import Labelled, lines
from fit_score import ODD_SHARE, SPUN_SHARE
from numpy.typing import NDArray
from scipy.optimize import minimize

from scrub.match.tokens import tokenize
from scrub.spin import context
from scrub.spin.ngrams import NgramModel
from scrub.spin.score import score_batch
from scrub.spin.word_evidence import gather_evidence

Array = NDArray[np.float64]
PLAIN = 0.08  # of plain news whose words are looked at; set by hand: it costs time, not truth
KINDS = ("spun", "plain", "odd")


def read(args: argparse.Namespace) -> tuple[list[str], NDArray[np.int64]]:
    """The texts, and the kind of each."""
    texts = [(row["text"], 0) for row in lines(args.spun / "docs.jsonl.gz")]
    texts += [(row["text"], 1) for row in lines(args.clean)]
    texts += [(row["text"], 2) for row in lines(args.odd)]
    if args.labelled:
        data = Labelled(args.labelled)
        texts += [
            (data.texts[i], 0 if i in data.spans else 1)
            for i in data.alone(set())
            if int(data.cluster[i]) % 2 == 1
        ]
    return [text for text, _ in texts], np.array([kind for _, kind in texts])


def inputs(texts: list[str], scores: Array, suspect: float) -> tuple[Array, NDArray[np.int64]]:
    """What the correction reads of the suspect texts (N, 3), and which texts they are (N,)."""
    tokens = tokenize(texts)
    chosen = np.flatnonzero(scores >= suspect)
    model = NgramModel.build(tokens, scores < suspect)
    evidence = gather_evidence(tokens, chosen, scores, np.arange(len(texts)), model)
    sure = context.confidence(evidence, tokens)
    columns = context.document_rows(scores, evidence, sure)
    judged = np.flatnonzero(np.bincount(evidence.document, minlength=len(texts)))
    return columns[judged], judged


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in ("spun", "clean", "odd"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--labelled", type=Path)
    texts, kind = read(parser.parse_args())
    scores = score_batch(texts).spin_score
    suspect = round(float(np.quantile(scores[kind == 1], 1 - PLAIN)), 3)
    print("SUSPECT", suspect, [f"{k} {(scores[kind == n] >= suspect).mean():.3f}"
                               for n, k in enumerate(KINDS)])  # fmt: skip
    rows, at = inputs(texts, scores, suspect)
    spun, teach = kind[at] == 0, at % 2 == 0
    wanted = SPUN_SHARE, (1 - SPUN_SHARE) * (1 - ODD_SHARE), (1 - SPUN_SHARE) * ODD_SHARE
    weight = np.array([share / (kind == n).sum() for n, share in enumerate(wanted)])[kind[at]]
    weight *= teach / weight[teach].mean()

    def loss(w: Array) -> float:
        odds = rows @ w[:-1] + w[-1]
        return float(weight @ (np.logaddexp(0, odds) - spun * odds))

    found = minimize(loss, np.array([0.5, 1.0, 0.0, 0.0]), method="BFGS").x
    print("_DOCUMENT", found.round(3).tolist())
    corrected = scores.copy()
    corrected[at] = 1 / (1 + np.exp(-(rows @ found[:-1] + found[-1])))
    for name, scored in (("score", scores), ("corrected", corrected)):
        for n, k in enumerate(KINDS):
            held = scored[(kind == n) & (np.arange(len(kind)) % 2 == 1)]
            print(name, k, len(held), f">= .5: {(held >= 0.5).mean():.4f}")


if __name__ == "__main__":
    main()
