"""A growing archive: a folder of results, one a night, each compared with all before it.

A night is a result folder like any other, named by its number and its input.  It appears whole or
not at all, as every result does, so the archive is at any moment the old or the new one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from scrub.errors import OutputError
from scrub.sources import Origin
from scrub.table import rows_of
from scrub.write.load import load_record
from scrub.write.output import settle

_NIGHT = re.compile(r"(\d{4,9})-")
_UNSAFE = re.compile(r"[^\w.-]+")


@contextmanager
def night(archive: Path, inputs: Sequence[Path]) -> Iterator[tuple[Path, list[Path]]]:
    """Hold an archive for a run: the folder of its result, and the results of before.

    Raises OutputError where another run holds it, or where it cannot be written.
    """
    try:
        archive.mkdir(parents=True, exist_ok=True)
        lock = FileLock(archive / ".lock")
        lock.acquire(timeout=0)
    except Timeout:
        raise OutputError(f"{archive}: in use by another run; wait for it") from None
    except OSError as error:
        raise OutputError(f"{archive}: cannot be written: {error.strerror}") from None
    try:
        found = nights(archive)
        number = 1 + max((_number(folder) for folder in found), default=0)
        name = _UNSAFE.sub("-", inputs[0].absolute().name.partition(".")[0]).strip("-.") or "night"
        yield archive / f"{number:04}-{name[:80]}", found
    finally:
        lock.release()


def nights(archive: Path) -> list[Path]:
    """The finished results of an archive, the oldest first."""
    folders = [path for path in archive.iterdir() if path.is_dir() and _NIGHT.match(path.name)]
    for folder in folders:
        settle(folder)
    return sorted((f for f in folders if (f / "run.json").is_file()), key=lambda f: (_number(f), f))


def _number(folder: Path) -> int:
    found = _NIGHT.match(folder.name)
    return int(found[1]) if found else 0


def earlier_results(out: Path, record: Mapping[str, Any]) -> list[Path]:
    """The results that a run was compared with, where they are or beside it, the oldest first."""
    found = []
    for given in record.get("origin", {}).get("against", ()):
        places = (Path(given), out.absolute().parent / Path(given).name)
        found += [place for place in places if (place / "run.json").is_file()][:1]
    return found


def names_of(folders: Sequence[Path]) -> list[str]:
    """A name for each result: the end of its path that distinguishes it from the others.

    >>> names_of([Path("/a/1"), Path("/b/2")]), names_of([Path("/a/out"), Path("/b/out")])
    (['1', '2'], ['a/out', 'b/out'])
    """
    parts = [folder.absolute().parts for folder in folders]
    for number in range(1, max(map(len, parts), default=0)):
        names = ["/".join(each[-number:]) for each in parts]
        if len({*names}) == len(names):
            return names
    return [str(folder.absolute()) for folder in folders]


def earlier_rows(
    folder: Path, names: Mapping[str, str]
) -> tuple[dict[str, dict[str, str]], dict[str, Origin]]:
    """What an earlier result says of some of its documents; `names` gives each id a new name.

    Returns the rows of `dedup.csv` with their `story_id`, and the origins, by the new names.
    Raises OutputError where there is no finished run.
    """
    load_record(folder, "dedup.csv", "sources.csv")
    tables = (rows_of(folder / name, names) for name in ("dedup.csv", "sources.csv"))
    rows, origins = {}, {}
    for row, source in zip(*tables, strict=True):
        name = names[row["id"]]
        rows[name] = {**row, "story_id": source["story_id"], "new_in_this_run": "false"}
        origins[name] = Origin.of(source)
    return rows, origins
