"""The spinners spin is measured with: exact spans, the same bytes again, each one's own law."""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stories import FERRY, MUSEUM, SCHOOL

pytest.importorskip("lemminflect", reason="the zoo inflects with it")
sys.path.insert(0, str(Path(__file__).parents[1] / "bench" / "spinners"))

import dictionaries
import zoo as spinners

STORIES = (FERRY, MUSEUM, SCHOOL)
NAMES = sorted(spinners.Zoo(Path()).spinners)
WORD = re.compile(r"[A-Za-z]+")


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> spinners.Zoo:
    """All spinners, each with a dictionary made here: the other words of the stories, in threes."""
    folder = tmp_path_factory.mktemp("dictionaries")
    counts = Counter(w for text in STORIES for w in re.findall(r"\b[a-z]{3,}\b", text))
    words = sorted(counts)
    groups = [words[at::12] for at in range(12)] + [words[at : at + 4] for at in range(len(words))]
    (folder / "wordnet").mkdir()
    for file, pos in (("noun", "n"), ("verb", "v"), ("adj", "a"), ("adv", "r")):
        rows = [
            f"{number:08} 00 {pos} {len(group):02x} "
            + " ".join(f"{word} 0" for word in group)
            + f" 001 & {(number + 1) % len(groups):08} {pos} 0000 | made for a test"
            for number, group in enumerate(groups)
        ]
        text = "  1 a line of the licence\n" + "\n".join(rows) + "\n"
        (folder / "wordnet" / f"data.{file}").write_text(text, "latin-1")
    lines = [",".join(group) for group in groups]
    (folder / "moby.txt").write_text("\n".join([*lines, "ferry,water taxi,boat"]), "latin-1")
    heads = [f"aS'{word}'" for group in groups for word in [*group, "cat1"]]
    (folder / "roget.txt").write_text("\n".join(heads), "latin-1")
    entries = [f"{g[0]}|1\n(noun)|" + "|".join(g[1:]) + "|unlike (antonym)" for g in groups if g]
    for file in ("th_en_US_v2.dat", "th_en_AU_v2.dat"):
        (folder / file).write_text("\n".join(["ISO8859-1", *entries]), "latin-1")
    made = spinners.Zoo(folder)
    made.spinners = {n: replace(s, common=min(s.common, 1000)) for n, s in made.spinners.items()}
    return made


def undone(text: str, spans: list[dict[str, Any]]) -> str:
    """The text with every span's original in its place."""
    for span in reversed(spans):
        text = text[: span["start"]] + span["original"] + text[span["end"] :]
    return text


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", STORIES, ids=("ferry", "museum", "school"))
def test_spans_say_exactly_what_was_replaced(zoo: spinners.Zoo, name: str, text: str) -> None:
    spun, spans, words = zoo.spin(text, name, "1")
    assert spans, "nothing was spun"
    assert words == len(re.findall(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?|\d+(?:[.,]\d+)*", text))
    end = 0
    for span in spans:
        assert end <= span["start"] < span["end"] <= len(spun)
        assert spun[span["start"] : span["end"]] == span["spun"] != span["original"]
        end = span["end"]
    back = undone(spun, spans)
    if zoo.spinners[name].shuffle:
        assert sorted(back.split()) == sorted(text.split())
    else:
        assert back == text


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_spins_the_same_and_another_zoo_too(zoo: spinners.Zoo, name: str) -> None:
    again = spinners.Zoo(zoo.folder)
    again.spinners = zoo.spinners
    again.spin(MUSEUM, name, "0")  # what was spun before must not matter
    assert zoo.spin(FERRY, name, "7") == again.spin(FERRY, name, "7")


@pytest.mark.parametrize("name", NAMES)
def test_no_more_words_are_swapped_than_the_spinner_may(zoo: spinners.Zoo, name: str) -> None:
    spinner = zoo.spinners[name]
    for seed in map(str, range(5)):
        _, spans, words = zoo.spin(FERRY, name, seed)
        swapped = sum(span["kind"] not in ("determiner", "phrase") for span in spans)
        passes = 2 if spinner.second else 1
        assert swapped <= passes * (spinner.share[1] * words + 1)


def kinds(zoo: spinners.Zoo, name: str) -> Counter[str]:
    return Counter(
        span["kind"]
        for text in STORIES
        for seed in map(str, range(4))
        for span in zoo.spin(text, name, seed)[1]
    )


@pytest.mark.parametrize("name", NAMES)
def test_only_the_kinds_of_words_that_the_spinner_takes(zoo: spinners.Zoo, name: str) -> None:
    spinner, found = zoo.spinners[name], kinds(zoo, name)
    assert found["content"]
    assert not found["function"] or spinner.functions
    assert not found["number"] or spinner.numbers
    assert not found["determiner"] or spinner.articles or spinner.agree
    assert not found["phrase"] or spinner.phrases
    if spinner.functions == "table":
        assert found["function"]
    if spinner.articles:
        assert found["determiner"]


@pytest.mark.parametrize("name", [n for n in NAMES if n != "mythes_names"])
def test_names_stay(zoo: spinners.Zoo, name: str) -> None:
    zoo.entries(zoo.spinners[name].dictionary).setdefault("corran", {})[dictionaries.ANY] = ["boat"]
    text = "The boat left. " + "Nobody on Corran saw the harbour. " * 9
    for seed in map(str, range(5)):
        assert zoo.spin(text, name, seed)[0].count("Corran") == 9


def test_a_spinner_of_names_takes_them(zoo: spinners.Zoo) -> None:
    zoo.entries("mythes_us").setdefault("house", {})["NOUN"] = ["home"]
    text = "They spoke to the House about it. " * 20
    spun = [zoo.spin(text, "mythes_names", str(seed))[0] for seed in range(9)]
    assert any("Home" in one for one in spun)


@pytest.mark.parametrize("name", [n for n in NAMES if "same" in n or n == "moby_articles"])
def test_always_the_same_choice(zoo: spinners.Zoo, name: str) -> None:
    chosen = defaultdict(set)
    for text in STORIES:
        for seed in map(str, range(6)):
            for span in zoo.spin(text, name, seed)[1]:
                if span["kind"] == "content":
                    chosen[span["original"].lower()].add(span["spun"].lower())
    assert chosen
    assert all(len(words) == 1 for words in chosen.values())


def test_a_random_choice_differs_from_seed_to_seed(zoo: spinners.Zoo) -> None:
    assert len({zoo.spin(FERRY, "moby_random", str(seed))[0] for seed in range(6)}) == 6


def test_the_first_word_of_the_list_is_taken(zoo: spinners.Zoo) -> None:
    _, spans, _ = zoo.spin(FERRY, "mythes_common", "1")
    name, spinner = "mythes_common", zoo.spinners["mythes_common"]
    for span in spans:
        if span["kind"] == "content":
            offers = [
                zoo._offered(name, span["original"].lower(), before, spinner)
                for before in ("", "the", "to")  # no guess of the part of speech, noun, verb
            ]
            assert span["spun"].lower() in {o[0].lower() for o in offers if o}


def test_the_choice_that_fits_best_is_taken(zoo: spinners.Zoo) -> None:
    zoo.entries("wordnet").setdefault("ferried", {})
    zoo.entries("wordnet")["prize"] = {"NOUN": ["ferry", "award", "museum"]}
    text = "She won the academy prize winners again. " * 12
    spun, spans, _ = zoo.spin(text, "wordnet_fitting", "2")
    assert {s["spun"] for s in spans if s["original"] == "prize"} <= {"award"}
    assert "award" in spun


@given(st.lists(st.sampled_from(["the boat", "an old ferry", "It left.", "9,5", "\u2014", "don't",
                                 "\n\n", "THE END!", "na\u00efve", "_", "a"]), max_size=30),
       st.sampled_from(NAMES))  # fmt: skip
@settings(max_examples=60)
def test_any_text_is_spun_and_undone(zoo: spinners.Zoo, parts: list[str], name: str) -> None:
    text = " ".join(parts)
    spun, spans, _ = zoo.spin(text, name, "1")
    back = undone(spun, spans)
    assert sorted(back.split()) == sorted(text.split())
    assert zoo.spinners[name].shuffle or back == text


def test_there_are_as_many_spinners_as_promised() -> None:
    assert len(NAMES) >= 12
    listed = spinners.Zoo(Path()).spinners.values()
    assert min(s.share[0] for s in listed) <= 0.05
    assert max(s.share[1] for s in listed) >= 0.4
    assert {s.choice for s in listed} == {"first", "same", "random", "fitting", "nested"}
