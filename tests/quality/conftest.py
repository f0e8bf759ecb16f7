"""Figures held against their floors, which are pinned together with the digest of the data."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "bench"))  # the benches measure with the same functions

FLOORS = HERE / "floors.json"

Hold = Callable[..., None]


@pytest.fixture(scope="session")
def floors() -> dict:
    return json.loads(FLOORS.read_text("utf-8"))


@pytest.fixture
def hold(floors: dict, shared: Path) -> Hold:
    """Compare measured figures with the floors of one section, all of them at once."""

    def compare(section: str, figures: dict[str, float]) -> None:
        pinned = floors[section]
        from labelled import digest

        found = digest(*(shared / "eval" / name for name in pinned["data"]))
        assert found == pinned["digest"], f"{section}: other data than the floors were pinned on"
        least, most = pinned.get("at_least", {}), pinned.get("at_most", {})
        broken = [f"{n} = {figures[n]} < {v}" for n, v in least.items() if figures[n] < v]
        broken += [f"{n} = {figures[n]} > {v}" for n, v in most.items() if figures[n] > v]
        assert not broken, f"{section}: " + "; ".join(broken)

    return compare
