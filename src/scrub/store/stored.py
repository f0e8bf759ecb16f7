"""The documents of a run where they lie in the store: read again when they are asked for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import compress, pairwise
from typing import TYPE_CHECKING, Any, overload

import numpy as np
import orjson

from scrub.corpus import Corpus
from scrub.document import Change, Document
from scrub.errors import InputError
from scrub.lines import document_of
from scrub.match.features import Features
from scrub.match.rewrites.terms import NO_STEMS, Stems, keys_of, vocabulary
from scrub.sources import Origin
from scrub.store.shard import Head, column

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scrub.store.arrays import ArrayFile
    from scrub.store.store import Store

Run = tuple[int, int, int]  # the number of a shard, and rows from and to

_BLOCK = 1 << 22  # bytes that are read at once


class Stored(Sequence[Document]):
    """N documents in reading order; all that is held in memory is where they are.

    `shard` and `row` (N,) say where each document is in the shards of `store`, `paths` where it was
    read.
    """

    def __init__(
        self, store: Store, shard: NDArray[np.int64], row: NDArray[np.int64], paths: Sequence[str]
    ) -> None:
        """Read where the pieces of the shards begin."""
        used = np.unique(shard).tolist() or ([0] if store.shards else [])
        self.store, self.shard, self.row, self.paths = store, shard, row, paths
        self._files: dict[int, ArrayFile] = {number: store.shards[number] for number in used}
        self.starts: dict[tuple[int, str], NDArray[np.int64]] = {
            (number, name): self._files[number][f"{name}_starts"]
            for number in used
            for name in ("line", "change", "head", "origin")
        }
        # Before which rows the lines do not go on where the one before ended.
        self._breaks = {
            number: np.append(
                (lines.begins[1:] != lines.begins[:-1] + sizes[:-1]).nonzero()[0] + 1, len(sizes)
            )
            for number in used
            for lines, sizes in [(store.lines[number], np.diff(self.starts[number, "line"]))]
        }

    def of(self, places: NDArray[np.int64]) -> Stored:
        """Those at some places, without where they were read."""
        return Stored(self.store, self.shard[places], self.row[places], [""] * len(places))

    def __len__(self) -> int:
        return len(self.row)

    @overload
    def __getitem__(self, place: int) -> Document: ...
    @overload
    def __getitem__(self, place: slice) -> list[Document]: ...
    def __getitem__(self, place: int | slice) -> Document | list[Document]:
        if isinstance(place, slice):
            return [self[at] for at in range(*place.indices(len(self)))]
        document = self._document(self.piece("line", place), self.paths[place])
        where = int(self.shard[place]), int(self.row[place])
        document.id = self.store.renamed.get(where, document.id)
        return document

    def __iter__(self) -> Iterator[Document]:
        if self.store.renamed:
            return (self[place] for place in range(len(self)))
        return map(self._document, self._pieces("line", None), self.paths)

    def _document(self, line: bytes, path: str) -> Document:
        """The document of a line.  Raises InputError where no run wrote that."""
        try:
            document = document_of(line, path)
            parts = (document.id, document.text, document.source, document.created)
            if not all(type(part) is str for part in parts) or type(document.metadata) is not dict:
                raise TypeError("a field of another type")
        except (LookupError, TypeError, ValueError) as error:
            raise self.foreign(error) from None
        return document

    def foreign(self, error: Exception) -> InputError:
        """That a shard has a sound checksum, and holds what no run writes."""
        folders = ", ".join(sorted({str(file.path.parent) for file in self._files.values()}))
        return InputError(f"{folders}: holds a record that no run wrote ({error}); remove it")

    def heads(self) -> Iterator[Head]:
        """Id, date and language of every document."""
        heads = (Head(*head) for head in self._records("head"))
        if not (renamed := self.store.renamed):
            return heads
        where = zip(self.shard.tolist(), self.row.tolist(), strict=True)
        return (
            head._replace(id=renamed.get(place, head.id))
            for head, place in zip(heads, where, strict=True)
        )

    def origins(self) -> Iterator[Origin]:
        """Where every document comes from."""
        return (Origin(*found) for found in self._records("origin"))

    def origin(self, place: int) -> Origin:
        """Where one document comes from."""
        try:
            return Origin(*orjson.loads(self.piece("origin", place)))
        except orjson.JSONDecodeError as error:
            raise self.foreign(error) from None

    def _records(self, name: str) -> Iterator[list[str]]:
        try:
            yield from map(orjson.loads, self._pieces(name, None))
        except orjson.JSONDecodeError as error:
            raise self.foreign(error) from None

    def lines(self, chosen: NDArray[np.bool_]) -> Iterator[bytes]:
        """The lines of `documents.jsonl` of the documents that an (N,) mask chooses."""
        return self._pieces("line", chosen)

    def marked(self, key: str) -> Iterator[int]:
        """The places of the documents with a key in their metadata, without parsing the others."""
        sign, at = f'"{key}":'.encode(), 0  # in a text its quotation marks are escaped
        for block, offsets in self._blocks("line"):
            found = block.find(sign)
            while found >= 0:
                row = bisect_right(offsets, found) - 1
                yield at + row
                found = block.find(sign, offsets[row + 1])
            at += len(offsets) - 1

    def all_lines(self) -> Iterator[bytes]:
        """The content of `documents.jsonl`, many lines at a time."""
        return (block for block, _ in self._blocks("line"))

    def change_lines(self) -> Iterator[bytes]:
        """The content of `changes.jsonl`, many lines at a time."""
        return (block for block, _ in self._blocks("change"))

    def piece(self, name: str, place: int) -> bytes:
        """What is kept of one document under a name of `starts`."""
        number, row = int(self.shard[place]), int(self.row[place])
        starts = self.starts[number, name]
        return self._read(number, name, row, int(starts[row + 1] - starts[row]))

    def _read(self, number: int, name: str, row: int, size: int) -> bytes:
        """Some bytes of a shard from a piece on."""
        if name == "line":
            lines = self.store.lines[number]
            return lines.read(int(lines.begins[row]), size) if size else b""
        first = int(self.starts[number, name][row])
        return self._files[number].bytes(f"{name}s", first, first + size)

    def keys(self) -> NDArray[np.uint64]:
        """(N, 2) the digest of each document as it was read."""
        return self._gathered("keys", list(self._runs()))

    def scores(self) -> NDArray[np.float64]:
        """(N,) the spin score of each document."""
        return self._gathered("scores", list(self._runs()))

    def features(self) -> Features:
        """The features of all documents, one after the other."""
        rows = list(self._runs())
        sentences, documents = self._joined("documents", rows)
        units, sentence_starts = self._joined("sentences", sentences)
        sketch, sketches = self._joined("sketches", rows)
        return Features(
            units=self._gathered("units", units),
            sentences=sentence_starts,
            begins=self._gathered("begins", sentences),
            documents=documents,
            digests=self._gathered("digests", rows),
            bands=self._gathered("bands", rows),
            sketch=self._gathered("sketch", sketch),
            places=self._gathered("places", sketch),
            sketches=sketches,
        )

    def stems(self) -> Stems:
        """The words and numbers of all documents, and their stems."""
        runs: dict[int, list[tuple[int, int]]] = {number: [] for number in self._files}
        for number, first, last in self._runs():
            runs[number].append((first, last))
        found = NO_STEMS
        for number, file in self._files.items():
            units, starts = file["vocabulary"], file["sentences"][file["documents"]].tolist()
            used = np.zeros(len(units), np.bool_)
            words = file["words"].clip(max=max(0, len(units) - 1))  # see `column`
            for first, last in runs[number]:
                used[words[starts[first] : starts[last]]] = True
            keys = keys_of(units[used], True)
            found = found.and_listed(Stems(keys, file["stems"][used]))
        return found

    def _gathered(self, name: str, runs: Sequence[Run]) -> NDArray[Any]:
        """The parts of an array of the shards, one after the other; one shard is read at a time."""
        ends = np.cumsum([0, *(last - first for _, first, last in runs)]).tolist()
        of_file: dict[int, list[tuple[int, int, int]]] = {number: [] for number in self._files}
        for at, (number, first, last) in zip(ends, runs, strict=False):
            of_file[number].append((at, first, last))
        joined: NDArray[Any] | None = None
        for number, file in self._files.items():
            array = column(file, name)
            if joined is None:
                joined = np.empty((ends[-1], *array.shape[1:]), array.dtype)
            for at, first, last in of_file[number]:
                joined[at : at + last - first] = array[first:last]
        assert joined is not None  # there is always a shard, if an empty one
        return joined

    def _joined(self, name: str, runs: Sequence[Run]) -> tuple[list[Run], NDArray[np.int64]]:
        """Of an array of starts the parts that the runs point to, and new starts for all."""
        arrays: dict[int, NDArray[Any]] = {n: file[name] for n, file in self._files.items()}
        sizes = [np.diff(arrays[n][first : last + 1]) for n, first, last in runs]
        starts = np.cumsum(np.concatenate([np.zeros(1, np.int64), *sizes]))
        pointed = [(n, int(arrays[n][first]), int(arrays[n][last])) for n, first, last in runs]
        return pointed, starts

    def _runs(self) -> Iterator[Run]:
        """Documents that follow each other in a shard, too: its number, rows from and to."""
        if not len(self):
            return
        new = (np.diff(self.shard) != 0) | (np.diff(self.row) != 1)
        cuts = [0, *(new.nonzero()[0] + 1).tolist(), len(self)]
        for first, last in pairwise(cuts):
            start = int(self.row[first])
            yield int(self.shard[first]), start, start + last - first

    def _pieces(self, name: str, chosen: NDArray[np.bool_] | None) -> Iterator[bytes]:
        at = 0
        for block, offsets in self._blocks(name):
            pieces: Iterator[bytes] = (block[a:b] for a, b in pairwise(offsets))
            if chosen is not None:
                pieces = compress(pieces, chosen[at : at + len(offsets) - 1].tolist())
                at += len(offsets) - 1
            yield from pieces

    def _blocks(self, name: str) -> Iterator[tuple[bytes, list[int]]]:
        """The pieces of all documents, many at a time, and where each begins in its block."""
        for number, first, last in self._runs():
            starts, breaks = self.starts[number, name], self._breaks[number]
            while first < last:
                room = int(starts[first]) + _BLOCK
                stop = min(last, max(first + 1, int(np.searchsorted(starts, room, "right")) - 1))
                if name == "line":
                    stop = min(stop, int(breaks[np.searchsorted(breaks, first, "right")]))
                offsets = (starts[first : stop + 1] - starts[first]).tolist()
                yield self._read(number, name, first, offsets[-1]), offsets
                first = stop


def corpus_in(documents: Stored, ids: Sequence[str], features: Features | None = None) -> Corpus:
    """The corpus of some documents and their ids; their features are read if they are not given."""
    scores = dict(zip(ids, documents.scores().tolist(), strict=True))
    made = documents.features() if features is None else features
    return Corpus(documents, ChangesById(ids, documents), made, scores)


def stored(corpus: Corpus) -> Stored:
    """The documents of a corpus that lies in a store.  Raises TypeError where it does not."""
    if not isinstance(corpus.documents, Stored):
        raise TypeError("this corpus does not lie in a store")
    return corpus.documents


def dates(corpus: Corpus) -> list[str]:
    """When each document was created, as far as it says."""
    if isinstance(corpus.documents, Stored):
        return [head.created for head in corpus.documents.heads()]
    return [document.created for document in corpus.documents]


def stems(corpus: Corpus, chosen: NDArray[np.int64], jobs: int) -> Stems:
    """The words and numbers of the documents at the positions `chosen`, and their stems."""
    if isinstance(corpus.documents, Stored):
        return corpus.documents.of(chosen).stems()
    return vocabulary(corpus.texts, chosen, jobs)


def languages(corpus: Corpus) -> list[str]:
    """The code of each document's language, as the cleaning found it."""
    if isinstance(corpus.documents, Stored):
        return [head.language for head in corpus.documents.heads()]
    return [str(document.metadata.get("language", "")) for document in corpus.documents]


class ChangesById(Mapping[str, list[Change]]):
    """The changes of the documents that cleaning changed."""

    def __init__(self, ids: Sequence[str], stored: Stored) -> None:
        """`ids` in the order of the documents."""
        changed = np.zeros(len(stored), np.bool_)
        for number in np.unique(stored.shard).tolist():
            mine = stored.shard == number
            changed[mine] = np.diff(stored.starts[number, "change"])[stored.row[mine]] > 0
        self._places = {ids[place]: place for place in changed.nonzero()[0].tolist()}
        self._stored = stored

    def __getitem__(self, i: str) -> list[Change]:
        place = self._places[i]
        try:
            record = orjson.loads(self._stored.piece("change", place))
            return [Change(**change) for change in record["changes"]]
        except (LookupError, TypeError, ValueError) as error:
            raise self._stored.foreign(error) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
