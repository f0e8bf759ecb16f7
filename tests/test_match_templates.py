"""Fillings of one template whose slots are ordinary words stay apart; copies of one are found."""

from __future__ import annotations

import random
import re

import pytest

from scrub.config import MatchSettings
from scrub.match.features import features
from scrub.match.pairs import find_copies
from stories import FERRY

TEMPLATES = {
    "forecast": (
        "The {morning,afternoon,evening} starts {mild,cool,bright,cloudy,wet,breezy} over most of "
        "the county, with {mist,frost,fog,drizzle} in the valleys. Winds from the "
        "{north,south,east,west} stay {light,gentle,fresh,strong} along the coast. Farmers should "
        "expect {little,heavy,steady,patchy} rain by the weekend, and gardeners may "
        "{water,rest,mow,plant} as they please."
    ),
    "roadworks": (
        "Drivers are told that the {northern,southern,eastern,western} ring road will be closed at "
        "{night,weekends,noon,dawn} while crews {resurface,widen,inspect,repair} the carriageway. "
        "Signs will lead traffic along another route, and residents can reach their homes at all "
        "times during the work. The council expects the scheme to improve "
        "{safety,drainage,access,lighting} for everyone who lives nearby. Buses may run late, and "
        "passengers should allow more time for their journey. The work is paid for by the "
        "{county,ministry,region,city} and should finish by {summer,winter,autumn,spring}."
    ),
    "blotter": (
        "Officers were called to a {house,shop,garage,school,pub} after reports of a "
        "{burglary,fight,fire,theft}. A {neighbour,customer,cleaner,guard} told them that a man in "
        "a {red,blue,black,green} jacket had left towards the {station,river,park,market}. Nobody "
        "was hurt, and {cash,tools,clothes,jewellery} had been taken from the back room."
    ),
}


def filling(template: str, rng: random.Random) -> str:
    parts = template.replace("{", "}").split("}")
    return "".join(rng.choice(p.split(",")) if k % 2 else p for k, p in enumerate(parts))


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_fillings_that_differ_in_ordinary_words(name: str) -> None:
    rng = random.Random(name)
    texts = sorted({filling(TEMPLATES[name], rng) for _ in range(400)})
    ids = [f"t{n:03d}" for n in range(len(texts))]
    copied = texts[7]
    last = copied.split()[-1]
    ids += ["furnished", "edited"]
    texts += [
        "Home | News\n\n" + copied + "\n\nSubscribe to our letter",
        copied.replace(" the ", " this one ", 1).replace(last, "entirely " + last),
    ]
    copies = find_copies(features(texts, MatchSettings()), ids, texts)
    found = {(pair.id_a, pair.id_b) for pair in copies.pairs}
    assert {("furnished", "t007"), ("edited", "t007")} <= found
    wrong = [pair for pair in found if not set(pair) <= {"furnished", "edited", "t007"}]
    assert len(wrong) <= 8  # of 80,000: neighbours in a single slot


def test_a_story_in_many_spun_versions_of_one_dictionary_is_no_template() -> None:
    rng = random.Random(3)

    def replace(match: re.Match[str]) -> str:
        return match[0][::-1] if rng.random() < 0.4 else match[0]

    texts = [FERRY, *(re.sub(r"\b[a-z]{6,}\b", replace, FERRY) for _ in range(60))]
    ids = [f"s{n:02d}" for n in range(len(texts))]
    clusters = find_copies(features(texts, MatchSettings()), ids, texts).clusters
    assert set(clusters.values()) == {"s00"}
