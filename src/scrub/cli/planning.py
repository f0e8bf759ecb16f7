"""`--dry-run`: what a run would read and write, without reading more than names."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from scrub.address import place
from scrub.cli.annotations import printable
from scrub.errors import ConfigError
from scrub.read.reader import split_name
from scrub.read.walk import Entry, find

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrub.cli.options import DedupOptions
    from scrub.config import Settings


def plan(inputs: Sequence[str], options: DedupOptions, settings: Settings) -> int:
    """Print the files that would be read, by their kinds, and where the result would go.

    Returns the exit code.  Raises InputError and ConfigError as the run would.
    """
    paths = [path for path in map(place, inputs) if isinstance(path, Path)]
    if len(paths) < len(inputs):
        raise ConfigError("--dry-run looks at files of this machine only")
    own = (place(options.out), options.cache)
    files = find(paths, [path for path in own if isinstance(path, Path) and str(path) != "-"])
    entries = [entry for entry in files if isinstance(entry, Entry)]
    passed = [entry for entry in files if not isinstance(entry, Entry)]
    kinds = Counter(split_name(entry.name)[0] or "without an ending" for entry in entries)
    about = {
        "files": len(entries),
        "bytes": sum(entry.size for entry in entries),
        "kinds": dict(sorted(kinds.items())),
        "not_read": [f"{found.path}: {found.detail}" for found in passed],
        "out": options.out,
        "format": settings.write.format,
    }
    if options.as_json:
        print(json.dumps(about, ensure_ascii=False, indent=2))
    else:
        by_kind = ", ".join(f"{count:,} {kind}" for kind, count in sorted(kinds.items()))
        print(f"      read  {len(entries):,} file(s), {about['bytes']:,} bytes: {by_kind}")
        for line in about["not_read"]:  # type: ignore[attr-defined]
            print(printable(f"  not read  {line}"))
        print(
            printable(f"     write  {settings.write.format} into {options.out}; nothing was done")
        )
    return 1 if passed else 0
