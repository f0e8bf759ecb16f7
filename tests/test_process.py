"""A process that calls scrub is afterwards as it was."""

from __future__ import annotations

import csv
import gc
import os
import signal
from pathlib import Path

import pytest

from scrub import process
from scrub.cli import main
from scrub.table import load_table

TEXT = "The ferry left the harbour at nine. It was late again, as on most days of the winter."


def test_a_limit_of_cells_that_was_raised_is_not_lowered(tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text(f"id,decision\na,{'x' * 200_000}\n")
    before = csv.field_size_limit(1 << 40)
    try:
        assert len(next(load_table(table))["decision"]) == 200_000
        assert csv.field_size_limit() == 1 << 40
    finally:
        csv.field_size_limit(before)


@pytest.mark.parametrize("collects", [True, False])
def test_a_command_leaves_the_collector_as_it_was(*, collects: bool, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (gc.enable if collects else gc.disable)()
    try:
        with pytest.raises(SystemExit) as stop:
            main(["dedup", str(tmp_path / "a.txt"), "-o", str(tmp_path / "out"), "-q"])
        assert (stop.value.code, gc.isenabled()) == (0, collects)
    finally:
        gc.enable()


@pytest.mark.parametrize(("before", "after"), [(None, "1"), ("", "1"), ("0", "0")])
def test_a_variable_that_is_set_stays(
    before: str | None, after: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCRUB_TRIED", before or "")
    if before is None:
        del os.environ["SCRUB_TRIED"]
    process.hand_down("SCRUB_TRIED", "1")
    assert os.environ["SCRUB_TRIED"] == after


def test_a_timer_that_somebody_uses_is_left_alone() -> None:
    calls: list[int] = []
    mine = signal.signal(signal.SIGPROF, lambda *_: None)
    try:
        with process.each_second(lambda: calls.append(1)):
            assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)
    finally:
        signal.signal(signal.SIGPROF, mine)
    with process.each_second(lambda: calls.append(1)):
        assert signal.getitimer(signal.ITIMER_PROF)[1] == 1.0
    assert signal.getsignal(signal.SIGPROF) == signal.SIG_DFL
    assert not calls
