"""A growing archive: a folder of results, one a night, each compared with all before it.

A night is a result folder like any other, named by its number and its input.  It appears whole or
not at all, as every result does, so the archive is at any moment the old or the new one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Self

from filelock import FileLock, Timeout

from scrub.errors import OutputError
from scrub.sources import Origin
from scrub.table import load_table
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


class EarlierRows(NamedTuple):
    """What a later result asks of the documents of an earlier one, by the names it has for them.

    `rows` are those of `dedup.csv` with their `story_id`, `origins` those of `sources.csv`.
    """

    rows: dict[str, dict[str, str]]
    origins: dict[str, Origin]

    @classmethod
    def of(cls, folder: Path, names: Collection[str]) -> Self:
        """The documents among `names`.  Raises OutputError where there is no finished run."""
        load_record(folder, "dedup.csv", "sources.csv")
        rows: dict[str, dict[str, str]] = {}
        origins: dict[str, Origin] = {}
        for row, source in zip(
            load_table(folder / "dedup.csv"), load_table(folder / "sources.csv"), strict=True
        ):
            for name in (row["id"], qualified(row["id"], folder)):
                if name in names:
                    rows[name] = {**row, "story_id": source["story_id"], "new_in_this_run": "false"}
                    origins[name] = Origin(*(source[field] for field in Origin._fields))
        return cls(rows, origins)


def qualified(i: str, folder: Path) -> str:
    """The name of an earlier document whose id is that of another one, too."""
    return f"{folder.name}/{i}"
