"""What the tables of languages promise: furniture goes, a sentence of any language stays."""

import importlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrub import clean
from scrub.config import LanguageToolSettings
from scrub.document import LanguageToolReport
from scrub.languages import Language, languages, line_kind, vocabulary_of

CASES = json.loads((Path(__file__).parent / "cases" / "languages.json").read_text("utf-8"))
OTHERS = [code for code in languages() if code != "en"]


def test_every_language_has_a_page_of_its_own_words() -> None:
    assert next(iter(languages())) == "en"
    assert set(CASES) == set(OTHERS)
    for table in languages().values():
        words = table.function_words.split()
        assert len(words) >= 35
        assert len(set(words)) >= 0.95 * len(words)


@pytest.mark.parametrize("code", OTHERS)
def test_furniture_goes_and_the_story_stays(code: str) -> None:
    case = CASES[code]
    for line in case["furniture"]:
        text = "\n\n".join([*case["story"][:2], line, *case["story"][2:]])
        assert clean(text).text == "\n\n".join(case["story"]), line


@pytest.mark.parametrize("code", OTHERS)
def test_a_line_of_the_text_that_looks_like_it_stays(code: str) -> None:
    case = CASES[code]
    for line in case["stays"]:
        text = "\n\n".join([*case["story"][:2], line, *case["story"][2:]])
        assert clean(text).text == text, line


@given(st.sampled_from(OTHERS), st.sampled_from(["follow", "credit", "related"]), st.data())
def test_a_phrase_is_furniture_however_it_is_written(
    code: str, kind: str, data: st.DataObject
) -> None:
    table = languages()[code]
    phrases = [*table.lines.get(kind, []), *table.openings.get(kind, [])]
    if phrases:
        phrase = data.draw(st.sampled_from(phrases))
        for shown in (phrase, f"» {phrase} «", f"{phrase}:", f"- {phrase} -"):
            assert line_kind(shown), shown


@given(st.text(max_size=300))
def test_any_line_gets_an_answer(line: str) -> None:
    assert isinstance(line_kind(line), str)


def test_a_table_with_an_unknown_key_is_an_error() -> None:
    with pytest.raises(TypeError):
        Language(name="Nowhere", lins={})  # type: ignore[call-arg]


def test_the_language_of_words_is_the_one_with_most_function_words() -> None:
    found = vocabulary_of(["der", "rat", "hat", "über", "die", "steuer", "der", "stadt", "beraten"])
    assert {"der", "hat", "über"} <= found.function
    assert {"anzeige", "impressum"} <= found.menu
    assert found.menu.isdisjoint(found.function)
    assert "the" in vocabulary_of([]).function  # English where nothing tells
    assert "the" in vocabulary_of(["die", "the"]).function  # ... and between two


def test_rules_of_english_are_not_asked_of_another_language(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def check(sentences: list[str], *_: object, **__: object) -> tuple[list[object], object]:
        asked.extend(sentences)
        return [[] for _ in sentences], LanguageToolReport()

    module = importlib.import_module("scrub.spin.languagetool.flags")
    monkeypatch.setattr(module, "check_sentences", check)
    english = {"en": "A council have determine the olden hall.", "short": "They met a groups."}
    texts = {code: " ".join(case["story"]) for code, case in CASES.items()} | english
    texts["fi"] = " ".join(["Kaupunki aikoo purkaa vanhan sillan ja rakentaa uuden tien"] * 3)
    module.flags(texts, dict.fromkeys(texts, 0.9), LanguageToolSettings(), threshold=0.5)
    assert asked == [*english.values()]


def test_a_page_in_a_script_without_spaces_is_told_by_its_blocks() -> None:
    menu = ["首页", "新闻", "搜索", "登录", "注册", "隐私政策", "联系我们", "网站地图"]
    story = [
        "渡轮清晨离开岛屿的时候，船上有四十名乘客，船长已经在这条航线上工作了二十年。",
        "发动机在中途停转，船员向岸上呼叫救援，一艘渔船在中午以前把渡轮拖回了港口。",
        "海岸警卫队说没有人受伤，公司将在本周之内检查其他的船只，并且公布检查的结果。",
    ]
    news = ["南湖公园门票降价", "新桥工程延期至夏天", "市图书馆周末开放"]
    page = [*menu, *story, *news, *menu[::-1], "版权所有"]
    left = clean("\n".join(page)).text
    assert all(line in left for line in story)
    assert not any(line in left for line in menu)
