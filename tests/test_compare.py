"""`scrub compare`: the answer for two texts, from files, pages, standard input and results."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import scrub
from scrub.cli import main
from stories import FERRY, MUSEUM, edited, sentences, spun


def answer(capfd: pytest.CaptureFixture[str], *arguments: str | Path, status: int = 0) -> Any:
    """The JSON that is printed, or what is said of an error."""
    with pytest.raises(SystemExit) as stop:
        main(["compare", *map(str, arguments), "--json"])
    said = capfd.readouterr()
    assert stop.value.code == status, said.err
    return json.loads(said.out) if status == 0 else {"error": said.err}


def page(path: Path, text: str, time: str) -> Path:
    paragraphs = "".join(f"<p>{part}</p>" for part in text.split("\n\n"))
    path.write_text(
        f'<html><head><title>t</title><meta property="article:published_time" content="{time}">'
        f'<link rel="canonical" href="https://www.{path.stem}.com/a"></head>'
        f"<body><article>{paragraphs}</article></body></html>",
        encoding="utf-8",
    )
    return path


def test_relation_shares_and_the_earlier_side(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    theirs = page(tmp_path / "theirs.html", edited(FERRY, 0.02), "2024-03-04T15:00:00Z")
    ours = page(tmp_path / "ours.html", FERRY, "2024-03-01T10:00:00Z")
    found = answer(capfd, theirs, ours)
    assert (found["relation"], found["earlier"], found["spun"]) == ("near", "b", "no")
    assert found["share_a"] > 0.8
    assert "ours.html is earlier by 77.0 hours (ours.com, then theirs.com)" in str(found["verdict"])
    other = answer(capfd, ours, theirs)
    assert (other["earlier"], other["share_a"]) == ("a", found["share_b"])


def test_what_is_spun_and_what_is_a_part(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    whole, part, machine = (tmp_path / name for name in ("whole.txt", "part.txt", "machine.txt"))
    whole.write_text(FERRY)
    part.write_text(" ".join(sentences(FERRY)[: len(sentences(FERRY)) // 3]))
    machine.write_text(spun(FERRY, 0.3))
    found = answer(capfd, whole, part)
    assert found["relation"] == "excerpt"
    assert f"part.txt holds a part of {whole}" in str(found["verdict"])
    assert answer(capfd, whole, machine)["spun"] == "b"
    assert answer(capfd, machine, whole)["spun"] == "a"


def test_two_stories_and_one(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text(FERRY)
    (tmp_path / "b.txt").write_text(MUSEUM)
    found = answer(capfd, tmp_path / "a.txt", tmp_path / "b.txt")
    assert (found["relation"], found["share_a"]) == ("none", 0.0)
    assert "no copies" in str(found["verdict"])
    stdin = SimpleNamespace(buffer=io.BytesIO(FERRY.encode()), isatty=lambda: False)
    monkeypatch.setattr(sys, "stdin", stdin)
    assert answer(capfd, tmp_path / "a.txt", "-")["relation"] == "exact"
    assert "name two" in str(answer(capfd, tmp_path / "a.txt", tmp_path / "a.txt", status=2))
    assert "absent" in str(answer(capfd, tmp_path / "a.txt", tmp_path / "absent", status=2))
    (tmp_path / "many.jsonl").write_text('{"text": "one"}\n{"text": "two"}\n')
    assert "more than one" in str(
        answer(capfd, tmp_path / "a.txt", tmp_path / "many.jsonl", status=2)
    )


def test_a_document_of_a_result(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(FERRY)
    scrub.run(tmp_path / "in", tmp_path / "out", flag=False)
    (tmp_path / "mine.txt").write_text(edited(FERRY, 0.03))
    found = answer(capfd, tmp_path / "mine.txt", "a.txt", "-o", tmp_path / "out")
    assert found["relation"] == "near"
    none = answer(capfd, tmp_path / "mine.txt", "b.txt", "-o", tmp_path / "out", status=2)
    assert "neither a file nor a document" in str(none)


def test_from_python() -> None:
    found = scrub.compare(FERRY, edited(FERRY, 0.02))
    assert (found.relation, found.earlier) == ("near", "")
    assert found.account["total"] >= found.account["threshold"]
    assert scrub.compare(FERRY, "").relation == "none"


def test_an_explanation_says_what_the_run_decided(tmp_path: Path) -> None:
    """A pair that is one by its account, but was no candidate of the run."""
    from scrub.cli.explaining import account, explain_pair

    (tmp_path / "in").mkdir()
    for name, text in (("a", FERRY), ("b", edited(FERRY, 0.03)), ("c", MUSEUM)):
        (tmp_path / "in" / f"{name}.txt").write_text(text)
    scrub.run(tmp_path / "in", tmp_path / "out", flag=False)
    found = explain_pair(tmp_path / "out", "a.txt", "b.txt")
    assert (found["decided"], found["linked"], found["candidate"]) == ("near", True, True)
    assert "the run" not in account(found)
    assert "were no candidates" in account({**found, "decided": "", "chain": []})
    assert "the run linked them, as near" in account({**found, "linked": False})
    other = explain_pair(tmp_path / "out", "a.txt", "c.txt")
    assert (other["decided"], other["candidate"]) == ("", False)
    assert "were no candidates" in account(other)


def test_the_probability_asked_for_decides() -> None:
    """The account that is shown needs what the search needed."""
    text = edited(FERRY, 0.05)
    usual = scrub.compare(FERRY, text)
    asked: dict[str, Any] = {"match.link_probability": 0.999999, "match.rewrites": False}
    strict = scrub.compare(FERRY, text, **asked)
    assert usual.relation == "near" and usual.account["linked"]
    assert strict.relation == "none" and not strict.account["linked"]
    assert strict.account["threshold"] > usual.account["threshold"]


def test_columns_records_and_addresses(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    rows = [{"ours": FERRY, "theirs": edited(FERRY, 0.03)}, {"ours": MUSEUM, "theirs": FERRY}]
    rows.append({"ours": "alone", "theirs": ""})
    table = tmp_path / "pairs.jsonl"
    table.write_text("".join(json.dumps(row) + "\n" for row in rows))
    answers = answer(capfd, f"{table}#ours", f"{table}#theirs")
    assert [(row["row"], row["relation"]) for row in answers] == [(1, "near"), (2, "none")]
    articles = [{"id": str(n), "url": f"https://a.com/{n}?utm_source=x", "text": text}
                for n, text in enumerate((FERRY, MUSEUM), 1)]  # fmt: skip
    corpus = tmp_path / "in.jsonl"
    corpus.write_text("".join(json.dumps(article) + "\n" for article in articles))
    assert answer(capfd, f"{corpus}#1", f"{corpus}#2")["relation"] == "none"
    assert "no record 3" in str(answer(capfd, f"{corpus}#1", f"{corpus}#3", status=2))
    scrub.run(corpus, tmp_path / "out", flag=False)
    mine = tmp_path / "mine.txt"
    mine.write_text(MUSEUM)
    same = answer(capfd, mine, "http://www.a.com/2", "-o", tmp_path / "out")
    assert same["relation"] == "exact"


def test_an_evidence_sheet(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    hostile = edited(FERRY, 0.03) + "\n\n<script>alert(1)</script> closes \u202ethe page."
    theirs = page(tmp_path / "theirs.html", edited(FERRY, 0.02), "2024-03-04T15:00:00Z")
    (tmp_path / "ours.txt").write_text(hostile)
    sheet = tmp_path / "sheet.html"
    answer(capfd, tmp_path / "ours.txt", theirs, "--html", sheet)
    shown = sheet.read_text()
    assert "theirs.html are copies of one text" in shown
    assert str(tmp_path) not in shown
    for words in ("theirs.com", "2024-03-04 15:00 UTC", "coverage", "SHA-256", "settings "):
        assert words in shown
    assert "<script" not in shown and "⟨U+202E⟩" in shown
    assert all(word in shown for word in hostile.split() if word.isalpha())
    said = answer(capfd, tmp_path / "ours.txt", theirs, "--html", tmp_path / "no" / "x", status=2)
    assert "No such file" in str(said)
