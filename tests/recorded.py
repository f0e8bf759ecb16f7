"""Figures on record: what the code made of given texts when somebody last read it."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

CASES = Path(__file__).parent / "cases"
SAID = "texts written for this project; figures as the code made them, read before they were kept"


def differing(now: Any, kept: Any) -> list[str]:
    """Where two records of figures differ by more than processors do, as paths."""
    if isinstance(now, dict) and isinstance(kept, dict):
        found = [
            f"/{name}{rest}"
            for name in now.keys() | kept.keys()
            for rest in differing(now.get(name), kept.get(name))
        ]
        return sorted(found)
    if isinstance(now, list | tuple) and isinstance(kept, list) and len(now) == len(kept):
        pairs = enumerate(zip(now, kept, strict=True))
        return [f"/{at}{rest}" for at, (a, b) in pairs for rest in differing(a, b)]
    if isinstance(now, float) and isinstance(kept, float | int):
        return [] if math.isclose(now, kept, abs_tol=0.0015) else [f": {kept} is {now}"]
    return [] if now == kept else [f": {kept!r} is {now!r}"]


def kept(name: str) -> dict[str, Any]:
    """The record of that name."""
    return json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))


def keep(name: str, parts: dict[str, dict[str, Any]]) -> None:
    """Write a record, one line for each of its parts' entries."""
    lines = [
        f" {json.dumps(part)}: {{\n"
        + ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in entries.items())
        + "\n }"
        for part, entries in parts.items()
    ]
    text = ",\n".join([f' "provenance": {json.dumps(SAID)}', *lines])
    (CASES / f"{name}.json").write_text(f"{{\n{text}\n}}\n", encoding="utf-8")
