"""Corpora with a word on each line: verticals of Sketch Engine and CWB, CoNLL-U, WebAnno's.

Words are put together again as the file says: no space at `<g/>` or `SpaceAfter=No`.  Where a text
says it nowhere, marks stand as print has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from scrub.read.encoding import Decoder, as_utf8
from scrub.read.record import Builder, Result
from scrub.read.stream import Input, UnreadableError, lines

_TAG = re.compile(r"\s*<(/?)([A-Za-z_][\w.:-]{0,40})(\s[^<>]{0,9999})?/?>\s*\Z")
_ATTRIBUTE = re.compile(r"""([\w.:-]{1,60})\s?=\s?(?:"([^"]{0,2000})"|'([^']{0,2000})')""")
_ABOUT = re.compile(r"#\s?(newdoc|newpar|text)(?: id)?(?:\s?=\s?(.*))?\Z", re.IGNORECASE)
_REMARK = re.compile(r"# |#[A-Z_a-z. ]{1,40}=")  # of CoNLL-U, of WebAnno
_START = "-DOCSTART-"  # of the corpora of CoNLL 2003, whose columns are parted by spaces
_NUMBERED = re.compile(r"(\d{1,6})(-\d{1,6}|\.\d{1,4})?\t")
_DOCUMENTS = frozenset({"doc", "document", "text", "article", "story", "file"})
_PARAGRAPHS = frozenset({"p", "par", "paragraph", "head", "title", "h", "div", "opener"})
# Marks that print puts next to the word before them, and to the one behind.
_BEHIND = re.compile(r" (?=(?:[,.;:!?%)\]}»”]|n't\b|['’](?:s|m|d|re|ve|ll)\b))")
_BEFORE = re.compile(r"(?<=[(\[{«“]) ")


def read_vertical(file: Input, build: Builder) -> Iterator[Result]:
    """A document for each `<doc>` or `# newdoc`, with what its tag says of it."""
    for number, (fields, text) in enumerate(_articles(file, build.max_record), 1):
        place = file.place(number)
        try:
            if text is None:
                raise UnreadableError("too-large", "longer than read.max_record_mb")
            yield build.record({**fields, "text": text}, place, usual=True, form="plain")
        except UnreadableError as error:
            yield place.reject(error)


def _articles(file: Input, limit: float) -> Iterator[tuple[dict[str, Any], str | None]]:
    """What is said of each document, and its text; None where that is past `limit` bytes."""
    chunks, _ = as_utf8(file.chunks)
    decoder = Decoder()
    article = _Article({}, limit)
    is_spaced = False
    is_tagged = False  # as a vertical is; there a number is a word
    holds = ""  # the element that holds a document each
    for data in lines(chunks, limit):
        line = "" if data is None else decoder.decode(data).text.rstrip("\r")
        if is_spaced := is_spaced or line.startswith(_START):
            word = line.partition(" ")[0].partition("\t")[0]
            line = "# newdoc" if word == _START else word
        tag, about = _TAG.match(line), _ABOUT.match(line)
        is_tagged = is_tagged or tag is not None
        name = tag[2].lower() if tag else ""
        holds = holds or (name if name in _DOCUMENTS else "")
        if (about and about[1] == "newdoc") or (name and name == holds):
            if article.parts or article.fields:
                yield article.fields, article.text()
            fields = {"id": about[2]} if about and about[2] else {}
            found = _ATTRIBUTE.findall(tag[3] or "") if tag and not tag[1] else []
            fields |= {key: unescape(one or other) for key, one, other in found}
            article = _Article(fields, limit)
        elif about:
            article.note(about[1].lower(), about[2] or "")
        elif name in _PARAGRAPHS:
            article.note("newpar", "")
        elif name == "g":
            article.glue()
        elif not _REMARK.match(line) and not tag:
            article.add(line, is_numbered=not (is_tagged or is_spaced))
    if article.parts:
        yield article.fields, article.text()


class _Article:
    """The words of one document, as they come."""

    def __init__(self, fields: dict[str, Any], limit: float) -> None:
        self.fields = fields
        self.parts: list[str] = []
        self._left = limit  # bytes that it may still have
        self._space = ""  # before the next word
        self._glued = self._sentence = False  # whether a sentence was given whole
        self._within = 0  # the last word of those that one before them stands for

    def note(self, what: str, text: str) -> None:
        """A new paragraph, or a sentence whose words follow."""
        if what == "newpar":
            self._space = "\n\n" if self.parts else ""
        else:
            self._put(text)
            self._sentence = self._glued = True
            self._space = " "

    def glue(self) -> None:
        """No space before the next word."""
        self._space, self._glued = "", True

    def add(self, line: str, *, is_numbered: bool) -> None:
        """A line of a word, behind its number in CoNLL-U; a blank one ends a sentence."""
        if not line.strip():
            self._sentence, self._within = False, 0
            return
        form = line
        if is_numbered and (number := _NUMBERED.match(line)):
            form = line[number.end() :]
            if self._sentence or (number[2] or "").startswith("."):
                return  # or a word that is not there
            if not number[2] and int(number[1]) <= self._within:
                return
            self._within = int(number[2][1:]) if number[2] else self._within
        self._put(unescape(form.partition("\t")[0].strip()))
        self._space = " "
        if "SpaceAfter=No" in line:
            self.glue()

    def text(self) -> str | None:
        """The text; None where it is too long."""
        text = "".join(self.parts)
        if not self._glued:
            text = _BEFORE.sub("", _BEHIND.sub("", text))
        return None if self._left < 0 else text

    def _put(self, word: str) -> None:
        self._left -= len(word) + 1
        if self._left >= 0:
            self.parts += [self._space if self.parts else "", word]
