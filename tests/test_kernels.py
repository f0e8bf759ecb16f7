"""Compiled kernels: what the code says, wherever they can be kept, and without the compiler."""

from __future__ import annotations

import csv
import json
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

import scrub
from scrub import kernels
from stories import CHINESE, FERRY, GERMAN, MUSEUM, SCHOOL, edited, notice, sentences, spun

PACKAGE = Path(kernels.__file__).parent
# 3.3 is 3,309,000 rounded, and thousands apart; what `agree` says of it decides `has_number`.
ASK = """
import sys; sys.path.insert(0, sys.argv[1])
import numpy as np
from scrub import kernels
from scrub.match.numbers import decimal
from scrub.match.opposite import has_number
assert kernels.__file__.startswith(sys.argv[1])
short, long = (decimal(np.frombuffer(n, np.uint8), 0, len(n)) | 3 for n in (b"3.3", b"3309000"))
print(has_number(np.array([short, long], np.uint32), 0, 1, 1, 2), kernels.kept_kernels())
"""
MOUNTS = (
    sys.platform == "linux"
    and not subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False).returncode
    if shutil.which("unshare")
    else False
)


def ask(site: Path, cache: Path, *before: str) -> tuple[bool, str]:
    """What a program with the package in `site` says of two numbers, and of its kernels."""
    done = subprocess.run(
        [*before, sys.executable, "-I", "-c", ASK, site], text=True, capture_output=True,
        env={**os.environ, "NUMBA_CACHE_DIR": str(cache)}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found, kept = done.stdout.split()
    return found == "True", kept


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A copy of the package, as an installation has one."""
    shutil.copytree(PACKAGE, tmp_path / "site" / "scrub", ignore=shutil.ignore_patterns("__pyc*"))
    return tmp_path / "site"


@pytest.mark.slow
def test_an_upgrade_of_a_callee_is_what_runs(site: Path, tmp_path: Path) -> None:
    """Numba alone would run the old one: the file of the caller is as it was."""
    callee, caller = (site / "scrub" / "match" / name for name in ("numbers.py", "opposite.py"))
    old, state = callee.read_text(encoding="utf-8"), caller.stat().st_mtime_ns
    assert ask(site, tmp_path / "cache")[0]
    assert "moved % 3:" in old
    callee.write_text(old.replace("moved % 3:", "moved % 5:"), encoding="utf-8")
    assert not ask(site, tmp_path / "cache")[0]
    assert caller.stat().st_mtime_ns == state
    callee.write_text(old, encoding="utf-8")
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "cache").rglob("*.nb?")}
    assert ask(site, tmp_path / "cache")[0]
    assert times == {path: path.stat().st_mtime_ns for path in times}  # nothing is compiled again


@pytest.mark.skipif(not MOUNTS, reason="no mount namespaces here")
def test_on_a_read_only_disk_nothing_is_kept(site: Path, tmp_path: Path) -> None:
    script = f'mount -t tmpfs -o ro tmpfs {tmp_path}/disk && exec "$@"'
    (tmp_path / "disk").mkdir()
    assert ask(site, tmp_path / "disk", "unshare", "-rm", "sh", "-c", script, "-") == (True, "None")


@pytest.mark.slow
@pytest.mark.timeout(1500)
@pytest.mark.skipif(not MOUNTS, reason="no mount namespaces here")
def test_a_read_only_installation_without_a_home(seeds: Path, tmp_path: Path) -> None:
    """Everything is compiled and nothing kept; doctor says so."""
    (tmp_path / "home").mkdir()
    scrub = f"{sys.executable} -m scrub"
    script = f"""
        mount -t tmpfs -o ro tmpfs {tmp_path}/home && mount --bind {PACKAGE} {PACKAGE} &&
        mount -o remount,ro,bind {PACKAGE} || exit 90
        {scrub} doctor
        exec {scrub} dedup {seeds} -o {tmp_path}/out -j 1 -q
    """
    own = ("SCRUB_CACHE", "XDG_CACHE_HOME", "NUMBA_CACHE_DIR")
    environ = {name: value for name, value in os.environ.items() if name not in own}
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script], text=True, capture_output=True, check=False,
        env={**environ, "HOME": str(tmp_path / "home"), "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "kernels: " in done.stdout
    assert "Read-only file system; each run compiles them again" in done.stdout
    assert "fault" not in done.stdout
    assert relations(tmp_path / "out") == ["excerpt", "kept", "unique", "unique", "unique"]


def made() -> list[str]:
    """Some 180 texts: copies of several kinds, fillings of a form, scripts, and rubbish."""
    texts = []
    for story in (FERRY, MUSEUM, SCHOOL):
        for seed in range(10):
            texts += [spun(story, seed / 20, seed), edited(story, seed / 33, seed)]
        texts += [" ".join(sentences(story)[k : k + 5]) for k in range(0, len(sentences(story)), 2)]
    texts += [*map(notice, range(60)), *GERMAN.split("\n\n"), *CHINESE.split("\n\n")]
    rng = random.Random(20)
    pieces = [*"éß½\u017f\u0130\u0301\u200d", "1,000,000", "-3.5e7", "999999999999"]
    texts += [" ".join(rng.choices(pieces, k=80)) for _ in range(20)]
    return texts


@pytest.mark.slow
@pytest.mark.timeout(1500)
@pytest.mark.parametrize("given", ["seeds", "made"])
def test_the_results_are_the_same_without_the_compiler(
    given: str, seeds: Path, tmp_path: Path
) -> None:
    if given == "made":
        seeds = tmp_path / "made.jsonl"
        rows = [{"id": f"t{i}", "text": text} for i, text in enumerate(made())]
        seeds.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    for name, disabled in (("plain", "1"), ("compiled", "0")):
        done = subprocess.run(
            [sys.executable, "-m", "scrub", "run", seeds, "-o", tmp_path / name, "-q", "-j", "1",
             "--languagetool", "off"],
            env={**os.environ, "NUMBA_DISABLE_JIT": disabled}, text=True, capture_output=True,
            check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
    for name in SAME:
        files = [tmp_path / kind / name for kind in ("plain", "compiled")]
        assert files[0].read_bytes() == files[1].read_bytes(), name


SAME = ("dedup.csv", "pairs.csv", "flags.csv", "documents.jsonl", "changes.jsonl", "corpus.jsonl")


def command(cache: Path, *arguments: object) -> None:
    """Run scrub as a person does whose kernels are kept in `cache`."""
    done = subprocess.run(
        [sys.executable, "-m", "scrub", *map(str, arguments)], text=True, capture_output=True,
        env={**os.environ, "NUMBA_CACHE_DIR": str(cache)}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Warning" not in done.stderr


def test_a_first_small_input_waits_for_no_compiler(seeds: Path, tmp_path: Path) -> None:
    """Its kernels run as Python, and say the same as those that other tests have compiled."""
    command(tmp_path / "kernels", "dedup", seeds, "-o", tmp_path / "plain", "-q")
    assert not list((tmp_path / "kernels").rglob("*.nbc"))
    scrub.run(seeds, tmp_path / "compiled", flag=False)
    for name in SAME:
        files = [tmp_path / kind / name for kind in ("plain", "compiled")]
        assert files[0].read_bytes() == files[1].read_bytes(), name


@pytest.mark.parametrize("name", ["compare", "check", "explain"])
def test_neither_does_a_look_at_a_few_texts(name: str, seeds: Path, tmp_path: Path) -> None:
    one, two = sorted(seeds.glob("*.txt"))[:2]
    scrub.run(seeds, tmp_path / "out", flag=False)
    first, second = scrub.load(tmp_path / "out").dedup["id"][:2]
    command(tmp_path / "kernels", *{
        "compare": ("compare", one, two, "--json"),
        "check": ("check", one, two, "--why", "--format", "json", "--languagetool", "off"),
        "explain": ("explain", first, second, "-o", tmp_path / "out"),
    }[name])  # fmt: skip
    assert not list((tmp_path / "kernels").rglob("*.nbc"))


@pytest.mark.parametrize(
    ("is_command", "loaded", "kept", "characters", "plain"),
    [
        (True, False, 0, kernels.SMALL, True),
        (True, False, None, kernels.SMALL, True),  # each run would compile them again
        (True, False, 0, kernels.SMALL + 1, False),
        (True, False, 1, 100, False),
        (True, True, 0, 100, False),  # some are compiled already
        (False, False, 0, 100, False),  # a program may ask for much more later
    ],
)
def test_when_kernels_run_as_python(
    *, is_command: bool, loaded: bool, kept: int | None, characters: int, plain: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("scrub.process.is_command", is_command)
    monkeypatch.setattr("scrub.kernels.kept_kernels", lambda: kept)
    monkeypatch.setitem(sys.modules, "numba", sys)
    if not loaded:
        monkeypatch.delitem(sys.modules, "numba")
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "0")
    kernels.interpret(characters)
    assert not kernels.interprets()  # as whoever started the process said
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "")
    kernels.interpret(characters)
    assert kernels.interprets() is plain


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_larger_input_is_compiled_for(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    size = 0
    while size <= kernels.SMALL:
        text = notice(size)
        (tmp_path / "texts" / f"{size}.txt").write_text(text, "utf-8")
        size += len(text)
    kept = tmp_path / "kernels"
    with subprocess.Popen(
        [sys.executable, "-m", "scrub", "dedup", tmp_path / "texts", "-o", tmp_path / "out", "-q"],
        env={**os.environ, "NUMBA_CACHE_DIR": str(kept)},
    ) as run:
        while not list(kept.rglob("*.nbc")):
            assert run.poll() is None, "it ended, and nothing was compiled"
            time.sleep(0.1)
        run.kill()


def relations(out: Path) -> list[str]:
    with (out / "dedup.csv").open(encoding="utf-8", newline="") as file:
        return sorted(row["relation"] for row in csv.DictReader(file))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of kernels, where nothing was looked for yet."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "kernels"))
    (tmp_path / "kernels").mkdir(mode=0o700)
    kernels.kept_in.cache_clear()
    return tmp_path / "kernels"


@pytest.fixture(autouse=True)
def looked_for_again() -> object:
    yield
    kernels.kept_in.cache_clear()


SOURCE = PACKAGE / "match" / "numbers.py"


def test_a_folder_of_others_is_not_used(folder: Path) -> None:
    made = kernels.kept_in(SOURCE)
    assert made is not None
    assert made.stat().st_mode & 0o777 == 0o700
    for place in (folder, made):
        for mode, used in ((0o770, False), (0o707, False), (0o755, True)):
            place.chmod(mode)
            kernels.kept_in.cache_clear()
            assert (kernels.kept_in(SOURCE) == made) is used
    if os.getuid() == 0:
        for place in (folder, made):
            os.chown(place, 12_345, 12_345)
            kernels.kept_in.cache_clear()
            assert kernels.kept_in(SOURCE) is None
            assert kernels.refusal(place) == "it belongs to another user"
            os.chown(place, 0, 0)


def test_what_was_not_used_for_a_month_goes(folder: Path) -> None:
    old, new, foreign = (folder / name for name in ("0" * 16, "1" * 16, "notes of mine"))
    for place in (old, new, foreign):
        place.mkdir()
        (place / "file").touch()
    mixed = folder / ("3" * 16)
    for place in (old, mixed):
        (place / "numbers_1").mkdir(parents=True)
        for name in ("a.py311.nbi", "a.py311.1.nbc"):
            (place / "numbers_1" / name).touch()
    (old / "file").unlink()
    (mixed / "notes").touch()
    (folder / ("2" * 16)).symlink_to(foreign)
    for place in (old, foreign, mixed):
        os.utime(place, (0, time.time() - 31 * 86_400))
    made = kernels.kept_in(SOURCE)
    assert made is not None
    assert {path.name for path in folder.iterdir()} == {
        made.name, new.name, foreign.name, "2" * 16, mixed.name,
    }  # fmt: skip
    assert [path.name for path in mixed.iterdir()] == ["notes"]
    assert (foreign / "file").exists()
