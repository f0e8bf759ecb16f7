"""Numbers by their value: 1.0 is 1 and "one", and 1.46 billion is 1,459,193,000, rounded."""

from __future__ import annotations

import numpy as np

from scrub.kernels import Array, kernel

# A symbol: 20 bits of leading digits, 4 of the digits beyond them, 6 of the place of the decimal
# point, and 2 left for the kind of word.
_LEADING, _BEYOND, _POINT = 12, 8, 2
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
    return np.uint32(leading << _LEADING | beyond << _BEYOND | (point - _LEFTMOST) << _POINT)


@kernel()
def read_numbers(data: Array, starts: Array, ends: Array, symbols: Array) -> None:
    """Give plain decimals among the words their symbol; all other words keep theirs."""
    for t in range(len(symbols)):
        if 48 <= data[starts[t]] <= 57:
            symbol = decimal(data, starts[t], ends[t])
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
    moved = abs((short >> _POINT & 63) - (long >> _POINT & 63))
    kept = _digits(short)
    if kept == 0 or moved % 3:
        return False
    if short >> _BEYOND == long >> _BEYOND:
        return True
    dropped = min(_DIGITS, _digits(long)) - kept
    if kept < 2 or dropped < (1 if moved else 2):
        return False
    unit = 10**dropped
    return ((long >> _LEADING) + unit // 2) // unit == short >> _LEADING


@kernel()
def _digits(symbol: int) -> Array:
    """How many significant digits a symbol has; one more than it holds stands for all beyond."""
    leading, digits = symbol >> _LEADING, 0
    while leading:
        leading //= 10
        digits += 1
    return digits + (symbol >> _BEYOND & 15 != 0)
