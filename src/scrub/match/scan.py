"""The compiled pass that finds words and sentences, and the table of listed words."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from scrub.hashing import FNV_OFFSET, GOLDEN, find_key, fnv1a, fnv1a_step, lay_out, mixed
from scrub.kernels import Array, kernel
from scrub.match import languages
from scrub.match.characters import (
    APOSTROPHE,
    DIGIT,
    LOWER,
    SECOND_BIT,
    SKIP,
    SOLO,
    SPACE,
    STOP,
    UPPER,
    UPPER_BIT,
    WIDE_STOP,
    WORD,
    character,
    decode,
    fold,
    second,
)
from scrub.match.endless import MAX_SENTENCE, cut, is_cut
from scrub.match.numbers import decimal
from scrub.match.spelling import name_symbol, without_digraphs
from scrub.searching import lower_bound

CONTENT, FUNCTION, NAME, NUMBER = 0, 1, 2, 3
# Bits of the kind of a word.
KIND_MASK = 3
CAPITALISED, ALL_CAPITALS, INITIAL = 4, 8, 16

# A language's list is used where it covers this share of a document's words, and with enough of its
# own: of another language a few particles are met again and again ("te" and "e" of Tahitian in that
# of Spanish).  Those met in h places are h / 2 words at least, the root of h times this, or so
# many.  Set by hand: articles of human rights in 80 languages without a list mostly have 0.6 to 1.6
# times the root, German and Persian ones 1.6 to 4.3, short English wires 1.35 and more.
_MIN_COVER = 0.15
_VARIETY, _ENOUGH = 1.3, 12

# Bits of the vocabulary above those of the languages.
_NUMBER_WORD, _TITLE, _BEFORE_NUMBER, _MAYBE_FINAL = (1 << bit for bit in range(24, 28))
_LANGUAGES = (1 << 24) - 1
_CODES = list(languages.FUNCTION_WORDS)  # 24 at most: a bit each
_DIGRAPHS = sum(1 << _CODES.index(code) for code in ("de", "sv", "da"))
_NOUNS = sum(1 << _CODES.index(code) for code in languages.CAPITAL_NOUNS)

_U64 = (1 << 64) - 1


def word_hash(word: str) -> int:
    """The 32-bit hash of a lower-cased word: FNV-1a over 16 bits of each folded letter, mixed."""
    value = fnv1a(ord(letter) & 0xFFFF for letter in fold(word))
    return max(1, ((value ^ value >> 32) * GOLDEN & _U64) >> 32)


def canonical_symbol(word: str) -> int:
    """What a listed word is compared by: a number word's value, else the hash of its lead form."""
    if digits := languages.DIGITS.get(word):
        data = np.frombuffer(digits.encode(), np.uint8)
        return int(decimal(data, 0, len(data)))
    return word_hash(languages.CANONICAL.get(word, word))


@lru_cache(maxsize=1)
def listed_words() -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint32]]:
    """An open-addressing table of the listed words: their hashes, flags and canonical symbols."""
    flags: dict[str, int] = {}

    def list_words(words: str, flag: int) -> None:
        for word in map(fold, words.split()):
            flags[word] = flags.get(word, 0) | flag

    for bit, words in enumerate(languages.FUNCTION_WORDS.values()):
        list_words(words, 1 << bit)
    for words, flag in (
        (" ".join(languages.DIGITS), _NUMBER_WORD),
        (languages.abbreviations("titles"), _TITLE),
        (languages.abbreviations("before_numbers"), _BEFORE_NUMBER),
        (languages.abbreviations("maybe_final"), _MAYBE_FINAL),
    ):
        list_words(words, flag)
    listed, size = sorted(flags), 1 << 13
    hashes = np.array([word_hash(word) for word in listed], np.uint32)
    slots = lay_out(hashes, hashes.astype(np.int64) & (size - 1), size)
    keys, values, symbols = (np.zeros(size, np.uint32) for _ in range(3))
    keys[slots], values[slots] = hashes, [flags[word] for word in listed]
    symbols[slots] = [canonical_symbol(word) for word in listed]
    return keys, values, symbols


@kernel(inline="always")
def _find(keys: Array, word: Array) -> Array:
    """The slot of a word in the vocabulary, or -1."""
    slot = find_key(keys, word, word)
    return slot if keys[slot] != 0 else np.int64(-1)


@kernel()
def scan(
    data: Array,
    offsets: Array,
    table: Array,
    keys: Array,
    flags: Array,
    hashes: Array,
    starts: Array,
    ends: Array,
    kinds: Array,
    sentences: Array,
    documents: Array,
    document_sentences: Array,
) -> Array:
    """Fill the arrays of Tokens but for `symbol`; the number of words, or -1 if room is short.

    `data` has the texts in UTF-8, which begin at `offsets`; `table` is that of `characters`, `keys`
    and `flags` are of the `listed_words`; `hashes` to `document_sentences` are filled.
    """
    room = len(hashes) - 1
    n = s = 0
    for document in range(len(offsets) - 1):
        i, stop = offsets[document], offsets[document + 1]
        documents[document], document_sentences[document] = n, s
        first, quoted, spaced, acronym, ends_lower = True, False, False, False, False
        endless = False
        mark = newlines = line = words = length = 0
        line_start = i
        while i < stop:
            if data[i] == 32:
                spaced = True
                i += 1
                continue
            code, width = decode(data, i, stop)
            bits = character(table, code)
            if not bits & WORD:
                if code == 10:
                    if newlines == 0:
                        line = i - line_start
                    newlines += 1
                    line_start = i + 1
                    spaced = True
                elif bits & SPACE:
                    spaced = True
                elif code == 46:
                    mark, spaced = max(mark, 1), False
                elif bits & STOP:
                    mark, spaced = 2, False
                elif bits & WIDE_STOP:
                    mark = 3
                elif code == 44 or code == 59:
                    mark = 0
                elif code == 34 or code == 58 or 0x2018 <= code <= 0x201F or code == 0xAB:
                    quoted = True
                i += width
                continue
            # A word: take every character that belongs to it.
            start = i
            previous_length, previous_acronym, previous_lower = length, acronym, ends_lower
            head = bits
            number = bits & DIGIT != 0
            value = np.uint64(FNV_OFFSET)
            length = capitals = run = dots = last = 0
            end = i
            while i < stop:
                if data[i] < 0x80:  # the way of nearly all letters
                    bits = character(table, np.int64(data[i]))
                    if bits & WORD:
                        value = fnv1a_step(value, bits & 0xFFFF)
                        length += 1
                        run += 1
                        last = bits
                        capitals += (bits >> UPPER_BIT) & 1
                        i += 1
                        end = i
                        continue
                code, width = decode(data, i, stop)
                bits = character(table, code)
                if bits & WORD and (length == 0 or not bits & SOLO):
                    i += width
                    end = i
                    if not bits & 0xFFFF:  # a mark
                        continue
                    value = fnv1a_step(value, bits & 0xFFFF)
                    if bits >> SECOND_BIT:
                        value = fnv1a_step(value, second(bits))
                    length += 1
                    run += 1
                    last = bits
                    capitals += (bits >> UPPER_BIT) & 1
                    if bits & SOLO:
                        break
                    continue
                if bits & SKIP:
                    i += width
                    continue
                if i + width >= stop or code == 32 or code == 10:
                    break
                following, following_width = decode(data, i + width, stop)
                next_bits = character(table, following)
                if not next_bits & WORD or next_bits & SOLO:
                    break
                if bits & APOSTROPHE:
                    value = fnv1a_step(value, 39)
                elif number and next_bits & DIGIT and (44 <= code <= 47 or code == 58):
                    if code != 44:
                        value = fnv1a_step(value, code)
                elif code == 46 and run == 1 and length == dots + 1 and not number:
                    after = i + width + following_width
                    if after < stop:
                        beyond, _ = decode(data, after, stop)
                        if character(table, beyond) & WORD:
                            break
                    dots += 1
                    run = 0
                else:
                    break
                i += width
            word = mixed(value)
            acronym, ends_lower = dots > 0, last & LOWER != 0
            lower = head & LOWER != 0
            new = first or newlines >= 2 or mark == 3
            if not new and not lower:
                # Scrapers glue sentences: "said.The", but not "U.S.The" or "3.Mr".
                glued = head & UPPER and previous_lower and previous_length > 1
                if (mark and not spaced and glued) or (mark == 2 and spaced):
                    new = True
                elif mark == 1 and spaced:
                    slot = _find(keys, hashes[n - 1])
                    before = np.int64(flags[slot]) if slot >= 0 else 0
                    if before & _TITLE or (before & _BEFORE_NUMBER and number):
                        new = False
                    elif previous_acronym or previous_length == 1 or before & _MAYBE_FINAL:
                        slot = _find(keys, word)
                        new = slot >= 0 and flags[slot] & _LANGUAGES != 0 and not number
                    else:
                        new = True
                elif newlines == 1:
                    new = line < 45 or line > 110
            if n >= room:
                return -1
            if not new and words == MAX_SENTENCE and not endless:
                endless = True
                s = cut(hashes, n, sentences, s)
                words = n - sentences[s - 1]
            if new or (endless and is_cut(word, hashes[n - 1], words)):
                endless = endless and not new
                sentences[s] = n
                s += 1
                words = 0
            words += 1
            kind = NUMBER if number else CONTENT
            if head & UPPER:
                kind |= CAPITALISED
            if capitals >= 2 and capitals == length:
                kind |= ALL_CAPITALS
            if new or quoted:
                kind |= INITIAL
            hashes[n], starts[n], ends[n], kinds[n] = word, start, end, kind
            n += 1
            first = quoted = spaced = False
            mark = newlines = 0
    documents[-1], document_sentences[-1] = n, s
    sentences[s] = n
    return n


@kernel()
def classify(
    keys: Array,
    flags: Array,
    canonical: Array,
    hashes: Array,
    symbols: Array,
    kinds: Array,
    documents: Array,
    data: Array,
    table: Array,
    starts: Array,
    ends: Array,
) -> None:
    """Choose each document's language by its function words, then fill `kind` and `symbol`.

    Where that language writes letters as two (ae for ä), the hashes of its words are of the one.
    `keys` to `canonical` are the `listed_words`, `hashes` to `ends` as in `scan`.
    """
    met = np.full(len(keys), -1, np.int64)  # the document that a listed word was last seen in
    for document in range(len(documents) - 1):
        first, last = documents[document], documents[document + 1]
        votes = np.zeros(24, np.int64)
        for t in range(first, last):
            slot = _find(keys, hashes[t])
            symbols[t] = slot + 1
            if slot >= 0:
                bits = np.int64(flags[slot]) & _LANGUAGES
                language = 0
                while bits:
                    votes[language] += bits & 1
                    bits >>= 1
                    language += 1
        best = np.argmax(votes)
        own = np.int64(1) << best
        wanted = min(votes[best] / 2, _VARIETY * np.sqrt(votes[best]), _ENOUGH)
        distinct = 0
        for t in range(first, last):
            if distinct >= wanted:
                break
            slot = np.int64(symbols[t]) - 1
            if slot >= 0 and flags[slot] & own and met[slot] != document:
                met[slot] = document
                distinct += 1
        listed = votes[best] >= _MIN_COVER * (last - first) and distinct >= wanted
        own *= np.int64(listed)
        if own & _DIGRAPHS:
            for t in range(first, last):
                word = without_digraphs(data, table, starts[t], ends[t])
                if word:
                    hashes[t] = word
                    symbols[t] = _find(keys, word) + 1
        frequent = _frequent(hashes[first:last]) if not listed else hashes[:0]
        previous_capitals = False
        for t in range(first, last):
            slot = np.int64(symbols[t]) - 1
            kind = kinds[t]
            capitals = kind & ALL_CAPITALS != 0
            if kind & KIND_MASK == NUMBER:
                symbols[t] = hashes[t]
            elif slot >= 0 and flags[slot] & own and (previous_capitals or not capitals):
                kinds[t] |= FUNCTION
                symbols[t] = canonical[slot]
            elif slot >= 0 and flags[slot] & _NUMBER_WORD:
                kinds[t] |= NUMBER
                symbols[t] = canonical[slot]
            elif (
                kind & CAPITALISED
                and not kind & INITIAL
                # Nouns with capitals stand alone, the parts of a name together.
                and (
                    not own & _NOUNS
                    or (t > first and _is_capital(kinds[t - 1]))
                    or (t + 1 < last and kinds[t + 1] & (CAPITALISED | INITIAL) == CAPITALISED)
                )
            ):
                kinds[t] |= NAME
                symbols[t] = name_symbol(hashes[t], data, table, starts[t], ends[t])
            elif (
                len(frequent)
                and frequent[lower_bound(frequent, hashes[t]) % len(frequent)] == hashes[t]
            ):
                kinds[t] |= FUNCTION
                symbols[t] = hashes[t]
            else:
                symbols[t] = 0
            previous_capitals = capitals


@kernel(inline="always")
def _is_capital(kind: Array) -> Array:
    """Whether a word, classified already, has a capital that no sentence gave it."""
    return kind & CAPITALISED != 0 and kind & KIND_MASK != FUNCTION


@kernel()
def _frequent(hashes: Array) -> Array:
    """A document's own most frequent words, sorted: at least 3 times and 1 % of its words."""
    order = hashes.astype(np.uint64)  # as all that kernels sort: of one type, compiled once
    order.sort()
    least = max(3, len(order) // 100)
    found = np.empty(len(order) // least + 1, np.uint32)
    count = start = 0
    for i in range(1, len(order) + 1):
        if i == len(order) or order[i] != order[start]:
            if i - start >= least:
                found[count] = order[start]
                count += 1
            start = i
    return found[:count]
