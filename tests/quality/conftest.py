"""Figures held against their floors, which are pinned together with the digest of the data."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
BENCH = HERE.parents[1] / "bench"
sys.path[:0] = [str(BENCH), str(BENCH / "spinners")]  # the benches measure with these functions

FLOORS = HERE / "floors.json"

Floors = dict[str, dict[str, Any]]  # by section
Hold = Callable[[str, Mapping[str, float]], None]


@pytest.fixture(scope="session")
def floors() -> Floors:
    return json.loads(FLOORS.read_text("utf-8"))


@pytest.fixture
def hold(floors: Floors, shared: Path) -> Hold:
    """Compare measured figures with the floors of one section, all of them at once."""

    def compare(section: str, figures: Mapping[str, float]) -> None:
        pinned = floors[section]
        from labelled import digest

        found = digest(*(shared / "eval" / name for name in pinned["data"]))
        assert found == pinned["digest"], f"{section}: other data than the floors were pinned on"
        least, most = pinned.get("at_least", {}), pinned.get("at_most", {})
        broken = [f"{n} = {figures[n]} < {v}" for n, v in least.items() if figures[n] < v]
        broken += [f"{n} = {figures[n]} > {v}" for n, v in most.items() if figures[n] > v]
        assert not broken, f"{section}: " + "; ".join(broken)

    return compare
