"""Each draw writes the page of `bench/mutants.py` anew; what people wrote stands elsewhere."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "bench"))
import mutants

MUTANT = mutants.Mutant("clean", Path("src/scrub/clean/lines.py"), 7, "AddNot", 0)
LOST = MUTANT._replace(package="match", path=Path("src/scrub/match/pairs.py"))


def test_a_draw_leaves_what_was_written_by_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fates = [
        mutants.Fate(MUTANT, "survived", "a | b", "a & b"),
        mutants.Fate(MUTANT, "killed", "a", "b"),
        mutants.Fate(LOST, "killed", "c", "d"),
        mutants.Fate(LOST, "no mutant", "", ""),
    ]
    monkeypatch.setattr(mutants, "RESULTS", tmp_path / "mutants.md")
    monkeypatch.setattr(mutants, "sample", lambda *_: [MUTANT] * 5)
    monkeypatch.setattr(mutants, "run", lambda *_: fates)
    monkeypatch.setattr(sys, "argv", ["mutants.py", "--seed", "3"])
    (tmp_path / "mutants_read.md").write_text("By hand.\n", encoding="utf-8")
    mutants.main()
    mutants.main()
    page = (tmp_path / "mutants.md").read_text(encoding="utf-8")
    assert "seed 3; 3 of 5 drawn" in page
    assert "| match | 1 | 1 | 1.00 |\n| clean | 2 | 1 | 0.50 |\n| all | 3 | 2 | 0.67 |\n" in page
    assert page.endswith("| `clean/lines.py:7` | `a \\| b` | `a & b` |\n")
    assert (tmp_path / "mutants_read.md").read_text(encoding="utf-8") == "By hand.\n"
    kept = (mutants.ROOT / "bench" / "results" / "mutants.md").read_text(encoding="utf-8")
    assert re.findall("^#.*", kept, re.MULTILINE) == re.findall("^#.*", page, re.MULTILINE)
