"""Laws of the spin score and of language statistics, for any text."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scrub.spin.context import examine
from scrub.spin.ngrams import Choice, NgramModel
from scrub.spin.score import COUNTS, contributions, score_batch

VOCABULARY = """the a an of to in and yet but said pronounced market marketplace year groups
group approved sanctioned Monday 1987 four company was were on for U.S. twelvemonth naïve . ,"""
words = st.sampled_from([*VOCABULARY.split(), "\n\n", "\u201cquoted\u201d"])
texts = st.one_of(st.text(max_size=300), st.lists(words, max_size=120).map(" ".join))


@settings(max_examples=60)
@given(st.lists(texts, max_size=5))
def test_scores_are_probabilities_and_counts_are_counts(batch: list[str]) -> None:
    scores = score_batch(batch)
    assert scores.counts.shape == (len(batch), len(COUNTS))
    assert ((scores.spin_score >= 0) & (scores.spin_score <= 1)).all()
    assert np.isfinite(contributions(scores.counts)).all()
    column = {name: scores.counts[:, i] for i, name in enumerate(COUNTS)}
    assert (column["prose"] <= column["words"]).all()


@settings(max_examples=40)
@given(st.lists(texts, min_size=1, max_size=4), texts)
def test_a_text_scores_the_same_in_any_company(batch: list[str], text: str) -> None:
    assert score_batch([text, *batch]).spin_score[0] == score_batch([*batch, text]).spin_score[-1]


@settings(max_examples=25)
@given(st.lists(texts, min_size=1, max_size=4))
def test_flags_lie_within_their_texts_whatever_the_scores(batch: list[str]) -> None:
    documents = {str(i): text for i, text in enumerate(batch)}
    found = examine(documents, dict.fromkeys(documents, 0.99), NgramModel.of_texts([])).flags
    for flag in found:
        assert documents[flag.id][flag.start : flag.end] == flag.text != ""
    for one, next_one in pairwise(found):
        assert one.id != next_one.id or one.end <= next_one.start


@settings(max_examples=25)
@given(texts, st.lists(words, max_size=3), st.lists(words, max_size=3), words, words)
def test_fits_are_finite_in_any_company(
    text: str, left: list[str], right: list[str], ours: str, theirs: str
) -> None:
    model = NgramModel.of_texts([text])
    both = model.fits([Choice(left, [[ours], [theirs]], right)])[0]
    assert np.isfinite(both).all()
    assert both == [model.fit(left, ours, right), model.fit(left, theirs, right)]
