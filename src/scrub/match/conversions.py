"""One amount in two units: 12 miles and 19 kilometres, 5 million dollars and 4.6 million euros.

Editions for other readers convert what they measure.  The units are those that English editions
convert between; an amount without a unit word is not known to be one.
"""

from __future__ import annotations

import numpy as np

from scrub.kernels import Array, kernel
from scrub.match.numbers import value
from scrub.match.scan import word_hash
from scrub.searching import lower_bound

# Writers round: three feet are a metre. Set by hand.
_TOLERANCE = 0.1
# Two currencies of one order: what a euro costs is not known here.  Set by hand.
_EXCHANGE = 2.5
_DEGREES, _FREEZING, _DEGREE = "degrees", 32.0, 1.8

# Words of each unit of a dimension, and what it is in the first one.
_UNITS: tuple[dict[str, float], ...] = (
    {
        "metre metres meter meters": 1,
        "kilometre kilometres kilometer kilometers km kms kph": 1000,
        "centimetre centimetres centimeter centimeters cm": 0.01,
        "millimetres millimeters mm": 0.001,
        "mile miles mph": 1609.3, "yard yards": 0.9144, "foot feet ft": 0.3048,
        "inch inches": 0.0254,
    },
    {
        "kilo kilos kilogram kilograms kg": 1, "gram grams grammes": 0.001, "tonne tonnes": 1000,
        "pound pounds lb lbs": 0.4536, "ounce ounces oz": 0.02835, "stone": 6.35, "ton tons": 907.2,
    },
    {"litre litres liter liters": 1, "gallon gallons": 3.785, "pint pints": 0.4732},
    {"litre litres liter liters": 1, "gallon gallons": 4.546, "pint pints": 0.5683},
    {"hectare hectares": 1, "acre acres": 0.4047},
    {"dollar dollars dlrs": 1, "euro euros": 2, "pound pounds stg": 3, "franc francs": 4},
)  # fmt: skip
_CURRENCIES = len(_UNITS) - 1


def _table() -> tuple[Array, Array, Array]:
    """The units of unit words (without kind), sorted, with their dimension and factor."""
    rows = sorted(
        (word_hash(word) & ~3, dimension, factor)
        for dimension, units in enumerate(_UNITS)
        for words, factor in units.items()
        for word in words.split()
    )
    keys, dimensions, factors = zip(*rows, strict=True)
    return np.array(keys, np.uint32), np.array(dimensions), np.array(factors, np.float64)


_WORDS, _DIMENSIONS, _FACTORS = _table()
_SQUARE, _PLURAL = (np.uint32(word_hash(word) & ~3) for word in ("square", _DEGREES))


@kernel()
def is_converted(units: Array, t: int, last: int, u: int, high: int) -> Array:
    """Whether the numbers at t and u, in sentences that end there, are one amount in two units."""
    one, other = value(units[t]), value(units[u])
    if one <= 0 or other <= 0:
        return False
    for k in range(1, min(3, last - t, high - u)):
        mine, theirs = units[t + k], units[u + k]
        if mine == theirs:
            if mine == _PLURAL:
                warm, cold = max(one, other), min(one, other)
                return abs((warm - _FREEZING) / _DEGREE - cold) <= 1
            continue
        power = 2 if k == 2 and units[t + 1] == _SQUARE else 1
        i = lower_bound(_WORDS, mine)
        while i < len(_WORDS) and _WORDS[i] == mine:
            j = lower_bound(_WORDS, theirs)
            while j < len(_WORDS) and _WORDS[j] == theirs:
                if _DIMENSIONS[i] == _DIMENSIONS[j] and _FACTORS[i] != _FACTORS[j]:
                    ratio, most = one / other, _EXCHANGE
                    if _DIMENSIONS[i] != _CURRENCIES:
                        ratio *= (_FACTORS[i] / _FACTORS[j]) ** power
                        most = 1 + _TOLERANCE
                    if max(ratio, 1 / ratio) <= most:
                        return True
                j += 1
            i += 1
        return False
    return False
