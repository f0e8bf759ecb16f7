"""Every rule by example: what it must do, and what it must leave alone (`cases/clean_*.json`)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scrub.clean.changes import replay
from scrub.clean.lines import _PATTERNS
from scrub.clean.text import clean_text
from scrub.config import CleanSettings

FILES = sorted((Path(__file__).parent / "cases").glob("clean_*.json"))
CASES = [
    pytest.param(case, id=f"{file.stem}-{number}-{case['rule']}")
    for file in FILES
    for number, case in enumerate(json.loads(file.read_text(encoding="utf-8"))["cases"])
]


@pytest.mark.parametrize("case", CASES)
def test_case(case: dict[str, Any]) -> None:
    chosen = CleanSettings(**case.get("settings", {}))
    cleaned = clean_text(case["text"], chosen)
    assert replay(case["text"], cleaned.changes) == cleaned.text
    fired = {f"{change.stage}/{change.rule}" for change in cleaned.changes}
    expected = case.get("cleaned", case["text"])
    assert cleaned.text == expected
    assert (case["rule"] in fired) == (case["expect"] == "fires"), sorted(fired)
    for key, value in case.get("metadata", {}).items():
        found = cleaned.created if key == "created" else cleaned.metadata[key]
        assert found == value


def test_every_rule_has_an_example_of_each_kind() -> None:
    rules = {f"boilerplate/{name}" for name, _ in _PATTERNS}
    rules |= {
        f"boilerplate/{name}"
        for name in ("date-header", "date", "byline", "breadcrumb", "caption", "repeated-line")
    }
    rules |= {f"layout/{name}" for name in ("line-join", "hyphen", "letters", "blank-lines")}
    rules |= {"layout/spaces", "layout/glued-words", "characters/invisible", "characters/space"}
    rules |= {"characters/direction-mark", "characters/stop", "encoding/mojibake"}
    rules |= {
        "encoding/entity",
        "encoding/legacy-encoding",
        "encoding/control",
        "encoding/nfc",
        "encoding/quotes",
    }
    for expect in ("fires", "rests"):
        shown = {param.values[0]["rule"] for param in CASES if param.values[0]["expect"] == expect}  # type: ignore[index]
        assert rules <= shown, (expect, sorted(rules - shown))
