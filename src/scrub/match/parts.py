"""Compiled work on many rows, part by part: several threads share it, and progress is reported."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeAlias, TypeVar

import numpy as np

R = TypeVar("R")
OnPart: TypeAlias = "Callable[[float], object]"

# Set by hand.
PARTS = 16  # for each thread, so that none waits long for the others at the end


def ignored(share: float) -> None:
    """Do nothing."""


def in_parts(
    function: Callable[[slice], R], count: int, jobs: int = 1, on_part: OnPart = ignored
) -> list[R]:
    """`function` of consecutive parts of `count` rows, in order; `jobs` threads call it.

    `on_part` is called by the caller's thread, as each part is done, with its share of all.
    """
    cuts = np.linspace(0, count, PARTS * jobs + 1).astype(np.int64).tolist()
    results = []
    with ThreadPoolExecutor(jobs) as pool:
        for result in pool.map(function, map(slice, cuts[:-1], cuts[1:])):
            results.append(result)
            on_part(1 / (PARTS * jobs))
    return results
