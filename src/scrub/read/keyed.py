"""Exports whose articles have their particulars on lines of their own: `Title: ...`, `Date: ...`.

So write ProQuest, NewsBank, GENIOS and others.  An article begins at the line `Document 2 of 50` or
of dashes, where there is one for each, else at the particular that comes first.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import accumulate, dropwhile, pairwise, takewhile
from typing import Any

from scrub.document import SEVERAL
from scrub.read.dates import iso_date

# What the particulars are called, by the field that they become.
_FIELDS: dict[str, tuple[str, ...]] = {
    "title": ("title", "headline", "titel", "titre", "título", "titolo", "überschrift"),
    "date": (
        "date", "datum", "fecha", "data", "published", "publication date", "date published",
        "pub date",
    ),
    "source": (
        "source", "publication", "newspaper", "quelle", "journal", "zeitung", "fuente",
        "publication title", "journal title", "source name",
    ),
    "text": (
        "text", "full text", "article text", "volltext", "body", "texte", "texte intégral", "texto",
        "testo",
    ),
    "author": ("author", "byline", "autor", "auteur", "verfasser", "autore"),
    "id": (
        "id", "accession number", "document id", "proquest document id", "record number",
        "dokumentnummer",
    ),
    "": (
        "abstract", "subject", "subjects", "location", "section", "ressort", "page", "pages",
        "seite", "edition", "ausgabe", "copyright", "database", "datenbank", "url", "language",
        "sprache", "publisher", "links", "keywords", "people", "company", "classification", "issn",
        "isbn", "publication info", "publication year", "year", "document url", "document type",
        "last updated", "source type", "place of publication", "country of publication",
        "publication subject", "load date", "memo", "caption", "dateline", "company / organization",
        "language of publication", "identifier / keyword",
    ),
}  # fmt: skip
_ROLES = {name: field for field, names in _FIELDS.items() for name in names}
_LINE = re.compile(r"([^\W\d_][\w /äöüé]{1,30}?)[ \t]?:(?:[ \t]+(\S.*)?)?\Z")
_NUMBERED = re.compile(r"(?:Document|Dokument|Record|Article) \d{1,5} (?:of|de|von|di) \d{1,5}\Z")
_RULE = re.compile(r"([_=*~#-])(?:[ \t]?\1){7,200}\Z")
_LEFT = 60  # words of a piece that may stand in no field; more is taken to be its text
ENOUGH = 3  # pieces with a date each that look like articles; two parts of one may have dates
LOOKED_AT = 100  # parts of a text, by hand, as reading a date takes time
_BRIEF = 12  # words of a date, a source or a name; more is a sentence; by hand
_TOP = 4  # lines of a piece among which its date stands, by hand: behind a headline of two lines


def keyed_articles(text: str) -> list[dict[str, Any]]:
    """The articles as the fields of records; none where a text is no such export.

    It is one where a title or text and a date or source are named as often, at least twice.
    """
    if ":" not in text:
        return []
    lines = [line.strip() for line in text.splitlines()]
    at: dict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(lines):
        if (found := _key(line)) and found[0]:
            at[found[0]].append(number)
    count = max((len(at[role]) for role in ("title", "text")), default=0)
    as_often = [role for role in ("title", "text", "date", "source") if len(at[role]) == count]
    least = 1 if at["text"] and any(number in text for number in NUMBERS) else 2
    if count < least or not {"title", "text"} & {*as_often} or not {"date", "source"} & {*as_often}:
        return []
    marks = [n for n, line in enumerate(lines) if _NUMBERED.match(line)]
    rules = [n for n, line in enumerate(lines) if _RULE.match(line)]
    starts = next((s for s in (marks, [0, *rules]) if len(s) == count), None)
    if starts is None and len(rules) == count:
        starts = rules if rules[0] < at[as_often[0]][0] else [0, *rules[:-1]]
    if starts is None:
        starts = at[min(as_often, key=lambda role: at[role][0])]
        # Keys of its own that stand above it, line by line, belong to an article, too.
        starts = [_top(lines, *found) for found in pairwise([-1, *starts])]
    lead = "\n".join(lines[: starts[0]])
    pieces = [_fields(lines[start:end]) for start, end in pairwise([*starts, len(lines)])]
    return ([{"text": lead}] if len(lead.split()) > _LEFT else []) + pieces


def may_hold_articles(text: str) -> dict[str, int]:
    """`{SEVERAL: n}` where a text may hold n articles that could not be parted; else nothing.

    It looks like several where rules part it and each part has its date near the top, or where it
    counts or numbers its documents.
    """
    if found := numbered_articles(text):
        return found
    if not _ANY_RULE.search(text):
        return {}
    lines = [line.strip() for line in text.splitlines()]
    marks = sum(1 for line in lines if _NUMBERED.match(line))
    starts = [0, *(n + 1 for n, line in enumerate(lines) if _RULE.match(line)), len(lines)]
    dated = 0
    for start, end in pairwise(starts[:LOOKED_AT]):
        top = [line for line in lines[start : min(end, start + 12)] if line][:_TOP]
        dated += any(len(line) < 60 and iso_date(line) for line in top)  # a line of the date alone
    count = max(marks, dated)
    return {SEVERAL: count} if count >= ENOUGH else {}


# What databases call the number of each article: one text has one.
NUMBERS = (
    "ProQuest document ID:", "Accession Number:", "Accession number:", "Document Number:",
    "Document ID:", "Record Number:", "Dokumentnummer:",
)  # fmt: skip
_ANY_RULE = re.compile(rf"^[ \t]*(?:{_NUMBERED.pattern[:-2]}|([_=*~#-])(?:[ \t]?\1){{7}})", re.M)


def numbered_articles(text: str) -> dict[str, int]:
    """`{SEVERAL: n}` where a text or a page numbers n articles as databases do; else nothing."""
    count = max(map(text.count, NUMBERS))
    return {SEVERAL: count} if count >= ENOUGH else {}


def _is_no_title(line: str, fields: dict[str, Any]) -> bool:
    """Whether a line is what parts articles, or the name of the paper above its headline."""
    return (
        not line or line == fields.get("source") or bool(_RULE.match(line) or _NUMBERED.match(line))
    )


def _key(line: str) -> tuple[str, str] | None:
    """The field that a line is of, "" for one of no account, and its value; None for others."""
    if (found := _LINE.match(line)) and (name := found[1].lower()) in _ROLES:
        role, value = _ROLES[name], found[2] or ""
        if role in ("", "text", "title") or len(value.split()) <= _BRIEF:
            return role, value
    return None


def _top(lines: list[str], last: int, start: int) -> int:
    """The first of the particulars right above one, behind those that begin the last article."""
    while start - 1 > last and (found := _key(lines[start - 1])) and found[0] != "text":
        start -= 1
    return start


def _fields(lines: list[str]) -> dict[str, Any]:
    """One article: its named text, or what stands between the particulars above and below it."""
    keys = {n: found for n, line in enumerate(lines) if (found := _key(line))}
    if not keys:
        return {"text": "\n".join(lines).strip("\n")}
    words = [0 if n in keys else len(line.split()) for n, line in enumerate(lines)]
    begin = next((n for n, (role, _) in keys.items() if role == "text"), -1)
    for n, end in pairwise(key for key in keys if key <= begin):
        if not keys[n][1]:  # an abstract, which stands below its name
            words[n:end] = [0] * (end - n)
    if begin < 0:  # behind the first run of particulars
        begin = next(iter(keys))
        while begin + 1 < len(lines) and (not lines[begin + 1] or begin + 1 in keys):
            begin += 1
        begin += 1
    below = [*accumulate(reversed(words), initial=0)][::-1]  # from each line to the end
    # A particular with more than that below it is a sentence of the text that looks like one.
    end = next((n for n in keys if n > begin and below[n] <= _LEFT), len(lines))
    if below[0] - below[begin] + below[end] > _LEFT:
        return {"text": "\n".join(lines).strip("\n")}
    fields: dict[str, Any] = {}
    for n, (role, value) in keys.items():
        if not begin < n < end and role != "text" and value:
            name = role or lines[n].split(":", 1)[0].strip().lower()
            fields.setdefault(name, value)
    above = dropwhile(lambda line: _is_no_title(line, fields), lines[: next(iter(keys))])
    top = " ".join(takewhile(bool, above))  # then a citation
    if top and len(top.split()) < _LEFT:
        fields.setdefault("title", top)
    if "date" in fields:
        fields["date"] = iso_date(fields["date"]) or fields["date"]
    first = keys[begin][1] if begin in keys else ""
    body = lines[begin + 1 : end] if begin in keys else lines[begin:end]
    text = "\n".join([*([first] if first else []), *body]).strip("\n")
    return {**fields, "text": text} if text.strip() else {"text": "\n".join(lines).strip("\n")}
