"""What is counted of two aligned documents, and what the account makes of the counts, by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from scrub.config import MatchSettings
from scrub.match import account
from scrub.match.explain import explain
from scrub.match.features import features
from scrub.match.similarity import compare_words
from scrub.match.verify import MEASURES, measure

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Words 10, 14, 12, 3, 11; the third differs in a number (May, which may be a verb, is no name).
REPORT = (
    "The old ferry sailed to Kelmar harbour with 40 passengers. "
    "Nobody on the quay in Brandon saw the second boat come back that night. "
    "Repairs of the engine will cost 12,000 crowns and take until April. "
    "A short note. "
    "The captain blamed the weather and the company for this delay."
)
LONGER = (
    "The old ferry sailed to Kelmar harbour with 40 passengers. "
    "The mayor opened a new school in the valley last week. "
    "Nobody on the quay in Brandon saw the third boat come back that night. "
    "Repairs of the engine will cost 15,000 crowns and take until May. "
    "The captain blamed the weather and the company for this delay. "
    "It rained all day in the small town by the lake."
)
COUNTED: dict[str, float] = {
    "words_a": 50, "words_b": 69, "sentences_a": 5, "sentences_b": 6,
    "covered_a": 35, "covered_b": 35, "aligned_a": 3, "aligned_b": 3, "verbatim": 2,
    "rare": 21, "rarity": 47, "rarity_covered": 35,  # the short note has no shingle
    "contested": 12, "names": 2, "numbers": 1, "other_numbers": 1,
    "content": 18, "kept": 17,  # "second"
    "frame": 24, "frame_shared": 19,
    "best_a": 1, "best_b": 2, "from_a": 0, "to_a": 4, "from_b": 0, "to_b": 4,
}  # fmt: skip
NOWHERE = dict.fromkeys(("best_a", "best_b", "from_a", "to_a", "from_b", "to_b"), -1)

ONE = (
    "The council of Ardmore will repair the long bridge over the river Tam in March, after the "
    "winter floods had carried away two of its four arches and a part of the road on the western "
    "bank."
)
TWO = ONE.replace(", after the", ". The")
POLICE = (
    "Police in Kelmar said that Anna Brandt and Jonas Lund had stopped the grey car near the old "
    "bridge on Friday night."
)
COAST = (
    "It rained on the coast of Kelmar and in the hills of Brandon and Torsey for 12 days. The "
    "water came up over the road, and the farmers along the river took their cattle up to the "
    "higher meadows before night."
)
SALE = "Yesterday Jonas Lund of Kelmar sold 40 boats and 12 sheds near the old pier."
COMMON = "The shop sold 40 boats and 12 oars to the club in the first week."


# What is beside the sentences that match is counted in test_match_standing.py.
BESIDE = {
    *("swaps", "swapped_a", "swapped_b", "tail_a", "tail_b", "dropped_a", "dropped_b", "kin"),
    *(
        "head_a",
        "head_b",
        "kin_of",
        "inner_a",
        "inner_of_a",
        "inner_b",
        "inner_of_b",
        "block_a",
        "block_b",
        "own_a",
        "own_b",
    ),
}


def measured(
    a: str, b: str, *, shingles: int = 0, filled: int = 0, jobs: int = 1, copies: int = 1
) -> NDArray[np.void]:
    """Align a with b where each shingle is in so many documents and each place has so many."""
    return measure(
        features([a, b], MatchSettings()),
        np.zeros(copies, np.int64),
        np.ones(copies, np.int64),
        np.full(1, shingles, np.uint16),
        np.full(1, filled, np.uint16),
        np.zeros(1, np.uint16),
        jobs,
    )


def counts(row: np.void) -> dict[str, float]:
    names = (name for name in MEASURES.names or () if name not in BESIDE)
    return {name: round(float(row[name]), 3) for name in names if row[name]}


def nonzero(expected: dict[str, float]) -> dict[str, float]:
    return {name: value for name, value in expected.items() if value}


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (REPORT, LONGER, COUNTED),
        (  # split in two: both halves are aligned with the one
            ONE, TWO,
            {"words_a": 37, "words_b": 36, "sentences_a": 1, "sentences_b": 2, "covered_a": 37,
             "covered_b": 36, "aligned_a": 1, "aligned_b": 2, "rarity": 37, "rarity_covered": 37,
             "names": 3, "numbers": 2, "content": 14, "kept": 14, "frame": 29, "frame_shared": 24,
             "best_b": 1, "to_b": 1},
        ),
        (
            TWO, ONE,
            {"words_a": 36, "words_b": 37, "sentences_a": 2, "sentences_b": 1, "covered_a": 36,
             "covered_b": 37, "aligned_a": 2, "aligned_b": 1, "rarity": 36, "rarity_covered": 36,
             "names": 3, "numbers": 2, "content": 14, "kept": 14, "frame": 24, "frame_shared": 24,
             "best_a": 1, "to_a": 1},
        ),
        (  # only the numbers differ: the same notice of another week
            COMMON, COMMON.replace("40", "41").replace("12", "13"),
            {"words_a": 15, "words_b": 15, "sentences_a": 1, "sentences_b": 1, "rarity": 15,
             "contested": 15, "other_numbers": 2, "frame": 9, "frame_shared": 3, **NOWHERE},
        ),
        (  # nothing but the frame is left: too little to align, its name and number count
            "The old ferry sailed to Kelmar harbour with 40 passengers and a heavy load.",
            "The aged vessel travelled to Kelmar seaport with 40 travellers and a weighty burden.",
            {"words_a": 14, "words_b": 14, "sentences_a": 1, "sentences_b": 1, "rarity": 14,
             "names": 1, "numbers": 1, "frame": 7, "frame_shared": 7, **NOWHERE},
        ),
        (  # two of five names differ: most agree
            POLICE, POLICE.replace("Jonas Lund", "Peter Holm"),
            {"words_a": 22, "words_b": 22, "sentences_a": 1, "sentences_b": 1, "covered_a": 22,
             "covered_b": 22, "aligned_a": 1, "aligned_b": 1, "rarity": 22, "rarity_covered": 22,
             "names": 4, "other_names": 2, "content": 9, "kept": 9, "frame": 15, "frame_shared": 9,
             "varied_a": 22, "varied_b": 22},
        ),
        (  # four of six do
            POLICE, POLICE.replace("Jonas Lund", "Peter Holm").replace("Anna Brandt", "Eva Stein"),
            {"words_a": 22, "words_b": 22, "sentences_a": 1, "sentences_b": 1, "rarity": 22,
             "contested": 22, "names": 2, "other_names": 4, "frame": 15, "frame_shared": 6,
             **NOWHERE},
        ),
        (  # the number differs, and all else but a name is the same: a notice filled in again
            POLICE.replace("the grey", "7 grey"),
            POLICE.replace("the grey", "9 grey").replace("Jonas", "Peter"),
            {"words_a": 22, "words_b": 22, "sentences_a": 1, "sentences_b": 1, "rarity": 22,
             "contested": 22, "names": 5, "other_names": 1, "other_numbers": 1, "frame": 15,
             "frame_shared": 6, **NOWHERE},
        ),
        (  # the sentence that says most has the names, not the words: best_a is 0
            COAST, COAST,
            {"words_a": 41, "words_b": 41, "sentences_a": 2, "sentences_b": 2, "covered_a": 41,
             "covered_b": 41, "aligned_a": 2, "aligned_b": 2, "verbatim": 2, "rare": 41,
             "rarity": 41,
             "rarity_covered": 41, "names": 3, "numbers": 1, "content": 15, "kept": 15,
             "frame": 29, "frame_shared": 29, "to_a": 1, "to_b": 1},
        ),
        (
            COMMON, REPORT,
            {"words_a": 15, "words_b": 50, "sentences_a": 1, "sentences_b": 5, "rarity": 15,
             "frame": 9, **NOWHERE},
        ),
        (  # a row of a table follows in its place: no shingle is shared, all but the figures is
            "The mill posts its prices on the gate. Fine flour, sifted 41.35 versus 40.10 before.",
            "The mill posts its prices on the gate. Fine flour, sifted 43.20 versus 42.90 before.",
            {"words_a": 15, "words_b": 15, "sentences_a": 2, "sentences_b": 2, "covered_a": 8,
             "covered_b": 8, "aligned_a": 1, "aligned_b": 1, "verbatim": 1, "rare": 8,
             "rarity": 15, "rarity_covered": 8, "contested": 7, "content": 4, "kept": 4, "frame": 4,
             "frame_shared": 3},
        ),
        (  # six and six is not six and eight
            "There were 6 ships at the pier and 6 in the bay off Kelmar.",
            "There were 6 ships at the pier and 8 in the bay off Kelmar.",
            {"words_a": 14, "words_b": 14, "sentences_a": 1, "sentences_b": 1, "covered_a": 14,
             "covered_b": 14, "aligned_a": 1, "aligned_b": 1, "rarity": 14, "rarity_covered": 14,
             "names": 1, "numbers": 2, "other_numbers": 1, "content": 3, "kept": 3, "frame": 10,
             "frame_shared": 5},
        ),
        (  # two names and a number differ, one of each is the same: more differs than agrees
            SALE, SALE.replace("Jonas Lund", "Peter Holm").replace("12", "13"),
            {"words_a": 15, "words_b": 15, "sentences_a": 1, "sentences_b": 1, "rarity": 15,
             "contested": 15, "names": 1, "other_names": 2, "numbers": 1, "other_numbers": 1,
             "frame": 9, "frame_shared": 2, **NOWHERE},
        ),
        (  # the same words in another order: five of 23 stand as they stood, which is not enough
            "In the summer the old ferry from Kelmar carried coal and grain for the mills of "
            "Brandt and the farms on the coast.",
            "On the coast and for the farms the mills of Brandt carried grain and coal; the old "
            "ferry from Kelmar in the summer.",
            {"words_a": 23, "words_b": 23, "sentences_a": 1, "sentences_b": 1, "rarity": 23,
             "frame": 17, "frame_shared": 1, **NOWHERE},
        ),
    ],
    ids=[
        "report", "split", "joined", "numbers", "reworded", "a name", "names", "notice", "best",
        "strangers", "row", "twice", "more differs", "order",
    ],
)  # fmt: skip
def test_what_is_counted(a: str, b: str, expected: dict[str, float]) -> None:
    assert counts(measured(a, b)[0]) == nonzero(expected)


def test_common_shingles_weigh_less() -> None:
    # 100 documents have each: a weight of (2 / 100) ** 0.75, a rarity of 50 / 100.
    common = measured(REPORT, LONGER, shingles=100)[0]
    weights = {
        "rare": 1.117,
        "rarity": 23.5,
        "rarity_covered": 17.5,
        "frame": 1.276,
        "frame_shared": 1.01,
    }
    assert counts(common) == nonzero({**COUNTED, **weights})
    assert counts(measured(REPORT, LONGER, shingles=2)[0]) == nonzero(COUNTED)
    assert counts(measured(REPORT, LONGER, shingles=50)[0])["rarity"] == 47


def test_words_that_differ_in_a_slot_are_counted() -> None:
    # "second", and the number: both stand where three documents have a word.
    assert counts(measured(REPORT, LONGER, filled=3)[0]) == nonzero({**COUNTED, "slots": 2})
    assert counts(measured(REPORT, LONGER, filled=2)[0]) == nonzero(COUNTED)


def test_headings_are_no_sentences() -> None:
    title = "Kelmar Ferry Sets Quarterly Payout\n\n"
    row = measured(title + COMMON, title + COMMON + " " + ONE)[0]
    assert (row["aligned_a"], row["headings_a"]) == (2, 1)
    assert (row["aligned_b"], row["headings_b"]) == (2, 1)
    assert account.sentences(measured(title + COMMON, title + COMMON))[0] == 1


@pytest.mark.parametrize(("jobs", "copies"), [(1, 0), (1, 1), (2, 3), (3, 200)])
def test_threads_share_the_pairs(jobs: int, copies: int) -> None:
    rows = measured(REPORT, LONGER, jobs=jobs, copies=copies)
    assert [counts(row) for row in rows] == [nonzero(COUNTED)] * copies


def row(**given: float) -> NDArray[np.void]:
    made = np.zeros(1, MEASURES)
    for name, value in given.items():
        made[name] = value
    return made


def term(name: str, **given: float) -> float:
    return float(account.terms(row(**given))[name][0])


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("coverage", {"rarity_covered": 18, "rarity": 28}, 18 / 30),
        ("frame", {"frame_shared": 6, "frame": 7.5}, 6 / 8),
        ("sentences", {"aligned_a": 4, "aligned_b": 3}, 0.15),
        ("sentences", {"aligned_a": 1, "aligned_b": 9}, 0),
        ("sentences", {"aligned_a": 9, "aligned_b": 9}, 0.45),
        ("words", {"jaccard": 0.5}, 0.1),
        ("contested", {"contested": 30, "covered_a": 70}, -0.3),
        ("contested", {}, 0),
        ("slots", {"slots": 2}, -2 * 2 / 2.5),
        ("slots", {"slots": 2, "frame_shared": 3, "names": 3, "numbers": 1}, -2 * 2 / 11),
        ("disagreement", {"names": 2, "other_names": 1}, -1.6 / 4),
        ("disagreement", {"numbers": 2, "other_numbers": 1, "kept": 8, "content": 10}, -2 / 4),
        ("disagreement", {"numbers": 2, "other_numbers": 1, "kept": 13, "content": 20}, -1 / 4),
        ("disagreement", {"numbers": 2, "other_numbers": 1, "kept": 5, "content": 10}, 0),
        (
            "disagreement",
            {"names": 0, "other_names": 1, "numbers": 9, "other_numbers": 1, "kept": 1},
            -1.6 / 2,
        ),
        # One of the documents that fill the form may be the other of the pair; of four, 1 + 2 x 0.6
        ("contested", {"contested": 30, "covered_a": 70, "forms": 1}, -0.3),
        ("contested", {"contested": 30, "covered_a": 70, "forms": 4}, -0.3 * 2.2),
        ("disagreement", {"names": 2, "other_names": 1, "forms": 4}, -1.6 / 4 * 2.2),
        ("slots", {"slots": 2, "frame_shared": 3, "names": 4, "forms": 4}, -4 / (2.5 + 8.5 * 0.16)),
    ],
)
def test_what_a_term_gives(name: str, given: dict[str, float], value: float) -> None:
    assert term(name, **given) == pytest.approx(value, abs=1e-6)
    assert set(account.terms(row(**given))) == set(account.TERMS)


# Frame 0.2 and the coverage that makes the sum that links, two sentences aligned.
LINKED = {
    "rarity_covered": 100 * (account.LINKED - 0.2), "rarity": 98, "frame_shared": 0.5, "frame": 2,
    "aligned_a": 2, "aligned_b": 2, "covered_a": 80, "words_a": 100, "words_b": 100,
    "covered_b": 80, "names": 6,
}  # fmt: skip


def test_the_sum_and_two_sentences_make_a_pair() -> None:
    assert account.shortfall(row(**LINKED))[0] == pytest.approx(0, abs=1e-6)
    assert account.is_linked(row(**{**LINKED, "frame_shared": 0.51}))[0]
    assert not account.is_linked(row(**{**LINKED, "frame_shared": 0.49}))[0]
    assert account.is_linked(row(**{**LINKED, "frame_shared": 0.49}), account.LINKED - 0.1)[0]
    for side in ("aligned_a", "aligned_b"):
        assert not account.is_linked(row(**{**LINKED, side: 1}), account.LINKED - 0.1)[0]


def test_a_pair_is_plausible_if_a_rare_frame_would_link_it() -> None:
    # Of 1.1: 1 for the frame, 0.2 for words, 0.2 covered; what contests them takes 0.3 at most.
    weak = {**LINKED, "rarity_covered": 0, "frame_shared": 0, "covered_a": 20}
    assert account.is_plausible(row(**weak, contested=8), 1.1)[0]  # 8 of 28
    assert not account.is_plausible(row(**weak, contested=9), 1.1)[0]
    assert account.is_plausible(row(**weak, other_names=1), 1.1)[0]  # 1.6 / 8
    assert not account.is_plausible(row(**weak, other_names=2), 1.1)[0]  # 3.2 / 9
    assert account.is_plausible(row(**{**weak, "rarity_covered": 50}, contested=13), 1.1)[0]
    assert account.is_plausible(row(**{**weak, "aligned_a": 3, "aligned_b": 3}, contested=10), 1.1)[
        0
    ]
    assert not account.is_plausible(row(**{**weak, "aligned_a": 1}), 1.1)[0]


def test_two_fillings_contradict_each_other() -> None:
    filling = {"covered_a": 40, "words_a": 100, "other_names": 1, "other_numbers": 1}
    assert account.contradicts(row(**filling))[0]
    assert not account.contradicts(row(**{**filling, "covered_a": 39}))[0]
    assert not account.contradicts(row(**{**filling, "other_names": 0}))[0]
    assert account.contradicts(row(**{**filling, "other_names": 0, "contested": 1}))[0]


def test_a_text_made_of_a_fuller_one() -> None:
    made = {**LINKED, "aligned_a": 3, "aligned_b": 3, "covered_a": 75}
    assert account.is_derived(row(**made))[0]
    for name, value in {"covered_a": 74, "aligned_a": 2, "aligned_b": 2, "names": 5}.items():
        assert not account.is_derived(row(**{**made, name: value}))[0]
    assert account.is_derived(row(**made, contested=8))[0]  # 8 of 83
    assert not account.is_derived(row(**made, contested=9))[0]
    assert account.is_derived(row(**{**made, "names": 3, "numbers": 3}))[0]
    assert not account.is_derived(row(**made, other_names=1))[0]  # 1.6 / 8


def test_a_short_text_that_stands_whole_in_another() -> None:
    short = {"sentences_a": 3, "covered_a": 17, "words_a": 20, "words_b": 59}
    assert account.is_whole(row(**short))[0]
    assert account.is_proven(row(**short))[0]
    assert not account.is_aligned(row(**short))[0]
    for name, value in {"sentences_a": 4, "covered_a": 16, "words_b": 60, "words_a": 21}.items():
        assert not account.is_whole(row(**{**short, name: value}))[0]
    assert not account.is_whole(row())[0]


def test_near_is_covered_on_both_sides() -> None:
    near = {"covered_a": 60, "words_a": 100, "covered_b": 120, "words_b": 200}
    assert account.is_near(row(**near))[0]
    assert not account.is_near(row(**{**near, "covered_a": 59}))[0]
    assert not account.is_near(row(**{**near, "covered_b": 119}))[0]


def test_a_probability_is_a_sum() -> None:
    assert account.least(0.5) == account.LINKED
    assert account.least(0.2) < account.LINKED < account.least(0.9)
    assert account.least(0.9) - account.LINKED == pytest.approx(account.LINKED - account.least(0.1))
    with pytest.raises(ValueError):
        account.least(0)


# Notices, agency flashes and headlines: a pair each, and whether they are one report.
BRIEFS = {
    "another month": (
        "Kelmar bought 5,000 tonnes of rapeseed overnight at an undisclosed price for April "
        "shipment, traders said.",
        "Kelmar bought 5,000 tonnes of rapeseed overnight at an undisclosed price for May "
        "shipment, traders said.",
        False,
    ),
    "the next meeting": (
        "The council of Ardmore harbour, chaired by its president, held its first regular meeting "
        "of the year.",
        "The council of Ardmore harbour, chaired by its president, held its second regular "
        "meeting of the year.",
        False,
    ),
    "a line more": (
        "The council of Ardmore harbour, chaired by its president, held its first regular meeting "
        "of the year.",
        "Ardmore: The council of Ardmore harbour, chaired by its president, held its first "
        "regular meeting of the year on Monday.",
        True,
    ),
    "an edited brief": (
        "A helicopter of the coast guard made an emergency landing at the ferry port of Torsey on "
        "Wednesday morning after an exercise over the strait. Neither the pilot nor his mate was "
        "hurt, and the aircraft was not damaged, the coast guard said yesterday.",
        "A helicopter of the coast guard made an emergency landing at the ferry port of Torsey on "
        "Wednesday morning after an exercise over the strait. Neither the pilot nor his mate was "
        "hurt, and the aircraft was not damaged, the coast guard said today.",
        True,
    ),
}


@pytest.mark.parametrize("name", BRIEFS)
def test_a_brief_is_another_report_by_a_word(name: str) -> None:
    one, other, same = BRIEFS[name]
    found = explain(features([one, other], MatchSettings()), ("a", "b"), (one, other), "a", "b")
    assert found.linked == same
    assert any("to itself" in reason for reason in found.missing) != same


def test_how_many_words_a_brief_may_have_to_itself() -> None:
    brief = {"words_a": 33, "unshared": 2, "verbatim": 1}
    assert not account.is_other_brief(row(**brief))[0]
    assert account.is_other_brief(row(**{**brief, "unshared": 3}))[0]
    assert account.is_other_brief(row(**{**brief, "words_a": 32}))[0]
    assert account.is_other_brief(row(words_a=25, unshared=1, verbatim=1))[0]
    assert not account.is_other_brief(row(words_a=10, unshared=0, verbatim=1))[0]
    assert account.is_other_brief(row(words_a=49, unshared=7, verbatim=1))[0]
    assert not account.is_other_brief(row(words_a=50, unshared=7, verbatim=1))[0]
    spun = {**brief, "unshared": 9, "verbatim": 0, "aligned_a": 2, "aligned_b": 2}
    assert not account.is_other_brief(row(**spun))[0]
    assert account.is_other_brief(row(**{**spun, "aligned_b": 1}))[0]
    assert account.is_other_brief(row(**{**spun, "verbatim": 1}))[0]


def test_words_of_short_texts_are_compared_one_by_one() -> None:
    brief = "Shares of Brenner Mills fell four percent on Monday after a profit warning."
    other = brief.replace("fell four", "rose nine")
    made = features([brief, other, 4 * brief, 4 * other], MatchSettings())
    measures = np.zeros(2, MEASURES)
    measures["words_a"] = made.words[[0, 2]]
    compare_words(made, np.array([0, 2]), np.array([1, 3]), measures)
    assert measures["unshared"].tolist() == [2, 0]  # of a long text nobody asks
