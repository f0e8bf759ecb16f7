"""Where scrub keeps what it fetched or worked out once; all of it is safe to delete at any time.

LanguageTool and the compiled kernels there are programs that run: whoever can write the folder can
have this user run what they like.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def cache_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """The cache folder, which need not exist yet.

    `SCRUB_CACHE` where it is set, else the platform's folder for caches: `$XDG_CACHE_HOME/scrub`
    or `~/.cache/scrub`, `~/Library/Caches/scrub` on macOS, `%LOCALAPPDATA%\\scrub\\cache` on
    Windows.  Of a user without a home it is a place that cannot be made.
    """
    if given := environ.get("SCRUB_CACHE"):
        return Path(given).expanduser().absolute()
    if sys.platform == "win32":
        return (
            Path(environ.get("LOCALAPPDATA") or _home() / "AppData" / "Local") / "scrub" / "cache"
        )
    if sys.platform == "darwin":
        return _home() / "Library" / "Caches" / "scrub"
    return Path(environ.get("XDG_CACHE_HOME") or _home() / ".cache") / "scrub"


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:  # a number without a name, as in containers
        return Path(os.devnull)


def languagetool_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where `LanguageTool-VERSION` is: in `LTP_PATH`, as for language-tool-python, or the cache."""
    if given := environ.get("LTP_PATH"):
        return Path(given).expanduser().absolute()
    return cache_folder(environ) / "languagetool"
