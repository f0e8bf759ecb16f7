"""The process that reads what can cost too much (`read/apart.py`): `python -m scrub.read.worker`.

Reads requests from stdin and writes answers to stdout, each JSON behind its length in 4 bytes,
until stdin ends.  A request has its `form` and its bounds; one for markup gets its `text` and
`metadata`, one for a table its `rows`, some at a time.  What is past its time dies of SIGPROF.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import orjson

from scrub.process import answer_on_stdout, bounded
from scrub.read.markup import INLINE, as_shown, has_own_lines, text_within
from scrub.read.stream import UnreadableError

# Readers of tables: functions of a source, its size and a Builder, which yield rows.
TABLES = {"sheets": "sheets.rows", "parquet": "parquet.rows"}
_TOGETHER = 1 << 20  # bytes of rows in an answer

_SKIPPED = frozenset({"script", "style", "template", "noscript", "head", "svg", "math", "iframe"})
_CELLS = re.compile(r" ?\t ?")
_CELL = 80  # characters that a cell of a table may have, by hand; more is a column of text

_Row = dict[str, Any] | UnreadableError


def fragment_text(html: str) -> str:
    """All text of a fragment, such as a feed's item: blocks become paragraphs, `<br>` a line.

    So does a row of a table, whose cells are parted by tabs.

    Line breaks part nothing in HTML, but for a fragment without any tag that does: there an editor
    shows them.
    """
    from lxml import html as lxml_html

    html = as_shown(html)
    if not has_own_lines(html):
        html = html.replace("\r\n", "\n").replace("\n", "<br>")
    root = lxml_html.fromstring(f"<div>{html}</div>")
    row = None  # that the cells are of

    def mark(element: Any, tag: str, ends: bool) -> str:  # noqa: ANN401
        nonlocal row
        if tag == "tr" and not ends:
            row = element if _is_row(element) else None
        if row is not None and tag in ("tr", "td", "th"):
            is_next = tag != "tr" and element.getprevious() is not None
            return "\t" if is_next and not ends else "\n" if tag == "tr" and ends else ""
        if tag == "br":
            return "" if ends else "\n"
        return "" if tag in INLINE else "\0"

    blocks = _CELLS.sub("\t", text_within(root, _SKIPPED, mark)).split("\0")
    lines = ("\n".join(p.strip(" ") for p in block.split("\n")).strip() for block in blocks)
    return "\n\n".join(line for line in lines if line)


def _is_row(element: Any) -> bool:  # noqa: ANN401 - lxml has no types
    """Whether an element is a row of short cells, as of results; not one of a layout."""
    cells = [child for child in element if child.tag in ("td", "th")]
    return len(cells) > 1 and all(
        all(inner.tag in INLINE for inner in cell.iterdescendants())
        and sum(map(len, cell.itertext())) <= _CELL
        for cell in cells
    )


def _text(message: dict[str, Any]) -> dict[str, Any]:
    """The text of markup."""
    markup: str = message["markup"]
    metadata: dict[str, Any] = {}
    try:
        if message["form"] == "page":
            from scrub.clean.html import extract

            text, metadata = extract(markup)
        elif message["form"] == "wiki":
            from scrub.read.wiki import article

            text = article(markup)
        else:
            text = fragment_text(markup)
        return {"text": text, "metadata": metadata}
    except Exception as error:  # whatever a page makes a parser raise is said of that page
        return {"error": f"{type(error).__name__}: {error}"[:300]}


def _opened(message: dict[str, Any], data: bytes | None) -> Iterator[_Row]:
    """The rows of a table, none of them read yet."""
    from scrub.config import ReadSettings
    from scrub.read.record import Builder

    module, function = TABLES[message["form"]].split(".")
    read = getattr(import_module(f"scrub.read.{module}"), function)
    path = os.fsdecode(bytes.fromhex(message["path"]))
    source = path if data is None else io.BytesIO(data)
    size = Path(path).stat().st_size if data is None else len(data)
    return read(source, size, Builder(ReadSettings(**message["settings"])))


def _some(rows: Iterator[_Row], limit: float) -> bytes:
    """The next rows as an answer; one past `limit` bytes is rejected."""
    found: list[bytes] = []
    end, size = b'"more":false', 0
    try:
        for row in rows:
            if isinstance(row, UnreadableError):
                found.append(orjson.dumps([row.reason, row.detail]))
            elif len(line := orjson.dumps(row)) > limit:
                found.append(b'["too-large","longer than read.max_record_mb"]')
            else:
                found.append(line)
            size += len(found[-1])
            if size > _TOGETHER:
                end = b'"more":true'
                break
    except UnreadableError as error:
        end += b',"error":' + orjson.dumps([error.reason, error.detail])
    except MemoryError:
        end += b',"error":["too-large","needs more memory than its size allows"]'
    except Exception as error:  # a fault of ours or of a library costs this file
        what = f"{type(error).__name__}: {error}"[:300]
        end += b',"error":' + orjson.dumps(["failed", what])
    return b'{"rows":[' + b",".join(found) + b"]," + end + b"}"


def _message() -> bytes | None:
    header = sys.stdin.buffer.read(4)
    return sys.stdin.buffer.read(int.from_bytes(header, "big")) if len(header) == 4 else None


def main() -> None:
    """Serve until stdin ends."""
    answers = answer_on_stdout()  # what a library prints is no message
    import lxml.html  # noqa: F401 - before the time of the first fragment runs

    reply, limit = b"{}", 0.0
    rows: Iterator[_Row] = iter(())  # of the table that is being read
    while True:
        answers.write(len(reply).to_bytes(4, "big") + reply)
        answers.flush()
        if (request := _message()) is None:
            return
        message = orjson.loads(request)
        data = _message() if message["more"] else None
        with bounded(message["seconds"], message["memory"]):
            if message["form"] in TABLES:
                limit = message["settings"]["max_record_mb"] * 1e6
                rows = _opened(message, data)
            reply = orjson.dumps(_text(message)) if "markup" in message else _some(rows, limit)


if __name__ == "__main__":
    main()
