"""JSON Lines (`.jsonl`, `.ndjson`): one object on each line, ended by `\\n` only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrub.read.encoding import Decoder, as_utf8
from scrub.read.jsonvalue import load
from scrub.read.stream import UnreadableError, lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrub.read.record import Builder, Result
    from scrub.read.stream import Input


def read_jsonl(file: Input, build: Builder) -> Iterator[Result]:
    """One document for each line that is not blank; a bad line is rejected, the others go on."""
    chunks, file_note = as_utf8(file.chunks)
    decoder = Decoder()
    number = 0
    for line_number, line in enumerate(lines(chunks, build.max_record), 1):
        if line is not None and (not line or line.isspace()):
            continue
        number += 1
        place = file.place(number, line_number)
        try:
            if line is None:
                raise UnreadableError("too-large", "longer than read.max_record_mb")
            record, note = load(line, decoder)
            yield build.record(record, place, file_note | note if note else file_note)
        except UnreadableError as error:
            yield place.reject(error)
