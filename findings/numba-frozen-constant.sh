#!/usr/bin/env bash
# Guess:     after an edit of a constant that a cached kernel takes from another file, touching the
#            file of the kernel makes numba compile it again.
# Behaviour: a kernel is kept under the digest of the content of its own file, no longer under its
#            time: touching it changes nothing, and the old constant goes on being used.
# Version:   numba 0.68.1, njit(cache=True)
# Source:    measured here; that callees are not looked at is documented, the digest is new
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check numba==0.68.1
env/bin/python -W ignore - <<'PYTHON'
import os
import subprocess
import sys
from pathlib import Path

Path("constants.py").write_text("LIMIT = 1\n")
Path("kernels.py").write_text(
    "from numba import njit\nfrom constants import LIMIT\n\n\n"
    "@njit(cache=True)\ndef limit():\n    return LIMIT\n"
)


def run() -> int:
    command = [sys.executable, "-c", "import kernels; print(kernels.limit())"]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


first = run()
Path("constants.py").write_text("LIMIT = 1000\n")
os.utime("kernels.py", (2_000_000_000, 2_000_000_000))
second = run()
print("before the edit:", first, " after it, touched:", second)
assert (first, second) == (1, 1)
PYTHON
