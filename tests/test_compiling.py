"""What is compiled before it is called: searching in kernels, and which kernels a run needs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrub.searching import lower_bound

KEEP = """
from scrub.config import Settings
from scrub.pipeline import compile_all
compile_all(Settings.model_validate({"engine": {"jobs": 2}}))
"""


@given(st.lists(st.integers(0, 20)), st.integers(0, 21))
def test_the_lower_bound_is_that_of_numpy(values: list[int], value: int) -> None:
    found = np.array(sorted(values), np.uint32)
    assert lower_bound(found, np.uint32(value)) == np.searchsorted(found, value)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_what_is_compiled_ahead_is_all_that_a_run_calls(seeds: Path, tmp_path: Path) -> None:
    """By two processes, each kernel for the types that it is called with and for no other."""

    def started(*command: object) -> set[str]:
        subprocess.run([sys.executable, "-I", *map(str, command)], env=environ, check=True)
        return {path.name for path in (tmp_path / "kernels").rglob("*.nbc")}

    environ = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "kernels")}
    ahead = started("-c", KEEP)
    assert len(ahead) > 100
    run = ("-m", "scrub", "run", seeds, "-o", tmp_path / "out", "-q", "--languagetool", "off")
    assert started(*run) == ahead
