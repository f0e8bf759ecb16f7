"""`scrub doctor --verify OUT`: is a finished folder what its run wrote, and does it add up?"""

from __future__ import annotations

from pathlib import Path

from scrub.cli.doctor import Check
from scrub.table import load_table
from scrub.write.load import AGAIN, load_record
from scrub.write.record import file_digest


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
