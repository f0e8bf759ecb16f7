"""Files that cannot be read, or change while they are read: said, and never taken for unchanged."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import scrub
from scrub.config import Settings, load
from scrub.origin import input_record
from scrub.pipeline import run
from scrub.read.walk import changed, find
from scrub.store import reading
from stories import FERRY, MUSEUM, SCHOOL

SETTINGS = load(overrides={"engine.jobs": 1, "languagetool.scope": "off"}, environ={})[0]
JOBS = [1, 2]


def settings(jobs: int) -> Settings:
    return load(overrides={"engine.jobs": jobs, "languagetool.scope": "off"}, environ={})[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in (("a", FERRY), ("b", MUSEUM), ("c", SCHOOL)):
        (folder / f"{name}.txt").write_text(text)
    return folder


def meanwhile(monkeypatch: pytest.MonkeyPatch, action: Callable[[], object], *, at: str) -> None:
    """Have something happen `before` or `after` the files are read, by the process that reads."""
    read = reading.read_batches

    def disturbed(*arguments: Any) -> Iterator[Any]:
        if at == "before":
            action()
        yield from read(*arguments)
        if at == "after":
            action()

    monkeypatch.setattr("scrub.pipeline.read_batches", disturbed)


def rewrite(path: Path, *, keep_time: bool = False) -> None:
    """Change a file and nothing of its length."""
    before = path.stat()
    path.write_text(path.read_text().replace("the", "eht"))
    if keep_time:
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def replace(path: Path) -> None:
    """Put an older file of the same length in the place of a file."""
    other = path.with_name(".other")
    other.write_text(path.read_text().replace("the", "eht"))
    os.utime(other, (1, 1))
    other.replace(path)


@pytest.mark.parametrize("at", ["before", "after"])
@pytest.mark.parametrize(
    ("change", "jobs"),
    [
        (rewrite, 1), (rewrite, 2), (lambda path: rewrite(path, keep_time=True), 1),
        (replace, 1), (Path.unlink, 1),
    ],
)  # fmt: skip
def test_a_file_that_changes_meanwhile_is_read_again(
    folder: Path,
    tmp_path: Path,
    change: Callable[[Path], object],
    at: str,
    jobs: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with monkeypatch.context() as patch:
        meanwhile(patch, lambda: change(folder / "b.txt"), at=at)
        record = run([folder], tmp_path / "out", settings(jobs), flag=False)
    assert record["input_files"]["changed"] == ["b.txt"]
    assert "scrub: 'b.txt' changed while being read; run again" in caplog.messages
    again = run([folder], tmp_path / "out", settings(jobs), flag=False)
    assert not again.get("unchanged")
    assert "changed" not in again["input_files"]
    run([folder], tmp_path / "fresh", settings(jobs), flag=False, fresh=True)
    for name in ("documents.jsonl", "dedup.csv", "rejected.csv"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "fresh" / name).read_bytes()
    assert run([folder], tmp_path / "out", settings(jobs), flag=False)["unchanged"]


def test_a_file_that_keeps_still_is_read_once(folder: Path, tmp_path: Path) -> None:
    assert "changed" not in run([folder], tmp_path / "out", SETTINGS, flag=False)["input_files"]
    assert run([folder], tmp_path / "out", SETTINGS, flag=False)["unchanged"]
    assert changed(find([folder])) == []


@pytest.mark.parametrize("jobs", JOBS)
def test_a_file_that_vanishes_costs_itself(
    folder: Path, tmp_path: Path, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(monkeypatch, (folder / "b.txt").unlink, at="before")
    run([folder], tmp_path / "out", settings(jobs), flag=False)
    result = scrub.load(tmp_path / "out")
    assert list(result.dedup["id"]) == ["a.txt", "c.txt"]
    assert (tmp_path / "out" / "rejected.csv").read_text().splitlines()[1].startswith("b.txt,")
    listed = json.loads((tmp_path / "out" / "run.json").read_bytes())["input_files"]["list"]
    assert [file["sha256"] for file in listed][1] == "unreadable"


def test_what_cannot_be_opened_has_no_digest(folder: Path) -> None:
    """A pipe that took the place of a file is not waited for."""
    found = find([folder])
    (folder / "b.txt").unlink()
    os.mkfifo(folder / "b.txt")
    digests = [file["sha256"] for file in input_record(found)["list"]]
    assert digests[1] == "unreadable"
    assert len(digests[0]) == len(digests[2]) == 64


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read all")
@pytest.mark.parametrize("jobs", JOBS)
def test_a_file_without_the_right_to_read_it(folder: Path, tmp_path: Path, jobs: int) -> None:
    (folder / "b.txt").chmod(0)
    record = run([folder], tmp_path / "out", settings(jobs), flag=False)
    assert (record["counts"]["inputs"], record["counts"]["rejected"]) == (3, 1)
    assert run([folder], tmp_path / "out", settings(jobs), flag=False)["unchanged"]
    (folder / "b.txt").chmod(0o644)
    assert run([folder], tmp_path / "out", settings(jobs), flag=False)["counts"]["rejected"] == 0
