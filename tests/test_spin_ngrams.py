"""The n-gram model: it learns a corpus's wording, falls back on English, and is kept whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scrub.match.tokens import tokenize
from scrub.spin.ngrams import Choice, NgramModel

TEXTS = [
    "The board of the company met on Monday. The board of the company will meet again.",
    "The share price of the company fell on Monday after the board met.",
]


def preference(
    model: NgramModel, left: list[str], ours: list[str], theirs: list[str], right: list[str]
) -> float:
    """How much better `ours` reads than `theirs`, in nats."""
    one, other = model.fits([Choice(left, [ours, theirs], right)])[0]
    return one - other


@pytest.fixture(scope="module")
def english() -> NgramModel:
    return NgramModel.of_texts([])


@pytest.mark.parametrize(
    ("left", "ours", "theirs", "right"),
    [
        (["in", "the"], ["united"], ["joined"], ["states"]),
        (["he"], ["said"], ["pronounced"], ["that"]),
        (["a"], ["group"], ["aggroup"], ["of"]),
        (["prime"], ["minister"], ["curate"], []),
        (["for", "the"], ["first"], ["inaugural"], ["time"]),
    ],
)
def test_english_alone_knows_common_wordings(
    english: NgramModel, left: list[str], ours: list[str], theirs: list[str], right: list[str]
) -> None:
    assert preference(english, left, ours, theirs, right) > 1
    assert preference(english, left, theirs, ours, right) < -1


def test_a_corpus_teaches_its_own_wording(english: NgramModel) -> None:
    taught = NgramModel.of_texts(["The frobnicator stalled again today."] * 20)
    place = (["the"], ["frobnicator"], ["machine"], ["stalled"])
    assert preference(taught, *place) > preference(english, *place)


def test_documents_left_out_teach_nothing() -> None:
    tokens = tokenize(TEXTS)
    one = NgramModel.build(tokens, np.array([True, False]))
    assert one.total == NgramModel.of_texts(TEXTS[:1]).total
    place = (["company"], "fell", ["on"])
    assert one.fit(*place) == pytest.approx(NgramModel.of_texts(TEXTS[:1]).fit(*place))
    assert one.fit(*place) < NgramModel.of_texts(TEXTS).fit(*place)


def test_fit_is_a_log_probability(english: NgramModel) -> None:
    for model in (english, NgramModel.of_texts(TEXTS)):
        for word in ("the", "company", "zzyzx"):
            assert -200 < model.fit(["of"], word, ["met"]) <= 0


def test_saved_and_loaded_it_says_the_same(tmp_path: Path) -> None:
    model = NgramModel.of_texts(TEXTS)
    model.save(tmp_path)
    again = NgramModel.load(tmp_path)
    for name in ("words", "word_counts", "before", "after", "keys", "counts", "homes", "norms"):
        np.testing.assert_array_equal(getattr(model, name), getattr(again, name))
    assert again.total == model.total
    place = (["the"], ["board"], ["company"], ["of"])
    assert preference(again, *place) == preference(model, *place)


def test_wordings_of_several_words_are_compared(english: NgramModel) -> None:
    assert preference(english, ["in"], ["the", "united"], ["a", "joined"], ["states"]) > 0
