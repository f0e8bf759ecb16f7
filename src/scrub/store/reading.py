"""Documents as they were read, in batches on disk: how the reader hands them to the workers."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from itertools import islice
from typing import TYPE_CHECKING

import orjson

from scrub.document import Document, Rejection
from scrub.errors import OutputError
from scrub.read.order import Orders, is_open, shown
from scrub.read.reader import Reader
from scrub.store.arrays import ArrayFile, write_file
from scrub.store.raw import pack_raw, unpack_raw

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from scrub.config import ReadSettings
    from scrub.read.walk import Entry

# Large enough that the cost of a batch is its text, small enough that two for each worker fit.
BATCH_CHARACTERS = 4_000_000
_SPILL = 10_000  # rejections that wait for their file


class Rejections(Sequence[Rejection]):
    """Rejections that lie in files of JSON lines, with their numbers, and some more behind them.

    They are read anew each time: a line of one byte makes one of a hundred, and memory has none.
    """

    def __init__(self, files: Sequence[tuple[Path, int]], more: Sequence[Rejection] = ()) -> None:
        self.files, self._more = files, more
        self._count = sum(count for _, count in files) + len(more)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Rejection]:
        for path, _ in self.files:
            with path.open("rb") as file:
                for line in file:
                    yield Rejection(*orjson.loads(line))
        yield from self._more

    def __getitem__(self, place: int) -> Rejection:  # type: ignore[override] # no slices
        """One of them, found by reading those before it."""
        return next(islice(self, place, None))


@dataclass(slots=True)
class Batch:
    """Documents as they were read, in a file, and what could not be read on the way to them.

    `keys` (D, 2) are the documents' digests, `paths` where each was read, `characters` what their
    texts have together; `done` of `total` bytes of the input were read.  `open` batches have dates
    whose order the rest of the input may settle.
    """

    path: Path
    keys: NDArray[np.uint64]
    paths: list[str]
    rejected: tuple[Path, int] | None
    characters: int = 0
    done: int = 0
    total: int = 0
    open: bool = False

    def __len__(self) -> int:
        return len(self.keys)


def read_batches(
    found: Sequence[Entry | Rejection], settings: ReadSettings, folder: Path
) -> Iterator[Batch]:
    """Read everything, in order, into batches of about BATCH_CHARACTERS, files in `folder`."""
    reader = Reader(found, settings)
    for batch in pack_batches(reader, folder):
        batch.done, batch.total = reader.bytes_read, reader.total_bytes
        yield batch


def pack_batches(items: Iterable[Document | Rejection], folder: Path) -> Iterator[Batch]:
    """Batches of documents that are read or given; there is always one, if an empty one.

    From the first on that has dates in an order not known they wait for the end.
    """
    orders, waiting = Orders(), deque[Batch]()
    for batch in _packed(items, folder, orders):
        waiting.append(batch)
        while waiting and not waiting[0].open:
            yield waiting.popleft()
    for batch in waiting:
        if batch.open:
            _settle(batch, orders)
        yield batch


def _settle(batch: Batch, orders: Orders) -> None:
    """Give the documents of a batch the dates whose order is known now."""
    documents = unpack_raw(ArrayFile(batch.path, check=False))
    for document, path in zip(documents, batch.paths, strict=True):
        document.path = path  # its column
    settled = [orders.settle(document) for document in documents if is_open(document)]
    if any(settled):
        arrays = pack_raw(documents)
        write_file(batch.path.parent, batch.path.name, arrays)
        batch.keys = arrays["keys"]


def _packed(items: Iterable[Document | Rejection], folder: Path, orders: Orders) -> Iterator[Batch]:
    """The batches as they are read, and all that their dates show."""
    documents: list[Document] = []
    number, room = 0, BATCH_CHARACTERS
    rejected: list[Rejection] = []
    count = 0  # of this batch's rejections that are in their file

    def spilled() -> tuple[Path, int] | None:
        nonlocal count
        path = folder / f"{number}.rejected"
        if rejected:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                with path.open("ab" if count else "wb") as file:
                    for r in rejected:
                        file.write(orjson.dumps(astuple(r), option=orjson.OPT_APPEND_NEWLINE))
            except OSError as error:
                raise OutputError(f"{path}: {error.strerror}; make room") from error
            count += len(rejected)
            rejected.clear()
        return (path, count) if count else None

    def packed() -> Batch:
        arrays = pack_raw(documents)
        path = write_file(folder, f"{number}.batch", arrays)
        paths = [document.path for document in documents]
        is_waiting = any(map(is_open, documents))
        characters = BATCH_CHARACTERS - room
        return Batch(path, arrays["keys"], paths, spilled(), characters, open=is_waiting)

    for item in items:
        if isinstance(item, Rejection):
            rejected.append(item)
            if len(rejected) >= _SPILL:
                spilled()
            continue
        if room <= 0:
            yield packed()
            number, room, count = number + 1, BATCH_CHARACTERS, 0
            documents.clear()
        documents.append(item)
        orders.add(shown(item))
        room -= len(item.text)
    yield packed()
