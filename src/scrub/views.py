"""The texts of documents as a sequence, read when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

from scrub.document import Document


class Texts(Sequence[str]):
    """The texts of documents, by their place."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._documents = documents

    def __len__(self) -> int:
        return len(self._documents)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [document.text for document in self._documents[place]]
        return self._documents[place].text

    def __iter__(self) -> Iterator[str]:
        return (document.text for document in self._documents)
