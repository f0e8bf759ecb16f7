"""The usual names of a record's fields, and the text that a field's value holds.

Names are compared without case, `-`, `_`, `:` and spaces, best first.  Of several that are there
the first that holds something counts, because a table has the same columns for all its rows.
"""

from __future__ import annotations

import html
import re
from ast import literal_eval
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from scrub.read.cut import is_cut
from scrub.read.dates import iso_date, order
from scrub.read.markup import TAG, is_page
from scrub.read.richtext import is_rich, rich_text

TEXT_ABROAD = (
    "volltext", "inhalt", "artikel", "texte", "contenu", "texto", "contenido", "cuerpo", "testo",
    "contenuto", "conteudo", "tekst", "inhoud", "treść", "obsah", "innehåll", "içerik", "metin",
    "konten", "teksti", "sisältö", "szöveg", "tartalom", "conținut", "nộidung", "текст",
    "содержание", "текстстатьи", "зміст", "κείμενο", "תוכן", "متن", "النص", "المحتوى", "正文",
    "内容", "內容", "全文", "本文", "記事", "본문", "내용",
)  # fmt: skip
# `raw_content` is RedPajama's, `maintext` news-please's, `articleBody` schema.org's,
# `content_text` and `content_html` JSON Feed's, `publishedAt` NewsAPI's, `bodyText` the Guardian's,
# `body_text`, `body_xhtml` and `bodies` those of ninjs (IPTC), `content_elements` Arc's,
# `components` Apple News'.
TEXT = (
    "text", "content", "body", "article", "rawcontent", "maintext", "fulltext", "articletext",
    "articlebody", "contenttext", "bodytext", "rawtext", "plaintext", "textcontent",
    "articlecontent", "fullcontent", "newscontent", "storytext", "story", "document", "passage",
    "contents", "bodies", "contentelements", "plaincontent", "paragraphs", "blocks", "selftext",
    "extendedtweet", "components",
    *TEXT_ABROAD,
)  # fmt: skip
HTML = (
    "html", "contenthtml", "bodyhtml", "bodyxhtml", "rawhtml", "pagehtml", "htmlcontent",
    "htmlbody", "articlehtml", "contentencoded", "postcontent", "rendered", "cooked",
    "bodynitf",
)  # fmt: skip
# What only describes the text; taken where there is nothing else.
SHORT = (
    "leadparagraph", "description", "summary", "abstract", "excerpt", "snippet", "trailtext",
    "descriptiontext", "extract",
)  # fmt: skip
TITLE = (
    "title", "headline", "headlines", "webtitle", "hl1", "titel", "titre", "titulo", "titolo",
    "heading", "head", "articletitle", "newstitle", "storytitle", "posttitle", "tytuł", "titulek",
    "rubrik", "overskrift", "tittel", "otsikko", "naslov", "cím", "titlu", "título", "başlık",
    "judul", "tiêuđề", "заголовок", "название", "τίτλος", "כותרת", "عنوان", "العنوان", "标题",
    "標題", "タイトル", "見出し", "제목", "ogtitle",
)  # fmt: skip
ID = (
    "id", "docid", "documentid", "articleid", "newsid", "storyid", "uuid", "uid", "guid", "uri",
    "urn",
)  # fmt: skip
SOURCE = (
    "source", "site", "domain", "publisher", "outlet", "publication", "sitename", "newspaper",
    "mediumname", "sourcename", "publicationname", "quelle", "fuente", "fonte", "источник",
    "издание", "来源", "來源", "출처",
)  # fmt: skip
URL = (
    "url", "link", "uri", "sourceurl", "articleurl", "canonicalurl", "permalink", "weburl",
    "originalurl", "requestedurl", "warctargeturi", "pageurl", "canonical",
    "alternate", "urlsource",
)  # fmt: skip
ADDED = (
    "added", "crawled", "crawldate", "datedownload", "scrapedat", "fetched", "seendate",
    "fetchedat", "crawledat",
)  # fmt: skip
CREATED = (
    "created", "date", "published", "pubdate", "publishdate", "publishedat", "datepublish",
    "datepublished", "publicationdate", "webpublicationdate", "publishedon", "publishedtime",
    "articlepublishedtime", "publishtime", "createdat", "datecreated", "firstcreated",
    "contentcreated", "versioncreated", "postdate", "displaydate", "timestamp", "datetime", "datum",
    "fecha", "dato", "päivämäärä", "paivamaara", "dátum", "ngày", "дата", "датапубликации",
    "ημερομηνία", "תאריך", "تاریخ", "التاريخ", "日期", "发布时间", "날짜", "tarih", "tanggal",
    "updated",
)  # fmt: skip
# ... and what else such dates are called: `publishing_date`, `Post Created`, `pubtime`.
_CREATED = re.compile(
    r"(?:article|news|story|post|item|first|original|web|online)?"
    r"(?:publi(?:cation|sh|shed|shing)|pub|creat(?:ed|ion)|post(?:ed)?|released?|issued?|display)"
    r"(?:created|date|time|utc|stamp|unix|on|at|ts|iso)+|(?:article|news|story|issue)date|"
    r"(?:date|data|fecha)(?:time|of|de|di)?(?:pub(?:b?lica\w{2,6}|lished)?|created|posted|issued)|"
    r"(?:erscheinungs|veröffentlichungs|publikations|publicatie|publicerings|udgivelses)dat(?:um|o)"
)
# Portuguese and Italian, of Hacker News: of other things, too, see `holds_date`.
_MAY_BE_DATED = ("data", "time")
# Objects in which a record says where its text is from: of RedPajama, OSCAR, LangChain, Fundus,
# Contentful.
ABOUT = frozenset({"metadata", "meta", "warcheaders", "html", "sys", "links"})
# Posts of social networks are messages; beside these words a message is that of a server.
MESSAGE = "message"
NO_MESSAGE = frozenset({"error", "errors", "status", "statuscode", "code"})

# Objects that wrap a record: of search servers, GraphQL, JSON:API, CouchDB, table viewers.
ENVELOPES = frozenset(
    {"source", "node", "attributes", "fields", "row", "doc", "document", "data", "article", "item"}
    | {"story", "post", "record", "entry", "properties", "object", "result", "value", "news"}
    | {"payload", "after"}  # of messages of change
)
# A field of another name that may hold the text: `story_html`, `cleaned_text`, `news_body`; and
# what such names say of a field that does not.
_LIKE = re.compile(r"html|body|content|text|article|story|transcri|markdown|\Aocr")
_UNLIKE = re.compile(
    r"title|head|summary|excerpt|abstract|teaser|lead|desc|short|preview|snippet|comment|caption|"
    r"alt|author|source|image|meta|context|question|note|about|licen|copyright|legal|error|query|"
    r"css|style|(?<!tran)(?<!manu)script|type|lang|url|link|hash|format|bio|rights|disclaimer|keyword|tags|"
    r"message|//"
)
ENOUGH_WORDS = 20  # of a text under such a name, by hand: more than a label or a caption has
# What holds the text within an object: WordPress's `rendered`, xmltodict's `#text`, NYT's `main`.
_INNER = (
    "rendered", "text", "plain", "main", "value", "content", "body", "html", "bodyhtml", "raw",
    "default", "basic", "#text", "$t", "blocks", "components", "contents", "data", "fulltext",
    "sections", "paragraphs", "items", "line", "s", "string",  # DynamoDB's and Avro's
    "context", "@value",  # of SQuAD, of JSON-LD and LIF
)  # fmt: skip
# Where a text stands in several languages: `{"en-US": ..., "de": ...}`.
_LOCALE = re.compile(r"(?!id\Z)[a-z]{2}(?:[-_][A-Za-z]{2})?")
_HEADINGS = ("headline", "heading", "title")  # of a part of a text
# Parts of a text that are none of its prose: what shows something, what is said of it elsewhere.
_NO_PROSE = re.compile(
    r"image|photo|picture|video|audio|media|gallery|embed|advert|interstitial|"
    r"(?:kicker|title|byline|caption|author.*)\Z",
    re.IGNORECASE,
)
# What Apple News calls the parts that are.
_PART = re.compile("body|intro|(?:pull)?quote|heading[1-6]?|container|section|chapter|header|aside")
_DEEPEST = 6  # levels of objects and lists within a field that are looked through


def plain(key: str) -> str:
    """A field's name as names are compared."""
    return key.lower().translate(_IDLE)


_IDLE = str.maketrans("", "", "_- :")


def text_of(value: Any, depth: int = _DEEPEST) -> str:  # noqa: ANN401 - any JSON value
    """The text that a field holds, as it is or within an object or a list; "" where none.

    A list of texts, or of objects with one, is joined as paragraphs, as a spider collects them; one
    of both is a line in which some words are marked, as in Telegram's exports.  Of objects that say
    a role or a media type, which are the same in several forms, one is taken, but of Apple News
    all parts.  A string can be a list, too, as pandas writes it.
    """
    if isinstance(value, str):
        is_list = value[:1] == "[" and len(value) < _LONGEST_LIST and _LIST.fullmatch(value)
        return _written(value) if is_list else value
    if not depth:
        return ""
    if is_rich(value):
        return rich_text(value)
    if isinstance(value, dict):
        inner = {plain(key): item for key, item in value.items()}
        localised = value.values() if all(map(_LOCALE.fullmatch, value)) else ()
        held = [*(inner[name] for name in _INNER if name in inner), *localised]
        texts = (text_of(item, depth - 1) for item in held)
        return next((text for text in texts if text), "")
    if not isinstance(value, list):
        return ""
    value = [item for item in value if item is not None]
    if all(isinstance(item, dict) for item in value):
        forms = any("/" in _type(item) for item in value)
        value = [item for item in value if not _NO_PROSE.search(_type(item))]
        roles = [str(item["role"]) for item in value if item.get("role")]
        if forms or (roles and not any(map(_PART.fullmatch, roles))):
            value = [i for i in value if i.get("role") in ("main", "body")] or value
            return next((text for item in value if (text := text_of(item, depth - 1))), "")
        parts = (_part(item, depth - 1) for item in value)
        return "\n\n".join(part for part in parts if part)
    if all(isinstance(item, str) for item in value):
        return "\n\n".join(value)
    if all(isinstance(item, str | dict) for item in value):
        return "".join(text_of(item, depth - 1) for item in value)
    return ""


def _written(value: str) -> str:
    """The paragraphs of a list of strings as Python writes it, else the string itself."""
    try:
        text = "\n\n".join(literal_eval(value))
        text.encode()  # what a code names can be half a character
    except (SyntaxError, ValueError):
        return value
    return text


_ESCAPE = r"\\(?:[\\'\"nrtbf]|x[0-9a-f]{2}|u(?![dD][89a-fA-F])[0-9a-fA-F]{4}|U000[01][0-9a-f]{4})"
_STRING = rf"(?:'(?:[^'\\\n]|{_ESCAPE})*'|\"(?:[^\"\\\n]|{_ESCAPE})*\")"
_LIST = re.compile(rf"\[{_STRING}(?:, ?{_STRING})*\]")  # what Python and JSON make of strings
_NAMED = re.compile(rf"\{{.{{0,200}}?['\"]name['\"]: ?({_STRING}).{{0,300}}\}}", re.DOTALL)
_LONGEST_LIST = 1 << 20  # characters, by hand: a text has fewer, and each item costs a node


def _part(item: Mapping[str, Any], depth: int) -> str:
    """A part of a text, behind its heading where it has one and paragraphs."""
    text = text_of(item, depth)
    inner = {plain(key): value for key, value in item.items()}
    if text and "paragraphs" in inner:
        headings = (text_of(inner[name], depth - 1) for name in _HEADINGS if name in inner)
        text = "\n\n".join([*filter(None, headings), text])
    return text


def _is_parts(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Whether components are the parts of a text, which have a role each."""
    return isinstance(value, list) and all(isinstance(i, dict) and i.get("role") for i in value)


def first_text(fields: Mapping[str, Any], keys: Iterable[str]) -> tuple[str, str]:
    """The first of the keys whose value holds a text that is not blank, and that text.

    Where that seems cut off, the first of the others that is longer; but no page, which always is.
    """
    found = "", ""
    for key in keys:
        if found[0] and plain(key) in HTML:
            continue
        if plain(key) == "components" and not _is_parts(fields[key]):
            continue
        text = text_of(fields[key])
        if len(text) > len(found[1]) and not is_blank(text):
            found = key, text
            if not is_cut(text):
                break
    return found


def is_blank(text: str) -> bool:
    """Whether a text says nothing: spaces, tags without words, a table's word for no value."""
    bare = text.strip() if len(text) < _SHORT_MARKUP or text.isspace() else text
    if bare[:1] == "<" and len(bare) < _SHORT_MARKUP:
        bare = html.unescape(TAG.sub("", bare)).strip()
    return not bare or (len(bare) < _LONGEST_NOTHING and bool(_NOTHING.fullmatch(bare)))


_SHORT_MARKUP = 2000  # characters of markup that may hold no word, by hand: a picture and its frame
# How databases, pandas and Python write that there is no value, Reddit that there is none now, and
# newsdata.io that it was not paid for, in the text of each article.
_NOTHING = re.compile(
    r"\\n|null|nan|none|n/a|na|<na>|nil|\[(?:removed|deleted|deleted by user)\]|"
    r"only available in [a-z ]{3,40} plans?",
    re.IGNORECASE,
)
_LONGEST_NOTHING = 70  # characters, by the longest of these


def longest_like_text(fields: Mapping[str, Any], keys: Iterable[str]) -> tuple[str, str]:
    """The longest text of fields that are called as if they held one, or hold a page."""
    found = [
        (key, value)
        for key in keys
        if isinstance(value := fields[key], str)
        and (
            (len(value) > ENOUGH_WORDS and is_like(key) and len(value.split()) >= ENOUGH_WORDS)
            or (value.lstrip()[:1] == "<" and is_page(value))
        )
    ]
    return max(found, key=lambda pair: len(pair[1]), default=("", ""))


def is_prose(value: object, enough: int = ENOUGH_WORDS) -> bool:
    """Whether a value is a text by what it holds: `enough` words, and the end of a sentence."""
    if not isinstance(value, str) or len(value) < enough:
        return False
    words = len(value.split()) + len(_IDEOGRAPH.findall(value)) // 2
    if words < enough:
        return False
    return _SENTENCE_END.search(value) is not None or (
        " , " in value and _APART.search(value) is not None
    )


_APART = re.compile(r"[^\W\d_] [.!?](?:\s|\Z)")  # in a text of tokens, which has commas so, too
_IDEOGRAPH = re.compile("[\u3040-\u9fff]")
# A sign of a vowel, which is no letter to `re`, ends a word as one does; the stops of some scripts
# end nothing but sentences.
_VOWEL_SIGN = "\u0900-\u0963\u0981-\u0df3\u102b-\u103e\u17b6-\u17d3"
_SENTENCE_END = re.compile(
    f"(?:[^\\W\\d_]|[{_VOWEL_SIGN}])[.!?؟।۔][\"'”’»)\\]]?(?:\\s|\\Z|<)|[。！？॥։።፧။។៕།]|፡፡"
)


def longest_prose(
    fields: Mapping[str, Any], keys: Iterable[str], enough: int = ENOUGH_WORDS
) -> tuple[str, str]:
    """The longest prose of fields whose names say nothing of it; `speech`, `Оригинал`."""
    likely = (key for key in keys if not _UNLIKE.search(plain(key)))
    found = [(key, fields[key]) for key in likely if is_prose(fields.get(key), enough)]
    return max(found, key=lambda pair: len(pair[1]), default=("", ""))


def dated(name: str) -> int:
    """How sure a plain name is that of the date of a text, the smaller the surer; -1: it is not."""
    if name in CREATED:  # the last of them is weaker than any other name
        return CREATED.index(name) + 2 * (name == CREATED[-1])
    if name in _MAY_BE_DATED:
        return len(CREATED)
    return len(CREATED) - 1 if _CREATED.fullmatch(name) else -1


def holds_date(name: str, value: object) -> bool:
    """Whether the value under a plain name that may be `dated` is a date, and no year or number."""
    is_sure = name not in _MAY_BE_DATED
    return is_sure or (len(text := str(value)) > 4 and bool(iso_date(value) or order(text)))


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
    """The value of a list of one, as search servers give them, of Drupal's or DynamoDB's."""
    value = value[0] if isinstance(value, list) and len(value) == 1 else value
    is_text = isinstance(value, dict) and isinstance(value.get("value"), str)
    if isinstance(value, dict) and (len(value) == 1 or (is_text and "name" not in value)):
        return value.get("value", value.get("S", value.get("N", value)))
    return value


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
        names = ("name", "title", "uri", "href")  # links of Google Reader, and of readers since
        value = next((value[name] for name in names if value.get(name)), None)
    if isinstance(value, str) and value[:1] == "{" and (written := _NAMED.fullmatch(value)):
        value = literal_eval(written[1])  # the same in a table of pandas
    return value if isinstance(value, str) else id_of(value)


def _type(item: Mapping[str, Any]) -> str:
    names = ("contentType", "contenttype", "type", "role")
    return str(next((item[name] for name in names if item.get(name)), ""))


def holds_url(name: str, value: object) -> bool:
    """Whether the value under a plain name is the record's address: a URI may be no address.

    An alternate is one among the links of a feed reader: else it is in another language or form.
    """
    if name == "alternate" and (not isinstance(link := single(value), dict) or "hreflang" in link):
        return False
    return name not in ("uri", "canonical", "alternate") or is_address(name_of(value))


def is_address(text: str) -> bool:
    """Whether a text is the address of a page."""
    return text.startswith(("http://", "https://"))


def host(url: str) -> str:
    """The host of a URL in lower case, without `www.` and port; "" where there is none."""
    try:
        name = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return name.removeprefix("www.")
