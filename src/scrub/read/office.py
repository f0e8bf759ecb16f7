"""Documents of word processors: DOCX (ECMA-376) and ODT (OASIS OpenDocument), with their head.

Both are ZIP archives of XML.  Of each only its text and what is said of it are unpacked, within
the limits, and no entity or document type is followed (CWE-776, CWE-611).  What was deleted with
changes tracked, and comments and notes beside the text, are none of it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import IO, Any, Self

from lxml import etree

from scrub.read.archive import open_zip, zip_chunks
from scrub.read.exports import articles
from scrub.read.items import xml_root
from scrub.read.keyed import may_hold_articles
from scrub.read.record import Builder, Result
from scrub.read.stream import HELD, Input, Meter, UnreadableError, whole


@dataclass(frozen=True)
class _Form:
    """The members of a format with text and head, and the local names of what its text is in."""

    text: str
    head: str
    paragraphs: frozenset[str]
    runs: frozenset[str]  # elements that hold the characters; none: any within a paragraph
    marks: dict[str, str]  # what stands for a character
    tables: tuple[str, str]  # a row, a cell
    skipped: frozenset[str]


_DOCX = _Form(
    "word/document.xml", "docProps/core.xml", frozenset({"p"}), frozenset({"t"}),
    {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}, ("tr", "tc"),
    # A picture's text box stands twice, the second time for older programs; moved text, too.
    frozenset({"Fallback", "moveFrom", "del", "pPr", "rPr"}),
)  # fmt: skip
_ODT = _Form(
    "content.xml", "meta.xml", frozenset({"p", "h"}), frozenset(),
    {"tab": "\t", "line-break": "\n", "s": " "}, ("table-row", "table-cell"),
    frozenset({"tracked-changes", "annotation", "note", "scripts", "font-face-decls", "forms"}
              | {"automatic-styles", "bibliography-mark", "sequence-decls", "table-of-content"}),
)  # fmt: skip
# When a file was begun is not said: many come of a template that is years older.
_HEAD = {"title": "title", "creator": "author", "initial-creator": "author", "language": "language"}


def read_docx(file: Input, build: Builder) -> Iterator[Result]:
    """The text of a Word document, or each article of a news database's export.

    Raises UnreadableError.
    """
    yield from _read(file, build, _DOCX)


def read_odt(file: Input, build: Builder) -> Iterator[Result]:
    """The same of an OpenDocument text."""
    yield from _read(file, build, _ODT)


def _read(file: Input, build: Builder, form: _Form) -> Iterator[Result]:
    with Package(file, build) as package:
        text = _text(xml_root(package.member(form.text)), form)
        fields: dict[str, Any] = {}
        if form.head in package:
            for element in xml_root(package.member(form.head)).iter("{*}*"):
                name = _HEAD.get(etree.QName(element).localname, "")
                if name and (value := (element.text or "").strip()):
                    fields.setdefault(name, value)
    if several := articles(text):
        yield from build.each(several, file, {})
    else:
        note = may_hold_articles(text)
        yield build.record({**fields, "text": text}, file.place(), note, usual=True, form="plain")


class Package:
    """The members of a ZIP archive that one document is made of, unpacked within the limits."""

    def __init__(self, file: Input, build: Builder) -> None:
        """Raises UnreadableError where the file is no archive."""
        source: str | IO[bytes] = file.path or io.BytesIO(
            whole(file.chunks, min(build.max_expanded, HELD))
        )
        self._archive = open_zip(source)
        self._limit = build.max_record
        self._meter = Meter.of(build.settings)
        self._meter.taken = sum(info.compress_size for info in self._archive.infolist())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.close()

    def __contains__(self, name: str) -> bool:
        return name in self._archive.NameToInfo

    def member(self, name: str) -> bytes:
        """The content of a member.

        Raises UnreadableError: it is absent, damaged, or more than a record or the package may be.
        """
        info = self._archive.NameToInfo.get(name)
        if info is None:
            raise UnreadableError("damaged", f"it has no {name}"[:300])
        if info.flag_bits & 1:
            raise UnreadableError("encrypted", "needs a password")
        with closing(zip_chunks(self._archive, info, self._meter)) as chunks:
            return whole(chunks, self._limit)


def _text(root: Any, form: _Form) -> str:  # noqa: ANN401 - lxml has no types
    """The paragraphs, parted by a blank line; a table's rows are lines, their cells parted by tabs.

    Where a cell holds more than a paragraph, the table is a layout, and each is one by itself.
    """
    row, cell = form.tables
    blocks: list[str] = []
    is_row: list[bool] = []
    open_paragraphs: list[list[str]] = []  # one may stand in another, in a box
    starts: list[tuple[int, list[int]]] = []  # of the rows that are open, and of their cells
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        name = etree.QName(element).localname if isinstance(element.tag, str) else ""
        inside = open_paragraphs[-1] if open_paragraphs else None
        if event == "start":
            if name in form.skipped or not name:
                walk.skip_subtree()
            elif name in form.paragraphs:
                open_paragraphs.append([] if form.runs else [element.text or ""])
            elif name == row:
                starts.append((len(blocks), []))
            elif name == cell and starts:
                starts[-1][1].append(len(blocks))
            elif inside is not None and name in form.marks:
                inside.append(form.marks[name] * _repeats(element))
            elif inside is not None and (not form.runs or name in form.runs):
                inside.append(element.text or "")
            continue
        if name in form.paragraphs:
            blocks.append("".join(open_paragraphs.pop()).strip())
            is_row.append(False)
            inside = open_paragraphs[-1] if open_paragraphs else None
        elif name == row and starts:
            begin, cells = starts.pop()
            ends = [*cells[1:], len(blocks)]
            if all(end - start <= 1 for start, end in zip(cells, ends, strict=True)):
                line = "\t".join("".join(blocks[s:e]) for s, e in zip(cells, ends, strict=True))
                blocks[begin:], is_row[begin:] = [line], [True]
        if inside is not None and not form.runs and element.tail:
            inside.append(element.tail)
    before = False
    parts: list[str] = []
    for block, in_table in zip(blocks, is_row, strict=True):
        if block.strip():
            parts.append(("\n" if before and in_table else "\n\n") + block)
            before = in_table
    return "".join(parts).strip("\n")


def _repeats(element: Any) -> int:  # noqa: ANN401 - lxml has no types
    """How many spaces one of ODT's stands for; a stranger's number is not trusted."""
    count = next((v for k, v in element.attrib.items() if etree.QName(k).localname == "c"), "1")
    return min(int(count), 100) if count.isdecimal() else 1
