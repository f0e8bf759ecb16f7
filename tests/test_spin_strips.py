"""Strips of anchors: what is rare in two texts, at nearly one distance."""

from __future__ import annotations

import pytest

from scrub.spin.strips import strips


def apart(words: str, gap: int, side: str) -> list[str]:
    """The words with so many others between them, none of which the other side has."""
    made = []
    for word in words.split():
        made += [word, *(f"{side}{word}{at}" for at in range(gap))]
    return made


@pytest.mark.parametrize(
    ("gap_a", "gap_b", "whole"),
    [
        (0, 0, True),
        (0, 3, True),  # shifted by three words between two anchors
        (0, 4, False),
        (3, 0, True),
        (4, 0, False),
        (39, 39, True),  # forty words from one anchor to the next
        (40, 40, False),
        (39, 36, True),
    ],
)
def test_anchors_in_reach_and_hardly_shifted_are_one_strip(
    gap_a: int, gap_b: int, whole: bool
) -> None:
    a, b = apart("mole vole", gap_a, "a"), apart("mole vole", gap_b, "b")
    assert strips(a, b) == ([(0, gap_a + 2, 0, gap_b + 2)] if whole else [])


@pytest.mark.parametrize(
    ("a", "b", "found"),
    [
        ("x mole y", "z mole w", []),  # one anchor is no strip
        ("mole vole", "mole vole", [(0, 2, 0, 2)]),
        ("mole vole", "vole mole", []),  # not in this order
        ("the mole the", "the mole the", [(0, 2, 0, 2)]),  # "the mole", "mole", "mole the"
        ("u v w 1 u v w", "u v w", [(0, 2, 0, 2), (4, 6, 0, 2)]),  # two pairs, twice in one text
        ("u v w", "u v w 1 u v w", [(0, 2, 0, 2), (0, 2, 4, 6)]),
        ("u v 1 u v", "u v", [(0, 4, 0, 1)]),  # both stand beside the one
        ("u v w 1 u v w 2 u v w", "u v w", []),  # three times is not rare
        ("", "mole vole", []),
        ("mole", "mole", []),
        ("mole vole", "", []),
    ],
)
def test_what_is_an_anchor(a: str, b: str, found: list[tuple[int, int, int, int]]) -> None:
    assert strips(a.split(), b.split()) == found


def test_the_best_supported_strip_comes_first() -> None:
    few, many = apart("mole vole", 0, ""), apart("ape bee cat dog", 0, "")
    far = [f"far{at}" for at in range(60)]
    a, b = [*few, *far, *many], [*many, *(word + "b" for word in far), *few]
    assert strips(a, b) == [(62, 66, 0, 4), (0, 2, 64, 66)]
    assert strips(b, a) == [(0, 4, 62, 66), (64, 66, 0, 2)]


def test_an_anchor_goes_to_the_strip_that_has_most_else_to_the_first() -> None:
    assert strips([*"pqrstz"], [*"pqr1stz"]) == [(0, 6, 0, 7)]
    assert strips([*"uv1x"], [*"uv23uvx"]) == [(0, 4, 0, 7)]


def test_a_strip_is_in_reach_of_each_anchor_of_the_last_word_within_it() -> None:
    a = ["mole", *(f"a{at}" for at in range(39)), "u", "v"]
    b = [
        "mole",
        *(f"b{at}" for at in range(9)),
        "u",
        "v",
        *(f"c{at}" for at in range(27)),
        "u",
        "v",
    ]
    assert strips(a, b) == [(0, 41, 0, 40)]
