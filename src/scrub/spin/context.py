"""Which words of a text that looks spun were substituted, told without any other copy of it.

Two small networks (one hidden layer each) read the evidence of each content word; the second also
hears what the first thought of the word's neighbours and of the whole text.  Their weights were
fitted on spun texts made with several dictionaries, so that no one spinner's is learned.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from scrub.document import Flag
from scrub.match.tokens import tokenize
from scrub.spin.ngrams import NgramModel
from scrub.spin.thesaurus import load_thesaurus
from scrub.spin.word_evidence import gather_evidence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from scrub.match.tokens import Tokens
    from scrub.spin.word_evidence import Evidence

SUSPECT = 0.05  # spin score from which a text's words are judged, and it teaches no language
LEAST = 0.77  # confidence from which a word is flagged; below it more than a quarter are wrong

# Statistics tell that a word was put in more surely than what stood there before (the suggestion
# is the original for two thirds of the surest flags), so that alone they never repair a text.
MOST = 0.89
SPUN = 0.5  # corrected score from which a text's words are flagged

# What a document's own log-odds, the log of the mean confidence of its words and the log of their
# number weigh in its corrected log-odds, and the bias.
_DOCUMENT = (0.082, 2.83, 0.35, 3.6)
_CONTEXT = 40  # code points of text shown on either side of a flag


def learn(documents: Mapping[str, str], scores: Mapping[str, float]) -> NgramModel:
    """The language of the documents that do not look spun; the same for any order of them.

    `scores` gives the spin score of each id in [0, 1].
    """
    ids = sorted(documents)
    clean = np.array([scores[i] < SUSPECT for i in ids], np.bool_)
    return NgramModel.build(tokenize([documents[i] for i in ids]), clean)


@dataclass(slots=True, frozen=True)
class Examined:
    """What language statistics say of a corpus.

    flags    words that were probably substituted, sorted by id and place
    scores   id -> probability that the document is spun, for those whose words were judged: the
             spin score, corrected by how its words fit the corpus's language
    """

    flags: list[Flag]
    scores: dict[str, float]


def flags(
    documents: Mapping[str, str],
    scores: Mapping[str, float],
    model: NgramModel | None = None,
    groups: Mapping[str, str] | None = None,
) -> list[Flag]:
    """The flags of `examine`."""
    return examine(documents, scores, model, groups).flags


def examine(
    documents: Mapping[str, str],
    scores: Mapping[str, float],
    model: NgramModel | None = None,
    groups: Mapping[str, str] | None = None,
) -> Examined:
    """Judge the words of the documents that look spun, and the documents again by their words.

    `documents` holds every text of the corpus, spun or not, since words are compared by how much
    suspect texts use them; `scores` the spin score of each id; `model` the language of the corpus
    (`learn`), made here where it is None; `groups` the cluster of each id that has copies.  A
    flag's confidence is the probability that the word was substituted, at most `MOST`; its
    suggestion is the thesaurus neighbour that fits best, empty where the thesaurus does not know
    the word.  The answer does not depend on the order of the documents.
    """
    ids = sorted(documents)
    held = np.array([scores[i] for i in ids], np.float64)
    chosen = np.flatnonzero(held >= SUSPECT)
    if not len(chosen):
        return Examined([], {})
    tokens = tokenize([documents[i] for i in ids])
    if model is None:
        model = NgramModel.build(tokens, held < SUSPECT)
    number: dict[str, int] = {}
    clusters = [number.setdefault((groups or {}).get(i, "\n" + i), len(number)) for i in ids]
    evidence = gather_evidence(tokens, chosen, held, np.array(clusters, np.int64), model)
    sure = confidence(evidence)
    judged = _documents(held, evidence, sure)
    found = np.flatnonzero((sure >= LEAST) & (judged[evidence.document] >= SPUN))
    return Examined(
        _as_flags(documents, ids, tokens, evidence, found, sure[found]),
        {ids[d]: float(judged[d]) for d in chosen},
    )


def _documents(
    scores: NDArray[np.float64], evidence: Evidence, sure: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The scores, corrected for the documents whose words were judged: (D,) float64."""
    words = np.bincount(evidence.document, minlength=len(scores))
    sums = np.bincount(evidence.document, sure, minlength=len(scores))
    held = np.clip(scores, 1e-6, 1 - 1e-6)
    log_odds = np.clip(np.log(held / (1 - held)), -5, 9)
    own, mean, length, bias = _DOCUMENT
    corrected = (
        own * log_odds + mean * np.log((sums + 0.5) / (words + 5)) + length * np.log1p(words) + bias
    )
    return np.where(words > 0, _probability(corrected).round(6), scores)


def confidence(evidence: Evidence) -> NDArray[np.float64]:
    """The probability that each word was substituted, (N,) float64."""
    if not len(evidence.token):
        return np.zeros(0)
    first = _network(evidence.rows, "first").round(6)
    believed = _probability(first)
    counts = np.bincount(evidence.document)
    sums = np.bincount(evidence.document, believed)
    others = (sums[evidence.document] - believed + 1) / (counts[evidence.document] - 1 + 10)
    place = (
        evidence.token + 2 + 4 * evidence.document
    )  # the words of another text are no neighbours
    line = np.zeros(int(place.max()) + 3)
    line[place] = believed
    around = (line[place + step] for step in (-1, 1, -2, 2))
    rows = np.column_stack([evidence.rows, np.log(others), *around, first])
    return _probability(_network(rows, "second")).round(6)


def _as_flags(
    documents: Mapping[str, str], ids: list[str], tokens: Tokens,
    evidence: Evidence, found: NDArray[np.int64], sure: NDArray[np.float64],
) -> list[Flag]:  # fmt: skip
    words = load_thesaurus().words
    result: list[Flag] = []
    document, index = -1, np.zeros(0, np.int64)
    for row, probability in zip(found.tolist(), sure.tolist(), strict=True):
        if evidence.document[row] != document:
            document = int(evidence.document[row])
            index = tokens.code_points(document)
        token, offset = int(evidence.token[row]), int(tokens.offsets[document])
        start, end = (
            int(index[int(tokens.start[token]) - offset]),
            int(index[int(tokens.end[token]) - offset]),
        )
        text = documents[ids[document]]
        best = int(evidence.best[row])
        suggestion = _like(text[start:end], words[best]) if best >= 0 else ""
        around = text[max(0, start - _CONTEXT) : end + _CONTEXT].replace("\n", " ")
        result.append(
            Flag(ids[document], start, end, text[start:end], suggestion, "wording", "context",
                 round(min(MOST, probability), 3), around)
        )  # fmt: skip
    return result


def _like(model: str, word: str) -> str:
    """The word with the capitals of another."""
    if len(model) > 1 and model.isupper():
        return word.upper()
    return word[0].upper() + word[1:] if model[0].isupper() else word


def _network(rows: NDArray[np.float64], name: str) -> NDArray[np.float64]:
    weights = _weights()
    mean, scale, inner, bias, outer, last = (
        weights[f"{name}_{part}"]
        for part in ("mean", "scale", "weights", "bias", "out", "out_bias")
    )
    standard = np.clip((rows - mean) / scale, -4, 4)
    answer: NDArray[np.float64] = np.maximum(0, standard @ inner + bias) @ outer + last
    return answer


def _probability(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    answer: NDArray[np.float64] = 1 / (1 + np.exp(-log_odds))
    return answer


@lru_cache(maxsize=1)
def _weights() -> dict[str, NDArray[np.float64]]:
    file = resources.files("scrub.spin").joinpath("data/context.npz")
    with file.open("rb") as stream, np.load(stream, allow_pickle=False) as data:
        return {name: data[name].astype(np.float64) for name in data.files}
