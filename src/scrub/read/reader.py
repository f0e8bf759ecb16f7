"""The read stage: inputs in, a stream of documents and rejections out.

Files come in the order of their relative names, records in the order they stand in; the order of
the arguments is idle.  Data that cannot be read is a rejection, never an exception.
"""

from __future__ import annotations

import os
import re
from collections import deque
from concurrent.futures import Future
from contextlib import closing
from dataclasses import replace
from importlib import import_module
from itertools import chain
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from scrub.document import Document, Rejection
from scrub.limits import TooSlow, limited, seconds_for, watched
from scrub.read.archive import tar_members, zip_members
from scrub.read.encoding import is_text
from scrub.read.html import Extractors
from scrub.read.ids import Ids
from scrub.read.jsonfile import of_values
from scrub.read.record import Builder, Pending
from scrub.read.signs import begins_prose, ending_of
from scrub.read.stream import (
    COMPRESSIONS,
    Input,
    Meter,
    Place,
    UnreadableError,
    compression_of,
    expand,
    from_file,
)
from scrub.read.unread import REMEDIES
from scrub.read.walk import Entry, find, open_regular

if TYPE_CHECKING:
    import io
    from collections.abc import Callable, Generator, Iterator, Sequence
    from pathlib import Path

    from scrub.config import ReadSettings
    from scrub.read.record import Result

# The endings of file names by the module.function that reads them, imported when first needed.
READERS = {
    "text.read_text": "txt text rst org adoc asciidoc",
    "text.read_markdown": "md markdown",
    "rtf.read_rtf": "rtf",
    "office.read_docx": "docx docm",
    "office.read_odt": "odt",
    "epub.read_epub": "epub",
    "sheets.read_sheets": "xlsx xlsm xlsb xls ods",
    "mail.read_mbox": "mbox",
    "mail.read_mail": "eml mhtml mht",
    "html.read_html": "html htm xhtml",
    "feed.read_feed": "xml rss atom enex rdf sgml sgm xmi",
    "jsonl.read_jsonl": "jsonl ndjson jl jsonlines",
    "jsonfile.read_json": "json",
    "har.read_har": "har",
    "har.read_webarchive": "webarchive",
    "tables.read_csv": "csv",
    "tables.read_tsv": "tsv tab",
    "vertical.read_vertical": "vert vrt conllu",
    "parquet.read_parquet": "parquet arrow feather orc",
    "warc.read_warc": "warc wet",
    "warc.read_arc": "arc",
}
FORMATS = {ending: reader for reader, named in READERS.items() for ending in named.split()}
_ZIPPED = ("zip", "wacz")
_POINTER = b"version https://git-lfs.github.com/spec/"
_CAPITALS = re.compile(r"(?:\A|/)[A-Z]+\Z")
_AHEAD = 4  # results that wait for a page, for each worker
# Rejections of one file may take this many bytes, and as many as the file has, before they are
# counted together.  By hand: a row for each of 10,000 records however small they are.
_ROOM = 1 << 20
_SLOW = "its reading took more processor time than a file of its size may"
_TOGETHER = {f"t{kind}": ("tar", kind) for kind in ("bz2", "xz", "zst")} | {"tgz": ("tar", "gz")}


def read(
    inputs: Sequence[Path | str],
    settings: ReadSettings,
    *,
    exclude: Sequence[Path] = (),
    jobs: int = 0,
) -> Iterator[Document | Rejection]:
    """Documents and rejections of all inputs: folders, files and globs; see Reader.

    What lies under `exclude` is never read.  Raises InputError at once where one does not exist.
    """
    return iter(Reader(find(inputs, exclude), settings, jobs=jobs))


class Reader:
    """Iterates over the documents of files in their order, and reports how far it is.

    `total_bytes` is their size on disk, `bytes_read` what has been taken of it so far.  Pages are
    extracted by up to `jobs` processes (0: one for each core).
    """

    def __init__(
        self, files: Sequence[Entry | Rejection], settings: ReadSettings, *, jobs: int = 0
    ) -> None:
        self._settings, self._files = settings, list(files)
        self.total_bytes = sum(f.size for f in files if isinstance(f, Entry))
        self.bytes_read = 0
        self._jobs = jobs or os.cpu_count() or 1

    def __iter__(self) -> Iterator[Document | Rejection]:
        ids = Ids()
        with closing(self.as_given()) as results:
            for result in results:
                yield ids.make_unique(result)

    def as_given(self) -> Generator[Document | Rejection, None, None]:
        """The same with the ids that the inputs give, which may repeat."""
        self.bytes_read = documents = 0
        with closing(extracted(self._results(), self._settings, self._jobs)) as results:
            for result in results:
                yield result
                documents += isinstance(result, Document)
                if documents >= (self._settings.limit or float("inf")):
                    return

    def _results(self) -> Iterator[Result]:
        build = Builder(self._settings)
        with closing(build.worker), watched():
            for found in self._files:
                if isinstance(found, Rejection):
                    yield found
                else:
                    yield from self._file(found, build)

    def _file(self, entry: Entry, build: Builder) -> Iterator[Result]:
        """What one file on disk holds; whatever goes wrong ends in one more rejection."""
        before = self.bytes_read
        place = Place(entry.name, top(entry.name))
        try:
            file = os.fdopen(open_regular(entry.path), "rb", buffering=0)
        except OSError as error:
            yield place.reject(UnreadableError("unreadable", error.strerror or str(error)))
            return
        with file:
            meter = Meter.of(self._settings)

            def taken(size: int) -> None:
                self.bytes_read += size
                meter.taken += size

            source = Input(entry.name, place.folder, from_file(file, taken), entry.path)
            try:
                results = self._unpack(source, file, entry.size, meter, taken, build)
                empty = True
                for result in _counted(_timed(results, meter), meter):
                    empty = False
                    yield result
                if empty:
                    raise UnreadableError("empty", "no records")
            except UnreadableError as error:
                yield place.reject(error)
            except Exception as error:  # a fault of ours or of a library must not lose the rest
                yield place.reject(UnreadableError("failed", f"{type(error).__name__}: {error}"))
        self.bytes_read = before + entry.size

    def _unpack(
        self,
        source: Input,
        file: io.FileIO,
        size: int,
        meter: Meter,
        taken: Callable[[int], None],
        build: Builder,
    ) -> Iterator[Result]:
        """Records of a file, or of each member where it is an archive."""
        kind, compressions = split_name(source.name)
        if kind in _ZIPPED and not compressions:
            members = zip_members(file, size, meter, taken)
        elif kind == "tar":
            members = tar_members(_expanded(source.chunks, compressions, meter))
        else:
            yield from _records(source, meter, build)
            return
        for name, content in members:
            place = Place(f"{source.name}/{name}", source.folder or top(name))
            if isinstance(content, UnreadableError):
                yield place.reject(content)
                continue
            try:
                yield from _records(Input(place.name, place.folder, content), meter, build)
            except TooSlow:
                yield place.reject(UnreadableError("too-slow", _SLOW))
            except UnreadableError as error:
                yield place.reject(error)
                if meter.spent:  # by all members together
                    return


def extracted(
    results: Iterator[Result], settings: ReadSettings, jobs: int
) -> Generator[Document | Rejection, None, None]:
    """What the readers found, in its order, with the texts of pages that up to `jobs` extract."""
    waiting: deque[Document | Rejection | Future[Document | Rejection]] = deque()
    with closing(Extractors(settings.html_seconds, jobs)) as extractors:
        for result in results:
            if isinstance(result, Pending):
                waiting.append(extractors.submit(result))
            elif waiting:  # behind a page that is with a worker
                waiting.append(result)
            else:
                yield result
            while len(waiting) > _AHEAD * jobs or (waiting and _is_done(waiting[0])):
                yield _wait(waiting.popleft())
        while waiting:
            yield _wait(waiting.popleft())


def _timed(results: Iterator[Result], meter: Meter) -> Iterator[Result]:
    """The results of a file, each in the time that the bytes since the last one may take."""
    while True:
        before = meter.taken + meter.made
        try:
            with limited(lambda: seconds_for(meter.taken + meter.made - before)):  # noqa: B023
                result = next(results, None)
        except TooSlow:
            raise UnreadableError("too-slow", _SLOW) from None
        if result is None:
            return
        yield result


def _counted(results: Iterator[Result], meter: Meter) -> Iterator[Result]:
    """The results of a file; rejections that would take more room than it has are counted.

    A line of one byte makes a row of a hundred.  One rejection for each reason, the first, stands
    at the end for all of them.
    """
    size, failure = 0, None
    more: dict[str, tuple[Rejection, int]] = {}
    try:
        for result in results:
            if isinstance(result, Rejection):
                size += len(result.id) + len(result.path) + len(result.detail)
                if size > _ROOM + max(meter.taken, meter.made):
                    first, count = more.get(result.reason, (result, 0))
                    more[result.reason] = first, count + 1
                    continue
            yield result
    except UnreadableError as error:
        failure = error
    for first, count in more.values():
        yield replace(first, detail=f"{count:,} records, the first of them: {first.detail}")
    if failure:
        raise failure


def _records(source: Input, meter: Meter, build: Builder) -> Iterator[Result]:
    """Records of a file or an archive's member, by the endings of its name."""
    source, name = opened(source, meter, build)
    module, function = name.split(".")
    reader = getattr(import_module(f"scrub.read.{module}"), function)
    yield from reader(source, build)


def opened(source: Input, meter: Meter, build: Builder) -> tuple[Input, str]:
    """A file unpacked, and `module.function` of its reader.

    Raises UnreadableError where there is none.
    """
    kind, compressions = split_name(source.name)
    if kind in ("tar", *_ZIPPED):
        raise UnreadableError("nested-archive", "archives in archives are not opened")
    head = next(source.chunks, b"")
    if head.startswith(_POINTER):
        raise UnreadableError("unsupported", "a pointer of Git LFS: fetch the file, `git lfs pull`")
    chunks: Iterator[bytes] = chain([head], source.chunks)
    found = compression_of(head)
    if not compressions and found:  # crawlers write gzip under a bare `.warc`
        compressions = [found]
    elif compressions[:1] == ["gz"] and not found and b"\n" in head and is_text(head):
        compressions = compressions[1:]  # what a browser has undone on the way
    if compressions:  # what lies on disk is other bytes
        of_records = kind in ("warc", "arc")
        unpacked = _expanded(chunks, compressions, meter, of_records=of_records)
        source = Input(source.name, source.folder, unpacked)
    else:
        source = Input(source.name, source.folder, chunks, source.path)
    if kind in ("html", "htm") and head.startswith((b"---\n", b"---\r\n")):
        kind = "md"  # as Jekyll has its pages, with front matter
    if kind not in FORMATS or kind in ("txt", "text"):
        head = next(source.chunks, b"")
        source = Input(source.name, source.folder, chain([head], source.chunks), source.path)
        found = ending_of(head, kind) if kind != "wat" else ""  # which is a WARC, of no text
        # Not READMEs and the like, which have names in capitals.
        nameless = not kind or kind.isdecimal()
        if not found and nameless and not _CAPITALS.search(source.name) and begins_prose(head):
            found = "txt"
        if not found and kind not in FORMATS:
            what = kind or "files without an ending"
            remedy = REMEDIES.get(kind, "no reader for {}")
            raise UnreadableError("unsupported", remedy.format(what))
        kind = found or kind
    if FORMATS[kind] == FORMATS["jsonl"]:
        chunks, is_file = of_values(source.chunks, build)
        source = Input(source.name, source.folder, chunks)
        kind = "json" if is_file else kind
    return source, FORMATS[kind]


def _expanded(
    chunks: Iterator[bytes], compressions: list[str], meter: Meter, *, of_records: bool = False
) -> Iterator[bytes]:
    for compression in compressions:
        chunks = expand(chunks, compression, meter, of_records=of_records)
    return chunks


def split_name(name: str) -> tuple[str, list[str]]:
    """The format's ending, and the compressions outside it, outermost first."""
    stem = PurePosixPath(name)
    compressions: list[str] = []
    ending = stem.suffix[1:].lower()
    while ending in COMPRESSIONS:
        compressions.append(ending)
        stem = stem.with_suffix("")
        ending = stem.suffix[1:].lower()
    inner, *outer = _TOGETHER.get(ending, (ending,))
    return inner, compressions + outer


def _is_done(result: Document | Rejection | Future[Document | Rejection]) -> bool:
    return not isinstance(result, Future) or result.done()


def _wait(result: Document | Rejection | Future[Document | Rejection]) -> Document | Rejection:
    return result.result() if isinstance(result, Future) else result


def top(name: str) -> str:
    """The first folder of a relative name, the collection that a file belongs to; "" without."""
    return name.split("/", 1)[0] if "/" in name else ""
