"""Plain text and Markdown: one document a file, or each article of a news database's export.

What Markdown says in its front matter goes to the fields of the document; without a title there,
the heading that the text begins with is it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from scrub.read.encoding import Decoder
from scrub.read.exports import articles
from scrub.read.fields import TITLE, plain
from scrub.read.html import decode_page
from scrub.read.keyed import may_hold_articles
from scrub.read.markup import begins_page, is_markup
from scrub.read.record import Builder, Pending, Result, settled
from scrub.read.stream import Input, whole

_FRONT = re.compile(
    r"\ufeff?(---|\+\+\+)[ \t]*\r?\n(.{0,20000}?\n)(?:\1|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL
)
_NAMED = re.compile(r"\ufeff?((?:[A-Za-z][\w -]{0,30}:[^\n]{0,2000}\n)+)[ \t\r]*\n")
_HEADING = re.compile(r"^#[ \t]+([^\n]{1,300})", re.MULTILINE)  # of the first level
_PAIR = re.compile(r"([A-Za-z_][\w.-]{0,60})[ \t]*:(?:[ \t]++(.*))?\Z")
_BLOCKS = frozenset(("|", ">", "|-", ">-", "|+", ">+"))


def read_text(file: Input, build: Builder) -> Iterator[Result]:
    """The text of the file, or of each of its articles.  Raises UnreadableError."""
    data = whole(file.chunks, build.max_record)
    if begins_page(data):
        decoded = decode_page(data, Decoder())
        yield Pending(decoded.text, "page", file.place(), decoded.metadata(), {})
        return
    decoded = Decoder().decode(data)
    found = articles(decoded.text)
    if found:
        yield from build.each(found, file, decoded.metadata())
    else:
        note = decoded.metadata() | may_hold_articles(decoded.text)
        yield settled(decoded.text, file.place(), note, {})


def read_markdown(file: Input, build: Builder) -> Iterator[Result]:
    """The whole file as one text, as it is but for its front matter.  Raises UnreadableError."""
    decoded = Decoder().decode(whole(file.chunks, build.max_record))
    fields, text = front_matter(decoded.text)
    # A tag in Markdown is Markdown, but what begins with one is HTML as a program writes it.
    is_html = text.lstrip()[:1] == "<" or file.name.endswith((".html", ".htm"))
    form: Any = "fragment" if is_html and is_markup(text) else "plain"
    headings = _HEADING.findall(text)
    headed = len(headings) == 1 and text.lstrip().startswith("# ") and "[" not in headings[0]
    if headed and not any(plain(name) in TITLE for name in fields):
        fields["title"] = headings[0].strip("#*_ \t\r")
    record = {**fields, "text": text}
    yield build.record(record, file.place(), decoded.metadata(), usual=True, form=form)


def front_matter(text: str) -> tuple[dict[str, Any], str]:
    """What stands before a Markdown text, as YAML's simple forms, TOML or a title and more, and it.

    Nothing where the beginning is not that, such as a line above a heading.
    """
    block = _FRONT.match(text)
    if not block and (block := _NAMED.match(text)):  # as Pelican and MultiMarkdown have it
        named = _yaml(block[1], "")
        is_head = named is not None and plain(next(iter(named))) in TITLE
        return (named or {}, text[block.end() :].lstrip("\r\n")) if is_head else ({}, text)
    if not block:
        return {}, text
    fields: dict[str, Any] | None
    if block[1] == "+++":
        try:
            fields = tomllib.loads(block[2])
        except tomllib.TOMLDecodeError:
            return {}, text
    else:  # a mark that nothing closes is an apostrophe: "title: '90s bands are back"
        fields = _yaml(block[2], "\"'")
        fields = _yaml(block[2], "") if fields is None else fields
    return ({}, text) if fields is None else (fields, text[block.end() :].lstrip("\r\n"))


def _yaml(block: str, marks: str) -> dict[str, Any] | None:
    """The fields of YAML's simple forms, quoted in one of `marks`; None where it is not that."""
    fields: dict[str, Any] = {}
    last = mark = ""  # the field before, and the quotation mark that it has yet to close
    for line in block.splitlines():
        stripped = line.strip()
        if not stripped or (stripped.startswith("#") and not mark):
            continue
        if not mark and (pair := _PAIR.match(line.rstrip())):
            last, value = pair[1], (pair[2] or "").strip()
            if last in fields:
                return None  # who speaks, again
            mark = value[0] if value and value[0] in marks and value.count(value[0]) == 1 else ""
            fields[last] = _scalar(value)
        elif last and (mark or line[0] in " \t" or stripped.startswith("- ")):
            fields[last] = _longer(fields[last], stripped)
            if mark and stripped.endswith(mark):
                fields[last], mark = _scalar(fields[last]), ""
        else:
            return None
    return None if mark else fields


def _longer(value: Any, line: str) -> Any:  # noqa: ANN401 - a text, or a list of them
    """A field's value and one more line: of a text that goes on, or an item of a list."""
    if not value or isinstance(value, list):
        return [*(value or []), _scalar(line.removeprefix("- "))]
    return line if value in _BLOCKS else f"{value} {line}"


def _scalar(value: str) -> str:
    value = value.strip()
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
