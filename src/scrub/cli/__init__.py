"""The command line.  All that speaks to a person at a terminal is here; the rest never prints."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

from scrub.cli.commands import app
from scrub.cli.ending import status

__all__ = ["app", "main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit, with 0, 1, 2 or 130: see `ending.status`."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by whoever started us
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # the same bytes whatever the locale says
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(status(lambda: app(arguments, prog_name="scrub")))
