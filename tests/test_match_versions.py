"""What differs and is no contradiction: marks, spellings, units, and figures that moved on."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pytest

from scrub.config import MatchSettings
from scrub.match.account import version
from scrub.match.characters import fold
from scrub.match.conversions import is_converted
from scrub.match.features import features, frame
from scrub.match.pairs import find_copies
from scrub.match.scan import KIND_MASK, NAME
from scrub.match.spelling import SOUND
from scrub.match.tokens import tokenize
from scrub.match.verify import MEASURES
from stories import filler

CROWD = [filler(n) for n in range(25)]


def linked(one: str, other: str, *more: str) -> bool:
    texts = [one, other, *more]
    ids = [f"{n:02d}" for n in range(len(texts))]
    clusters = find_copies(features(texts, MatchSettings()), ids, texts).clusters
    return clusters["00"] == clusters["01"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Çağlar", "Caglar"),
        ("Yıldız", "Yildiz"),
        ("İzmir", "Izmir"),
        ("Đặng", "Dang"),
        ("cafe\u0301", "café"),
        ("straße", "strasse"),
        ("Æsop", "Aesop"),
        ("\ufb01nal", "final"),
        ("ｗｉｄｅ", "wide"),
        ("١٢", "12"),
        ("۱۲", "12"),
        ("ёлка", "елка"),
        ("λόγος", "ΛΟΓΟΣ"),
        ("\u0645\u064a\u200c\u06a9\u0646\u062f", "\u0645\u06cc\u0643\u0646\u062f"),
        ("\u0645\u064e\u062f\u0652\u0631\u064e\u0633\u0629", "\u0645\u062f\u0631\u0633\u0647"),
        ("\u0623\u062d\u0645\u062f", "\u0627\u062d\u0645\u062f"),
        ("\u05e9\u05c1\u05b8\u05dc\u05d5\u05b9\u05dd", "\u05e9\u05dc\u05d5\u05dd"),
        ("\u091c\u093c\u092e\u0940\u0928", "\u091c\u092e\u0940\u0928"),
        ("don\u00b4t", "don\u2018t"),
    ],
)  # fmt: skip
def test_two_writings_of_one_word(one: str, other: str) -> None:
    tokens = tokenize([f"{one} {other}"])
    assert len(tokens.hash) == 2
    assert tokens.hash[0] == tokens.hash[1]
    assert [tokens.word(t) for t in range(2)] == [one, other]  # the text stays


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("कि", "का"),  # vowel signs of Indic scripts are letters
        ("が", "か"),
        ("가", "나"),
        ("ตา", "ตี"),
        ("toe", "to"),
        ("poet", "pot"),
    ],
)
def test_two_words_stay_two(one: str, other: str) -> None:
    assert (tokenize([one]).hash.tolist()) != tokenize([other]).hash.tolist()


def test_letters_written_as_two_in_german_alone() -> None:
    text = (
        "Der Müller sagte, dass er die Brücke und die Höfe über Köln für schön hält, und nicht die."
    )
    ascii_ = text.translate({ord(a): b for a, b in zip("äöü", ("ae", "oe", "ue"), strict=True)})
    assert tokenize([text]).hash.tolist() == tokenize([ascii_]).hash.tolist()
    assert fold("brücke") != fold("bruecke")


def sound(name: str) -> int:
    tokens = tokenize([f"when {name}"])
    assert tokens.kind[1] & KIND_MASK == NAME
    return int(tokens.symbol[1]) & SOUND & ~3


@pytest.mark.parametrize(
    "names",
    [
        "Kiev Kyiv", "Kharkov Kharkiv", "Mohammed Muhammad Mohamed", "Gaddafi Qadhafi Kadafi",
        "Hussein Hossein Husayn", "Tchaikovsky Chaikovsky", "Zelensky Zelenskyy Zelenskiy",
        "Müller Mueller Muller", "Osama Usama", "Hezbollah Hizbullah", "Ivanov Ivanoff Iwanow",
        "Clark Clarke", "Sarah Sara", "Koran Quran", "Odessa Odesa", "Alexei Aleksei",
    ],
)  # fmt: skip
def test_spellings_of_one_name(names: str) -> None:
    assert len({sound(name) for name in names.split()}) == 1


def symbols(text: str) -> list[int]:
    """The frame of a text of one sentence."""
    made = features([text], MatchSettings())
    found, begins = np.zeros(len(made.units), np.uint32), np.zeros(len(made.units), np.int64)
    return found[: frame(made.units, 0, len(made.units), found, begins)].tolist()


def test_a_frame_knows_a_name_by_its_sound_and_a_number_by_its_value() -> None:
    text = "A clerk said that Muhammad Clark had 12 of the keys."
    assert symbols(text) == symbols(text.replace("Muhammad", "Mohamed"))
    assert symbols(text) != symbols(text.replace("Clark", "Brandt"))
    assert symbols(text) != symbols(text.replace("12", "21"))


@pytest.mark.parametrize(
    "names",
    [
        "Hill Hall Hull", "China Kenya", "Niger Nigeria", "Iran Iraq", "Lee Li", "Jan Jun",
        "Austria Australia", "Slovakia Slovenia", "Mark Mary", "Jane John", "Korea Crow",
    ],
)  # fmt: skip
def test_names_that_are_two(names: str) -> None:
    assert len({sound(name) for name in names.split()}) == len(names.split())


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("12 miles", "19 kilometres", True),
        ("19 km", "12 miles", True),
        ("3 feet", "1 metre", True),
        ("40 square miles", "104 square kilometres", True),
        ("150 pounds", "68 kilos", True),
        ("5 gallons", "19 litres", True),
        ("5 gallons", "23 litres", True),
        ("86 degrees", "30 degrees", True),
        ("5 million dollars", "4.6 million euros", True),
        ("12 miles", "25 kilometres", False),
        ("12 miles", "19 miles", False),
        ("12 miles", "19 kilos", False),
        ("86 degrees", "40 degrees", False),
        ("5 million dollars", "46 million euros", False),
        ("12 goats", "19 sheep", False),
        ("0 miles", "0.0 goats", False),
    ],
)
def test_amounts_in_two_units(one: str, other: str, same: bool) -> None:
    units = features([one, other], MatchSettings()).units
    middle = len(one.split())
    assert is_converted(units, 0, middle, middle, len(units)) is same


# A report, its figures in braces: first as it was, then as it went on.
REPORT = (
    "Firefighters in the Merrow valley said on Sunday that {31|58} houses had burnt down since the "
    "wind turned. The blaze, which began in a sawmill near Tarn Bridge, had covered {900|2,400} "
    'hectares by noon. "We saw the flames jump across the river as if it were not there," said Ida '
    "Quennell, who keeps the inn at Tarn Bridge. She and her husband had loaded two horses into a "
    "baker's van and driven them to the coast. About {120|340} people were sleeping in the sports "
    'hall at Osmund, and {4|9} were being treated for burns. "Nobody here will be told to go home '
    'before the hills are cold," the fire chief, Piers Aldane, told them. Planes that usually dust '
    "orchards were dropping water, and schools in the valley stay closed. The last great fire "
    "there, in the summer of 1976, took the railway station and the old tannery."
)


def filled(text: str, choice: int) -> str:
    return re.sub(r"\{([^}]*)\}", lambda m: m[1].split("|")[choice], text)


FIRST, SECOND = filled(REPORT, 0), filled(REPORT, 1)


@pytest.mark.parametrize("crowd", [0, 25])
def test_figures_that_moved_on_are_a_version(crowd: int) -> None:
    assert linked(FIRST, SECOND, *CROWD[:crowd])


def test_four_versions_of_one_report_are_no_form() -> None:
    def version(n: int) -> str:
        return re.sub(r"\{[^}]*\}", lambda m: str(11 * n + 7 * len(m[0])), REPORT)

    texts = [version(n) for n in range(3, 7)]
    ids = [f"{n:02d}" for n in range(len(texts))]
    assert set(find_copies(features(texts, MatchSettings()), ids, texts).clusters.values()) == {
        "00"
    }


def test_another_fire_in_the_same_words_is_none() -> None:
    names = {
        "Merrow": "Calder", "Tarn": "Holm", "Quennell": "Forsyth", "Osmund": "Belgrave",
        "Ida": "Greta", "Aldane": "Winslow", "Piers": "Tobias", "Sunday": "Friday",
    }  # fmt: skip
    other = SECOND
    for name, stand_in in names.items():
        other = other.replace(name, stand_in)
    assert not linked(FIRST, other.replace("1976", "1983"), *CROWD)


def test_a_notice_of_another_week_is_none() -> None:
    notice = (
        "The harbour office of Osmund said {214|187} ships called in the week to {6|13} March, "
        "against {198|214} in the week before. They landed {3,150|2,790} tonnes of fish and "
        "{640|715} of timber. Figures are those that masters report."
    )
    assert not linked(filled(notice, 0), filled(notice, 1), *CROWD)


def test_names_respelt_throughout() -> None:
    respelt = {
        "Merrow": "Merou", "Quennell": "Quenell", "Osmund": "Osmond", "Aldane": "Aldhane",
        "Piers": "Pierss", "Ida": "Ida", "Tarn": "Tarrn",
    }  # fmt: skip
    other = FIRST
    for name, spelling in respelt.items():
        other = other.replace(name, spelling)
    assert linked(FIRST, other, *CROWD)


def test_an_edition_in_other_units() -> None:
    base = (
        "The trail from Osmund to Tarn Bridge is {12 miles|19 kilometres} long, and nobody who has "
        "walked it forgets the last climb. Ida Quennell, who keeps the inn, lends sticks and dry "
        "socks to those who come down in the rain. Walkers carry {30 pounds|14 kilos} each, though "
        "the mules of Piers Aldane will take a bag for {40 dollars|37 euros}. The hut at the top "
        "stands at {2,000 feet|610 metres}, above the tannery that the great fire left without a "
        "roof. Those who sleep there hear the owls and, towards morning, the first milk lorry in "
        "the valley. In August it it is {95 degrees|35 degrees} in the shade at Merrow."
    )
    assert linked(filled(base, 0), filled(base, 1), *CROWD)


def test_a_text_without_its_marks() -> None:
    text = (
        "Başkan Çağrı Öztürk met Lě Dvořák and Małgorzata Łęcka in Kraków on Friday. They agreed "
        "that Škoda would build the trams in Plzeň, where Tomáš Novák runs the works. Nguyễn Đức "
        "Thắng, who buys for Huế, said that 40 were wanted by Réunion, too."
    )
    plain = "".join(
        c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)
    ).translate(str.maketrans("ıłŁĐ", "ilLD"))
    assert plain.isascii()
    assert linked(text, plain, *CROWD)


def measured(**given: float) -> float:

    row = np.zeros(1, MEASURES)
    for name, value in given.items():
        row[name] = value
    return float(version(row)[0])


def test_what_makes_a_version() -> None:
    sure = {"words_a": 200, "rare": 80, "names": 11}
    assert measured(**sure) == 1
    assert measured(**sure, other_names=1) == pytest.approx(1 - 4 / 13)
    assert measured(**sure, other_names=5) == 0
    assert measured(**{**sure, "rare": 30}) == 0
    assert measured(**{**sure, "rare": 45, "words_a": 100}) == pytest.approx(0.5)
    assert measured(**{**sure, "words_a": 800}) == 0
    assert measured() == 0
