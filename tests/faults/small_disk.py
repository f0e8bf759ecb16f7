"""A disk of its own that gives less than a run needs; only Linux mounts one for a test."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


def can(*command: str) -> bool:
    """Whether a command works here."""
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


needs_a_disk = pytest.mark.skipif(
    sys.platform != "linux" or not can("unshare", "-rm", "true"),
    reason="file systems cannot be mounted here",
)


def refused(given: str, first: Path, folder: Path, tmp_path: Path, fill: str = "") -> str:
    """The line with which `dedup` of a folder ends on a disk with these options of its mount.

    The result of `first` lies there already, and stays; `fill` is done on the disk in between.
    """
    disk = tmp_path / "disk"
    disk.mkdir()
    scrub = f"{sys.executable} -m scrub dedup -q -j 1"
    script = f"""
        mount -t tmpfs -o {given} tmpfs {disk}
        {scrub} {first} -o {disk}/out || exit 90
        cp -r {disk}/out {tmp_path}/old
        (cd {disk}; {fill or ":"})
        {scrub} {folder} -o {disk}/out
        echo $?
        diff -r {tmp_path}/old {disk}/out && echo same
    """
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script], capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["2", "same"], done
    (line,) = done.stderr.splitlines()
    return line
