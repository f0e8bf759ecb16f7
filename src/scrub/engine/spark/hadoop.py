"""Files on any filesystem that Hadoop has a class for, seen from the driver."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from py4j.protocol import Py4JJavaError

from scrub.address import Address
from scrub.errors import InputError, OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from pyspark.sql import SparkSession

_MAGIC = frozenset("*?[]{}\\,")


class File(NamedTuple):
    """A file: its address, its name relative to the input, its bytes, and when it was changed."""

    path: str
    name: str
    size: int
    modified: int  # milliseconds of Unix time


class Hadoop:
    """The filesystems of a session, by the addresses of their files."""

    def __init__(self, spark: SparkSession) -> None:
        """Use the session's configuration, which has the credentials."""
        context: Any = spark.sparkContext
        self._path: Callable[[str], Any] = context._jvm.org.apache.hadoop.fs.Path
        self._configuration = context._jsc.hadoopConfiguration()

    def find(self, inputs: Iterable[str], exclude: Sequence[str] = ()) -> list[File]:
        """Every file under `inputs` (folders, files, globs), sorted by relative name, each once.

        Names that begin with a dot or an underscore are passed over in folders, as Hadoop does.
        Raises InputError where nothing is found, or cannot be.
        """
        own = [self._qualified(address) for address in exclude]
        found: dict[str, File] = {}
        for given in inputs:
            try:
                files = list(self._files(given))
            except Py4JJavaError as error:
                raise InputError(f"{given}: {_reason(error)}") from error
            if not files:
                raise InputError(f"{given}: no such file or folder, or nothing in it")
            for file in files:
                if not any(file.path.startswith(f"{folder}/") for folder in own):
                    found.setdefault(file.path, file)
        return sorted(found.values(), key=lambda file: (file.name, file.path))

    def exists(self, address: str) -> bool:
        """Whether a file or folder is there.  Raises OutputError."""
        return bool(self._do(address, lambda system, path: system.exists(path)))

    def write(self, address: str, data: bytes) -> None:
        """Write a file, whole.  Raises OutputError."""

        def create(system: Any, path: Any) -> None:  # noqa: ANN401 - objects of the JVM
            stream = system.create(path, True)
            stream.write(bytearray(data))
            stream.close()

        self._do(address, create)

    def move(self, source: str, target: str) -> None:
        """Give a folder its final name, which is free.  Raises OutputError."""
        if not self._do(target, lambda system, path: system.rename(self._path(source), path)):
            raise OutputError(f"{target}: cannot be written")

    def remove(self, address: str) -> None:
        """Remove a file, or a folder and all in it, if it is there.  Raises OutputError."""
        self._do(address, lambda system, path: system.delete(path, True))

    def make_folder(self, address: str) -> None:
        """Make a folder that may be there already.  Raises OutputError."""
        self._do(address, lambda system, path: system.mkdirs(path))

    def names(self, address: str, *, folders: bool = False) -> list[str]:
        """The names of the files in a folder, or of its folders, in order.  Raises OutputError."""
        found = self._do(address, lambda system, path: system.listStatus(path))
        return sorted(
            str(status.getPath().getName()) for status in found if status.isDirectory() == folders
        )

    def fetch(self, address: str, path: Path) -> None:
        """Copy a file to `path` on this machine.  Raises OutputError."""

        def copy(system: Any, source: Any) -> None:  # noqa: ANN401 - objects of the JVM
            system.copyToLocalFile(False, source, self._path(path.as_uri()), True)

        self._do(address, copy)

    def _do(self, address: str, action: Callable[[Any, Any], Any]) -> Any:  # noqa: ANN401
        path = self._path(address)
        try:
            return action(path.getFileSystem(self._configuration), path)
        except Py4JJavaError as error:
            raise OutputError(f"{address}: {_reason(error)}") from error

    def _qualified(self, address: str) -> str:
        return str(self._do(address, lambda system, path: system.makeQualified(path))).rstrip("/")

    def _files(self, given: str) -> Iterator[File]:
        path = self._path(given)
        system = path.getFileSystem(self._configuration)
        pattern = next((at for at, sign in enumerate(given) if sign in _MAGIC), 0)
        top = given[: given.rindex("/", 0, pattern) + 1] if pattern else given
        root = str(system.makeQualified(self._path(top))).rstrip("/")
        for status in system.globStatus(path) or ():
            if not status.isDirectory():
                name = str(status.getPath().getName())
                yield _file(status, root if pattern else str(status.getPath())[: -len(name)])
                continue
            files = system.listFiles(status.getPath(), True)
            while files.hasNext():
                file = _file(files.next(), root)
                if not any(part[0] in "._" for part in file.name.split("/")):
                    yield file


def escaped(path: str) -> str:
    """A path of one file, for Spark's readers, which take patterns."""
    return "".join(f"\\{sign}" if sign in _MAGIC else sign for sign in path)


def inside(inputs: Iterable[str], out: Address) -> None:
    """Raise InputError where an input is in the output folder."""
    for given in inputs:
        if f"{given}/".startswith(f"{out.rstrip('/')}/"):
            raise InputError(f"{given} is inside the output folder; name another input")


def _file(status: Any, root: str) -> File:  # noqa: ANN401 - an object of the JVM
    path = str(status.getPath().toString())
    name = path.removeprefix(root).lstrip("/")
    return File(path, name, int(status.getLen()), int(status.getModificationTime()))


def _reason(error: Py4JJavaError) -> str:
    return str(error.java_exception.toString()).splitlines()[0]
