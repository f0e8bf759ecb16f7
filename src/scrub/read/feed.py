"""XML and SGML: RSS, Atom, and news formats that hold each article in an element of its own.

The file is cut into its items by their tags and each is parsed by itself, inside a root that has
the file's namespaces and nothing else: memory follows the item, a broken item costs only itself,
and a document type with its entities (CWE-776, CWE-611) is never even parsed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from itertools import islice
from operator import itemgetter
from typing import Any

from lxml import etree

from scrub.read import fields as names
from scrub.read.encoding import Decoder, as_utf8
from scrub.read.fields import ENOUGH_WORDS, is_blank, is_prose, line_of, plain
from scrub.read.html import decode_page
from scrub.read.items import HEAD, NAMED, NAMESPACES, item_element, item_names, items, record_name
from scrub.read.markup import HTML_TAGS, is_markup, is_page
from scrub.read.record import Builder, Result
from scrub.read.shortcodes import without_shortcodes
from scrub.read.signs import ending_of
from scrub.read.stream import Input, UnreadableError, peeked
from scrub.read.unread import held
from scrub.read.vertical import read_vertical
from scrub.read.wiki import page_fields, with_spaces

_NAMESPACE = re.compile(rb"""\bxmlns(?::[\w.-]{1,40})?\s?=\s?(?:"[^"<]{0,300}"|'[^'<]{0,300}')""")
_OPENED = re.compile(
    r"<(?:p|li|dd|dt|td|tr|h[1-6]|div|span|section|article|a href)\b[^<>]{0,2000}>"
)

# Local names of the elements that play a part, best first.
_TEXT = (
    "encoded", "full-text", "content", "fulltext", "text", "body.content", "body", "main",
    "datacontent", "inlinedata", "paragraphs", "textwithnodes", "wtext", "stext",
    *names.TEXT_ABROAD,
)  # fmt: skip
_SHORT = ("lp", "description", "summary")
_LEAD = 8  # words of a lead, by hand
_ID = (
    "guid", "id", "identifier", "newsid", "doc-id", "doc_id", "docid", "docno",
    "publicidentifier", "newsitemid", "article-id",
    "goid", "accessionno",
)  # fmt: skip
_DATE = (
    "pubdate", "published", "date", "issued", "created", "date.issue", "date.release", "pubdata",
    "publicationdate", "firstcreated", "contentcreated", "versioncreated", "numericdate",
    "date_time", "datum", "fecha", "updated", "modified", "eventtime",
)  # fmt: skip
_MAILBOX = re.compile(r"\A\S{1,200}@\S{1,200} \(([^()]{1,200})\)\Z")  # RSS 2.0: `a@b.org (Ann)`
_SOURCE = ("creditline", "provider", "sourcename", "publisher", "doc.copyright")
_AUTHOR = ("creator", "author", "byline", "byttl", "by")
_URL = ("link", "longurl", "url", "source-url")
_TITLE = ("hl1", "headline", "article-title", "title")
_HEADING = (*names.TITLE, "hl")  # TREC's `head`, which TEI calls those within a text, and others
# Where an element's value stands in an attribute: NITF, TEI.
_ATTRIBUTES = ("norm", "when", "date.publication", "id-string", "datetime")
_NO_TEXT = ("literal", "formalname", "tag", "ident", "holder")  # where the element has none
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# Namespaces about pictures and sound; what their elements say is never the article.
_MEDIA = re.compile(r"/mrss|itunes|podcast|googleplay|urn:media\Z", re.IGNORECASE)
# Elements of an item that are about something else: another feed, a comment, a picture.
_OTHERS = frozenset(
    {"source", "comments", "comment", "related", "media", "image", "enclosure", "topicset"}
    | {"catalog"}
)
_NO_PARAGRAPHS = {*_HEADING, *_TITLE, *_AUTHOR, *_SOURCE, "copyright", "notes", "caption"} | _OTHERS
_ABOVE_BODY = frozenset({"title", "dateline", "byline", "author", "headline"})
# TEI's headings, while HTML's head is no text; and no part of an article is a whole page.
_HTML_NAMES = {
    "head": "h2",
    "title": "h2",
    "lb": "span",
    "body": "div",
    "html": "div",
    "paragraph": "p",
    "para": "p",
}
# Parts of a NITF or NewsML text that are none of its paragraphs.
_ASIDE = """media media-caption media-producer media-reference tagline body.head
    attachment""".split()  # noqa: SIM905
_HERE = re.compile("\ue000([0-9]{1,6})\ue000")  # of private use: where escaped markup stood
_CLOSING = frozenset(",.;:?!)")
_BLOGGER_TYPE = "{http://schemas.google.com/blogger/2018}type"
_WIKI = re.compile(rb"<mediawiki[\s>]")
# A page of TREC's collections of the web, behind what its server said, which begins with its URL.
_OF_WEB = re.compile(
    r"<DOCNO>\s*([^\s<]{1,200})\s*</DOCNO>[^<]*<DOCHDR>\s*+([^\s<]{0,2000}+)[^<]*</DOCHDR>(.*)</DOC>",
    re.DOTALL,
)


def read_feed(file: Input, build: Builder) -> Iterator[Result]:
    """One document for each item.  Raises UnreadableError where the file has none."""
    chunks, note = as_utf8(file.chunks)
    head, chunks = peeked(chunks, lambda head: len(head) >= HEAD)
    found = item_names(head)
    if what := held(head):
        raise UnreadableError("no-articles", what)
    if ending_of(head, "xml") == "vert":
        yield from read_vertical(Input(file.name, file.folder, chunks), build)
        return
    is_wiki = _WIKI.search(head) is not None
    if is_wiki:
        found = [b"page"] if b"<page" in head else []
    elif b"http:///uima/cas" in head:  # UIMA, whose text may come behind all annotations
        found = [b"cas:Sofa"]
    found = found or record_name(head)
    if not found:
        raise UnreadableError("no-articles", "no item, entry, article or the like in this XML")
    name = max(dict.fromkeys(found), key=found.count)
    opening = head[: head.find(b"<" + name)]
    namespaces = {
        declaration.partition(b"=")[0].strip(): declaration
        for declaration in islice(_NAMESPACE.findall(opening), NAMESPACES)
    }
    declaration = opening[: opening.find(b"?>") + 2]  # names the encoding for each item
    root = b" ".join([b"<root", *namespaces.values()]).decode("utf-8", "replace")
    is_typed, is_blog = b"<!DOCTYPE" in opening, b"wordpress.org/export/" in opening
    decoder = Decoder()
    for number, (line, data) in enumerate(items(chunks, name, build.max_record), 1):
        place = file.place(number, line)
        try:
            if data is None:
                raise UnreadableError("too-large", "longer than read.max_record_mb")
            decoded = decode_page(declaration + data, decoder)
            text, metadata = decoded.text[len(declaration) :], note | decoded.metadata()
            if page := _OF_WEB.search(text):
                url = page[2] if "://" in page[2] else ""
                record = {"id": page[1], "url": url, "html": page[3]}
                yield build.record(record, place, metadata, usual=True)
                continue
            text = without_shortcodes(text) if is_blog else text
            item = item_element(text, root, is_typed=is_typed)
            if not is_wiki:
                _require_post(item)
                yield build.record(_fields(item), place, metadata, usual=True)
            elif (fields := page_fields(item)) is not None:
                fields["text"] = with_spaces(fields["text"], head)
                yield build.record(fields, place, metadata, usual=True, form="wiki")
        except UnreadableError as error:
            yield place.reject(error)


def _require_post(element: Any) -> None:  # noqa: ANN401 - lxml has no types
    """Raise UnreadableError for an entry of Blogger's export that is no post and no page."""
    kinds = [(child.text or "").strip() for child in element.iterchildren(_BLOGGER_TYPE)]
    for kind in element.iterchildren("{*}category"):  # as it was until 2024
        if kind.get("scheme", "").endswith("2005#kind"):
            kinds.append(kind.get("term", "").rpartition("#")[2])
    if kinds and kinds[0].lower() not in ("post", "page"):
        raise UnreadableError("no-article", f"a {kinds[0].lower()} of a blog"[:80])


def _fields(element: Any) -> dict[str, Any]:  # noqa: ANN401 - lxml has no types
    """What an item says, by the usual names of fields."""
    found = _by_name(element)

    def first_of(called: tuple[str, ...]) -> str:
        texts = (_value(found[name]) for name in called if name in found)
        return next((text for text in texts if text), "")

    attributes = {key.lower(): value for key, value in element.attrib.items()}

    def stated(*called: str) -> str:
        return next((attributes[name] for name in called if attributes.get(name)), "")

    title = first_of(_TITLE) or stated("title") or first_of(_HEADING)
    if "&" in title or "<" in title:
        title = line_of(title)  # HTML within XML
    url = first_of(_URL) or _href(element) or stated("url", "source")
    outlets = (child for child in element if str(child.tag).lower() == "source")
    origin = next(outlets, None)  # RSS 2.0: the outlet that an aggregator has the item from
    fields = {
        "id": first_of(_ID) or stated("itemid", "guid", "id", "docid", "newid"),
        "title": title,
        "author": _MAILBOX.sub(r"\1", first_of(_AUTHOR)) or stated("author"),
        "url": url if "://" in url else "",
        "date": first_of(_DATE)
        or stated("date")
        or _dated(found, _value)
        or _dated(attributes, str),
        "language": first_of(("language", "baselanguage")) or element.get(_LANGUAGE, ""),
        "source": first_of(_SOURCE) or (_value(origin) if origin is not None and url else ""),
        "site": stated("sitename"),
    }

    def text_of(called: tuple[str, ...]) -> dict[str, str]:
        texts = (_content(_innermost(found[name])) for name in called if name in found)
        return next(filter(None, texts), {})

    content = _by_role(element) or text_of(_TEXT)
    lead = "".join(text_of(("lp",)).values()).strip()  # of TREC's, whose text goes on behind it
    if is_prose(lead, _LEAD) and not any(lead in text for text in content.values()):
        content = {kind: f"{lead}\n\n{text}" for kind, text in content.items()}
    shorter = (_prose(found, names.longest_like_text), text_of(_SHORT))
    content = content or max(shorter, key=lambda one: len("".join(one.values())))
    content = content or _own_content(element) or _paragraphs(element)
    messages = (names.MESSAGE,) if names.NO_MESSAGE.isdisjoint(found) else ()  # of a server
    content = content or _prose(found, names.longest_prose) or text_of(messages)
    if not content and (text := stated("text", "body", "content", "sofastring")):
        content = {"html" if is_markup(text) else "text": text}
    known: dict[str, Any] = {key: value for key, value in fields.items() if value}
    return known | content if content else known | {"text": None}


def _prose(found: Mapping[str, Any], longest: Callable[..., tuple[str, str]]) -> dict[str, str]:
    """The longest text of the elements that have a name of their own for it, and no others."""
    texts = {name: one.text for name, one in found.items() if not len(one) and one.text}
    name, _ = longest(texts, texts)
    if (one := found.get(name)) is None:
        return {}
    parts = one.getparent().iterchildren(one.tag)
    return _joined([_content(part) for part in parts if part.get("name") == one.get("name")])


def _dated(fields: Mapping[str, Any], text_of: Callable[[Any], str]) -> str:
    """The date among fields, of several the one whose name best says when a text appeared."""
    sure = [(rank, name) for name in fields if (rank := names.dated(plain(name))) >= 0]
    texts = ((plain(name), text_of(fields[name])) for _, name in sorted(sure, key=itemgetter(0)))
    return next((text for name, text in texts if text and names.holds_date(name, text)), "")


def _by_role(element: Any) -> dict[str, str]:  # noqa: ANN401 - lxml has no types
    """The body of NewsML 1 with its lead, where components say so; {} where none is the body."""
    parts: dict[str, dict[str, str]] = {}
    for role in element.iter("{*}Role"):
        name, part = role.get("FormalName", "").lower(), role.getparent().find(".//{*}DataContent")
        if name in ("lead", "body") and part is not None:
            parts.setdefault(name, _content(part))
    if not parts.get("body"):
        return {}
    return _joined([parts.get(name, {}) for name in ("lead", "body")])


def _joined(parts: list[dict[str, str]]) -> dict[str, str]:
    """The text of several parts, as `html` where one of them holds markup."""
    kind = "html" if any("html" in part for part in parts) else "text"
    text = "\n\n".join(text.strip() for part in parts for text in part.values())
    return {kind: text} if text else {}


def _innermost(element: Any) -> Any:  # noqa: ANN401 - lxml has no types
    """The body of a text that begins with its title and its place, as in Reuters' SGML."""
    bodies = [child for child in element if child.tag in ("BODY", "body")]
    others = {str(child.tag).lower() for child in element} - {"body"}
    return bodies[0] if len(bodies) == 1 and others <= _ABOVE_BODY else element


def _own_content(element: Any) -> dict[str, str]:  # noqa: ANN401 - lxml has no types
    """The text that stands in an item itself, or in paragraphs; none where it is a few words."""
    own = etree.QName(element).namespace
    tags = {child.tag for child in element if isinstance(child.tag, str)}
    element = deepcopy(element)
    aside = [
        tag
        for tag in tags
        if (name := etree.QName(tag)).namespace != own or name.localname.lower() not in HTML_TAGS
    ]
    etree.strip_elements(element, *aside, with_tail=False)
    text = " ".join(element.itertext())
    is_long = len(text.split()) >= ENOUGH_WORDS and text.count("\t") < text.count(" ")
    return _content(element) if is_long else {}


def _paragraphs(element: Any) -> dict[str, str]:  # noqa: ANN401 - lxml has no types
    """The paragraphs of an item, wherever they are but in its head: of Factiva's XML and others."""
    found: list[str] = []
    walk = etree.iterwalk(element, events=("start",))
    for _, part in walk:
        name = etree.QName(part).localname.lower()
        if name in _NO_PARAGRAPHS:
            walk.skip_subtree()
        elif name in ("p", "para") or ("paragraph" in name and part.find("{*}paragraph") is None):
            found.append("".join(part.itertext()).strip())
            walk.skip_subtree()
    text = "\n\n".join(filter(None, found))
    return {"text": text} if text else {}


def _by_name(element: Any) -> dict[str, Any]:  # noqa: ANN401 - lxml has no types
    """The elements of an item by their local names: a child before what stands deeper.

    Of two at one depth the first, but one without a namespace, or with that of the item, before
    the others.
    """
    own = etree.QName(element).namespace
    found: dict[str, Any] = {}
    level = [element]
    while level:
        children = [
            (etree.QName(child), child)
            for parent in level
            for child in parent
            if isinstance(child.tag, str)
        ]
        children = [
            (name, child)
            for name, child in children
            if name.localname.lower() not in _OTHERS and not _MEDIA.search(name.namespace or "")
        ]
        children.sort(key=lambda pair: pair[0].namespace not in (None, own))  # stable
        for name, child in children:
            if child.get("type") in ("download", "access", "retrieved"):
                continue  # a date that is not the text's
            if child.text or len(child) or child.attrib:
                own_name = child.get("name") if name.localname.lower() in NAMED else None
                found.setdefault((own_name or name.localname).lower(), child)
        level = [child for _, child in children]
    return found


def _value(element: Any) -> str:  # noqa: ANN401 - lxml has no types
    """What an element says on one line: the name of a person, a date in an attribute, its text."""

    def stated(called: tuple[str, ...]) -> str:
        values = {key.lower(): value for key, value in element.attrib.items()}
        return next((values[name] for name in called if values.get(name)), "")

    name = next((child for child in element if etree.QName(child).localname == "name"), element)
    text = " ".join(" ".join(name.itertext()).split())
    party = next((child for child in element if child.attrib), None)  # NewsML 1
    inner = _value(party) if not text and not stated(_NO_TEXT) and party is not None else ""
    return stated(_ATTRIBUTES) or text or stated(_NO_TEXT) or inner


def _content(element: Any) -> dict[str, str]:  # noqa: ANN401 - lxml has no types
    """The text of an element as `text`, or as `html` where it holds markup, escaped or not."""
    if not len(element):
        text = element.text or ""
        # `<National Amusements Inc>` is how agencies write a firm, and no tag.
        marked_up = element.get("type") != "text" and (
            is_markup(text) or is_page(text) or _OPENED.search(text)
        )
        return {} if is_blank(text) else {"html" if marked_up else "text": text}
    element = deepcopy(element)
    etree.strip_tags(element, *(["Node"] if element.tag == "TextWithNodes" else []))  # of GATE
    if element.find(".//ORIGINAL_TEXT") is not None:  # of a segment, whose words stand behind it
        etree.strip_elements(element, "TOKEN", with_tail=False)
    escaped: list[str] = []
    for child in element.iter():
        if isinstance(child.tag, str):
            child.tag = _HTML_NAMES.get(name := etree.QName(child).localname.lower(), name)
            if "<" in (text := "" if len(child) else child.text or "") and is_blank(text):
                child.text = ""  # escaped markup that only shows something
            elif child.tag not in HTML_TAGS and is_markup(text):
                child.text = f"\ue000{len(escaped)}\ue000"
                escaped.append(text)
    element.tag = "div"
    for word in element.iter("w", "pc"):  # of a corpus, each of which may stand on its line
        before = word.getprevious()
        if (word.text or "") in _CLOSING and before is not None and not (before.tail or "").strip():
            before.tail = ""
        for around in word.iterancestors("u"):
            around.tag = "p"  # an utterance, where in HTML it is underlined
        word.tag = "span"
    for comments in element.findall(".//div[@type='comments']"):
        comments.clear(keep_tail=True)
    etree.strip_elements(element, *_ASIDE, with_tail=False)
    for aside in element.xpath(".//header/time|.//header/ul"):  # as dpa has when it was, keywords
        if not is_prose(" ".join(aside.itertext()), 1):
            aside.clear(keep_tail=True)
    for lead in element.findall("block[@class='lead_paragraph']"):
        if element.find("block[@class='full_text']") is not None:
            element.remove(lead)  # which the full text begins with
    in_a_line = {child.tag for child in element.iter() if _is_within_a_line(child)}
    depth = 0  # of paragraphs, where people, places and sums may be marked in a sentence
    for event, child in etree.iterwalk(element, events=("start", "end")):
        if child.tag == "p":
            depth += 1 if event == "start" else -1
        elif (depth or child.tag in in_a_line) and child.tag not in HTML_TAGS:
            child.tag = "span"
    markup = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
    markup = _HERE.sub(lambda at: "".join(escaped[int(at[1]) :][:1]), markup)
    return {"html": markup} if "".join(element.itertext()).strip() else {}


def _is_within_a_line(child: Any) -> bool:  # noqa: ANN401 - lxml has no types
    """Whether an element marks words of a line, as annotations do, and is no part by itself."""
    parent, before = child.getparent(), child.getprevious()
    if parent is None or not isinstance(child.tag, str) or child.tag in _NO_PARAGRAPHS:
        return False
    left = ((parent.text if before is None else before.tail) or "").rpartition("\n")[2]
    right = (child.tail or "").partition("\n")[0]
    glued = left[-1:].isalnum() or right[:1].isalnum()
    return bool(left.strip() and right.strip()) and not glued


def _href(element: Any) -> str:  # noqa: ANN401 - lxml has no types
    """The address in an Atom entry's links."""
    for link in element.iterchildren("{*}link"):
        if link.get("href") and link.get("rel", "alternate") == "alternate":
            return str(link.get("href"))
    return ""
