"""The usual names of a record's fields, and the text that a field's value holds.

Names are compared without case, `-`, `_`, `:` and spaces, best first.  Of several that are there
the first that holds something counts, because a table has the same columns for all its rows.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from scrub.read.markup import TAG

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# `raw_content` is RedPajama's, `maintext` news-please's, `articleBody` schema.org's,
# `content_text` and `content_html` JSON Feed's, `publishedAt` NewsAPI's, `bodyText` the Guardian's,
# `body_text`, `body_xhtml` and `bodies` those of ninjs (IPTC), `content_elements` Arc's.
TEXT = (
    "text", "content", "body", "article", "rawcontent", "maintext", "fulltext", "articletext",
    "articlebody", "contenttext", "bodytext", "rawtext", "plaintext", "textcontent",
    "articlecontent", "fullcontent", "newscontent", "storytext", "story", "document", "passage",
    "contents", "bodies", "contentelements", "paragraphs",
)  # fmt: skip
HTML = (
    "html", "contenthtml", "bodyhtml", "bodyxhtml", "rawhtml", "pagehtml", "htmlcontent",
    "htmlbody", "articlehtml", "contentencoded", "postcontent",
)  # fmt: skip
# What only tells of the text; taken where there is nothing else.
SHORT = (
    "leadparagraph", "description", "summary", "abstract", "excerpt", "snippet", "trailtext",
    "descriptiontext",
)  # fmt: skip
TITLE = (
    "title", "headline", "headlines", "webtitle", "hl1",
)  # fmt: skip
ID = (
    "id", "docid", "documentid", "articleid", "uuid", "uid", "guid", "uri",
)  # fmt: skip
SOURCE = (
    "source", "site", "domain", "publisher", "outlet", "publication", "sitename",
)  # fmt: skip
URL = (
    "url", "link", "uri", "sourceurl", "articleurl", "canonicalurl", "permalink", "weburl",
)  # fmt: skip
ADDED = (
    "added", "crawled", "crawldate", "datedownload", "scrapedat", "fetched",
)  # fmt: skip
CREATED = (
    "created", "date", "published", "pubdate", "publishdate", "publishedat", "datepublish",
    "datepublished", "publicationdate", "webpublicationdate", "publishedon", "publishedtime",
    "articlepublishedtime", "publishtime", "createdat", "datecreated", "firstcreated",
    "versioncreated", "postdate", "timestamp", "datetime", "updated",
)  # fmt: skip

# Objects that wrap a record: of search servers, GraphQL, JSON:API, CouchDB, table viewers.
ENVELOPES = frozenset(
    {"source", "node", "attributes", "fields", "row", "doc", "document", "data", "article", "item"}
    | {"story", "post", "record", "entry", "properties", "object", "result", "value", "news"}
)
# What holds the text within an object: WordPress's `rendered`, xmltodict's `#text`, NYT's `main`.
_INNER = (
    "rendered", "text", "plain", "main", "value", "content", "body", "html", "raw", "default",
    "#text", "$t", "blocks", "data",
)  # fmt: skip
_NO_PROSE = re.compile(r"image|photo|picture|video|audio|media|gallery|embed|advert", re.IGNORECASE)
_DEEPEST = 4  # levels of objects and lists within a field that are looked through


def plain(key: str) -> str:
    """A field's name as names are compared."""
    return key.lower().translate(_IDLE)


_IDLE = str.maketrans("", "", "_- :")


def text_of(value: Any, depth: int = _DEEPEST) -> str:  # noqa: ANN401 - any JSON value
    """The text that a field holds, as it is or within an object or a list; "" where none.

    A list of texts, or of objects with one, is joined as paragraphs, as a spider collects them;
    of objects that say a role or a media type, which are the same in several forms, one is taken.
    """
    if isinstance(value, str) or not depth:
        return value if isinstance(value, str) else ""
    if isinstance(value, dict):
        inner = {plain(key): item for key, item in value.items()}
        texts = (text_of(inner[name], depth - 1) for name in _INNER if name in inner)
        return next((text for text in texts if text), "")
    if not isinstance(value, list):
        return ""
    if all(isinstance(item, dict) for item in value):
        if any("role" in item or "/" in _type(item) for item in value):
            value = [i for i in value if i.get("role") == "main"] or value
            return next((text for item in value if (text := text_of(item, depth - 1))), "")
        value = [item for item in value if not _NO_PROSE.search(_type(item))]
        return "\n\n".join(text for item in value if (text := text_of(item, depth - 1)))
    return "\n\n".join(value) if all(isinstance(item, str) for item in value) else ""


def first_text(fields: Mapping[str, Any], keys: Iterable[str]) -> tuple[str, str]:
    """The first of the keys whose value holds a text that is not blank, and that text."""
    for key in keys:
        text = text_of(fields[key])
        if text and not text.isspace():
            return key, text
    return "", ""


def title_of(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """A title as text, without tags and entities where an object wraps it; else as it is."""
    if isinstance(value, str):
        return value
    text = text_of(value)
    return line_of(text) if text else value


def line_of(markup: str) -> str:
    """One line of marked-up text, such as a title, without its tags and entities."""
    return " ".join(html.unescape(TAG.sub("", markup)).split())


def single(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """The value of a list of one, as search servers give them; any other as it is."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def id_of(value: object) -> str:
    """An id as text; "" where the value cannot be one."""
    value = single(value)
    if isinstance(value, dict):  # MongoDB's extended JSON
        value = value.get("$oid")
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def name_of(value: object) -> str:
    """A name or an address as text; "" where there is none."""
    value = single(value)
    if isinstance(value, dict):  # NewsAPI: {"id": ..., "name": ...}
        value = value.get("name")
    return value if isinstance(value, str) else id_of(value)


def _type(item: Mapping[str, Any]) -> str:
    return str(item.get("contentType") or item.get("contenttype") or item.get("type") or "")
