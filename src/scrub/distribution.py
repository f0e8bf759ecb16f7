"""The name under which scrub is installed, and its version.

The package index knows another author's program as `scrub`: what is installed is `scrub-corpus`,
what is imported and run is `scrub`.
"""

from __future__ import annotations

from functools import cache
from importlib import metadata

NAME = "scrub-corpus"


@cache
def version() -> str:
    """The version of the installed distribution."""
    return metadata.version(NAME)


def install(extra: str) -> str:
    """The command that installs one of the extras of pyproject.toml."""
    return f"pip install '{NAME}[{extra}]'"
