"""`scrub doctor`: each check notices what is missing and names the remedy."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from scrub.cli import app, doctor
from scrub.spin.languagetool import install

if TYPE_CHECKING:
    from pathlib import Path


def by_name() -> dict[str, doctor.Check]:
    return {check.name: check for check in doctor.examine_installation()}


@pytest.fixture
def nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without Java, LanguageTool, extras and a cache that can be written."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("SCRUB_CACHE", str(tmp_path / "file"))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.delenv("LTP_PATH", raising=False)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    return tmp_path


def test_all_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCRUB_CACHE", str(tmp_path / "not there yet"))
    checks = by_name()
    assert list(checks) == [
        "Python", "Java", "LanguageTool", "extra parquet", "extra spark",
        "caches", "kernels", "disk", "memory",
    ]  # fmt: skip
    assert checks["Python"].ok
    assert checks["caches"].ok
    assert not checks["LanguageTool"].ok
    for check in checks.values():
        assert check.detail
        assert check.ok == (not check.remedy)


def test_a_bare_machine(nothing: Path) -> None:
    checks = by_name()
    missing = {name: check.remedy for name, check in checks.items() if not check.ok}
    assert list(missing) == [
        "Java", "LanguageTool", "extra parquet", "extra spark", "caches", "kernels",
    ]  # fmt: skip
    assert "install Java 17 or newer" in missing["Java"]
    assert missing["LanguageTool"] == "scrub setup"
    assert missing["extra parquet"] == "pip install 'scrub-corpus[parquet]'"
    assert "SCRUB_CACHE" in missing["caches"]


def test_a_damaged_languagetool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LTP_PATH", str(tmp_path))
    folder = tmp_path / f"LanguageTool-{install.VERSION}"
    folder.mkdir()
    (folder / install.SERVER_JAR).write_text("a jar")
    assert by_name()["LanguageTool"].ok
    (folder / "scrub.json").write_text(json.dumps({"files": {"libs/x.jar": [1, "0"]}}))
    check = by_name()["LanguageTool"]
    assert (check.ok, check.remedy) == (False, "scrub setup")
    assert "libs/x.jar is missing" in check.detail


def test_little_disk_and_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_DISK", 1e18)
    monkeypatch.setattr(doctor, "_MEMORY", 1e18)
    checks = by_name()
    assert "make room" in checks["disk"].remedy
    assert "languagetool.scope=off" in checks["memory"].remedy


def test_kernels_that_cannot_be_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    assert by_name()["kernels"].ok
    monkeypatch.setenv("NUMBA_CACHE_DIR", f"{os.devnull}/kernels")
    assert "Not a directory" in by_name()["kernels"].detail
    tmp_path.chmod(0o777)
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    assert "others can write it" in by_name()["kernels"].detail
    assert "NUMBA_CACHE_DIR" in by_name()["kernels"].remedy


def test_the_command(nothing: Path) -> None:
    result = CliRunner().invoke(app, ["doctor", "--json"])
    assert result.exit_code == 0
    assert {check["name"] for check in json.loads(result.stdout)} == set(by_name())
    assert "-> scrub setup" in CliRunner().invoke(app, ["doctor"]).stdout
