"""Which words of a text that looks spun were substituted, judged without any other copy of it.

Two small networks (one hidden layer each) read the evidence of each content word; the second also
takes what the first found of the word's neighbours and of the whole text.  Their weights were
fitted on spun texts made with several dictionaries, so that no one spinner's is learned.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from scrub import shipped
from scrub.document import Flag
from scrub.match.tokens import Tokens, tokenize
from scrub.spin.ngrams import NgramModel
from scrub.spin.thesaurus import load_thesaurus
from scrub.spin.word_evidence import Evidence, gather_evidence, log_odds
from scrub.spin.word_use import WordUse

# Spin score from which a text's words are judged, and it teaches no language: one in twelve news
# articles nobody spun has it.  This and `_DOCUMENT` are fitted by `tools/fit_document.py`.
SUSPECT = 0.055
LEAST = 0.8  # confidence from which a word is flagged; below it more than a fifth are wrong

# Statistics show that a word was put in more surely than what stood there before (the suggestion
# is the original for two thirds of the surest flags), so that alone they never repair a text.
MOST = 0.89
SPUN = 0.5  # corrected score from which a text's words are flagged

# What a document's own log-odds, the log of the mean confidence of its words and the log of their
# number weigh in its corrected log-odds, and the bias.
_DOCUMENT = (1.474, 0.407, -1.26, 7.483)
# Texts of fewer judged words taught it nothing, and it took wire stories of a paragraph for spun.
# What counts against a text is believed by the root of their number, as an average is known, and
# the rest is what a clean text has.  Set by hand on those stories.
_ENOUGH, _CLEAN = 120, -4.6
# What the log-odds of a word's own place weigh, the mean log-odds of its other occurrences, that
# there are any, and the bias.
_OCCURRENCES = (0.98, 0.19, 0.32, 0.04)
_CONTEXT = 40  # code points of text shown on either side of a flag


@dataclass(slots=True, frozen=True)
class Examined:
    """What language statistics say of some documents.

    flags    words that were probably substituted, sorted by id and place
    scores   id -> probability that the document is spun, for those whose words were judged: the
             spin score, corrected by how its words fit the corpus's language
    words    id -> the probability, in [0, 1], that each judged word was substituted, by the code
             point where it begins
    """

    flags: list[Flag]
    scores: dict[str, float]
    words: dict[str, dict[int, float]]


def examine(
    documents: Mapping[str, str],
    scores: Mapping[str, float],
    model: NgramModel,
    groups: Mapping[str, str] | None = None,
    use: WordUse | None = None,
    wanted: Collection[str] | None = None,
) -> Examined:
    """Judge the words of the documents that look spun, and the documents again by their words.

    `documents` maps ids to cleaned texts; of a batch of a corpus, whole clusters; `scores` gives
    the spin score of each id; `model` is the language of the corpus; `groups` the cluster of each
    id that has copies; `use` what all suspect clusters use
    (`count_use`), by default what these documents do; `wanted` the ids to judge, by default all.
    A flag's confidence is the probability that the word was substituted, at most `MOST`; its
    suggestion is the thesaurus neighbour that fits best, empty where the thesaurus does not know
    the word.  The answer does not depend on the order of the documents.
    """
    held, clusters, tokens = suspects(documents, scores, groups or {})
    ids, beliefs = list(held), array(held)
    wanted_here = [wanted is None or i in wanted for i in ids]
    chosen = np.flatnonzero((beliefs >= SUSPECT) & np.array(wanted_here, bool))
    if not len(chosen):
        return Examined([], {}, {})
    evidence = gather_evidence(tokens, chosen, beliefs, clusters, model, use)
    sure = confidence(evidence, tokens)
    judged = _documents(beliefs, evidence, sure)
    places = _places(tokens, evidence)
    words: dict[str, dict[int, float]] = {ids[d]: {} for d in chosen}
    rows = zip(evidence.document.tolist(), places[:, 0].tolist(), sure.tolist(), strict=True)
    for d, start, probability in rows:
        words[ids[d]][start] = probability
    found = np.flatnonzero((sure >= LEAST) & (judged[evidence.document] >= SPUN))
    return Examined(
        _as_flags(documents, ids, evidence, places, found, sure),
        {ids[d]: float(judged[d]) for d in chosen},
        words,
    )


def suspects(
    documents: Mapping[str, str], scores: Mapping[str, float], groups: Mapping[str, str]
) -> tuple[dict[str, float], NDArray[np.int64], Tokens]:
    """The documents of suspect clusters, in order of id: D scores, clusters (D,), and words.

    A cluster is suspect where one of its documents is; `groups` as for `examine`.
    """
    mine = {i: groups.get(i, "\n" + i) for i in documents}
    suspicious = {mine[i] for i in documents if scores[i] >= SUSPECT}
    held = {i: scores[i] for i in sorted(documents) if mine[i] in suspicious}
    number: dict[str, int] = {}
    clusters = [number.setdefault(mine[i], len(number)) for i in held]
    return held, np.array(clusters, np.int64), tokenize([documents[i] for i in held])


def array(held: Mapping[str, float]) -> NDArray[np.float64]:
    """The values of a mapping, in its order: (D,) float64."""
    return np.array(list(held.values()), np.float64)


def _documents(
    scores: NDArray[np.float64], evidence: Evidence, sure: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The scores, corrected for the documents whose words were judged: (D,) float64."""
    words = np.bincount(evidence.document, minlength=len(scores))
    *weights, bias = _DOCUMENT
    corrected = np.full(len(scores), bias)
    for column, weight in zip(document_rows(scores, evidence, sure).T, weights, strict=True):
        corrected += weight * column
    known = np.sqrt(np.minimum(1, words / _ENOUGH))
    corrected = _CLEAN + known * (corrected - _CLEAN)
    return np.where(words > 0, _probability(corrected).round(6), scores)


def document_rows(
    scores: NDArray[np.float64], evidence: Evidence, sure: NDArray[np.float64]
) -> NDArray[np.float64]:
    """What `_DOCUMENT` weighs: (D, 3), for D scores and the confidence of each judged word."""
    words = np.bincount(evidence.document, minlength=len(scores))
    sums = np.bincount(evidence.document, sure, minlength=len(scores))
    own = np.clip(log_odds(scores), -5, 9)
    return np.column_stack([own, np.log((sums + 0.5) / (words + 5)), np.log1p(words)])


def confidence(evidence: Evidence, tokens: Tokens) -> NDArray[np.float64]:
    """The probability that each word was substituted, (N,) float64.

    Spinners mostly replace a word by the same one throughout a text, so what is thought of a
    word's other occurrences in the text counts as well.
    """
    if not len(evidence.token):
        return np.zeros(0)
    signs = occurrences(evidence, tokens, single_log_odds(evidence))
    *weights, bias = _OCCURRENCES
    pooled = np.full(len(signs), bias)
    for column, weight in zip(signs.T, weights, strict=True):
        pooled += weight * column
    return _probability(pooled).round(6)


def occurrences(
    evidence: Evidence, tokens: Tokens, single: NDArray[np.float64]
) -> NDArray[np.float64]:
    """What `_OCCURRENCES` weighs: (N, 3), for the log-odds of each word by its own place."""
    own = np.clip(single, -6, 6)
    hashes = tokens.hash[evidence.token].astype(np.uint64)
    _, same = np.unique(
        evidence.document.astype(np.uint64) << np.uint64(32) | hashes, return_inverse=True
    )
    others = np.bincount(same)[same] - 1
    mean = (np.bincount(same, own)[same] - own) / np.maximum(1, others)
    return np.column_stack([own, (others > 0) * mean, others > 0])


def single_log_odds(evidence: Evidence) -> NDArray[np.float64]:
    """The log-odds that each word was substituted, by its own place alone: (N,) float64."""
    if not len(evidence.token):
        return np.zeros(0)
    weights = _weights()
    return network(second_rows(evidence, weights), weights, "second").round(6)


def second_rows(
    evidence: Evidence, weights: Mapping[str, NDArray[np.float64]]
) -> NDArray[np.float64]:
    """What the second network reads: also what the first thinks of the text and the neighbours."""
    first = network(evidence.rows, weights, "first").round(6)
    believed = _probability(first)
    counts = np.bincount(evidence.document)
    sums = np.bincount(evidence.document, believed)
    others = (sums[evidence.document] - believed + 1) / (counts[evidence.document] - 1 + 10)
    # The words of another text are no neighbours.
    place = evidence.token + 2 + 4 * evidence.document
    line = np.zeros(int(place.max()) + 3)
    line[place] = believed
    around = (line[place + step] for step in (-1, 1, -2, 2))
    return np.column_stack([evidence.rows, np.log(others), *around, first])


def _places(tokens: Tokens, evidence: Evidence) -> NDArray[np.int64]:
    """(N, 2), the code points where each judged word begins and ends in its text."""
    ends = [tokens.start[evidence.token], tokens.end[evidence.token]]
    places = np.stack(ends, axis=1).astype(np.int64) - tokens.offsets[evidence.document][:, None]
    borders = np.searchsorted(evidence.document, np.arange(len(tokens.documents)))
    for document in np.unique(evidence.document).tolist():
        rows = slice(borders[document], borders[document + 1])
        places[rows] = tokens.code_points(document)[places[rows]]
    return places


def _as_flags(
    documents: Mapping[str, str], ids: list[str], evidence: Evidence,
    places: NDArray[np.int64], found: NDArray[np.int64], sure: NDArray[np.float64],
) -> list[Flag]:  # fmt: skip
    words = load_thesaurus().words
    result: list[Flag] = []
    for row in found.tolist():
        name = ids[evidence.document[row]]
        text, (start, end) = documents[name], places[row].tolist()
        best = int(evidence.best[row])
        suggestion = _like(text[start:end], words[best]) if best >= 0 else ""
        around = text[max(0, start - _CONTEXT) : end + _CONTEXT].replace("\n", " ")
        result.append(
            Flag(name, start, end, text[start:end], suggestion, "wording", "context",
                 round(min(MOST, float(sure[row])), 3), around)
        )  # fmt: skip
    return result


def _like(model: str, word: str) -> str:
    """The word with the capitals of another."""
    if len(model) > 1 and model.isupper():
        return word.upper()
    return word[0].upper() + word[1:] if model[0].isupper() else word


def network(
    rows: NDArray[np.float64], weights: Mapping[str, NDArray[np.float64]], name: str
) -> NDArray[np.float64]:
    """The answers, log-odds (N,), of the network `name` to (N, k) rows."""
    mean, scale, inner, bias, outer, last = (
        weights[f"{name}_{part}"]
        for part in ("mean", "scale", "weights", "bias", "out", "out_bias")
    )
    standard = np.clip((rows - mean) / scale, -4, 4)
    # Not by `@`: how a product of matrices rounds depends on how many rows there are.
    hidden = np.broadcast_to(bias, (len(rows), len(bias))).copy()
    for column, weight in zip(standard.T, inner, strict=True):
        hidden += column[:, None] * weight
    answer = np.full(len(rows), last)
    for column, factor in zip(np.maximum(0, hidden).T, outer, strict=True):
        answer += column * factor
    return answer


def _probability(odds: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-odds))


@lru_cache(maxsize=1)
def _weights() -> dict[str, NDArray[np.float64]]:
    weights = shipped.arrays("spin/data/context.npz")
    return {name: values.astype(np.float64) for name, values in weights.items()}
