"""`scrub check`: lines for people, JSON, SARIF that the schema accepts, GitHub's commands."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrub.cli import main
from scrub.cli.annotations import RULES, Annotation, LineIndex, json_text, printable, render
from scrub.document import Flag

SPUN, EXCERPT = "002_206a0ed18338637d.txt", "003_972121af381d4f6b.txt"
HOSTILE = "a\x1b[31m%0A::error::\r\n\u202e[red]x"
FLAG = Flag("id", 3, 10, "revisit", "visit", "wording", "lexicon", 0.91234)


def annotation(path: str = "a.txt", **changed: object) -> Annotation:
    from dataclasses import replace

    return Annotation(path, 1, 4, 1, 11, replace(FLAG, **changed))  # type: ignore[arg-type]


def test_text_is_path_line_column_severity_rule_message() -> None:
    line = render([annotation()], "text")
    assert line == "a.txt:1:4: warning SCR101 'revisit' -> 'visit' (lexicon, 0.91)"
    assert ": suggestion SCR105 " in render([annotation(kind="phrase", confidence=0.5)], "text")


@pytest.mark.parametrize("form", ["text", "github"])
def test_scraped_text_makes_no_line_colour_or_command(form: str) -> None:
    lines = render([annotation(path=HOSTILE, text=HOSTILE, suggestion=HOSTILE)], form)
    assert len(lines.splitlines()) == 1
    assert not re.search(r"[\x00-\x1f\u202e]", lines)


def test_github_escapes_what_its_commands_use() -> None:
    line = render([annotation(path="a,b:c%.txt", text="50%")], "github")
    assert line.startswith("::warning file=a%2Cb%3Ac%25.txt,line=1,endLine=1,col=4,endColumn=11,")
    assert "'50%25'" in line


@pytest.mark.parametrize("path", ["a b.txt", "sub/ü#1.txt", "/abs/x.txt", HOSTILE])
def test_sarif_fits_the_schema(path: str) -> None:
    from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Sarif

    every = [annotation(path, kind=kind, text=HOSTILE) for kind in RULES]
    for found in ([], every):
        log = json.loads(render(found, "sarif"))
        Sarif.model_validate(log)  # made from the OASIS schema; unknown properties are errors
        run = log["runs"][0]
        codes = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
        assert all(result["ruleId"] in codes for result in run["results"])


def test_json_has_the_place_and_the_flag() -> None:
    (record,) = json.loads(render([annotation()], "json"))
    assert (record["line"], record["end_column"], record["confidence"]) == (1, 11, 0.9123)


@given(st.text(alphabet="ab\r\n\U0001f30a", max_size=30))
def test_positions_count_lines_as_editors_do(text: str) -> None:
    index = LineIndex(text)
    lines = io.StringIO(text, newline="").readlines()
    offset = 0
    for number, line in enumerate(lines, start=1):
        assert index.position(offset) == (number, 1)
        assert index.position(offset + len(line) - 1) == (number, len(line))
        offset += len(line)


@given(st.text())
def test_printable_text_stays_on_its_line(text: str) -> None:
    assert len(printable(text).splitlines()) <= 1
    assert printable(printable(text)) == printable(text)


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main(["check", *map(str, arguments), "--languagetool", "off", "-j", "1"])
    return int(stop.value.code or 0), *capsys.readouterr()


def test_check_points_at_the_word_in_the_file(
    seeds: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, seeds)
    assert code == 0
    assert re.fullmatch(r"scrub: documents 5, likely machine-spun 1, flags \d+\n", err)
    found = [re.match(r"(.+?):(\d+):(\d+): (?:warning|suggestion) SCR10[1-5] '", line)
             for line in out.splitlines()]  # fmt: skip
    assert found and all(found)
    word = next(line for line in out.splitlines() if "'revisit' -> 'visit'" in line)
    path, line, column = word.split(":")[:3]
    text = Path(path).read_text(encoding="utf-8").split("\n")
    assert text[int(line) - 1][int(column) - 1 :].startswith("revisit")


def test_fail_on(seeds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, seeds, "--fail-on", "warning")[0] == 1
    clean = seeds / "004_c15a727057167e59.txt"
    assert run(capsys, clean, "--fail-on", "suggestion")[0] == 0


def test_check_reads_standard_input_and_says_why(
    seeds: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = (seeds / SPUN).read_bytes()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    code, out, err = run(capsys, "-", "--why", "--format", "json")
    assert code == 0
    assert isinstance(json.loads(out), list)
    assert re.search(r"-: spin score (0\.9|1\.0)", err)


@given(st.text())
def test_json_is_the_same_and_moves_no_cursor(text: str) -> None:
    shown = json_text({"text": [text], text: 1})
    assert json.loads(shown) == {"text": [text], text: 1}
    assert not set(shown) & set("\x1b\x7f\x9b\u202e\u2066\u2028")
