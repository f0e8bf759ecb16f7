"""The output folder: one writer at a time, and a result that is replaced whole or not at all.

A run writes into `out/.staging/`.  When everything is there and on the disk, a file `COMPLETE`
names what is to be moved; only then the files take their final names.  A run that dies before
that leaves the old result; one that dies while moving is finished by whoever opens the folder
next (a write-ahead log of one entry).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from filelock import FileLock, Timeout

from scrub.errors import OutputError

# Everything a run can leave under a final name; what a new result lacks of these is removed.
RESULT_NAMES = (
    "dedup.csv", "pairs.csv", "flags.csv", "lexicon.csv", "rejected.csv",
    "documents.jsonl", "changes.jsonl", "corpus.jsonl", "corpus.parquet", "corpus", "README.md",
    "report.html", "run.json",
)  # fmt: skip


class Output:
    """An output folder held for writing; files appear in it together, when the block ends well.

    Raises OutputError where another run holds the folder, where it cannot be written, or where
    the disk is full; the previous result is then as it was.  With `update`, files of the previous
    result that are not written again stay.
    """

    def __init__(self, folder: Path, *, update: bool = False) -> None:
        self.folder = folder
        self.update = update
        self.staging = folder / ".staging"
        self.digests: dict[str, str] = {}
        self._lock = FileLock(folder / ".lock")

    def __enter__(self) -> Self:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
        except Timeout:
            raise OutputError(
                f"{self.folder}: in use by another run ({self._holder()}); wait for it or choose another -o"
            ) from None
        except OSError as error:
            raise OutputError(
                f"{self.folder}: cannot be written: {error.strerror}; choose another -o"
            ) from error
        (self.folder / ".holder").write_text(f"process {os.getpid()}", encoding="utf-8")
        self._finish_interrupted()
        self.staging.mkdir()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self._commit()
            else:
                shutil.rmtree(self.staging, ignore_errors=True)
        finally:
            (self.folder / ".holder").unlink(missing_ok=True)
            self._lock.release()

    @contextlib.contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """A new file of the result, for bytes; its SHA-256 goes into `digests`."""
        path = self.staging / name
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("wb") as raw:
                file = _Digesting(raw)
                yield file  # type: ignore[misc]  # has the one method that writers use
                raw.flush()
                os.fsync(raw.fileno())
        except OSError as error:
            raise OutputError(
                f"{self.folder / name}: {error.strerror}; the previous result is untouched"
            ) from error
        self.digests[name] = file.hexdigest()

    def _commit(self) -> None:
        names = sorted(path.name for path in self.staging.iterdir())
        stale = [] if self.update else [name for name in RESULT_NAMES if name not in names]
        marker = self.staging / "COMPLETE"
        with marker.open("w", encoding="utf-8") as file:
            json.dump({"write": names, "remove": stale}, file)
            file.flush()
            os.fsync(file.fileno())
        _sync_folder(self.staging)
        self._move(names, stale)

    def _finish_interrupted(self) -> None:
        marker = self.staging / "COMPLETE"
        try:
            plan = json.loads(marker.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            shutil.rmtree(self.staging, ignore_errors=True)
        else:
            # Only known names: a stranger's folder must not make scrub move or remove its own.
            write, remove = (
                [n for n in plan[key] if n in RESULT_NAMES] for key in ("write", "remove")
            )
            self._move(write, remove)

    def _move(self, names: list[str], stale: list[str]) -> None:
        for name in stale:
            _remove(self.folder / name)
        for name in names:
            source, target = self.staging / name, self.folder / name
            if not source.exists():
                continue  # moved before the interruption
            if target.is_dir():
                shutil.rmtree(target)
            source.replace(target)
        _sync_folder(self.folder)
        shutil.rmtree(self.staging)

    def _holder(self) -> str:
        try:
            return (self.folder / ".holder").read_text(encoding="utf-8")
        except OSError:
            return "unknown process"


class _Digesting:
    """A binary file that hashes what is written to it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._hash = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self._hash.update(data)
        return self._file.write(data)

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


def _is_ours(name: str) -> bool:
    return name in RESULT_NAMES or re.fullmatch(r"report-cluster-\w+\.html", name) is not None


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":  # elsewhere a folder cannot be opened
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
