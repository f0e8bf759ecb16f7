"""What decides, beside the documents, what is worked out of them: this program and its settings."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from scrub import distribution

if TYPE_CHECKING:
    from scrub.config import Settings

_FORMAT = 1  # of the shards
_LIBRARIES = ("ftfy", "py3langid", "symspellpy")  # whose data decide what comes out


def stamp(settings: Settings) -> str:
    """The name of the folder for what this program makes with these settings."""
    match = settings.match.model_dump(exclude={"rewrites", "translations", "events"})
    relevant = {"clean": settings.clean.model_dump(), "match": match}
    text = orjson.dumps([_FORMAT, code_digest(), relevant], option=orjson.OPT_SORT_KEYS)
    return f"v{distribution.version()}-{hashlib.sha256(text).hexdigest()[:16]}"


@cache
def code_digest() -> str:
    """A digest of this program: its code and data, so that no change of it goes unnoticed."""
    root = Path(__file__).parent.parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if "__pycache__" in path.parts or not path.is_file():
            continue
        digest.update(f"{path.relative_to(root).as_posix()} {path.stat().st_size}\n".encode())
        digest.update(path.read_bytes())
    for library in _LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    return digest.hexdigest()
