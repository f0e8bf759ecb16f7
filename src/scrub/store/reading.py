"""Documents as they were read, in batches on disk: how the reader hands them to the workers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrub.document import Document, Rejection
from scrub.read import Reader
from scrub.store.arrays import write_file
from scrub.store.raw import pack_raw

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from scrub.config import ReadSettings
    from scrub.read.walk import Entry

# Large enough that the cost of a batch is its text, small enough that two for each worker fit.
BATCH_CHARACTERS = 4_000_000


@dataclass(slots=True)
class Batch:
    """Documents as they were read, in a file, and what could not be read on the way to them.

    `keys` (D, 2) are the documents' digests, `paths` where each was read; `done` of `total` bytes
    of the input were read.
    """

    path: Path
    keys: NDArray[np.uint64]
    paths: list[str]
    rejections: list[Rejection]
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
    rejections: list[Rejection] = []
    number = room = 0

    def packed() -> Batch:
        arrays = pack_raw(documents)
        path = write_file(folder, f"{number}.batch", arrays)
        paths = [document.path for document in documents]
        return Batch(path, arrays["keys"], paths, list(rejections), 0, 0)  # type: ignore[arg-type]

    room = BATCH_CHARACTERS
    for item in items:
        if isinstance(item, Rejection):
            rejections.append(item)
            continue
        if room <= 0:
            yield packed()
            number, room = number + 1, BATCH_CHARACTERS
            documents.clear()
            rejections.clear()
        documents.append(item)
        room -= len(item.text)
    yield packed()
