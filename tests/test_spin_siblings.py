"""Flags from siblings: cases as data, direction, votes of several copies."""

import json
from pathlib import Path

import pytest

from scrub.document import Flag, Pair
from scrub.spin import direction, siblings
from scrub.spin.wording import CountWording

CASES = json.loads((Path(__file__).parent / "cases" / "spin_sibling.json").read_text("utf-8"))
ENGLISH = CountWording([])


def pair(one: str, other: str, relation: str = "near") -> Pair:
    return Pair(min(one, other), max(one, other), relation, "no", 0.2, 0.8, 0.8, 3, "")  # type: ignore[arg-type]


def flagged(texts: dict[str, str], scores: dict[str, float] | None = None) -> list[Flag]:
    names = sorted(texts)
    pairs = [pair(one, other) for one in names for other in names if one < other]
    return siblings.flags(texts, pairs, scores or {}, ENGLISH)


@pytest.mark.parametrize("case", CASES["positive"], ids=lambda case: case["name"])
@pytest.mark.parametrize(("spun_id", "original_id"), [("a", "b"), ("b", "a")])
def test_replaced_words_are_flagged_with_their_originals(
    case: dict, spun_id: str, original_id: str
) -> None:
    texts = {spun_id: case["spun"], original_id: case["original"]}
    found = flagged(texts, {spun_id: 0.8, original_id: 0.1})
    assert [[f.text, f.suggestion, f.kind] for f in found] == case["expected"]
    for flag in found:
        assert flag.id == spun_id
        assert flag.source == f"sibling:{original_id}"
        assert case["spun"][flag.start : flag.end] == flag.text
        assert flag.text in flag.context
        assert 0 < flag.confidence <= 1


@pytest.mark.parametrize("case", CASES["negative"], ids=lambda case: case["name"])
def test_ordinary_copies_are_not_flagged(case: dict) -> None:
    texts = {"a": case["one"], "b": case["other"]}
    assert flagged(texts) == []
    comparisons = direction.compare(texts, [pair("a", "b")], {}, ENGLISH)
    beliefs = direction.beliefs(comparisons, {})
    assert all(belief < 0.5 for belief in beliefs.values())


@pytest.mark.parametrize("case", CASES["positive"][:2], ids=lambda case: case["name"])
def test_the_side_that_english_does_not_use_is_the_spun_one(case: dict) -> None:
    texts = {"a": case["spun"], "b": case["original"]}
    comparisons = direction.compare(texts, [pair("a", "b")], {}, ENGLISH)
    beliefs = direction.beliefs(comparisons, {})
    assert direction.direction(beliefs["a"], beliefs["b"]) == "this"


def test_direction_names_the_side() -> None:
    assert direction.direction(0.9, 0.1) == "this"
    assert direction.direction(0.1, 0.9) == "other"
    assert direction.direction(0.5, 0.5) == "both"
    assert direction.direction(0.4, 0.2) == "no"


def test_two_siblings_outvote_the_error_of_a_third() -> None:
    case = CASES["positive"][0]
    wrong = case["original"].replace("river", "railway").replace("trade", "tourism")
    texts = {"s": case["spun"], "x": case["original"], "y": case["original"], "z": wrong}
    scores = {"s": 0.9, "x": 0.1, "y": 0.1, "z": 0.1}
    found = {f.text: f for f in flagged(texts, scores)}
    assert found["creek"].suggestion == "river"
    assert found["commerce"].suggestion == "trade"
    alone = {f.text: f for f in flagged({"s": texts["s"], "x": texts["x"]}, scores)}
    assert found["viaduct"].confidence >= alone["viaduct"].confidence


def test_a_word_that_an_unspun_sibling_confirms_is_not_flagged() -> None:
    case = CASES["positive"][0]
    odd = case["original"].replace("shopkeepers", "bakers")
    texts = {"s": case["spun"], "x": case["original"], "y": odd}
    found = flagged(texts, {"s": 0.9, "x": 0.1, "y": 0.1})
    assert "shopkeepers" not in {f.text for f in found}
    comparisons = direction.compare(texts, [pair("s", "x")], {"s": 0.9, "x": 0.1}, ENGLISH)
    kept = siblings.confirmed(texts, comparisons, {"s": 0.99, "x": 0.01})
    assert case["spun"].index("shopkeepers") in kept["s"]
    assert case["spun"].index("viaduct") not in kept["s"]
    assert case["spun"].index("a viaduct") not in kept["s"]


def test_two_spun_copies_show_each_others_words() -> None:
    one = (
        "The government said on Monday it would raise taxes on fuel next year to pay for new "
        "schools. The opposition called the scheme unfair and asked for a fresh vote."
    )
    first = one.replace("government", "supervision").replace("asked", "petitioned")
    first = first.replace("schools", "colleges").replace("unfair", "inequitable")
    second = one.replace("raise", "hoist").replace("fuel", "propellant")
    second = second.replace("vote", "ballot").replace("year", "twelvemonth")
    found = flagged({"p": first, "q": second}, {"p": 0.95, "q": 0.95})
    right = {("supervision", "government"), ("hoist", "raise"), ("propellant", "fuel")}
    assert right <= {(f.text, f.suggestion) for f in found}
    assert {f.id for f in found} == {"p", "q"}


def test_order_of_pairs_and_documents_does_not_matter() -> None:
    case = CASES["positive"][2]
    texts = {"s": case["spun"], "x": case["original"], "t": case["spun"].replace("deluge", "spate")}
    names = sorted(texts)
    pairs = [pair(one, other) for one in names for other in names if one < other]
    forward = siblings.flags(texts, pairs, {}, ENGLISH)
    backward = siblings.flags(dict(reversed(texts.items())), pairs[::-1], {}, ENGLISH)
    assert forward == backward


def test_exact_copies_are_passed_over_and_siblings_are_capped() -> None:
    text = CASES["positive"][0]["original"]
    texts = {f"d{number:02}": text for number in range(30)}
    names = sorted(texts)
    exact = [pair(one, other, "exact") for one in names for other in names if one < other]
    assert direction.compare(texts, exact, {}, ENGLISH) == []
    near = [pair(one, other) for one in names for other in names if one < other]
    chosen = direction.compare(texts, near, {}, ENGLISH)
    assert 30 <= len(chosen) <= 30 * direction.MAX_SIBLINGS
