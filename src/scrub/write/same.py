"""The corpus in the form of its inputs: each file again, under its name in `corpus/`, without the
records that are copies, or with all of them marked.

A file that is no table and no JSON (a text, a page, a feed, an archive) goes or stays whole: it
goes where every document in it is a copy and nothing of it was rejected.  What was not read as a
document stays, but for documents that do not pass a quality filter.
"""

from __future__ import annotations

import bz2
import codecs
import lzma
import os
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from itertools import chain, islice
from typing import Any

from scrub.config import ReadSettings
from scrub.document import Rejection
from scrub.errors import InputError, OutputError
from scrub.read.encoding import as_utf8, wide_encoding
from scrub.read.reader import opened, split_name, top
from scrub.read.record import Builder
from scrub.read.stream import Input, Meter, UnreadableError, from_file
from scrub.read.walk import Entry, changed, open_regular, outer_names
from scrub.write.columns import columns
from scrub.write.corpus import write_lines
from scrub.write.output import Output
from scrub.write.records import STAYS, Fate, Mark, Turn, json_lines, json_values, table
from scrub.zstandard import zstd

_RECORDS: dict[str, Callable[[Callable[[], Input], Turn], Iterator[bytes]]] = {
    "jsonl.read_jsonl": json_lines,
    "jsonfile.read_json": json_values,
    "tables.read_csv": table,
    "tables.read_tsv": partial(table, delimiter="\t"),
    "parquet.read_parquet": columns,
}
_HEAD = 4096
_LOOKED_AT = 100_000  # records of a file that may be held to see whether one of them goes; by hand
_GZIP = 31  # zlib's number for gzip with the largest window
_COMPRESSORS: dict[str, Callable[[], Any]] = {
    "gz": partial(zlib.compressobj, 6, zlib.DEFLATED, _GZIP),
    "bz2": bz2.BZ2Compressor,
    "xz": lzma.LZMACompressor,
    "zst": zstd.ZstdCompressor,
}


class Again:
    """A pass over the inputs: gives each record its fate, in the order in which they were read.

    `whole` are the names of files that hold copies and could not be cut.
    """

    def __init__(
        self,
        fates: Iterable[Fate],
        rejections: Sequence[Rejection],
        settings: ReadSettings,
        *,
        mark: Mark,
    ) -> None:
        self.build = Builder(settings)
        self.mark, self.texts_left = mark, 0
        self.whole: list[str] = []
        self._settings = settings
        self._fates = iter(fates)
        self._next: deque[Fate] = deque()
        self._filtered = {r.path for r in rejections if r.reason == "quality"}
        others = [r for r in rejections if r.reason != "quality"]
        self._failed = {r.path for r in others}
        self._too_large = {_file_of(r.path) for r in others if r.reason == "too-large"}
        self._with_filtered = set(map(_file_of, self._filtered))
        self._with_rejected = {part for r in others for part in outer_names(r.path)}

    def fate(self, path: str) -> Fate:
        """What becomes of the record that stands there."""
        if (ahead := self._ahead()) and ahead[0].path == path:
            return self._next.popleft()
        return Fate(path, False, relation="quality") if path in self._filtered else STAYS

    def warnings(self) -> Iterator[str]:
        """What could not be done as it was asked for."""
        if self.whole:
            more = f" and {len(self.whole) - 1:,} more" if len(self.whole) > 1 else ""
            what = (
                "no JSON Lines; no attributes of it"
                if self.mark == "attributes"
                else ("no records to part; written whole, with its copies")
            )
            yield f"{self.whole[0]!r}{more}: {what}"
        if self.texts_left:
            yield f"{self.texts_left:,} texts stand deeper in their records and are as they were"

    def file(self, entry: Entry) -> Iterator[bytes] | None:
        """What takes the place of a file, in pieces; None where nothing does."""
        try:
            pieces = self._cut(entry)
        except UnreadableError:
            pieces = None
        if pieces is None and self.mark == "attributes":
            copies = sum(not fate.kept for fate in self._of(entry.name))
            self.whole += [entry.name] if copies else []
            return None
        if pieces is not None:
            return pieces
        count = gone = 0
        for found in self._of(entry.name):
            count, gone = count + 1, gone + (not found.kept)
        if entry.name in self._filtered:
            count, gone = count + 1, gone + 1
        if 0 < gone == count and not self.mark and entry.name not in self._with_rejected:
            return None
        if gone:
            self.whole.append(entry.name)
        return _bytes(entry)

    def _cut(self, entry: Entry) -> Iterator[bytes] | None:
        """The file without its copies; None where it is none of records, or has to stay whole."""
        ahead, name = self._ahead(2), entry.name
        mine = [fate for fate in ahead if _is_of(fate.path, name)]
        if not (mine or name in self._with_filtered) or name in self._failed:
            return None
        with ExitStack() as files:
            first = self._opened(entry, files)
            kind = first[1]
            source = next(first[0].chunks, b"")
        cutter = _RECORDS.get(kind)
        if self.mark == "attributes" and cutter is not json_lines:
            return None
        if cutter is None or (name in self._too_large and cutter is not json_lines):
            return None
        alone = [fate.path for fate in mine] == [name]
        if alone and not mine[0].kept and not self.mark:
            return None
        if not self.mark and name not in self._with_filtered and self._is_untouched(name):
            deque(self._of(name), 0)
            return _bytes(entry)
        return self._pieces(entry, cutter, b"" if cutter is columns else source[:_HEAD])

    def _pieces(
        self,
        entry: Entry,
        cutter: Callable[[Callable[[], Input], Turn], Iterator[bytes]],
        head: bytes,
    ) -> Iterator[bytes]:
        with ExitStack() as files:

            def open_() -> Input:
                source, _ = self._opened(entry, files)
                if cutter is columns:
                    return source
                return Input(source.name, source.folder, as_utf8(source.chunks)[0])

            pieces = cutter(open_, self)
            if wide := wide_encoding(head):
                pieces = _encoded(pieces, wide[0], "\ufeff".encode(wide[0]), head)
            elif head.startswith(codecs.BOM_UTF8):
                pieces = chain([codecs.BOM_UTF8], pieces)
            for compression in reversed(split_name(entry.name)[1]):
                pieces = _compressed(pieces, _COMPRESSORS[compression]())
            try:
                yield from pieces
            except UnreadableError as error:
                raise OutputError(f"{entry.name}: {error.detail}; run again") from None
        if (ahead := self._ahead()) and _is_of(ahead[0].path, entry.name):
            raise OutputError(f"{entry.name}: other records than were read; run again")

    def _opened(self, entry: Entry, files: ExitStack) -> tuple[Input, str]:
        file = files.enter_context(os.fdopen(open_regular(entry.path), "rb", buffering=0))
        meter = Meter.of(self._settings)

        def taken(size: int) -> None:
            meter.taken += size

        source = Input(entry.name, top(entry.name), from_file(file, taken), entry.path)
        return opened(source, meter, self.build)

    def _ahead(self, count: int = 1) -> list[Fate]:
        """The next fates, as many as there are."""
        while len(self._next) < count and (fate := next(self._fates, None)):
            self._next.append(fate)
        return list(islice(self._next, count))

    def _is_untouched(self, name: str) -> bool:
        """Whether all of a file stays as it is, so that a shard without copies is the same file."""
        for fate in islice(self._coming(), _LOOKED_AT):
            if not _is_of(fate.path, name):
                return True
            if not fate.kept or fate.text is not None:
                return False
        return len(self._next) < _LOOKED_AT

    def _coming(self) -> Iterator[Fate]:
        """The fates to come, which stay to be taken."""
        yield from list(self._next)
        for fate in self._fates:
            self._next.append(fate)
            yield fate

    def _of(self, name: str) -> Iterator[Fate]:
        """The fates of all documents of a file."""
        while (ahead := self._ahead()) and _is_of(ahead[0].path, name):
            yield self._next.popleft()


def write_same(output: Output, files: Sequence[Entry | Rejection], turn: Again) -> None:
    """Write the files that take the place of the inputs, in order, into `corpus/`.

    Raises InputError where a file was changed since it was read.
    """
    entries = [entry for entry in files if isinstance(entry, Entry)]
    if names := changed(entries):
        raise InputError(f"{names[0]} was changed while being read; nothing was written, run again")
    for entry in entries:
        if (pieces := turn.file(entry)) is not None:
            write_lines(output, f"corpus/{entry.name}", pieces)


def _file_of(path: str) -> str:
    return path.rpartition("#")[0] or path


def _is_of(path: str, name: str) -> bool:
    return path.startswith(name) and path[len(name) : len(name) + 1] in ("", "#", "/")


def _bytes(entry: Entry) -> Iterator[bytes]:
    with os.fdopen(open_regular(entry.path), "rb", buffering=0) as file:
        yield from from_file(file, lambda size: None)


def _encoded(pieces: Iterator[bytes], encoding: str, mark: bytes, head: bytes) -> Iterator[bytes]:
    """UTF-8 in another encoding, with its byte order mark where the file's head has it."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    if head.startswith(mark):
        yield mark
    for piece in pieces:
        yield decoder.decode(piece).encode(encoding)


def _compressed(pieces: Iterable[bytes], compressor: Any) -> Iterator[bytes]:  # noqa: ANN401
    for piece in pieces:
        yield compressor.compress(piece)
    yield compressor.flush()
