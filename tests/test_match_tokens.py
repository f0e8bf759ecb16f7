"""Words, kinds and sentences of texts that are easy to get wrong."""

from __future__ import annotations

import numpy as np
import pytest

from scrub.match.frequency import neighbour
from scrub.match.languages import FUNCTION_WORDS
from scrub.match.scan import CONTENT, FUNCTION, KIND_MASK, NAME, NUMBER, word_hash
from scrub.match.tokens import Tokens, tokenize


def sentences(text: str) -> list[str]:
    tokens = tokenize([text])
    return [tokens.sentence(s) for s in range(len(tokens.sentences) - 1)]


def words(tokens: Tokens) -> list[str]:
    return [tokens.word(t) for t in range(len(tokens.hash))]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One stays. Two goes.", 2),
        ("Mr. Hale met Dr. Weir on Feb. 4 in St. Ives.", 1),
        ("Prices rose 0.25 p.c. in May.", 1),
        ("The U.S. Navy left. It came back.", 2),
        ("He flew to the U.S. The others stayed.", 2),
        ("J. R. Moss works for Hale Inc. in Leeds.", 1),
        ("She joined Hale Inc. The pay was good.", 2),
        ("Is it true? No! Yes…", 3),
        ('"Go away!" he said.', 1),
        ('He said: "Go." She went.', 2),
        ("The end.Then a scraper ate the blank.", 2),
        ("A Heading\n\nThe text begins.", 2),
        ("Menu\nSport\nNews", 3),
        ("A line that a mail program has broken after about seventy\nletters goes on.", 1),
        ("第一句。第二句！第三句", 3),
        ("", 0),
        (" ... \n\n --- ", 0),
    ],
)
def test_sentences(text: str, count: int) -> None:
    assert len(sentences(text)) == count, sentences(text)


def test_text_without_full_stops_is_cut() -> None:
    assert len(sentences("word " * 1000)) == 16


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("don't can\u2019t rock 'n' roll", ["don't", "can\u2019t", "rock", "n", "roll"]),
        ("well-known U.S.-led", ["well", "known", "U.S", "led"]),
        ("1,400 0.25 6-1/16 9:30 2-0 10th", ["1,400", "0.25", "6-1/16", "9:30", "2-0", "10th"]),
        ("so\u00adft na\u00efve हिन्दी", ["so\u00adft", "na\u00efve", "हिन्दी"]),
        ("日本語 text", ["日", "本", "語", "text"]),
        ("a\u200bb 😀 c", ["a\u200bb", "c"]),
    ],
)  # fmt: skip
def test_words(text: str, expected: list[str]) -> None:
    assert words(tokenize([text])) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("don't", "DON\u2019T"),
        ("1,400", "1400"),
        ("U.S. and", "US and"),
        ("soft", "so\u00adft"),
        ("Élan", "élan"),
        ("e\u0301lan", "élan"),
        ("x\u0301y", "xy"),  # which no single character is
    ],
)
def test_spellings_of_one_word(one: str, other: str) -> None:
    assert tokenize([one]).hash[0] == tokenize([other]).hash[0]


def test_kinds_and_symbols() -> None:
    text = "Yesterday the miller sold nine sacks to Hale, but a few went to the US for 9 crowns."
    tokens = tokenize([text])
    kinds = dict(zip(words(tokens), tokens.kind & KIND_MASK, strict=True))
    assert kinds["Yesterday"] == kinds["miller"] == CONTENT
    assert kinds["the"] == kinds["but"] == FUNCTION
    assert kinds["Hale"] == kinds["US"] == NAME
    assert kinds["nine"] == kinds["9"] == NUMBER
    symbols = dict(zip(words(tokens), tokens.symbol, strict=True))
    assert symbols["a"] == symbols["the"] == word_hash("the")
    assert symbols["nine"] == symbols["9"]
    assert symbols["miller"] == symbols["sacks"] == 0


def test_damaged_surrogates_are_gaps() -> None:
    tokens = tokenize(["left \ud800 right"])
    assert words(tokens) == ["left", "right"]
    assert tokens.sentence(0) == "left \ud800 right"


def test_what_never_ends_is_cut_where_its_words_say() -> None:
    """So two versions of it are cut alike; a sentence of eighty words is left whole."""
    text = [f"{a}{b}{c}" for a in "bdfgk" for b in "aeiou" for c in "lmnprstvxz"]

    def first_words(words: list[str]) -> list[str]:
        tokens = tokenize([" ".join(words)])
        return [tokens.word(first) for first in tokens.sentences[:-1].tolist()]

    longer = [*["quite", "another", "beginning", "of", "it"], *text]
    assert len(first_words(text)) > 5
    assert first_words(text)[2:] == first_words(longer)[-len(first_words(text)[2:]) :]
    lengths = np.diff(tokenize([" ".join(longer)]).sentences)[:-1]
    assert lengths.min() >= 16 and lengths.max() <= 64
    assert [len(first_words(text[:n])) > 1 for n in (80, 81)] == [False, True]
    assert first_words([*text, "end.", "Short", "one."])[-1] == "Short"


def test_a_word_at_the_end_of_a_sentence_has_no_neighbour() -> None:
    units = np.array([4 | NAME, 8, 12, 16 | NUMBER], np.uint32)
    found = [int(neighbour(units, at, 0, 3)) for at in (-1, 0, 2, 3)]
    assert found == [0, NAME, 12, 0]


def test_what_a_text_of_no_listed_language_repeats_is_a_function_word() -> None:
    tokens = tokenize(
        ["zub gorim zub lamet zub nokfi dursa", "The mill and the mill saw the mill."]
    )
    kinds = tokens.kind & KIND_MASK
    assert [w for w, k in zip(words(tokens), kinds, strict=True) if k == FUNCTION] == [
        "zub", "zub", "zub", "The", "and", "the", "the",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("hits", "distinct", "known"),
    [(6, 2, False), (6, 3, True), (20, 5, False), (20, 6, True), (200, 11, False), (200, 12, True)],
)
def test_a_few_particles_again_and_again_are_no_language(
    hits: int, distinct: int, known: bool
) -> None:
    """Of three words one is of the Spanish list, the last of them once: is it a function word?"""
    chosen = [word for word in FUNCTION_WORDS["es"].split() if len(word) > 3][:distinct]
    words = [chosen[1 + k % (distinct - 1)] for k in range(hits - 1)] + chosen[:1]
    text = " ".join(f"{word} ba{k}lu mi{k}to" for k, word in enumerate(words))
    tokens = tokenize([text])
    kinds = {tokens.word(t): int(tokens.kind[t]) & KIND_MASK for t in range(len(tokens.kind))}
    assert (kinds[chosen[0]] == FUNCTION) is known
