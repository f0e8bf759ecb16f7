"""The engine for more than one machine: the stages on PySpark, with the same bytes as a result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrub.errors import MissingPartError
from scrub.progress import Clock, OnProgress, silent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scrub.config import Settings


def run(
    inputs: Sequence[Path],
    out: Path,
    settings: Settings,
    *,
    flag: bool = True,
    on_progress: OnProgress = silent,
) -> dict[str, Any]:
    """Analyse `inputs` on Spark and write the result into `out`; see scrub.pipeline.run.

    Raises MissingPartError where PySpark or Java is missing, and where words are to be flagged,
    which runs on one machine only.
    """
    from scrub.engine.spark.session import require

    require()
    if flag:
        raise MissingPartError(
            "flags and repairs are made on one machine only: scrub dedup --engine spark first, "
            "then scrub run on the corpus that it leaves"
        )
    from scrub.engine.spark.flow import dedup

    return dedup(inputs, out, settings, Clock(on_progress))
