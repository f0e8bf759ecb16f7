"""One compiled look at a batch: which documents could any clean rule change at all?

Most texts need nothing, and a regular expression a rule would be ten times the time of the whole
run.  `suspects` reads the UTF-8 bytes of a batch once and finds what every rule needs at least:
a character to repair, space to fold, a line broken inside a sentence, or a candidate line
(`lines.is_candidate`).  A document with none of these is one that `clean_text` returns as it is,
and one with some needs only the steps for these; `tests/laws/test_clean_text.py` holds it to that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from scrub.clean.lines import LONGEST, OPENERS, STRONG
from scrub.clean.page import MIN_FURNITURE_LINES
from scrub.clean.text import BREAKS, CHARACTERS, GLUED, LINES, PAGE, SPACES
from scrub.hashing import FNV_OFFSET, find_key, fnv1a, fnv1a_step, lay_out
from scrub.kernels import kernel
from scrub.languages import CLOSERS, STOPS

# Texts as UTF-8 in one array, and where each begins and ends.
Packed = tuple["NDArray[np.uint8]", "NDArray[np.int64]"]

_STRONG, _OPENER = 1, 2  # bits of a word, see `_vocabulary`
_SLOTS = 1 << 10  # of a table of words
_STOPS, _CLOSING = (np.array([ord(mark) for mark in marks]) for marks in (STOPS, CLOSERS))

# What a byte is: nearly all are ordinary, and one look decides.
_ORDINARY, _CONTROL, _AMPERSAND, _OUTSIDE = 0, 1, 2, 3
_CLASSES = np.full(256, _ORDINARY, np.uint8)
_CLASSES[:32] = _CLASSES[127] = _CONTROL
_CLASSES[ord("&")] = _AMPERSAND
_CLASSES[128:] = _OUTSIDE
# Letters and digits of ASCII in lower case, 0 for every other byte.
_LOWER = np.array(
    [ord(chr(byte).lower()) if byte < 128 and chr(byte).isalnum() else 0 for byte in range(256)],
    np.uint8,
)


def pack(texts: Sequence[str]) -> Packed:
    """The texts as UTF-8 in one array, and where each begins and ends: shape (len(texts) + 1,)."""
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    offsets = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum([len(text) for text in encoded], out=offsets[1:])
    return np.frombuffer(b"".join(encoded) or b"\n", dtype=np.uint8), offsets


def suspects(
    data: NDArray[np.uint8], offsets: NDArray[np.int64], *, uncurl_quotes: bool = False
) -> NDArray[np.uint8]:
    """What each packed document has that a rule could act on, as bits; 0: nothing can change it."""
    return np.asarray(
        _suspects(
            data, offsets, _CLASSES, _LOWER, *_vocabulary(), LONGEST, MIN_FURNITURE_LINES,
            uncurl_quotes,
        )
    )  # fmt: skip


def word_table(
    vocabulary: Iterable[tuple[Iterable[str], int]],
) -> tuple[NDArray[np.uint64], NDArray[np.uint8]]:
    """Words as a table for kernels: FNV-1a hashes, and the bits of each word."""
    flags: dict[str, int] = {}
    for words, flag in vocabulary:
        for word in words:
            flags[word] = flags.get(word, 0) | flag
    hashes = np.array([fnv1a(word.encode()) for word in flags], np.uint64)
    homes = (hashes ^ hashes >> np.uint64(32)) & np.uint64(_SLOTS - 1)
    slots = lay_out(hashes, homes.astype(np.int64), _SLOTS)
    keys, kinds = np.zeros(_SLOTS, np.uint64), np.zeros(_SLOTS, np.uint8)
    keys[slots], kinds[slots] = hashes, list(flags.values())
    return keys, kinds


@cache
def _vocabulary() -> tuple[NDArray[np.uint32], NDArray[np.uint64], NDArray[np.uint8]]:
    """The words by first letter, as bits for the lengths there are, and by hash."""
    lengths = np.zeros(256, np.uint32)
    for word in STRONG | OPENERS:
        lengths[ord(word[0])] |= np.uint32(1 << len(word))
    return lengths, *word_table(((STRONG, _STRONG), (OPENERS, _OPENER)))


@kernel()
def look_up(keys, kinds, digest):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """The bits of the word with this hash, 0 where the table has none."""
    return kinds[find_key(keys, digest, digest ^ digest >> np.uint64(32))]  # a free slot has 0


@kernel()
def line_end(data, start, stop) -> int:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """How the line `[start, stop)` ends: 0 openly, 1 with a sentence, 2 with an ellipsis.

    Closing quotes and brackets after the mark are passed over.
    """
    if stop - start >= 3:
        if data[stop - 1] == 46 and data[stop - 2] == 46 and data[stop - 3] == 46:
            return 2
        if data[stop - 1] == 0xA6 and data[stop - 2] == 0x80 and data[stop - 3] == 0xE2:
            return 2
    while stop > start:
        code, shift = np.int64(0), 0
        while stop > start:  # the last character, from its last byte on
            stop -= 1
            code |= np.int64(data[stop] & (0x3F if data[stop] < 0xE0 else 0x0F)) << shift
            shift += 6
            if data[stop] & 0xC0 != 0x80:
                break
        if shift == 6:
            code = np.int64(data[stop])
        for mark in _STOPS:
            if code == mark:
                return 1
        closes = False
        for mark in _CLOSING:
            closes |= code == mark
        if not closes:
            return 0
    return 0


@kernel()
def _named(data, start, stop, lower, lengths, keys, kinds) -> bool:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Whether the line holds a strong word, or begins with an opener."""
    position = start
    is_first = True
    while position < stop:
        initial = lower[data[position]]
        if initial == 0:
            position += 1
            continue
        begin = position
        while position < stop and lower[data[position]]:
            position += 1
        length = position - begin
        if length < 32 and (lengths[initial] >> np.uint32(length)) & np.uint32(1):
            digest = np.uint64(FNV_OFFSET)
            for place in range(begin, position):
                digest = fnv1a_step(digest, lower[data[place]])
            kind = look_up(keys, kinds, digest)
            if kind & _STRONG or (kind & _OPENER and is_first):
                return True
        is_first = False
    return False


@kernel()
def _is_entity(data, position, end):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Whether an `&` begins what could be an entity: up to 24 letters or digits, then `;`."""
    position += 1
    if position < end and data[position] == 35:
        position += 1
    for ahead in range(position, min(end, position + 25)):
        byte = data[ahead]
        lower = byte | 32
        if byte == 59:
            return ahead > position
        if not (97 <= lower <= 122 or 48 <= byte <= 57):
            return False
    return False


@kernel()
def _is_glued(data, start, stop) -> bool:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Whether the line begins with a capital, two or more small letters, and a capital."""
    position = start + 1
    while position < stop and 97 <= data[position] <= 122:
        position += 1
    if position < start + 3 or position == stop:
        return False
    return bool(65 <= data[start] <= 90 and 65 <= data[position] <= 90)


@kernel()
def _suspects(data, offsets, classes, lower, lengths, keys, kinds, longest, page, uncurl):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    documents = len(offsets) - 1
    out = np.zeros(documents, dtype=np.uint8)
    for document in range(documents):
        begin, end = offsets[document], offsets[document + 1]
        found = 0
        if begin == end:
            continue
        if data[begin] <= 32 or data[end - 1] <= 32:
            found |= SPACES
        if (data[begin] | 32) == 100 and end - begin > 4 and (data[begin + 3] | 32) == 101:
            found |= LINES  # "date": perhaps a header before the text
        blanks = 2
        candidates = 0
        open_before = False
        start = begin
        while start < end:
            stop = start
            wide = 0  # bytes that only continue a character
            doubled = False
            foreign = False
            before = np.uint8(10)
            while stop < end:
                byte = data[stop]
                kind = classes[byte]
                if kind == _ORDINARY:
                    doubled |= (byte == 32) & (before == 32)
                    before = byte
                    stop += 1
                    continue
                if byte == 10:
                    break
                if kind == _CONTROL:
                    found |= CHARACTERS if byte != 9 else SPACES
                elif kind == _AMPERSAND:
                    if _is_entity(data, stop, end):
                        found |= CHARACTERS
                else:
                    second = data[stop + 1]
                    width = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
                    third = data[stop + 2] if width == 3 else np.uint8(0)
                    # the quotes, dashes, ellipsis and pound sign of encoding.PLAIN, each alone
                    plain = (byte == 0xC2 and second == 0xA3) or (
                        byte == 0xE2
                        and second == 0x80
                        and (0x93 <= third <= 0x94 or 0x98 <= third <= 0x99 or third == 0xA6
                             or 0x9C <= third <= 0x9D)
                    )  # fmt: skip
                    if before >= 128 or uncurl or not plain:
                        found |= CHARACTERS
                        if byte == 0xC2 and second == 0xA9:
                            found |= LINES  # the copyright sign, wherever it stands
                    # a letter of no Latin script, or a Latin one of Vietnamese
                    foreign |= (byte >= 0xD0) & (byte != 0xE2)
                    wide += width - 1
                    stop += width - 1
                before = byte
                stop += 1
            points = stop - start - wide
            if doubled:
                found |= SPACES
            if stop == start:
                blanks += 1
                if blanks > 1 and start > begin:
                    found |= SPACES
            else:
                if data[start] == 32 or data[stop - 1] == 32:
                    found |= SPACES
                if points == 1 or (blanks == 0 and open_before):
                    found |= BREAKS
                ending = line_end(data, start, stop)
                # a line is judged without the space around it, which can be of many kinds
                trimmed = 32 < data[start] < 128 and 32 < data[stop - 1] < 128
                if (points <= longest or not trimmed) and (
                    ending != 1 or foreign or _named(data, start, stop, lower, lengths, keys, kinds)
                ):
                    found |= LINES
                    candidates += 1
                    if candidates == page:
                        found |= PAGE
                    if _is_glued(data, start, stop):
                        found |= GLUED
                open_before = ending != 1
                blanks = 0
            start = stop + 1
        out[document] = found
    return out
