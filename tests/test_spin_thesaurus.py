"""The shipped thesaurus: neighbours in the inflection of the word that stands in the text."""

from __future__ import annotations

import pytest

from scrub.spin.thesaurus import ASSOCIATED, NEAR, SYNONYM, load_thesaurus


@pytest.mark.parametrize(
    ("spun", "original"),
    [
        ("twelvemonth", "year"),
        ("twelvemonths", "years"),
        ("marketplaces", "markets"),
        ("pronounced", "said"),
        ("commencing", "beginning"),
        ("hebdomad", "week"),
        ("purchases", "buys"),
        ("motorists", "drivers"),
    ],
)
def test_a_neighbour_takes_the_inflection_of_the_word(spun, original):
    assert original in dict(load_thesaurus().candidates(spun))


@pytest.mark.parametrize(
    ("spun", "not_there"),
    [("twelvemonths", "year"), ("pronounced", "say"), ("purchases", "buying")],
)
def test_other_inflections_are_no_candidates(spun, not_there):
    assert not_there not in dict(load_thesaurus().candidates(spun))


def test_an_unknown_word_has_no_candidates():
    assert load_thesaurus().candidates("zzyzxq") == []


def test_a_word_is_not_its_own_candidate_and_synonyms_come_first():
    found = load_thesaurus().candidates("marketplace")
    assert "marketplace" not in dict(found)
    strengths = [strength for _, strength in found]
    assert strengths == sorted(strengths)
    assert set(strengths) <= {SYNONYM, ASSOCIATED, NEAR}


def test_the_table_holds_together():
    table = load_thesaurus()
    assert len(table.words) == len(table.hashes) == len(set(table.words))
    assert table.words == sorted(table.words)
    assert 0 <= table.targets.min() <= table.targets.max() < len(table.forms)
    assert table.forms.max() == len(table.words) - 1
    assert table.start[-1] == len(table.targets) == len(table.strength)
    assert (table.forms[:, 0] >= -1).all()
