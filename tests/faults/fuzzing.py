"""How long a law is tried with generated input: a few seconds in a build, or as long as is asked.

`FUZZ_SECONDS=600 pytest tests/faults/test_fuzz.py tests/faults/test_fuzz_readers.py` tries each of
its laws for its share of ten minutes, with new examples each time.
"""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings

SECONDS = float(os.environ.get("FUZZ_SECONDS", "0"))
TESTS = 20  # between which the time is shared, about
_EXAMPLES = 200  # in a round, after which the clock is looked at

Test = Callable[..., None]


def fuzz(examples: int) -> Callable[[Test], Test]:
    """Try so many examples; with FUZZ_SECONDS new ones again and again, until the time is up."""
    quiet: dict[str, Any] = {"suppress_health_check": list(HealthCheck)}

    def decorate(test: Test) -> Test:
        if not SECONDS:
            return settings(max_examples=examples, **quiet)(test)
        law = settings(max_examples=min(examples, _EXAMPLES), derandomize=False, **quiet)(test)

        @functools.wraps(law)
        def again(*given: object, **named: object) -> None:
            end = time.process_time() + SECONDS / TESTS  # a busy machine tries no less
            rounds = 0
            while time.process_time() < end:
                law(*given, **named)
                rounds += 1
            print(f"{test.__name__}: {rounds} rounds of {min(examples, _EXAMPLES)}")

        for name in [name for name in vars(again) if "hypothesis" in name]:
            delattr(again, name)  # to pytest it is a plain test
        return again

    return decorate
