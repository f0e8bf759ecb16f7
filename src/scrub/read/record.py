"""From a record with named fields to a Document: which field is the text, the id, the date.

Fields that play no part go to `metadata` as they are, and a `metadata` object of the record is
merged into it.  Nothing here depends on the clock or on the dates of files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING, Any, Literal

from scrub.document import Document, Rejection
from scrub.read import fields as names
from scrub.read.apart import Worker
from scrub.read.cut import cut_mark
from scrub.read.dates import iso_date, order
from scrub.read.envelopes import enveloped, is_linked, lifted, object_of
from scrub.read.fields import (
    dated,
    first_text,
    holds_url,
    host,
    id_of,
    is_address,
    line_of,
    longest_like_text,
    longest_prose,
    name_of,
    plain,
    single,
    title_of,
)
from scrub.read.markup import is_markup, is_page
from scrub.read.stream import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from scrub.config import ReadSettings
    from scrub.read.stream import Input, Place

_ESCAPED = re.compile(r"&lt;(?:/(?:p|div|h\d|li)&gt;|br ?/?&gt;)|\A\s*&lt;a href=", re.IGNORECASE)
_KNOWN = frozenset(
    {*names.TEXT, *names.HTML, *names.SHORT, *names.TITLE, *names.ID, *names.SOURCE, *names.URL}
    | {*names.ADDED, *names.CREATED, "metadata"}
)
_KINDS = {type(None): "null", bool: "true or false", list: "a list", dict: "an object"}

Form = Literal["page", "fragment", "wiki"]


@dataclass(slots=True, frozen=True)
class Pending:
    """A document whose text is still in markup: of a page, of a fragment of one, or of a wiki."""

    markup: str
    form: Form
    place: Place
    note: Mapping[str, Any] | None
    known: dict[str, Any]

    def document(self, text: str, found: dict[str, Any]) -> Document:
        """The document, once its text is extracted; `found` is what the page says of itself."""
        return document(text, self.place, self.note, found=found, **self.known)


Result = Document | Pending | Rejection


@dataclass(slots=True, frozen=True)
class _Plan:
    """Which keys of a record may play which part, best first."""

    text: tuple[str, ...]  # of the text itself, those in HTML last
    short: tuple[str, ...]
    title: tuple[str, ...]
    id: tuple[str, ...]
    source: tuple[str, ...]
    url: tuple[str, ...]
    added: tuple[str, ...]
    created: tuple[str, ...]
    html: frozenset[str]
    about: tuple[str, ...]  # of objects in which a record says where its text is from
    others: tuple[str, ...]  # that may hold a text under a name that is not known


class Builder:
    """Makes documents of records, by the settings."""

    def __init__(self, settings: ReadSettings) -> None:
        """`max_record` and `max_expanded` are the limits in bytes."""
        self.max_record = settings.max_record_mb * 1e6
        self.max_expanded = settings.max_expanded_gb * 1e9
        # What to do about a record whose text is not found.
        wanted = f"there is no {settings.text_field!r}; " if settings.text_field else ""
        self.remedy = f"{wanted}name it by --text-field (read.text_field)"
        self.settings = settings
        self.worker = Worker(quiet=True)  # for what libraries read at once
        self._dotted = [name for name in (settings.text_field, settings.id_field) if "." in name]
        self._plan = lru_cache(maxsize=256)(self._make_plan)

    def record(
        self,
        fields: Mapping[str, Any],
        place: Place,
        note: Mapping[str, Any] | None = None,
        *,
        usual: bool = False,
        form: Form | Literal["plain", ""] = "",
    ) -> Document | Pending:
        """The document of one record, whose text is markup of a `form`; else its content decides.

        `note` is what the decoder has to say, for `metadata`; with `usual` the configured names of
        the text and id fields are not looked for.  Raises UnreadableError where there is no text.
        """
        fields = self.lifted(fields)
        fields, plan, key, text = self._text(fields, usual)
        used, created = {key}, ""
        for name in plan.created:
            value = single(fields[name])
            if names.holds_date(plain(name), value) and (created := iso_date(value)):
                if not (isinstance(value, str) and order(value)):  # what others are read by stays
                    used.add(name)
                break

        def one(keys: tuple[str, ...], value_of: Callable[[object], str]) -> str:
            for name in keys:
                if value := value_of(fields[name]):
                    used.add(name)
                    return value
            return ""

        known: dict[str, Any] = {
            "id": one(plan.id, id_of),
            "source": one(plan.source, name_of),
            "url": one(tuple(n for n in plan.url if holds_url(plain(n), fields[n])), name_of),
            "added": one(plan.added, name_of),
            "created": created,
        }
        self._about(fields, plan.about, known)
        metadata: dict[str, Any] = {}
        titles = sorted(plan.title, key=lambda name: "id" in object_of(fields[name]))
        title = next((name for name in titles if fields[name]), "")  # Trove's has its newspaper's
        if title:
            metadata["title"] = title_of(fields[title])
        for name, value in fields.items():
            if name in used or name in plan.html or name == title:
                continue
            if name == "metadata" and isinstance(value, dict):
                metadata |= value
            elif value is not None and value != "":
                metadata.setdefault(name, value)
        known["metadata"] = metadata
        if form == "plain":
            return document(text, place, note, **known)
        if form:
            return Pending(text, form, place, note, known)
        return settled(text, place, note, known, html=key in plan.html)

    def _about(
        self, fields: Mapping[str, Any], abouts: tuple[str, ...], known: dict[str, Any]
    ) -> None:
        """Fill in the address and the date that stand in an object beside the text.

        A source that is an address is taken for one.
        """
        for key in abouts:
            about = object_of(fields[key])
            if about and not (plain(key) == "links" and is_linked(about)):
                plan = self._plan(tuple(about), True)
                addresses = (name_of(about[name]) for name in plan.url + plan.source)
                dates = (iso_date(single(about[name])) for name in plan.created)
                known["url"] = known["url"] or next(filter(is_address, addresses), "")
                known["created"] = known["created"] or next(filter(None, dates), "")
        if "<" in known["source"]:  # of the program that sent a message
            known["source"] = line_of(known["source"])
        if is_address(known["source"]):
            known["url"] = known["url"] or known["source"]
            known["source"] = host(known["source"])

    def each(
        self, found: list[dict[str, Any]], file: Input, note: Mapping[str, Any]
    ) -> Iterator[Result]:
        """The documents of the articles that one file holds, by the usual names of fields."""
        for number, fields in enumerate(found, 1):
            place = file.place(number if len(found) > 1 else 0)
            try:
                yield self.record(fields, place, note, usual=True)
            except UnreadableError as error:
                yield place.reject(error)

    def _text(
        self, fields: Mapping[str, Any], usual: bool, *, named: bool = False
    ) -> tuple[Mapping[str, Any], _Plan, str, str]:
        """The fields, which may stand in an envelope, their plan, and the key of the text with it.

        Unless it has to be `named`, content decides.  Raises UnreadableError where there is none.
        """
        plan = self._plan(tuple(fields), usual)
        key, text = first_text(fields, plan.text)
        if key and isinstance(fields[key], dict) and plain(key) in names.ENVELOPES:
            about = self._plan(tuple(fields[key]), usual)
            if about.title or about.id or about.url:  # a whole record, not a text in an object
                key = ""
        if not key and not (self.settings.text_field and not usual):
            within = [(inner, self._plan(tuple(inner), usual)) for inner in enveloped(fields)]
            # What is only called like a text, and stands deeper, is none beside a description.
            for inner, own, find, keys in (
                *((inner, own, first_text, own.text) for inner, own in within),
                (fields, plan, longest_like_text, plan.others),
                (fields, plan, first_text, plan.short),
                *((inner, own, longest_like_text, own.others) for inner, own in within),
            ):
                if (found := find(inner, keys))[0]:
                    return inner, own, *found
            if not named:
                key, text = longest_prose(fields, plan.others)
        if not key:
            raise self._no_text(plan, fields)
        return fields, plan, key, text

    def text_key(self, fields: Mapping[str, Any]) -> str:
        """The field of a record that holds its text as a text; "" where that stands deeper down."""
        try:
            found, _, key, _ = self._text(fields, False)
        except UnreadableError:
            return ""
        return key if found is fields and isinstance(fields[key], str) else ""

    def holds_text(self, record: object) -> int:
        """3 where a value is a record with a text, 2 where it is one with a summary at best.

        1 where it has a text that only describes something, and may be of anything; 0 where none.
        """
        if not isinstance(record, dict):
            return 0
        try:
            _, plan, key, _ = self._text(self.lifted(record), False, named=True)
        except UnreadableError:
            return 0
        is_named = self.is_named(record)  # what is only called like a text is one of a whole record
        return 3 if key in plan.text or (is_named and key not in plan.short) else 1 + is_named

    def is_named(self, record: Mapping[str, Any]) -> bool:
        """Whether a record has a title, and an id or an address, whatever else."""
        plan = self.plan_of(record)
        return bool(plan.title and (plan.id or plan.url))

    def plan_of(self, record: Mapping[str, Any]) -> _Plan:
        """What a record's fields are, by their names."""
        return self._plan(tuple(record), False)

    def lifted(self, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        """The fields with those that settings name by a path, such as `doc.text`, among them."""
        for path in self._dotted:
            fields = lifted(fields, path)
        return fields

    def has_text(self, keys: Iterable[str]) -> bool:
        """Whether one of the keys is that of the text, or of a page."""
        plan = self._plan(tuple(keys), False)
        others = () if self.settings.text_field else plan.others
        return bool(plan.text or plan.short or any(map(names.is_like, others)))

    def _make_plan(self, keys: tuple[str, ...], usual: bool) -> _Plan:
        settings = self.settings
        by_name: dict[str, list[str]] = {}
        for key in keys:
            by_name.setdefault(plain(key), []).append(key)

        def all_of(usual_names: Iterable[str]) -> tuple[str, ...]:
            return tuple(key for name in usual_names for key in by_name.get(name, ()))

        html = all_of(names.HTML)
        text, short = all_of(names.TEXT) + html, all_of(names.SHORT)
        if names.NO_MESSAGE.isdisjoint(by_name):
            text += all_of((names.MESSAGE,))
        if settings.text_field and not usual:
            text, short = tuple(key for key in keys if key == settings.text_field), ()
        ids = all_of(names.ID)
        if settings.id_field and not usual:
            ids = tuple(key for key in keys if key == settings.id_field) or ids
        return _Plan(
            text,
            short,
            all_of(names.TITLE) or (all_of(("name",)) if "datepublished" in by_name else ()),
            ids,
            all_of(names.SOURCE),
            all_of(names.URL),
            all_of(names.ADDED),
            tuple(sorted((k for k in keys if dated(plain(k)) >= 0), key=lambda k: dated(plain(k)))),
            frozenset(html),
            tuple(key for key in keys if plain(key) in names.ABOUT),
            tuple(key for key in keys if plain(key) not in _KNOWN),
        )

    def _no_text(self, plan: _Plan, fields: Mapping[str, Any]) -> UnreadableError:
        keys = plan.text + plan.short
        if not keys:
            named = [
                f"{key}.{inner}" if inner else key
                for key, value in fields.items()
                for inner in (value if isinstance(value, dict) and value else ("",))
            ]
            there = (", ".join(named[:12]) or "none")[:300]
            return UnreadableError("no-text-field", f"{self.remedy}; the fields are: {there}")
        if any(isinstance(fields[key], str) for key in keys):
            return UnreadableError("empty", "no text")
        name, value = keys[0], fields[keys[0]]
        kind = _KINDS.get(type(value), "a number")
        hint = ""
        if isinstance(value, dict) and value:
            hint = f"; name what is in it by --text-field, as in {name}.{next(iter(value))}"
        return UnreadableError("no-text", f"the field {name!r} holds {kind}, not text{hint}"[:300])


def settled(
    text: str,
    place: Place,
    note: Mapping[str, Any] | None,
    known: dict[str, Any],
    *,
    html: bool = False,
) -> Document | Pending:
    """The document of a text, or of what its markup will give: a page's article, a fragment's text.

    `html` says that it is markup; else its content decides.  Raises UnreadableError where blank.
    """
    if "<" not in text and _ESCAPED.search(text):  # markup that was escaped twice
        text = unescape(text)
    if html or "<" in text:
        page = (html or text.lstrip("\ufeff \t\r\n")[:1] == "<") and is_page(text)
        if page or html or is_markup(text):
            return Pending(text, "page" if page else "fragment", place, note, known)
    return document(text, place, note, **known)


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

    Where the page names another address than the record as its own, that is `canonical` in
    `metadata`.  `source` is the record's own, else the host of its URL, which may be the page's
    canonical one, else the page's site, else the top folder of its path.  Where the text ends in a
    count of what was cut off, the count goes to `metadata` as `truncated`.  Raises UnreadableError
    where the text is blank.
    """
    metadata = {} if metadata is None else metadata
    if cut := cut_mark(text):
        text = text[: cut.start()]
        metadata.setdefault("truncated", cut[0].strip())
    if not text or text.isspace():
        raise UnreadableError("empty", "no text")
    path = place.path
    own, named = (str(found.get(key) or "") if found else "" for key in ("url", "canonical"))
    named, url = named or own, url or own
    if named and named != url:
        metadata.setdefault("canonical", named)
    if url:
        metadata.setdefault("url", url)
    if found:
        date = str(found.get("date") or "")
        created = created or iso_date(date)
        if date and (not created or order(date)):
            metadata.setdefault("date", date)
        title, site = found.get("title") or "", found.get("site") or ""
        if title and title != site and title in site:
            found = {**found, "site": ""}  # many pages give their own name for that of the site
        for key in ("title", "author", "language", "site"):
            if found.get(key):
                metadata.setdefault(key, found[key])
    if note:
        metadata |= note
    if not source:
        source = (url and host(url)) or (name_of(found.get("site")) if found else "")
        source = source or place.folder
    return Document(id or path, text, path, source, added, created, metadata)
