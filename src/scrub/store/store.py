"""A folder of shards: prepared documents, found again by the digest of what was read.

What a shard holds follows from the documents as they were read, the settings of cleaning and
matching, this program, and the answers its cleaning got about repeated lines.  The first is each
row's key, the next two name the folder, and the last is kept with each row; so a row that is found
is right, whichever run made it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from scrub.match import signatures
from scrub.store.arrays import ArrayFile, Arrays, DamagedError, write_file
from scrub.store.lines import BESIDE, NOTE, Lines, beside, noted, write_note
from scrub.store.shard import check, unpack_queries
from scrub.store.stamp import stamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scrub.clean.repeated import RepeatedLines
    from scrub.config import Settings
    from scrub.store.stored import Stored

_MADE = ("*.shard", ".*.shard.*", f"*{BESIDE}", f".*{BESIDE}.*", f"*{NOTE}", f".*{NOTE}.*")
_STAMP = re.compile(r"v[0-9][0-9A-Za-z.+!]*-[0-9a-f]{16}")


class Store:
    """The shards of one folder that this version of scrub made with these settings.

    `shards` are those that `look` found, in the order in which it found them, `lines` where the
    lines of each are; `renamed` has the ids of documents, by shard and row, that another document's
    would be mistaken for.
    """

    def __init__(self, folder: Path, settings: Settings, *, empty: bool = False) -> None:
        """Find what is there; with `empty`, only what is made from now on."""
        self.folder = folder
        self.place = folder / stamp(settings)
        self.shards: list[ArrayFile] = []
        self.lines: list[Lines] = []
        self.renamed: dict[tuple[int, int], str] = {}
        self._known = np.zeros(0, np.uint64)
        self._used: list[int] = []
        self._note: Path | None = None
        self._states: dict[Path, tuple[int, int, int]] = {}
        self._folder: TemporaryDirectory[str] | None = None
        self._bands, _ = signatures.bands(settings.match.lsh_threshold, settings.match.num_perm)
        # As they are, not by an age: a clock may be set back, and a disk elsewhere have another.
        self._passed_over = set(map(_state, self.place.glob("*.shard"))) if empty else set()
        self.look()

    @classmethod
    def temporary(cls, settings: Settings) -> Store:
        """A store that goes with the last who has it."""
        folder = TemporaryDirectory(prefix="scrub-", ignore_cleanup_errors=True)
        store = cls(Path(folder.name), settings)
        store._folder = folder
        return store

    def look(self) -> None:
        """Find the shards that are there, beside those found before; remove damaged ones.

        One that was written again, which happens to those that a stranger changed, is read anew.
        """
        known = {file.path: number for number, file in enumerate(self.shards)}
        starts: dict[str, NDArray[np.int64]] = {}
        bare: dict[str, int] = {}  # shards without lines beside them
        for path in sorted(self.place.glob("*.shard")):
            try:
                state = _state(path)
                if state in self._passed_over or self._states.get(path) == state:
                    continue
                file = ArrayFile(path)
                check(file, self._bands)
            except FileNotFoundError:  # another run tidied up
                continue
            except DamagedError:
                path.unlink(missing_ok=True)
                continue
            self._states[path] = state
            number = known.get(path, len(self.shards))
            starts[path.name] = file["line_starts"]
            nowhere = Lines(np.full(len(starts[path.name]) - 1, -1), path)
            own = beside(path, starts[path.name])
            self.shards[number:] = [file, *self.shards[number + 1 :]]
            self.lines[number:] = [own or nowhere, *self.lines[number + 1 :]]
            if own is None:
                bare[path.name] = number
        if bare:
            for name, lines in noted(self.place, self.folder.parent, starts).items():
                if name in bare:
                    self.lines[bare[name]] = lines
        halves = [file["keys"][self._written(n), 0] for n, file in enumerate(self.shards)]
        self._known = np.sort(np.concatenate([np.zeros(0, np.uint64), *halves]))

    def borrow(self, other: Store) -> None:
        """Find rows in the shards of another store, too, which stay where they are."""
        self.shards += other.shards
        self.lines += other.lines
        self.look()

    def _written(self, number: int) -> NDArray[np.bool_]:
        """Whether the lines of a shard's documents are there; one that fails has none."""
        sizes = np.diff(self.shards[number]["line_starts"])
        return (sizes == 0) | (self.lines[number].begins >= 0)

    def knows(self, keys: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Whether there is a row for each (N, 2) key, by the first half of it."""
        place = np.searchsorted(self._known, keys[:, 0])
        return np.append(self._known, np.uint64(0))[place] == keys[:, 0]

    def rows(
        self, keys: NDArray[np.uint64], repeated: RepeatedLines
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Shard and row of each (N, 2) key where lines are repeated as they are; -1: none."""
        parts, shards, rows = [], [], []
        for number, file in enumerate(self.shards):
            good = (unpack_queries(file).hold(repeated) & self._written(number)).nonzero()[0]
            parts.append(file["keys"][good])
            shards.append(np.full(len(good), number))
            rows.append(good)
        known = np.concatenate([np.zeros((0, 2), np.uint64), *parts])
        shard = np.concatenate([np.zeros(0, np.int64), *shards])
        row = np.concatenate([np.zeros(0, np.int64), *rows])
        order = np.lexsort((known[:, 1], known[:, 0]))
        place = np.searchsorted(known[order, 0], keys[:, 0])
        place = np.minimum(place, max(0, len(order) - 1))
        if not len(order):
            return np.full(len(keys), -1), np.full(len(keys), -1)
        found = order[place]
        same = (known[found] == keys).all(axis=1)
        self._used = np.unique(shard[found[same]]).tolist()
        return np.where(same, shard[found], -1), np.where(same, row[found], -1)

    def note(
        self, staged: Path, digest: str, frames: Sequence[tuple[int, int]], documents: Stored
    ) -> None:
        """Note which rows the lines of a result are, which is about to be put in place.

        `staged` is its `documents.jsonl`, with this SHA-256, compressed in these `frames` if any.
        """
        sizes = np.zeros(len(documents), np.int64)
        for number in np.unique(documents.shard).tolist():
            mine = documents.shard == number
            sizes[mine] = np.diff(self.shards[number]["line_starts"])[documents.row[mine]]
        lines = np.stack([documents.shard, documents.row, sizes], axis=1)
        names = [file.path.name if file.path.parent == self.place else "" for file in self.shards]
        self._note = write_note(self.place, digest, staged, frames, names, lines)

    def tidy(self) -> None:
        """Remove the shards that the last `rows` did not point to, and what other versions left.

        After a note, whose result is in place, lines beside shards are removed, too.
        """
        keep = {self.shards[number].path.name for number in self._used}
        for path in self.place.glob("*.shard"):
            if path.name not in keep:
                path.unlink(missing_ok=True)
                path.with_suffix(BESIDE).unlink(missing_ok=True)
        if self._note:
            for path in (*self.place.glob(f"*{NOTE}"), *self.place.glob(f"*{BESIDE}")):
                if path != self._note:
                    path.unlink(missing_ok=True)
        for place in self.folder.glob("v*-*"):
            if place != self.place and _STAMP.fullmatch(place.name) and not place.is_symlink():
                for path in chain.from_iterable(map(place.glob, _MADE)):
                    path.unlink(missing_ok=True)
                with contextlib.suppress(OSError):  # what else lies there is somebody's
                    place.rmdir()


def _state(path: Path) -> tuple[int, int, int]:
    """What parts a file from another that has its name, or got its node when it was gone."""
    status = path.stat()
    return status.st_ino, status.st_mtime_ns, status.st_ctime_ns


def who_else(folder: Path) -> str:
    """Who besides this user may write a cache, in words; empty where nobody outside its group."""
    status = folder.stat()
    if hasattr(os, "getuid") and status.st_uid not in (os.getuid(), 0):
        return "belongs to another user"
    return "can be written by everybody" if status.st_mode & stat.S_IWOTH else ""


def write_shard(place: Path, arrays: Arrays) -> Path:
    """Write a shard under a name that follows from what it holds.  Raises OutputError."""
    name = hashlib.sha256(arrays["keys"].tobytes() + arrays["asked_answers"].tobytes()).hexdigest()
    kept = {key: array for key, array in arrays.items() if key != "lines"}
    write_file(place, f"{name[:24]}{BESIDE}", {"lines": arrays["lines"]})
    return write_file(place, f"{name[:24]}.shard", kept, packed=True)
