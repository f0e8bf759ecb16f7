"""Every figure that the spin stages make of some texts and pairs is as it is on record.

Who changes a rule runs this file as a program, which writes `cases/spin_figures.json` anew, and the
difference shows what the rule moves.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from recorded import CASES, differing, keep, kept
from scrub.document import Pair
from scrub.match.tokens import tokenize
from scrub.spin import direction, known, score, siblings, syntax, word_fit
from scrub.spin.align import SentencePair, align
from scrub.spin.context import examine
from scrub.spin.lexicon import Lexicon, Row
from scrub.spin.ngrams import NgramModel
from scrub.spin.soundness import sound_words
from scrub.spin.strips import strips
from scrub.spin.web import slots_of
from scrub.spin.word_evidence import gather_evidence
from scrub.spin.words import words_of
from stories import FERRY, GERMAN, MUSEUM, SCHOOL, edited, sentences, spun
from test_spin_soundness import DAMAGE, TEXT

STATISTICS = json.loads((CASES / "spin_statistics.json").read_text("utf-8"))
SIBLING = json.loads((CASES / "spin_sibling.json").read_text("utf-8"))
WORDS = {
    "marks": (
        "Mr. Hale and the U.S. Navy's man didn't go. \u201cIt's two o\u2019clock,\u201d said A. B. "
        "Cole: Well, well-known mid-2019 F-16s cost $1,400.50 at 9:30. The mill's gone. Hale's "
        'too! "Then," he said. (And so on.) It was; Yes... no. He met Dr Weir vs. the Crown.\n'
        "A new line\nbegins Here. e.g. This. caf\u00e9 na\u00efve x\u0301y "
        "\u6771\u4eac\u3002\u4eba twenty-one first An apple, an hour, its its' THE END of IT"
    ),
    "german": "Der Mann sah das Haus und die M\u00fchle, aber Anna Brandt ging mit Jonas Lund in "
    "die Stadt und nicht an den Fluss.",
    "plain": "the mill stood. it stood there; and so it was, for 3 days or four",
}
PEOPLE = (
    "The council said on Monday that the old bridge will be closed for two weeks because the "
    "river has damaged its pillars. Anna Brandt, who has led the town since 2012, told reporters "
    "that repairs would cost about 4,000 crowns. The mayor said the road is safe. People from "
    "the village use the bridge to get to work, and many of them asked why nobody had seen the "
    "damage before. A spokesman for the company said its workers would begin on Tuesday."
)
SWAPPED = (
    "The chamber pronounced on Monday that a aged bridge will be shut for 2 weeks since the stream "
    "has harmed a pillars. Anna Brandt, who has driven the town since 2012, told columnists that "
    "fixes would cost around 4,000 crowns. A chairman said the street is sheltered. Individuals "
    "from the town utilize the extension to get the chance to work, and a significant number of "
    "them inquired as to why no one had seen the harm previously. A representative for an "
    "organization said the specialists would start on Tuesday."
)
EDITED = (
    "On Monday the council said that the old bridge would be closed for two weeks, because the "
    "river damaged its pillars. Repairs will cost some 4000 crowns, Anna Brandt told the paper. "
    "Mayor says road is safe. People from Torsey village use the bridge to get to work and many "
    "asked why no-one had seen the damage earlier. A spokeswoman for the firm said that its "
    "workers will begin on Tuesday or Wednesday."
)
DAMAGED = EDITED.replace("bridge", "bri\ufffdge").replace("pillars", "pilars").replace("pct", "p")
TEXTS = {
    "people": PEOPLE, "swapped": SWAPPED, "edited": EDITED, "damaged": DAMAGED,
    "both": f"{PEOPLE} {SWAPPED}", "turned": " ".join(sentences(PEOPLE)[::-1]),
    "split": PEOPLE.replace(", who", ". She").replace(", and many", ". Many"),
    "ferry": FERRY, "ferry spun": spun(FERRY, 0.7), "ferry edited": edited(FERRY, 0.2),
    "museum": MUSEUM, "school": SCHOOL, "german": GERMAN, "short": "He said so. It was 3 or 4.",
    **{f"spun {case['name']}": case["spun"] for case in STATISTICS["cases"]},
    **{f"clean {case['name']}": case["text"] for case in STATISTICS["innocent"]},
    **{f"swap {case['name']}": case["spun"] for case in SIBLING["positive"]},
    **{f"own {case['name']}": case["original"] for case in SIBLING["positive"]},
}  # fmt: skip
PAIRS = [
    ("people", "swapped"), ("people", "edited"), ("swapped", "edited"), ("people", "damaged"),
    ("people", "both"), ("swapped", "both"), ("people", "turned"), ("people", "split"),
    ("split", "swapped"), ("ferry", "ferry spun"), ("ferry", "ferry edited"),
    ("ferry edited", "ferry spun"), ("museum", "school"), ("german", "german"),
    *((f"swap {case['name']}", f"own {case['name']}") for case in SIBLING["positive"]),
]  # fmt: skip
GIVEN = {
    "swapped": 0.95, "ferry spun": 0.9, "both": 0.6, "damaged": 0.35,
    **{f"swap {case['name']}": 0.8 for case in SIBLING["positive"]},
}  # fmt: skip
LEXICON = Lexicon(
    {
        (swapped, own): Row(swapped, own, pairs, documents, confidence, "")
        for swapped, own, pairs, documents, confidence in (
            ("pronounced", "said", 9, 6, 0.95), ("chamber", "council", 5, 4, 0.8),
            ("individuals", "people", 7, 5, 0.9), ("a", "the", 12, 9, 0.7),
            ("get the chance", "get", 3, 3, 0.9), ("a significant number", "many", 4, 4, 0.92),
            ("start", "begin", 6, 5, 0.5), ("stream", "river", 2, 2, 0.4),
            ("harm", "damage", 5, 5, 0.85), ("street", "road", 3, 3, 0.3),
        )
    }
)  # fmt: skip


def row(values: Any) -> list[float]:
    return [round(float(value), 4) for value in np.ravel(values)]


def read(text: str) -> list[str]:
    words = words_of(text)
    begins = set(words.sentence)
    return [
        f"{'| ' if at in begins else ''}{words.lower[at]!a} {words.key[at]!a} "
        f"{'CFND'[words.kind[at]]} {words.start[at]} {words.end[at]}"
        f"{' name' if words.is_name(at) else ''}"
        for at in range(len(words))
    ]


def fit(text: str) -> list[list[Any]]:
    """Of each word that is judged the bins of its columns, and whether it is a small one."""
    tokens = tokenize([text])
    slots = slots_of(tokens.hash)
    classes = syntax.classes(tokens, slots)
    given = (load(), word_fit.load_weights(), len(tokens.hash))
    _, rows, places = word_fit.judge_words(tokens, slots, classes, *given)
    return [
        [tokens.word(at), *bins] for at, bins in zip(places.tolist(), rows.tolist(), strict=True)
    ]


load = syntax.load_syntax


def aligned(pair: SentencePair) -> list[Any]:
    swaps = [[s.text_a, s.text_b, s.kind, s.start_a, s.start_b] for s in pair.substitutions]
    runs = [list(run) for run in pair.equal]
    return [
        *pair[:4], round(pair.similarity, 4), round(pair.frame_similarity, 4), swaps, runs,
        pair.loose, pair.edits,
    ]  # fmt: skip


def flags(found: Any) -> list[list[Any]]:
    return [[f.id, f.start, f.text, f.suggestion, f.kind, f.source, f.confidence] for f in found]


def figures() -> dict[str, dict[str, Any]]:
    names, texts = list(TEXTS), list(TEXTS.values())
    tokens = tokenize(texts)
    scores = score.score_tokens(tokens)
    held = dict(zip(names, scores.spin_score.tolist(), strict=True))
    calm = [text for name, text in TEXTS.items() if held[name] < 0.3]
    wording = NgramModel.of_texts([*calm, *(case["clean"] for case in STATISTICS["cases"])])
    pairs = [
        Pair(a, b, "near", "no", 0.4, 0.8, 0.8, 5, "")
        for a, b in (sorted(pair) for pair in PAIRS)
        if a != b
    ]
    sides = direction.compare_copies(TEXTS, pairs, held, wording)
    beliefs = direction.beliefs(sides, held)
    given = dict.fromkeys(names, 0.05) | GIVEN
    words = {name: words_of(text) for name, text in TEXTS.items()}
    suspect = np.array([at for at, name in enumerate(names) if held[name] > 0.2])
    clusters = np.arange(len(names))
    evidence = gather_evidence(tokens, suspect, scores.spin_score, clusters, wording)
    examined = examine(TEXTS, held, wording)
    read_by = known.flags(words, LEXICON.by_spun(), held | GIVEN, wording, {})
    return {
        "words": {name: read(text) for name, text in WORDS.items()},
        "scores": {
            name: row([scores.spin_score[at], *scores.counts[at], scores.tells[at]])
            for at, name in enumerate(names)
        },
        "why": {name: [[n, *row(r)] for n, *r in score.why(TEXTS[name])] for name in names[:4]},
        "fit": {name: fit(TEXTS[name]) for name in ("people", "swapped", "edited")},
        "classes": {name: syntax_of(text) for name, text in WORDS.items()},
        "aligned": {
            f"{a} / {b}": [aligned(pair) for pair in align(TEXTS[a], TEXTS[b])] for a, b in PAIRS
        },
        "strips": {
            f"{a} / {b}": [list(strip) for strip in strips(words[a].key, words[b].key)]
            for a, b in PAIRS
        },
        "sides": {
            f"{c.id_a} / {c.id_b}": [
                c.content, c.swapped, row(c.leans), round(c.edited, 4), c.edits, round(c.alike, 4),
                row(c.machine_leans), round(direction.usual(c, held), 4),
                row(direction.side_features(c, direction.scores_apart(c, held))),
            ]
            for c in sides
        },
        "beliefs": {name: round(value, 4) for name, value in beliefs.items()},
        "siblings": {"flags": flags(siblings.flags(words, sides, given))},
        "confirmed": {
            name: sorted(found) for name, found in siblings.confirmed(words, sides, given).items()
        },
        "evidence": {
            f"{names[d]} {tokens.word(t)} {t}": row(values)
            for t, d, values in zip(
                evidence.token.tolist(), evidence.document.tolist(), evidence.rows, strict=True
            )
            if d in suspect[:3]
        },
        "context": {"flags": flags(examined.flags)},
        "lexicon": {"flags": flags(read_by.flags)},
        "sound": {
            name: round(sound_words(change(TEXT), 0.8), 4) for name, change in DAMAGE.items()
        } | {name: round(sound_words(text, 0.8), 4) for name, text in TEXTS.items()},
    }  # fmt: skip


def syntax_of(text: str) -> list[int]:
    tokens = tokenize([text])
    return syntax.classes(tokens, slots_of(tokens.hash)).tolist()


@pytest.fixture(scope="module")
def now() -> dict[str, Any]:
    return figures()


@pytest.mark.parametrize("part", [part for part in kept("spin_figures") if part != "provenance"])
def test_what_is_on_record(part: str, now: dict[str, Any]) -> None:
    assert differing(now[part], kept("spin_figures")[part]) == []


if __name__ == "__main__":
    keep("spin_figures", figures())
