"""Every figure that matching makes of some texts and pairs is as it is on record.

The record (`cases/match_figures.json`) is what the code made of them when it was last read: who
changes a rule runs this file as a program, and the difference shows what the rule moves.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from recorded import differing, keep, kept
from scrub.config import MatchSettings
from scrub.match.features import Features, features
from scrub.match.frequency import frequencies, places
from scrub.match.rewrites import evidence
from scrub.match.rewrites.terms import terms_of, vocabulary
from scrub.match.scan import KIND_MASK
from scrub.match.similarity import compare_words
from scrub.match.standing import count_blocks
from scrub.match.tokens import tokenize
from scrub.match.verify import MEASURES, measure
from stories import CHINESE, FERRY, FRENCH, GERMAN, MUSEUM, edited, notice, sentences, spun
from test_match_account import COAST, COMMON, LONGER, ONE, POLICE, REPORT, SALE, TWO
from test_match_rewrites import INDEPENDENT, REWRITE, SOURCE, SUMMARY, filler
from test_match_standing import HEAD, MENU, MIDDLE, OTHER, SHARED

TOKENS = {
    "stops": (
        "Mr. Hale and Dr. Weir met on No. 4 St. in Leeds. He left the U.S. The others, from the "
        "U.S. Navy, stayed at Hale Inc. in Bath. J. R. Moss spoke.The end was near.U.S.The rest "
        'said "Go. Now!" and: Then what? 3.Mr Lund… So it was! 5 of them. at once. e.g. one. It '
        "was in Feb. The 4th came. A. B. Cole. Was it? yes. Vol. 3 was lost. Jr. The rest."
    ),
    "lines": (
        "Menu\nSport\n\nA heading of some words\nThe text of this line is somewhat longer than "
        "forty-five\nThe next one begins with a capital and is of the same length\nand\n\nso on"
        "\nNews of the day\nA line of more than a hundred and ten characters goes on and on until "
        "it is long enough to be one of those that are paragraphs by themselves, not\nWrapped at "
        "all\n  Then it ends\n"
    ),
    "words": (
        "don't can\u2019t 'n' rock'n'roll O\u2019Neil's well-known U.S.-led U.S.A.b AT&T 1,400 "
        "0.25 6-1/16 9:30 2-0 10th 3.Then 1.2.3 4,5,x .5 5. 1/2 so\u00adft na\u00efve e\u0301lan "
        "Stra\u00dfe \u00c6gir \u6771\u4eac\u306e text\u65e5 a\u200bb 😀 \u0663\u0664 \u0907\u0924 "
        "x\u0301y \U00010348a \ud800 end' 'begin a.b a.b.c. ab.c \ufb01ne twenty Nine VIII"
    ),
    "names": (
        "Yesterday Anna Brandt of Kelmar Town met the US envoy and NATO staff. IT WAS SAID THAT "
        'ALL CAPS ARE no names BUT Anna. He said: "Brandt is here," and Brandt: Lund left. The The '
        "mill of I and a Mill; OK. It's May. IBM and UN. On Monday the May sun. ÉCOLE Élan é."
    ),
    "german": (
        "Der Mann aus Kelmar sah gestern das alte Haus und die große Mühle an der Straße. Frau "
        "Anna Brandt sagte, die Muehle und die neue Quelle seien schoen, aber das Wasser des "
        "Flusses Tam stieg. Er ging mit Herrn Jonas Lund in das Haus, und die Leute sahen es nicht."
    ),
    "french": (
        "Le maire de la ville a dit que les habitants ne sont pas contents, et qu'ils l'ont vu "
        "dans la rue avec Anna Brandt. Il y a des gens qui pensent que c'est une erreur d'ici."
    ),
    "unlisted": "zub gorim zub lamet zub nokfi dursa zub Gorim, lamet kelu. Zub 12 Lamet lamet",
    "numbers": "nine 9 9.0 twenty-one 21 one million 1,000,000 1.0m ten 10th 0 007 first 1st",
    "long": "one more word without a stop " * 25,
}
NOTICES = {f"notice {k}": notice(k) for k in range(6)}
TEXTS = {
    "report": REPORT, "longer": LONGER, "one": ONE, "two": TWO, "police": POLICE, "coast": COAST,
    "sale": SALE, "common": COMMON,
    "sale again": SALE.replace("Jonas Lund", "Peter Holm").replace("12", "13"),
    "police again": POLICE.replace("Jonas Lund", "Peter Holm").replace("grey", "red"),
    "coast longer": f"{HEAD} {COAST} {OTHER} {MIDDLE} {COAST[:90]}",
    "ferry": FERRY, "ferry spun": spun(FERRY, 0.6), "ferry edited": edited(FERRY, 0.1),
    "ferry part": " ".join(sentences(FERRY)[2:6]),
    "ferry turned": " ".join(sentences(FERRY)[::-1]),
    "ferry and museum": " ".join(sentences(FERRY)[3:8] + sentences(MUSEUM)[1:6]),
    "museum": MUSEUM, "museum spun": spun(MUSEUM, 0.9, 3),
    "museum edited": f"{MENU}\n\n{edited(MUSEUM, 0.3, 2)}",
    "german": GERMAN, "german edited": edited(GERMAN, 0.1, 4), "french": FRENCH,
    "french edited": edited(FRENCH, 0.1, 5), "chinese": CHINESE,
    "chinese part": CHINESE[: len(CHINESE) // 2],
    "head": f"{HEAD} {SHARED} {MIDDLE}", "other": f"{OTHER} {SHARED} {OTHER}",
    "shared": f"{SHARED} {MENU}", "within": f"{SHARED[:79]} {HEAD} {SHARED[79:]} {SALE}",
    "source": SOURCE, "rewrite": REWRITE, "summary": SUMMARY, "independent": INDEPENDENT,
    "nothing": "... ---", "no words": "", "a word": "Mill", "ferry again": FERRY,
    **NOTICES, **{f"filler {k}": text for k, text in enumerate(filler(8))},
}  # fmt: skip
FAMILIES = (
    "report longer common sale", "one two police coast", "ferry museum", "german", "french",
    "chinese", "head other shared within coast", "source rewrite summary independent", "notice",
    "filler",
)  # fmt: skip


def read(text: str) -> list[str]:
    """Each word with its kind and what it is the same as, and where sentences begin."""
    tokens = tokenize([text])
    first = {int(value): at for at, value in reversed(list(enumerate(tokens.hash.tolist())))}
    told = {int(value): at for at, value in reversed(list(enumerate(tokens.symbol.tolist())))}
    begins = set(tokens.sentences.tolist())
    return [
        f"{'| ' if at in begins else ''}{tokens.word(at)!a} {'CFND'[kind & KIND_MASK]}{kind >> 2} "
        f"{first[tokens.hash[at]] - at} {told[symbol] - at if symbol else ''}".rstrip()
        for at, (kind, symbol) in enumerate(
            zip(tokens.kind.tolist(), tokens.symbol.tolist(), strict=True)
        )
    ]


def corpus() -> tuple[Features, list[tuple[int, int]]]:
    """The features of all texts, and the pairs of each family, the shorter text first."""
    made = features(list(TEXTS.values()), MatchSettings())
    names, words = list(TEXTS), made.words
    pairs = {
        (a, b) if (words[a], a) <= (words[b], b) else (b, a)
        for family in FAMILIES
        for a in range(len(names))
        for b in range(a)
        if {names[a].split()[0], names[b].split()[0]} <= set(family.split())
    }
    return made, sorted(pairs)


def nonzero(names: tuple[str, ...], row: Any) -> dict[str, float]:
    return {name: round(float(row[name]), 3) for name in names if round(float(row[name]), 3)}


def words() -> dict[str, Any]:
    return {name: read(text) for name, text in TOKENS.items()}


def pairs_of() -> dict[str, Any]:
    made, pairs = corpus()
    names, every = list(TEXTS), np.arange(len(TEXTS))
    first, second = np.array(pairs).T
    blocks = np.zeros(1 << 12, np.uint16)
    series = [at for at, name in enumerate(names) if name in NOTICES]
    ring = [*series[1:], series[0]]
    count_blocks(blocks, made, np.array(series + ring))
    rows = measure(made, first, second, frequencies(made, every), places(made, every), blocks)
    compare_words(made, first, second, rows)
    texts = list(TEXTS.values())
    terms = terms_of(made, every, vocabulary(texts, every))
    told = evidence.measure(made, first, second, terms)
    found = {}
    for at, (a, b) in enumerate(pairs):
        values = dict(zip(evidence.MEASURES, told.values[at].tolist(), strict=True))
        found[f"{names[a]} / {names[b]}"] = {
            "aligned": nonzero(MEASURES.names or (), rows[at]),
            "told": nonzero(evidence.MEASURES, values) | {"rare": int(told.rare[at])},
        }
    return found


def kept_of_texts() -> dict[str, Any]:
    """Of each text its words and sentences, and how much of its sketch and bands others have."""
    made = corpus()[0]
    digests, names = made.digests.tolist(), list(TEXTS)

    def some(counts: Any) -> dict[str, int]:
        return {names[k]: int(count) for k, count in enumerate(counts) if count}

    found = {}
    for at, name in enumerate(TEXTS):
        low, high = made.sketches[at : at + 2]
        own = slice(*made.documents[at : at + 2])
        shared = np.append(np.isin(made.sketch, made.sketch[low:high]), 0).cumsum()
        found[name] = [
            int(made.words[at]), np.diff(made.sentences)[own].tolist(), made.begins[own].tolist(),
            np.bincount(made.places[low:high]).tolist(),
            some(np.diff(np.append(0, shared)[made.sketches])),
            some((made.bands == made.bands[at]).sum(axis=1)),
            names[digests.index(digests[at])], int((made.bands[at] == 0).sum()),
        ]  # fmt: skip
    return found


PARTS = {"words": words, "texts": kept_of_texts, "pairs": pairs_of}


@pytest.mark.parametrize("part", PARTS)
def test_what_is_on_record(part: str) -> None:
    assert differing(PARTS[part](), kept("match_figures")[part]) == []


if __name__ == "__main__":
    keep("match_figures", {part: made() for part, made in PARTS.items()})
