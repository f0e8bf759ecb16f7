"""The output folder: one writer at a time, and a result that is replaced whole or not at all.

A run writes into `out/.staging/`.  When everything is there and on the disk, a journal `COMPLETE`
names what is to be moved; only then the files take their final names.  A run that dies before
the journal leaves the old result; one that dies while moving has left the new one, in two places,
and whoever opens the folder next with scrub, to write or to read, finishes the move first.

`run.json` leaves before the first move and comes back after the last.  So a program that knows
nothing of the journal sees it too: where `run.json` is, every file is of that one run.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
import tempfile
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event
from types import TracebackType
from typing import BinaryIO, Self

from filelock import FileLock, Timeout

from scrub.config import WriteSettings
from scrub.errors import OutputError
from scrub.process import interrupts_held
from scrub.results import is_result, written
from scrub.zstandard import zstd

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
TEXTS = ("documents.jsonl", "corpus.jsonl")
_FRAME = 1 << 18  # bytes; larger ones are hardly smaller, and take longer to look into
_PACKED = {int(zstd.CompressionParameter.checksum_flag): 1}
_MOVE_SECONDS = 10  # how long a reader waits for a move that another process is making


class Output:
    """An output folder held for writing; files appear in it together, when the block ends well.

    Raises OutputError where another run holds the folder, where it cannot be written, where it
    has files of other origin under the names of a result, or where the disk is full; the previous
    result is then as it was.  With `update`, files of the previous result that are not written
    again stay; `form` says whether texts are compressed, and how tables begin.
    """

    def __init__(
        self, folder: Path, *, update: bool = False, form: WriteSettings | None = None
    ) -> None:
        self.form = form or WriteSettings()
        self.frames: dict[str, list[tuple[int, int]]] = {}
        self.folder = folder
        self.update = update
        self.staging = folder / ".staging"
        self.digests: dict[str, str] = {}
        self._lock = FileLock(folder / ".lock")
        self._written = 0
        self._writer = ThreadPoolExecutor(1)
        self._written_beside: list[Future[None]] = []
        self._ended = Event()

    def __enter__(self) -> Self:
        """Hold the folder, finish what a dead run left, and make room for new files."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
        except Timeout:
            raise OutputError(
                f"{self.folder}: in use by another run ({self._holder()}); "
                "wait for it or choose another -o"
            ) from None
        except OSError as error:
            raise self._unwritable(error) from error
        try:
            _remove(self.folder / ".holder")  # which could be a link to elsewhere
            (self.folder / ".holder").write_text(f"process {os.getpid()}", encoding="utf-8")
            _finish_move(self.folder)
            if not self.update:
                self._refuse_foreign()
            self.staging.mkdir()
        except BaseException as error:
            self._abandon()
            self._let_go()
            if isinstance(error, OSError):
                raise self._unwritable(error) from error
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Put the new files in place, or after an error drop them, and let the folder go."""
        with interrupts_held():
            try:
                if error is None:
                    self._commit()
                else:
                    self._abandon()
            finally:
                self._let_go()

    def require(self, place: Path) -> None:
        """Make a folder that is needed later; raises OutputError where it cannot be written."""
        try:
            place.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=place):
                pass
        except OSError as error:
            raise self._unwritable(error, place, "--cache") from error

    def beside(self, write: Callable[..., None], *arguments: object) -> None:
        """Call `write` beside what follows; what it raises, `wait` or the end of the block raises.

        One such call is made at a time, in the order in which they were asked for.
        """
        self._written_beside.append(self._writer.submit(write, *arguments))

    def wait(self) -> None:
        """Return when all that is written beside is there."""
        while self._written_beside:
            self._written_beside.pop(0).result()

    @contextlib.contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """A new file of the result, for bytes; its SHA-256 goes into `digests`.

        The sizes of the frames of one that is compressed, before and after, go into `frames`.
        """
        packed = self.form.compress and name in TEXTS
        name += ".zst" * packed
        path = self.staging / name
        with self.guard(name):
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as raw:
                file = _Digesting(raw, self._ended)
                if self.form.excel and name.endswith(".csv") and "/" not in name:
                    file.write(BOM_UTF8)
                framed = _Framing(file, self.frames.setdefault(name, [])) if packed else None
                yield framed or file  # type: ignore[misc]  # has the one method that writers use
                if framed:
                    framed.flush()
                raw.flush()
                os.fsync(raw.fileno())
        self._written += file.size
        self.digests[name] = file.hexdigest()

    @contextlib.contextmanager
    def guard(self, name: str) -> Iterator[None]:
        """Turn what the system says while `name` is written into an OutputError."""
        try:
            yield
        except OSError as error:
            reason = error.strerror or str(error)
            if error.errno in _FULL:
                reason = self._needed(reason)
            raise OutputError(
                f"{self.folder / name}: {reason}; the previous result is untouched"
            ) from error

    def _needed(self, reason: str) -> str:
        with contextlib.suppress(OSError):
            left = shutil.disk_usage(self.folder).free
            reason += (
                f" after {self._written / 1e6:,.1f} MB of this result, {left / 1e6:,.1f} MB left; "
                "make room for more than that, or choose an -o on another disk"
            )
        return reason

    def _commit(self) -> None:
        try:
            self.wait()
            self._journal()
        except BaseException:
            self._abandon()
            raise
        try:
            _finish_move(self.folder)
        except OSError as error:
            raise OutputError(
                f"{error.filename or self.folder}: {error.strerror}; the new result is complete in "
                f"{self.staging}: remove the cause, and any scrub command on {self.folder} goes on"
            ) from error

    def _journal(self) -> None:
        with self.guard("run.json"):
            names = sorted(path.name for path in self.staging.iterdir())
            stale = [] if self.update else [n for n in self._results() if n not in names]
            for folder in {path.parent for path in self.staging.rglob("*")} | {self.staging}:
                _sync_folder(folder)
            draft = self.staging / "journal"
            with draft.open("w", encoding="utf-8") as file:
                json.dump({"write": names, "remove": stale}, file)
                file.flush()
                os.fsync(file.fileno())
            _sync_folder(self.folder)
            draft.replace(self.staging / "COMPLETE")  # from here on the new result is the result

    def _abandon(self) -> None:
        self._ended.set()
        self._writer.shutdown(cancel_futures=True)
        if not (self.staging / "COMPLETE").exists():
            with contextlib.suppress(OSError):
                _discard(self.staging)

    def _results(self) -> list[str]:
        """What stands under the name of a result, in order."""
        return sorted(path.name for path in self.folder.iterdir() if is_result(path.name))

    def _refuse_foreign(self) -> None:
        """A result may replace only what an earlier one wrote, never a person's README.md."""
        owned = written(self.folder)
        foreign = [name for name in self._results() if name not in owned]
        if foreign:
            raise OutputError(
                f"{self.folder}: {', '.join(foreign)} would be replaced, and no run recorded in "
                "its run.json wrote that; move it away or choose another -o"
            )

    def _unwritable(
        self, error: OSError, place: Path | None = None, option: str = "-o"
    ) -> OutputError:
        no_folder = isinstance(error, (FileExistsError, NotADirectoryError))
        reason = "not a folder" if no_folder else error.strerror
        place = place or error.filename or self.folder
        return OutputError(f"{place}: cannot be written: {reason}; choose another {option}")

    def _let_go(self) -> None:
        self._writer.shutdown()
        with contextlib.suppress(OSError):
            (self.folder / ".holder").unlink()
        self._lock.release()

    def _holder(self) -> str:
        try:
            return (self.folder / ".holder").read_text(encoding="utf-8")[:40]
        except (OSError, UnicodeDecodeError):
            return "unknown process"


def settle(folder: Path) -> None:
    """Before reading `folder`: finish the move of a run that died while moving.

    Raises OutputError where the move cannot be finished here.
    """
    if not (folder / ".staging" / "COMPLETE").exists():
        return
    try:
        with FileLock(folder / ".lock", timeout=_MOVE_SECONDS):
            _finish_move(folder)
    except (OSError, Timeout) as error:
        raise OutputError(
            f"{folder}: a run ended while its result was put in place, and that cannot be finished "
            f"here: {error}; make the folder writable, or copy it and read the copy"
        ) from error


class _Digesting:
    """A binary file that hashes what is written to it, until the output has `ended`."""

    def __init__(self, file: BinaryIO, ended: Event) -> None:
        self.size = 0
        self._ended = ended
        self._file = file
        self._hash = hashlib.sha256()

    def write(self, data: bytes) -> int:
        if self._ended.is_set():
            raise OutputError("the run has ended before everything was written")
        self._hash.update(data)
        self.size += len(data)
        return self._file.write(data)

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


class _Framing:
    """A file that is compressed in frames, each of which can be read by itself."""

    def __init__(self, file: _Digesting, frames: list[tuple[int, int]]) -> None:
        self._file, self._frames = file, frames
        self._waiting = bytearray()

    def write(self, data: bytes) -> int:
        self._waiting += data
        while len(self._waiting) >= _FRAME:
            self._put(bytes(self._waiting[:_FRAME]))
            del self._waiting[:_FRAME]
        return len(data)

    def flush(self) -> None:
        self._put(bytes(self._waiting))

    def _put(self, data: bytes) -> None:
        frame = zstd.compress(data, options=_PACKED)
        self._file.write(frame)
        self._frames.append((len(data), len(frame)))


def _finish_move(folder: Path) -> None:
    """Make the moves that the journal names, if there is one; every step may be made twice."""
    staging = folder / ".staging"
    try:
        plan = json.loads((staging / "COMPLETE").read_bytes())
        # Only known names: a stranger's folder must not make scrub move or remove anything else.
        write, remove = ([n for n in plan[key] if is_result(n)] for key in ("write", "remove"))
        if staging.is_symlink():
            raise ValueError
    except (OSError, ValueError, KeyError, TypeError):  # no journal
        _discard(staging)
        return
    _sync_folder(staging)
    if "run.json" in write and (staging / "run.json").exists():
        (folder / "run.json").unlink(missing_ok=True)
        _sync_folder(folder)
    for name in remove:
        _remove(folder / name)
    for name in sorted(write, key="run.json".__eq__):
        source, target = staging / name, folder / name
        if not os.path.lexists(source):
            continue  # moved before the interruption
        if source.is_dir() or target.is_dir():
            _remove(target)
        source.replace(target)
    _sync_folder(folder)
    _discard(staging)


def _discard(staging: Path) -> None:
    # The journal goes first: what it lists must be whole as long as it is there.
    if not staging.is_symlink():
        (staging / "COMPLETE").unlink(missing_ok=True)
    _remove(staging)


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
