"""Verification: two documents are aligned sentence by sentence, and what agrees is counted.

Shingles of the frame say which sentence stands opposite which; then the words are compared.  A
copy keeps the names and numbers of the sentences it shares, a spun copy too, while two fillings of
one template share the frame and disagree in exactly those.  Measures are counts, so that the
account of a pair can be shown (`explain`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scrub.kernels import Array, kernel
from scrub.match.features import Features, frame, frame_hash
from scrub.match.frequency import ALIGNED, SHORTEST
from scrub.match.opposite import has, has_number, is_heading, is_refilled, says_else, slots
from scrub.match.parts import OnPart, ignored, in_parts
from scrub.match.rests import rests
from scrub.match.scan import FUNCTION, KIND_MASK, NAME, NUMBER
from scrub.match.spelling import same_word

MIN_COVER = 0.4  # share of a sentence's words in shared shingles; all set by hand
COMMON = 50  # documents that may share a sentence before it begins to weigh less
MIN_KEPT = 0.3  # share of its names, numbers and content words that the sentence opposite has
MIN_REFILLED = 0.9  # share of its content words, where most numbers differ and nothing else does
LONG = 8  # words of a sentence that nobody else would write by chance; set by hand
VERBATIM = 2  # how a sentence that stands word for word is marked, 1 one that is aligned
MIN_CONTESTED = 0.5  # share of its content words, where the names and numbers differ

# One row for each candidate pair; a is the shorter document, b the fuller.
MEASURES = np.dtype(
    [
        ("words_a", np.int32),  # words in sentences
        ("words_b", np.int32),
        ("covered_a", np.int32),  # words in aligned sentences
        ("covered_b", np.int32),
        ("sentences_a", np.int32),
        ("sentences_b", np.int32),
        ("aligned_a", np.int32),  # aligned sentences
        ("aligned_b", np.int32),
        ("headings_a", np.int32),  # ... of them headings
        ("headings_b", np.int32),
        ("verbatim", np.int32),  # of a: word for word in b
        ("varied_a", np.int32),  # words of aligned sentences that name others, or say much else
        ("varied_b", np.int32),
        ("rare", np.float32),  # ... words of the long ones, as rare as each one's rarest shingle
        ("rarity", np.float32),  # a's words, each sentence's as rare as its frame shingles are
        ("rarity_covered", np.float32),  # ... of its aligned sentences
        ("contested", np.int32),  # words of a in sentences that agree but for names and numbers
        ("forms", np.int32),  # documents that fill the form of one of the two otherwise
        ("swaps", np.int32),  # places where either side has prose that does not match
        ("swapped_a", np.int32),  # words of that prose
        ("swapped_b", np.int32),
        ("head_a", np.int32),  # ... before the first sentence that matches
        ("head_b", np.int32),
        ("tail_a", np.int32),  # ... after the last sentence that matches
        ("tail_b", np.int32),
        ("dropped_a", np.int32),  # words of prose that does not match and has none opposite
        ("dropped_b", np.int32),
        ("kin", np.int32),  # distinct words that both sides' sentences that do not match share
        ("kin_of", np.int32),  # ... that the one has which has fewer; those of the others apart
        ("inner_a", np.int32),  # distinct words that a's matching sentences and its others share
        ("inner_of_a", np.int32),  # ... that the fewer of the two have
        ("inner_b", np.int32),
        ("inner_of_b", np.int32),
        ("block_a", np.int32),  # words of a's matching sentences that a whole series has
        ("block_b", np.int32),
        ("own_a", np.int32),  # ... of those that no series has
        ("own_b", np.int32),
        ("names", np.int32),  # names that agree, in aligned or contested sentences
        ("other_names", np.int32),  # ... that differ on both sides
        ("numbers", np.int32),  # numbers that agree
        ("other_numbers", np.int32),
        ("slots", np.int32),  # words that differ where other documents have either, too
        ("content", np.int32),  # other words of a's aligned sentences
        ("kept", np.int32),  # ... that stand in the sentence opposite
        ("frame", np.float32),  # weight of a's shingles, rare ones weighing more
        ("frame_shared", np.float32),  # ... of those that b has
        ("jaccard", np.float64),  # of the word 3-shingles; filled where the account needs it
        ("unshared", np.int32),  # with it, of short texts: words of the side that has fewer such
        ("best_a", np.int32),  # the sentence that says most, and the one opposite; -1: none
        ("best_b", np.int32),
        ("from_a", np.int32),  # first and last sentence of a that is aligned
        ("to_a", np.int32),
        ("from_b", np.int32),  # ... of b
        ("to_b", np.int32),
    ]
)
MEASURES = np.dtype((np.record, MEASURES))  # the kernels' `row.names` works uncompiled, too


def measure(
    features: Features,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    frequency: NDArray[np.uint16],
    filled: NDArray[np.uint16],
    blocks: NDArray[np.uint16],
    jobs: int = 1,
    on_part: OnPart = ignored,
) -> NDArray[np.void]:
    """Align pairs of documents (`first`, the shorter, grouped): an array of MEASURES, one a pair.

    `frequency` is what `frequencies` counted, `filled` what `places` did, `blocks` what
    `count_blocks` did.  `forms` is left at 0: it is known when all pairs have been measured once.
    """
    result = np.zeros(len(first), MEASURES)

    def part(rows: slice) -> None:
        _measure(
            first[rows], second[rows], features.units, features.sentences, features.documents,
            frequency, filled, blocks, result[rows],
        )  # fmt: skip

    in_parts(part, len(first), jobs, on_part)
    return result


@kernel()
def _frames(units: Array, sentences: Array, low: int, high: int, room: int) -> Array:
    """The frame of sentences low..high: symbols, first units, and first symbol of each sentence."""
    symbols = np.empty(room + 1, np.uint32)
    begins = np.empty(room + 1, np.int64)
    starts = np.empty(high - low + 1, np.int64)
    n = 0
    for s in range(low, high):
        starts[s - low] = n
        n += frame(units, sentences[s], sentences[s + 1], symbols[n:], begins[n:])
    starts[high - low], begins[n] = n, sentences[high]
    return symbols, begins, starts


@kernel(inline="always")
def _slot(keys: Array, heads: Array, key: Array) -> Array:
    """The slot of a shingle in the table of `_index`, or the free one where it belongs."""
    mask = np.uint64(len(keys) - 1)
    slot = key & mask
    while heads[slot] >= 0 and keys[slot] != key:
        slot = (slot + np.uint64(1)) & mask
    return slot


@kernel()
def _index(symbols: Array, starts: Array, table: Array) -> Array:
    """Where each shingle of a document begins: an open-addressing table with chains.

    Also the sentence of each symbol, and for the shingle that begins there its weight (1 where two
    documents have it, less the more have it) and its rarity (1 up to COMMON documents).
    """
    size = 16
    while size < 2 * starts[-1]:
        size *= 2
    keys, heads = np.zeros(size, np.uint64), np.full(size, -1, np.int32)
    chain = np.full(starts[-1] + 1, -1, np.int32)
    owner = np.empty(starts[-1] + 1, np.int32)
    weights = np.zeros(starts[-1] + 1, np.float32)
    rarities = np.zeros(starts[-1] + 1, np.float32)
    for s in range(len(starts) - 1):
        n = min(ALIGNED, starts[s + 1] - starts[s])
        owner[starts[s] : starts[s + 1]] = s
        if n < SHORTEST:
            continue
        for k in range(starts[s], starts[s + 1] - n + 1):
            key = frame_hash(symbols, k, n)
            slot = _slot(keys, heads, key)
            keys[slot] = key
            chain[k] = heads[slot]
            heads[slot] = k
            count = np.float32(max(2, table[key & np.uint64(len(table) - 1)]))
            share = np.float32(2) / count
            weights[k] = share ** np.float32(0.75) if share < 1 else share  # by hand
            rarities[k] = min(np.float32(1), np.float32(COMMON) / count)
    return keys, heads, chain, owner, weights, rarities


@kernel()
def _measure(
    first: Array, second: Array, units: Array, sentences: Array, documents: Array, table: Array,
    filled: Array, blocks: Array, result: Array,
) -> None:  # fmt: skip
    current = -1
    for pair in range(len(first)):
        a, b = first[pair], second[pair]
        row = result[pair]
        low_a, high_a = documents[a], documents[a + 1]
        low_b, high_b = documents[b], documents[b + 1]
        if a != current:
            current = a
            room = sentences[high_a] - sentences[low_a]
            symbols_a, begins_a, starts_a = _frames(units, sentences, low_a, high_a, room)
            keys, heads, chain, owner, weights, rarities = _index(symbols_a, starts_a, table)
        room = sentences[high_b] - sentences[low_b]
        symbols_b, begins_b, starts_b = _frames(units, sentences, low_b, high_b, room)
        count_a, count_b = high_a - low_a, high_b - low_b
        shared = np.zeros(len(weights), np.bool_)
        marked_a, marked_b = np.zeros(starts_a[-1], np.bool_), np.zeros(starts_b[-1], np.bool_)
        votes = np.zeros(count_a, np.int32)
        best_votes, opposite = np.zeros(count_a, np.int32), np.full(count_a, -1, np.int32)
        facing = np.full(count_b, -1, np.int32)
        voted = np.empty(starts_b[-1] * 4 + 4, np.int32)
        for s in range(count_b):
            n = min(ALIGNED, starts_b[s + 1] - starts_b[s])
            if n < SHORTEST:
                continue
            hits = 0
            for k in range(starts_b[s], starts_b[s + 1] - n + 1):
                key = frame_hash(symbols_b, k, n)
                place = heads[_slot(keys, heads, key)]
                if place < 0:
                    continue
                marked_b[k : k + n] = True
                steps = 0
                while place >= 0 and steps < 4:
                    marked_a[place : place + n] = True
                    shared[place] = True
                    if votes[owner[place]] == 0:
                        voted[hits] = owner[place]
                        hits += 1
                    votes[owner[place]] += 1
                    place = chain[place]
                    steps += 1
            most = 0
            for h in range(hits):
                t = voted[h]
                if votes[t] > best_votes[t]:
                    best_votes[t], opposite[t] = votes[t], s
                if votes[t] > most:
                    most, facing[s] = votes[t], t
                votes[t] = 0
        proven, matched = _compare(
            units, sentences, low_a, low_b, count_b, begins_a, starts_a, marked_a, opposite, filled,
            row,
        )  # fmt: skip
        for s in range(count_a):
            length = sentences[low_a + s + 1] - sentences[low_a + s]
            n = starts_a[s + 1] - starts_a[s]
            shingles = n - min(ALIGNED, n) + 1
            if n < SHORTEST:  # too short to be aligned
                continue
            total = most_rare = np.float32(0)
            for k in range(starts_a[s], starts_a[s] + shingles):
                total += rarities[k]
                most_rare = max(most_rare, weights[k])
            rarity = length * total / shingles
            row.rarity += rarity
            if proven[s]:
                row.rarity_covered += rarity
            if proven[s] == VERBATIM and length >= LONG:
                row.rare += length * most_rare
        row.sentences_a, row.sentences_b = count_a, count_b
        row.words_a = sentences[high_a] - sentences[low_a]
        row.words_b = sentences[high_b] - sentences[low_b]
        row.from_b = row.to_b = -1
        matched_b = np.zeros(count_b, np.bool_)
        for s in range(count_b):
            length = sentences[low_b + s + 1] - sentences[low_b + s]
            # Opposite each other, or beside it where a sentence was split.
            if facing[s] < 0 or not proven[facing[s]] or abs(opposite[facing[s]] - s) > 1:
                continue
            if _covered(s, begins_b, starts_b, marked_b) >= MIN_COVER * length:
                matched_b[s] = True
                row.covered_b += length
                row.from_b = s if row.aligned_b == 0 else row.from_b
                row.to_b = s
                row.aligned_b += 1
                row.headings_b += is_heading(units, sentences[low_b + s], sentences[low_b + s + 1])
        if row.aligned_a and row.aligned_b:
            rests(units, sentences, low_a, low_b, matched, matched_b, opposite, blocks, row)
        total = np.float32(0)
        for k in range(len(weights)):
            total += weights[k]
            if shared[k]:
                row.frame_shared += weights[k]
        row.frame = total


@kernel()
def _covered(sentence: int, begins: Array, starts: Array, marked: Array) -> Array:
    """Words of a sentence in marked symbols."""
    words = 0
    for k in range(starts[sentence], starts[sentence + 1]):
        if marked[k]:
            words += begins[k + 1] - begins[k]
    return words


@kernel()
def _compare(
    units: Array, sentences: Array, low_a: int, low_b: int, count_b: int, begins: Array,
    starts: Array, marked: Array, opposite: Array, filled: Array, row: Array,
) -> Array:  # fmt: skip
    """Compare the words of a's covered sentences with the sentence opposite.

    How each is aligned (0: not, VERBATIM: word for word), and which match: contested ones, too.
    """
    best = following = 0
    row.best_a = row.best_b = row.from_a = row.to_a = -1
    aligned = np.zeros(len(starts) - 1, np.int8)
    matched = np.zeros(len(starts) - 1, np.bool_)
    for s in range(len(starts) - 1):
        first, last = sentences[low_a + s], sentences[low_a + s + 1]
        p = opposite[s]
        if p < 0 or _covered(s, begins, starts, marked) < MIN_COVER * (last - first):
            # Figures break up the frame: a row is compared with the one that follows there.
            if 0 <= following < count_b and is_refilled(
                units, first, last, sentences[low_b + following], sentences[low_b + following + 1]
            ):
                row.contested += last - first
                opposite[s], matched[s] = following, True
                following += 1
            else:
                following = -1
            continue
        following = p + 1
        low, high = sentences[low_b + p], sentences[low_b + p + 1]
        same = high - low == last - first
        k = 0
        while same and k < high - low:
            # The kind may be another: it hangs on what is frequent in a text.
            one, other = units[first + k], units[low + k]
            same = one | KIND_MASK == other | KIND_MASK or same_word(one, other)
            k += 1
        wide_low, wide_high = low, high
        if last - first > 1.3 * (high - low):  # it may have been split; by hand
            wide_low = sentences[low_b + max(0, p - 1)]
            wide_high = sentences[low_b + min(count_b, p + 2)]
        names = numbers = same_names = same_numbers = content = kept = 0
        place = wide_low - 1  # of the last word that was found
        for t in range(first, last):
            kind = units[t] & KIND_MASK
            place += 1  # where this one mostly stands
            if kind == FUNCTION:
                continue
            found = place < wide_high and same_word(units[t], units[place])
            if not found:
                for u in range(wide_low, wide_high):
                    if same_word(units[t], units[u]):
                        found, place = True, u
                        break
            if kind == NAME:
                names += 1
                same_names += found
            elif kind == NUMBER:
                numbers += 1
                same_numbers += found or has_number(units, t, last, wide_low, wide_high)
            else:
                content += 1
                kept += found
        # And the other way: "six and six" is not "six and eight".
        there_names = there_numbers = back_names = back_numbers = 0
        for u in range(low, high):
            kind = units[u] & KIND_MASK
            if kind == NAME:
                there_names += 1
                back_names += has(units, first, last, units[u])
            elif kind == NUMBER:
                there_numbers += 1
                back_numbers += has_number(units, u, high, first, last)
        other_names = max(0, min(names, there_names) - min(same_names, back_names))
        other_numbers = max(0, min(numbers, there_numbers) - min(same_numbers, back_numbers))
        agreed = same_names + same_numbers
        # Only the numbers changed: the same notice of another day.
        refilled = other_numbers > same_numbers and kept >= MIN_REFILLED * content
        matches = other_names + other_numbers <= agreed and not refilled
        if matches:
            matches = agreed + kept >= MIN_KEPT * (names + numbers + content)
        elif kept >= MIN_CONTESTED * content:
            row.contested += last - first
            matched[s] = True
        else:
            continue
        if agreed + kept < names + numbers + content:
            row.slots += slots(units, first, last, low, high, filled)
        row.names += same_names
        row.other_names += other_names
        row.numbers += same_numbers
        row.other_numbers += other_numbers
        if matches:
            aligned[s], matched[s] = VERBATIM if same else 1, True
            row.from_a = s if row.aligned_a == 0 else row.from_a
            row.to_a = s
            row.covered_a += last - first
            row.aligned_a += 1
            row.headings_a += is_heading(units, first, last)
            row.verbatim += same
            row.content += content
            row.kept += kept
            if not same and says_else(
                units, sentences, low_a + s, low_b + p, low_a, low_a + len(starts) - 1, low_b,
                low_b + count_b,
            ):  # fmt: skip
                row.varied_a += last - first
                row.varied_b += high - low
            score = 2 * agreed + kept + (last - first) // 4
            if score > best:
                best = score
                row.best_a, row.best_b = s, p
    return aligned, matched
