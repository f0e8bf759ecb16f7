"""News-like sentences and template articles made from nothing, for whoever has no corpus at hand.

The sentences come from a small grammar whose frames vary (subordinate clauses, quotations, lists,
passives), because a matcher that looks at function words and names must not take the grammar
itself for a template.  They are readable, not true.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random


def _words(text: str, separator: str | None = None) -> list[str]:
    return text.split(separator)


FIRST = _words(
    "Ada Boris Carla Dmitri Elena Farid Greta Hugo Ines Jakob Karin Leon Marta Nadia Omar "
    "Paula Rafael Selma Tomas Ursula Viktor Wanda Yusuf Zora Amir Bettina Celia Dario Edith "
    "Felix"
)
ONSETS = _words("b br c d dr f g gr h j k kl l m n p r s sch st t tr v w z")
VOWELS = ["a", "e", "i", "o", "u", "ai", "ei", "ou"]
CODAS = ["", "d", "k", "l", "ll", "m", "n", "nd", "r", "rn", "s", "t", "x"]
ENDS_PERSON = ["er", "son", "ini", "ova", "sen", "ez", "ak", "ley", "mann", "ard"]
ENDS_PLACE = ["ton", "burg", "ville", "mouth", "stad", "field", "haven", "pol", "ino", "wick"]
NOUNS = _words(
    "agreement airport amendment archive auction bakery bank battery bill border bridge "
    "budget campaign canal chamber charity clinic club coalition college committee company "
    "concert contract council court crop dam deal debt delegation deposit district drought "
    "election embassy engine exhibition export factory farm ferry festival film fire fleet "
    "forest fund garden glacier grant harbour harvest hospital hotel inquiry insurer investor "
    "island journal judge jury lake law lawsuit league lender library licence loan market "
    "mayor merger mine ministry museum network newspaper office orchestra outbreak parliament "
    "pension pipeline plan plant platform player police port premiere price prison producer "
    "project proposal protest quarry railway rally rate reactor referee reform refinery "
    "report reservoir restaurant ruling satellite school season senate shipment shop stadium "
    "storm strike study subsidy summit supplier survey tariff tax team terminal theatre tower "
    "trade treaty trial tunnel union university vaccine valley verdict vessel village vote "
    "warehouse warning winery worker"
)
VERBS = _words(
    "abandoned accepted acquired adopted announced approved backed blamed blocked bought "
    "built cancelled cleared closed completed condemned confirmed criticised cut defended "
    "delayed denied disclosed discussed doubled drafted ended examined expanded extended "
    "financed finished fined halted identified ignored inspected introduced joined launched "
    "leased limited lost missed monitored moved negotiated offered opened opposed ordered "
    "planned postponed praised prepared presented promised proposed protected published "
    "questioned raised reached received reduced rejected repaired replaced reported restored "
    "reviewed revised settled signed sold supported suspended tested threatened tightened "
    "trimmed unveiled welcomed widened withdrew won"
)
ADJECTIVES = _words(
    "ageing annual bitter bold brief broad cautious central cheap coastal costly crucial "
    "disputed domestic early eastern empty expensive faulty final fragile free fresh global "
    "heavy hidden historic huge idle illegal joint key large late leading legal local long "
    "major medical minor modern narrow national new northern novel old open partial popular "
    "private public quiet rare recent regional remote rural secret senior severe sharp slow "
    "small southern special steady strict strong sudden temporary tiny tough unusual urban "
    "urgent vast weak western wide young"
)
PREPOSITIONS = _words("in near outside across above below behind around beyond towards within")
LINKS = _words("after before because although while since unless until whereas when once")
ADVERBS = _words("again also already barely finally later now often only quickly rarely soon still")
OPENERS = _words(
    "At the time, |In all, |For now, |By then, |Even so, |On the whole, |Not only that: |"
    "Until recently, |Over the past {n} years, |Earlier this week, |As of {day}, |"
    "Despite this, |Since {year}, |Under the rules, |With {n} weeks to go, |"
    "Of the {n} who replied, |",
    "|",
)
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
MODALS = ["will", "would", "could", "should", "might", "must", "may", "cannot"]
BASE_VERBS = _words(
    "accept approve block build close cover cross cut defend delay drop end expand face "
    "finish fund halt help join keep lead leave limit lose move need offer open pay protect "
    "raise reach reduce repair replace restore review sell share sign support test visit win"
)

TEMPLATES: dict[str, list[str]] = {
    "results": [
        "{org} Corp said its net profit for the quarter was {n}.{d} million against {m}.{d} a "
        "year ago.",
        "Revenue came to {m}{n} million, compared with {n}{m} million in the same period.",
        "Earnings per share were {n} cents, and the dividend is {m} cents payable on {month} {n}.",
        "The average number of shares outstanding was {m}.{d} million.",
        "Results include a charge of {n} million for the closure of the plant in {place}.",
    ],
    "weather": [
        "{place} can expect {adjective} weather on {day}, with a high of {n} degrees.",
        "Winds from the west will reach {m} km an hour in the afternoon, and there is a {n} per "
        "cent chance of rain.",
        "Temperatures overnight will fall to {d} degrees near {place2}.",
        "The outlook for the week is {adjective}, {person} of the weather service said.",
    ],
    "accident": [
        "A {n}-year-old driver was injured on {day} when a car left the road near {place}.",
        "The accident happened shortly after {d} o'clock on the road from {place} to {place2}.",
        "Two ambulances and {n} firefighters were called, and the road was closed for {d} hours.",
        "Police asked witnesses to come forward, a spokesman for {person} said.",
    ],
    "obituary": [
        "{person}, who taught at the school in {place} for {n} years, has died at the age of {m}.",
        "Born in {place2} in 19{m}, {person} studied law before turning to teaching.",
        "A service will be held at the church in {place} on {day} at {d} o'clock.",
        "The family asks for donations to the {noun} instead of flowers.",
    ],
    "match": [
        "{place} beat {place2} {d}-{d2} on {day} in front of {m}{n} spectators.",
        "{person} scored in minute {n}, and {place2} equalised before the break.",
        "The decisive goal came in minute {m} after a corner by {person2}.",
        "{place} are now in place {d} of the table with {n} points.",
    ],
}


def sentences(n: int, rng: random.Random) -> list[str]:
    """`n` sentences of the grammar, nearly all of them distinct."""
    return [_sentence(rng) for _ in range(n)]


class _Slots(dict[str, str]):
    """What fills a template's slots: names stay, every number is drawn anew.

    Else two of some thousand fillings would agree in all their figures.
    """

    _RANGES = MappingProxyType({"n": (10, 49), "m": (50, 99), "d": (1, 9), "d2": (0, 5)})

    def __init__(self, names: dict[str, str], rng: random.Random) -> None:
        super().__init__(names)
        self._rng = rng

    def __missing__(self, slot: str) -> str:
        return str(self._rng.randint(*self._RANGES[slot]))


def from_template(rng: random.Random, name: str = "") -> tuple[str, list[str]]:
    """An article written from a template, a random one unless named: its name and sentences."""
    name = name or rng.choice(sorted(TEMPLATES))
    names = {
        "org": proper(rng, ENDS_PERSON),
        "person": person(rng),
        "person2": person(rng),
        "place": proper(rng, ENDS_PLACE),
        "place2": proper(rng, ENDS_PLACE),
        "day": rng.choice(DAYS),
        "month": rng.choice(["January", "March", "May", "July", "September", "November"]),
        "noun": rng.choice(NOUNS),
        "adjective": rng.choice(ADJECTIVES),
    }
    return name, [line.format_map(_Slots(names, rng)) for line in TEMPLATES[name]]


def person(rng: random.Random) -> str:
    """An invented person's name."""
    return f"{rng.choice(FIRST)} {proper(rng, ENDS_PERSON)}"


def proper(rng: random.Random, ends: list[str]) -> str:
    """An invented name of syllables with one of `ends`."""
    syllable = rng.choice(ONSETS) + rng.choice(VOWELS) + rng.choice(CODAS)
    return (syllable + rng.choice(ends)).capitalize()


def _sentence(rng: random.Random) -> str:
    opener = rng.choice(OPENERS) if rng.random() < 0.35 else ""
    opener = opener.format(n=rng.randint(2, 90), day=rng.choice(DAYS), year=rng.randint(1950, 2020))
    body = _clause(rng)
    if rng.random() < 0.55:
        body += f"{rng.choice([', ', ' '])}{rng.choice(LINKS)} {_clause(rng)}"
    ending = rng.random()
    if ending < 0.15:
        body += f", {person(rng)} said"
    elif ending < 0.25:
        body += f", according to {_thing(rng)}"
    elif ending < 0.35:
        body += f", and {_clause(rng)}"
    text = opener + (body if opener else body[0].upper() + body[1:]) + "."
    return f'"{text[:-1]}," said {person(rng)}.' if rng.random() < 0.08 else text


def _clause(rng: random.Random) -> str:
    form = rng.random()
    subject = person(rng) if rng.random() < 0.3 else _thing(rng)
    if form < 0.35:
        adverb = f"{rng.choice(ADVERBS)} " if rng.random() < 0.25 else ""
        return f"{subject} {adverb}{rng.choice(VERBS)} {_thing(rng)}"
    if form < 0.55:
        return f"{subject} {rng.choice(MODALS)} {rng.choice(BASE_VERBS)} {_thing(rng)}"
    if form < 0.7:
        helper = rng.choice(["was", "had been", "has been", "is being", "were"])
        return f"{_thing(rng)} {helper} {rng.choice(VERBS)} by {subject}"
    if form < 0.8:
        return f"there {rng.choice(['is', 'was'])} no {rng.choice(NOUNS)} for {_thing(rng)}"
    if form < 0.9:
        goal = f"{rng.choice(BASE_VERBS)} {_thing(rng)}"
        return f"{subject} {rng.choice(['hopes', 'wants', 'has', 'is said'])} to {goal}"
    adjective = rng.choice(ADJECTIVES)
    return f"it was {adjective} that {subject} {rng.choice(VERBS)} {_thing(rng)}"


def _thing(rng: random.Random) -> str:
    noun = rng.choice(NOUNS)
    if rng.random() < 0.45:
        noun = f"{rng.choice(ADJECTIVES)} {noun}"
    form = rng.random()
    if form < 0.15:
        return f"{rng.randint(2, 950)} {noun}s"
    if form < 0.3:
        return f"{proper(rng, ENDS_PLACE)}'s {noun}"
    text = f"{rng.choice(['the', 'the', 'a', 'its', 'their', 'this', 'each', 'his'])} {noun}"
    if form < 0.5:
        text += f" {rng.choice(PREPOSITIONS)} {proper(rng, ENDS_PLACE)}"
    elif form < 0.65:
        text += f" of the {rng.choice(NOUNS)}"
    return text
