"""Ids that are unique in a run."""

from __future__ import annotations

from hashlib import blake2b

from scrub.document import Document, Rejection


class Ids:
    """The ids given so far."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._copies: dict[str, int] = {}  # how often a derived id was wanted

    def make_unique(self, result: Document | Rejection) -> Document | Rejection:
        """The same; a document whose id is taken gets another one, and the first in `given_id`.

        The new id is the old one, `~` and a digest of the text, so that it depends on the
        document, not on where in the input it stands; only the copies of one id that also share
        their text are numbered (`~3f9c21d0a4b7-2`) in the order they are read.
        """
        if isinstance(result, Rejection):
            return result
        given = result.id
        if given in self._seen:
            result.metadata["given_id"] = given
            derived = f"{given}~{blake2b(result.text.encode(), digest_size=6).hexdigest()}"
            number = self._copies.get(derived, 0)
            while result.id in self._seen:
                number += 1
                result.id = derived if number == 1 else f"{derived}-{number}"
            self._copies[derived] = number
        self._seen.add(result.id)
        return result
