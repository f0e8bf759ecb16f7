#!/usr/bin/env bash
# Guess:     `row[:] = values` compiles to what a loop over the numbers does.
# Behaviour: it takes in how the message of a shape that does not fit is put together: a dozen
#            functions on strings, several times the compiling of the loop.
# Version:   numba 0.68.1
# Source:    measured here
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check numba==0.68.1
env/bin/python - <<'PYTHON'
from collections import Counter

import numpy as np
from numba import njit
from numba.core import event


def at_once(row, values):
    row[:] = values


def one_by_one(row, values):
    for k in range(len(values)):
        row[k] = values[k]


def compiled(function) -> Counter[str]:
    """Modules of numba from which functions were compiled for this one."""
    found: Counter[str] = Counter()
    with event.install_recorder("numba:compile") as recorder:
        njit(function)(np.zeros(3), np.ones(3))
    for _, each in recorder.buffer:
        if each.is_start:
            found[each.data["dispatcher"].py_func.__module__] += 1
    return found


slow, fast = compiled(at_once), compiled(one_by_one)
print("at once:", dict(slow))
print("one by one:", dict(fast))
assert slow["numba.cpython.unicode"] >= 5
assert sum(fast.values()) <= 2
PYTHON
