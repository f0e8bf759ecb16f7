"""`-` as an input and as the folder of the results: scrub between two pipes.

The inputs are read once more when they are written again, so standard input is kept for a while as
a file of the system's temporary folder, named by what it holds.
"""

from __future__ import annotations

import contextlib
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from scrub.cli.ending import say
from scrub.errors import ConfigError, InputError
from scrub.results import open_texts, texts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrub.config import ReadSettings

_HEAD = 1 << 16


def keep_input(folder: Path, settings: ReadSettings) -> Path:
    """Write standard input into a file of `folder`.  Raises InputError where there is nothing."""
    if sys.stdin.isatty():
        say("reading from the terminal; end with Ctrl-D")
    source = sys.stdin.buffer
    head = source.read(_HEAD)
    if not head:
        raise InputError("standard input is empty; nothing was written")
    path = folder / f"stdin{_ending(head, settings)}"
    with path.open("wb") as file:
        file.write(head)
        shutil.copyfileobj(source, file, 1 << 20)
    return path


def _ending(head: bytes, settings: ReadSettings) -> str:
    """The ending of a file that begins like this."""
    from scrub.read.encoding import as_utf8
    from scrub.read.record import Builder
    from scrub.read.signs import ending_of
    from scrub.read.stream import Meter, UnreadableError, compression_of, expand, lines
    from scrub.read.tables import open_table

    if packed := compression_of(head):
        parts: list[bytes] = []
        with contextlib.suppress(UnreadableError):  # the head is the beginning of a stream
            parts.extend(expand([head], packed, Meter.of(settings)))
        head = b"".join(parts)
    kind = ending_of(head, "")
    if not kind:
        try:
            chunks, _ = as_utf8(iter([head]))
            table = open_table(lines(chunks, _HEAD), Builder(settings), headed=True)
            kind = ("tsv" if table.delimiter == "\t" else "csv") if len(table.columns) > 1 else ""
        except UnreadableError:
            kind = ""
    return f".{kind or 'txt'}" + (f".{packed}" if packed else "")


def form_of(out: str, inputs: Sequence[str | Path], form: str | None) -> str | None:
    """The form of the corpus that goes to standard output: of one file that file's, else lines.

    Raises ConfigError where it would be several files.
    """
    if out != "-":
        return form
    one = len(inputs) == 1 and (str(inputs[0]) == "-" or Path(inputs[0]).is_file())
    form = form or ("same" if one else "jsonl")
    if form == "txt" or (form in ("same", "attributes") and not one):
        raise ConfigError(
            f"several files of the form {form} cannot go to standard output: name -o FOLDER, or "
            "--format jsonl"
        )
    return form


def send_corpus(folder: Path) -> None:
    """Copy the corpus of a result to standard output."""
    sys.stdout.flush()
    names = ("corpus.jsonl", "corpus.parquet", "dropped.jsonl")
    for path in [*(folder / "corpus").rglob("*"), *(folder / name for name in names)]:
        if texts_of(path).is_file():
            with open_texts(path) as file:
                shutil.copyfileobj(file, sys.stdout.buffer, 1 << 20)
    sys.stdout.buffer.flush()
