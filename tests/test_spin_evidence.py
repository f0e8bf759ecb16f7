"""Each kind of evidence by itself: what it must flag, what it must leave alone, and its switch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scrub.config import Settings
from scrub.document import Document, Flag, Pair
from scrub.pipeline import analyse
from scrub.spin import direction, known, phrases, siblings
from scrub.spin.flagging import Knowledge, SiblingEvidence, search, sibling_evidence
from scrub.spin.judge import Clusters
from scrub.spin.lessons import Lessons
from scrub.spin.lexicon import Lexicon, Row
from scrub.spin.ngrams import NgramModel
from scrub.spin.word_use import WordUse
from scrub.spin.words import words_of

CASES = json.loads((Path(__file__).parent / "cases" / "spin_evidence.json").read_text("utf-8"))
SIBLINGS = json.loads((Path(__file__).parent / "cases" / "spin_sibling.json").read_text("utf-8"))
STATISTICS = Path(__file__).parent / "cases" / "spin_statistics.json"
ENGLISH = NgramModel.of_texts([])
LEXICON = Lexicon({(row[0], row[1]): Row(*row) for row in CASES["lexicon"]["rows"]})


def named(case: dict[str, Any]) -> str:
    return case["name"]


def known_flags(case: dict[str, Any]) -> list[Flag]:
    words = {"d": words_of(case["text"])}
    return known.flags(words, LEXICON.by_spun(), {"d": case["score"]}, ENGLISH).flags


@pytest.mark.parametrize("case", CASES["lexicon"]["positive"], ids=named)
def test_the_lexicon_flags(case: dict[str, Any]) -> None:
    assert [[f.text, f.suggestion] for f in known_flags(case)] == case["flags"]


@pytest.mark.parametrize("case", CASES["lexicon"]["negative"], ids=named)
def test_the_lexicon_leaves_alone(case: dict[str, Any]) -> None:
    assert known_flags(case) == []


def phrase_flags(case: dict[str, Any]) -> list[Flag]:
    table = phrases.compile_phrases(map(tuple, CASES["phrases"]["rows"]))
    return phrases.flags({"d": case["text"]}, table)


@pytest.mark.parametrize("case", CASES["phrases"]["positive"], ids=named)
def test_phrases_flag(case: dict[str, Any]) -> None:
    assert [[f.text, f.suggestion] for f in phrase_flags(case)] == case["flags"]


@pytest.mark.parametrize("case", CASES["phrases"]["negative"], ids=named)
def test_phrases_leave_alone(case: dict[str, Any]) -> None:
    assert phrase_flags(case) == []


@pytest.mark.parametrize("case", CASES["runs"], ids=named)
def test_a_substituted_phrase_is_one_flag(case: dict[str, Any]) -> None:
    pair = Pair("a", "b", "near", "this", 0.5, 1.0, 1.0, 2, "")
    texts = {"a": case["spun"], "b": case["original"]}
    scores = {"a": 0.9, "b": 0.1}
    comparisons = direction.compare_copies(texts, [pair], scores, ENGLISH)
    words = {i: words_of(text) for i, text in texts.items()}
    found = siblings.flags(words, comparisons, direction.beliefs(comparisons, scores))
    assert [[f.text, f.suggestion] for f in found] == case["flags"]
    for flag in found:
        assert case["spun"][flag.start : flag.end] == flag.text


def sources(evidence: tuple[str, ...], **spin: object) -> set[str]:
    """The kinds of evidence that flag something among a few stories with their spun copies."""
    documents = [
        Document(f"{number}-{side}", case[side])
        for number, case in enumerate(SIBLINGS["positive"])
        for side in ("spun", "original")
    ]
    settings = Settings.model_validate(
        {
            "spin": {"evidence": evidence, **spin},
            "languagetool": {"scope": "off"},
            "engine": {"jobs": 1},
        }
    )
    found = analyse(documents, settings).flagged.flags.values()
    return {flag.source.partition(":")[0] for flags in found for flag in flags}


def test_each_kind_can_be_switched_off(tmp_path: Path) -> None:
    listed = tmp_path / "phrases.csv"
    listed.write_text("phrase,expected\nviaduct over,bridge over\n", "utf-8")
    everything = ("siblings", "lexicon", "context", "phrases")
    assert "siblings" not in sources(everything[1:])
    assert "sibling" in sources(("siblings",))
    assert sources((), phrases=str(listed)) == set()
    assert sources(("phrases",), phrases=str(listed)) == {"phrases"}


def test_only_what_is_wanted_is_searched() -> None:
    case = CASES["lexicon"]["positive"][0]
    texts, scores = dict.fromkeys("ab", case["text"]), dict.fromkeys("ab", case["score"])
    batch = Clusters(texts, scores, {"a": "a", "b": "a"}, [])
    beside = SiblingEvidence(frozenset(), [], {}, Lessons(), WordUse.merge([]))
    knowledge = Knowledge(ENGLISH, LEXICON.by_spun(), WordUse.merge([]))
    settings = Settings.model_validate({"spin": {"evidence": ["lexicon"]}}).spin
    for wanted in ({"a", "b"}, {"b"}, set()):
        found = search(batch, beside, wanted, knowledge, settings)
        assert {flag.id for flag in found.flags} == wanted


def test_a_dropped_copy_of_the_same_text_is_believed_what_the_kept_one_is() -> None:
    statistics = json.loads(STATISTICS.read_text("utf-8"))
    text = statistics["innocent"][0]["text"]
    texts, scores = dict.fromkeys("ab", text), dict.fromkeys("ab", 0.6)
    same = Pair("a", "b", "exact", "no", 1.0, 1.0, 1.0, 0, "")
    batch = Clusters(texts, scores, {"a": "a", "b": "a"}, [same])
    settings = Settings.model_validate({"spin": {"evidence": ["context"]}}).spin
    beside = sibling_evidence(batch, ENGLISH, settings)
    knowledge = Knowledge(ENGLISH, LEXICON.by_spun(), beside.use)
    found = search(batch, beside, {"b"}, knowledge, settings)
    assert found.beliefs["a"] == found.beliefs["b"] < 0.5


def test_dropped_copies_have_the_flags_of_siblings_alone() -> None:
    documents = [
        Document(f"{number}-{side}", case[side])
        for number, case in enumerate(SIBLINGS["positive"])
        for side in ("spun", "original")
    ]
    found = {}
    for on in (False, True):
        given = {"spin": {"search_copies": on}, "languagetool": {"scope": "off"}}
        found[on] = analyse(documents, Settings.model_validate(given))
    dropped = {i for i, verdict in found[False].verdicts.items() if not verdict.kept}
    flags = [f for i in dropped for f in found[False].flagged.flags.get(i, [])]
    assert {f.source.partition(":")[0] for f in flags} == {"sibling"}
    assert found[True].repaired == found[False].repaired


def test_batches_and_processes_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    documents = [
        (f"{number}-{side}", case[side])
        for number, case in enumerate(SIBLINGS["positive"])
        for side in ("spun", "original")
    ]
    answers = []
    for jobs, room in ((1, 1_000_000), (2, 1), (1, 1)):
        monkeypatch.setattr("scrub.spin.judge._BATCH", room)
        settings = Settings.model_validate(
            {"languagetool": {"scope": "off"}, "engine": {"jobs": jobs}}
        )
        analysis = analyse([Document(i, text) for i, text in documents], settings)
        answers.append((analysis.flagged, analysis.pairs))
    assert answers[0][0].flags
    assert answers[1:] == answers[:1] * 2
