"""How the time of some work grows with its input, between two sizes."""

from __future__ import annotations

import gc
import math
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Work = Callable[[int], Mapping[str, float] | None]

EXPONENT = 1.15
LARGER = 8  # times the input
PAID_ONCE = 0.02  # seconds: what is loaded, and what the clock cannot see


def growth(work: Work, size: int) -> tuple[float, str, list[float]]:
    """The exponent that the seconds of `work` grow with from `size` to eight times it.

    `work` may return the seconds that parts of it took; of all the highest exponent counts, which
    is returned with the name of its part and its seconds.  What else runs can slow the larger one
    down: where that was too slow it has some tries more, and the lowest counts.
    """
    work(size)
    gc.collect()
    # What the other tests left in memory would be walked through again and again, and more often
    # the larger the input: that is the collector's time, not that of the work.
    gc.freeze()
    try:
        small = _least(work, size, 2)
        found = [_exponent(small, _least(work, size * LARGER, 1))]
        while found[-1][0] > EXPONENT and len(found) < 6:
            found.append(_exponent(small, _least(work, size * LARGER, 1)))
    finally:
        gc.unfreeze()
    return min(found)


def _least(work: Work, size: int, tries: int) -> dict[str, float]:
    """The seconds of each part, and of all; the least of some tries."""
    found = []
    for _ in range(tries):
        gc.collect()
        begin = time.process_time()
        parts = work(size) or {}
        found.append({**parts, "all": time.process_time() - begin})
    return {part: min(each[part] for each in found) for part in found[0]}


def _exponent(
    small: Mapping[str, float], large: Mapping[str, float]
) -> tuple[float, str, list[float]]:
    return max(
        (
            math.log(max(large[part], 1e-9) / (small[part] + PAID_ONCE), LARGER),
            part,
            [small[part], large[part]],
        )
        for part in small
    )
