"""Texts of many kinds that cleaning leaves as they are (`cases/kept_kinds.json`), and a law."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrub.clean.text import clean_batch, clean_text
from scrub.config import CleanSettings
from scrub.document import Document

DEFAULT = CleanSettings()
CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "cases" / "kept_kinds.json").read_text(encoding="utf-8")
)["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["kind"])
def test_a_text_of_this_kind_stays(case: dict[str, Any]) -> None:
    cleaned = clean_text(case["text"], DEFAULT)
    assert cleaned.text == case["text"]
    assert cleaned.created == case.get("created", "")


def test_they_stay_in_a_batch_too() -> None:
    documents = [Document(id=case["kind"], text=case["text"]) for case in CASES]
    cleaned, logs = clean_batch(documents, DEFAULT)
    assert [document.text for document in cleaned] == [case["text"] for case in CASES]
    assert not any(logs)


# Words that menus and notices have, too.
LOADED = ["home", "share", "print", "search", "help", "more", "photos", "newsletter", "cookies",
          "advertisement", "copyright", "rights", "subscribe", "read", "click", "app"]  # fmt: skip
nouns = st.sampled_from([*LOADED, "mill", "harbour", "lamp", "river", "ferry", "council", "weir"])
names = st.sampled_from(["Una Falk", "Per Sorel", "Ivo Brandt", "Ana Lisboa", "Jo Marsh"])
sentences = st.builds(
    "{} said on {} that the {} of the {} had {} the {}.".format,
    names,
    st.sampled_from(["Monday", "Friday"]),
    nouns,
    nouns,
    st.sampled_from(["ruined", "outlived", "paid for", "lost"]),
    nouns,
)
items = st.builds("{} {} {}".format, st.integers(2, 900), nouns, nouns)
bulleted = st.lists(items.map("- {}".format), min_size=2, max_size=6).map("\n".join)
rows = st.lists(st.tuples(names, nouns, nouns), min_size=3, max_size=6).map(
    lambda cells: "\n".join(f"| {' | '.join(row)} |" for row in cells)
)
steps = st.lists(items, min_size=5, max_size=9, unique=True).map("\n".join)


@settings(max_examples=200)
@given(
    st.lists(st.one_of(sentences, sentences, bulleted, rows, steps), min_size=1, max_size=9),
    sentences,
)
def test_sentences_items_and_rows_lose_no_word_and_no_line(parts: list[str], last: str) -> None:
    text = "\n\n".join([*parts, last])
    assert clean_text(text, DEFAULT).text == text
