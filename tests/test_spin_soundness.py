"""Damage makes no copy fuller: of two copies with the same words the sound one is worth more."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scrub.config import Settings
from scrub.corpus import Corpus
from scrub.document import Document, Pair
from scrub.match.features import features
from scrub.match.pairs import Copies
from scrub.pipeline import analyse
from scrub.spin.judge import Judgement
from scrub.spin.soundness import limit_to_usual, sound_words, worth

TEXT = """Ferry to run in winter

The ferry between Olm and Sandwick will sail through the winter for the first time, the harbour \
board said on Tuesday. "We have waited long for this," said Ida Brandt, who keeps the island's \
only shop. It will leave twice a day.

The board has bought a second engine and hired four pupils from the nautical school. Whether \
the boat can land when the wind blows from the north is another question. Captain Per Holm \
doubts it.

Tickets cost as much as in summer, and islanders travel free on market days. The council will \
look at the figures in spring before it decides whether the winter boat stays."""

DAMAGE: dict[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "lower case": str.lower,
    "split words": lambda t: t.replace("pupils", "pupil- s").replace("winter", "win- ter"),
    "lost quotation marks": lambda t: t.replace('"', "?").replace("'", "?"),
    "homoglyphs": lambda t: t.replace("the ", "th\u0435 ").replace("board", "b\u043eard"),
    "replacement characters": lambda t: t.replace("island", "isl\ufffdnd"),
    "misread letters": lambda t: t.replace("wind", "vvind").replace("harbour", "harhour"),
    "tags": lambda t: "<p class=\"lead\">" + t.replace("\n\n", "</p>\n\n<p>") + "</p>",
    "site text below": lambda t: t + "\n\nShare this story\nMost read today\nOur newsletters",
    "site text above": lambda t: t.replace("\n\n", "\n\nShare this\nPrint\nSave for later\n\n", 1),
    "site text within": lambda t: t.replace("\n\nTic", "\n\nSign in Register Subscribe\n\nTic"),
    "a date above": lambda t: "Posted 3 Apr 2022 at 10:44\n\n" + t,
    "a paragraph twice": lambda t: t + "\n\n" + t.split("\n\n")[1],
    "entities": lambda t: t.replace('"', "&quot;").replace("'", "&#39;"),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_worth_less(damage: str) -> None:
    assert sound_words(DAMAGE[damage](TEXT), 0.8) < sound_words(TEXT, 0.8)


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
@pytest.mark.parametrize("damage", ["capitals", "lower case", "split words", "misread letters"])
def test_the_sound_copy_stays_whatever_it_is_called(damage: str, names: tuple[str, str]) -> None:
    damaged, sound = names
    documents = [Document(damaged, DAMAGE[damage](TEXT)), Document(sound, TEXT)]
    verdicts = analyse(documents, Settings(), flag=False).verdicts
    assert [i for i, verdict in verdicts.items() if verdict.kept] == [sound]


@pytest.mark.parametrize(
    "damage", [str.upper, str.lower, str.title, lambda t: t.replace('"', "?").replace("'", "?")]
)
def test_of_exact_copies_the_sound_one_is_compared_and_stays(damage: Callable[[str], str]) -> None:
    """Whatever they are called, and however many are damaged; a third copy counts."""
    shortened = (
        TEXT.replace(" It will leave twice a day.", "")
        .replace("win", "win- ")
        .replace("pupils", "pupil- s")
    )
    documents = [
        Document("a", damage(TEXT)), Document("b", damage(TEXT)), Document("c", TEXT),
        Document("d", damage(TEXT)), Document("e", shortened),
    ]  # fmt: skip
    analysis = analyse(documents, Settings(), flag=False)
    assert [i for i, verdict in analysis.verdicts.items() if verdict.kept] == ["c"]
    assert all(pair.id_a < pair.id_b for pair in analysis.pairs)
    beliefs = [analysis.flagged.scores[i] for i in "abcd"]
    assert max(beliefs) - min(beliefs) < 0.001


def test_good_words_are_counted_without_an_engine_too() -> None:
    documents = [Document("a", TEXT), Document("b", TEXT.upper())]
    made = features([document.text for document in documents], Settings().match)
    found = Copies([Pair("a", "b", "near", "no", 0.9, 1.0, 1.0, 9, "")], {"a": "a", "b": "a"})
    judged = Judgement(found.pairs, {"a": 0.0, "b": 0.0}, {})
    good = worth(Corpus(documents, {}, made, judged.beliefs), found, judged, 0.8)
    assert good["b"] < good["a"]


def test_a_company_in_angle_brackets_is_no_tag() -> None:
    text = TEXT.replace("The board has", "The board <Olm Ferries Plc> has")
    assert sound_words(text, 0.8) > sound_words(TEXT, 0.8)


def test_of_equal_copies_the_one_that_kept_its_marks_stays() -> None:
    text = TEXT.replace("Olm", "\u00d8lm").replace("'", "\u2019") + " \u2014 so far."
    for plain in (
        text.replace("\u00d8", "O"),
        text.replace("\u2019", "'"),
        text.replace("\u2014", "-"),
    ):
        assert sound_words(text, 0.8) > sound_words(plain, 0.8)


@pytest.mark.parametrize(
    "more",
    [
        "\n\nThe boat can carry forty people and two cars. A doctor will travel with it.",
        "\n\nOlm 3 Sandwick 2\nHolm 1 Brandt 4\nNorth 2 South 2",
    ],
)
def test_what_a_fuller_copy_adds_counts(more: str) -> None:
    assert sound_words(TEXT + more, 0.8) > sound_words(TEXT, 0.8) + 5


@pytest.mark.parametrize(
    ("line", "lost"),
    [
        ("It has to be closed for two weeks each.", 0),
        ("The pier is to be closed for two weeks each.", 10),
    ],
)
def test_a_line_of_ten_words_that_stands_twice_counts_once_and_a_label_twice(
    line: str, lost: int
) -> None:
    one, two, three = TEXT.split("\n\n")[1:]
    twice = "\n\n".join([one, line, two, line, three])
    other = "\n\n".join([one, line, two, line.replace("two", "six"), three])
    assert sound_words(other, 0.8) - sound_words(twice, 0.8) == lost


def test_a_damaged_copy_stays_where_the_sound_one_is_a_small_part() -> None:
    assert sound_words(TEXT.upper(), 0.8) > sound_words(TEXT[: len(TEXT) // 2], 0.8)


def test_other_languages_keep_their_order() -> None:
    text = "Der Hafen bleibt im Winter offen, sagte die Behörde am Dienstag, und niemand staunte. "
    assert sound_words(text * 3 + "Das Schiff fährt zweimal täglich.", 0.8) > sound_words(text, 0.8)
    stripped = text.replace("ö", "o").replace("ä", "a")
    assert sound_words(text, 0.8) > sound_words(stripped, 0.8)


# What a spinner makes of a few of the words, by phrases that are longer than the words were.
SWAPS = {
    "first": "initial", "waited long": "hung tight quite a while", "only shop": "solitary store",
    "has bought": "has bought up", "second engine": "subsequent motor", "hired": "enlisted",
    "another question": "some other inquiry", "doubts": "questions",
    "travel free": "journey gratis", "decides": "settles on a choice",
}  # fmt: skip


def spun(text: str) -> str:
    for word, other in SWAPS.items():
        assert word in TEXT
        text = text.replace(word, other)
    return text


@pytest.mark.parametrize("copies", [1, 2])
@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_a_copy_that_is_longer_by_what_a_spinner_put_in_does_not_stay(
    names: tuple[str, str], copies: int
) -> None:
    """Whether it is called spun or not, and however often it is there."""
    longer, sound = names
    assert sound_words(spun(TEXT), 0.8) > sound_words(TEXT, 0.8)
    documents = [Document(f"{longer}{k}", spun(TEXT)) for k in range(copies)]
    documents.append(Document(sound, TEXT))
    verdicts = analyse(documents, Settings(), flag=False).verdicts
    assert [i for i, verdict in verdicts.items() if verdict.kept] == [sound]


def test_what_only_the_less_usual_copy_says_is_not_lost() -> None:
    """A paragraph more is no wording: the fuller text stays, unless it is called spun."""
    more = "\n\nThe nautical school has trained deck hands since the days of sail. Its head, Ane \
Lund, said the pupils were paid as grown seamen are, and that two of them were born on the island."
    fuller = TEXT.replace("first", "initial").replace("doubts", "questions") + more
    documents = [Document("a", TEXT), Document("b", fuller)]
    analysis = analyse(documents, Settings(), flag=False)
    assert analysis.flagged.scores["b"] < 0.5
    assert [i for i, verdict in analysis.verdicts.items() if verdict.kept] == ["b"]


@pytest.mark.parametrize(
    ("shares", "lean", "good", "lost", "kept"),
    [
        ((1.0, 1.0), 5.0, (100.0, 110.0), 0.0, 0),  # the same, and the first reads better
        ((1.0, 1.0), -5.0, (100.0, 110.0), 0.0, 1),
        ((1.0, 1.0), 0.0, (100.0, 110.0), 0.0, 1),  # nothing says which
        ((1.0, 0.95), 5.0, (100.0, 110.0), 0.0, 1),  # the second says more than the first
        ((1.0, 0.95), 20.0, (100.0, 110.0), 0.0, 0),  # or is so much a spinner's that it seems to
        ((1.0, 0.91), 90.0, (100.0, 110.0), 0.0, 1),
        ((0.8, 0.8), 20.0, (100.0, 110.0), 0.0, 0),
        ((0.79, 0.79), 20.0, (100.0, 110.0), 0.0, 1),  # too little in common
        ((1.0, 1.0), 5.0, (79.0, 100.0), 0.0, 1),  # the first is a poor copy
        ((1.0, 1.0), 5.0, (80.0, 100.0), 0.0, 0),
        ((1.0, 1.0), 5.0, (100.0, 110.0), 3.0, 1),  # or a damaged one
    ],
)
def test_usual_wording_limits_what_says_the_same(
    shares: tuple[float, float], lean: float, good: tuple[float, float], lost: float, kept: int
) -> None:
    found = dict(zip("ab", good, strict=True))
    pair = Pair("a", "b", "near", "no", 0.9, *shares, 9, "")
    limit_to_usual(found, {"a": lost, "b": 0.0}, [pair], {("a", "b"): lean})
    assert found["ab"[kept]] > found["ab"[1 - kept]]
    assert found["ab"[kept]] == good[kept]


def test_a_script_without_capitals_has_lost_none() -> None:
    text = "\u0627\u0644\u0646\u0635 " * 30
    assert sound_words(text, 0.8) == sound_words(text, 1.0)


@pytest.mark.parametrize(("lines", "counted"), [(8, 20), (30, 150)])
def test_of_short_lines_alone_half_counts_and_of_a_poem_all(lines: int, counted: int) -> None:
    places = ["bridge", "river", "house", "garden", "village", "station"]
    made = [f"the old {one} and {two}" for one in places for two in places]
    assert sound_words("\n".join(made[:lines]), 1.0) == counted
