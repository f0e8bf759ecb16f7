"""Standing blocks are no copies, and what is one's own among them is."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from scrub.config import MatchSettings
from scrub.match import account
from scrub.match.explain import explain
from scrub.match.features import features
from scrub.match.pairs import blocks_of, find_copies, group_exact, look_at_candidates
from scrub.match.standing import have_a_third, is_form, is_kindred, is_standing
from scrub.match.verify import MEASURES, measure
from stories import FERRY, MUSEUM, SCHOOL, edited, filler, sentences, spun

CASES = json.loads((Path(__file__).parent / "cases" / "standing.json").read_text("utf-8"))
SETTINGS = MatchSettings()
CROWD = {f"other{n:02d}": filler(n) for n in range(25)}


def series(name: str) -> list[str]:
    """The texts of a case: each line of `own` between those of the block."""
    case = CASES[name]
    made = []
    for own in case["own"]:
        rest = iter(own)
        parts = (next(rest) if part == "*" else part for part in case["block"])
        made.append("\n\n".join(parts))
    return made


def clusters(texts: dict[str, str]) -> dict[str, str]:
    bodies = list(texts.values())
    return find_copies(features(bodies, SETTINGS), list(texts), bodies).clusters


@pytest.mark.parametrize("crowd", [{}, CROWD], ids=["alone", "crowd"])
@pytest.mark.parametrize("name", sorted(CASES))
def test_texts_of_a_series_stay_apart_and_their_copies_are_found(
    name: str, crowd: dict[str, str]
) -> None:
    texts = {f"d{k}": text for k, text in enumerate(series(name))}
    found = clusters(texts | crowd)
    assert len({found[i] for i in texts}) == len(texts)
    copied = {"edited": edited(texts["d0"], 0.05), "spun": spun(texts["d1"], 0.3)}
    found = clusters(texts | crowd | copied)
    assert found["edited"] == found["d0"]
    assert found["spun"] == found["d1"]
    assert len({found[i] for i in texts}) == len(texts)


@pytest.mark.parametrize("name", sorted(n for n in CASES if CASES[n].get("two", True)))
def test_two_of_a_series_are_enough(name: str) -> None:
    for one, other in combinations(series(name), 2):
        assert len(set(clusters({"a": one, "b": other}).values())) == 2


def test_an_excerpt_of_a_member_goes_with_that_member() -> None:
    texts = {f"d{k}": text for k, text in enumerate(series("jobs"))}
    cut = sentences(texts["d1"])
    texts["cut"] = " ".join(cut[2:8])  # half of it the block's
    found = clusters(texts | CROWD)
    assert found["cut"] == found["d1"]
    assert len({found[f"d{k}"] for k in range(3)}) == 3


def test_no_copy_is_taken_for_a_series() -> None:
    """Many copies of one story, each with the notices of another site, are one story."""
    notices = [f"The {site} is printed on Fridays. Write to us at the {site}." for site in "abcdef"]
    texts = {f"s{k}": f"{FERRY}\n\n{notice}" for k, notice in enumerate(notices)}
    texts |= {f"t{k}": " ".join(sentences(spun(FERRY, 0.4, k))[k:8]) for k in range(4)}
    assert len(set(clusters(texts).values())) == 1


def test_an_update_is_no_series() -> None:
    """The tail stands, and what is new is of the same people and places."""
    lines = sentences(FERRY)
    new = spun(" ".join(lines[:4]), 0.7)
    update = f"{new} {' '.join(lines[4:])}"
    assert len(set(clusters({"a": FERRY, "b": update}).values())) == 1


def test_explain_says_that_a_block_is_all_they_share() -> None:
    texts = series("column")[:2]
    found = explain(features(texts, SETTINGS), ["a", "b"], texts, "a", "b")
    assert not found.linked
    assert any("block" in line for line in found.missing)
    assert next(term.value for term in found.terms if term.name == "standing") == -2


def measured(a: str, b: str, blocks: int = 0) -> np.void:
    nothing = np.zeros(1, np.uint16)
    pair = np.zeros(1, np.int64), np.ones(1, np.int64)
    table = np.full(1, blocks, np.uint16)
    return measure(features([a, b], SETTINGS), *pair, nothing, nothing, table)[0]


HEAD = "Nine gulls sat on the roof of the old mill all day."  # 12 words
OTHER = "Two bakers from the hills bought a red van and a bell."  # 12
MIDDLE = "Nobody in the house knew where the keys of the cellar were."  # 12
SHARED = (
    "The town library opens at nine and closes when the last reader has gone home. "
    "Books can be kept for four weeks, and longer if nobody else has asked for them."
)  # 15 + 16
MENU = "Home News Sport Weather Contact"


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (
            f"{HEAD} {SHARED}", f"{OTHER} {SHARED}",
            {"swaps": 1, "swapped_a": 12, "swapped_b": 12, "head_a": 12, "head_b": 12},
        ),
        (
            f"{SHARED} {HEAD}", f"{SHARED} {OTHER}",
            {"swaps": 1, "swapped_a": 12, "swapped_b": 12, "tail_a": 12, "tail_b": 12},
        ),
        (f"{HEAD} {SHARED}", f"{SHARED} {OTHER}", {"dropped_a": 12, "dropped_b": 12}),
        (f"{HEAD} {SHARED}", SHARED, {"dropped_a": 12}),
        (f"{MENU}\n\n{SHARED}", f"{OTHER} {SHARED}", {"dropped_b": 12}),
        (
            f"{HEAD} {SHARED} {MIDDLE}", f"{OTHER} {SHARED} {OTHER}",
            {"swaps": 2, "swapped_a": 24, "swapped_b": 24, "head_a": 12, "head_b": 12, "tail_a": 12,
             "tail_b": 12},
        ),
    ],
    ids=["heads", "tails", "crossed", "excerpt", "menu", "both"],
)  # fmt: skip
def test_prose_stands_opposite_prose(a: str, b: str, expected: dict[str, int]) -> None:
    row = measured(a, b)
    names = [f"{n}_{side}" for n in ("swapped", "head", "tail", "dropped") for side in "ab"] + [
        "swaps"
    ]
    assert {name: int(row[name]) for name in names if row[name]} == expected


def test_what_stands_in_a_series_is_told_from_what_is_own() -> None:
    own = measured(f"{HEAD} {SHARED}", f"{OTHER} {SHARED}", blocks=1)
    assert [own[n] for n in ("block_a", "block_b", "own_a", "own_b")] == [0, 0, 31, 31]
    block = measured(f"{HEAD} {SHARED}", f"{OTHER} {SHARED}", blocks=2)
    assert [block[n] for n in ("block_a", "block_b", "own_a", "own_b")] == [31, 31, 0, 0]


def test_words_that_the_rests_share_are_counted() -> None:
    row = measured(
        f"{HEAD} {SHARED}", f"Nine gulls bought a mill and a bell for the town. {SHARED}"
    )
    assert (row["kin"], row["kin_of"]) == (2, 4)  # gulls, mill; "nine" and "town" are the block's
    inside = measured(SHARED, f"The last reader has four keys of the library. {SHARED}")
    assert (inside["inner_b"], inside["inner_of_b"]) == (4, 5)
    named = f"{SHARED} The porter there is called Rekdal."
    inside = measured(named, f"On Monday we gave our four keys to Rekdal. {named}")
    assert (inside["inner_b"], inside["inner_of_b"]) == (4, 5)  # four, and a name, which is three


def row(**given: float) -> np.ndarray:
    made = np.zeros(1, MEASURES)
    for name, value in given.items():
        made[name] = value
    return made


# Tails of two texts, heads of their own.
TAILS = {
    "words_a": 100, "words_b": 200, "swaps": 1, "swapped_a": 10, "swapped_b": 40, "head_a": 10,
    "head_b": 40, "kin": 3, "kin_of": 20, "aligned_a": 10,
}  # fmt: skip
SERIES = {
    "words_a": 100, "words_b": 200, "block_a": 60, "block_b": 60, "own_a": 8, "own_b": 28,
    "kin": 4, "kin_of": 10,
}  # fmt: skip


def test_what_makes_a_block_of_two_texts() -> None:
    assert is_form(row(**TAILS))[0]
    for name, value in {
        "swapped_a": 9, "swapped_b": 19, "kin": 4, "dropped_a": 6, "dropped_b": 11, "swaps": 0,
        "tail_a": 1, "tail_b": 21,
    }.items():  # fmt: skip
        assert not is_form(row(**{**TAILS, name: value}))[0], name
    assert is_form(row(**{**TAILS, "kin": 0, "kin_of": 0}))[0]  # no words that could be shared
    after = {**TAILS, "swapped_a": 17, "swapped_b": 60, "tail_a": 17, "tail_b": 60}
    assert is_form(row(**after))[0]
    assert not is_form(row(**{**after, "swapped_a": 16}))[0]
    assert account.terms(row(**TAILS))["standing"][0] == -2


def test_a_rewording_is_as_long_as_what_it_rewords() -> None:
    even = {**TAILS, "swapped_a": 18, "swapped_b": 20, "words_b": 100, "head_a": 0, "head_b": 0}
    assert not is_form(row(**even))[0]
    assert is_form(row(**{**even, "swapped_b": 21}))[0]
    assert is_form(row(**{**even, "verbatim": 9}))[0]
    much = {**even, "swapped_a": 25, "swapped_b": 25, "dropped_a": 12, "kin": 4}
    assert is_form(row(**much))[0]
    for name, value in {"swapped_a": 24, "swapped_b": 24, "dropped_a": 13, "kin": 5}.items():
        assert not is_form(row(**{**much, name: value}))[0], name
    alternating = {**much, "dropped_a": 13, "swaps": 3, "frame": 60}
    assert is_form(row(**alternating))[0]
    assert is_form(row(**{**alternating, "frame_shared": 50}))[0]
    assert not is_form(row(**{**alternating, "frame_shared": 51}))[0]  # swapped word for word
    assert is_form(row(**{**alternating, "frame_shared": 51, "verbatim": 9}))[0]


# Sentences replaced between others, which have names and tell of the same.
REPLACED = {
    "words_a": 100, "words_b": 100, "swaps": 1, "swapped_a": 26, "swapped_b": 29, "kin_of": 20,
    "aligned_a": 10, "names": 6, "numbers": 4, "inner_a": 2, "inner_of_a": 10, "verbatim": 10,
}  # fmt: skip


def test_sentences_replaced_between_others_are_an_update() -> None:
    assert is_standing(row(**REPLACED))[0]
    assert not is_form(row(**REPLACED))[0]
    for changed in (
        {"names": 5}, {"inner_a": 1}, {"head_a": 20, "head_b": 20}, {"tail_a": 20, "tail_b": 20},
        {"swapped_a": 30, "swapped_b": 35},
    ):  # fmt: skip
        assert is_form(row(**{**REPLACED, **changed}))[0], changed
    assert not is_form(row(**{**REPLACED, "inner_a": 0, "inner_b": 2, "inner_of_b": 9}))[0]
    several = {**REPLACED, "swaps": 2, "swapped_a": 39, "swapped_b": 39}
    assert not is_form(row(**several))[0]
    assert is_form(row(**{**several, "swapped_a": 40, "swapped_b": 40}))[0]


def test_figures_that_moved_on_are_an_update() -> None:
    moved = {**REPLACED, "names": 0, "inner_a": 0, "other_numbers": 1}
    series = {"block_a": 60, "block_b": 60, "own_a": 4, "own_b": 4}
    for name, function in (("form", is_form), ("standing", is_standing)):
        assert not function(row(**{**moved, **series}))[0], name
        assert function(row(**{**moved, **series, "other_numbers": 0}))[0], name
    ends = {**moved, "swapped_a": 19, "swapped_b": 19, "head_a": 19, "head_b": 19}
    assert not is_form(row(**ends))[0]
    assert is_form(row(**{**ends, "swapped_a": 20, "swapped_b": 25}))[0]


def test_what_makes_a_block_of_a_series() -> None:
    assert is_form(row(**SERIES))[0]
    for name, value in {"own_a": 9, "own_b": 29, "kin": 5, "block_a": 0, "block_b": 0}.items():
        assert not is_form(row(**{**SERIES, name: value}))[0], name
    assert not is_form(row(**{**SERIES, "block_a": 96, "own_a": 0}))[0]
    assert is_form(row(**{**SERIES, "block_a": 95, "own_a": 0}))[0]


def test_what_makes_a_part_of_one_story() -> None:
    part = {"covered_a": 85, "words_a": 100, "inner_b": 18, "inner_of_b": 100}
    assert is_kindred(row(**part))[0]
    assert not is_kindred(row(**{**part, "covered_a": 84}))[0]
    assert not is_kindred(row(**{**part, "inner_b": 17}))[0]
    assert not is_kindred(row(**{**part, "inner_b": 0, "inner_of_b": 0}))[0]


def test_a_third_text_closes_a_triangle() -> None:
    first, second = np.array([1, 1, 2, 5, 6]), np.array([2, 3, 3, 6, 7])
    assert have_a_third(first, second).tolist() == [True, True, True, False, False]
    assert have_a_third(first[:0], second[:0]).tolist() == []


def test_only_what_several_pairs_of_a_series_have_is_a_block() -> None:
    def counted(texts: list[str]) -> np.ndarray:
        corpus = features(texts, SETTINGS)
        order = group_exact(corpus, [f"d{k}" for k in range(len(texts))])[1]
        return blocks_of(corpus, look_at_candidates(corpus, order)[0])

    texts = series("column")
    assert counted(texts[:2]).max() == 0
    assert np.bincount(counted(texts[:3]))[3] > 40
    assert counted([FERRY, edited(FERRY, 0.05), spun(FERRY, 0.3), MUSEUM, SCHOOL]).max() == 0
