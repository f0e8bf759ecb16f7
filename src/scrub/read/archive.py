"""Members of `.zip` and `.tar` files, streamed out of the archive and never written to disk.

Of a WACZ, which is a ZIP archive, only its WARCs are members: its page list has the same pages.
"""

from __future__ import annotations

import stat
import struct
import tarfile
import zipfile
import zlib
from copy import copy
from typing import IO, TYPE_CHECKING, Self

from scrub.read.stream import CHUNK, UnreadableError, as_file, expand
from scrub.read.walk import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from scrub.read.stream import Meter

# Of these zipfile unpacks whatever a few bytes give at once, so it hands on the bytes as they are.
_METHODS = {12: "bz2", 14: "lzma", 93: "zst"}
_PIECE = 1 << 16  # compressed bytes taken at once
_ENDS_BY_MARK = 2  # the flag of a member whose LZMA stream says itself where it ends
# Headers of tar that describe the next one, for long names and the like: the library reads them
# whole, and takes ten times their size.  By hand: a thousand times what archivers write.
_ABOUT_NEXT = (b"x", b"g", b"X", b"L", b"K")
_LONGEST_HEADER = 1 << 20

Member = tuple[str, "Iterator[bytes] | UnreadableError"]


def zip_members(
    file: IO[bytes], size: int, meter: Meter, taken: Callable[[int], None]
) -> Iterator[Member]:
    """Name and content of each member, by name; an UnreadableError where it must not be read.

    `size` is that of the archive, `taken` is called with what each member takes of it.
    """
    archive = open_zip(file)
    left = size
    is_wacz = _is_wacz(archive.namelist())  # at the top, or in the folder it was packed with
    for info in sorted(archive.infolist(), key=lambda info: info.filename):
        if info.is_dir() or (is_wacz and not _is_crawl(info.filename)):
            continue
        # Members may claim the same bytes; together they take no more than there are.
        taken(min(info.compress_size, left))
        left -= min(info.compress_size, left)
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            problem = "a link or device"
        elif info.flag_bits & 1:
            yield _printable(info.filename), UnreadableError("encrypted", "needs a password")
            continue
        else:
            problem = _unsafe(info.filename)
        if problem:
            yield _printable(info.filename), UnreadableError("unsafe-member", problem)
        elif not _hidden(info.filename):
            yield _printable(info.filename), zip_chunks(archive, info, meter)


def _is_wacz(names: list[str]) -> bool:
    """Whether these are the members of a WACZ, a web archive with its indexes and page list."""
    packages = [name.removesuffix(_PACKAGE) for name in names if name.endswith(_PACKAGE)]
    return (
        len(packages) == 1
        and all(n.startswith(packages[0]) for n in names)
        and any(map(_is_crawl, names))
    )


_PACKAGE = "datapackage.json"


def _is_crawl(name: str) -> bool:
    return "archive" in name.split("/")[:-1] and ".warc" in name.lower()


def open_zip(file: IO[bytes] | str) -> zipfile.ZipFile:
    """A ZIP archive.  Raises UnreadableError where a file is none."""
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error) as error:
        raise UnreadableError("damaged", f"not a sound ZIP archive: {error}") from None


def zip_chunks(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, meter: Meter
) -> Generator[bytes, None, None]:
    """The content of a member in metered pieces.  Raises UnreadableError."""
    try:
        if compression := _METHODS.get(info.compress_type):
            yield from _sound(expand(_stored(archive, info), compression, meter), info)
            return
        with archive.open(info) as member:
            while chunk := member.read(CHUNK):
                meter.add(len(chunk))
                yield chunk
    except EOFError:
        raise UnreadableError("truncated", "the member ends early") from None
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        struct.error,
    ) as error:
        raise UnreadableError("damaged", f"not a sound ZIP member: {error}") from None


def _stored(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The compressed bytes of a member, LZMA under the header that streams of it have."""
    raw = copy(info)
    raw.compress_type, raw.file_size = zipfile.ZIP_STORED, info.compress_size
    del raw.CRC  # it is that of the content
    with archive.open(raw) as member:
        if info.compress_type == zipfile.ZIP_LZMA:
            _, length = struct.unpack("<HH", member.read(4))
            size = -1 if info.flag_bits & _ENDS_BY_MARK else info.file_size
            yield member.read(length) + size.to_bytes(8, "little", signed=True)
        while chunk := member.read(_PIECE):
            yield chunk


def _sound(chunks: Iterator[bytes], info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The chunks, of which size and checksum are compared at the end."""
    size = checksum = 0
    for chunk in chunks:
        size, checksum = size + len(chunk), zlib.crc32(chunk, checksum)
        yield chunk
    if (size, checksum) != (info.file_size, info.CRC):
        raise zipfile.BadZipFile("another size or checksum than it says")


class _Header(tarfile.TarInfo):
    """A header that is sound, of a size that a person's has; the library ends where one is not."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        """The header of a block.  Raises UnreadableError."""
        try:
            found = super().frombuf(buf, encoding, errors)
        except tarfile.HeaderError as error:
            if not buf.strip(b"\0"):  # an end, of the file or of an archive
                raise
            if len(buf) < tarfile.BLOCKSIZE:
                raise UnreadableError("truncated", "the archive ends within a header") from None
            raise UnreadableError("damaged", f"not a sound tar archive: {error}") from None
        if found.size < 0 or (found.type in _ABOUT_NEXT and found.size > _LONGEST_HEADER):
            raise UnreadableError("damaged", f"a header that says it has {found.size:,} bytes")
        return found


def tar_members(chunks: Iterator[bytes]) -> Iterator[Member]:
    """The same for a tar stream, in its own order, and for archives one after the other."""
    file = as_file(chunks)
    try:
        with tarfile.open(fileobj=file, mode="r|", tarinfo=_Header, ignore_zeros=True) as archive:
            while info := archive.next():
                archive.members.clear()  # type: ignore[attr-defined] # it would hold all
                name = _printable(info.name)
                if info.isdir() or _hidden(info.name):
                    continue
                if not info.isreg() or info.issparse():
                    yield name, UnreadableError("unsafe-member", "a link, device or sparse file")
                elif problem := _unsafe(info.name):
                    yield name, UnreadableError("unsafe-member", problem)
                else:
                    yield name, _tar_chunks(archive, info)
    except RecursionError:
        raise UnreadableError("damaged", "headers about headers, without a member") from None
    except (tarfile.TarError, ValueError, OSError) as error:
        raise UnreadableError("damaged", f"not a sound tar archive: {error}") from None


def _tar_chunks(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Iterator[bytes]:
    member = archive.extractfile(info)
    assert member is not None
    left = info.size
    try:
        while chunk := member.read(min(CHUNK, left)):
            left -= len(chunk)
            yield chunk
    except tarfile.ReadError:
        pass
    if left:  # whichever way it stated it
        raise UnreadableError("truncated", "the archive ends within this member")


def _unsafe(name: str) -> str:
    """Why a member's name points out of the archive (CWE-22); "" where it does not."""
    parts = name.replace("\\", "/").split("/")
    if not parts[0] or parts[0].endswith(":"):
        return "an absolute path"
    return "a path out of the archive" if ".." in parts else ""


def _hidden(name: str) -> bool:
    parts = name.removeprefix("./").split("/")
    return any((part.startswith(".") and part != "..") or part == "__MACOSX" for part in parts)


def _printable(name: str) -> str:
    return printable(name.removeprefix("./"))
