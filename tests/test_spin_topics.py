"""Words against the content of their text: at home where texts of like content use them."""

from __future__ import annotations

import numpy as np
import pytest

from scrub.match.scan import word_hash
from scrub.match.tokens import tokenize
from scrub.spin import topics
from scrub.spin.ngrams import NgramModel
from scrub.spin.topics import topic_fits

HARBOUR = "The ferry left the harbour and the captain watched the tide near the pier."
KITCHEN = "The baker kneaded the dough and the oven warmed the bread beside the butter."
OTHERS = [f"Line {n} has words{n} of its{n} own{n} subject{n}." for n in range(200)]
CORPUS = [HARBOUR, KITCHEN] * 8 + OTHERS
MODEL = NgramModel.of_texts(CORPUS)
TEXT = "The ferry left the harbour while the oven and the captain stayed near the pier."


def fits(
    text: str, best: dict[str, str], model: NgramModel = MODEL
) -> dict[str, tuple[float, float]]:
    """What is said of each word of a text; `best` names what it may have replaced."""
    tokens = tokenize([text])
    words = text.lower().replace(".", "").split()
    token = np.arange(len(words))
    others = np.array([word_hash(best[w]) if w in best else 0 for w in words], np.uint32)
    own, gain = topic_fits(tokens, token, np.zeros_like(token), others, model)
    return dict(zip(words, zip(own.tolist(), gain.tolist(), strict=True), strict=True))


@pytest.mark.parametrize("word", ["harbour", "ferry", "captain", "pier"])
def test_a_word_of_the_subject_is_more_at_home_than_a_strange_one(word: str) -> None:
    told = fits(TEXT, {})
    assert told[word][0] > told["oven"][0]


@pytest.mark.parametrize(
    ("original", "better"), [("tide", True), ("harbour", True), ("qzx", False), ("words7", False)]
)
def test_an_original_of_the_subject_would_be_more_at_home(original: str, better: bool) -> None:
    gain = fits(TEXT, {"oven": original})["oven"][1]
    assert gain > 0.1 if better else gain < 0.1


def test_a_corpus_without_texts_says_nothing() -> None:
    told = fits(TEXT, {"oven": "harbour"}, NgramModel.of_texts([]))
    assert set(told.values()) == {(0.0, 0.0)}


@pytest.mark.parametrize("corpus", [[TEXT], [TEXT, TEXT]])
def test_words_that_every_text_has_say_nothing(corpus: list[str]) -> None:
    told = fits(TEXT, {"oven": "harbour"}, NgramModel.of_texts(corpus))
    assert set(told.values()) == {(0.0, 0.0)}


def test_a_small_corpus_says_less() -> None:
    few = NgramModel.of_texts(CORPUS[:40])
    assert abs(fits(TEXT, {}, few)["oven"][0]) < abs(fits(TEXT, {})["oven"][0])


def test_the_corpus_lists_which_texts_have_each_word() -> None:
    model = NgramModel.of_texts(["One two two.", "Two three."])
    slot = int(np.flatnonzero(model.words == word_hash("two"))[0])
    assert model.homes[model.first[slot] : model.first[slot + 1]].tolist() == [0, 1]
    assert model.documents[slot] == 2


def test_all_texts_that_have_a_word_are_asked_up_to_a_limit() -> None:
    """Every other one of them is like the text, so that one in two would mislead."""
    half = topics._MOST // 2
    others = [OTHERS[0].replace("0", str(n)) for n in range(10 * topics._MOST)]
    even, odd = HARBOUR + " Oven.", "The oven of line{0} has words{0} of its{0} own{0}."
    said = [
        fits(TEXT, {}, NgramModel.of_texts([*both, *others]))["oven"][0]
        for both in (
            [text for n in range(half) for text in (even, odd.format(n))],
            [text for n in range(half) for text in (odd.format(n), even)],
        )
    ]
    assert said[0] == pytest.approx(said[1], rel=0.01) != 0.0
