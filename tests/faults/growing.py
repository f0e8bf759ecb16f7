"""How the time of some work grows with its input, at four sizes."""

from __future__ import annotations

import gc
import math
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Work = Callable[[int], Mapping[str, float] | None]

EXPONENT = 1.15
SIZES = (1, 2, 4, 8)
PAID_ONCE = 0.02  # seconds: what is loaded, and what the clock cannot see


def growth(work: Work, size: int, tries: int = 2) -> tuple[float, str, list[float]]:
    """The exponent that the seconds of `work` grow with from `size` to eight times it.

    `work` may return the seconds that parts of it took; of all the highest exponent counts, which
    is returned with the name of its part and its seconds.  The lowest of three, where the first is
    too high: what else runs can slow one of them down, and what is quadratic is so each time.
    """
    work(size)
    gc.collect()
    # What the other tests left in memory would be walked through again and again, and more often
    # the larger the input: that is the collector's time, not that of the work.
    gc.freeze()
    try:
        found = [_exponent(work, size, tries)]
        while found[-1][0] > EXPONENT and len(found) < 3:
            found.append(_exponent(work, size, tries))
    finally:
        gc.unfreeze()
    return min(found)


def _exponent(work: Work, size: int, tries: int) -> tuple[float, str, list[float]]:
    best: dict[str, list[float]] = {}
    for times in SIZES:
        found = []
        for _ in range(tries):
            gc.collect()
            begin = time.process_time()
            parts = work(size * times) or {}
            found.append({**parts, "all": time.process_time() - begin})
        for part in found[0]:
            best.setdefault(part, []).append(min(each[part] for each in found))
    return max(
        (math.log(max(seconds[-1], 1e-9) / (seconds[0] + PAID_ONCE), SIZES[-1]), part, seconds)
        for part, seconds in best.items()
    )
