"""The texts of documents as a sequence and as a mapping, read when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from scrub.document import Document


class Texts(Sequence[str]):
    """The texts of documents, by their place."""

    def __init__(self, documents: Sequence[Document]) -> None:
        """The documents may be stored ones."""
        self._documents = documents

    def __len__(self) -> int:
        """How many there are."""
        return len(self._documents)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        """The text of a document."""
        if isinstance(place, slice):
            return [document.text for document in self._documents[place]]
        return self._documents[place].text

    def __iter__(self) -> Iterator[str]:
        """All texts, one after the other."""
        return (document.text for document in self._documents)


class TextById(Mapping[str, str]):
    """The same by the documents' ids."""

    def __init__(self, ids: Iterable[str], texts: Sequence[str]) -> None:
        """`ids` in the order of the texts."""
        self._places = {i: place for place, i in enumerate(ids)}
        self._texts = texts

    def __getitem__(self, i: str) -> str:
        """The text of a document."""
        return self._texts[self._places[i]]

    def __iter__(self) -> Iterator[str]:
        """The ids."""
        return iter(self._places)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._places)
