"""LanguageTool, a real server: which words it flags, where exactly, and that it is asked once."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from scrub.config import LanguageToolSettings
from scrub.spin import languagetool as lt
from scrub.spin.languagetool.answers import Match

CASES = json.loads((Path(__file__).parent / "cases" / "languagetool.json").read_text())["cases"]
# Eight times `a`, never `the`: the mark of a spinner that exchanges articles.
SWAPPED = "He saw a man. A boy ran to a shop. A woman had a dog. A bus passed a town by a lake. "

pytestmark = pytest.mark.java


@pytest.fixture
def settings(languagetool: str) -> LanguageToolSettings:
    return LanguageToolSettings(url=languagetool)


def test_flags_of_the_cases(settings: LanguageToolSettings, tmp_path: Path) -> None:
    texts = {f"{i:02}": SWAPPED * bool(c.get("share")) + c["text"] for i, c in enumerate(CASES)}
    scores = dict.fromkeys(texts, 0.95)
    flags, report = lt.flags(texts, scores, settings, threshold=0.5, cache=tmp_path / "c.sqlite")
    found = {i: [[f.text, f.suggestion, f.kind] for f in flags if f.id == i] for i in texts}
    assert found == {f"{i:02}": c["flags"] for i, c in enumerate(CASES)}
    for flag in flags:
        assert texts[flag.id][flag.start : flag.end] == flag.text
        assert flag.text in flag.context
        assert 0.7 < flag.confidence <= 1
        assert flag.source.startswith("languagetool:")
    assert report.outcome == "done"
    assert report.version == "6.8"
    assert report.unchecked == 0


def test_seeds(seeds: Path, settings: LanguageToolSettings, tmp_path: Path) -> None:
    texts = {path.name[:3]: path.read_text(encoding="utf-8") for path in seeds.glob("*.txt")}
    settings = settings.model_copy(update={"scope": "all"})
    flags, _ = lt.flags(texts, {"002": 0.99}, settings, threshold=0.5, cache=tmp_path / "c")
    assert {flag.id for flag in flags} == {"002"}
    assert len(flags) >= 39
    contexts = [(flag.text, flag.suggestion, flag.context) for flag in flags]
    assert any(t == "a" and s == "the" and "a groups" in c for t, s, c in contexts)
    assert any(t == "talk" and "an talk" in c for t, s, c in contexts)


def test_a_server_that_was_started_for_us(languagetool: str, tmp_path: Path) -> None:
    """Its answers are kept as those of any server that we start, whatever its port."""
    texts, own = {"one": "They met a groups."}, LanguageToolSettings()
    for address, requests in ((languagetool, 1), ("", 0)):
        flags, report = lt.flags(
            texts, {"one": 1.0}, own, threshold=0.5, cache=tmp_path / "c", own=address
        )
        assert [flag.text for flag in flags] == ["a"]
        assert report.requests == requests


def test_a_text_without_a_word(settings: LanguageToolSettings, tmp_path: Path) -> None:
    settings = settings.model_copy(update={"scope": "all"})
    texts = {"dots": "...", "none": "", "one": "They met a groups."}
    flags, report = lt.flags(texts, {}, settings, threshold=0.5, cache=tmp_path / "c")
    assert {flag.id for flag in flags} == {"one"}
    assert report.outcome == "done"


def test_offsets_are_code_points(settings: LanguageToolSettings, tmp_path: Path) -> None:
    odd = "\U0001f600 \U0001d400\u200b\u00ad\ufeff caf\u00e9 e\u0301 \t\x07 \u2028 "
    texts = {"one": f"{odd}They met a groups. {odd}then an talk led\r\nto an\u00a0pact."}
    flags, _ = lt.flags(texts, {"one": 1.0}, settings, threshold=0.5, cache=tmp_path / "c")
    assert [flag.text for flag in flags] == ["a", "talk", "pact"]
    for flag in flags:
        assert texts["one"][flag.start : flag.end] == flag.text


def test_scope_and_threshold_decide_what_is_sent(
    settings: LanguageToolSettings, tmp_path: Path
) -> None:
    texts = {"low": "Police blamed a groups.", "high": "They signed an pact."}
    scores = {"low": 0.1, "high": 0.8}

    def ids(scope: str) -> list[str]:
        changed = settings.model_copy(update={"scope": scope})
        flags, report = lt.flags(texts, scores, changed, threshold=0.5, cache=tmp_path / "c")
        assert (report.outcome == "off") == (scope == "off")
        return [flag.id for flag in flags]

    assert ids("off") == []
    assert ids("suspect") == ["high"]
    assert ids("all") == ["high", "low"]


def test_an_error_counts_less_where_the_text_does_not_look_spun(
    settings: LanguageToolSettings, tmp_path: Path
) -> None:
    settings = settings.model_copy(update={"scope": "all"})
    texts = dict.fromkeys("abc", "He has turn to crime.")
    scores = {"a": 0.0, "b": 0.1, "c": 0.9}
    flags, _ = lt.flags(texts, scores, settings, threshold=0.5, cache=tmp_path / "c")
    first, second, third = (flag.confidence for flag in flags)
    assert first < 0.5 < second < third


def test_neighbours_do_not_change_an_answer(settings: LanguageToolSettings, tmp_path: Path) -> None:
    sentences = [case["text"] for case in CASES]
    together, report = lt.check_sentences(sentences, settings, cache=tmp_path / "together")
    assert report.requests == 1
    shuffled = random.Random(3).sample(sentences, len(sentences))
    for number, sentence in enumerate(shuffled[:8]):
        alone, _ = lt.check_sentences([sentence], settings, cache=tmp_path / f"{number}")
        assert alone[0] == together[sentences.index(sentence)]


def test_second_time_nothing_is_sent(settings: LanguageToolSettings, tmp_path: Path) -> None:
    sentences = ["Police blamed a groups.", "A fine day.", "Police blamed a groups.", " ", ""]
    first, report = lt.check_sentences(sentences, settings, cache=tmp_path / "c")
    assert (report.sentences, report.cached, report.requests) == (2, 0, 1)
    second, report = lt.check_sentences(sentences, settings, cache=tmp_path / "c")
    assert (report.sentences, report.cached, report.requests) == (2, 2, 0)
    assert first == second
    assert first[0] == first[2] == [Match("A_NNS", 14, 22, "a group")]
    # Other rules, other answers.
    third, report = lt.check_sentences(sentences, settings, ["EN_A_VS_AN"], cache=tmp_path / "c")
    assert report.requests == 1
    assert third == [[], [], [], [], []]


def test_a_text_of_four_megabytes(settings: LanguageToolSettings, tmp_path: Path) -> None:
    """One endless word, and a long text that repeats itself: bounded, and nothing is lost."""
    text = "x" * 2_000_000 + ". " + "Police blamed a groups. " * 90_000
    flags, report = lt.flags(
        {"big": text}, {"big": 1.0}, settings, threshold=0.5, cache=tmp_path / "c"
    )
    assert len(flags) == 90_000
    assert report.requests == 1
    assert report.unchecked == 1
