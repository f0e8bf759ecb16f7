"""Floors of what scrub does in each language, on texts that `bench/languages.py` makes."""

import pytest

from scrub.languages import languages

pytestmark = pytest.mark.slow

# Below what `bench/results/languages.csv` shows, by what one of ten copies weighs.
FLOORS = {"exact": 1.0, "edited": 0.98, "excerpt": 0.98, "swap 20 %": 0.9, "swap 35 %": 0.6}


@pytest.mark.parametrize("code", [code for code in languages() if code not in ("cs", "da", "sv")])
def test_copies_are_found_and_clean_text_stays(code: str) -> None:
    from languages import copies, templates, unchanged

    figures = copies(code, 75, seed=3)
    assert {kind: figures[kind] for kind, floor in FLOORS.items() if figures[kind] < floor} == {}
    assert figures["wrong"] <= 0.02
    assert templates(code, seed=3) == 0
    assert unchanged(code, 10, seed=3) == 1
