"""`scrub doctor --verify OUT`: is a finished folder what its run wrote, and does it add up?"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from scrub.cli.doctor import Check
from scrub.table import load_table
from scrub.write.load import load_record

if TYPE_CHECKING:
    from pathlib import Path

_AGAIN = "run the same `scrub run` again"


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
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return Check(name, False, f"{path}: {error.strerror}", _AGAIN)
    if found != digest:
        return Check(name, False, f"SHA-256 {found}, run.json has {digest}", _AGAIN)
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
    said = {name: counts[name] for name in found}
    line = "{inputs:,} inputs = {kept:,} kept + {copies:,} copies + {rejected:,} rejected"
    if said != found:
        return Check("counts", False, f"{line.format(**found)}, run.json has {said}", _AGAIN)
    return Check("counts", True, line.format(**found))
