"""What a match of LanguageTool blames, without a server: each rule of it from both sides."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from scrub.config import LanguageToolSettings, SpinSettings
from scrub.document import LanguageToolReport
from scrub.spin import lessons, lexicon, lists
from scrub.spin.languagetool import rules
from scrub.spin.languagetool.answers import Match
from scrub.spin.languagetool.client import Client, NotLanguageToolError
from scrub.spin.lexicon import Lexicon, Row
from scrub.spin.words import words_of

flags = import_module("scrub.spin.languagetool.flags")  # a function there has its name

ENGLISH = "The council of the town met and it was said that they had a groups of its own here."
GERMAN = "Der Rat der Stadt hat am Montag über den Haushalt für das nächste Jahr beraten."


@pytest.mark.parametrize(
    ("blame", "text", "span", "blamed"),
    [
        ("article", "met a groups", "a groups", "a"),
        ("article", "met An groups", "An groups", "An"),
        ("article", "met the groups", "the groups", None),
        ("article", "met groups", "groups", None),
        ("article", "another groups", "another groups", None),
        ("next", "an talk", "an", "talk"), ("next", "an Talk", "an", None),
        ("next", "an 12", "an", None),
        ("next", 'an "talk', "an", None), ("next", "an\ntalk", "an", "talk"),
        ("next", "an", "an", None),
        ("next", "an" + " " * 60 + "talk", "an", None),
        ("next", "an" + " " * 56 + "talk", "an", "talk"),
        ("first", "will inwardness be", "will inwardness", "will"),
        ("last", "will inwardness be", "will inwardness", "inwardness"),
        ("last", "it's well-known", "it's well-known", "well-known"),
        ("last", "so ... it", "...", None),
    ],
)  # fmt: skip
def test_which_word_was_exchanged(blame: Any, text: str, span: str, blamed: str | None) -> None:
    start = text.index(span)
    found = flags._blamed(text, start, start + len(span), rules.Family(blame, 0.9, 10))
    assert (text[slice(*found)] if found else None) == blamed


@pytest.mark.parametrize(
    ("text", "span", "often", "family"),
    [
        ("met an talk", "an", False, rules.WORD_AFTER_AN),
        ("met AN talk", "AN", True, rules.WORD_AFTER_AN),
        ("met a investors", "a", False, rules.WORD_AFTER_A),
        ("met a investors", "a", True, rules.ARTICLE_BEFORE_VOWEL),
        ("met a Investors", "a", False, rules.ARTICLE_BEFORE_VOWEL),
        ("met a 80", "a", False, rules.ARTICLE_BEFORE_VOWEL),
        ("met a", "a", False, rules.ARTICLE_BEFORE_VOWEL),
    ],
)  # fmt: skip
def test_an_article_or_the_word_after_it(
    text: str, span: str, often: bool, family: rules.Family
) -> None:
    start = text.rindex(f"{span}", 4)
    found = flags._family(rules.A_VS_AN, text, start, start + len(span), a_for_the=often)
    assert found is family
    assert flags._family("A_NNS", text, 0, 1, a_for_the=often) is rules.FAMILIES["A_NNS"]


@pytest.mark.parametrize(
    ("articles", "often"),
    [("a " * 8, True), ("a " * 7, False), ("a " * 5 + "the " * 3, True),
     ("a an " * 2 + "the " * 4, False),
     ("A AN " * 3 + "The " * 5, True), ("another " * 8, False)],
)  # fmt: skip
def test_whether_the_became_a_all_over(articles: str, often: bool) -> None:
    assert flags._a_for_the(articles) is often


def test_how_sure_an_error_makes_it() -> None:
    assert flags._spun(0.5, 3) == pytest.approx(0.75)
    assert flags._spun(0, 100) == flags._spun(0.01, 100) == pytest.approx(1 / 1.99)
    assert flags._spun(1, 1) == flags._spun(0.99, 1) == pytest.approx(0.99)


@pytest.mark.parametrize(
    ("text", "foreign"),
    [
        (ENGLISH, False), (GERMAN, True), ("mill " * 19, False), ("mill " * 20, True),
        ("mill " * 19 + "the", False), ("mill " * 20 + "the", True), ("", False),
    ],
)  # fmt: skip
def test_a_text_in_another_language_is_not_read(text: str, foreign: bool) -> None:
    assert flags._is_foreign(text) is foreign


def test_sentences_reach_from_a_word_to_the_next_one() -> None:
    first, second, third = flags._sentences(["One went. \n Two came!\n", "...", "É: «So». It is"])
    assert first == [(0, 9), (12, 21)] and second == [] and third == [(0, 8), (9, 14)]


def asked(
    scores: dict[str, float], monkeypatch: pytest.MonkeyPatch, **settings: Any
) -> tuple[list[str], list[Any]]:
    """Which documents are asked about with a threshold of one half, and the flags."""
    read: list[str] = []

    def check(sentences: list[str], *_: Any, **__: Any) -> tuple[Any, LanguageToolReport]:
        read.extend(sentences)
        at = [sentence.find("a groups") for sentence in sentences]
        return [[Match("A_NNS", k, k + 8, "")] if k >= 0 else [] for k in at], LanguageToolReport()

    monkeypatch.setattr(flags, "check_sentences", check)
    documents = dict.fromkeys(scores, ENGLISH) | {"german": GERMAN}
    found, _ = flags.flags(documents, scores, LanguageToolSettings(**settings), threshold=0.5)
    return read, found


def test_suspect_documents_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    scores = {"c": 0.5, "b": 0.49, "a": 0.9}
    read, found = asked(scores, monkeypatch)
    assert read == [ENGLISH] * 2 and [flag.id for flag in found] == ["a", "c"]
    (flag,) = (flag for flag in found if flag.id == "a")
    assert (flag.text, flag.suggestion, flag.kind, flag.source) == (
        "a", "the", "determiner", "languagetool:A_NNS",
    )  # fmt: skip
    assert flag.confidence == round(0.93 * 0.9 * 120 / (0.9 * 120 + 0.1), 3)
    assert asked(scores, monkeypatch, scope="off") == ([], [])
    assert len(asked(scores, monkeypatch, scope="all")[0]) == 3
    upper = flags._read(
        "a", ENGLISH.upper(), 0.5, [(ENGLISH.index("a groups"), Match("A_NNS", 0, 8, ""))]
    )
    assert [flag.suggestion for flag in upper] == ["The"]
    word = flags._read("a", "He omen it", 0.5, [(0, Match("PRP_MD_NN", 0, 7, "x"))])
    assert [(flag.text, flag.suggestion, flag.kind) for flag in word] == [("omen", "", "grammar")]


class Answering(Client):
    """A client whose server reports one error."""

    def __init__(self, start: int, length: int) -> None:
        self._said = type("M", (), {"rule_id": "R", "offset": start, "error_length": length,
                                    "replacements": []})  # fmt: skip

    def check(self, text: str) -> list[Any]:
        return [self._said]


@pytest.mark.parametrize(
    ("start", "length", "right"),
    [(0, 8, True), (0, 9, False), (7, 1, True), (8, 1, False), (-1, 2, False), (3, 0, False),
     (3, -1, False)],
)  # fmt: skip
def test_an_error_outside_the_text_is_no_answer(start: int, length: int, right: bool) -> None:
    text = "an error"
    if right:
        assert Answering(start, length).find(text) == [Match("R", start, start + length, "")]
    else:
        with pytest.raises(NotLanguageToolError, match="outside the text"):
            Answering(start, length).find(text)


def test_which_lists_are_searched_for(monkeypatch: pytest.MonkeyPatch) -> None:
    shipped, learned = (Lexicon({(w, "said"): Row(w, "said", 1, 1, 0.9, "")}) for w in ("a", "b"))
    monkeypatch.setattr(lexicon, "default", lambda: shipped)
    for wanted, found in ((True, {"a", "b"}), (False, {"b"})):
        settings = SpinSettings(default_lexicon=wanted)
        rows = lists.known_substitutions(learned, settings).rows
        assert {spun for spun, _ in rows} == found
    assert (
        lists.given_substitutions(SpinSettings()) == []
        and lists.known_phrases(SpinSettings()) is None
    )


def test_words_that_a_sibling_keeps_are_counted() -> None:
    words = {"a": words_of("The mill, the Mill"), "b": words_of("A mill")}
    found = lessons.count(words, [], {"a": {0, 4, 14, 99}, "b": {2}})
    assert found.kept == {"the": 1, "mill": 3} and not found.pairs
    assert lessons.Lessons.merge([found, found]).kept == {"the": 2, "mill": 6}
    assert [lessons.unseen(n, m) for n, m in ((10, 2), (10, 12), (10, 13), (0, 1))] == [
        0.1, 0.6, 0.6, 0.5,
    ]  # fmt: skip
