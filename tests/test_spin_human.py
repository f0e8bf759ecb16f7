"""What people change between two copies of a story is neither called spun nor repaired."""

from __future__ import annotations

import itertools
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrub.document import Pair
from scrub.spin import direction, siblings
from scrub.spin.align import Substitution
from scrub.spin.direction import Comparison
from scrub.spin.ngrams import NgramModel
from scrub.spin.words import words_of

CASES = json.loads((Path(__file__).parent / "cases" / "human_pairs.json").read_text("utf-8"))
ENGLISH = NgramModel.of_texts([])
NEAR = Pair("a", "b", "near", "no", 0.5, 1.0, 1.0, 3, "")


@pytest.mark.parametrize("case", CASES["pairs"], ids=lambda case: case["name"])
@pytest.mark.parametrize("turned", [False, True])
def test_nobody_is_accused(case: dict[str, Any], turned: bool) -> None:
    one, other = (case["one"], case["other"])[:: -1 if turned else 1]
    texts = {"a": one, "b": other}
    comparisons = direction.compare_copies(texts, [NEAR], {}, ENGLISH)
    beliefs = direction.beliefs(comparisons, {"a": 0.1, "b": 0.1})
    assert max(beliefs.values()) < 0.4, beliefs
    words = {i: words_of(text) for i, text in texts.items()}
    assert siblings.flags(words, comparisons, beliefs) == []


def comparison(a: str, b: str, leans: list[float]) -> Comparison:
    """Two documents of a hundred content words, with swaps that lean so far towards A."""
    letters = [(chr(97 + n % 26) + "qx"[n // 26]) for n in range(len(leans))]
    swaps = tuple(
        Substitution(0, 1, 0, 1, one, chr(97 + (n + 13) % 26) * 3, "wording", n, n, 1, 1)
        for n, one in enumerate(letters)
    )
    return Comparison(a, b, 100, len(leans), swaps, tuple(leans), (), 0.0, 0)


LEANS = st.lists(st.floats(-4, 4), min_size=1, max_size=12)


@given(
    st.lists(LEANS, min_size=1, max_size=4),
    st.lists(st.floats(0.1, 0.9), min_size=5, max_size=5),
    st.data(),
)
def test_beliefs_of_a_tree_are_exact(
    leans: list[list[float]], scores: list[float], data: st.DataObject
) -> None:
    """Sum-product is exact where the pairs form a tree: compare it with all states summed up."""
    names = "abcdef"
    pairs = []
    for at, given_leans in enumerate(leans, start=1):
        other = data.draw(st.integers(0, at - 1))
        pairs.append(comparison(names[other], names[at], given_leans))
    prior = dict(zip(names, scores, strict=False))
    used = sorted({i for pair in pairs for i in (pair.id_a, pair.id_b)})
    weights: dict[str, float] = dict.fromkeys(used, 0.0)
    total = 0.0
    for states in itertools.product((0, 1), repeat=len(used)):
        state = dict(zip(used, states, strict=True))
        log = sum(math.log(prior[i] if state[i] else 1 - prior[i]) for i in used)
        for p in pairs:
            potential = direction._potential(p, direction.scores_apart(p, prior))
            log += potential[state[p.id_a]][state[p.id_b]]
        total += math.exp(log)
        for i in used:
            weights[i] += state[i] * math.exp(log)
    for i, belief in direction.beliefs(pairs, prior).items():
        most = 1 / (1 + math.exp(-2.5) * (1 - prior[i]) / prior[i])  # see _MAX_ACCUSED
        assert belief == pytest.approx(min(weights[i] / total, most), abs=1e-6)


def test_words_are_changed_only_where_the_text_by_itself_looks_spun_too() -> None:
    """An outlet may choose the rarer word everywhere, and four others print the agency's."""
    pairs = [comparison("a", other, [-4.0] * 20) for other in "bcde"]
    assert 0.5 < direction.beliefs(pairs, dict.fromkeys("abcde", 0.02))["a"] < 0.9
    assert direction.beliefs(pairs, {**dict.fromkeys("bcde", 0.02), "a": 0.5})["a"] > 0.9


def test_swaps_that_lean_both_ways_are_no_spin_however_many() -> None:
    """Two editions differ at every fourth word; each reads well in its own place."""
    beliefs = direction.beliefs([comparison("a", "b", [4.0, -4.0] * 20)], {})
    assert max(beliefs.values()) < 0.1
    spun = direction.beliefs([comparison("a", "b", [4.0] * 12)], {"a": 0.1, "b": 0.1})
    assert spun["a"] < 0.1 < 0.5 < spun["b"]
    few = direction.beliefs([comparison("a", "b", [4.0] * 6)], {"a": 0.1, "b": 0.3})
    assert few["a"] < 0.1 < 0.5 < few["b"]  # where one text looks worse by itself, fewer will do


def test_one_rule_of_a_house_says_no_more_where_it_acts_often() -> None:
    once = comparison("a", "b", [4.0, 4.0])
    swaps = once.substitutions * 10
    often = Comparison("a", "b", 100, 2, swaps, once.leans * 10, (), 0.0, 0)
    assert direction.beliefs([often], {}) == direction.beliefs([once], {})


def test_words_added_and_left_out_speak_for_a_person() -> None:
    leans = [4.0] * 6
    alone = comparison("a", "b", leans)
    edited = Comparison("a", "b", 100, 6, alone.substitutions, alone.leans, (), 0.0, 5)
    assert direction.beliefs([edited], {})["b"] < 0.5 < direction.beliefs([alone], {})["b"]


@pytest.mark.parametrize(("alike", "counts"), [(1.0, 1.0), (0.9, 0.8), (0.75, 0.5), (0.1, 0.5)])
def test_the_scores_of_texts_of_other_lengths_say_less(alike: float, counts: float) -> None:
    pair = replace(comparison("a", "b", [1.0]), alike=alike)
    assert direction.side_features(pair, 1.0)[:, -1] == pytest.approx([-counts, counts])


def test_no_flag_is_surer_than_that_the_text_is_spun() -> None:
    original = (
        "The council said on Monday that the bridge over the river would be closed until spring, "
        "but shopkeepers feared the break would hurt trade."
    )
    spun = original.replace("bridge", "viaduct").replace("river", "creek").replace("hurt", "injure")
    words = {"a": words_of(original), "b": words_of(spun)}
    compared = direction.compare_words(words, [("a", "b")], ENGLISH)
    found = siblings.flags(words, compared, {"a": 0.01, "b": 0.6})
    assert found
    assert max(flag.confidence for flag in found) <= 0.6
    assert siblings.flags(words, compared, {"a": 0.01, "b": 0.49}) == []


def test_where_every_copy_was_spun_the_original_may_be_none_of_the_readings() -> None:
    text = "The council said on Monday that the {} over the water would be closed until spring."
    words = {
        name: words_of(text.format(word))
        for name, word in zip("ab", ("viaduct", "trestle"), strict=True)
    }
    (compared,) = direction.compare_words(words, [("a", "b")], ENGLISH)
    even = replace(compared, leans=(0.0,))  # neither word reads better
    found = siblings.flags(words, [even], {"a": 0.99, "b": 0.99})
    assert [flag.text for flag in found] == ["viaduct", "trestle"]
    # One of the two words is the original, or none is: both were put in for "bridge".
    assert 0.8 < sum(flag.confidence for flag in found) < 0.95
