"""What language statistics say of every content word of a suspect text: one row of numbers each.

For each word and the thesaurus neighbours that it may have replaced, an n-gram model gives how
well they fit between two words on either side; beside that stand how often the word is used in the
corpus's suspect and other texts, and what kind of text and place it is in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scrub.kernels import kernel
from scrub.match.scan import CAPITALISED, CONTENT, INITIAL, KIND_MASK, word_hash
from scrub.match.tokens import Tokens
from scrub.spin.counts import EDGE
from scrub.spin.ngrams import NgramModel, context_parts, fit_in, possible, word_parts
from scrub.spin.thesaurus import MOST, SYNONYM, find_form, list_originals, load_thesaurus
from scrub.spin.topics import topic_fits
from scrub.spin.web import FUNCTION, UNLISTED, WEB_WORDS, find_word, load_web
from scrub.spin.word_use import WordUse, count_use, use_rows

# What the statistics of a place are called; all logarithms are natural.
COLUMNS = (
    "fit",  # log P(word | context)
    "gain",  # best neighbour's advantage, less a price where it is no synonym
    "sum_gain",  # of all neighbours together
    "synonym_gain",  # of the best synonym
    "web",  # log P(word) in English at large
    "corpus_web",  # how much more often the corpus has it
    "best_corpus_web", "best_web",  # the same of the best neighbour
    "strength", "capital", "neighbours",
    "key", "suspect", "other",  # use in suspect texts against others; share of either that has it
    "document",  # log-odds that the text is spun
    "repeated", "article",  # times in the text; "a" before a vowel or "an" before none
    "left", "right",  # log of P(word | left) / P(word), ... right
    "best_left", "best_right", "gain_left", "gain_right",  # by one side only
    "corpus",  # log of the words counted, in thousands
    "topic", "topic_gain",  # whether texts of like content use it, how much more the best neighbour
)  # fmt: skip
# Set by hand.
_WEAKER = 1.5  # what a neighbour that is no synonym pays, in nats
_LOG_UNLISTED = float(np.log(UNLISTED / WEB_WORDS))
_LOG_WEB = float(np.log(WEB_WORDS))
_RAW = 17
_HASH_A, _HASH_AN = (np.uint32(word_hash(word)) for word in ("a", "an"))


@dataclass(slots=True, frozen=True)
class Evidence:
    """Rows for N content words.

    token   (N,) int64, index into the tokens
    rows    (N, 26) float64, columns as in `COLUMNS`
    best    (N,) int32, form of the thesaurus that fits best, -1 where there is none
    document  (N,) int64, index of the document
    """

    token: NDArray[np.int64]
    rows: NDArray[np.float64]
    best: NDArray[np.int32]
    document: NDArray[np.int64]


def gather_evidence(
    tokens: Tokens,
    chosen: NDArray[np.int64],
    beliefs: NDArray[np.float64],
    clusters: NDArray[np.int64],
    model: NgramModel,
    use: WordUse | None = None,
) -> Evidence:
    """Judge the content words of the `chosen` documents.

    `beliefs` (D,) are probabilities that each document is spun; `clusters` (D,) number the
    clusters of copies, so that copies of one text do not confirm each other's words; `use` is what
    all suspect clusters use (these documents alone where it is None).
    """
    if use is None:
        use = count_use(tokens, beliefs, clusters)
    web, thesaurus = load_web(), load_thesaurus()
    room = int(np.diff(tokens.documents)[chosen].sum())
    token, best = np.zeros(room, np.int64), np.zeros(room, np.int32)
    raw = np.zeros((room, _RAW))
    hashes = np.zeros(len(thesaurus.words), np.uint32)
    hashes[thesaurus.order] = thesaurus.hashes
    count = _judge(
        tokens.hash, tokens.kind, tokens.sentences, tokens.document_sentences, chosen,
        model.words, model.word_counts, model.before, model.after, model.keys, model.counts,
        float(model.total), web.words, web.word_log, web.word_flags, web.pairs, web.pair_log,
        thesaurus.hashes, thesaurus.order, hashes, thesaurus.forms, thesaurus.uses,
        thesaurus.use_start, thesaurus.targets, thesaurus.start, thesaurus.strength,
        token, best, raw,
    )  # fmt: skip
    token, best, raw = token[:count], best[:count], raw[:count]
    document = np.searchsorted(tokens.documents, token, side="right") - 1
    rows = np.column_stack(
        [
            np.clip(raw[:, 0], -45, 0),
            *(np.clip(raw[:, i] - raw[:, 0], -15, 25) for i in (1, 2, 3)),
            raw[:, 4:11],
            *use_rows(tokens, token, document, beliefs, clusters, use, model),
            np.clip(log_odds(beliefs[document]), -5, 9),
            np.log(_repeats(tokens.hash[token], document)),
            _article_error(tokens, token),
            np.clip(raw[:, 11:17], -12, 15),
            np.full(count, np.log1p(model.total / 1000)),
            *topic_fits(tokens, token, document, np.where(best >= 0, hashes[best], 0), model),
        ]
    )
    return Evidence(token, rows, best, document)


def log_odds(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """The log-odds of probabilities, which are not believed nearer to 0 or 1 than a millionth."""
    held = np.clip(scores, 1e-6, 1 - 1e-6)
    return np.log(held / (1 - held))


def _repeats(hashes: NDArray[np.uint32], document: NDArray[np.int64]) -> NDArray[np.int64]:
    """How often each word stands among the judged words of its text."""
    pairs = document.astype(np.uint64) << np.uint64(32) | hashes
    _, index, counts = np.unique(pairs, return_inverse=True, return_counts=True)
    return np.asarray(counts[index])


def _article_error(tokens: Tokens, token: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether "a" stands before a vowel letter, or "an" before a consonant (but h and u)."""
    letter, before = tokens.data[tokens.start[token]], tokens.hash[np.maximum(token - 1, 0)]
    vowel = np.isin(letter, np.frombuffer(b"aeio", np.uint8))
    either = np.isin(letter, np.frombuffer(b"hu", np.uint8))
    return np.asarray((before == _HASH_A) & vowel | (before == _HASH_AN) & ~vowel & ~either)


@kernel()
def _judge(  # type: ignore[no-untyped-def]  # noqa: ANN202
    hashes, kinds, sentences, document_sentences, chosen,  # noqa: ANN001
    words, word_counts, before_types, after_types, keys, counts, total,  # noqa: ANN001
    web_words, web_logs, web_flags, web_pairs, web_pair_logs,  # noqa: ANN001
    form_hashes, order, hash_of, forms, uses, use_start, targets, start, strength,  # noqa: ANN001
    token, best, raw,  # noqa: ANN001
):  # fmt: skip
    """Fill `token`, `best` and `raw` for each content word; the number of them.

    Neighbours are compared as probabilities: a logarithm of each would cost more than all else.
    The bounds of their logarithms are set by hand; the networks were fitted with them.
    """
    weaker, least = np.exp(-_WEAKER), np.exp(-60.0)
    known = np.zeros(len(hash_of))  # P(form), 0 where it was not asked yet, and its count
    known_count = np.zeros(len(hash_of))
    others, edges = np.zeros(MOST, np.int32), np.zeros(MOST, np.int64)
    pairs = np.zeros(MOST, np.int64)
    n = 0
    for d in chosen:
        for s in range(document_sentences[d], document_sentences[d + 1]):
            first, last = sentences[s], sentences[s + 1]
            for t in range(first, last):
                kind, word = kinds[t], hashes[t]
                if kind & KIND_MASK != CONTENT or (kind & CAPITALISED and not kind & INITIAL):
                    continue
                slot = find_word(web_words, word)
                if web_flags[slot] & FUNCTION:
                    continue
                a = hashes[t - 2] if t - 2 >= first else EDGE
                b = hashes[t - 1] if t - 1 >= first else EDGE
                c = hashes[t + 1] if t + 1 < last else EDGE
                e = hashes[t + 2] if t + 2 < last else EDGE
                place = context_parts(
                    a, b, c, e, words, word_counts, before_types, after_types, keys, counts,
                    web_words, web_logs,
                )  # fmt: skip
                alone, count = word_parts(word, words, word_counts, total, web_words, web_logs)
                whole, by_left, by_right = fit_in(
                    a, b, word, c, e, place, alone, count, np.int64(-1),
                    keys, counts, web_pairs, web_pair_logs,
                )  # fmt: skip
                fit, left, right, single = (
                    np.log(whole), np.log(by_left), np.log(by_right), np.log(alone)
                )  # fmt: skip
                web = web_logs[slot] - _LOG_WEB if web_words[slot] != 0 else _LOG_UNLISTED
                row = raw[n]
                row[:] = 0
                row[0], row[1], row[2], row[3] = fit, fit - 15, fit - 15, fit - 15
                row[4], row[5], row[8] = web, single - web, 3
                row[9] = kind & CAPITALISED != 0
                row[11], row[12] = left - single, right - single
                best[n], token[n] = -1, t
                together = top = top_same = top_left = top_right = 0.0
                neighbours = list_originals(
                    find_form(word, form_hashes, order), forms, uses, use_start, targets, start,
                    others, edges,
                )  # fmt: skip
                for k in range(neighbours):
                    pairs[k] = possible(b, hash_of[others[k]], c, keys, web_pairs)
                for k in range(neighbours):
                    other = others[k]
                    if known[other] == 0:
                        known[other], known_count[other] = word_parts(
                            hash_of[other], words, word_counts, total, web_words, web_logs
                        )
                    whole, by_left, by_right = fit_in(
                        a, b, hash_of[other], c, e, place, known[other], known_count[other],
                        pairs[k], keys, counts, web_pairs, web_pair_logs,
                    )  # fmt: skip
                    top_left, top_right = max(top_left, by_left), max(top_right, by_right)
                    same = strength[edges[k]] == SYNONYM
                    value = whole if same else whole * weaker
                    together += max(value, least)
                    if same:
                        top_same = max(top_same, whole)
                    if value > top:
                        top, best[n] = value, other
                        row[8], row[13], row[14] = strength[edges[k]], by_left, by_right
                row[15] = row[16] = -12.0
                if neighbours:
                    other = best[n]
                    slot = find_word(web_words, hash_of[other])
                    listed = web_words[slot] != 0
                    web = web_logs[slot] - _LOG_WEB if listed else _LOG_UNLISTED
                    row[1], row[2] = np.log(top), np.log(together)
                    if top_same > 0:
                        row[3] = max(row[3], np.log(top_same))
                    row[6], row[7] = np.log(known[other]) - web, web
                    row[13], row[14] = np.log(row[13]) - left, np.log(row[14]) - right
                    row[15] = max(-12.0, np.log(top_left) - left)
                    row[16] = max(-12.0, np.log(top_right) - right)
                row[10] = np.log(1.0 + neighbours)
                n += 1
    return n
