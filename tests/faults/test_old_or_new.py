"""A result is the whole old or the whole new one, wherever a run dies or the disk fails."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import injection
import pytest
from injection import KILLED, Disk, snapshot

import scrub
from scrub.config import Settings, load
from scrub.corpus import Analysis
from scrub.document import Document
from scrub.errors import OutputError
from scrub.pipeline import analyse
from scrub.progress import Clock
from scrub.review import apply_decisions
from scrub.write.load import load_record
from scrub.write.output import Output
from scrub.write.result import write_documents, write_result
from stories import FERRY, MUSEUM, SCHOOL, edited, spun

OLD_FORM = load(overrides={"write.format": "txt", "engine.jobs": 1}, environ={})[0]
NEW_FORM = load(overrides={"write.format": "jsonl", "engine.jobs": 1}, environ={})[0]
Result = dict[str, bytes]


def analysed(texts: list[str]) -> Analysis:
    documents = [Document(f"{n}.txt", text) for n, text in enumerate(texts)]
    return analyse(documents, NEW_FORM, flag=False)


@pytest.fixture(scope="module")
def old() -> Analysis:
    return analysed([FERRY, MUSEUM])


@pytest.fixture(scope="module")
def new() -> Analysis:
    return analysed([FERRY, SCHOOL, spun(FERRY, 0.3), edited(SCHOOL, 0.1)])


class Still(Clock):
    """A clock that stands still, so that equal runs write equal records."""

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        yield
        self.seconds[name] = 0.0


def write(out: Path, analysis: Analysis, settings: Settings) -> None:
    with Output(out) as output:
        write_documents(output, analysis.corpus)
        write_result(output, analysis, settings, [Path("in")], Still(), command="dedup")


class Case:
    """A folder with the old result, over which the new one is written."""

    def __init__(
        self, out: Path, prepare: Callable[[Path], object], work: Callable[[Path], object]
    ) -> None:
        self.out = out
        self.pristine = out.with_name("pristine")
        prepare(self.pristine)
        (self.pristine / "mine.txt").write_text("notes")
        self.old = snapshot(self.pristine)
        self.work: Callable[[], object] = lambda: work(out)
        self.restore()
        self.work()
        self.new = snapshot(out)
        assert self.new != self.old
        assert "corpus.jsonl" in self.new

    def restore(self) -> None:
        shutil.rmtree(self.out, ignore_errors=True)
        shutil.copytree(self.pristine, self.out)

    def check(self) -> str:
        """Which result is there: for a program that looks at `run.json`, then for scrub."""
        seen = snapshot(self.out)
        if "run.json" in seen:  # then nothing is of another run
            assert seen in (self.old, self.new)
        load_record(self.out)
        seen = snapshot(self.out)
        assert seen in (self.old, self.new)
        assert vouched_for(seen)
        assert not (self.out / ".staging" / "COMPLETE").exists()
        which = "old" if seen == self.old else "new"
        self.work()
        assert snapshot(self.out) == self.new
        assert sorted(p.name for p in self.out.iterdir() if p.name[0] == ".") == [".lock"]
        return which


def vouched_for(seen: Result) -> bool:
    outputs = json.loads(seen["run.json"])["outputs"]
    return all(hashlib.sha256(seen[name]).hexdigest() == outputs[name] for name in outputs)


@pytest.fixture
def case(tmp_path: Path, old: Analysis, new: Analysis) -> Case:
    return Case(
        tmp_path / "out",
        lambda out: write(out, old, OLD_FORM),
        lambda out: write(out, new, NEW_FORM),
    )


def count(case: Case) -> int:
    status, changes, message = injection.in_child(case.work, Disk(0, "kill"))
    assert (status, message) == (0, "")
    assert changes > 30  # all of them are seen
    case.restore()
    return changes


@pytest.mark.slow
def test_a_kill_at_every_change_of_the_disk(case: Case) -> None:
    found = []
    for n in range(1, count(case) + 1):
        assert injection.in_child(case.work, Disk(n, "kill"))[0] == KILLED
        found.append(case.check())
        case.restore()
    assert found == sorted(found, reverse=True)  # old, old, ... new, new
    assert {"old", "new"} == set(found)


@pytest.mark.slow
def test_a_kill_at_every_change_of_a_repair(tmp_path: Path, seeds: Path) -> None:
    """Tables and report of a repair are one move, too."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(seeds.glob("*.txt"))]
    documents = [Document(f"{n}.txt", text) for n, text in enumerate(texts)]
    nothing = load(
        overrides={"spin.repair_confidence": 1.0, "languagetool.scope": "off"}, environ={}
    )[0]
    run = load(overrides={"languagetool.scope": "off", "engine.jobs": 1}, environ={})[0]
    analysis = analyse(documents, run)
    case = Case(
        tmp_path / "out",
        lambda out: write(out, analysis, run),
        lambda out: apply_decisions(out, None, nothing),
    )
    assert {name for name in case.new if case.new[name] != case.old[name]} == {
        "corpus.jsonl", "report.html", "run.json"
    }  # fmt: skip
    test_a_kill_at_every_change_of_the_disk(case)


@pytest.mark.slow
@pytest.mark.parametrize(("error", "lasting"), [("EIO", False), ("ENOSPC", True)])
def test_an_error_at_every_change_of_the_disk(case: Case, error: str, lasting: bool) -> None:
    for n in range(1, count(case) + 1):
        status, _, message = injection.in_child(case.work, Disk(n, error, lasting))
        which = case.check()
        if status == 0:  # what failed was only in the way of tidiness
            assert which == "new"
        else:
            assert message.startswith("OutputError: ")
            assert message.count("\n") == 0
            assert ("untouched" in message) <= (which == "old")
        case.restore()


def half_moved(case: Case) -> None:
    """Kill a run just before its last move."""
    for n in range(count(case), 0, -1):
        injection.in_child(case.work, Disk(n, "kill"))
        if "run.json" not in snapshot(case.out):
            return
        case.restore()
    raise AssertionError("there is no such moment")


def test_a_kill_while_a_kill_is_made_good(case: Case) -> None:
    half_moved(case)
    case.pristine = case.out.rename(case.out.with_name("half"))
    n, status = 0, KILLED
    while status == KILLED:
        n += 1
        case.restore()
        status = injection.in_child(lambda: load_record(case.out), Disk(n, "kill"))[0]
        assert case.check() == "new"
    assert n > 5


def test_the_next_reader_sees_the_new_result(case: Case) -> None:
    half_moved(case)
    assert len(scrub.load(case.out).dedup) == 4
    assert snapshot(case.out) == case.new


def test_a_reader_who_may_not_write_is_told(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    (case.out / ".staging").mkdir()
    (case.out / ".staging" / "COMPLETE").write_text('{"write": ["dedup.csv"], "remove": []}')
    (case.out / ".staging" / "dedup.csv").write_text("new")
    moved = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if self.parent.name == ".staging":
            raise PermissionError(13, "Permission denied", str(self))
        return moved(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OutputError, match=r"cannot be finished here.*make the folder writable"):
        scrub.load(case.out)
