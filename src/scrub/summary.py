"""The short table that a run ends with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any


def summary(manifest: Mapping[str, Any], out: Path) -> str:
    """What a run read, found and kept, where it is, and what to do next, as plain text."""
    counts = manifest["counts"]
    rows = [
        ("read", f"{counts['read']:,}"),
        ("rejected", f"{counts['rejected']:,}"),
        (
            "copies",
            f"{counts['exact']:,} exact, {counts['near']:,} near, {counts['excerpt']:,} excerpts",
        ),
        ("spun", f"{counts['spun']:,}"),
    ]
    if manifest["command"] == "run":
        rows += [("flags", f"{counts['flags']:,}"), ("repairs", f"{counts['repairs']:,}")]
        rows += [("LanguageTool", manifest["languagetool"]["outcome"])]
    rows += [
        ("kept", f"{counts['kept']:,}"),
        (
            "time",
            f"{manifest['seconds']:.1f} s, {manifest['documents_per_second']:,.0f} documents/s",
        ),
        ("files", f"{out}/"),
        (
            "next",
            f"open {out}/report.html"
            + (f", look at {out}/rejected.csv" if counts["rejected"] else ""),
        ),
    ]
    return "\n".join(f"{name:>12}  {value}" for name, value in rows)
