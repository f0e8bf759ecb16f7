"""Numbers are compared by value, and a rounding agrees with what was rounded."""

from __future__ import annotations

import numpy as np
import pytest

from scrub.match.numbers import agree, decimal
from scrub.match.tokens import tokenize


def symbol(text: str) -> int:
    return int(decimal(np.frombuffer(text.encode(), np.uint8), 0, len(text)))


@pytest.mark.parametrize(
    ("one", "other"),
    [("1.0", "1"), ("0.50", "0.5"), (".5", "0.5"), ("1,000", "1000"), ("007", "7"), ("0.0", "0")],
)
def test_one_value_is_one_symbol(one: str, other: str) -> None:
    assert symbol(one) == symbol(other) != 0


@pytest.mark.parametrize(
    ("one", "other"),
    [("5", "50"), ("5", "0.5"), ("1986", "1987"), ("1234567", "1234568"), ("100001", "10001")],
)
def test_other_values_are_other_symbols(one: str, other: str) -> None:
    assert symbol(one) != symbol(other)
    assert not agree(symbol(one), symbol(other))


@pytest.mark.parametrize("text", ["1/2", "9:30", "10-11", "88A", "1.2.3", "٣"])
def test_what_is_no_decimal_has_no_value(text: str) -> None:
    assert symbol(text) == 0


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("3.3", "3,309,000"),  # million
        ("1.46", "1,459,193,000"),  # billion
        ("268.8", "268,797"),
        ("12", "11,953,211"),
        ("2,665", "2,665,000"),  # thousand
        ("5", "5,000,000"),
        ("45.7", "45.678"),
    ],
)
def test_a_rounding_agrees(short: str, long: str) -> None:
    assert agree(symbol(short), symbol(long))
    assert agree(symbol(long), symbol(short))


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("3.4", "3,309,000"),
        ("3", "3,309,000"),  # one digit says too little
        ("3.3", "33,090"),  # neither thousands nor millions apart
        ("5.9", "5.92"),  # prices and rates, not a rounding
        ("41.4", "41.35"),
        ("0", "5"),
    ],
)
def test_what_is_no_rounding(short: str, long: str) -> None:
    assert not agree(symbol(short), symbol(long))
    assert not agree(symbol(long), symbol(short))


def test_words_for_numbers_have_their_value() -> None:
    tokens = tokenize(["nine 9 9.0 twenty 20 1/2 3/4"])
    nine, same, too, twenty, more, half, other = tokens.symbol.tolist()
    assert nine == same == too == symbol("9")
    assert twenty == more == symbol("20")
    assert half == tokens.hash[5] != other == tokens.hash[6]
