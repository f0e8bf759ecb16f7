"""Which documents are judged beside their copies, and what goes together into one batch."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scrub.config import Settings
from scrub.corpus import Corpus
from scrub.document import Document, Pair
from scrub.match.features import features
from scrub.match.pairs import Copies
from scrub.spin import judge as judging
from scrub.spin.direction import Comparison, compare_copies
from scrub.spin.judge import REWORDED, in_clusters, judge, language, unpaired
from scrub.spin.ngrams import NgramModel

CASES = json.loads((Path(__file__).parent / "cases" / "spin_sibling.json").read_text("utf-8"))
CASE = CASES["positive"][0]
ENGLISH = NgramModel.of_texts([])
PAIR = Pair("a", "b", "near", "no", 0.4, 0.9, 0.9, 2, "", reworded=0.4)


def corpus(texts: dict[str, str], scores: dict[str, float]) -> Corpus:
    documents = [Document(i, text) for i, text in texts.items()]
    return Corpus(documents, {}, features(list(texts.values()), Settings().match), scores)


def copies(*pairs: Pair, **clusters: str) -> Copies:
    return Copies(list(pairs), {i: i for p in pairs for i in (p.id_a, p.id_b)} | clusters)


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """The ids of each batch that is aligned."""
    seen: list[set[str]] = []

    def noted(texts: dict[str, str], *more: Any) -> list[Comparison]:
        seen.append(set(texts))
        return compare_copies(texts, *more)

    monkeypatch.setattr(judging, "compare_copies", noted)
    return seen


@pytest.mark.parametrize(
    ("scores", "reworded", "aligned"),
    [
        ((0.3, 0.5), 0.4, True),
        ((0.01, 0.99), 0.4, False),  # so far apart that they say it
        ((0.91, 0.97), 0.4, False),  # both were spun, whatever is aligned
        ((0.89, 0.97), 0.4, True),
        ((0.3, 0.5), REWORDED, True),
        ((0.3, 0.5), REWORDED / 2, False),  # nothing to tell by
    ],
)
def test_two_copies_are_aligned_where_their_scores_leave_it_open(
    compared: list[set[str]], scores: tuple[float, float], reworded: float, *, aligned: bool
) -> None:
    texts = {"a": CASE["spun"], "b": CASE["original"]}
    found = copies(replace(PAIR, reworded=reworded), a="a", b="a")
    known = dict(zip("ab", scores, strict=True))
    judged = judge(corpus(texts, known), found, wording=ENGLISH)
    assert compared == ([{"a", "b"}] if aligned else [])
    assert (judged.beliefs != known) is aligned


def test_a_clean_copy_of_a_doubtful_one_leads(compared: list[set[str]]) -> None:
    """Beside `b`, which is in doubt with `a`, stands `c`, whose score leaves nothing open."""
    texts = {"a": CASE["spun"], "b": CASE["spun"], "c": CASE["original"]}
    pairs = [replace(PAIR, id_a=one, id_b=other) for one, other in ("ab", "bc")]
    scores = {"a": 0.99, "b": 0.97, "c": 0.01}
    both = copies(*pairs, a="a", b="a", c="a")
    judge(corpus(texts, scores), both, wording=ENGLISH)
    assert compared == []
    scores["a"] = 0.5
    judge(corpus(texts, scores), both, wording=ENGLISH)
    assert compared == [{"a", "b", "c"}]


def test_a_text_is_believed_what_its_copy_that_was_aligned_is() -> None:
    texts = {"a": CASE["spun"], "b": CASE["original"], "0": CASE["spun"]}
    same = Pair("0", "a", "exact", "no", 1.0, 1.0, 1.0, 2, "")
    found = judge(
        corpus(texts, {"a": 0.4, "b": 0.1, "0": 0.4}), copies(same, PAIR, a="0", b="0"),
        wording=ENGLISH,
    )  # fmt: skip
    assert found.beliefs["0"] == found.beliefs["a"] > 0.5 > found.beliefs["b"]
    assert [pair.spun for pair in found.pairs] == ["both", "this"]


def test_the_language_is_that_of_texts_without_a_copy() -> None:
    texts = {i: f"The mayor opened bridge {i} and went on to the next." for i in "abcd"}
    scores = {"a": 0.01, "b": 0.01, "c": 0.01, "d": 0.04}
    own = corpus(texts, scores)
    assert unpaired(own, copies(PAIR, c="c", d="d"), below=0.03) == [2]
    assert unpaired(own, copies(c="c", d="d"), below=0.03) == [0, 1, 2]


def test_of_many_words_every_nth_text_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {i: f"The mayor {i} opened the bridge and went on to the next one." for i in "dcba"}
    own = corpus(texts, dict.fromkeys(texts, 0.01))
    words = int(own.features.words.sum())
    read: list[list[str]] = []
    monkeypatch.setattr(NgramModel, "of_texts", lambda texts: read.append([t[10] for t in texts]))
    for most in (words, words // 2, 1):
        monkeypatch.setattr("scrub.spin.ngrams.MAX_WORDS", most)
        language(own, copies())
    assert read == [["a", "b", "c", "d"], ["a", "c"], ["a"]]


def test_clusters_between_which_there_is_a_pair_are_one_batch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(judging, "_BATCH", 1)
    names = ("a", "b", "c", "d", "e")
    own = corpus(dict.fromkeys(names, CASE["spun"]), dict.fromkeys(names, 0.1))
    chain = [replace(PAIR, id_a=one, id_b=other) for one, other in ("cd", "bc", "ab")]
    batches = [set(batch.texts) for batch in in_clusters(own, copies(*chain, e="e"))]
    assert batches == [{"a", "b", "c", "d"}, {"e"}]


def test_a_pair_with_one_who_is_not_wanted_is_left_out() -> None:
    own = corpus(dict.fromkeys("abc", CASE["spun"]), dict.fromkeys("abc", 0.1))
    both = [replace(PAIR, id_a=one, id_b=other) for one, other in ("ab", "bc")]
    (batch,) = in_clusters(own, copies(*both, a="a", b="a", c="a"), {"a", "b"})
    assert list(batch.texts) == ["a", "b"]
    assert batch.pairs == both[:1]
