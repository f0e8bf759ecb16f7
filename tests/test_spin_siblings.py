"""Flags from siblings: cases as data, direction, votes of several copies."""

import csv
import gzip
import json
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from scrub.document import Flag, Pair
from scrub.spin import direction, siblings
from scrub.spin.ngrams import NgramModel
from scrub.spin.score import score_batch
from scrub.spin.words import like, words_of

CASES = json.loads((Path(__file__).parent / "cases" / "spin_sibling.json").read_text("utf-8"))
ENGLISH = NgramModel.of_texts([])


def pair(one: str, other: str, relation: str = "near") -> Pair:
    return Pair(min(one, other), max(one, other), relation, "no", 0.2, 0.8, 0.8, 3, "")  # type: ignore[arg-type]


def flags_of(
    texts: dict[str, str], pairs: list[Pair], scores: dict[str, float], wording: NgramModel
) -> list[Flag]:
    comparisons = direction.compare_copies(texts, pairs, scores, wording)
    words = {i: words_of(text) for i, text in texts.items()}
    return siblings.flags(words, comparisons, direction.beliefs(comparisons, scores))


def flagged(texts: dict[str, str], scores: dict[str, float] | None = None) -> list[Flag]:
    names = sorted(texts)
    pairs = [pair(one, other) for one in names for other in names if one < other]
    return flags_of(texts, pairs, scores or {}, ENGLISH)


@pytest.mark.parametrize("case", CASES["positive"], ids=lambda case: case["name"])
@pytest.mark.parametrize(("spun_id", "original_id"), [("a", "b"), ("b", "a")])
def test_replaced_words_are_flagged_with_their_originals(
    case: dict[str, Any], spun_id: str, original_id: str
) -> None:
    texts = {spun_id: case["spun"], original_id: case["original"]}
    found = flagged(texts, {spun_id: 0.8, original_id: 0.1})
    assert [[f.text, f.suggestion, f.kind] for f in found] == case["expected"]
    for flag in found:
        assert flag.id == spun_id
        assert flag.source == f"sibling:{original_id}"
        assert case["spun"][flag.start : flag.end] == flag.text
        assert flag.text in flag.context
        assert 0 < flag.confidence <= 1


@pytest.mark.parametrize("case", CASES["negative"], ids=lambda case: case["name"])
def test_ordinary_copies_are_not_flagged(case: dict[str, Any]) -> None:
    texts = {"a": case["one"], "b": case["other"]}
    assert flagged(texts) == []
    comparisons = direction.compare_copies(texts, [pair("a", "b")], {}, ENGLISH)
    beliefs = direction.beliefs(comparisons, {})
    assert all(belief < 0.5 for belief in beliefs.values())


@pytest.mark.parametrize("case", CASES["positive"][:2], ids=lambda case: case["name"])
def test_the_side_that_english_does_not_use_is_the_spun_one(case: dict[str, Any]) -> None:
    texts = {"a": case["spun"], "b": case["original"]}
    comparisons = direction.compare_copies(texts, [pair("a", "b")], {}, ENGLISH)
    beliefs = direction.beliefs(comparisons, {})
    assert direction.direction(beliefs["a"], beliefs["b"]) == "this"


@pytest.mark.parametrize(
    ("spun", "original", "expected"),
    [
        # Word by word from either end, as far as the words are synonyms.
        ("costs have been", "prices were", [("costs", "prices"), ("have been", "were")]),
        ("have been extra unsure", "were more uncertain",
         [("have been", "were"), ("extra", "more"), ("unsure", "uncertain")]),
        # Function words for function words: a phrase, of two words too.
        ("consisting of", "such as", [("consisting of", "such as")]),
        ("in the course of", "during", [("in the course of", "during")]),
    ],
)  # fmt: skip
def test_a_run_teaches_whole_phrases_and_whole_words(
    spun: str, original: str, expected: list[tuple[str, str]]
) -> None:
    text = "Berg said on Monday that {} this the men had seen no bread, and that many were ill."
    found = flagged({"a": text.format(spun), "b": text.format(original)}, {"a": 0.9, "b": 0.02})
    assert [(flag.text, flag.suggestion) for flag in found] == expected
    for flag in found:  # of a phrase for another number of words less is sure
        even = len(flag.text.split()) == len(flag.suggestion.split())
        assert (flag.confidence <= 0.85) is not even


def test_a_heading_beside_a_word_is_no_wording() -> None:
    text = "Berg said on Monday that {} this the men had seen no bread, and that many were ill."
    texts = {"a": text.format("a tip to"), "b": text.format("a Response to")}
    assert flagged(texts, {"a": 0.9, "b": 0.02}) == []
    assert flagged({**texts, "b": text.format("a point to")}, {"a": 0.9, "b": 0.02})


@pytest.mark.parametrize(
    ("reading", "own", "kind", "is_news"),
    [
        ("12a", "flat", "wording", True),
        ("3", "three", "number", False),
        ("Response", "tip", "wording", True),
        ("Response", "Tip", "wording", False),
        ("response", "tip", "wording", False),
    ],
)
def test_figures_and_names_are_news(reading: str, own: str, kind: str, *, is_news: bool) -> None:
    found = siblings._Reading("b", reading, kind, 0.0, even=True)  # type: ignore[arg-type]
    assert siblings._is_news(found, own) is is_news


@pytest.mark.parametrize(
    ("own", "suggestion", "expected"),
    [
        ("VIADUCT", "bridge", "BRIDGE"),
        ("A", "the", "The"),  # no word in capitals
        ("Chosen Ones", "elite men", "Elite Men"),
        ("Chosen ones", "elite men", "Elite men"),
        ("chosen", "elite", "elite"),
        ("chosen", "Elite", "Elite"),
    ],
)
def test_a_suggestion_has_the_capitals_of_its_place(
    own: str, suggestion: str, expected: str
) -> None:
    assert like(own, suggestion) == expected


@pytest.mark.parametrize(
    ("one", "other", "joined"),
    [
        ("two words", "side by side", True),
        ("two words", "by another sibling", False),
        ("two words", "behind a comma", False),
        ("two words", "an article", False),
        ("a word and a phrase", "side by side", False),
    ],
)
def test_a_run_is_of_words_side_by_side(one: str, other: str, *, joined: bool) -> None:
    end, at = (4, 1) if one == "two words" else (9, 2)
    start = end + 1 + (other == "behind a comma")
    first = Flag("a", 0, end, "", "", "wording", "sibling:b", 0.9, "")
    source = "sibling:c" if other == "by another sibling" else "sibling:b"
    kind = "determiner" if other == "an article" else "wording"
    second = Flag("a", start, start + 3, "", "", kind, source, 0.9, "")  # type: ignore[arg-type]
    assert siblings._continues(first, second, {0: 0, start: at}) is joined


BRIDGE = "The council said on Monday that the {} over the water would be closed until spring."


def test_the_least_spun_of_those_who_agree_is_named_and_one_who_edits_proves_less() -> None:
    words = {i: words_of(BRIDGE.format("bridge")) for i in "bc"} | {
        "a": words_of(BRIDGE.format("viaduct"))
    }
    compared = direction.compare_words(words, [("a", "b"), ("a", "c")], ENGLISH)
    spun = {"a": 0.99, "b": 0.4, "c": 0.02}
    (flag,) = siblings.flags(words, compared, spun)
    assert flag.source == "sibling:c"

    def sure(edited: float) -> float:
        (flag,) = siblings.flags(words, [replace(compared[0], edited=edited)], spun)
        return flag.confidence

    assert sure(0.3) < sure(0.0)


def test_the_original_may_be_none_of_the_readings() -> None:
    words = words_of("They closed the viaduct on Monday.")
    reading = siblings._Reading("b", "crossing", "wording", 0.0, True)
    flag = siblings._judge("a", words, 3, 1, [reading], [], {"a": 0.9, "b": 0.6}, 1.0)
    # Kept by b and swapped by a; kept by a and swapped by b; swapped by both.
    theirs, own, lost = 0.9 * 0.4, 0.1 * 0.6, 0.9 * 0.6 * siblings._COMMON
    assert flag is not None
    assert flag.confidence == pytest.approx(theirs / (theirs + own + lost), abs=1e-4)


def test_only_an_unspun_sibling_confirms_a_word() -> None:
    words = {"a": words_of(BRIDGE.format("viaduct")), "b": words_of(BRIDGE.format("bridge"))}
    compared = direction.compare_words(words, [("a", "b")], ENGLISH)
    kept = siblings.confirmed(words, compared, {"a": 0.9, "b": 0.1})
    assert BRIDGE.index("council") in kept["a"] and BRIDGE.index("{") not in kept["a"]
    assert siblings.confirmed(words, compared, {"a": 0.9, "b": 0.9}) == {}


@pytest.mark.parametrize(
    "beliefs", [(0.02, 0.29), (0.02, 0.3), (0.3, 0.3), (0.02, 0.7), (0.9, 0.9)]
)
def test_what_is_not_compared_shows_nothing(beliefs: tuple[float, float]) -> None:
    words = {"a": words_of(BRIDGE.format("viaduct")), "b": words_of(BRIDGE.format("bridge"))}
    spun = dict(zip("ab", beliefs, strict=True))
    compared = direction.compare_words(words, [("a", "b")], ENGLISH)
    shown = siblings.flags(words, compared, spun) or siblings.confirmed(words, compared, spun)
    assert siblings.is_needed(("b", "a"), spun) is (max(beliefs) >= 0.3)
    assert siblings.is_needed(("a", "b"), spun) or not shown


def test_direction_names_the_side() -> None:
    assert direction.direction(0.9, 0.1) == "this"
    assert direction.direction(0.1, 0.9) == "other"
    assert direction.direction(0.5, 0.5) == "both"
    assert direction.direction(0.4, 0.2) == "no"


def test_two_siblings_outvote_the_error_of_a_third() -> None:
    case = CASES["positive"][0]
    wrong = case["original"].replace("river", "railway").replace("trade", "tourism")
    texts = {"s": case["spun"], "x": case["original"], "y": case["original"], "z": wrong}
    scores = {"s": 0.9, "x": 0.1, "y": 0.1, "z": 0.1}
    found = {f.text: f for f in flagged(texts, scores)}
    assert found["creek"].suggestion == "river"
    assert found["commerce"].suggestion == "trade"
    alone = {f.text: f for f in flagged({"s": texts["s"], "x": texts["x"]}, scores)}
    assert found["viaduct"].confidence >= alone["viaduct"].confidence


def test_a_word_that_an_unspun_sibling_confirms_is_not_flagged() -> None:
    case = CASES["positive"][0]
    odd = case["original"].replace("shopkeepers", "bakers")
    texts = {"s": case["spun"], "x": case["original"], "y": odd}
    found = flagged(texts, {"s": 0.9, "x": 0.1, "y": 0.1})
    assert "shopkeepers" not in {f.text for f in found}
    comparisons = direction.compare_copies(texts, [pair("s", "x")], {"s": 0.9, "x": 0.1}, ENGLISH)
    words = {name: words_of(text) for name, text in texts.items()}
    kept = siblings.confirmed(words, comparisons, {"s": 0.99, "x": 0.01})
    assert case["spun"].index("shopkeepers") in kept["s"]
    assert case["spun"].index("viaduct") not in kept["s"]
    assert case["spun"].index("a viaduct") not in kept["s"]
    doubted = siblings.confirmed(words, comparisons, {"s": 0.4, "x": 0.01})
    assert doubted == kept  # what is doubted enough to be flagged has words confirmed, too


def test_two_spun_copies_show_each_others_words() -> None:
    one = (
        "The government said on Monday it would raise taxes on fuel next year to pay for new "
        "schools. The opposition called the scheme unfair and asked for a fresh vote."
    )
    first = one.replace("government", "supervision").replace("asked", "petitioned")
    first = first.replace("schools", "colleges").replace("unfair", "inequitable")
    second = one.replace("raise", "hoist").replace("fuel", "propellant")
    second = second.replace("vote", "ballot").replace("year", "twelvemonth")
    found = flagged({"p": first, "q": second}, {"p": 0.95, "q": 0.95})
    right = {("supervision", "government"), ("hoist", "raise"), ("propellant", "fuel")}
    assert right <= {(f.text, f.suggestion) for f in found}
    assert {f.id for f in found} == {"p", "q"}


def test_order_of_pairs_and_documents_does_not_matter() -> None:
    case = CASES["positive"][2]
    texts = {"s": case["spun"], "x": case["original"], "t": case["spun"].replace("deluge", "spate")}
    names = sorted(texts)
    pairs = [pair(one, other) for one in names for other in names if one < other]
    forward = flags_of(texts, pairs, {}, ENGLISH)
    backward = flags_of(dict(reversed(texts.items())), pairs[::-1], {}, ENGLISH)
    assert forward == backward


def test_exact_copies_are_passed_over_and_siblings_are_capped() -> None:
    text = CASES["positive"][0]["original"]
    texts = {f"d{number:02}": text for number in range(30)}
    names = sorted(texts)
    exact = [pair(one, other, "exact") for one in names for other in names if one < other]
    assert direction.compare_copies(texts, exact, {}, ENGLISH) == []
    near = [pair(one, other) for one in names for other in names if one < other]
    chosen = direction.compare_copies(texts, near, {}, ENGLISH)
    assert 30 <= len(chosen) <= 30 * direction.MAX_SIBLINGS


def test_a_heading_teaches_nothing_of_a_sentence_that_it_shares_a_name_with() -> None:
    first = "The council approved the new harbour wall on Monday evening."
    story = "Engineers say that the tale of Captain versus Mister Quill is over, and more so now."
    texts = {"a": f"{first} {story}", "b": f"{first}\n\nDecision in Mister Quill\n\nFerries run."}
    (found,) = direction.compare_copies(texts, [pair("a", "b")], {}, ENGLISH)
    assert [size for _, _, size in found.equal] == [10]
    assert found.substitutions == ()


def test_the_seed_that_was_spun_is_repaired_from_its_excerpt(seeds: Path) -> None:
    texts = {path.name[:3]: path.read_text("utf-8") for path in sorted(seeds.glob("*.txt"))}
    spun, excerpt = texts["002"], texts["003"]
    found = [f for f in flagged({"002": spun, "003": excerpt}) if f.id == "002"]
    pairs = [(f.text, f.suggestion) for f in found]
    for expected in (
        ("suggested", "advised"),
        ("lerned", "trained"),
        ("confirm", "decide"),
        ("despotic", "strict"),
        ("revisit", "visit"),
    ):
        assert expected in pairs
    assert pairs.count(("comparison", "senior")) >= 2
    assert not any(f.text[0].isupper() and f.text != "A" for f in found)


@pytest.mark.shared
@pytest.mark.slow
def test_labelled_copies_with_an_unspun_sibling(shared: Path) -> None:
    folder = shared / "eval" / "near5k"
    texts = {row["id"]: row["text"] for row in _lines(folder / "docs.jsonl.gz")}
    gold = {row["id"]: row["spans"] for row in _lines(folder / "spans.jsonl.gz")}
    clusters: dict[str, list[str]] = {}
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            # g is damaged text, not cleaned here; of f only an excerpt is unspun
            if row["kind"] not in ("t", "g", "f"):
                clusters.setdefault(row["cluster"], []).append(row["id"])
    pairs = [pair(*two) for ids in clusters.values() for two in combinations(sorted(ids), 2)]
    paired = {name for two in pairs for name in (two.id_a, two.id_b)}
    wording = NgramModel.of_texts([texts[name] for name in sorted(texts) if name not in paired])
    with_sibling = {
        name for ids in clusters.values() for name in ids if not set(ids) <= gold.keys()
    } & gold.keys()
    wanted = {
        (name, span["start"], span["end"]): span["original"].lower()
        for name in with_sibling
        for span in gold[name]
        if span["kind"] == "content"
    }
    other = {
        (name, span["start"]) for name, spans in gold.items() for span in spans
        if span["kind"] != "content"
    }  # fmt: skip
    names = sorted(paired)
    scores = dict(
        zip(names, score_batch([texts[name] for name in names]).spin_score.tolist(), strict=True)
    )
    flags = [
        flag
        for flag in flags_of(texts, pairs, scores, wording)
        if (flag.id in with_sibling or flag.id not in gold) and (flag.id, flag.start) not in other
    ]
    hits = [f for f in flags if (f.id, f.start, f.end) in wanted]
    exact = [f for f in hits if wanted[f.id, f.start, f.end] == f.suggestion.lower()]
    assert len(hits) / len(flags) >= 0.97
    assert len(hits) / len(wanted) >= 0.95
    assert len(exact) / len(hits) >= 0.95
    sure = [f for f in flags if f.confidence >= 0.9]
    right = {(f.id, f.start) for f in exact}
    assert sum((f.id, f.start) in right for f in sure) / len(sure) >= 0.98


def _lines(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


@pytest.mark.parametrize(
    ("pairs", "joined"),
    [
        ("x/y", False), ("x/y x/y", False), ("of/as x/y", True), ("of/y x/y", False),
        ("s/s of/as", False), ("x/y x/y x/y", True), ("s/s x/y x/y", True), ("s/s s/s x/y", False),
        ("s/s x/y x/y x/y", True), ("s/s s/s x/y x/y", False),
    ],
)  # fmt: skip
def test_a_run_that_was_put_in_for_a_phrase(
    pairs: str, joined: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of three words and more one pair at most is known (s/s); of two a pair is of small words."""
    monkeypatch.setattr(siblings, "are_synonyms", lambda one, other: one == other == "s")
    split = [pair.split("/") for pair in pairs.split()]
    words = words_of(" ".join(own for own, _ in split))
    places = zip(words.start, words.end, split, (0.9, 0.8, 0.7, 0.6), strict=False)
    flags = [
        Flag("a", start, end, own, other, "wording", "sibling:b", confidence, "")
        for start, end, (own, other), confidence in places
    ]
    found = siblings._joined(words, flags)
    if joined:
        (flag,) = found
        assert (flag.text, flag.suggestion) == (words.text, " ".join(other for _, other in split))
        assert flag.confidence == flags[-1].confidence
    else:
        assert found == flags
