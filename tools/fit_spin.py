"""Fit the networks of language statistics from labelled folders.

    python tools/fit_spin.py OUT FOLDER [FOLDER ...]

Each FOLDER holds `docs.jsonl.gz` (id, text), `spans.jsonl.gz` (id, spans with start, end, kind) and
`truth.csv` or `truth.csv.gz` (id, cluster, kind).  Writes `context.npz` into OUT, which
`scrub/spin/data` takes as it is.  Clusters with even numbers teach, the others are measured.
Needs scikit-learn beside what scrub needs.

The shipped weights were made so, from the even half of 5,000 news articles with planted copies
(three synonym spinners), and 900 spun texts made from the same half's originals with three
dictionaries (Princeton WordNet 3.0, Moby, Roget 1911), of 13 to 42 % of the content words, with and
without changed articles; those 900 are not kept, so that this program comes close to the shipped
weights but does not give their very bytes.  The networks also read each document without a corpus,
so that they work without one.
"""

from __future__ import annotations

import argparse
import warnings
from pathlib import Path

import numpy as np
from fit_known import Labelled
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from scrub.match.tokens import tokenize
from scrub.spin import context, score
from scrub.spin.ngrams import NgramModel
from scrub.spin.word_evidence import Evidence, gather_evidence

Array = NDArray[np.float64]

_HIDDEN = 24


def gather(data: Labelled, ids: list[str], *, corpus: bool) -> tuple[Evidence, Array, Array]:
    """The evidence of suspect documents, and of each word whether a span is there, and its half.

    1 is a replaced content word, 0 another, -1 a word of another kind of span.  Without a
    `corpus` every document is read by itself, by the web counts alone.
    """
    tokens = tokenize([data.texts[i] for i in ids])
    scores = score.score_tokens(tokens).spin_score
    chosen = np.flatnonzero(scores >= context.SUSPECT)
    groups = np.arange(len(ids))
    model = (
        NgramModel.build(tokens, scores < context.SUSPECT) if corpus else NgramModel.of_texts([])
    )
    found = gather_evidence(tokens, chosen, scores, groups, model)
    right = np.zeros(len(found.token))
    for document in np.unique(found.document).tolist():
        index, offset = tokens.code_points(document), int(tokens.offsets[document])
        for row in np.flatnonzero(found.document == document).tolist():
            token = found.token[row]
            start, end = index[tokens.start[token] - offset], index[tokens.end[token] - offset]
            kinds = {
                span["kind"]
                for span in data.spans.get(ids[document], ())
                if span["start"] < end and start < span["end"]
            }
            right[row] = 1.0 if "content" in kinds else -float(bool(kinds))
    half = np.array([int(data.cluster[ids[d]]) % 2 for d in found.document], np.float64)
    return found, right, half


def fit_network(inputs: Array, right: Array) -> dict[str, Array]:
    """One hidden layer over standardized inputs, as `scrub.spin.context` reads it."""
    mean, scale = inputs.mean(0), inputs.std(0) + 1e-6
    model = MLPClassifier(
        (_HIDDEN,), alpha=1e-2, max_iter=45, learning_rate_init=2e-3, batch_size=512,
        random_state=1, early_stopping=True, validation_fraction=0.08, n_iter_no_change=6,
    ).fit(np.clip((inputs - mean) / scale, -4, 4), right)  # fmt: skip
    return {
        "mean": mean, "scale": scale, "weights": model.coefs_[0], "bias": model.intercepts_[0],
        "out": model.coefs_[1][:, 0], "out_bias": model.intercepts_[1],
    }  # fmt: skip


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("folders", type=Path, nargs="+")
    asked = parser.parse_args()
    warnings.simplefilter("ignore", ConvergenceWarning)
    labelled = [Labelled(folder) for folder in asked.folders]
    asked.out.mkdir(parents=True, exist_ok=True)
    sets = [gather(data, data.alone(set()), corpus=c) for data in labelled for c in (True, False)]
    taught = [(half == 0) & (right >= 0) for _, right, half in sets]
    right = np.concatenate([r[t] for (_, r, _), t in zip(sets, taught, strict=True)])
    rows = [found.rows for found, _, _ in sets]
    first = fit_network(np.concatenate([r[t] for r, t in zip(rows, taught, strict=True)]), right)
    weights = {f"first_{name}": value for name, value in first.items()}
    again = [context.second_rows(found, weights) for found, _, _ in sets]
    second = fit_network(np.concatenate([r[t] for r, t in zip(again, taught, strict=True)]), right)
    weights |= {f"second_{name}": value for name, value in second.items()}
    np.savez(asked.out / "context.npz", **{n: v.astype(np.float32) for n, v in weights.items()})
    for (_, told, half), inputs in zip(sets, again, strict=True):
        odds, checked = context.network(inputs, weights, "second"), (half == 1) & (told >= 0)
        for cut in (1.0, 1.4, 2.2):
            k = checked & (odds >= cut)
            print(f"from {cut}: {k.sum()} of the other half, right {told[k].mean():.3f}")


if __name__ == "__main__":
    main()
