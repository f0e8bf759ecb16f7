"""Quality signals of a text, by the names of RedPajama-Data-v2 where the same thing is measured.

Computed for a whole batch by one compiled pass.  A word is a run of characters between spaces;
shares are of words, or of lines that hold text (lines are equal when their words are); all are in
[0, 1] and rounded to four places.
Where RedPajama gives a list with a value for each line, the share of lines is given.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from scrub.clean.survey import line_end, look_up, word_table
from scrub.clean.words import FUNCTION_WORDS
from scrub.hashing import FNV_OFFSET, fnv1a_step
from scrub.kernels import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scrub.config import CleanSettings

# Columns that the kernel counts, for each document.
COUNTS = (
    "words", "distinct words", "word characters", "function words", "words without a letter",
    "capital words", "sentences", "symbols", "lines", "ended lines", "bullet lines",
    "ellipsis lines", "repeated lines", "characters outside ASCII",
)  # fmt: skip
_COLUMN = {name: index for index, name in enumerate(COUNTS)}

# A document with more distinct words or lines is compared by this many slots alone.
_MOST_SLOTS = 1 << 20


def count_signals(data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """Counts of each packed document (`survey.pack`), shape (documents, len(COUNTS))."""
    keys, kinds = _vocabulary()
    longest = int(np.diff(offsets).max(initial=1))
    slots = min(_MOST_SLOTS, 1 << max(8, (longest // 3).bit_length()))
    return np.asarray(_count(data, offsets, keys, kinds, slots, len(COUNTS)))


def signals(counts: NDArray[np.int64]) -> list[dict[str, Any]]:
    """The signals of each document, from its counts; every value is a number."""
    words = np.maximum(counts[:, _COLUMN["words"]], 1)
    lines = np.maximum(counts[:, _COLUMN["lines"]], 1)

    def share(name: str, of: NDArray[np.int64]) -> list[float]:
        return np.round(counts[:, _COLUMN[name]] / of, 4).tolist()

    columns: dict[str, list[Any]] = {
        "rps_doc_word_count": counts[:, _COLUMN["words"]].tolist(),
        "rps_doc_num_sentences": counts[:, _COLUMN["sentences"]].tolist(),
        "rps_doc_mean_word_length": share("word characters", words),
        "rps_doc_frac_unique_words": share("distinct words", words),
        "rps_doc_stop_word_fraction": share("function words", words),
        "rps_doc_frac_no_alph_words": share("words without a letter", words),
        "rps_doc_frac_all_caps_words": share("capital words", words),
        "rps_doc_symbol_to_word_ratio": share("symbols", words),
        "rps_doc_frac_lines_end_with_ellipsis": share("ellipsis lines", lines),
        "rps_lines_ending_with_terminal_punctution_mark": share("ended lines", lines),
        "rps_lines_start_with_bulletpoint": share("bullet lines", lines),
        "frac_duplicate_lines": share("repeated lines", lines),
    }
    names = list(columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def rejected_by(metadata: dict[str, Any], settings: CleanSettings) -> str:
    """The first quality filter a text fails, with its value, or empty; all are off by default."""
    checks = (
        ("rps_doc_word_count", settings.min_words, 1),
        ("rps_doc_stop_word_fraction", settings.min_function_words, 1),
        ("rps_lines_ending_with_terminal_punctution_mark", settings.min_ended_lines, 1),
        ("frac_duplicate_lines", settings.max_duplicate_lines, -1),
    )
    for name, limit, sign in checks:
        value = metadata.get(name)
        if value is not None and (value - limit) * sign < 0:
            return f"{name} is {value}, the limit {limit}"
    return ""


@cache
def _vocabulary() -> tuple[NDArray[np.uint64], NDArray[np.uint8]]:
    return word_table(((FUNCTION_WORDS, 1),))


def _classes() -> NDArray[np.uint8]:
    """What each byte is: 1 begins a character, 2 part of a word, 4 letter, 8 begins one outside
    ASCII, 32 capital (and the bit that makes it small)."""
    table = np.zeros(256, dtype=np.uint8)
    for byte in range(256):
        capital = 65 <= byte <= 90
        letter = capital or 97 <= byte <= 122 or byte >= 128
        table[byte] = (
            (byte & 0xC0 != 0x80)
            | (letter or 48 <= byte <= 57) << 1
            | letter << 2
            | (byte >= 0xC0) << 3
            | capital << 5
        )
    return table


_CLASS = _classes()
# What a byte adds to the tally of its word: 16 bits each for characters, signs (letters or digits),
# letters and capitals.
_TALLY = np.array(
    [sum((kind >> bit & 1) << 16 * place for place, bit in enumerate((0, 1, 2, 5)))
     for kind in _CLASS.tolist()],
    dtype=np.uint64,
)  # fmt: skip
# A longer run of bytes without a space counts as several words.
_LONGEST_WORD = 60_000
_STAMP = np.uint64(0xFFFFFF)


@kernel()
def _is_new(table, stamp, digest) -> bool:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Whether the table has not met the digest under this stamp; it has after the call.

    A slot holds the upper 40 bits of a digest and the 24 of its stamp.
    """
    mask = np.uint64(len(table) - 1)
    slot = (digest ^ (digest >> np.uint64(29))) & mask
    entry = (digest & ~_STAMP) | stamp
    for _ in range(32):
        if table[slot] == entry:
            return False
        if table[slot] & _STAMP != stamp:
            table[slot] = entry
            return True
        slot = (slot + np.uint64(1)) & mask
    return False


@kernel()
def _count(data, offsets, keys, kinds, slots, columns):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    documents = len(offsets) - 1
    out = np.zeros((documents, columns), dtype=np.int64)
    words, lines = np.zeros(slots, np.uint64), np.zeros(slots, np.uint64)
    field = np.uint64(0xFFFF)
    for document in range(documents):
        start, end = offsets[document], offsets[document + 1]
        stamp = np.uint64(document + 1)
        all_words = distinct = characters = function = bare = shouted = sentences = symbols = 0
        all_lines = ended = bullets = ellipses = repeated = outside = 0
        line = np.uint64(FNV_OFFSET)
        position = start
        while True:
            begin = position
            word = np.uint64(FNV_OFFSET)  # hash of the letters and digits of the word so far
            tally = np.uint64(0)
            while position < end and data[position] > 32 and position - begin < _LONGEST_WORD:
                byte = data[position]
                kind = _CLASS[byte]
                tally += _TALLY[byte]
                outside += int((kind >> 3) & 1)
                if kind & 2:
                    word = fnv1a_step(word, byte | (kind & 32))
                elif byte == 35:
                    symbols += 1
                elif byte == 46 and position + 1 < end and data[position + 1] == 46:
                    symbols += int(position == start or data[position - 1] != 46)
                position += 1
            if position > begin:
                points = tally & field
                signs = (tally >> np.uint64(16)) & field
                letters = (tally >> np.uint64(32)) & field
                capitals = tally >> np.uint64(48)
                all_words += 1
                characters += int(points)
                bare += letters == 0
                shouted += int(capitals > 1 and capitals == letters)
                last = data[position - 1]
                if last < 48 or (last > 57 and signs < points):
                    sentences += line_end(data, max(start, position - 8), position) == 1
                if signs:
                    function += int(look_up(keys, kinds, word))
                    distinct += _is_new(words, stamp, word)
                line = fnv1a_step(line, word)
            if position < end and data[position] > 32:
                continue
            if position == end or data[position] == 10:
                stop = position
                while stop > start and data[stop - 1] <= 32:
                    stop -= 1
                if stop > start:
                    ending = line_end(data, start, stop)
                    first = data[start]
                    all_lines += 1
                    ended += ending == 1
                    bullets += (
                        first == 42 or first == 45 or (first == 0xE2 and data[start + 2] == 0xA2)
                    )
                    ellipses += ending == 2
                    repeated += not _is_new(lines, stamp, line)
                start = position + 1
                line = np.uint64(FNV_OFFSET)
            if position == end:
                break
            position += 1
        row = out[document]  # number by number: all at once takes a second more to compile
        row[0], row[1], row[2], row[3] = all_words, distinct, characters, function
        row[4], row[5], row[6], row[7] = bare, shouted, sentences, symbols
        row[8], row[9], row[10], row[11] = all_lines, ended, bullets, ellipses
        row[12], row[13] = repeated, outside
    return out
