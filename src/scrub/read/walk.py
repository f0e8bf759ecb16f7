"""From the inputs a user names to the files to read, in a fixed order, never following a link.

Folders are walked; a name starting with a dot is passed over (`.git`, `.DS_Store`), as is
`__MACOSX`.  A symbolic link inside a folder is not followed (CWE-59), a pipe, socket or device is
not opened, and what an earlier run wrote into a folder is not read, where every text is one of the
others: each becomes a rejection.  What else lies beside a result is read.  A path that the user
names is followed wherever it leads.
"""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scrub.document import Rejection
from scrub.errors import InputError
from scrub.results import written

_IS_RESULT = "what an earlier run wrote is not read; name the files in it that are input"


@dataclass(slots=True, frozen=True)
class Entry:
    """A file to read: its real path, its posix name relative to the input, its size in bytes.

    `state` is another one whenever the file has been changed or replaced by another.
    """

    path: str
    name: str
    size: int
    state: tuple[int, ...] = ()


def find(inputs: Sequence[Path | str], exclude: Sequence[Path] = ()) -> list[Entry | Rejection]:
    """Every file under `inputs` (folders, files, globs), sorted by relative name, each once.

    What lies in a folder of `exclude` is left out without a word: it is this program's own
    output.  Raises InputError where an input does not exist, matches nothing, or is excluded.
    """
    banned = {os.path.realpath(path) for path in exclude}
    found: dict[str, Entry | Rejection] = {}
    for given in inputs:
        for path, name in _expand(given):
            real = os.path.realpath(path)
            if any(real == b or real.startswith(b + os.sep) for b in banned):
                raise InputError(f"{path} is inside the output or cache folder; name another input")
            if path.is_symlink() and path != Path(given):
                found.setdefault(os.fspath(path), _link(name))
                continue
            for place, result in _walk(real, name, banned):
                found.setdefault(place, result)
    # The real path breaks ties between equal names, so the order of the arguments is idle.
    return [
        result for _, result in sorted(found.items(), key=lambda item: (_name(item[1]), item[0]))
    ]


def _name(result: Entry | Rejection) -> str:
    return result.name if isinstance(result, Entry) else result.path


def _expand(given: Path | str) -> Iterator[tuple[Path, str]]:
    """Paths that an input stands for, each with its relative name ("" for a folder itself)."""
    path = Path(given)
    if os.path.lexists(path):
        yield path, "" if path.is_dir() else path.name
        return
    if not glob.has_magic(os.fspath(given)):
        piped = (
            "; standard input is for `run`, `dedup`, `clean` and `check`"
            if str(given) == "-"
            else ""
        )
        raise InputError(f"{given}: no such file or folder{piped}")
    root = path.parent
    while glob.has_magic(os.fspath(root)):
        root = root.parent
    matches = [Path(match) for match in glob.glob(os.fspath(given), recursive=True)]  # noqa: PTH207
    if not matches:
        raise InputError(f"{given}: nothing matches this pattern")
    for match in matches:
        name = match.relative_to(root).as_posix()
        yield match, "" if name == "." else name


def _walk(path: str, name: str, banned: set[str]) -> Iterator[tuple[str, Entry | Rejection]]:
    """Files at and under a real path, each with its own real path."""
    try:
        status = Path(path).stat()
    except OSError as error:
        yield path, _unreadable(name, error)
        return
    if not stat.S_ISDIR(status.st_mode):
        yield path, _entry(path, name, status)
        return
    folders = [(path, name)]
    while folders:
        folder, prefix = folders.pop()
        try:
            children = list(os.scandir(folder))
        except OSError as error:
            yield folder, _unreadable(prefix or Path(folder).name, error)
            continue
        names = {child.name for child in children}
        results = written(Path(folder)) & names if "run.json" in names else set()
        if results:
            yield folder, _rejection(prefix or Path(folder).name, "result", _IS_RESULT)
        for child in children:
            if child.name in results:
                continue
            if child.name.startswith(".") or child.name == "__MACOSX" or child.path in banned:
                continue
            name = f"{prefix}/{child.name}" if prefix else child.name
            try:
                if child.is_symlink():
                    yield child.path, _link(name)
                elif child.is_dir(follow_symlinks=False):
                    folders.append((child.path, name))
                else:
                    yield child.path, _entry(child.path, name, child.stat(follow_symlinks=False))
            except OSError as error:  # a folder may be one to list and not one to enter
                yield child.path, _unreadable(name, error)


def _entry(path: str, name: str, status: os.stat_result) -> Entry | Rejection:
    if not stat.S_ISREG(status.st_mode):
        return _rejection(name, "not-a-file", "a pipe, socket or device is not opened")
    return Entry(path, printable(name), status.st_size, _state(status))


def _state(status: os.stat_result) -> tuple[int, ...]:
    # Nobody can set the time of the last change of an inode (ctime) as they like.
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def changed(found: Iterable[Entry | Rejection]) -> list[str]:
    """The names of the files that are no longer as they were when they were found."""
    names = []
    for entry in found:
        if isinstance(entry, Entry):
            try:
                same = _state(os.stat(entry.path)) == entry.state  # noqa: PTH116 - twice as fast
            except OSError:
                same = False
            if not same:
                names.append(entry.name)
    return names


def require_names(found: Iterable[Entry | Rejection]) -> None:
    """Raise InputError where two files have one name, or one is named as if within another."""
    seen: set[str] = set()
    for name in sorted(entry.name for entry in found if isinstance(entry, Entry)):
        if not seen.isdisjoint(outer_names(name)):
            raise InputError(
                f"several inputs are called {name!r}, as --format same would have to call them; "
                "name the folder that holds them instead"
            )
        seen.add(name)


def outer_names(path: str) -> Iterator[str]:
    """A name and those of all that it may stand in: of a record its file, of that its folders."""
    yield path
    yield from (path[:at] for at, mark in enumerate(path) if mark in "#/")


def open_regular(path: str) -> int:
    """A descriptor of a regular file; a pipe that took the file's place is not waited for.

    Raises OSError.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(0, "no longer a regular file")
    return descriptor


def _link(name: str) -> Rejection:
    return _rejection(name, "symlink", "links inside a folder are not followed; name the target")


def _unreadable(name: str, error: OSError) -> Rejection:
    return _rejection(name, "unreadable", error.strerror or str(error))


def _rejection(name: str, reason: str, detail: str) -> Rejection:
    return Rejection(printable(name), printable(name), reason, detail)


def printable(name: str) -> str:
    """A name that UTF-8 can hold: bytes that are not UTF-8 are spelled `\\xNN`."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
