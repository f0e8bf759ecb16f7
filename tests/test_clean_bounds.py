"""Bytes, languages, filters, logs and what a page says of itself: from both sides each."""

from __future__ import annotations

import numpy as np
import pytest

from paragraphs import PROSE
from scrub.clean import (
    encoding,
    language,
    legacy,
)
from scrub.clean.changes import Draft, Edit, source_span
from scrub.clean.language import languages
from scrub.clean.linked_data import linked_data
from scrub.clean.quality import rejected_by
from scrub.config import CleanSettings
from scrub.document import Change


@pytest.mark.parametrize(
    ("size", "edits"), [(5_000, 2), (5_001, 1)]
)  # fmt: skip
def test_how_much_is_compared_character_by_character(size: int, edits: int) -> None:
    half = size // 2
    one, other = (
        "a" * half + "=" + "a" * (size - half - 1),
        "b" * half + "=" + "b" * (4_999 - half),
    )
    found = encoding.difference(f"xy{one}z", f"xy{other}z", "rule", 5)
    assert len(found) == edits and found[0].start == 7 and found[-1].end == 7 + size


def test_a_text_that_is_not_throughout_garbled_is_left() -> None:
    garbled = "Администрация города сообщила вчера вечером об этом".encode("cp1251").decode(
        "cp1252"
    )
    assert legacy.is_garbled(garbled)
    assert not legacy.is_garbled("Администрация города")
    assert not legacy.is_garbled(garbled[:9])
    assert not legacy.is_garbled(f"{garbled} {PROSE} {PROSE}")
    assert not legacy.is_garbled(f"{garbled} {'日本語の新聞社' * 12}")
    assert not legacy.is_garbled("é" * 20 + "à" * 20)  # two letters make up all of it
    assert legacy.repair_text(garbled)[0].after.startswith("Администрация")
    assert legacy.repair_text(garbled[:24]) == []  # of so few bytes nobody can be sure


@pytest.mark.parametrize(
    ("words", "function", "outside", "code"),
    [(20, 3, 0, "en"), (19, 9, 0, "de"), (20, 2, 0, "de"), (20, 3, 6, "en"), (20, 3, 7, "de")],
)
def test_english_is_proven_by_its_function_words(
    words: int, function: int, outside: int, code: str
) -> None:
    text = "Der Rat der Stadt hat am Montag über den Haushalt beraten...."[:60]
    found = language.language(text, words=words, function_words=function, non_ascii=outside)
    assert found == code


def test_words_without_a_letter_do_not_count_for_a_language() -> None:
    counts = np.zeros((2, 14), np.int64)
    counts[:, 0], counts[:, 3], counts[:, 4] = 24, 3, (4, 5)
    assert languages(["Der Rat der Stadt hat am Montag beraten."] * 2, counts) == ["en", "de"]


@pytest.mark.parametrize(
    ("name", "setting", "low", "high"),
    [
        ("rps_doc_word_count", "min_words", True, False),
        ("rps_doc_stop_word_fraction", "min_function_words", True, False),
        ("rps_lines_ending_with_terminal_punctution_mark", "min_ended_lines", True, False),
        ("frac_duplicate_lines", "max_duplicate_lines", False, True),
    ],
)
def test_what_a_filter_rejects(name: str, setting: str, low: bool, high: bool) -> None:
    limit = 1 if setting == "min_words" else 0.5
    chosen = CleanSettings.model_validate({setting: limit})
    assert rejected_by({name: limit}, chosen) == rejected_by({}, chosen) == ""
    assert bool(rejected_by({name: 0}, chosen)) is low
    assert bool(rejected_by({name: limit + 1}, chosen)) is high


@pytest.mark.parametrize(
    ("change", "spans"),
    [
        (Change("s", "r", 2, 4, "xx", ""), {(0, 2): (0, 2), (2, 3): (4, 5), (1, 3): (1, 5),
                                            (2, 2): (4, 4), (1, 1): (1, 1)}),
        (Change("s", "r", 2, 2, "", "xx"), {(0, 2): (0, 2), (2, 3): (2, 2), (3, 4): (2, 2),
                                            (4, 5): (2, 3), (1, 5): (1, 3), (4, 4): (2, 2)}),
        (Change("s", "r", 2, 5, "xxx", "y"), {(0, 2): (0, 2), (2, 3): (2, 5), (3, 4): (5, 6),
                                              (0, 4): (0, 6), (3, 3): (5, 5)}),
    ],
)  # fmt: skip
def test_spans_beside_and_across_a_change(
    change: Change, spans: dict[tuple[int, int], tuple[int, int]]
) -> None:
    assert {span: source_span([change], *span) for span in spans} == spans


def test_a_step_that_had_nothing_to_do_is_asked_again_only_of_another_text() -> None:
    asked = []

    def idle(text: str) -> list[Edit]:
        asked.append(text)
        return []

    draft = Draft("abc")
    draft.take("s", idle)
    draft.take("s", idle)
    assert not draft.apply("s", [Edit(0, 1, "a", "same")])
    draft.take("s", idle)
    assert asked == ["abc"] and draft.changes == []
    assert draft.apply("s", [Edit(0, 1, "a", "same"), Edit(1, 1, "x", "r"), Edit(1, 2, "", "r")])
    draft.take("s", idle)
    assert asked == ["abc", "axc"] and len(draft.changes) == 2


@pytest.mark.parametrize(
    ("scripts", "found"),
    [
        ([], ("", "")), (['{"@type": "WebSite", "name": " The &amp; Mill "}'], ("The & Mill", "")),
        (['{"@type": "Person", "name": "Anna"}'], ("", "")), (['{"@type": "WebSite"}'], ("", "")),
        (["{", '{"articleBody": "One."}'], ("", "One.")),
        (['[{"articleBody": "One."}, {"articleBody": "Two more."}]'], ("", "Two more.")),
        (['{"@type": ["WebSite"], "name": "A", "x": {"@type": "WebSite", "name": "B"}}'], ("A",
         "")),
        (['{"@type": "liveBlogUpdate", "x": [{"headline": "H", "articleBody": "One."},'
          ' {"articleBody": "Two<br>three."}]}'], ("", "H\nOne.\nTwo\nthree.")),
    ],
)  # fmt: skip
def test_what_a_page_says_of_itself(scripts: list[str], found: tuple[str, str]) -> None:
    html = "".join(f'<script type="application/ld+json">{script}</script>' for script in scripts)
    assert linked_data(html) == found
    assert linked_data(html + '<script type="application/ld+json">{"articleBody": "Last"}') == found
