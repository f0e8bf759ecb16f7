"""Plain text and Markdown: one document a file, or each article of a news database's export.

What stands before a text as front matter (YAML, TOML, JSON) or named line by line, as scrapers and
editors write it, goes to the fields of the document; without a title there, the heading that a
Markdown text begins with is it.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from itertools import starmap
from typing import Any

from scrub.read.encoding import Decoder
from scrub.read.exports import articles
from scrub.read.fields import (
    ENOUGH_WORDS,
    ID,
    SHORT,
    SOURCE,
    TEXT,
    TITLE,
    URL,
    dated,
    is_prose,
    plain,
)
from scrub.read.html import decode_page
from scrub.read.keyed import may_hold_articles
from scrub.read.markup import begins_page, is_markup
from scrub.read.record import Builder, Pending, Result, settled
from scrub.read.stream import Input, whole

_FRONT = re.compile(
    r"\ufeff?(---|\+\+\+)[ \t]*\r?\n(.{0,20000}?\n)(?:\1|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL
)
# A line that names a value, which may go on.
_KEYED = r"[^\W\d_][\w -]{0,30}:(?:[ \t\r][^\n]{0,2000})?\n(?:(?:[ \t]+\S|- )[^\n]{0,2000}\n){0,99}"
_NAMED = re.compile(rf"\ufeff?((?:{_KEYED}){{1,40}})(?:(?:---)?[ \t\r]*\n|\Z)")  # Pelican, Hexo
_MARKED = re.compile(  # Jina's reader
    rf"\ufeff?((?:{_KEYED}(?:[ \t\r]*\n)?){{1,40}}?)(?:Markdown Content|Content|Text|Body):\s*?\n"
)
_ORG = re.compile(r"\s{0,9}((?:#\+[A-Za-z_]{1,30}(?:\[\])?:[^\n]{0,2000}\n){1,40})")
_RST = re.compile(
    r"\s{0,9}([^\n]{1,300})\n([#=*~^+-])\2{2,300}[ \t\r]*\n[ \t\r]*\n"
    r"((?::[\w -]{1,30}:[^\n]{0,2000}\n(?:[ \t]+\S[^\n]{0,2000}\n){0,99}){1,40})"
)
_ADOC = re.compile(
    r"= ([^\n]{1,300})\n(?=\S)(?:([^\n<:=]{1,80}) <[^\s<>]{1,99}>[ \t\r]*\n"
    r"(?:v?[\d.]{0,9},? ?(\d{4}-\d\d-\d\d)[^\n]{0,300}\n)?)?"
    r"((?::[\w-]{1,40}:[^\n]{0,2000}\n){0,40})\s*\n"
)
_BARE = re.compile(r"(https?://\S{1,2000})\r?\n(\d{4}-\d\d-\d\d\S{0,30})\r?\n([^\n]{1,300})\n")
_COLON = re.compile(r"^:(?=[\w -]{1,40}:)", re.MULTILINE)
_TITLES = frozenset(TITLE)
_ABOUT = {*URL, *SOURCE, *ID, "author", "authors", "byline", "by", "autor", "auteur", "автор"}
# What else is about a text, and may be long or a list.
_MORE = {
    "tags", "keywords", "categories", "category", "topics", "subjects", "section", "language",
    "copyright", "rights", "license", "slug", "priority", "editor", "editors", "place", "location",
    "dateline", "edition", "page", "pages", "numberofpages", "length", "words", "wordcount",
    "type", "status", "layout", "image", "draft", "comments", "template", "warning", "lang",
    "hostname", "contact", *SHORT,
}  # fmt: skip
_FEW, _SENTENCE, _VALUE = 3, 8, 8  # words of what is said, of a sentence, of a value, by hand
_HEADING = re.compile(r"^#[ \t]+([^\n]{1,300})", re.MULTILINE)  # of the first level
_PAIR = re.compile(r"([^\W\d][\w.-]{0,60}(?: [\w.-]{1,30}){0,3})[ \t]*:(?:[ \t]++(.*))?\Z")
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
        return
    note = decoded.metadata() | may_hold_articles(decoded.text)
    fields, text = front_matter(decoded.text, is_plain=True)
    if fields:
        yield build.record({**fields, "text": text}, file.place(), note, usual=True)
    else:
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


def front_matter(text: str, *, is_plain: bool = False) -> tuple[dict[str, Any], str]:
    """What stands before a text, as YAML's simple forms, TOML, JSON, or a title and more, and it.

    Nothing where the beginning is not that, such as a line above a heading; in `is_plain` text a
    title alone is not.
    """
    fields: dict[str, Any] | None
    if block := _FRONT.match(text):
        if block[1] == "+++":
            try:
                fields = tomllib.loads(block[2])
            except tomllib.TOMLDecodeError:
                return {}, text
        else:  # a mark that nothing closes is an apostrophe: "title: '90s bands are back"
            fields = _yaml(block[2], "\"'")
            fields = _yaml(block[2], "") if fields is None else fields
        is_head = fields is not None and (not is_plain or _is_head(fields, is_plain=True))
        if not fields or not is_head or (is_plain and any(starmap(_is_said, fields.items()))):
            return {}, text
        return fields, text[block.end() :].lstrip("\r\n")
    found, end = _named(text)
    fields = {name.lower(): value for name, value in (found or {}).items()}
    rest = text[end:].lstrip("\r\n")
    if not _is_head(fields, is_plain=is_plain) or len(fields) < len(found or ()):
        return {}, text
    is_loose = bool(_MARKED.match(text) or _NAMED.match(text))  # and may be anything
    is_strange = is_loose and not all(map(_is_known, fields))
    is_said = text[:1] != "{" and any(starmap(_is_said, fields.items()))
    if is_plain and (is_strange or is_said or _again(text, rest)):
        return {}, text
    held = [name for name in fields if plain(name) in TEXT and fields[name]]
    texts = [fields.pop(name) for name in held]
    parts = [part for text in texts for part in (text if isinstance(text, list) else [text])]
    if not all(isinstance(part, str) for part in parts):
        return {}, text  # objects, not texts
    whole = "\n\n".join([*parts, rest] if rest else parts)
    return (fields, whole) if whole.strip() else ({}, text)


def _is_head(fields: dict[str, Any], *, is_plain: bool) -> bool:
    """Whether names are those of a text's title and what is known of it; in Markdown a title."""
    keys = [plain(name) for name in fields]
    if _TITLES.isdisjoint(keys):
        return False
    known = any(dated(key) >= 0 or key in _ABOUT for key in keys)
    return known or (not is_plain and keys[0] in TITLE)


def _is_known(name: str) -> bool:
    """Whether a name is one of what is about texts, or of a text."""
    key = plain(name)
    return dated(key) >= 0 or any(key in names for names in (_MORE, _ABOUT, _TITLES, TEXT))


def _is_said(name: str, value: object) -> bool:
    """Whether what stands behind a name is of the text itself, as in a script or a questionnaire.

    It is a sentence, long or a list, under a name that is none of what is about texts.
    """
    key = plain(name)
    if key in _MORE or key in TEXT:
        return False
    if _is_known(name):
        return is_prose(value, ENOUGH_WORDS if key in TITLE else _SENTENCE)
    words = value.split() if isinstance(value, str) else []
    is_sentence = len(words) >= _FEW and words[-1].rstrip("\"'”’)")[-1:] in ".!?"
    return isinstance(value, list) or is_sentence or len(words) > _VALUE


def _again(text: str, rest: str) -> bool:
    """Whether what a text begins with comes again: another article's, or who speaks."""
    opening = text[: text.find(":") + 1].lstrip("\ufeff \r\n")
    mark = r"https?://\S{1,2000}\s{1,2}\d{4}-" if _BARE.match(text) else re.escape(opening)
    return re.search(rf"^{mark}", rest, re.MULTILINE) is not None


def _named(text: str) -> tuple[dict[str, Any] | None, int]:
    """What is named before a text in the ways of programs that are known, and where that ends."""
    if block := _MARKED.match(text) or _NAMED.match(text):
        return _yaml(block[1], ""), block.end()
    if block := _ORG.match(text):
        return _yaml(block[1].replace("#+", "").replace("[]:", ":"), ""), block.end()
    if block := _RST.match(text):
        return _yaml(f"title: {block[1]}\n" + _COLON.sub("", block[3]), ""), block.end()
    if (block := _ADOC.match(text)) and any(block.groups()[1:]):
        more = _yaml(_COLON.sub("", block[4]), "") or {}
        return {"title": block[1], "author": block[2], "date": block[3], **more}, block.end()
    if (block := _BARE.match(text)) and not is_prose(block[3], _SENTENCE):
        return dict(zip(("url", "date", "title"), block.groups(), strict=True)), block.end()
    if text[:1] == "{":
        with suppress(ValueError, RecursionError):
            found, end = json.JSONDecoder().raw_decode(text)
            return (found, end) if text[end : end + 1] in ("", "\r", "\n") else (None, 0)
    return None, 0


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
