"""Where the lines of prepared documents stand: beside their shard, then in the result itself.

While a run works, the lines of a shard are a file of their own.  When they stand in the
`documents.jsonl` of its result, a note of which row each is takes their place, so that no text is
kept twice.
"""

from __future__ import annotations

import hashlib
import os
import weakref
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scrub.errors import InputError
from scrub.results import texts_of
from scrub.store.arrays import ArrayFile, DamagedError, write_file
from scrub.zstandard import zstd

DOCUMENTS = "documents.jsonl"
BESIDE = ".lines"
NOTE = ".rows"


class _Opened:
    """A file that stays the one it was, whatever takes its name."""

    def __init__(self, path: Path) -> None:
        """Raises OSError."""
        self.path = path
        self.number = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        self.begins = np.zeros((0, 2), np.int64)  # of its frames, if it is compressed
        weakref.finalize(self, os.close, self.number)

    def read(self, first: int, size: int) -> bytes:
        """Some bytes of what was written.  Raises InputError where a frame is damaged."""
        if not len(self.begins):
            return os.pread(self.number, size, first)
        place = int(np.searchsorted(self.begins[:, 0], first, "right")) - 1
        first -= int(self.begins[place, 0])
        found = b""
        while len(found) < first + size:
            found += _frame(self, place)
            place += 1
        return found[first : first + size]


@lru_cache(4)
def _frame(file: _Opened, place: int) -> bytes:
    """What one frame holds; mostly its parts are asked for one after the other."""
    (_, first), (_, end) = file.begins[place : place + 2].tolist()
    try:
        return zstd.decompress(os.pread(file.number, end - first, first))
    except zstd.ZstdError as error:
        raise InputError(f"{file.path}: damaged ({error}); remove it") from None


class Lines(NamedTuple):
    """Where the line of each of D documents begins in a file, -1 where it is not there.

    `begins` (D,) is in bytes; the file is the one at `path`, or an `opened` one.
    """

    begins: NDArray[np.int64]
    path: Path
    opened: _Opened | None = None

    def read(self, first: int, size: int) -> bytes:
        """Some bytes of the file."""
        if self.opened is not None:
            return self.opened.read(first, size)
        with self.path.open("rb") as file:
            file.seek(first)
            return file.read(size)


def beside(shard: Path, starts: NDArray[np.int64]) -> Lines | None:
    """The lines in the file beside a shard, if it has them; `starts` (D + 1,) are theirs in it.

    One that is damaged is removed.
    """
    path = shard.with_suffix(BESIDE)
    try:
        file = ArrayFile(path)
        if file.layout() != {"lines": (np.dtype(np.uint8), (int(starts[-1]),))}:
            raise DamagedError(f"{path}: other lines")
        return Lines(file.begin("lines") + starts[:-1], path)
    except FileNotFoundError:
        return None
    except DamagedError:
        path.unlink(missing_ok=True)
        return None


def write_note(
    place: Path, digest: str, staged: Path, frames: Sequence[tuple[int, int]],
    shards: Sequence[str], lines: NDArray[np.int64],
) -> Path | None:  # fmt: skip
    """Note in `place` which rows the lines of a result are.

    `lines` (N, 3) has the number of each one's shard among `shards`, its row there, and its bytes;
    `staged` is its `documents.jsonl`, not yet under its name, with this SHA-256; `frames` are the
    sizes of its frames, before and after, where it is compressed.  Returns the path of the note;
    none is made where a file that is open cannot be replaced.
    """
    if os.name != "posix":
        return None
    state = staged.stat()
    arrays: dict[str, NDArray[Any]] = {
        "lines": lines,
        "frames": np.array(frames, np.int64).reshape(-1, 2),
        "state": np.array([state.st_size, state.st_mtime_ns], np.int64),
        "digest": np.frombuffer(bytes.fromhex(digest), np.uint8),
        "names": np.frombuffer("\n".join(shards).encode(), np.uint8),
    }
    return write_file(place, f"{digest[:16]}{NOTE}", arrays, packed=True)


def noted(place: Path, out: Path, starts: Mapping[str, NDArray[np.int64]]) -> dict[str, Lines]:
    """The lines that the notes in `place` find in the result `out`, by the names of their shards.

    `starts` are those of the lines of each shard.  A note of another `documents.jsonl` than the
    one that is there finds nothing.
    """
    for path in sorted(place.glob(f"*{NOTE}")):
        try:
            if found := _noted(ArrayFile(path), texts_of(out / DOCUMENTS), starts):
                return found
        except (DamagedError, OSError, LookupError, ValueError):
            continue
    return {}


def _noted(
    note: ArrayFile, path: Path, starts: Mapping[str, NDArray[np.int64]]
) -> dict[str, Lines]:
    if not path.is_file():
        return {}
    size, time = note["state"].tolist()
    opened = _Opened(path)
    state = os.fstat(opened.number)
    if state.st_size != size:
        return {}
    if state.st_mtime_ns != time:  # a copy, or another file
        with open(opened.number, "rb", closefd=False) as file:
            if hashlib.file_digest(file, "sha256").digest() != note["digest"].tobytes():
                return {}
    names = note["names"].tobytes().decode("ascii").split("\n")
    shard, row, sizes = note["lines"].T
    frames = note["frames"]
    if (row < 0).any() or (sizes < 0).any() or (frames < 0).any():
        return {}
    if len(frames):
        opened.begins = np.concatenate([np.zeros((1, 2), np.int64), np.cumsum(frames, axis=0)])
    total, packed = opened.begins[-1].tolist() if len(frames) else (size, size)
    if (int(sizes.sum()), packed) != (total, size):
        return {}
    begins, found = np.cumsum(sizes) - sizes, {}
    for number, name in enumerate(names):
        if name not in starts:  # a shard of another folder, or one that is gone
            continue
        mine, own = shard == number, np.diff(starts[name])
        places = np.full(len(own), -1)
        places[row[mine]] = begins[mine]
        if (own[row[mine]] != sizes[mine]).any():
            return {}
        found[name] = Lines(places, path, opened)
    return found
