"""Documents as they were read, in batches on disk: how the reader hands them to the workers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from itertools import islice
from typing import TYPE_CHECKING

import orjson

from scrub.document import Document, Rejection
from scrub.errors import OutputError
from scrub.read import Reader
from scrub.store.arrays import write_file
from scrub.store.raw import pack_raw

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
        """Nothing is read yet."""
        self.files, self._more = files, more
        self._count = sum(count for _, count in files) + len(more)

    def __len__(self) -> int:
        """How many there are."""
        return self._count

    def __iter__(self) -> Iterator[Rejection]:
        """All of them, in order."""
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

    `keys` (D, 2) are the documents' digests, `paths` where each was read; `done` of `total` bytes
    of the input were read.
    """

    path: Path
    keys: NDArray[np.uint64]
    paths: list[str]
    rejected: tuple[Path, int] | None
    done: int
    total: int

    def __len__(self) -> int:
        """The number of documents."""
        return len(self.keys)


def read_batches(
    found: Sequence[Entry | Rejection], settings: ReadSettings, folder: Path
) -> Iterator[Batch]:
    """Read everything, in order, into batches of about BATCH_CHARACTERS, files in `folder`."""
    reader = Reader.of(found, settings)
    for batch in pack_batches(reader, folder):
        batch.done, batch.total = reader.bytes_read, reader.total_bytes
        yield batch


def pack_batches(items: Iterable[Document | Rejection], folder: Path) -> Iterator[Batch]:
    """Batches of documents that are read or given; there is always one, if an empty one."""
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
        return Batch(path, arrays["keys"], paths, spilled(), 0, 0)  # type: ignore[arg-type]

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
        room -= len(item.text)
    yield packed()
