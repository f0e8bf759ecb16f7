"""How the compiled functions are made, and where what the compiler gave is kept.

Numba (0.68) keeps a compiled function under the digest of its own file alone.  What it takes from
other files, functions and constants, is frozen in: after an edit there, or an upgrade, the old code
would go on running.  So the kernels of a file are kept in a folder named by a digest of that file
and of all that it imports of scrub, outside the sources.  Where no such folder can be written, or
somebody else could write it, nothing is kept and each process compiles what it calls.

Compiling takes half a minute.  Where nothing is compiled yet, a command that has little to do runs
its kernels as the Python that they are.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias

from scrub import process
from scrub.caches import cache_folder

# An array, a record of one or a scalar: numba infers the types of its kernels from their calls.
Array: TypeAlias = Any

SMALL = 60_000  # characters: what takes longer to compile than to do in Python

_ROOT = Path(__file__).parent
_IMPORT = re.compile(r"^ *from (scrub[\w.]*) import ([^\n(]+|\([^)]*\))", re.MULTILINE)
_WRITABLE_BY_OTHERS = 0o022
_NAME = re.compile(r"[0-9a-f]{16}")
_DISABLED = "NUMBA_DISABLE_JIT"
_UNUSED = 30 * 86_400.0  # seconds; another version that is used besides this one keeps its own


def kernel(inline: Literal["never", "always"] = "never") -> Callable[[Callable[..., Any]], Any]:
    """Decorate a function that numba compiles, to run without Python's lock.

    With `inline="always"` LLVM takes it into its callers.  (Numba's own inlining would have the
    types of its body inferred at each of its calls: a quarter more compiling, no faster.)  Under
    `NUMBA_DISABLE_JIT=1` the function stays the plain Python that it is, slow and with the same
    results: numbers that run over their bits do so without a word, as compiled ones do.
    """

    def decorate(function: Callable[..., Any]) -> Any:  # noqa: ANN401 - a dispatcher of numba's
        if interprets():
            import numpy as np

            # What stands inline is mostly called by others, which have said so; for the rest there
            # is a filter, which costs more where there is much to pass over.
            process.ignore_overflow()
            return function if inline == "always" else np.errstate(over="ignore")(function)
        import numba

        folder = kept_in(Path(function.__code__.co_filename))
        kept, inlined = folder is not None, inline == "always"
        with process.numba_cache(folder):
            return numba.njit(cache=kept, nogil=True, forceinline=inlined)(function)

    return decorate


def may_interpret() -> bool:
    """Whether `interpret` could still have kernels run as Python, and it may be worth it."""
    return process.is_command and "numba" not in sys.modules and not kept_kernels()


def interpret(characters: int) -> None:
    """Where nothing is compiled and little is to be done, have kernels run as Python.

    `characters` are those of all texts that this process is ever to match.  It counts for kernels
    that are imported later, in workers as well.  Only a command's own process may do so: of
    another nobody knows what it does next.
    """
    if characters <= SMALL and may_interpret():
        process.hand_down(_DISABLED, "1")


def interprets() -> bool:
    """Whether kernels run as Python."""
    return os.environ.get(_DISABLED, "0") not in ("", "0")


@lru_cache(1 << 9)
def kept_in(source: Path) -> Path | None:
    """The folder of the compiled kernels of a source file; None where none can be kept."""
    folder = kernels_folder() / _digest(source)[:16]
    is_new = not os.path.exists(folder)  # noqa: PTH110 - Path.exists raises where nothing may be seen
    if refusal(folder.parent) or refusal(folder):
        return None
    if is_new:
        _remove_unused(folder.parent)
    return folder


def refusal(folder: Path) -> str:
    """Why no kernels are kept in a folder, which is made where it is not there; empty: they are.

    What lies there is run, so it must be this user's alone.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):  # which also notes that it is in use
            pass
        status = folder.stat()
    except OSError as error:
        return error.strerror or str(error)
    if hasattr(os, "getuid") and status.st_uid != os.getuid():
        return "it belongs to another user"
    return "others can write it" if status.st_mode & _WRITABLE_BY_OTHERS else ""


def _remove_unused(parent: Path) -> None:
    for folder in parent.iterdir():
        if _NAME.fullmatch(folder.name) and not folder.is_symlink():
            try:
                unused = time.time() - folder.stat().st_mtime > _UNUSED
            except OSError:  # another process removed it
                continue
            if unused:
                _remove_kernels(folder)


def _remove_kernels(folder: Path) -> None:
    """Remove what numba keeps in a folder, and the folder unless something else lies there."""
    for place in sorted((folder, *(p for p in folder.rglob("*") if p.is_dir())), reverse=True):
        for path in place.glob("*.nb[ci]*"):
            path.unlink(missing_ok=True)
        with suppress(OSError):
            place.rmdir()


def kernels_folder() -> Path:
    """Where kernels are kept if they can be: `NUMBA_CACHE_DIR`, or `kernels` in the cache."""
    given = os.environ.get("NUMBA_CACHE_DIR")
    return Path(given).absolute() if given else cache_folder() / "kernels"


def kept_kernels() -> int | None:
    """How many kernels of this state of the program are compiled; None where none can be kept."""
    folders = [kept_in(path) for path in sorted(_sources()) if _looked_at(path).has_kernels]
    if None in folders:
        return None
    return sum(1 for folder in folders if folder for _ in folder.rglob("*.nbc"))


def _digest(source: Path) -> str:
    """A digest of a source file, of all that it imports of scrub, and so on, and of numba.

    Numba does not note whether indices are checked in what it keeps.
    """
    found = {source}
    todo = [source]
    while todo:
        new = _looked_at(todo.pop()).imports - found
        found |= new
        todo += new
    checked = os.environ.get("NUMBA_BOUNDSCHECK", "")
    digest = hashlib.sha256(f"numba {version('numba')} {checked}\n".encode())
    for path in sorted(found):
        name = path.relative_to(_ROOT).as_posix() if path.is_relative_to(_ROOT) else path.name
        digest.update(f"{name} {_looked_at(path).digest}\n".encode())
    return digest.hexdigest()


class _Source(NamedTuple):
    """What is asked of a source file: its digest, what it imports of scrub, if it has kernels."""

    digest: str
    imports: frozenset[Path]
    has_kernels: bool


@cache
def _sources() -> frozenset[Path]:
    return frozenset(_ROOT.rglob("*.py"))


@lru_cache(1 << 9)
def _looked_at(source: Path) -> _Source:
    content = source.read_bytes()
    text = content.decode()
    imports: set[Path] = set()
    for module, names in _IMPORT.findall(text):
        base = _ROOT.parent / module.replace(".", "/")
        for place in (base, *(base / name for name in re.findall(r"\w+", names))):
            imports |= {place.with_name(f"{place.name}.py"), place / "__init__.py"} & _sources()
    digest = hashlib.sha256(content).hexdigest()
    return _Source(digest, frozenset(imports), "\n@kernel(" in text)
