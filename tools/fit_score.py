"""Fit what the words of a text say of it in the spin score, on a zoo of spinners.

    python tools/fit_score.py OUT --spun FOLDER --clean FILE --odd FILE [--labelled FOLDER]

`--spun` is a folder that `bench/spinners/zoo.py` wrote; `--clean` and `--odd` are files with `id`
and `text` of ordinary news, and of unusual texts that nobody spun either.  `--labelled` is a folder
with `docs.jsonl.gz`, `spans.jsonl.gz` and `truth.csv`, whose even clusters teach as one more
spinner.  Writes `score.json` and `word_fit.npz` into OUT, which `scrub/spin/data` takes as they
are.  `bench/spinners/left_out.py` measures on texts of a spinner that taught nothing.

The shipped weights were made so, on one thread (`OMP_NUM_THREADS=1`; sums round by their order),
from the texts that `bench/spinners/texts.py` gathers to teach, 220 of each spinner, and the even
clusters of the 5,000 labelled articles: novels, speeches, plays, leaflets, reviews in lower case,
reports of faults, Pidgin and market reports are odd.  No article or control of `spinners` is among
them.
"""

from __future__ import annotations

import argparse
import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from fit_known import Labelled, lines
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, vstack

from scrub.match.tokens import Tokens, tokenize
from scrub.spin import score, syntax, word_fit
from scrub.spin.web import slots_of

Array = NDArray[np.float64]

LEAST_SPREAD = 3e-3  # added to the spread of a place, so that rare ones do not weigh too much
STRENGTH = 3e-3  # of the ridge: the weights' variance; of .003 and .02 the one with calmer controls
WORD_STRENGTH, COMMON_STRENGTH = 2e-6, 6e-4  # of words' places, by the number of words; of words
GROUPS = 4  # of spinners: what is fitted without a group is what the sum of all hears of it
SPUN_SHARE = 0.03  # of a corpus, for which the score is calibrated
ODD_SHARE = 0.25  # of the texts that nobody spun
_BATCH = 1500

Row = tuple[str, str, float, bool, list[dict[str, Any]]]  # text, spinner, share, odd, spans


@dataclass(slots=True)
class Texts:
    """D texts: what they are, and what was seen of them and their N judged words.

    spinner  (D,) "" where nobody spun; `share` (D,) of the words that were swapped; `odd` (D,)
    prose    (D,) whether there is enough to judge
    common   (D, COMMON) roots of the counts of the commonest words, over that of all
    places   (N, 18) of 2 * `PLACES`, those of function words after those of content words
    document, swapped  (N,)
    """

    spinner: NDArray[np.str_]
    share: Array
    odd: NDArray[np.bool_]
    prose: NDArray[np.bool_]
    common: csr_matrix
    places: NDArray[np.int16]
    document: NDArray[np.int64]
    swapped: NDArray[np.bool_]

    @classmethod
    def of(cls, rows: list[Row]) -> Texts:
        """Of rows of text, spinner, share, odd, spans."""
        parts = [_seen(rows[at : at + _BATCH]) for at in range(0, len(rows), _BATCH)]
        prose, places, lengths, swapped, common = zip(*parts, strict=True)
        spinner, share, odd = (np.array(c) for c in list(zip(*rows, strict=True))[1:4])
        document = np.repeat(np.arange(len(rows)), np.concatenate(lengths))
        return cls(spinner, share, odd, np.concatenate(prose), vstack(common).tocsr(),
                   np.concatenate(places), document, np.concatenate(swapped))  # fmt: skip

    @property
    def group(self) -> NDArray[np.int64]:
        """(D,) of `GROUPS`: spinners of one kind are together, other texts anywhere."""
        kinds = [name.partition("_")[0] for name in self.spinner]
        order = {kind: at for at, kind in enumerate(sorted({*kinds} - {""}))}
        return np.array([order.get(kind, at) % GROUPS for at, kind in enumerate(kinds)])


def _seen(rows: list[Row]) -> tuple[NDArray[Any], ...]:
    tokens = tokenize([row[0] for row in rows])
    prose = score.count_signs(tokens)[:, score.COUNTS.index("prose")] >= score.MIN_PROSE
    none, slots = np.zeros((2, word_fit.PLACES, 2)), slots_of(tokens.hash)
    classes, order = syntax.classes(tokens, slots), syntax.load_syntax()
    _, seen, at = word_fit.judge_words(tokens, slots, classes, order, none, len(tokens.hash))
    places = word_fit.place_of(seen[:, :-1]) + word_fit.PLACES * seen[:, -1:].astype(np.int64)
    inside = within(tokens, [row[4] for row in rows])
    document = np.searchsorted(tokens.documents, np.arange(len(tokens.hash)), side="right") - 1
    rank = score.common_words(tokens)
    counts = csr_matrix(
        (np.ones((rank >= 0).sum(), np.float32), (document[rank >= 0], rank[rank >= 0])),
        (len(rows), score.COMMON),
    )
    long = np.sqrt(np.diff(tokens.documents) + score.PRIOR)
    common = counts.sqrt().multiply(1 / long[:, None]).astype(np.float32).tocsr()
    length = np.bincount(document[at], minlength=len(rows))
    return prose, places.astype(np.int16), length, inside[at], common


def within(tokens: Tokens, spans: list[list[dict[str, Any]]]) -> NDArray[np.bool_]:
    """Whether each token is, in part, in one of the spans of its document: (T,)."""
    inside = np.zeros(len(tokens.hash), np.bool_)
    for document, found in enumerate(spans):
        index, offset = tokens.code_points(document), int(tokens.offsets[document])
        here = slice(*tokens.documents[document : document + 2].tolist())
        starts, ends = (index[each[here] - offset] for each in (tokens.start, tokens.end))
        for span in found:
            inside[here] |= (starts < span["end"]) & (span["start"] < ends)
    return inside


def gather(spun: Path, clean: Path, odd: Path, labelled: Path | None = None) -> Texts:
    """Read the texts, and look at their words."""
    return Texts.of(read(spun, clean, odd, labelled))


def read(spun: Path, clean: Path, odd: Path, labelled: Path | None = None) -> list[Row]:
    """The texts, spun ones first."""
    with (spun / "truth.csv").open(encoding="utf-8", newline="") as file:
        truth = {row["id"]: row for row in csv.DictReader(file)}
    spans = {row["id"]: row["spans"] for row in lines(spun / "spans.jsonl.gz")}
    rows: list[Row] = []
    for row in lines(spun / "docs.jsonl.gz"):
        known = truth[row["id"]]
        share = int(known["swapped"]) / max(1, int(known["words"]))
        rows.append((row["text"], known["spinner"], share, False, spans.get(row["id"], [])))
    rows += [(row["text"], "", 0.0, False, []) for row in lines(clean)]
    rows += [(row["text"], "", 0.0, True, []) for row in lines(odd)]
    if labelled:
        data = Labelled(labelled)
        for name, text in data.texts.items():
            if int(data.cluster[name]) % 2 == 0:
                found = data.spans.get(name, [])
                share = len(found) / max(1, len(text.split()))
                rows.append((text, "labelled" if found else "", share, False, found))
    return rows


@dataclass(slots=True, frozen=True)
class Weights:
    """What `score.json` and `word_fit.npz` hold."""

    places: Array
    odds: Array
    common: Array
    mean: Array
    weight: Array
    bias: float


def fit(texts: Texts, use: NDArray[np.bool_]) -> Weights:
    """The weights, by the texts to `use`.

    Single words and the commonest words are weighed first.  What they say of a text goes into a
    logistic regression with a ridge, beside how many words stand at each place, as fitted without
    the text's own group of spinners: so it is believed as much as of a spinner that is not known.
    """
    answers_of, group = np.zeros((len(use), 3)), texts.group
    for number in range(GROUPS):
        others = use & (group != number)
        answers = _answers(texts, fit_words(texts, others), fit_common(texts, others))
        answers_of[group == number] = answers[group == number]
    size, use = word_fit.PLACES, use & texts.prose
    spun, plain = texts.spinner != "", (texts.spinner == "") & ~texts.odd & use
    mean, spread = answers_of[use & ~spun].mean(0), answers_of[use & ~spun].std(0)
    inputs, usual, scale = [(3 * (answers_of - mean) / spread).astype(np.float32)], [], []
    for found, count in _placed(texts):
        rate = found[plain].sum(0, dtype=np.float64) / count[plain].sum()
        rows = (found - count[:, None] * rate) / (count + word_fit.PRIOR)[:, None]
        each = rows[use & ~spun].std(0) + LEAST_SPREAD
        inputs.append((rows / each).astype(np.float32))
        usual.append(rate)
        scale.append(each)
    shares = SPUN_SHARE, (1 - SPUN_SHARE) * ODD_SHARE, (1 - SPUN_SHARE) * (1 - ODD_SHARE)
    weight, bias = ridge(np.hstack(inputs)[use], spun[use], _balanced(texts, use, shares), STRENGTH)
    places = np.stack([weight[3 + k * size : 3 + (k + 1) * size] / scale[k] for k in (0, 1)])
    for kind in (0, 1):  # a word at its usual places says nothing
        places[kind, : word_fit.BINS] -= places[kind] @ usual[kind]
    parts = 3 * weight[:3] / spread
    return Weights(
        places.astype(np.float32),
        fit_words(texts, use).astype(np.float32),
        fit_common(texts, use).astype(np.float16),
        np.round([mean[0], 0, 0, *mean[1:]], 5),
        np.round([parts[0], 1, 1, *parts[1:]], 5),
        round(bias, 4),
    )


def fit_words(texts: Texts, use: NDArray[np.bool_]) -> Array:
    """The log-odds that a word was put in by its places, (2, `PLACES`), where half of all are."""
    spun, odd = (texts.spinner != "")[texts.document], texts.odd[texts.document]
    plain = ~spun & ~odd
    # All words would take long; of the news and the spun texts the more are left out.
    thin = np.arange(len(spun)) % np.where(plain, 12, np.where(odd, 3, 7)) == 0
    taught = use[texts.document] & thin
    share = np.zeros(len(spun))
    for part, whole in (
        (texts.swapped, 0.5), (plain, 0.25), (odd, 0.125), (spun & ~texts.swapped, 0.125),
    ):  # fmt: skip
        share[part & taught] = whole / (part & taught).sum()
    places = texts.places[taught]
    ones = np.ones(places.size, np.float32)
    ends = np.arange(0, places.size + 1, places.shape[1])
    inputs = csr_matrix((ones, places.ravel(), ends), (len(places), 2 * word_fit.PLACES))
    strength = WORD_STRENGTH * taught.sum()
    weight, bias = ridge(inputs, texts.swapped[taught], share[taught] * taught.sum(), strength, 35)
    odds = weight.reshape(2, -1)
    odds[:, : word_fit.BINS] += bias
    return odds


def fit_common(texts: Texts, use: NDArray[np.bool_]) -> Array:
    """What each of the commonest words weighs, (COMMON,)."""
    use = use & texts.prose
    inputs = texts.common[use]
    mean = np.asarray(inputs.mean(0)).ravel()
    spread = np.sqrt(np.asarray(inputs.power(2).mean(0)).ravel() - mean**2) + 0.01
    share = _balanced(texts, use, (0.5, 0.2, 0.3))
    scaled = inputs.multiply(1 / spread).astype(np.float32).tocsr()
    weight, _ = ridge(scaled, (texts.spinner != "")[use], share, COMMON_STRENGTH, 80)
    return weight / spread


def _balanced(texts: Texts, use: NDArray[np.bool_], shares: tuple[float, float, float]) -> Array:
    """What each of the texts to use weighs, that spun, odd and other ones have these shares."""
    spun, odd = (texts.spinner != "")[use], texts.odd[use]
    weight = np.zeros(len(spun))
    for part, whole in zip((spun, odd, ~spun & ~odd), shares, strict=True):
        weight[part] = whole / part.sum() * len(spun)
    return weight


def _placed(texts: Texts) -> list[tuple[NDArray[np.float32], Array]]:
    """How many content words of each text stand at each place, and in all; and function words."""
    size, number, result = word_fit.PLACES, len(texts.spinner), []
    for kind in (0, 1):
        chosen = texts.places[:, 0] // size == kind
        document = texts.document[chosen]
        found = np.zeros(number * size)
        for column in texts.places[chosen].T:
            found += np.bincount(document * size + column - kind * size, minlength=number * size)
        count = np.bincount(document, minlength=number).astype(np.float64)
        result.append((found.reshape(number, size).astype(np.float32), count))
    return result


def _answers(texts: Texts, odds: Array, common: Array) -> Array:
    """What single words and common words say of each text: (D, 3), as `word_fit` adds it up."""
    number = len(texts.spinner)
    mixed = word_fit.mixture(odds.ravel()[texts.places].sum(1))
    judged = np.bincount(texts.document, minlength=number).astype(np.int64)
    total: Array = np.bincount(texts.document, mixed, minlength=number).astype(np.float64)
    return np.column_stack([texts.common @ common, *word_fit.added_up(total, judged)])


def ridge(
    inputs: NDArray[np.float32] | csr_matrix,
    right: NDArray[np.bool_],
    share: Array,
    strength: float,
    most: int = 300,
) -> tuple[Array, float]:
    """Logistic regression."""

    def loss(w: Array) -> tuple[float, Array]:
        odds = (inputs @ w[:-1].astype(np.float32)).astype(np.float64) + w[-1]
        value = share @ (np.logaddexp(0, odds) - right * odds) + w[:-1] @ w[:-1] / (2 * strength)
        slope = share * (1 / (1 + np.exp(-odds)) - right)
        inner = (inputs.T @ slope.astype(np.float32)).astype(np.float64)
        return float(value), np.append(inner + w[:-1] / strength, slope.sum())

    start = np.zeros(inputs.shape[1] + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": most})
    return found.x[:-1], float(found.x[-1])


def scores(texts: Texts, weights: Weights) -> Array:
    """What `score.score_tokens` would say with these weights, but for known tells."""
    answers_of = _answers(texts, weights.odds, weights.common)
    parts = (answers_of - weights.mean[[0, 3, 4]]) * weights.weight[[0, 3, 4]]
    odds = weights.bias + parts.sum(1)
    for kind, (found, count) in enumerate(_placed(texts)):
        odds += found @ weights.places[kind] / (count + word_fit.PRIOR)
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
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    train = gather(args.spun, args.clean, args.odd, args.labelled)
    found = fit(train, np.ones(len(train.spinner), np.bool_))
    features = {
        name: {"mean": float(mean), "weight": float(weight)}
        for name, mean, weight in zip(score.FEATURES, found.mean, found.weight, strict=True)
    }
    text = json.dumps({"features": features, "bias": found.bias}, indent=1)
    (args.out / "score.json").write_text(text + "\n", "utf-8")
    np.savez_compressed(
        args.out / "word_fit.npz", weights=found.places, odds=found.odds, common=found.common
    )


if __name__ == "__main__":
    main()
