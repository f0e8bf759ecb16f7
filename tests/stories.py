"""Articles written for the tests, and small machines that edit, spin and cut them."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

_STORIES = json.loads((Path(__file__).parent / "cases" / "match_stories.json").read_text("utf-8"))
FERRY, MUSEUM, SCHOOL = (_STORIES[name] for name in ("ferry", "museum", "school"))
GRANT, LOST_STOPS = _STORIES["grant"], _STORIES["lost_stops"]
GERMAN, FRENCH, CHINESE = (_STORIES[name] for name in ("german", "french", "chinese"))

_SYLLABLES = "ba den fi gor hul jas kem lor mip nar pos quin rel sut tav wex zol".split()  # noqa: SIM905


def sentences(text: str) -> list[str]:
    return [s for part in text.split("\n\n") for s in re.split(r"(?<=[.!?])\s+", part)]


def spun(text: str, share: float, seed: int = 1) -> str:
    """Every `share`-th lower-case word of four letters or more replaced, `the` turned to `a`."""
    rng = random.Random(seed)

    def replace(match: re.Match[str]) -> str:
        word = match.group(0)
        if word == "the":
            return "a"
        if len(word) < 4 or not word.islower() or word in _KEPT or rng.random() >= share:
            return word
        return "".join(rng.choices(_SYLLABLES, k=2))

    return re.sub(r"[^\W\d_]+", replace, text)


_KEPT = {
    *("that", "which", "will", "have", "with", "from", "into", "could", "cannot", "before"),
    *("after", "about", "while", "than", "then", "they", "their", "there", "were", "been"),
    *("this", "those", "would", "above", "nobody", "until", "because"),
}


def edited(text: str, share: float, seed: int = 1) -> str:
    """Every `share`-th word dropped."""
    rng = random.Random(seed)
    return re.sub(r"\S+ ", lambda m: "" if rng.random() < share else m.group(0), text)


def notice(seed: int) -> str:
    """A filling of one template: names, numbers and days differ, the rest never."""
    rng = random.Random(seed)
    town = "".join(rng.choices(_SYLLABLES, k=3)).title()
    name = "".join(rng.choices(_SYLLABLES, k=2)).title()
    return (
        f"The {town} Savings Bank will raise its lending rate to {rng.randint(20, 99)} points on "
        f"{rng.randint(1, 28)} {rng.choice(['March', 'June', 'August'])}, it said in a statement. "
        f"The rate has stood at {rng.randint(20, 99)} points since {rng.randint(1960, 2020)}. "
        f'"We want to remain fair to our customers in a difficult market," said treasurer {name}. '
        f"A usual loan of {rng.randint(5, 95)},000 crowns becomes {rng.randint(10, 900)} crowns "
        f"dearer a year. Shares of the bank closed {rng.randint(1, 80)} points higher in {town}."
    )


def filler(seed: int) -> str:
    """An article of invented words and names between ordinary function words."""
    rng = random.Random(seed)
    frame = "the of to and in for on with at by from as is was were has had not it he they"

    def word() -> str:
        kind = rng.random()
        if kind < 0.45:
            return rng.choice(frame.split())
        made = "".join(rng.choices(_SYLLABLES, k=rng.randint(1, 3)))
        return made.title() if kind < 0.6 else made

    lines = (" ".join(word() for _ in range(rng.randint(9, 25))) for _ in range(12))
    return " ".join(f"{line[0].upper()}{line[1:]}." for line in lines)
