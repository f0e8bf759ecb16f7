"""A machine that gives less than it should: clock, disk, processes, memory, rights.

What the system refuses ends a run with 2 and one line, and the old result stays as it is.
"""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import control_groups
import pytest
import small_disk
from forked import Forked
from injection import Disk, snapshot
from small_disk import needs_a_disk

from scrub.config import Settings
from scrub.errors import OutputError
from scrub.pipeline import run
from scrub.table import load_table
from scrub.write.load import load_record

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = "It rained on the quay all day, and nobody came to the fish market but {} gulls."
NOBODY = 65534


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.txt").write_text(TEXT.format(number))
    return folder


@pytest.fixture
def warm(folder: Path, tmp_path: Path) -> None:
    """Everything is imported and compiled, so that forks find it."""
    run([folder], tmp_path / "warm", Settings.model_validate({"engine": {"jobs": 1}}), flag=False)


def without_files(folder: Path) -> dict[str, bytes]:
    return {k: v for k, v in snapshot(folder).items() if k not in ("run.json", "report.html")}


def refused(folder: Path, tmp_path: Path, before: Callable[[], object], jobs: int = 2) -> str:
    """The line with which a run ends that the system refuses something."""
    out = tmp_path / "out"
    shutil.copytree(tmp_path / "warm", out)
    old = snapshot(out)
    (folder / "more.txt").write_text(TEXT.format("more"))
    command = Forked(
        tmp_path / "log", "dedup", folder, "-o", out, "-q", "-j", str(jobs), before=before
    )
    assert command.wait(60) == 2, command.output
    assert snapshot(out) == old
    assert "Traceback" not in command.output, command.output
    return command.output.splitlines()[-1]


@pytest.mark.parametrize("fresh", [False, True])
def test_a_clock_that_is_set_back(
    fresh: bool, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also by a day in the midst of a run, and with files of tomorrow."""
    settings = Settings.model_validate({"engine": {"jobs": 1}})
    run([folder], tmp_path / "out", settings, flag=False)
    expected = without_files(tmp_path / "out")
    tomorrow = time.time() + 86_400
    for path in (*folder.iterdir(), *(tmp_path / "out").rglob("*")):
        os.utime(path, (tomorrow, tomorrow))
    now = time.time_ns

    def earlier() -> int:
        monkeypatch.setattr(time, "time_ns", lambda: now() - 86_400 * 10**9)
        return now() + 86_400 * 10**9

    monkeypatch.setattr(time, "time_ns", earlier)
    monkeypatch.setattr(time, "time", lambda: tomorrow - 3 * 86_400)
    (folder / "more.txt").write_text(TEXT.format("more"))
    run([folder], tmp_path / "out", settings, flag=False, fresh=fresh)
    assert without_files(tmp_path / "out") != expected
    (folder / "more.txt").unlink()
    run([folder], tmp_path / "out", settings, flag=False, fresh=fresh)
    assert without_files(tmp_path / "out") == expected


@pytest.mark.slow
@needs_a_disk
def test_a_disk_without_room_for_more_files(folder: Path, tmp_path: Path) -> None:
    fill = "n=0; while touch $n 2>/dev/null; do n=$((n+1)); done; rm 0"
    line = small_disk.refused("nr_inodes=32", folder / "0.txt", folder, tmp_path, fill)
    assert line.startswith("scrub: ")
    assert "No space left on device" in line


@pytest.mark.usefixtures("warm")
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become someone else")
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_user_who_may_not_write(jobs: int, folder: Path, tmp_path: Path) -> None:
    readable(tmp_path)
    line = refused(folder, tmp_path, lambda: become(NOBODY), jobs)
    assert "Permission denied" in line


@pytest.mark.usefixtures("warm")
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become someone else")
@pytest.mark.skipif(
    not all(folder.stat().st_mode & 0o001 for folder in Path(os.__file__).parents),
    reason="others may not read this Python",
)
def test_a_user_who_may_start_no_process(folder: Path, tmp_path: Path) -> None:
    """The limit counts all processes of a user, so it is one who has none."""
    uid = 54_321
    readable(tmp_path)

    def before() -> None:
        resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))
        become(uid)

    out = tmp_path / "theirs"
    out.mkdir()
    os.chown(out, uid, uid)
    arguments = ("dedup", folder, "-o", out / "out", "-q", "-j", "2")
    command = Forked(tmp_path / "log", *arguments, before=before)
    assert command.wait(60) == 2, command.output
    assert "Traceback" not in command.output, command.output
    assert "cannot be started" in command.output.splitlines()[-1]
    assert "-j 1" in command.output.splitlines()[-1]


@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize(("jobs", "page"), [(2, False), (1, True)])
def test_a_group_that_may_have_no_more_processes(
    jobs: int, page: bool, folder: Path, tmp_path: Path
) -> None:
    """Also where what reads web pages is the only other process."""
    if page:
        (folder / "page.html").write_text(f"<p>{TEXT.format('some')}</p>")
    with control_groups.group("pids", max=1) as enter:
        line = refused(folder, tmp_path, enter, jobs)
    assert "can be started" in line or "cannot be started" in line


@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_group_that_may_have_no_more_memory(jobs: int, folder: Path, tmp_path: Path) -> None:
    """The system kills one of its processes: the command, or a worker until it gives up."""
    out = tmp_path / "out"
    shutil.copytree(tmp_path / "warm", out)
    old = snapshot(out)
    (folder / "more.txt").write_text(TEXT.format("more"))
    arguments = ("dedup", folder, "-o", out, "-q", "-j", str(jobs))
    with control_groups.group("memory", max=2 << 20, limit_in_bytes=2 << 20) as enter:
        command = Forked(tmp_path / "log", *arguments, before=enter)
        assert command.wait(60) in (2, -signal.SIGKILL), command.output
    assert "Traceback" not in command.output
    assert snapshot(out) == old
    assert Forked(tmp_path / "log", *arguments).wait(60) == 0
    assert len(list(load_table(out / "dedup.csv"))) == 7


@pytest.mark.slow
@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize("number", ["EXDEV", "EPERM"])
def test_a_disk_on_which_nothing_can_be_renamed(number: str, folder: Path, tmp_path: Path) -> None:
    """The first, the second, ... and all after it: the result is the old or the new one."""
    tried = tmp_path / "out"
    (folder / "more.txt").write_text(TEXT.format("more"))
    old = without_files(tmp_path / "warm")
    run([folder], tmp_path / "new", Settings.model_validate({"engine": {"jobs": 1}}), flag=False)
    new = without_files(tmp_path / "new")
    status, at = 2, 0
    while status:
        at += 1
        shutil.copytree(tmp_path / "warm", tried)
        disk = Disk(at, number, lasting=True, changes=("replace", "rename"))
        command = Forked(
            tmp_path / "log", "dedup", folder, "-o", tried, "-q", "-j", "1", before=disk.install
        )
        status = command.wait(60)
        assert "Traceback" not in command.output, command.output
        assert len(command.output.splitlines()) == (status == 2), command.output
        with contextlib.suppress(OutputError):
            load_record(tried)  # which finishes what was begun
        assert without_files(tried) in ((new,) if status == 0 else (old, new)), at
        shutil.rmtree(tried)
    assert at > 5


@pytest.mark.usefixtures("warm")
def test_few_files_may_be_open(folder: Path, tmp_path: Path) -> None:
    def before() -> None:
        taken = [os.open(os.devnull, os.O_RDONLY) for _ in range(100)]  # gaps are filled
        resource.setrlimit(resource.RLIMIT_NOFILE, (taken[-1] + 1,) * 2)
        os.close(taken[-1])

    assert refused(folder, tmp_path, before).startswith("scrub: ")


def become(user: int) -> None:
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)


def readable(tmp_path: Path) -> None:
    """Let everybody look into a folder of the tests."""
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == 0 and folder != Path("/") and "pytest" in str(folder):
            folder.chmod(0o755)
