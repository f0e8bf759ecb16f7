"""The command line.  All that speaks to a person at a terminal is here; the rest never prints."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from scrub.cli.commands import app
from scrub.cli.ending import Closed, status
from scrub.process import prepare_streams

__all__ = ["app", "main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit, with 0, 1, 2 or 130: see `ending.status`."""
    prepare_streams(Closed)
    sys.exit(status(lambda: app(arguments, prog_name="scrub")))
