"""`scrub doctor`: what is there, what is missing, and the command that mends it.

With `--verify OUT`: is a finished folder what its run wrote, and does it add up?
"""

from __future__ import annotations

import importlib.util
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata, version
from pathlib import Path

from scrub import caches, distribution, java, kernels
from scrub.spin.languagetool import install
from scrub.table import load_table
from scrub.write.load import AGAIN, load_record
from scrub.write.record import file_digest

_GB = 1e9
_DISK = 1 * _GB  # LanguageTool takes 0.26, the caches and a result of a large run the rest
_MEMORY = 2 * _GB  # LanguageTool takes 0.5, a run of 50,000 articles about one


@dataclass(slots=True, frozen=True)
class Check:
    """One thing looked at; `remedy` is a command or an advice, empty where all is well."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""


def examine_installation() -> list[Check]:
    """Look at Python, Java, LanguageTool, the extras, the caches, disk and memory.

    Reads only, but for one probe file that shows whether the caches can be written; no network.
    """
    return [
        _python(),
        _java(),
        _languagetool(),
        *_extras(),
        _caches(),
        _kernels(),
        _disk(),
        _memory(),
    ]


def _python() -> Check:
    here = f"{sys.version.split()[0]} at {sys.executable}"
    oldest = str(metadata(distribution.NAME)["Requires-Python"])
    ok = sys.version_info >= tuple(int(part) for part in oldest.lstrip(">=").split("."))
    return Check("Python", ok, here, "" if ok else f"install Python {oldest}")


def _java() -> Check:
    found = java.find()
    if found is not None:
        return Check("Java", True, f"{found.version} from {found.origin}: {found.path}")
    old = ", ".join(f"{each.version} at {each.path}" for each in java.candidates())
    return Check("Java", False, f"{old}: too old" if old else "none", java.REMEDY)


def _languagetool() -> Check:
    if not (install.folder() / install.SERVER_JAR).is_file():
        detail = f"no LanguageTool {install.VERSION} in {install.folder().parent}"
        return Check("LanguageTool", False, f"{detail}; runs skip that stage", "scrub setup")
    if damaged := install.damage(deep=True):
        return Check(
            "LanguageTool", False, f"{len(damaged)} files differ: {damaged[0]}", "scrub setup"
        )
    origin = install.source() or "not fetched by scrub"
    return Check("LanguageTool", True, f"{install.VERSION} at {install.folder()} ({origin})")


def _extras() -> Iterator[Check]:
    for extra, modules, purpose in (
        ("parquet", ("pyarrow",), "Parquet in and out"),
        ("spark", ("pyspark", "pyarrow"), "--engine spark"),
    ):
        missing = [module for module in modules if importlib.util.find_spec(module) is None]
        if missing:
            detail = f"{', '.join(missing)} not installed; needed for {purpose}"
            yield Check(f"extra {extra}", False, detail, distribution.install(extra))
        else:
            yield Check(f"extra {extra}", True, ", ".join(f"{m} {_version(m)}" for m in modules))


def _caches() -> Check:
    folder = caches.cache_folder()
    advice = "set SCRUB_CACHE to a folder that can be written"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    except OSError as error:
        return Check("caches", False, f"{folder}: {error.strerror}", advice)
    return Check("caches", True, f"{size / 1e6:,.0f} MB in {folder}; safe to delete")


def _kernels() -> Check:
    folder = kernels.kernels_folder()
    reason, number = kernels.refusal(folder), kernels.kept_kernels()
    if reason or number is None:
        reason = reason or "a folder in it is not this user's alone to write"
        detail = f"{folder}: {reason}; each run compiles them again, for a minute or more"
        advice = "set NUMBA_CACHE_DIR to a folder that only you can write"
        return Check("kernels", False, detail, advice)
    detail = f"{number} compiled, in {folder}" if number else "compiled by the first larger run"
    return Check("kernels", True, detail)


def _disk() -> Check:
    # The caches need not exist yet; the nearest folder above them does.
    folder = next(p for p in (caches.cache_folder(), *caches.cache_folder().parents) if p.exists())
    free = {str(place): shutil.disk_usage(place).free for place in (Path.cwd(), folder)}
    detail = ", ".join(f"{size / _GB:,.1f} GB free at {place}" for place, size in free.items())
    ok = min(free.values()) >= _DISK
    return Check("disk", ok, detail, "" if ok else f"make room: {_DISK / _GB:.0f} GB is little")


def _memory() -> Check:
    available = _available_memory()
    if available is None:
        return Check("memory", True, "not known on this system")
    ok = available >= _MEMORY
    advice = "" if ok else "close other programs, or run with -j 1 --set languagetool.scope=off"
    return Check("memory", ok, f"{available / _GB:,.1f} GB available", advice)


def _available_memory() -> int | None:
    """Bytes that a new process could use, or None where the system does not say."""
    try:
        import psutil  # comes with language-tool-python
    except ImportError:
        return None
    return int(psutil.virtual_memory().available)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "of unknown version"


def verify(out: Path) -> list[Check]:
    """Compare the files of a finished run with the digests and counts in its `run.json`.

    Raises OutputError where `out` holds no finished run.  `report.html` is made from the other
    files and has no digest.
    """
    record = load_record(out)
    checks = [_file(out / name, name, digest) for name, digest in record["outputs"].items()]
    if all(check.ok for check in checks):
        checks.append(_sum(out, record["counts"]))
    return checks


def _file(path: Path, name: str, digest: str) -> Check:
    try:
        found = file_digest(path)
    except OSError as error:
        return Check(name, False, f"{path}: {error.strerror}", AGAIN)
    if found != digest:
        return Check(name, False, f"SHA-256 {found}, run.json has {digest}", AGAIN)
    return Check(name, True, f"SHA-256 {digest}")


def _sum(out: Path, counts: dict[str, int]) -> Check:
    """Every input ended in exactly one place: kept, copy or rejected."""
    kept = [row["kept"] == "true" for row in load_table(out / "dedup.csv")]
    rejected = sum(1 for _ in load_table(out / "rejected.csv"))
    found = {
        "inputs": len(kept) + rejected,
        "kept": sum(kept),
        "copies": len(kept) - sum(kept),
        "rejected": rejected,
    }
    recorded = {name: counts[name] for name in found}
    line = "{inputs:,} inputs = {kept:,} kept + {copies:,} copies + {rejected:,} rejected"
    if recorded != found:
        return Check("counts", False, f"{line.format(**found)}, run.json has {recorded}", AGAIN)
    return Check("counts", True, line.format(**found))
