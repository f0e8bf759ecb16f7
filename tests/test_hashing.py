"""Hashes and hash tables that NumPy makes are those that kernels read."""

from __future__ import annotations

import runpy
import string
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scrub.hashing import find_slots, hash_words, lay_out
from scrub.match.rewrites.terms import background
from scrub.match.scan import word_hash
from scrub.spin.bigrams import load_bigrams
from scrub.spin.thesaurus import load_thesaurus
from scrub.spin.web import find_word, find_words, is_listed, is_usual, load_web
from scrub.spin.word_fit import NEIGHBOURS, load_neighbours

TOOLS = Path(__file__).parent.parent / "tools"
WORDS = st.lists(st.text(string.ascii_lowercase, min_size=1, max_size=12), max_size=20)


@given(WORDS)
def test_words_of_a_text_have_the_hash_that_each_has_by_itself(words: list[str]) -> None:
    data = np.frombuffer(" ".join(["", *words]).encode(), np.uint8)
    end = 1 + np.cumsum([len(word) + 1 for word in words], dtype=np.int64) - 1
    start = end - np.array([len(word) for word in words], np.int64)
    assert hash_words(data, start, end).tolist() == [word_hash(word) for word in words]


@given(st.lists(st.integers(1, 40), max_size=15), st.integers(1, 40))
def test_a_key_is_found_where_it_was_laid(numbers: list[int], other: int) -> None:
    """Homes are few, so that keys meet; one kernel and NumPy find the same slot."""
    size = 16
    keys = np.array(numbers, np.uint32)
    slots = lay_out(keys, keys.astype(np.int64) & (size - 1), size)
    table = np.zeros(size, np.uint32)
    table[slots] = keys
    assert sorted(table[table > 0].tolist()) == sorted(set(numbers))
    for key in (*numbers, other):
        one = np.array([key], np.uint32)
        slot = find_slots(table, one, one.astype(np.int64) & (size - 1))[0]
        assert slot == find_word(table, np.uint32(key)) == find_words(table, one)[0]
        assert table[slot] == (key if key in numbers else 0)


def test_words_and_pairs_of_the_web_are_known() -> None:
    assert is_listed("government")
    assert not is_listed("governmentful")
    assert is_usual("prime", "minister")
    assert not is_usual("minister", "prime")
    web = load_web()
    slots = find_words(web.words, np.array([word_hash("the"), word_hash("week")], np.uint32))
    assert web.word_flags[slots].tolist() == [1, 0]
    assert web.word_log[slots[0]] > web.word_log[slots[1]] > 18  # of a million million words


def test_the_background_is_what_its_tool_makes_of_the_words_today() -> None:
    tool = runpy.run_path(str(TOOLS / "make_background.py"))
    for name, made in tool["arrays"]().items():
        with np.load(tool["OUT"], allow_pickle=False) as shipped:
            assert np.array_equal(shipped[name], made), f"{name}: run tools/make_background.py"
    assert np.all(np.diff(background()[0].astype(np.int64)) > 0)


def test_neighbours_are_of_the_thesaurus_and_the_commonest_first() -> None:
    neighbours, supply = load_neighbours()
    model, thesaurus, web = load_bigrams(), load_thesaurus(), load_web()
    assert neighbours.shape == (len(model.single), NEIGHBOURS)
    assert np.array_equal(np.isnan(supply), neighbours[:, 0] < 0)

    def number(word: str) -> int:
        return int(model.number[find_word(web.words, np.uint32(word_hash(word)))])

    for word in ("year", "began", "weeks", "purchases", "big"):
        forms, _ = thesaurus.originals(thesaurus.form(word))
        known = {number(thesaurus.words[form]) for form in forms} - {-1}
        found = [n for n in neighbours[number(word)].tolist() if n >= 0]
        assert len(found) == min(NEIGHBOURS, len(known))
        assert set(found) <= known
        by_use = sorted(-float(model.single[n]) for n in known)[: len(found)]
        assert [-float(model.single[n]) for n in found] == by_use
