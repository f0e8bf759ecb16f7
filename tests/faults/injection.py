"""A process whose N-th change to the disk fails, or is the last thing it does."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

CHANGES = ("fsync", "replace", "rename", "unlink", "rmdir", "mkdir")
KILLED = 137


class Disk:
    """Counts every write, fsync, rename, removal and new folder, and breaks at the N-th.

    `how` is "kill" (the process ends, half of a write done) or the name of an error of the system,
    "once" it is raised or "on" from there.  Only some `changes` may count.
    """

    def __init__(
        self, at: int, how: str, lasting: bool = False, changes: tuple[str, ...] = CHANGES
    ) -> None:
        self.count = 0
        self._changes = changes
        self._at = at
        self._how = how
        self._lasting = lasting

    def install(self) -> None:
        """Take the place of what changes the disk, in this process for good."""
        for name in self._changes:
            setattr(os, name, self._counted(getattr(os, name)))
        if self._changes != CHANGES:
            return
        opened, disk = io.open, self

        class Raw(io.FileIO):
            def write(self, data: Any, /) -> int:
                if disk.breaks():
                    super().write(bytes(data)[: len(data) // 2])
                    disk.end()
                return super().write(data)

        def open_counted(file: Any, mode: str = "r", *rest: Any, **named: Any) -> Any:
            if not set(mode) & set("wax+"):
                return opened(file, mode, *rest, **named)
            kind = mode.replace("b", "").replace("t", "")
            raw = io.BufferedWriter(Raw(file, kind, opener=named.get("opener")))
            encoding = named.get("encoding")
            return raw if "b" in mode else io.TextIOWrapper(raw, encoding=encoding, newline="")

        io.open = open_counted  # what pathlib opens with

    def breaks(self) -> bool:
        self.count += 1
        return self.count == self._at or (self._lasting and self.count > self._at)

    def end(self) -> None:
        if self._how == "kill":
            os._exit(KILLED)
        number = getattr(errno, self._how)
        raise OSError(number, os.strerror(number))

    def _counted(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **named: Any) -> Any:
            if self.breaks():
                self.end()
            return function(*arguments, **named)

        return counted


def in_child(work: Callable[[], object], disk: Disk) -> tuple[int, int, str]:
    """Do `work` in a forked process on `disk`: exit status, changes made, error message."""
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        status, message = 70, ""
        try:
            disk.install()
            work()
            status = 0
        except BaseException as error:
            message = f"{type(error).__name__}: {error}"
        finally:
            os.write(send, f"{disk.count} {message}".encode())
            os._exit(status)
    os.close(send)
    with os.fdopen(receive, "rb") as pipe:
        count, _, message = pipe.read().decode().partition(" ")
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return status, int(count or 0), message


def snapshot(folder: Path) -> dict[str, bytes]:
    """The files of a result, by their names relative to the folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.relative_to(folder).parts[0].startswith(".")
    }
