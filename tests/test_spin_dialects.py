"""Words of two countries for one thing are an edition's, not a spinner's."""

from __future__ import annotations

import pytest

from scrub.document import Pair
from scrub.spin import direction, judge
from scrub.spin.dialects import is_dialect, is_regional
from scrub.spin.ngrams import NgramModel

ENGLISH = NgramModel.of_texts([])
NEAR = Pair("a", "b", "near", "no", 0.5, 1.0, 1.0, 3, "")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("lorry", "truck"),
        ("trucks", "lorries"),
        ("flat", "apartment"),
        ("petrol", "gasoline"),
        ("organise", "organize"),
        ("courgettes", "zucchini"),
    ],
)
def test_what_two_countries_call_the_same(one: str, other: str) -> None:
    assert is_dialect(one, other)
    assert is_dialect(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("hurt", "injure"), ("flat", "level"), ("last", "final"), ("lift", "raise"), ("", "")],
)
def test_other_words_of_the_same(one: str, other: str) -> None:
    assert not is_dialect(one, other)


def test_a_word_of_some_countries_means_nothing_else() -> None:
    assert is_regional("fortnight")
    assert is_regional("dustbins")
    assert not is_regional("last")  # a shoemaker's, in WordNet's Britain


STORY = (
    "The {lorry} had left the {motorway} with a flat tyre, and its driver asked at the {petrol} "
    "station for help. A man on the {pavement} said that nobody had a {spanner}. They pushed it "
    "past the {fire brigade} and the {car park} until a boy brought {sweets} and a {torch}."
)
BRITISH = STORY.replace("{", "").replace("}", "")
AMERICAN = STORY.format(
    **{
        "lorry": "truck",
        "motorway": "freeway",
        "petrol": "gas",
        "pavement": "sidewalk",
        "spanner": "wrench",
        "fire brigade": "fire department",
        "car park": "parking lot",
        "sweets": "candy",
        "torch": "flashlight",
    }
)
MACHINE = STORY.format(
    **{
        "lorry": "wagon",
        "motorway": "pike",
        "petrol": "fuel",
        "pavement": "paving",
        "spanner": "twister",
        "fire brigade": "blaze brigade",
        "car park": "auto park",
        "sweets": "confections",
        "torch": "firebrand",
    }
)


def compared(one: str, other: str) -> direction.Comparison:
    return direction.compare_copies({"a": one, "b": other}, [NEAR], {}, ENGLISH)[0]


@pytest.mark.parametrize("score", [0.02, 0.1, 0.4, 0.97])
def test_neither_edition_is_spun_whoever_is_compared_with_whom(score: float) -> None:
    for pair in ((BRITISH, AMERICAN), (AMERICAN, BRITISH)):
        found = direction.beliefs([compared(*pair)], {"a": score, "b": 0.02})
        assert max(found.values()) < direction.SPUN


def test_swaps_by_a_machine_are_none_of_an_edition() -> None:
    assert direction._edition(compared(BRITISH, AMERICAN)) > 5
    assert direction._edition(compared(BRITISH, MACHINE)) < 1


def test_a_copy_that_looks_spun_by_itself_is_heard_unless_that_is_sure() -> None:
    """An edition's words are seldom used at large."""
    assert judge._is_open(NEAR, {"a": 0.93, "b": 0.02})
    assert not judge._is_open(NEAR, {"a": 0.99, "b": 0.02})
