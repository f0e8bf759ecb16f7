"""A group of processes that may have less than the machine; only Linux makes one, and only root."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ROOT = Path("/sys/fs/cgroup")


@contextlib.contextmanager
def group(controller: str, **limits: int) -> Iterator[Callable[[], object]]:
    """A function that brings the process which calls it into a group with these limits.

    The names are those of version 2 or of version 1, of which the one that is there counts.  Skips
    the test where no such group can be made.
    """
    folder = _ROOT if (_ROOT / "cgroup.controllers").exists() else _ROOT / controller
    place = folder / f"scrub-test-{os.getpid()}"
    try:
        place.mkdir()
    except OSError as error:
        pytest.skip(f"no control group of {controller} here: {error}")
    try:
        known = [name for name in limits if (place / f"{controller}.{name}").exists()]
        if not known:
            pytest.skip(f"control groups do not limit {controller} here")
        for name in known:
            (place / f"{controller}.{name}").write_text(str(limits[name]))
        yield lambda: (place / "cgroup.procs").write_text(str(os.getpid()))
    finally:
        deadline = time.monotonic() + 20
        while (place / "cgroup.procs").read_text() and time.monotonic() < deadline:
            time.sleep(0.01)  # the last of them is dying
        place.rmdir()
