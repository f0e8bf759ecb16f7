"""Inputs at an address (`https://`, `s3://`, `hf://`): brought here by fsspec, and only these.

They are kept as files for the time of a run, since some are read more than once.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from scrub.distribution import install
from scrub.errors import InputError

_CHUNK = 1 << 20


def is_remote(given: str | Path) -> bool:
    """Whether an input is an address, not a path of this machine."""
    return isinstance(given, str) and "://" in given


def brought(inputs: Sequence[str | Path], folder: Path) -> list[str | Path]:
    """The inputs, with a folder of files under `folder` in place of each address.

    An address is a file, a folder, or a pattern such as `s3://bucket/2024/*.jsonl.gz`.  Raises
    InputError where one cannot be had.
    """
    found: list[str | Path] = []
    for number, given in enumerate(inputs):
        if not is_remote(given):
            found.append(given)
            continue
        target = folder / f"address-{number}"
        target.mkdir()
        try:
            _bring(str(given), target)
        except InputError:
            raise
        except ImportError as error:
            raise InputError(
                f"{given} is read through fsspec, of which a part is missing ({error}): "
                f"{install('remote')}; what Hadoop opens, --engine spark does, too"
            ) from None
        except Exception as error:  # each filesystem has errors of its own
            raise InputError(f"{given}: {error or type(error).__name__}") from error
        found.append(target)
    return found


def _bring(address: str, target: Path) -> None:
    from fsspec.core import url_to_fs

    system, root = url_to_fs(address)
    for path, name in _files(system, root, address):
        parts = PurePosixPath(name).parts
        if not parts or ".." in parts or name.startswith("/"):
            raise InputError(f"{address}: it has a file called {name!r}")
        copy = target.joinpath(*parts)
        copy.parent.mkdir(parents=True, exist_ok=True)
        with system.open(path, "rb") as source, copy.open("wb") as file:
            shutil.copyfileobj(source, file, _CHUNK)


def _files(system: Any, root: str, address: str) -> Iterable[tuple[str, str]]:  # noqa: ANN401
    """Each file that an address stands for, with the name it gets."""
    if "*" in address:
        paths: list[str] = sorted(system.glob(root))
        base = root[: root.index("*")].rpartition("/")[0]
    else:
        folder = False
        with suppress(FileNotFoundError):  # HTTP lists no folders
            folder = system.isdir(root) and not system.isfile(root)
        paths = sorted(system.find(root)) if folder else [root]
        base = root.rstrip("/") if folder else ""
    if not paths:
        raise InputError(f"{address}: there is no file")
    for path in paths:
        name = path[len(base) :].lstrip("/") if base else _name(path)
        yield path, name


def _name(path: str) -> str:
    """The name of a single file: the last part of its path, without a query."""
    return unquote(PurePosixPath(urlsplit(path).path).name) or "index.html"
