"""One file of named arrays, in the layout of safetensors: a JSON header, then plain numbers.

Data only: nothing in such a file can run.  Its header carries a CRC-32 of all the rest, so that a
file that was cut or damaged is found out before it is believed.  A file that is kept is packed:
each array that Zstandard makes smaller is one frame, of its numbers' first bytes, then their
second ones, and so on (the byte shuffle of Blosc and HDF5), and its entry says so.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import orjson
from isal import isal_zlib
from numpy.typing import NDArray

from scrub.errors import InputError, OutputError
from scrub.zstandard import zstd

Arrays = dict[str, NDArray[Any]]

_TYPES = {
    "U8": np.uint8,
    "U16": np.uint16,
    "U32": np.uint32,
    "I64": np.int64,
    "U64": np.uint64,
    "F64": np.float64,
}
_NAMES = {np.dtype(kind): name for name, kind in _TYPES.items()}
_START = b'{"__metadata__":{"crc32":"'
_SUM = 8  # hexadecimal digits
_ALIGNED = 64
_CHUNK = 1 << 20
_LEVEL = 1
# A frame of a few bytes may say that it is gigabytes: what is packed smaller is kept as it is.
_MOST = 1 << 8


class DamagedError(InputError):
    """A file of arrays that is not what was written."""


def write_arrays(
    path: Path, arrays: Mapping[str, NDArray[np.generic]], *, packed: bool = False
) -> None:
    """Write arrays under their names; the file appears whole, or not at all.

    Raises OSError where it cannot be written.
    """
    entries: dict[str, dict[str, Any]] = {}
    end, blocks = 0, []
    for name, array in arrays.items():
        entries[name] = {"dtype": _NAMES[array.dtype], "shape": list(array.shape)}
        block: Any = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
        if packed and block.size // _MOST < len(frame := _packed(array)) < block.size:
            block, entries[name]["packed"] = np.frombuffer(frame, np.uint8), True
        entries[name]["data_offsets"] = [end, end := end + block.size]
        blocks.append(block.data)
    header = _START + b"0" * _SUM + b'"},' + orjson.dumps(entries)[1:]
    # Numbers begin where processors like them to, when the longest types are written first.
    header += b" " * (-(8 + len(header)) % _ALIGNED)
    checksum = isal_zlib.crc32(header)
    for block in blocks:
        checksum = isal_zlib.crc32(block, checksum)
    header = header.replace(b"0" * _SUM, f"{checksum:08x}".encode(), 1)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with partial.open("wb") as file:
            file.write(len(header).to_bytes(8, "little"))
            file.write(header)
            for block in blocks:
                file.write(block)
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def write_file(folder: Path, name: str, arrays: Arrays, *, packed: bool = False) -> Path:
    """Write arrays to a file of `folder`; returns its path.  Raises OutputError."""
    path = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_arrays(path, arrays, packed=packed)
    except OSError as error:
        size = sum(array.nbytes for array in arrays.values()) / 1e6
        raise OutputError(
            f"{path}: {error.strerror} after up to {size:,.1f} MB of a working file; make room, or "
            "choose a --cache on another disk"
        ) from error
    return path


class ArrayFile:
    """A file of arrays, read piece by piece; `path` may be removed while it is not being read."""

    def __init__(self, path: Path, *, check: bool = True) -> None:
        """Read the header, and with `check` everything once.

        Raises DamagedError where the file is not what was written, OSError where it is not there.
        """
        self.path = path
        try:
            with path.open("rb") as file:
                size = int.from_bytes(file.read(8), "little")
                header = file.read(min(size, _CHUNK))
                self._start = 8 + size
                self._entries = orjson.loads(header)
                del self._entries["__metadata__"]
                end = _end(self._entries)
                if not header.startswith(_START) or os.fstat(file.fileno()).st_size != (
                    self._start + end
                ):
                    raise DamagedError(f"{path}: cut short")
                at = len(_START)
                # Digits are compared, not their value: a damaged 0 may be a space, an `a` an `A`.
                if check and header[at : at + _SUM] != b"%08x" % _checksum(header, at, file):
                    raise DamagedError(f"{path}: its checksum is another")
        except (orjson.JSONDecodeError, LookupError, TypeError, ValueError) as error:
            raise DamagedError(f"{path}: no arrays: {error}") from None

    def layout(self) -> dict[str, tuple[np.dtype[np.generic], tuple[int, ...]]]:
        """The type and the shape of each array, as the file says and its size allows."""
        return {
            name: (np.dtype(_TYPES[entry["dtype"]]), tuple(entry["shape"]))
            for name, entry in self._entries.items()
        }

    def __getitem__(self, name: str) -> NDArray[Any]:
        entry = self._entries[name]
        kind = np.dtype(_TYPES[entry["dtype"]])
        first, end = entry["data_offsets"]
        if entry.get("packed"):
            kind = np.dtype(np.uint8)
        array = np.fromfile(
            self.path, kind, (end - first) // kind.itemsize, offset=self._start + first
        )
        if entry.get("packed"):
            array = self._unpacked(name, array)
        return array.reshape(entry["shape"])

    def _unpacked(self, name: str, frame: NDArray[np.generic]) -> NDArray[np.generic]:
        """The numbers of an array, one after the other, of its frame.  Raises DamagedError."""
        entry = self._entries[name]
        kind = np.dtype(_TYPES[entry["dtype"]])
        size = kind.itemsize * prod(entry["shape"])
        frames = zstd.ZstdDecompressor()
        try:
            block = frames.decompress(frame.data, size)
        except zstd.ZstdError as error:
            raise DamagedError(f"{self.path}: {name}: {error}") from None
        if len(block) != size or not frames.eof or frames.unused_data:
            raise DamagedError(f"{self.path}: {name}: of another size")
        array = np.empty((size // kind.itemsize, kind.itemsize), np.uint8)
        for place, plane in enumerate(np.frombuffer(block, np.uint8).reshape(kind.itemsize, -1)):
            array[:, place] = plane  # three times as fast as a transposed copy
        return array.reshape(-1).view(kind)

    def bytes(self, name: str, first: int, end: int) -> bytes:
        """Some bytes of an array of bytes."""
        if self._entries[name].get("packed"):
            return _whole(self, name)[first:end]
        origin = self.begin(name)
        with self.path.open("rb") as file:
            file.seek(origin + first)
            return file.read(end - first)

    def begin(self, name: str) -> int:
        """Where an array begins in the file."""
        return int(self._start + self._entries[name]["data_offsets"][0])


@lru_cache(4)
def _whole(file: ArrayFile, name: str) -> bytes:
    """A packed array of bytes; mostly its parts are asked for one after the other."""
    return file[name].tobytes()


def _packed(array: NDArray[np.generic]) -> bytes:
    """An array as a frame of Zstandard."""
    planes = array.reshape(-1).view(np.uint8).reshape(-1, array.itemsize).T
    return zstd.compress(np.ascontiguousarray(planes).data, _LEVEL)


def _end(entries: Mapping[str, Any]) -> int:
    """Where the last array ends; each begins where the one before ended, and fills its place.

    Raises ValueError where that is not so.
    """
    at = 0
    for name, entry in entries.items():
        first, end = entry["data_offsets"]
        shape = entry["shape"]
        if not all(type(size) is int and size >= 0 for size in (first, end, *shape)):
            raise ValueError(f"{name}: no sizes")
        size, packed = np.dtype(_TYPES[entry["dtype"]]).itemsize * prod(shape), entry.get("packed")
        if (
            first != at
            or (end < first or size // _MOST > end - first if packed else end - first != size)
            or packed not in (None, True)
        ):
            raise ValueError(f"{name}: in another place or of another size than it says")
        at = end
    return at


def _checksum(header: bytes, at: int, file: BinaryIO) -> int:
    checksum = isal_zlib.crc32(header[:at] + b"0" * _SUM + header[at + _SUM :])
    while block := file.read(_CHUNK):
        checksum = isal_zlib.crc32(block, checksum)
    return checksum


def starts_of(pieces: Sequence[bytes]) -> NDArray[np.int64]:
    """Where each piece begins among all, and where the last ends."""
    starts = np.zeros(len(pieces) + 1, np.int64)
    np.cumsum([len(piece) for piece in pieces], out=starts[1:])
    return starts


def joined(pieces: Sequence[bytes]) -> NDArray[np.uint8]:
    """The pieces, one after the other."""
    return np.frombuffer(b"".join(pieces), np.uint8)
