"""The wheel, not the source tree: built, installed alone in a fresh environment, and used."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
pytestmark = [pytest.mark.wheel, pytest.mark.timeout(900)]

# What the tests and the extras bring, and a plain installation must do without.
EXTRAS = ("datasets", "duckdb", "hypothesis", "pyarrow", "pyspark", "pytest")
MOST_MEGABYTES = 560  # numba's compiler alone is 180


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as it is made from the source distribution, so that this one is whole, too."""
    # From a copy: hatchling writes nothing into a source tree, but a build may.
    tree = tmp_path_factory.mktemp("tree") / "scrub"
    ignored = shutil.ignore_patterns(
        ".venv", ".git", "__pycache__", ".*_cache", ".hypothesis", "out"
    )
    shutil.copytree(ROOT, tree, ignore=ignored)
    dist = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "build", "-o", dist, tree], check=True)
    (found,) = dist.glob("*.whl")
    assert len(list(dist.glob("*.tar.gz"))) == 1
    return found


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a fresh environment's programs, scrub's wheel and what it needs in it."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder, with_pip=True, symlinks=os.name != "nt")
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    constraints = ROOT / "constraints.txt"
    subprocess.run(
        [programs / "python", "-m", "pip", "install", "-q", "-c", constraints, wheel], check=True
    )
    return programs


def run(environment: Path, cwd: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    clean = {
        k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "SCRUB", "VIRTUAL"))
    }
    return subprocess.run(
        [environment / command[0], *command[1:]],
        cwd=cwd, env=clean, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_seeds_are_deduplicated(environment: Path, tmp_path: Path, seeds: Path) -> None:
    shutil.copytree(seeds, tmp_path / "articles")
    done = run(environment, tmp_path, "scrub", "dedup", "articles", "-o", "out")
    assert done.returncode == 0, done.stderr
    with (tmp_path / "out" / "dedup.csv").open(encoding="utf-8", newline="") as file:
        found = {row["id"][:3]: (row["relation"], row["spun"]) for row in csv.DictReader(file)}
    assert found["002"] == ("kept", "this")
    assert found["003"] == ("excerpt", "other")
    assert [found[i][0] for i in ("000", "001", "004")] == ["unique"] * 3
    verified = run(environment, tmp_path, "scrub", "doctor", "--verify", "out")
    assert verified.returncode == 0, verified.stdout


@pytest.mark.parametrize(
    "command",
    [
        ("--help",), ("--version",), ("doctor",), ("config", "show"),
        ("check", "a.txt", "--languagetool", "off"), ("clean", "a.txt"),
        ("run", "a.txt", "-o", "out", "--languagetool", "off"),
    ],
    ids=lambda command: command[0],
)  # fmt: skip
def test_every_command_needs_no_extra(
    environment: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "a.txt").write_text("The council met on Monday.\n\nIt rained.\n", encoding="utf-8")
    done = run(environment, tmp_path, "scrub", *command)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_extra_is_named(environment: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The council met on Monday.", encoding="utf-8")
    done = run(environment, tmp_path, "scrub", "dedup", "a.txt", "--format", "parquet")
    assert done.returncode == 2
    assert "scrub-corpus[parquet]" in done.stderr


def test_nothing_comes_from_the_source_tree(environment: Path, tmp_path: Path) -> None:
    program = f"""
import importlib.util, pathlib, pkgutil, sys
import scrub
for module in pkgutil.walk_packages(scrub.__path__, "scrub."):
    if ".spark" not in module.name and "__main__" not in module.name:
        __import__(module.name)
files = [m.__file__ for m in list(sys.modules.values()) if getattr(m, "__file__", None)]
print([f for f in files if pathlib.Path(f).is_relative_to({str(ROOT)!r})])
print([name for name in {EXTRAS!r} if importlib.util.find_spec(name)])
"""
    done = run(environment, tmp_path, "python", "-c", program)
    assert done.stdout.splitlines() == ["[]", "[]"], done.stderr


def test_the_installation_is_no_larger_than_it_was(environment: Path) -> None:
    (packages,) = environment.parent.rglob("site-packages")
    size = sum(
        path.stat().st_size
        for path in packages.rglob("*")
        if path.is_file() and path.suffix not in (".pyc", ".nbc", ".nbi")
    )
    assert size / 1e6 < MOST_MEGABYTES
