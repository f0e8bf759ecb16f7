"""Numbers by their value: 1.0 is 1 and "one", and 1.46 billion is 1,459,193,000, rounded."""

from __future__ import annotations

import numpy as np

from scrub.kernels import Array, kernel
from scrub.match.characters import character, decode

# A symbol: 20 bits of leading digits, 4 of the digits beyond them, 6 of the place of the decimal
# point, and 2 left for the kind of word.
LEADING, _BEYOND, POINT = 12, 8, 2
_DIGITS = 6
_LEFTMOST, _RIGHTMOST = -16, 47


@kernel()
def decimal(data: Array, start: int, end: int) -> Array:
    """The symbol of the number at bytes start..end; 0 for what is no plain decimal (1/2, 9:30).

    Commas, and zeros that only fill up, do not count: 1,000.50 is 1000.5.
    """
    leading = beyond = digits = zeros = point = 0
    fraction = False
    for k in range(start, end):
        byte = int(data[k])
        if byte == 44:
            continue
        if byte == 46 and not fraction:
            fraction = True
            continue
        if byte < 48 or byte > 57:
            return np.uint32(0)
        if byte == 48 and digits == 0:
            point -= fraction
            continue
        point += not fraction
        if byte == 48:
            zeros += 1
            continue
        for digit in range(zeros + 1):
            value = byte - 48 if digit == zeros else 0
            digits += 1
            if digits <= _DIGITS:
                leading = 10 * leading + value
            else:
                beyond = (beyond * 7 + value + 1) & 15
        zeros = 0
    point = max(_LEFTMOST, min(_RIGHTMOST, point)) if digits else 0
    return np.uint32(leading << LEADING | beyond << _BEYOND | (point - _LEFTMOST) << POINT)


@kernel()
def read_numbers(
    data: Array, table: Array, starts: Array, ends: Array, kinds: Array, symbols: Array
) -> None:
    """Give plain decimals among the words their symbol; all other words keep theirs.

    Digits of any script are digits: those of the character `table`.  `data` and `starts` to
    `symbols` are as in Tokens.
    """
    digits = np.empty(64, np.uint8)
    for t in range(len(symbols)):
        start, end = starts[t], ends[t]
        symbol = np.uint32(0)
        if 48 <= data[start] <= 57:
            symbol = decimal(data, np.int64(start), np.int64(end))
        elif kinds[t] & 3 == 3 and data[start] >= 0x80:
            i, n = np.int64(start), 0
            while i < end and n < len(digits):
                code, width = decode(data, i, np.int64(end))
                folded = character(table, code) & 0xFFFF
                digits[n] = folded if folded < 0x80 else 0
                i += width
                n += 1
            symbol = decimal(digits, np.int64(0), np.int64(n)) if i >= end else symbol
        if symbol:
            symbols[t] = symbol


@kernel()
def agree(one: Array, other: Array) -> Array:
    """Whether two symbols are one number, or one is the other rounded to two digits or more.

    Thousands and millions may be written out: 3.3 (million) agrees with 3,309,000.
    """
    if one == other:
        return True
    short, long = int(one), int(other)
    if _digits(short) > _digits(long):
        short, long = long, short
    moved = abs((short >> POINT & 63) - (long >> POINT & 63))
    kept = _digits(short)
    if kept == 0 or moved % 3:
        return False
    if short >> _BEYOND == long >> _BEYOND:
        return True
    dropped = min(_DIGITS, _digits(long)) - kept
    if kept < 2 or dropped < (1 if moved else 2):
        return False
    unit = 10**dropped
    return ((long >> LEADING) + unit // 2) // unit == short >> LEADING


@kernel()
def _digits(symbol: int) -> Array:
    """How many significant digits a symbol has; one more than it holds stands for all beyond."""
    leading, digits = symbol >> LEADING, 0
    while leading:
        leading //= 10
        digits += 1
    return digits + (symbol >> _BEYOND & 15 != 0)


@kernel()
def value(symbol: Array) -> Array:
    """The number that a symbol stands for, to its six leading digits."""
    leading = int(symbol) >> LEADING
    digits = 0
    while 10**digits <= leading:
        digits += 1
    return leading * 10.0 ** ((int(symbol) >> POINT & 63) + _LEFTMOST - digits)
