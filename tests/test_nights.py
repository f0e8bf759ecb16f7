"""The made archive of `bench/nights.py`, at a reduced size."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "bench"))
import nights


def test_some_nights_of_a_growing_archive(tmp_path: Path) -> None:
    folders, truth, allow = nights.make(tmp_path / "in", 5, 16, 3, 5)
    found = nights.measure(folders, truth, tmp_path / "archive", allow)
    assert found["documents"] > 50
    assert found["copies whose source is told by dates"] > 10
    assert found["of these named rightly"] >= 0.98
    assert found["of these wrong"] == 0
    assert found["stories with one id"] == found["ids of one story"] == 1
    assert found["alerts"] > 10
    assert found["wrong or missing alerts"] == 0
