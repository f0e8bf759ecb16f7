"""The usual names of a record's fields, and the text that a field's value holds.

Names are compared without case, `-`, `_`, `:` and spaces, best first.  Of several that are there
the first that holds something counts, because a table has the same columns for all its rows.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from scrub.read.markup import TAG, is_page
from scrub.read.richtext import is_rich, rich_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# `raw_content` is RedPajama's, `maintext` news-please's, `articleBody` schema.org's,
# `content_text` and `content_html` JSON Feed's, `publishedAt` NewsAPI's, `bodyText` the Guardian's,
# `body_text`, `body_xhtml` and `bodies` those of ninjs (IPTC), `content_elements` Arc's.
TEXT = (
    "text", "content", "body", "article", "rawcontent", "maintext", "fulltext", "articletext",
    "articlebody", "contenttext", "bodytext", "rawtext", "plaintext", "textcontent",
    "articlecontent", "fullcontent", "newscontent", "storytext", "story", "document", "passage",
    "contents", "bodies", "contentelements", "paragraphs", "blocks", "selftext", "volltext",
    "inhalt", "artikel", "texte", "contenu", "texto", "contenido", "cuerpo", "testo", "contenuto",
    "conteudo", "tekst", "inhoud",
)  # fmt: skip
HTML = (
    "html", "contenthtml", "bodyhtml", "bodyxhtml", "rawhtml", "pagehtml", "htmlcontent",
    "htmlbody", "articlehtml", "contentencoded", "postcontent", "rendered", "cooked",
)  # fmt: skip
# What only tells of the text; taken where there is nothing else.
SHORT = (
    "leadparagraph", "description", "summary", "abstract", "excerpt", "snippet", "trailtext",
    "descriptiontext",
)  # fmt: skip
TITLE = (
    "title", "headline", "headlines", "webtitle", "hl1", "titel", "titre", "titulo", "titolo",
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
    "contentcreated", "versioncreated", "postdate", "displaydate", "timestamp", "datetime", "datum",
    "updated",
)  # fmt: skip

# Objects that wrap a record: of search servers, GraphQL, JSON:API, CouchDB, table viewers.
ENVELOPES = frozenset(
    {"source", "node", "attributes", "fields", "row", "doc", "document", "data", "article", "item"}
    | {"story", "post", "record", "entry", "properties", "object", "result", "value", "news"}
)
# A field of another name that may hold the text: `story_html`, `cleaned_text`, `news_body`; and
# what such names say of a field that does not.
_LIKE = re.compile(r"html|body|content|text|article|story")
_UNLIKE = re.compile(
    r"title|head|summary|excerpt|abstract|teaser|lead|desc|short|preview|snippet|comment|caption|"
    r"alt|author|source|image|meta|context|question|note|about|licen|copyright|legal|error|query|"
    r"css|style|script|type|lang|url|link|hash|format"
)
_ENOUGH_WORDS = 20  # of a text under such a name, by hand: more than a label or a caption has
# What holds the text within an object: WordPress's `rendered`, xmltodict's `#text`, NYT's `main`.
_INNER = (
    "rendered", "text", "plain", "main", "value", "content", "body", "html", "bodyhtml", "raw",
    "default", "basic", "#text", "$t", "blocks", "data",
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
    if is_rich(value):
        return rich_text(value)
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
        if text and not is_blank(text):
            return key, text
    return "", ""


def is_blank(text: str) -> bool:
    """Whether a text says nothing: spaces, tags without words, a table's word for no value."""
    bare = text.strip() if len(text) < _SHORT_MARKUP or text.isspace() else text
    if bare[:1] == "<" and len(bare) < _SHORT_MARKUP:
        bare = html.unescape(TAG.sub("", bare)).strip()
    return not bare or (len(bare) < 5 and bare.lower() in _NOTHING)


_SHORT_MARKUP = 2000  # characters of markup that may hold no word, by hand: a picture and its frame
# How databases, pandas and Python write that there is no value.
_NOTHING = frozenset({"\\n", "null", "nan", "none", "n/a", "na", "<na>", "nil"})


def longest_like_text(fields: Mapping[str, Any], keys: Iterable[str]) -> tuple[str, str]:
    """The longest text of fields that are called as if they held one, or hold a page."""
    found = [
        (key, value)
        for key in keys
        if isinstance(value := fields[key], str)
        and (
            (len(value) > _ENOUGH_WORDS and is_like(key) and len(value.split()) >= _ENOUGH_WORDS)
            or (value.lstrip()[:1] == "<" and is_page(value))
        )
    ]
    return max(found, key=lambda pair: len(pair[1]), default=("", ""))


def is_like(key: str) -> bool:
    """Whether a field is called as if it held a text."""
    name = plain(key)
    return _LIKE.search(name) is not None and not _UNLIKE.search(name)


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
        value = value.get("name") or value.get("title") or value.get("uri")
    return value if isinstance(value, str) else id_of(value)


def _type(item: Mapping[str, Any]) -> str:
    return str(item.get("contentType") or item.get("contenttype") or item.get("type") or "")
