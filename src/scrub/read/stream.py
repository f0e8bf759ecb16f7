"""Bytes of a file, unpacked in chunks of bounded size, with a cap on how far they may expand.

Each compression is read as concatenated streams and with bounded output per call, so that memory
follows the chunk and a bomb is stopped by the meter (CWE-409).  gzip goes through ISA-L, which
takes half the time of zlib.
"""

from __future__ import annotations

import bz2
import io
import lzma
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, NoReturn, Protocol, TypeVar

from isal import igzip_lib

from scrub.document import Rejection
from scrub.zstandard import zstd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from scrub.config import ReadSettings

T = TypeVar("T")

COMPRESSIONS = ("gz", "bz2", "xz", "zst")
_MAGIC = {"gz": b"\x1f\x8b\x08", "bz2": b"BZh", "xz": b"\xfd7zXZ\0", "zst": b"\x28\xb5\x2f\xfd"}
CHUNK = 1 << 20
_INPUT = 1 << 19
HELD = 1e9  # bytes of a file within another one that a library wants whole, in memory; by hand
_MOST_DAMAGED = 1000  # members, by hand: each may be looked through up to a chunk
_XZ_MEMORY = 1 << 28  # `xz -9` needs 64 MB to unpack
_ZSTD_WINDOW = 27  # bits of the largest window that `zstd -d` takes unasked
_DAMAGE: tuple[type[Exception], ...] = (
    OSError,
    lzma.LZMAError,
    igzip_lib.IsalError,  # type: ignore[assignment] # its stub takes the class for an instance
    zstd.ZstdError,
)


class UnreadableError(Exception):
    """Data that cannot be read: a stable reason word, and a detail for people."""

    def __init__(self, reason: str, detail: str) -> None:
        """`reason` is one word of the table in `scrub.read`."""
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


@dataclass(slots=True, frozen=True)
class Place:
    """Where a record stands: its file's name, its top folder, its number and line (0: none)."""

    name: str
    folder: str
    number: int = 0
    line: int = 0

    @property
    def path(self) -> str:
        """The relative name, with `#N` for the N-th record of a file of many."""
        return f"{self.name}#{self.number}" if self.number else self.name

    def reject(self, error: UnreadableError) -> Rejection:
        """The rejection of what stands here."""
        detail = f"line {self.line}: {error.detail}" if self.line else error.detail
        # What a library quotes of a file need be no sound text.
        detail = detail.encode("utf-8", "backslashreplace").decode()
        return Rejection(self.path, self.path, error.reason, detail)


@dataclass(slots=True, frozen=True)
class Input:
    """A file, or a member of an archive, as its reader sees it: unpacked bytes and a name.

    `path` is where the same bytes lie on disk, "" where they do not.
    """

    name: str
    folder: str
    chunks: Iterator[bytes]
    path: str = ""

    def place(self, number: int = 0, line: int = 0) -> Place:
        """The place of the `number`-th record, on `line`; of the only record without them."""
        return Place(self.name, self.folder, number, line)


@dataclass(slots=True)
class Meter:
    """Counts bytes taken from the disk and bytes made of them, and stops a bomb."""

    max_bytes: float
    max_ratio: float
    free: float
    taken: int = 0
    made: int = 0
    spent: bool = False  # whether a limit was passed

    @classmethod
    def of(cls, settings: ReadSettings) -> Meter:
        """A fresh meter; one record of the largest size may be made from any few bytes."""
        return cls(settings.max_expanded_gb * 1e9, settings.max_ratio, settings.max_record_mb * 1e6)

    def require(self, size: int) -> None:
        """Raise UnreadableError where so many bytes are more than the limits allow."""
        replace(self).add(size)

    def add(self, made: int) -> None:
        """Note `made` expanded bytes; raises UnreadableError past a limit."""
        self.made += made
        self.spent = self.made > min(self.max_bytes, self.free + self.max_ratio * self.taken)
        if self.made > self.max_bytes:
            raise UnreadableError(
                "expands-too-much", f"more than {self.max_bytes:.0f} bytes expanded"
            )
        if self.spent:
            raise UnreadableError(
                "expands-too-much", f"more than {self.max_ratio:g} times its compressed size"
            )


def from_file(file: io.RawIOBase | io.FileIO, taken: Callable[[int], None]) -> Iterator[bytes]:
    """Chunks of an open file; `taken` is called with the length of each."""
    while chunk := file.read(_INPUT):
        taken(len(chunk))
        yield chunk


def compression_of(head: bytes) -> str:
    """What bytes that begin so are compressed with, one of COMPRESSIONS; "" where nothing."""
    return next((kind for kind, magic in _MAGIC.items() if head.startswith(magic)), "")


def expand(
    chunks: Iterable[bytes], compression: str, meter: Meter, *, of_records: bool = False
) -> Iterator[bytes]:
    """The content of a compressed stream (`gz bz2 xz zst lzma`), metered.

    Where gzip has a member for each one `of_records`, a damaged one is passed on as it is.  Raises
    UnreadableError where the stream is damaged, cut off, or expands too much.
    """
    unpack = _expand(chunks, compression, of_records=of_records and compression == "gz")
    try:
        yield from _gathered(_metered(unpack, meter))
    except EOFError:
        raise UnreadableError("truncated", f"the {compression} stream ends early") from None
    except _DAMAGE as error:
        raise UnreadableError("damaged", f"not a sound {compression} stream: {error}") from None


def _metered(chunks: Iterator[bytes], meter: Meter) -> Iterator[bytes]:
    for chunk in chunks:
        meter.add(len(chunk))
        yield chunk


def _gathered(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes in chunks of about _INPUT or more: of many members each may give a few."""
    parts: list[bytes] = []
    size = 0
    try:
        for chunk in chunks:
            parts.append(chunk)
            size += len(chunk)
            if size >= _INPUT:
                yield b"".join(parts)
                parts.clear()
                size = 0
    except Exception:  # what came before is whole
        if size:
            yield b"".join(parts)
        raise
    if size:
        yield b"".join(parts)


class _Decompressor(Protocol):
    """What the decompressors share."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


def _decompressor(compression: str) -> _Decompressor:
    if compression == "gz":
        return igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_GZIP)
    if compression == "bz2":
        return bz2.BZ2Decompressor()
    if compression == "xz":
        return lzma.LZMADecompressor(memlimit=_XZ_MEMORY)
    if compression == "lzma":  # the older format, as members of a ZIP archive have it
        return lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=_XZ_MEMORY)
    return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW})


def _expand(chunks: Iterable[bytes], compression: str, *, of_records: bool) -> Iterator[bytes]:
    """What the members of a stream hold; where they are `of_records`, a damaged one as it is.

    One whose content is more than a chunk ends the stream all the same, as do too many.
    """
    inner: _Decompressor | None = None
    taken: list[bytes] = []  # of the member, before unpacking and after; nothing where it is large
    given: list[bytes] = []
    damaged = 0
    for chunk in chunks:
        data = chunk
        while data or (inner is not None and not inner.needs_input):
            if inner is None:
                data = data.lstrip(b"\0")  # padding between members
                if not data:
                    break
                inner, taken, given, size = _decompressor(compression), [], [], 0
            if of_records and size <= CHUNK:
                taken.append(data)
            try:
                out = inner.decompress(data, CHUNK)
            except _DAMAGE:
                damaged += 1
                sound = b"".join(given)
                is_lost = not of_records or size > CHUNK or damaged > _MOST_DAMAGED
                if is_lost or b"\r\n\r\nWARC/" in sound:  # a member that holds many records
                    yield sound
                    raise
                raw = b"".join(taken)
                end = raw.find(_MAGIC["gz"], 1)
                end = end if end > 0 else len(raw)
                yield b"\r\n" + raw[:end] + b"\r\n\r\n"
                data, inner = raw[end:], None
                continue
            data = b""
            size += len(out)
            given.append(out)
            if inner.eof:
                data, inner = inner.unused_data, None
            if inner is None or size > CHUNK:
                yield b"".join(given)
                given, taken = [], []
    if inner is not None:
        yield b"".join(given)
        raise EOFError


class _ChunkFile(io.RawIOBase):
    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._rest:
            self._rest = memoryview(next(self._chunks, b""))
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


def as_file(chunks: Iterable[bytes]) -> io.BufferedReader:
    """A file object over chunks, for libraries that want one."""
    return io.BufferedReader(_ChunkFile(chunks), 1 << 16)


def ahead(items: Iterator[T], enough: Callable[[list[T]], bool]) -> tuple[list[T], Iterator[T]]:
    """The first items, until they are `enough`, and the rest, which begins with what ended them."""
    found: list[T] = []
    try:
        while not enough(found):
            found.append(next(items))
    except StopIteration:
        return found, iter(())
    except UnreadableError as error:
        return found, _raising(error)
    return found, items


def _raising(error: UnreadableError) -> Iterator[NoReturn]:
    raise error
    yield


def peeked(
    chunks: Iterator[bytes], enough: Callable[[bytes], bool]
) -> tuple[bytes, Iterator[bytes]]:
    """The beginning of some chunks, until it is `enough`, and all of them: it is the first."""
    found, rest = ahead(chunks, lambda found: enough(b"".join(found)))
    head = b"".join(found)
    return head, chain([head], rest)


def whole(chunks: Iterable[bytes], limit: float) -> bytes:
    """All chunks as one record; raises UnreadableError("too-large") past `limit` bytes."""
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise UnreadableError(
                "too-large", f"larger than {limit / 1e6:g} MB (read.max_record_mb)"
            )
        parts.append(chunk)
    return b"".join(parts)


def lines(chunks: Iterable[bytes], limit: float) -> Iterator[bytes | None]:
    """Lines without the `\\n` that ends them; None stands for a line past `limit` bytes."""
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        head, *rest = chunk.split(b"\n")
        size += len(head)
        if size <= limit:
            parts.append(head)
        else:
            parts.clear()  # the line goes on, but nothing of it is kept
        if not rest:
            continue
        yield b"".join(parts) if size <= limit else None
        last = rest.pop()
        for line in rest:
            yield line if len(line) <= limit else None
        parts, size = [last], len(last)
    if size:
        yield b"".join(parts) if size <= limit else None
