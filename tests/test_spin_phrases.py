"""Known phrases from a user's list."""

import csv
import gzip
import json
from pathlib import Path

import pytest

from scrub.errors import InputError
from scrub.spin import phrases

LIST = [
    ("colossal information", "big data"),
    ("colossal information stage", "big data platform; platform"),
    ("bosom peril", "breast cancer"),
    ("search engine", "machine learning"),
    ("irregular", "random"),
    ("haze figuring (haze)", "fog computing"),
]


def found(text: str) -> list[tuple[str, str]]:
    table = phrases.compile_phrases(LIST)
    flags = phrases.flags({"d": text}, table)
    assert all(text[f.start : f.end] == f.text for f in flags)
    assert all((f.kind, f.source) == ("phrase", "phrases") for f in flags)
    return [(f.text, f.suggestion) for f in flags]


def test_phrases_are_found_the_longest_first() -> None:
    text = "A colossal information stage and colossal information helped against bosom peril."
    assert found(text) == [
        ("colossal information stage", "big data platform"),
        ("colossal information", "big data"),
        ("bosom peril", "breast cancer"),
    ]


def test_capitals_brackets_and_line_breaks() -> None:
    assert found("Colossal information grows.") == [("Colossal information", "Big data")]
    assert found("It ran on haze\nfiguring.") == [("haze\nfiguring", "fog computing")]


def test_what_people_write_is_no_phrase() -> None:
    assert found("The search engine was irregular.") == []
    assert found("The peril was colossal. Information came late.") == []
    assert found("bosom, peril") == []


def test_reading_names_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("phrase,expected\ncolossal information,big data\n", "utf-8")
    assert len(phrases.read(path)) == 1
    path.write_text(" Phrase;Expected \ncolossal information;big data\nalone\n", "utf-8-sig")
    assert len(phrases.read(path)) == 1  # as a spreadsheet saves it
    path.write_text("one,two\na,b\n", "utf-8")
    with pytest.raises(InputError, match="phrase and expected"):
        phrases.read(path)
    path.write_text("phrase,expected\nirregular,random\n", "utf-8")
    with pytest.raises(InputError, match="no phrase"):
        phrases.read(path)


@pytest.mark.shared
def test_a_long_list_says_nothing_of_news(shared: Path) -> None:
    table = phrases.read(shared / "eval" / "phrases" / "tortured.csv")
    assert len(table) > 3_000
    with gzip.open(shared / "eval" / "summaries" / "docs.jsonl.gz", "rt", encoding="utf-8") as file:
        documents = {str(r["id"]): r["text"] for r in map(json.loads, file)}
    words = sum(len(text.split()) for text in documents.values())
    assert 1000 * len(phrases.flags(documents, table)) / words < 0.01
    with (shared / "eval" / "phrases" / "tortured.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:400]
    text = {"d": " . ".join(f"{row[0]} was used" for row in rows if len(row[0].split()) > 1)}
    assert len(phrases.flags(text, table)) > 0.7 * len(text["d"].split(" . "))
