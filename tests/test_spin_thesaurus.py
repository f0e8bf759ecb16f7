"""The shipped thesaurus: neighbours in the inflection of the word that stands in the text."""

from __future__ import annotations

import pytest

from scrub.spin.thesaurus import ASSOCIATED, NEAR, SYNONYM, are_synonyms, load_thesaurus


def originals(word: str) -> set[str]:
    """The words that one may have replaced."""
    table = load_thesaurus()
    return {table.words[other] for other in table.originals(table.form(word))[0]}


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
def test_a_neighbour_takes_the_inflection_of_the_word(spun: str, original: str) -> None:
    assert original in originals(spun)
    assert are_synonyms(spun, original)
    assert are_synonyms(original, spun)


@pytest.mark.parametrize(
    ("spun", "not_there"),
    [("twelvemonths", "year"), ("pronounced", "say"), ("purchases", "buying")],
)
def test_other_inflections_are_no_candidates(spun: str, not_there: str) -> None:
    assert not_there not in originals(spun)
    assert not are_synonyms(spun, not_there)


@pytest.mark.parametrize("other", ["zzyzxq", "zzyzxr", "year"])
def test_an_unknown_word_has_replaced_none(other: str) -> None:
    assert not originals("zzyzxq")
    assert not are_synonyms("zzyzxq", other)
    assert not are_synonyms(other, "zzyzxq")


def test_a_word_has_not_replaced_itself() -> None:
    assert "marketplace" not in originals("marketplace")
    assert not are_synonyms("marketplace", "marketplace")


def test_the_table_holds_together() -> None:
    table = load_thesaurus()
    assert len(table.words) == len(table.hashes) == len(set(table.words))
    assert table.words == sorted(table.words)
    assert 0 <= table.targets.min() <= table.targets.max() < len(table.forms)
    assert table.forms.max() == len(table.words) - 1
    assert {SYNONYM, ASSOCIATED, NEAR} == set(table.strength.tolist())
    assert table.start[-1] == len(table.targets) == len(table.strength)
    assert (table.forms[:, 0] >= -1).all()
