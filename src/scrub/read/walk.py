"""From the inputs a user names to the files to read, in a fixed order, never following a link.

Folders are walked; a name starting with a dot is passed over (`.git`, `.DS_Store`), as is
`__MACOSX`.  A symbolic link inside a folder is not followed, and a pipe, socket or device is not
opened: each becomes a rejection.  A path that the user names is followed wherever it leads.
"""

from __future__ import annotations

import glob
import os
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from scrub.document import Rejection
from scrub.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(slots=True, frozen=True)
class Entry:
    """A file to read: where it is, its name relative to the input, its size in bytes."""

    path: str
    name: str
    size: int


def find(
    inputs: Sequence[Path | str], exclude: Sequence[Path] = ()
) -> list[tuple[str, Entry | Rejection]]:
    """Every file under `inputs` (folders, files, globs), sorted by relative name, each once.

    What lies in a folder of `exclude` is left out without a word: it is this program's own
    output.  Raises InputError where an input does not exist, matches nothing, or is excluded.
    """
    banned = {os.path.realpath(path) for path in exclude}
    found: dict[str, tuple[str, Entry | Rejection]] = {}
    for given in inputs:
        for path, root in _expand(given):
            real = os.path.realpath(path)
            if any(real == b or real.startswith(b + os.sep) for b in banned):
                if os.fspath(given) == path:
                    raise InputError(f"{path} is inside the output folder, which is never read")
                continue
            for place, result in _walk(path, os.path.relpath(path, root), banned):
                found.setdefault(
                    os.path.realpath(os.path.dirname(place)) + os.sep + os.path.basename(place),
                    (place, result),
                )
    # The place breaks ties between equal relative names, so the order of the arguments is idle.
    return sorted(found.values(), key=lambda item: (_name(item[1]), item[0]))


def _name(result: Entry | Rejection) -> str:
    return result.name if isinstance(result, Entry) else result.path


def _expand(given: Path | str) -> list[tuple[str, str]]:
    """Paths that an input stands for, each with the folder its names are relative to."""
    text = os.fspath(given)
    if os.path.isdir(text):
        return [(text, text)]
    if os.path.lexists(text):
        return [(text, os.path.dirname(text) or ".")]
    if glob.has_magic(text):
        fixed = [part for part in PurePosixPath(text).parts]
        root = ""
        for part in fixed[:-1]:
            if glob.has_magic(part):
                break
            root = os.path.join(root, part)
        matches = sorted(glob.glob(text, recursive=True))
        if matches:
            return [(match, root or ".") for match in matches]
        raise InputError(f"{text}: nothing matches this pattern")
    raise InputError(f"{text}: no such file or folder")


def _walk(path: str, name: str, banned: set[str]) -> Iterator[tuple[str, Entry | Rejection]]:
    try:
        status = os.stat(path)
    except OSError as error:
        yield path, _rejection(name, "unreadable", error.strerror or str(error))
        return
    if not stat.S_ISDIR(status.st_mode):
        yield path, _entry(path, name, status)
        return
    folders = [(path, "" if name == "." else name)]
    while folders:
        folder, prefix = folders.pop()
        try:
            children = list(os.scandir(folder))
        except OSError as error:
            yield folder, _rejection(prefix, "unreadable", error.strerror or str(error))
            continue
        for child in children:
            if child.name.startswith(".") or child.name == "__MACOSX":
                continue
            name = f"{prefix}/{child.name}" if prefix else child.name
            if child.is_symlink():
                yield (
                    child.path,
                    _rejection(name, "symlink", "links inside a folder are not followed"),
                )
            elif child.is_dir(follow_symlinks=False):
                if os.path.realpath(child.path) not in banned:
                    folders.append((child.path, name))
            elif os.path.realpath(child.path) not in banned:
                yield child.path, _entry(child.path, name, child.stat(follow_symlinks=False))


def _entry(path: str, name: str, status: os.stat_result) -> Entry | Rejection:
    if not stat.S_ISREG(status.st_mode):
        return _rejection(name, "not-a-file", "a pipe, socket or device is not opened")
    return Entry(path, _printable(name), status.st_size)


def _rejection(name: str, reason: str, detail: str) -> Rejection:
    return Rejection(_printable(name), _printable(name), reason, detail)


def _printable(name: str) -> str:
    """A relative posix name that UTF-8 can hold: bytes that are not UTF-8 are spelled `\\xNN`."""
    if os.sep != "/":
        name = name.replace(os.sep, "/")
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("utf-8", "backslashreplace")
    return name
