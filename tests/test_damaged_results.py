"""A damaged or edited result: every command that reads it names the file and the remedy."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import scrub
from scrub.cli import main
from scrub.config import Settings
from scrub.errors import OutputError
from scrub.pipeline import run

SPUN, EXCERPT = "002_206a0ed18338637d.txt", "003_972121af381d4f6b.txt"
COMMANDS = {
    "explain": ["explain", SPUN, EXCERPT],
    "repair": ["repair"],
    "report": ["report"],
    "eval": ["eval", "--truth", "truth.csv"],
}
READERS = {
    "run.json": ["explain", "repair", "report", "eval"],
    "dedup.csv": ["repair", "report", "eval"],
    "pairs.csv": ["explain"],
    "flags.csv": ["repair", "report"],
    "lexicon.csv": ["repair", "report"],
    "rejected.csv": ["repair", "report"],
    "documents.jsonl": ["explain", "repair", "report"],
    "changes.jsonl": ["repair"],
}
DAMAGES: dict[str, Callable[[bytes], bytes | None]] = {
    "gone": lambda _: None,
    "empty": lambda _: b"",
    "cut": lambda data: data[: len(data) // 2],
    "cut after a line": lambda data: b"".join(data.splitlines(keepends=True)[:-1]),
    "other columns": lambda _: b"a,b\n1,2\n",
    "an empty object": lambda _: b"{}\n",
    "a list": lambda _: b"[1]\n",
    "other types": lambda data: data[: data.index(b"\n") + 1] + b"x," * 20 + b"\n",
    "not UTF-8": lambda data: data.replace(b"e", b"\xe9", 1),
}


@pytest.fixture(scope="module")
def finished(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("finished") / "out"
    off = {"languagetool": {"scope": "off"}, "engine": {"jobs": 1}}
    run([seeds], out, Settings.model_validate(off))
    return out


@pytest.fixture
def out(finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("truth.csv").write_text(f"id,cluster\n{SPUN},a\n{EXCERPT},a\n", encoding="utf-8")
    return Path(shutil.copytree(finished, "out"))


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    return int(stop.value.code or 0), capsys.readouterr().err


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", READERS)
def test_the_file_and_the_remedy_are_named(
    name: str, damage: str, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged = DAMAGES[damage]((out / name).read_bytes())
    if damaged is None:
        (out / name).unlink()
    else:
        (out / name).write_bytes(damaged)
    before = {path.name for path in out.iterdir()}
    for command in READERS[name]:
        code, message = said(capsys, *COMMANDS[command])
        assert code == 2, command
        assert message.count("\n") == 1
        if name != "run.json":
            assert message.startswith(f"scrub: out/{name}")
            assert "run the same `scrub run` again" in message or "UTF-8, save it as" in message
        elif damaged is None:
            assert message == "scrub: out: no finished run; `scrub run INPUT -o out` makes one\n"
        else:
            assert message.startswith("scrub: out/run.json: no record of a run that this version")
    assert {path.name for path in out.iterdir() if path.name != ".lock"} <= before
    code, message = said(capsys, "doctor", "--verify", "out")
    assert code == (2 if name == "run.json" else 1)
    assert "Traceback" not in message
    if name not in ("run.json", "flags.csv", "lexicon.csv", "rejected.csv", "changes.jsonl"):
        with pytest.raises(OutputError, match=name):
            scrub.load(out)


def changed(out: Path, *place: str, to: object = None) -> None:
    """Change one value of `run.json`, or without `to` remove it."""
    record = json.loads((out / "run.json").read_bytes())
    within: Any = record
    for key in place[:-1]:
        within = within[key]
    within.pop(place[-1])
    if to is not None:
        within[place[-1]] = to
    (out / "run.json").write_text(json.dumps(record), encoding="utf-8")


@pytest.mark.parametrize(
    ("place", "to"),
    [
        (("counts",), None),
        (("counts", "flags"), "152"),
        (("counts", "kept"), None),
        (("outputs",), {"a": 1}),
        (("outputs",), [1]),
        (("settings", "spin"), 5),
        (("settings", "spin", "repair_confidence"), 2.0),
        (("near_misses",), [{"id_a": "a"}]),
        (("languages",), ["en"]),
        (("stages",), {"read": "long"}),
        (("languagetool",), None),
        (("inputs",), "seeds"),
    ],
)
def test_an_edited_record_is_said_to_be_one(
    place: tuple[str, ...], to: object, out: Path, seeds: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed(out, *place, to=to)
    for command in (*COMMANDS.values(), ["doctor", "--verify", "out"]):
        code, message = said(capsys, *command)
        assert code == 2
        named = f"this version reads ({'.'.join(place)}"
        assert message.startswith(f"scrub: out/run.json: no record of a run that {named}")
        assert "run the inputs again into another -o" in message
    # A run does not believe it either.  It replaces what it can be sure to have written.
    code, message = said(capsys, "run", str(seeds), "-q", "-j", "1", "--languagetool", "off")
    assert code == (2 if place == ("outputs",) else 0)
    assert "Traceback" not in message


def test_files_fetched_from_a_cluster_are_read_though_only_parts_are_recorded(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outputs = json.loads((out / "run.json").read_bytes())["outputs"]
    changed(out, "outputs", to={f"{name}/part-00000": outputs[name] for name in outputs})
    assert said(capsys, "report") == (0, "")
    documents = (out / "documents.jsonl").read_bytes()
    (out / "documents.jsonl").write_bytes(documents[:-9])
    for command in ("report", "repair", "explain"):
        code, message = said(capsys, *COMMANDS[command])
        assert code == 2
        assert message.startswith("scrub: out/documents.jsonl, line 5: damaged (")


def test_decisions_in_flags_csv_are_no_damage(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a spreadsheet saves it, which leaves out the empty cells at the end of some rows."""
    lines = (out / "flags.csv").read_text("utf-8").splitlines()
    lines[1] += "reject"
    lines[2:] = [line.removesuffix(",") for line in lines[2:]]
    (out / "flags.csv").write_text("\r\n".join(lines), encoding="utf-8-sig")
    assert said(capsys, "report") == (0, "")
    assert said(capsys, "repair") == (0, "")
    lines = (out / "flags.csv").read_text("utf-8").splitlines()
    assert lines[1].endswith(",reject") and lines[2].endswith(",")
