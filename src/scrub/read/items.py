"""Where the records of an XML or SGML file are, and each cut out and parsed by itself."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from html.entities import html5
from itertools import islice
from typing import Any

from lxml import etree

from scrub.read import fields as names
from scrub.read.stream import UnreadableError

# Elements that hold one article: of RSS, of Atom, of NITF, NewsML-G2 and Reuters' newsitem, TEI's
# text, the SGML of TREC, Gigaword and Reuters-21578, GATE, TimeML, the BNC, and what people call
# their own.
_ITEMS = (
    rb"item|entry|newsitem|nitf|article|doc|document|record|story|post|tei|reuters|gatedocument|"
    rb"timeml|bncdoc"
)
# Where a file has none of those: the elements directly in its root, if they hold one of these.
_ROOTED = re.compile(
    rb"\A(?:\s|\xef\xbb\xbf|<\?[^>]{0,500}>|<!--[^>]{0,2000}-->|<!DOCTYPE[^>]{0,500}>)*"
    rb"<(?!html)([\w:.-]{1,60})(?:\s[^>]{0,2000})?>(?:\s|<!--[^>]{0,2000}-->)*<([\w:.-]{1,60})[\s>]",
    re.IGNORECASE,
)
_ANY_TAG = re.compile(
    rb"<!\[CDATA\[(?:(?!<!\[CDATA\[).)*?\]\]>|<!--(?:(?!<!--).)*?-->|"
    rb"<(/?)([A-Za-z_][\w:.-]{0,60})(\s[^<>]{0,2000})?>",
    re.DOTALL,
)
_CALLED = re.compile(rb"""\sname=["']([\w:.-]{1,60})["']""")  # `<field name="text">`, of databases
NAMED = frozenset({"field", "str", "arr", "date", "column", "property"})  # of Solr, MySQL's dumps
_TEXTS = frozenset(
    name.encode() for name in ("text", "content", "body", "description", *names.TEXT_ABROAD)
)
_OF_TEXT = (b"text", b"body", b"content")  # a root that is an article itself
_HOLDS_TEXT = re.compile(
    rb"[<\"'](?:text|content|body|description|"
    + "|".join(names.TEXT_ABROAD).encode()
    + rb")[\s>\"']",
    re.IGNORECASE,
)
# A record whose text stands in an attribute, of a hundred characters as no label has.
_WITH_TEXT = re.compile(rb"\s(?:text|body|content|sofastring)=", re.IGNORECASE)
_ATTRIBUTED = re.compile(
    rb"<([A-Za-z_][\w:.-]{0,60})(?:\s[^<>]{0,9999})?%b\"[^<>\"]{100}" % _WITH_TEXT.pattern,
    re.IGNORECASE,
)
# An `item` of a list in a text is none of them.
_OPEN = re.compile(
    rb"<(/?list(?=[\s>])|(?:[\w.-]{1,40}:)?(?:" + _ITEMS + rb")(?=[\s>]))", re.IGNORECASE
)
HEAD = 1 << 16
# Namespaces of a file, and prefixes of an item that it does not declare; libxml2 looks through all
# of them for each element, and every item is parsed with those of the file.  Set by hand: files of
# the trade have ten.
NAMESPACES = 50
_PREFIX = re.compile(
    r"</?([A-Za-z_][\w.-]{0,40}):[A-Za-z_]|\s([A-Za-z_][\w.-]{0,40}):[A-Za-z_][\w.-]{0,40}\s?="
)
_CDATA_OR_AMPERSAND = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?:(#?\w{1,40});)?", re.DOTALL)
_XML_NAMES = frozenset({None, "amp", "lt", "gt", "quot", "apos"})  # None: CDATA
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def item_names(head: bytes) -> list[bytes]:
    """The names of the elements in the head of a file that may hold an article each."""
    found: list[bytes] = []
    lists = 0
    for match in _OPEN.finditer(head, 0, HEAD):
        name = match[1]
        if name.lower().endswith(b"list"):
            lists = max(lists + (-1 if name[:1] == b"/" else 1), 0)
        elif not lists:
            found.append(name)
    return found


def holds_text(head: bytes) -> bool:
    """Whether an element is called as texts are."""
    return any(found[0].startswith(b"<") for found in _HOLDS_TEXT.finditer(head))


def record_name(head: bytes) -> list[bytes]:
    """The name of the element that holds a record each in a format that is not known, if any.

    It is what most pairs of neighbouring texts do not share; of one text alone the root.
    """
    rooted = _ROOTED.match(head)
    if not rooted:
        return []
    if not holds_text(head) and (attributed := _ATTRIBUTED.search(head)):
        return [attributed[1]]
    if not _HOLDS_TEXT.search(head):
        return []
    root, first = rooted.groups()
    if root.lower().endswith((b"rss", b"feed", b"rdf")):
        return []  # of no items, only what it says of itself
    path: list[tuple[bytes, int]] = []
    last: dict[bytes, list[tuple[bytes, int]]] = {}  # where the last text of a name stands
    parting: Counter[bytes] = Counter()
    for number, tag in enumerate(_ANY_TAG.finditer(head)):
        name = tag[2]
        if not name or tag[0].endswith(b"/>"):
            continue
        if tag[1]:
            if any(name == other for other, _ in path):
                while path.pop()[0] != name:
                    pass
            continue
        path.append((name, number))
        called = _CALLED.search(tag[3] or b"") if name.lower().decode() in NAMED else None
        name = called[1] if called else name
        if name.lower() in _TEXTS and len(path) > 1:
            before = last.get(name, path)
            depth = next(
                (at for at, (a, b) in enumerate(zip(path, before, strict=False)) if a != b), 0
            )
            if depth:  # two texts side by side are of one record
                parting[path[min(depth, len(path) - 2)][0]] += 1
            last[name] = list(path)
    if parting:
        return [max(parting, key=lambda name: parting[name])]
    alone = root.lower() in _OF_TEXT or (last and b"</" + root in head)
    return [root if alone else first]


def items(chunks: Iterator[bytes], name: bytes, limit: float) -> Iterator[tuple[int, bytes | None]]:
    """Each `<name ...>...</name>` with its line; None for one past `limit` bytes."""
    start = re.compile(rb"<" + re.escape(name) + rb"(?=[\s>])")
    stop = re.compile(rb"</" + re.escape(name) + rb"\s{0,9}>")
    empty = re.compile(rb"<" + re.escape(name) + rb"\s[^<>]{0,200000}/>")  # all of it in attributes
    longest = len(name) + 12  # a tag that a chunk cuts
    data = b""
    line, at = 1, 0
    inside = large = False
    for chunk in chunks:
        data += chunk
        begin = 0  # of what is not done with; cut off once a chunk, as cutting copies
        while match := (
            empty.match(data, begin) or stop.search(data, at) if inside else start.search(data, at)
        ):
            at = match.end() if inside else match.start()
            if inside:
                if not data.endswith(b"/>", begin, at) or _WITH_TEXT.search(data, begin, at):
                    yield line, None if large else data[begin:at]
                large = False
            inside = not inside
            line += data.count(b"\n", begin, at)
            begin = at
        held = inside and len(data) - begin <= limit
        large = inside and (large or not held)
        at = max(begin, len(data) - longest)
        if not held:
            line += data.count(b"\n", begin, at)
            begin = at
        data, at = data[begin:], at - begin
    if inside:
        raise UnreadableError("truncated", f"line {line}: an item that is not closed")


def item_element(item: str, root: str, *, is_typed: bool) -> Any:  # noqa: ANN401 - lxml has no types
    """The element of an item, within a `root` that has the file's namespaces.

    Where the file `is_typed`, an unknown entity may be one of its own, which is not expanded: then
    the item fails.  SGML's are of a document type that is not at hand, and stay as they are.
    """
    text = _CDATA_OR_AMPERSAND.sub(_known_entity, item)
    if not is_typed:
        text = _CDATA_OR_AMPERSAND.sub(_as_text, text)
    text = _NOT_XML.sub("", text)
    prefixes = dict.fromkeys(one or other for one, other in _PREFIX.findall(text))
    unknown = (
        prefix
        for prefix in prefixes
        if f"xmlns:{prefix}=" not in root and not prefix.lower().startswith("xml")
    )
    declared = islice(unknown, NAMESPACES)
    dummies = "".join(f' xmlns:{prefix}="urn:{prefix}"' for prefix in declared)
    return xml_root(f"{root}{dummies}>{text}</root>")[0]


def xml_root(markup: str | bytes) -> Any:  # noqa: ANN401 - lxml has no types
    """The root of some XML, of which no entity is followed.  Raises UnreadableError."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(markup, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableError("bad-xml", str(error)[:300]) from None


def _known_entity(match: re.Match[str]) -> str:
    """HTML's names as characters, a bare `&` escaped; what XML knows, and CDATA, as they are."""
    name = match[1]
    if match[0] == "&":
        return "&amp;"
    if name in _XML_NAMES:
        return match[0]
    if name.startswith("#"):  # XML has no control codes, SGML does
        text = _NOT_XML.sub("", html.unescape(match[0]))
        return match[0] if text.isspace() else _escaped(text)  # a line's end in an attribute
    return _escaped(html5[f"{name};"]) if f"{name};" in html5 else match[0]


def _escaped(text: str) -> str:
    """The text for XML, by names alone: what is escaped by number would be so once more."""
    return html.escape(text).replace("&#x27;", "&apos;")


def _as_text(match: re.Match[str]) -> str:
    """A name that is still there and XML does not know, escaped."""
    known = match[1] in _XML_NAMES or match[1].startswith("#")
    return match[0] if known else f"&amp;{match[0][1:]}"
