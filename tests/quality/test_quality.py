"""The quality floors on the labelled data beside the project (`make quality`).

A figure below its floor in `floors.json` is a regression; `pin.py` raises floors after a gain.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from quality.conftest import Hold

# A run over 50,000 articles takes minutes where something else is running beside it.
pytestmark = [pytest.mark.shared, pytest.mark.timeout(1500)]


@pytest.fixture(scope="module", autouse=True)
def _labels(shared: Path) -> None:
    """Nothing here runs without the labelled data."""


@pytest.fixture(scope="module")
def near5k(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run over near5k without LanguageTool."""
    from figures import NO_JAVA
    from labelled import Labelled, scrub

    out = tmp_path_factory.mktemp("near5k") / "out"
    scrub("run", Labelled("near5k").documents, "-o", out, *NO_JAVA)
    return out


def test_copies_of_5000(near5k: Path, hold: Hold) -> None:
    from figures import copies
    from labelled import Labelled

    hold("near5k copies", copies(Labelled("near5k"), near5k))


def test_spun_words_and_documents_of_5000(near5k: Path, tmp_path: Path, hold: Hold) -> None:
    from figures import spun_words
    from labelled import Labelled

    hold("near5k spin", spun_words(Labelled("near5k"), near5k, tmp_path))


@pytest.mark.java
def test_languagetool_does_no_harm(languagetool: str, tmp_path: Path, hold: Hold) -> None:
    from figures import spun_words
    from labelled import Labelled, scrub

    data, out = Labelled("near5k"), tmp_path / "out"
    scrub("run", data.documents, "-o", out, "--languagetool", languagetool)
    hold("near5k spin, LanguageTool", spun_words(data, out, tmp_path))


def test_spun_documents_without_a_sibling(tmp_path: Path, hold: Hold) -> None:
    from figures import NO_JAVA, alone
    from labelled import Labelled

    hold("near5k alone", alone(Labelled("near5k"), tmp_path, *NO_JAVA))


def test_no_sibling_and_no_lexicon_anywhere(tmp_path: Path, hold: Hold) -> None:
    from figures import NO_JAVA, isolated
    from labelled import Labelled

    hold("near5k isolated", isolated(Labelled("near5k"), tmp_path, *NO_JAVA))


@pytest.mark.java
def test_the_real_spun_story(seeds: Path, languagetool: str, tmp_path: Path, hold: Hold) -> None:
    from figures import seeds as measure

    hold("seeds", measure(seeds, tmp_path))


def test_extracts_and_look_alikes_of_real_articles(tmp_path: Path, hold: Hold) -> None:
    from figures import summaries

    hold("summaries", summaries(tmp_path))


def test_real_wire_stories(tmp_path: Path, hold: Hold) -> None:
    from figures import reuters

    hold("reuters", reuters(tmp_path))


def test_abstractive_summaries_are_seldom_linked(tmp_path: Path, hold: Hold) -> None:
    from figures import rewrites

    hold("rewrites", rewrites(tmp_path))


def test_web_pages(tmp_path: Path, hold: Hold) -> None:
    from figures import pages

    hold("pages", pages(tmp_path))


def test_damaged_encodings(hold: Hold) -> None:
    from figures import encoding

    hold("encoding", encoding())


def test_what_people_change_is_no_spin_and_the_sound_copy_stays(hold: Hold) -> None:
    from human import figures

    hold("human", figures())


def test_series_with_a_standing_block(hold: Hold) -> None:
    from standing import figures

    hold("standing", figures())


def test_versions_of_one_report(hold: Hold) -> None:
    from labelled import DATA
    from versions import of_labelled

    folder = DATA / "near5k"
    hold("versions", of_labelled(folder / "docs.jsonl.gz", folder / "truth.csv"))


@pytest.mark.slow
def test_copies_of_50000(tmp_path: Path, hold: Hold) -> None:
    from figures import copies
    from labelled import Labelled, scrub

    data = Labelled("near50k")
    scrub("dedup", data.documents, "-o", tmp_path / "out")
    hold("near50k copies", copies(data, tmp_path / "out"))


def test_rewrites_summaries_and_translations(tmp_path: Path, hold: Hold) -> None:
    from figures import linked_pairs
    from labelled import DATA, scrub

    out, asked = tmp_path / "out", ("--set", "match.translations=true")
    scrub("dedup", DATA / "rewrite2" / "docs.jsonl.gz", "-o", out, *asked)
    hold("linked rewrites", linked_pairs(DATA / "rewrite2" / "pairs.csv", out))


def test_families_of_spinners_that_taught_nothing(tmp_path: Path, hold: Hold) -> None:
    from left_out import families

    hold("spinners", families(tmp_path))


def test_spun_copies_beside_their_originals(tmp_path: Path, hold: Hold) -> None:
    from left_out import beside_originals

    hold("spinners beside", beside_originals(tmp_path))


def test_families_of_spinners_on_other_articles(tmp_path: Path, hold: Hold) -> None:
    from spin_tables import figures

    hold("spinners as tables", figures(tmp_path))
