"""From a record with named fields to a Document: which field is the text, the id, the date.

Fields that play no part go to `metadata` as they are, and a `metadata` object of the record is
merged into it.  Nothing here depends on the clock or on the dates of files.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrub.document import Document, Rejection
from scrub.read.dates import iso_date
from scrub.read.stream import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scrub.config import ReadSettings
    from scrub.read.stream import Place

# The usual names, best first, compared without case, `-` and `_`.  `raw_content` is RedPajama's,
# `maintext` news-please's, `articleBody` schema.org's, `content_text` and `content_html` JSON
# Feed's, `publishedAt` NewsAPI's.
TEXT = (
    "text", "content", "body", "article", "rawcontent", "maintext", "fulltext", "articletext",
    "articlebody", "contenttext", "rawtext", "plaintext", "story", "document", "passage",
    "description", "summary",
)  # fmt: skip
HTML = (
    "html", "contenthtml", "rawhtml", "pagehtml", "htmlcontent",
)  # fmt: skip
ID = (
    "id", "docid", "documentid", "articleid", "uuid", "uid", "guid",
)  # fmt: skip
SOURCE = (
    "source", "site", "domain", "publisher", "outlet", "publication", "sitename",
)  # fmt: skip
URL = (
    "url", "link", "uri", "sourceurl", "articleurl", "canonicalurl", "permalink",
)  # fmt: skip
ADDED = (
    "added", "crawled", "crawldate", "datedownload", "scrapedat", "fetched",
)  # fmt: skip
CREATED = (
    "created", "date", "published", "pubdate", "publishdate", "publishedat", "datepublish",
    "datepublished", "publicationdate", "createdat", "timestamp", "datetime", "updated",
)  # fmt: skip

_KINDS = {type(None): "null", bool: "true or false", list: "a list", dict: "an object"}


@dataclass(slots=True, frozen=True)
class Pending:
    """A document whose text is still in markup: the whole of a page, or a fragment of one."""

    html: str
    page: bool
    place: Place
    note: Mapping[str, Any] | None
    known: dict[str, Any]

    def document(self, text: str, found: dict[str, Any]) -> Document:
        """The document, once its text is extracted; `found` is what the page says of itself."""
        return document(text, self.place, self.note, found=found, **self.known)


Result = Document | Pending | Rejection


@dataclass(slots=True, frozen=True)
class _Plan:
    """Which keys of a record play which part; "" where none does."""

    text: str
    html: str
    id: str
    source: str
    url: str
    added: str
    created: str
    rest: tuple[str, ...]


class Builder:
    """Makes documents of records, by the settings."""

    def __init__(self, settings: ReadSettings) -> None:
        """`max_record` and `max_expanded` are the limits in bytes."""
        self.max_record = settings.max_record_mb * 1e6
        self.max_expanded = settings.max_expanded_gb * 1e9
        # What to do about a record whose text is not found.
        wanted = f"there is no {settings.text_field!r}; " if settings.text_field else ""
        self.remedy = f"{wanted}name it by --text-field (read.text_field)"
        self._settings = settings
        self._dotted = [name for name in (settings.text_field, settings.id_field) if "." in name]
        self._plan = lru_cache(maxsize=256)(self._make_plan)

    def record(
        self,
        fields: Mapping[str, Any],
        place: Place,
        note: Mapping[str, Any] | None = None,
        *,
        usual: bool = False,
    ) -> Document | Pending:
        """The document of one record.

        `note` is what the decoder has to say, for `metadata`; with `usual` the configured names of
        the text and id fields are not looked for.  Raises UnreadableError where there is no text.
        """
        fields = self.lifted(fields)
        plan = self._plan(tuple(fields), usual)
        text = fields[plan.text] if plan.text else None
        markup = bool(plan.html) and not text
        if markup:
            text = fields[plan.html]
        if isinstance(text, list) and all(isinstance(part, str) for part in text):
            text = "\n\n".join(text)  # as a spider collects paragraphs
        if not isinstance(text, str):
            raise self._no_text(plan, fields, text)
        metadata: dict[str, Any] = {}
        for key in plan.rest:
            value = fields[key]
            if key == "metadata" and isinstance(value, dict):
                metadata |= value
            elif value is not None and value != "":
                metadata.setdefault(key, value)
        created = ""
        if plan.created:
            created = iso_date(fields[plan.created])
            if not created and fields[plan.created]:
                metadata.setdefault(plan.created, fields[plan.created])
        known: dict[str, Any] = {
            "id": _id(fields[plan.id]) if plan.id else "",
            "source": _name(fields[plan.source]) if plan.source else "",
            "url": _name(fields[plan.url]) if plan.url else "",
            "added": _name(fields[plan.added]) if plan.added else "",
            "created": created,
            "metadata": metadata,
        }
        if text[:1] == "<" or markup:
            page = is_page(text)
            if page or (markup and text):
                return Pending(text, page, place, note, known)
        return document(text, place, note, **known)

    def lifted(self, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        """The fields with those that settings name by a path, such as `doc.text`, among them."""
        for path in self._dotted:
            fields = _lifted(fields, path)
        return fields

    def has_text(self, keys: Iterable[str]) -> bool:
        """Whether one of the keys is that of the text, or of a page."""
        plan = self._plan(tuple(keys), False)
        return bool(plan.text or plan.html)

    def _make_plan(self, keys: tuple[str, ...], usual: bool) -> _Plan:
        settings = self._settings
        names: dict[str, str] = {}
        for key in keys:
            names.setdefault(_plain(key), key)

        def one(usual_names: Iterable[str], own: str = "") -> str:
            if own and not usual:
                return own if own in keys else ""
            return next((names[name] for name in usual_names if name in names), "")

        text = one(TEXT, settings.text_field)
        html = one(HTML) if not settings.text_field or usual else ""
        if text and _plain(text) in HTML:
            text, html = "", text
        own_id = one(ID, settings.id_field)
        if not own_id and settings.id_field:
            own_id = one(ID)
        parts = (text, html, own_id, one(SOURCE), one(URL), one(ADDED), one(CREATED))
        drop = {part for part in parts if part} | {key for key in keys if _plain(key) in HTML}
        return _Plan(*parts, rest=tuple(key for key in keys if key not in drop))

    def _no_text(self, plan: _Plan, fields: Mapping[str, Any], value: object) -> UnreadableError:
        if not plan.text and not plan.html:
            named = [
                f"{key}.{inner}" if inner else key
                for key, value in fields.items()
                for inner in (value if isinstance(value, dict) and value else ("",))
            ]
            names = ", ".join(named[:12]) or "none"
            return UnreadableError("no-text-field", f"{self.remedy}; the fields are: {names[:300]}")
        name, kind = plan.text or plan.html, _KINDS.get(type(value), "a number")
        hint = ""
        if isinstance(value, dict) and value:
            hint = f"; name what is in it by --text-field, as in {name}.{next(iter(value))}"
        return UnreadableError("no-text", f"the field {name!r} holds {kind}, not text{hint}"[:300])


def document(
    text: str,
    place: Place,
    note: Mapping[str, Any] | None = None,
    *,
    id: str = "",
    source: str = "",
    url: str = "",
    added: str = "",
    created: str = "",
    metadata: dict[str, Any] | None = None,
    found: dict[str, Any] | None = None,
) -> Document:
    """The document of a text; `found` is what its page said, weaker than what is known.

    `source` is the record's own, else the host of its URL, else the page's site, else the top
    folder of its path.  Raises UnreadableError where the text is blank.
    """
    if not text or text.isspace():
        raise UnreadableError("empty", "no text")
    path = place.path
    metadata = {} if metadata is None else metadata
    if url:
        metadata.setdefault("url", url)
    if found:
        created = created or iso_date(found.get("date"))
        for key, value in found.items():
            if value and key != "date":
                metadata.setdefault(key, value)
    if note:
        metadata |= note
    if not source:
        source = (url and host(url)) or (_name(found.get("site")) if found else "") or place.folder
    return Document(id or path, text, path, source, added, created, metadata)


def begins_page(data: bytes) -> bool:
    """Whether bytes are those of a web page, by how they begin."""
    head = data[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<!doctype html", b"<html"))


def is_page(markup: str) -> bool:
    """Whether markup is a whole web page rather than a fragment of one."""
    head = markup[:2000].lower()
    return "<html" in head or "<body" in head or "<!doctype html" in head or "<head" in head


def host(url: str) -> str:
    """The host of a URL in lower case, without `www.` and port; "" where there is none."""
    try:
        name = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return name.removeprefix("www.")


def _lifted(fields: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    outer, _, rest = path.partition(".")
    inner = fields.get(outer)
    if path in fields or not rest or not isinstance(inner, dict):
        return fields
    inner = _lifted(inner, rest)
    if rest not in inner:
        return fields
    return {**fields, outer: {k: v for k, v in inner.items() if k != rest}, path: inner[rest]}


def _plain(key: str) -> str:
    return key.lower().replace("_", "").replace("-", "").replace(" ", "").replace(":", "")


def _id(value: object) -> str:
    """An id as text; "" where the value cannot be one."""
    if isinstance(value, dict):  # MongoDB's extended JSON
        value = value.get("$oid")
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _name(value: object) -> str:
    if isinstance(value, dict):  # NewsAPI: {"id": ..., "name": ...}
        value = value.get("name")
    return value if isinstance(value, str) else _id(value)
