"""The command line.  All that speaks to a person at a terminal is here; the rest never prints."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

from scrub.cli.commands import app
from scrub.cli.ending import Closed, status

__all__ = ["app", "main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit, with 0, 1, 2 or 130: see `ending.status`."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:  # closed by whoever started us
            # The number must be taken, or the next file that is opened would be that stream.
            null = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, open(null, "w", encoding="utf-8") if number == 2 else Closed(name))  # noqa: SIM115, PTH123
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # the same bytes whatever the locale says
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(status(lambda: app(arguments, prog_name="scrub")))
