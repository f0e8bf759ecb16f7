"""Two texts sentence beside sentence: what a person sees of a rewrite."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrub.config import Settings
from scrub.document import REWRITES, Relation
from scrub.match.features import features
from scrub.match.rewrites.alignment import Side, align, new_terms, quotes, side_at
from scrub.match.rewrites.describe import evidence
from scrub.match.rewrites.terms import terms_of, vocabulary
from scrub.write.report.rewriting import _runs, aligned, described, sides
from test_match_rewrites import INDEPENDENT, REWRITE, SOURCE, SUMMARY, corpus, found_among

if TYPE_CHECKING:
    from scrub.match.rewrites.terms import Terms

SENTENCES = [
    "Director Ilse Tornquist spoke of 48 million euros in Velmoor.",
    "The vessel Grete Amalie leaves Altwick on 9 March.",
    "All 63 boats of Lower Dunnick fish near the Ostrin lighthouse.",
    "Pauli Renske waits for the Marrow Institute and its eel grass.",
    "Nobody else had anything to add.",
]


def both(one: str, other: str) -> tuple[Side, Side, Terms]:
    texts = [one, other]
    made = features(texts, Settings().match)
    terms = terms_of(made, np.arange(2), vocabulary(texts, np.arange(2)))
    return side_at(made, terms, 0, one), side_at(made, terms, 1, other), terms


def test_sentences_that_tell_the_same_stand_beside_each_other() -> None:
    one, other, terms = both(SOURCE, REWRITE)
    found = [(one.text[slice(*one.span(*row.one))], other.text[slice(*other.span(*row.other))])
             for row in align(one, other, terms)]  # fmt: skip
    (vessel,) = [right for left, right in found if "Grete Amalie" in left]
    assert "Grete Amalie" in vessel and "Kessler & Holm" in vessel
    (boats,) = [right for left, right in found if "63 boats" in left]
    assert "all 63 of them" in boats
    # Two sentences of the source are one here.
    (director,) = [left for left, right in found if "director Ilse Tornquist" in right]
    assert "13.8 metres" in director and "large ships" in director


def test_words_that_stand_together_are_marked_together() -> None:
    side, _, _ = both("Ilse Tornquist, Velmoor, Grete Amalie.", SENTENCES[4])
    marked = [side.text[s.start : s.end] for s in _runs(side, lambda term: term >= 0, "new")]
    assert marked == ["Ilse Tornquist", "Velmoor", "Grete Amalie"]


def test_what_tells_another_story_stands_beside_little() -> None:
    assert len(align(*both(SOURCE, INDEPENDENT))) <= 2


@given(
    st.lists(st.sampled_from(SENTENCES), max_size=9),
    st.lists(st.sampled_from(SENTENCES), max_size=9),
)
def test_no_sentence_stands_in_two_rows(left: list[str], right: list[str]) -> None:
    one, other, terms = both("\n\n".join(left), "\n\n".join(right))
    rows = align(one, other, terms)
    assert rows == sorted(rows)
    for side, total in ((0, len(left)), (1, len(right))):
        taken = [s for row in rows for s in range(row[side][0], row[side][1] + 1)]
        assert len(taken) == len(set(taken)) and set(taken) <= set(range(total))
    if left == right:  # a text beside itself leaves nothing out but what shares too little
        assert {s for row in rows for s in range(row.one[0], row.one[1] + 1)} >= {
            k for k, sentence in enumerate(left) if sentence != SENTENCES[4]
        }


@given(st.text(max_size=400), st.text(max_size=400), st.sampled_from(REWRITES))
def test_any_two_texts_can_be_shown(left: str, right: str, relation: Relation) -> None:
    rows, ours, theirs = aligned(left, right, relation)
    for text, marks in ((left, ours), (right, theirs)):
        ends = [0, *(place for mark in marks for place in (mark.start, mark.end))]
        assert ends == sorted(ends) and ends[-1] <= len(text)
    for row in rows:
        assert 0 <= row.left[0] < row.left[1] <= len(left)
        assert 0 <= row.right[0] < row.right[1] <= len(right)


def test_a_mark_at_the_very_end_of_a_sentence_is_of_it() -> None:
    left = f"{SOURCE.strip()}\n\nThe case is argued for the boats by Pauli Renske"
    right = f"{REWRITE.strip()}\n\nFor the boats the case is argued by Pauli Renske"
    rows, _, _ = aligned(left, right, "rewrite")
    for text, (*_, mark) in ((left, rows[-1].left_marks), (right, rows[-1].right_marks)):
        assert text[mark.start :] == "Pauli Renske"


def test_marks_tell_what_is_in_both_from_what_is_new() -> None:
    _, ours, theirs = aligned(SOURCE, REWRITE.replace("Pauli Renske", "Tobias Wenk"), "rewrite")
    told = {(text[m.start : m.end], m.mark) for text, marks in (
        (SOURCE, ours), (REWRITE.replace("Pauli Renske", "Tobias Wenk"), theirs)
    ) for m in marks}  # fmt: skip
    assert {("Pauli Renske", "x"), ("Tobias Wenk", "x"), ("Grete Amalie", "m")} <= {
        (words, mark) for text, mark in told for words in (text, text.removeprefix("vessel "))
    } | {("Grete Amalie", mark) for text, mark in told if "Grete Amalie" in text}


def test_a_quote_counts_where_the_other_has_its_words() -> None:
    one, other, _ = both(SOURCE, REWRITE)
    (span,) = quotes(other, one)
    assert other.text[slice(*span)].split() == ["will", "simply", "sail", "past", "us"]
    assert quotes(one, other) == []  # the source quotes more than the rewrite has
    one, other, _ = both(SOURCE, INDEPENDENT)
    assert quotes(one, other) == quotes(other, one) == []


def test_the_evidence_is_in_the_words_of_the_texts() -> None:
    ids, texts = corpus(SOURCE, REWRITE.replace("63", "64"))
    made = features(texts, Settings().match)
    every = np.arange(len(ids))
    terms = terms_of(made, every, vocabulary(texts, every))
    shorter, longer = (side_at(made, terms, k, texts[k]) for k in (0, 1))
    found = evidence(shorter, longer, terms)
    assert ("Tornquist", 2) in found.names and ("11.4", 2) in found.numbers
    assert found.quotes == (("“will simply sail past us”", 2),)
    assert [word for word, _ in found.new] == ["63"]
    assert {terms.kinds[t] for t in new_terms(shorter, longer, terms)} == {2}


@pytest.mark.parametrize("source", ["a", "b; names x", "of a;"])
def test_the_row_of_a_pair_is_read_as_it_was_written(source: str) -> None:
    evidence = (
        f"strong summary of {source}; names Ostrin (2), Ilse (3); quotes “will sail; past” (2); "
        "no new name or number; It said; new so | It; said"
    )
    row = {"id_a": min(source, "z"), "id_b": max(source, "z")}
    row |= {"evidence": evidence, "relation": "summary"}
    assert sides(row) == (source, "z")
    assert described(row) == [
        ("names", "Ostrin (2), Ilse (3)"),
        ("quotes", "“will sail; past” (2)"),
        ("new", "nothing"),
    ]


def test_rewrites_of_a_source_that_is_not_there_are_linked_with_each_other() -> None:
    (found,) = found_among(REWRITE, SUMMARY)
    assert (found.pair.id_a, found.pair.id_b) == ("d00", "d01")
