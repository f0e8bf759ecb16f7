"""What two texts say of each other: measures of the shorter and the longer, by one compiled pass.

Shares are of weight, not of words: what is rare counts for more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scrub.hashing import find_key, golden_step
from scrub.kernels import Array, kernel
from scrub.match.parts import in_parts
from scrub.match.rewrites.terms import A_NAME, A_NUMBER, distinct, find_slot, is_bare, key
from scrub.searching import lower_bound

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scrub.match.features import Features
    from scrub.match.rewrites.terms import Terms

MEASURES = (
    "names", "new_names", "numbers", "new_numbers", "words", "covered_a", "covered_b", "full",
    "lead_a", "lead_b", "lead_names", "wording", "order", "contested", "shared", "length",
    "new_words", "gap", "other_lead", "names_b", "numbers_b", "seldom", "new_b", "lead_new",
    "alike", "stands_out",
)  # fmt: skip
BRIEF = frozenset(
    ("names", "new_names", "numbers", "new_numbers", "words", "new_words", "shared", "names_b",
     "numbers_b", "seldom", "new_b", "alike", "stands_out")
)  # fmt: skip  # what is known without looking at sentences, for a tenth of the time
RARE = 3.0  # weight from which a term counts as rare: one document in twenty has it, by hand
_FULL = 0.4  # coverage of a sentence that is matched
_LEAD = 3  # sentences
_PRIOR = 4.0  # weight that is missing everywhere: a share of little says little
_GRAM = 4
_SELDOM = 8.5  # weight of what hardly another document has: four of 17,000 do, by hand
_OCCURRENCES = 32  # of a term in a text that are looked at: work stays linear in any text


class Measured(NamedTuple):
    """Measures of P pairs.

    values  (P, len(MEASURES)) float32; `stands_out` is filled by `rivals`
    rare    (P,) int32, how many rare terms the two share
    """

    values: NDArray[np.float32]
    rare: NDArray[np.int32]


def measure(
    features: Features,
    shorter: NDArray[np.int64],
    longer: NDArray[np.int64],
    terms: Terms,
    jobs: int = 1,
    *,
    brief: bool = False,
) -> Measured:
    """Measure pairs, `shorter` and `longer` by their positions; if `brief` what BRIEF names."""
    documents = features.sentences[features.documents]
    values = np.zeros((len(shorter), len(MEASURES)), np.float32)
    rare = np.zeros(len(shorter), np.int32)
    used = np.zeros(len(features), np.bool_)
    used[shorter] = used[longer] = True
    place = np.cumsum(used) - 1
    own = distinct(
        features.units, documents, np.flatnonzero(used), terms.keys, terms.owners, len(terms.kinds)
    )

    def part(rows: slice) -> None:
        compare_terms(
            place[shorter[rows]], place[longer[rows]], *own, terms.kinds, terms.weights,
            values[rows], rare[rows],
        )  # fmt: skip
        if not brief:
            measure_pairs(
                features.units, features.sentences, features.documents, documents,
                shorter[rows], longer[rows], terms.keys, terms.owners, terms.kinds, terms.weights,
                values[rows],
            )  # fmt: skip

    in_parts(part, len(shorter), jobs)
    return Measured(values, rare)


@kernel()
def compare_terms(
    shorter: Array, longer: Array, firsts: Array, terms: Array, kinds: Array, weights: Array,
    values: Array, rare: Array,
) -> None:  # fmt: skip
    """Fill in `values` what BRIEF names but `stands_out`, in `rare` the shared rare terms.

    The `terms` of each of `shorter` and `longer` begin at `firsts`.
    """
    seen = np.zeros(len(kinds), np.int32)  # the last pair of whose shorter text it is; < 0: of both
    has, total = np.empty(3, np.float64), np.empty(3, np.float64)
    for p in range(len(shorter)):
        in_a = terms[firsts[shorter[p]] : firsts[shorter[p] + 1]]
        in_b = terms[firsts[longer[p]] : firsts[longer[p] + 1]]
        out = values[p]
        for term in in_a:
            seen[term] = p + 1
        has[:] = 0.0
        total[:] = 0.0
        norm_a = norm_b = dot = seldom = 0.0
        for term in in_b:
            w = weights[term]
            total[kinds[term]] += w
            norm_b += w**2
            if seen[term] == p + 1:
                has[kinds[term]] += w
                seen[term] = -(p + 1)
        out[19] = has[A_NAME] / (total[A_NAME] + _PRIOR)
        out[20] = has[A_NUMBER] / (total[A_NUMBER] + _PRIOR)
        out[22] = np.log1p(total[1] + total[2] - (has[1] + has[2]))
        # What the shorter has, and how much of it the longer has.
        has[:] = 0.0
        total[:] = 0.0
        for term in in_a:
            w = weights[term]
            total[kinds[term]] += w
            norm_a += w * w
            if seen[term] < 0:
                has[kinds[term]] += w
                dot += w * w
                seldom += w if w >= _SELDOM else 0.0
                rare[p] += w >= RARE
        out[0] = has[A_NAME] / (total[A_NAME] + _PRIOR)
        out[1] = np.log1p(total[A_NAME] - has[A_NAME])
        out[2] = has[A_NUMBER] / (total[A_NUMBER] + _PRIOR)
        out[3] = np.log1p(total[A_NUMBER] - has[A_NUMBER])
        out[4] = has[0] / (total[0] + _PRIOR)
        out[16] = np.log1p(total[0] - has[0])
        out[14] = np.log1p(has[0] + has[1] + has[2])
        out[21] = np.log1p(seldom)
        out[24] = dot / max(1.0, np.sqrt(norm_a * norm_b))


@kernel()
def list_terms(
    units: Array, sentences: Array, first: int, last: int, keys: Array, owners: Array,
    terms: Array, places: Array,
) -> Array:  # fmt: skip
    """The ids of the terms of sentences first..last and the sentence of each; their number."""
    n = 0
    bare = is_bare(units, sentences[first], sentences[last])
    for s in range(first, last):
        for t in range(sentences[s], sentences[s + 1]):
            wanted = key(units[t], bare)
            if wanted == 0:
                continue
            slot = find_slot(keys, wanted)
            if keys[slot]:
                terms[n], places[n] = owners[slot], s - first
                n += 1
    return n


@kernel()
def chain_terms(terms: Array, count: int, heads: Array, following: Array) -> None:
    """Chain equal ones of `count` `terms`: the first in `heads`, `following`; + 1, 0: the end."""
    for k in range(count - 1, -1, -1):
        following[k] = heads[terms[k]]
        heads[terms[k]] = k + 1


@kernel(inline="always")
def clear(terms: Array, count: int, heads: Array) -> None:
    """Undo what `chain_terms` did to the heads."""
    for k in range(count):
        heads[terms[k]] = 0


@kernel()
def cover(
    terms: Array, places: Array, count: int, sentences: int,
    heads: Array, following: Array, other_places: Array, other_sentences: int,
    weights: Array, share: Array, match: Array, weight: Array,
) -> None:  # fmt: skip
    """For each sentence of one text the best counterpart in the other: one sentence or two.

    Of the one text are `terms` to `sentences`, of the other `heads` to `other_sentences`.  Fills
    `share` (how much of its weight is there), `match` (the first of the two, -1 for none)
    and `weight` (what it has).  A counterpart shares two terms.
    """
    found = np.zeros(other_sentences + 1, np.float32)
    several = np.zeros(other_sentences + 1, np.int32)
    k = 0
    for s in range(sentences):
        share[s], match[s], weight[s] = 0.0, -1, 0.0
        begin = k
        while k < count and places[k] == s:
            again = False
            for m in range(begin, k):
                again = again or terms[m] == terms[k]
            if not again:
                w = weights[terms[k]]
                weight[s] += w
                last = -1
                at = heads[terms[k]]
                for _ in range(_OCCURRENCES):
                    if at == 0:
                        break
                    p = other_places[at - 1]
                    for window in range(max(0, p - 1), p + 1):
                        if window > last:
                            found[window] += w
                            several[window] += 1
                            last = window
                    at = following[at - 1]
            k += 1
        best = np.float32(0.0)
        for window in range(other_sentences):
            if several[window] >= 2 and found[window] > best:
                best = found[window]
                match[s] = window
            found[window], several[window] = 0.0, 0
        share[s] = best / (weight[s] + _PRIOR)


@kernel()
def covered(share: Array, weight: Array, sentences: int) -> Array:
    """How much of the weight of the first sentences the other text has, in [0, 1]."""
    have: Array = np.float32(0)
    total: Array = np.float32(0)
    for s in range(sentences):
        have += share[s] * weight[s]
        total += weight[s]
    return have / max(1e-6, total)


@kernel()
def longest_ascent(values: Array, count: int) -> Array:
    """The length of the longest ascending subsequence (Fredman 1975)."""
    tails = np.empty(count, np.int32)
    size = 0
    for k in range(count):
        at = lower_bound(tails[:size], values[k])
        tails[at] = values[k]
        size = max(size, at + 1)
    return size


@kernel(inline="always")
def gram(units: Array, t: int) -> Array:
    """The hash of four words from t on; never 0."""
    value = np.uint64(0)
    for k in range(_GRAM):
        value = golden_step(value, units[t + k])
    return value | np.uint64(1)


@kernel()
def shared_runs(units: Array, low: int, high: int, other_low: int, other_high: int) -> Array:
    """The share of the runs of four words in low..high that other_low..other_high has, too."""
    size = 64
    while size < 2 * (other_high - other_low):
        size *= 2
    table = np.zeros(size, np.uint64)
    for t in range(other_low, other_high - _GRAM + 1):
        value = gram(units, t)
        table[find_key(table, value, value >> np.uint64(20))] = value
    found = 0
    for t in range(low, high - _GRAM + 1):
        value = gram(units, t)
        found += table[find_key(table, value, value >> np.uint64(20))] == value
    return found / max(1, high - low - _GRAM + 1)


@kernel()
def measure_pairs(
    units: Array, sentences: Array, documents: Array, words: Array,
    shorter: Array, longer: Array, keys: Array, owners: Array, kinds: Array, weights: Array,
    values: Array,
) -> None:  # fmt: skip
    """Fill in `values` what is known by looking at sentences of `shorter` and `longer`.

    `units` to `documents` are as in Features, `words` is where the words of each document begin;
    `keys` to `weights` as in Terms.
    """
    heads_a = np.zeros(len(kinds), np.int32)
    heads_b = np.zeros(len(kinds), np.int32)
    room = 1
    rows = 1
    for p in range(len(shorter)):
        for d in (shorter[p], longer[p]):
            room = max(room, words[d + 1] - words[d])
            rows = max(rows, documents[d + 1] - documents[d])
    terms_a, terms_b = np.empty(room, np.int32), np.empty(room, np.int32)
    places_a, places_b = np.empty(room, np.int32), np.empty(room, np.int32)
    next_a, next_b = np.empty(room, np.int32), np.empty(room, np.int32)
    order = np.empty(room, np.int32)
    share_a, share_b = np.empty(rows, np.float32), np.empty(rows, np.float32)
    match_a, match_b = np.empty(rows, np.int32), np.empty(rows, np.int32)
    weight_a, weight_b = np.empty(rows, np.float32), np.empty(rows, np.float32)
    own_b = np.empty(rows, np.bool_)
    for p in range(len(shorter)):
        a, b = shorter[p], longer[p]
        low_a, high_a = documents[a], documents[a + 1]
        low_b, high_b = documents[b], documents[b + 1]
        rows_a, rows_b = high_a - low_a, high_b - low_b
        n_a = list_terms(units, sentences, low_a, high_a, keys, owners, terms_a, places_a)
        n_b = list_terms(units, sentences, low_b, high_b, keys, owners, terms_b, places_b)
        chain_terms(terms_a, n_a, heads_a, next_a)
        chain_terms(terms_b, n_b, heads_b, next_b)
        # Where the longer has what is rare, in the order of the shorter.
        n = 0
        for k in range(n_a):
            term = terms_a[k]
            if heads_a[term] == k + 1 and heads_b[term] and weights[term] >= RARE:
                order[n] = heads_b[term]
                n += 1
        out = values[p]
        cover(
            terms_a, places_a, n_a, rows_a, heads_b, next_b, places_b, rows_b,
            weights, share_a, match_a, weight_a,
        )  # fmt: skip
        cover(
            terms_b, places_b, n_b, rows_b, heads_a, next_a, places_a, rows_a,
            weights, share_b, match_b, weight_b,
        )  # fmt: skip
        out[5] = covered(share_a, weight_a, rows_a)
        out[6] = covered(share_b, weight_b, rows_b)
        matched = 0.0
        for s in range(rows_a):
            matched += share_a[s] >= _FULL
        out[7] = matched / max(1, rows_a)
        out[8] = covered(share_a, weight_a, min(rows_a, _LEAD))
        out[9] = covered(share_b, weight_b, min(rows_b, _LEAD))
        # The names and numbers of the longer one's lead, in the shorter; own ones of its sentences.
        have = all_of = 0.0
        own_b[:rows_b] = False
        for k in range(n_b):
            term = terms_b[k]
            if kinds[term] == 0:
                continue
            own_b[places_b[k]] |= heads_a[term] == 0 and weights[term] >= RARE
            if places_b[k] < _LEAD and heads_b[term] == k + 1:
                all_of += weights[term]
                have += weights[term] if heads_a[term] else 0.0
        out[10] = have / (all_of + _PRIOR)
        have = all_of = 0.0
        contested = 0.0
        last = -1
        for k in range(n_a):
            term, s = terms_a[k], places_a[k]
            if kinds[term] and s < _LEAD and heads_a[term] == k + 1:
                all_of += weights[term]
                have += weights[term] if heads_b[term] else 0.0
            if s == last or share_a[s] < _FULL or kinds[term] == 0:
                continue
            if heads_b[term] == 0 and weights[term] >= RARE:
                window = match_a[s]
                if own_b[window] or (window + 1 < rows_b and own_b[window + 1]):
                    contested += 1
                    last = s
        out[18] = have / (all_of + _PRIOR)
        out[23] = np.log1p(all_of - have)
        out[11] = shared_runs(
            units, sentences[low_a], sentences[high_a], sentences[low_b], sentences[high_b]
        )
        root = 2 * np.sqrt(n)
        out[12] = (longest_ascent(order, n) - root) / (n - root) if n > 8 else 0.0
        out[13] = contested / max(1.0, matched)
        out[15] = (sentences[high_a] - sentences[low_a]) / max(
            1, sentences[high_b] - sentences[low_b]
        )
        clear(terms_a, n_a, heads_a)
        clear(terms_b, n_b, heads_b)
        # The longest run of sentences that are not matched: what is added in one piece.
        run = longest = 0
        for s in range(rows_a):
            run = 0 if share_a[s] >= _FULL else run + 1
            longest = max(longest, run)
        out[17] = longest / max(1, rows_a)
