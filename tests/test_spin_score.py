"""The document's spin score: what raises it, what does not, and the sum behind it."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scrub.match.tokens import tokenize
from scrub.spin import tells, word_fit
from scrub.spin.score import (
    COUNTS,
    FEATURES,
    MIN_PROSE,
    PRIOR,
    common_words,
    count_signs,
    load_weights,
    score_batch,
    score_tokens,
    why,
)

CASES = json.loads((Path(__file__).parent / "cases/spin_statistics.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_spun_text_scores_high_and_its_original_low(case: dict[str, Any]) -> None:
    spun, clean = score_batch([case["spun"], case["clean"]]).spin_score
    assert spun >= 0.5  # sixty words: long enough to suspect, too short to be sure
    assert clean < 0.05


@pytest.mark.parametrize("case", CASES["innocent"], ids=lambda case: case["name"])
def test_unusual_but_unspun_text_is_not_accused(case: dict[str, Any]) -> None:
    assert score_batch([case["text"]]).spin_score[0] < 0.5


def test_a_longer_spun_text_is_judged_with_certainty() -> None:
    assert score_batch(["\n\n".join(case["spun"] for case in CASES["cases"])]).spin_score[0] >= 0.95


def test_evidence_grows_with_the_words_that_carry_it() -> None:
    first, *_ = CASES["cases"][0]["spun"].split(". ")
    whole = CASES["cases"][0]["spun"]
    short, long = score_batch([first + ".", whole]).spin_score
    assert short < long


@pytest.mark.parametrize("column", range(len(word_fit.COLUMNS)), ids=word_fit.COLUMNS)
def test_a_bin_says_how_many_cuts_a_value_is_above(column: int) -> None:
    cuts = np.array(word_fit._CUTS[column], np.float32)
    near = [cuts, np.nextafter(cuts, np.float32(-np.inf)), np.nextafter(cuts, np.float32(np.inf))]
    for value in np.concatenate([*near, np.array([-99, -0.3, 0.3, 99, -np.inf, np.inf], "f")]):
        assert word_fit._bin_of(word_fit._STEPS, column, value) == np.sum(cuts < value)
    missing = word_fit._bin_of(word_fit._STEPS, column, np.float32(np.nan))
    assert missing == word_fit.MISSING > np.sum(cuts < np.inf)


def test_a_book_is_no_surer_spun_than_a_long_article_of_its_style() -> None:
    text = CASES["cases"][0]["spun"] + "\n\n"
    article, book = ({name: part for name, _, part in why(n * text)} for n in (60, 600))
    assert article["mixture_sum"] > 0
    assert book["mixture_sum"] == pytest.approx(article["mixture_sum"], rel=0.05)


def test_the_reasons_add_up_to_the_score() -> None:
    text = CASES["cases"][0]["spun"]
    rows = why(text)
    assert rows[0][0] == "prior"
    assert {name for name, _, _ in rows[1:]} == set(FEATURES)
    log_odds = sum(part for _, _, part in rows)
    assert 1 / (1 + math.exp(-log_odds)) == pytest.approx(score_batch([text]).spin_score[0])


def test_no_english_prose_is_said_to_be_so() -> None:
    [(name, words, part)] = why(CASES["innocent"][2]["text"])
    assert (name, part) == ("no English prose", 0.0)
    assert words < MIN_PROSE


def test_function_words_that_stand_for_nouns_are_counted() -> None:
    text = "The talks in the city went on until the morning, and all of them were at the table. "
    wrong = text.replace(" in ", " indium ").replace(" at ", " astatine ")
    usual, odd = ({name: part for name, _, part in why(6 * each)} for each in (text, wrong))
    assert odd["mixture"] > usual["mixture"]


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_common_words_and_their_neighbours_are_told_apart(case: dict[str, Any]) -> None:
    spun, clean = ({name: part for name, _, part in why(case[k])} for k in ("spun", "clean"))
    assert spun["common"] > clean["common"]


def test_common_words_weigh_by_the_root_of_their_number() -> None:
    texts = [CASES["cases"][0]["clean"], "", CASES["cases"][1]["spun"]]
    found = count_signs(tokenize(texts))[:, COUNTS.index("common")]
    for text, value in zip(texts, found, strict=True):
        ranks = common_words(tokenize([text]))
        numbers = np.bincount(ranks[ranks >= 0], minlength=len(load_weights().common))
        whole = load_weights().common @ np.sqrt(numbers) / math.sqrt(len(ranks) + PRIOR)
        assert value == pytest.approx(whole)


def test_a_batch_scores_each_text_as_if_alone() -> None:
    texts = [case["spun"] for case in CASES["cases"]] + [case["text"] for case in CASES["innocent"]]
    alone = [score_batch([text]).spin_score[0] for text in texts]
    np.testing.assert_array_equal(score_batch(texts).spin_score, alone)
    np.testing.assert_array_equal(score_tokens(tokenize(texts)).spin_score, alone)


def test_no_texts_no_scores() -> None:
    assert len(score_batch([]).spin_score) == 0
    assert score_batch([""]).spin_score.tolist() == [0.0]


PLAIN = (
    "The council met on Tuesday to discuss the new bridge, and most of its members want it built. "
    "Shops {} old town would gain, the mayor said, but nobody has yet said who would pay for it. "
    "A second meeting {} coming weeks will decide whether the work can begin before winter. "
)


def test_known_tells_accuse_a_usual_text_when_they_come_again() -> None:
    none, one, two = score_batch(
        [PLAIN.format(*words) for words in (
            ("in the", "in the"), ("withinside the", "in the"), ("withinside the",) * 2
        )]
    ).spin_score  # fmt: skip
    assert none < one < 0.5 < two < 0.65


def test_the_reasons_name_the_tells() -> None:
    text = PLAIN.format("in the", "withinside the")
    rows = {name: (value, part) for name, value, part in why(text)}
    assert rows["tells"] == (1.0, 4.5)
    log_odds = sum(part for _, part in rows.values())
    assert 1 / (1 + math.exp(-log_odds)) == pytest.approx(score_batch([text]).spin_score[0])


def test_tells_alone_make_no_text_surely_spun() -> None:
    """They say nothing of its other words; what is sure already is not made less so."""
    lifted = tells.lifted(np.array([-9.0, -4.0, 0.5, 3.0]), np.array([1, 9, 2, 2]))
    assert lifted.tolist() == [-4.5, 0.6, 0.6, 3.0]


def test_a_tell_does_not_reach_across_documents() -> None:
    texts = ["The system was primarily based", "totally on what others had done withinside the"]
    assert tells.count(tokenize([*texts, "withinside", ""])).tolist() == [0, 1, 0, 0]
    assert tells.count(tokenize(["withinside"])).tolist() == [0]
    assert tells.count(tokenize([])).tolist() == []
