"""Fit how words in their places count in the spin score, on a zoo of spinners.

    python tools/fit_score.py OUT --spun FOLDER --clean FILE --odd FILE [--labelled FOLDER]

`--spun` is a folder that `bench/spinners/zoo.py` wrote; `--clean` and `--odd` are files with `id`
and `text` of ordinary news, and of unusual texts that nobody spun either.  `--labelled` is a folder
with `docs.jsonl.gz`, `spans.jsonl.gz` and `truth.csv`, whose even clusters teach as one more
spinner.  The eight rates of the shipped `score.json` (`fit_spin.py`) are taken as they are, and
count as one.  Writes `score.json` and `word_fit.npz` into OUT, which `scrub/spin/data` takes as
they are.  With `--syntax`, the model of word order is fitted instead (`syntax.npz`), on `--clean`
and `--odd`.  `bench/spinners/left_out.py` measures on texts of a spinner that taught nothing.

The shipped weights were made so, from 90 texts of each spinner and 2,000 news articles (the even
clusters of 5,000 labelled ones, Reuters), and 377 odd texts: half of the controls of `spinners`,
and verse, drama, an old encyclopedia, sayings, a handbook, news in lower case.
"""

from __future__ import annotations

import argparse
import csv
import json
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from fit_known import Labelled, lines
from numpy.typing import NDArray
from scipy.optimize import minimize

from scrub.match.tokens import tokenize
from scrub.spin import score, syntax, word_fit

Array = NDArray[np.float64]

WORDS_PRIOR = 40.0  # words at which what a text's own words say counts half; set by hand
LEAST_SPREAD = 3e-3  # added to the spread of a place, so that rare ones do not weigh too much
STRENGTH = 3e-3  # of the ridge: the weights' variance; of .003 and .02 the one with calmer controls
SPUN_SHARE = 0.06  # of a corpus, for which the score is calibrated
ODD_SHARE = 0.25  # of the texts that nobody spun
_BATCH = 1500


@dataclass(slots=True)
class Texts:
    """D texts: what they are, and what was seen of them.

    spinner  (D,) "" where nobody spun; `share` (D,) of the words that were swapped; `odd` (D,)
    rates    (D,) log-odds by the eight rates alone; `prose` (D,) whether there is enough to judge
    placed   (D, 2 * PLACES + 2) words at each place of the weights, content and function words,
             and how many of both there are
    """

    spinner: NDArray[np.str_]
    share: Array
    odd: NDArray[np.bool_]
    rates: Array
    prose: NDArray[np.bool_]
    placed: NDArray[np.float32]

    @classmethod
    def of(cls, rows: list[tuple[str, str, float, bool]]) -> Texts:
        """Of rows of text, spinner, share, odd."""
        parts = [_seen([row[0] for row in rows[at : at + _BATCH]])
                 for at in range(0, len(rows), _BATCH)]  # fmt: skip
        rates, prose, placed = (np.concatenate(column) for column in zip(*parts, strict=True))
        spinner, share, odd = (np.array(column) for column in list(zip(*rows, strict=True))[1:])
        return cls(spinner, share, odd, rates, prose, placed)


def _seen(texts: list[str]) -> tuple[Array, NDArray[np.bool_], NDArray[np.float32]]:
    tokens = tokenize(texts)
    counts = score.count(tokens)
    model, own = score._weights(), _shipped()["own"]
    parts = score.contributions(counts)[:, : -len(word_fit.COUNTS) // 2]
    size, number = word_fit.PLACES, len(texts)
    _, seen, places = word_fit.judge_words(
        tokens, syntax.load_syntax(), np.zeros((2, size)), len(tokens.hash)
    )
    document = np.searchsorted(tokens.documents, places, side="right") - 1
    placed = np.zeros((number, 2 * size + 2), np.float32)
    for kind in (0, 1):
        chosen = seen[:, -1] == kind
        row = document[chosen] * size
        for column in word_fit.place_of(seen[chosen, :-1]).T:
            found = np.bincount(row + column, minlength=number * size)
            placed[:, kind * size : (kind + 1) * size] += found.reshape(number, size)
        placed[:, 2 * size + kind] = np.bincount(document[chosen], minlength=number)
    prose = counts[:, score.COUNTS.index("prose")] >= score.MIN_PROSE
    return (model.bias - _shipped()["added"] + parts.sum(1)) / own, prose, placed


def _shipped() -> dict[str, Any]:
    file = resources.files("scrub.spin").joinpath("data/score.json")
    return dict(json.loads(file.read_text("utf-8")))


def gather(spun: Path, clean: Path, odd: Path, labelled: Path | None = None) -> Texts:
    """Read the texts, and look at their words."""
    with (spun / "truth.csv").open(encoding="utf-8", newline="") as file:
        truth = {row["id"]: row for row in csv.DictReader(file)}
    rows = []
    for row in lines(spun / "docs.jsonl.gz"):
        known = truth[row["id"]]
        share = int(known["swapped"]) / max(1, int(known["words"]))
        rows.append((row["text"], known["spinner"], share, False))
    rows += [(row["text"], "", 0.0, False) for row in lines(clean)]
    rows += [(row["text"], "", 0.0, True) for row in lines(odd)]
    if labelled:
        data = Labelled(labelled)
        for name, text in data.texts.items():
            if int(data.cluster[name]) % 2 == 0:
                spans = data.spans.get(name, ())
                share = len(spans) / max(1, len(text.split()))
                rows.append((text, "labelled" if spans else "", share, False))
    return Texts.of(rows)


def fit(texts: Texts, use: NDArray[np.bool_]) -> tuple[float, float, Array]:
    """What the rates count, what is added, and the weights of words (2, PLACES).

    Logistic regression with a ridge over how many words stand at each place, and the log-odds by
    the rates.
    """
    size = word_fit.PLACES
    spun, odd = texts.spinner != "", texts.odd
    use = use & texts.prose
    share = np.zeros(len(spun))
    for part, whole in (
        (spun & use, SPUN_SHARE),
        (odd & use, (1 - SPUN_SHARE) * ODD_SHARE),
        (~spun & ~odd & use, (1 - SPUN_SHARE) * (1 - ODD_SHARE)),
    ):
        share[part] = whole / part.sum() * use.sum()
    plain = ~spun & ~odd & use
    inputs, usual, scale = [], [], []
    for kind in (0, 1):
        found = texts.placed[:, kind * size : (kind + 1) * size]
        count = texts.placed[:, 2 * size + kind]
        mean = found[plain].sum(0, dtype=np.float64) / count[plain].sum(dtype=np.float64)
        rows = (found - count[:, None] * mean) / (count + WORDS_PRIOR)[:, None]
        spread = rows[use & ~spun].std(0) + LEAST_SPREAD
        inputs.append((rows / spread).astype(np.float32))
        usual.append(mean)
        scale.append(spread)
    inputs.append(((texts.rates[:, None] + 4) / 2).astype(np.float32))
    weight, bias = ridge(np.hstack(inputs)[use], spun[use], share[use])
    words = np.stack([weight[k * size : (k + 1) * size] / scale[k] for k in (0, 1)])
    for kind in (0, 1):  # a word at its usual places says nothing
        words[kind, : word_fit.BINS] -= words[kind] @ usual[kind]
    own = float(weight[-1]) / 2
    return round(own, 4), round(bias + 4 * own, 4), words.astype(np.float32)


def ridge(
    inputs: NDArray[np.float32], right: NDArray[np.bool_], share: Array
) -> tuple[Array, float]:
    """Logistic regression."""

    def loss(w: Array) -> tuple[float, Array]:
        odds = (inputs @ w[:-1].astype(np.float32)).astype(np.float64) + w[-1]
        value = share @ (np.logaddexp(0, odds) - right * odds) + w[:-1] @ w[:-1] / (2 * STRENGTH)
        slope = share * (1 / (1 + np.exp(-odds)) - right)
        inner = (slope.astype(np.float32) @ inputs).astype(np.float64)
        return float(value), np.append(inner + w[:-1] / STRENGTH, slope.sum())

    start = np.zeros(inputs.shape[1] + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return found.x[:-1], float(found.x[-1])


def scores(texts: Texts, own: float, added: float, words: Array) -> Array:
    """What `score.score_tokens` would say with these weights."""
    size = word_fit.PLACES
    odds = own * texts.rates + added
    for kind in (0, 1):
        found = texts.placed[:, kind * size : (kind + 1) * size] @ words[kind]
        odds += found / (texts.placed[:, 2 * size + kind] + WORDS_PRIOR)
    return np.where(texts.prose, 1 / (1 + np.exp(-odds)), 0.0)


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    for name in ("spun", "clean", "odd"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--labelled", type=Path)
    parser.add_argument("--syntax", action="store_true", help="write `syntax.npz` and stop")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    if asked.syntax:
        teaching = [row["text"] for path in (asked.clean, asked.odd) for row in lines(path)]
        model = syntax.fit(syntax.stream(tokenize(teaching)))
        tables = {name: getattr(model, name).astype(np.float16) for name in ("after", "skip")}
        np.savez_compressed(asked.out / "syntax.npz", **tables)
        return
    train = gather(asked.spun, asked.clean, asked.odd, asked.labelled)
    own, added, words = fit(train, np.ones(len(train.spinner), np.bool_))
    fitted = {**_shipped(), "own": own, "added": added}
    (asked.out / "score.json").write_text(json.dumps(fitted, indent=1) + "\n", "utf-8")
    np.savez_compressed(asked.out / "word_fit.npz", weights=words)
    print(json.dumps({"own": own, "added": added}))


if __name__ == "__main__":
    main()
