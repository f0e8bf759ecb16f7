"""The engine for more than one machine: the stages on PySpark, with the same bytes as a result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrub.errors import ConfigError
from scrub.progress import Clock, OnProgress, silent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scrub.address import Address
    from scrub.config import Settings


def run(
    inputs: Sequence[Path | Address],
    out: Path | Address,
    settings: Settings,
    *,
    flag: bool = True,
    against: Path | Sequence[Path] | None = None,
    on_progress: OnProgress = silent,
) -> dict[str, Any]:
    """Analyse `inputs` on Spark and write the result into `out`; see scrub.pipeline.run.

    Either may be addresses on a filesystem that Spark opens; `out` then has folders of parts, and
    no report.  Everything is computed anew.  Raises MissingPartError where PySpark or Java is
    missing, ConfigError where it should look `against` an earlier result, drop rewrites, drop by
    source, find translations or label events: the local engine does that.
    """
    from scrub.engine.spark.session import require_spark

    if against:
        raise ConfigError("--against needs --engine local")
    if settings.match.rewrites and "rewrite" in settings.keep.drop:
        raise ConfigError("to drop rewrites (keep.drop) needs --engine local")
    for name in ("events", "translations"):
        if getattr(settings.match, name):
            raise ConfigError(f"match.{name} needs --engine local")
    if not settings.keep.across:
        raise ConfigError("keep.across = false needs --engine local")
    require_spark()
    from scrub.engine.spark.flow import analyse

    return analyse(inputs, out, settings, Clock(on_progress), flag=flag)
