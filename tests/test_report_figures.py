"""What the report makes of a folder is as it is on record: totals, choices, spans, verdicts.

Who changes it runs this file as a program, which writes `cases/report_figures.json` anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pytest

from recorded import differing, keep, kept
from report_folder import SPUN, make_folder
from scrub.sources import Origin
from scrub.write.report.choose import Limits
from scrub.write.report.gather import Facts, gather
from scrub.write.report.page import described, named, verdict
from scrub.write.report.payload import payload


def named_only(value: Any) -> Any:
    """A table's rows by what tells them apart, and everything else as JSON has it."""
    if isinstance(value, dict):
        if "evidence" in value and "id" in value:
            return [value["id"], value.get("relation"), value.get("flags")]
        if "suggestion" in value:
            return [value["id"], value["start"], value["text"], value["suggestion"]]
        return {str(k): named_only(v) for k, v in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(map(named_only, value))
    if isinstance(value, list | tuple):
        return [named_only(item) for item in value]
    if hasattr(value, "__slots__") and not isinstance(value, str):
        return {name: named_only(getattr(value, name)) for name in value.__slots__}
    if isinstance(value, str):
        return value if len(value) < 60 else [value[:20], len(value)]
    return value


def told(facts: Facts) -> dict[str, Any]:
    given = {f.name: getattr(facts, f.name) for f in fields(facts) if f.name != "record"}
    data = payload(facts)
    for document in data["documents"]:
        document["text"] = len(document["text"])
    data["flags"] = [[*row[:4], row[4][5]] for row in data["flags"]]
    found = {f"facts {name}": named_only(value) for name, value in given.items()}
    found |= {f"data {name}": named_only(value) for name, value in data.items() if name != "key"}
    found["verdicts"] = [verdict(row, facts) for row in facts.documents]
    return json.loads(json.dumps(found | {"kept": facts.kept, "wanted": sorted(facts.wanted)}))


def figures() -> dict[str, dict[str, Any]]:
    with TemporaryDirectory() as name:
        folder = make_folder(Path(name) / "out")
        few = Limits(listed=2, shown=1, members=2, rows=2, documents=3, reviewed=1, flags=4,
                     doubts=2, text=500, rewrites=1)  # fmt: skip
        with patch("scrub.write.report.gather.Limits", lambda: few):
            less = told(gather(folder))
        return {
            "all": told(gather(folder)),
            "few": less,
            "one": told(gather(folder, cluster=SPUN)),
        }


@pytest.fixture(scope="module")
def now() -> Iterator[dict[str, Any]]:
    yield figures()


@pytest.mark.parametrize("part", ["all", "few", "one"])
def test_what_is_on_record(part: str, now: dict[str, Any]) -> None:
    assert differing(now[part], kept("report_figures")[part]) == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"relation": "unique"}, "Kept: no other document shares its text."),
        ({"relation": "unique", "spun": "this"},
         "Kept: no other document shares its text. Machine-spun."),
        ({"relation": "kept", "spun": "both", "flags": "7"},
         "Kept: the best of 3 copies. Machine-spun; 7 words flagged."),
        ({"relation": "exact", "spun": "other"},
         "Dropped: the same text as k. It still has the original wording."),
        ({"relation": "excerpt"}, "Dropped: 84% of it is in k."),
        ({"relation": "summary"}, "Dropped: a summary of k."),
        ({"relation": "near", "containment": ""}, "Dropped: a near copy (0%) of k."),
    ],
)  # fmt: skip
def test_what_became_of_a_document(row: dict[str, str], said: str) -> None:
    given = {"kept_id": "k", "spun": "no", "containment": "0.84", "cluster_size": "3", "flags": ""}
    assert verdict(given | row, Facts({})) == said


def test_a_document_is_named_by_headline_and_outlet() -> None:
    facts = Facts({})
    facts.titles = {"a": "Old mill", "b": "Old mill", "c": "Old mill"}
    facts.origins = {
        "a": Origin(title="Old mill", outlet="daily"), "b": Origin(title="Old mill"),
        "c": Origin(outlet="daily"),
    }  # fmt: skip
    assert [named(i, facts) for i in "abcd"] == ["“Old mill” (daily)", "b", "c", "d"]


@pytest.mark.parametrize(
    ("report", "said"),
    [
        ({}, "off"), ({"outcome": "used", "sentences": 1}, "used: 1 sentence"),
        ({"outcome": "used", "sentences": 1200, "cached": 1100},
         "used: 1,200 sentences, 1,100 of them answered before"),
        ({"outcome": "used", "unchecked": 3, "version": "6"}, "used, 3 not checked (version 6)"),
        ({"outcome": "off", "cached": 3}, "off"),
    ],
)  # fmt: skip
def test_what_languagetool_did(report: dict[str, Any], said: str) -> None:
    assert described(report) == said


if __name__ == "__main__":
    keep("report_figures", figures())
