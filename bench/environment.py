"""The benches' own environment, `bench/.venv`: the peers are installed there, apart from scrub."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).parent
ENVIRONMENT = HERE / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
DATA = HERE / ".data"
RESULTS = HERE / "results"
# Labelled articles that may lie beside the project, else as many are made.
SHARED = HERE.parent.parent / "shared" / "eval" / "near50k"
MADE = 20_000


def enter() -> None:
    """Go on in `bench/.venv`, made where it is missing or `requirements.txt` has changed.

    The `scrub` that is measured is the one of the environment the bench was started from; its
    path travels in the environment variable BENCH_SCRUB (empty: none was found).
    """
    if Path(sys.prefix).resolve() == ENVIRONMENT.resolve():
        return
    install()
    beside = Path(sys.executable).with_name("scrub")
    found = str(beside) if beside.exists() else shutil.which("scrub") or ""
    os.environ.setdefault("BENCH_SCRUB", found)
    os.execv(PYTHON, [str(PYTHON), *sys.argv])


def scrub() -> str:
    """Path of the `scrub` command that is measured; empty where there is none."""
    return os.environ.get("BENCH_SCRUB", "")


def default_corpus() -> tuple[Path, Path]:
    """Articles and their truth: the labelled ones beside the project, else made ones."""
    if SHARED.is_dir():
        return SHARED / "docs.jsonl.gz", SHARED / "truth.csv.gz"
    out = DATA / f"made{MADE}"
    if not (out / "docs.jsonl.gz").exists():
        program = str(HERE / "corpus.py")
        subprocess.run([sys.executable, program, "-n", str(MADE), "-o", str(out)], check=True)
    return out / "docs.jsonl.gz", out / "truth.csv"


def install() -> None:
    """Install every line of `requirements.txt`; one that fails is written down, not fatal."""
    wanted = HERE / "requirements.txt"
    digest = hashlib.sha256(wanted.read_bytes()).hexdigest()
    stamp = ENVIRONMENT / "installed.json"
    if stamp.exists() and json.loads(stamp.read_text())["digest"] == digest:
        return
    print(f"== installing the peers into {ENVIRONMENT} (once)", file=sys.stderr)
    if not PYTHON.exists():
        venv.create(ENVIRONMENT, with_pip=True)
    failed: dict[str, str] = {}
    if _pip("-r", str(wanted)):  # all at once resolves best; else find out which one it is
        for line in wanted.read_text().splitlines():
            requirement = line.partition("#")[0].strip()
            if requirement and (why := _pip(requirement)):
                failed[requirement.partition("==")[0]] = why
    stamp.write_text(json.dumps({"digest": digest, "failed": failed}))


def not_installed() -> dict[str, str]:
    """The requirements that could not be installed, with pip's reason."""
    failed: dict[str, str] = json.loads((ENVIRONMENT / "installed.json").read_text())["failed"]
    return failed


def _pip(*arguments: str) -> str:
    """Install; returns the last line of the error, empty when all went well."""
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)
    lines = done.stderr.strip().splitlines() or ["pip failed"]
    return lines[-1] if done.returncode else ""
