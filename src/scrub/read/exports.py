"""Texts that news databases export: many articles in one file, each with a head of its own.

Known are LexisNexis (`3 of 50 DOCUMENTS`), Nexis Uni (`End of Document`), Factiva (a line
`Document LBA0000020240301ek31000xx` behind each), Europresse's pages, and those that name each
particular (`keyed.py`).  What stands in a head goes to the fields; where
a head is not as it should be, the article is taken as it stands.
"""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise
from typing import Any

from scrub.document import SEVERAL
from scrub.read import wire
from scrub.read.dates import iso_date
from scrub.read.fields import line_of
from scrub.read.keyed import ENOUGH, LOOKED_AT, keyed_articles, numbered_articles

_NUMBERED = re.compile(
    r"^[ \t]*(?:(?:Document|Dokument)[ \t]+)?\d{1,5} (?:of|de|von|di|van|sur) \d{1,5}"
    r"(?: (?:DOCUMENTS?|DOKUMENTEN?|DOCUMENTI|DOCUMENTOS|DOCUMENTEN))?[ \t]*\r?$",
    re.MULTILINE,
)
_ENDED = re.compile(
    r"^[ \t]*(?:End of Document|Ende des Dokuments|Fin du document)[ \t]*\r?$", re.M
)
_FACTIVA = re.compile(
    r"^[ \t]*(?:AN\s{1,9})?(?:Document|Dokument|Documento) "
    r"([A-Z][A-Z0-9]{3,7}0[A-Za-z0-9]{15,24})[ \t]*\r?$",
    re.MULTILINE,
)
_KEY = re.compile(r"([A-ZÄÖÜÉ][A-Za-zÄÖÜäöüé -]{2,24}):(?:[ \t]++(.*))?\Z")
_LENGTH = re.compile(r"(?:LENGTH|Length|LÄNGE|Länge|LONGUEUR|Longueur|LENGTE):\s*\d[\d.,]*\s+\w+\Z")
_SIGNS = re.compile(r"\W+")
_REQUEST = re.compile(r"^[ \t]*(?:Download Request|Time Of Request): ", re.MULTILINE)
_CALLED = {
    **dict.fromkeys(("byline", "autor", "auteur", "autore"), "author"),
    "kop": "title",
    **dict.fromkeys(("sprache", "langue", "idioma", "lingua", "taal"), "language"),
}
_BODY = re.compile(r"(?:BODY|Body|TEXT|TEKST|Corps|Volltext)\s?:?\Z")
_CAPITALS = re.compile(r"[A-ZÄÖÜÉ][A-ZÄÖÜÉ-]{2,24}: ")
_FOOT = re.compile(
    r"(?:LOAD-DATE|TAAL|PUB-TYPE|LANGUAGE|SPRACHE|LANGUE|SUJET|TYPE-PUBLICATION|PUBLICATION-TYPE|DOCUMENT-TYPE|UPDATE|GRAPHIC|GRAFIK|SUBJECT|"
    r"JOURNAL-CODE|UPDATE-DATE|DATE-CHARGEMENT|Load-Date|Graphic): .*\Z|"
    r"(?:Classification|Graphic)\Z"
)
_WORDS = re.compile(r"\d[\d.,]* (?:words|Wörter|mots|palabras|parole)\Z")
_RIGHTS = re.compile(r"(?:\(c\)|©|Copyright\b)", re.IGNORECASE)
_BY = re.compile(r"(?:BYLINE: |Byline: )?(?:By|Von|Par|Por) \S")
_DAY = re.compile(r"\A\w{3,9} \d{1,2}, (?:19|20)\d\d\Z")
_LENGTH_LINE = re.compile(r"^(?:LENGTH|LÄNGE|LONGUEUR|LENGTE): ", re.MULTILINE)
_CENTRED = re.compile(r"\s*\n {8,}\S")
# The cover of Nexis Uni's exports lists the titles of what follows.
_LISTED = re.compile(r"(?:Documents|Dokumente|Documentos) \(\d{1,5}\)\Z")
_CODE = re.compile(
    r"(HD|CR|WC|PD|ET|SN|SC|ED|PG|LA|CY|LP|TD|CO|IN|NS|RE|IPD|PUB|AN|BY|SE|CLM|VOL|ART|CT|RF)(?=\s{2,}|\t|\Z)"
)
_NAMES = {"HD": "title", "BY": "author", "SN": "source", "PD": "date", "LA": "language"}
_USED = {*_NAMES, "LP", "TD", "AN"}
# Factiva's HTML: `<div class="article enArticle">`, whose paragraphs have a class, too.
_DIV = re.compile(r"""<div\b[^<>]{0,300}\bclass=["']article [a-z]{2,8}Article\b""", re.IGNORECASE)
_PARAGRAPH = re.compile(
    r"<p\b[^<>]{0,300}articleParagraph[^<>]{0,300}>[^<]*(?:<(?!/?p\b)[^<]*)*</p>", re.IGNORECASE
)
_HEADLINE = re.compile(r"Headline\b[^<>]{0,200}>([^\0]{1,2000}?)</(?:span|div|b|td|h\d)>")
_CODE_OF_HTML = re.compile(r">\s{0,99}\w{2,12} ([A-Z][A-Z0-9]{3,7}0[A-Za-z0-9]{15,24})\s{0,99}<")
_DIVS = re.compile(r"<div\b[^<>]{0,200}>([^<>]{1,80})</div>")
_CLOCK = re.compile(r"\d{1,2}[:.]\d\d\b.{0,12}\Z")
_FIRST = 5000  # characters in which the headline of an article stands
# Databases whose articles begin with a line of their own: APA's DeFacto, Mediargus.
_HEADS = (
    re.compile(
        r"^[ \t]*\"(?P<source>[^\"\n]{2,60})\" (?:(?:Nr\. ?\d{1,4}(?:/\d{4})? )?vom|gefunden am) "
        r"(?P<date>\d\d\.\d\d\.\d{4})"
        r"[^\n]{0,60}?(?:Seite:? ?\w{1,6}|Uhr)\s{1,9}(?:Ressort: ?(?P<section>[^\n]{0,80}))?"
        r"\s{1,20}(?P<title>[^\n]{1,300})",
        re.MULTILINE,
    ),
    re.compile(
        r"^\W?\d{1,4}\. (?P<title>[^\n]{1,300})\s{1,9}(?P<source>[^,\n]{2,60}), "
        r"(?P<date>\w+ \d{1,2} \w+ \d{4}), (?:p\. [^,\n]{1,20}, )?\d{1,6}w\.",
        re.MULTILINE,
    ),
)
_HEAD = 80  # lines of a head at most; set by hand, heads have 5 to 20
_COVER = 60  # words that a list of contents or a leftover may have; more is an article


def articles(text: str) -> list[dict[str, Any]]:
    """The articles of an export, each as the fields of a record; none where a text is no export."""
    if found := wire.texts(text):
        return found
    if marks := list(_FACTIVA.finditer(text)):
        pieces = _before(text, marks)
        ids = [mark[1] for mark in marks]
        found = [{"id": i} | _factiva(p) for p, i in zip(pieces, ids, strict=False)]
        return found + [{"text": rest} for rest in pieces[len(ids) :]]
    if marks := list(_ENDED.finditer(text)):
        return [_nexis(piece) for piece in _before(text, marks)]
    marks = list(_NUMBERED.finditer(text))
    if not marks or 2 * len(_LENGTH_LINE.findall(text)) < len(marks):
        return _headed(text) or keyed_articles(text)
    found = [_nexis(piece) for _, piece in wire.parted(text, marks)]
    lead = text[: marks[0].start()]
    is_cover = len(lead.split()) <= _COVER or _REQUEST.search(lead)
    return ([] if is_cover else [{"text": lead}]) + found


def _headed(text: str) -> list[dict[str, Any]]:
    """The articles of a text in which a line of source, date and page begins each of several."""
    heads = max((list(head.finditer(text)) for head in _HEADS), key=len)
    if len(heads) < 2:
        return []
    found = [
        {**head.groupdict(), "date": iso_date(head["date"]), "text": piece.strip(" \t\r\n_")}
        for head, piece in wire.parted(text, heads)
    ]
    lead = text[: heads[0].start()]
    return ([{"text": lead}] if len(lead.split()) > _COVER else []) + found


def pages(html: str) -> list[dict[str, Any]]:
    """The same of an export that is one web page; none where it is another page."""
    if found := wire.messages(html):
        return found
    if "docOcurrContainer" in html:
        return [_europresse(piece) for piece in _ARTICLE.split(html)[1:]]
    if parts := list(_OLD_EUROPRESSE.finditer(html)):
        return [_europresse(part[0] + piece, _OLD_BODY) for part, piece in wire.parted(html, parts)]
    if _NUMBERED_HTML.search(html) or _OF_APA.search(html):  # LexisNexis
        return articles(_lines_of(html))
    if marks := list(_PROQUEST.finditer(html)):
        pieces = [mark[0] + piece for mark, piece in wire.parted(html, marks)]
        return [one for p in pieces for one in keyed_articles(_lines_of(p)) or [{"html": p}]]
    starts = [match.start() for match in _DIV.finditer(html)]
    for start, end in pairwise([*starts, len(html)]):
        piece = html[start:end]
        code, headline = _CODE_OF_HTML.search(piece), _HEADLINE.search(piece, 0, _FIRST)
        paragraphs = [p for p in _PARAGRAPH.findall(piece) if not _CODE_OF_HTML.search(p)]
        lines = [line.strip() for line in _DIVS.findall(piece)]
        dates = [at for at, line in enumerate(lines) if iso_date(line)]
        below = [line for line in lines[dates[0] + 1 :] if not _CLOCK.match(line)] if dates else []
        found.append(
            {
                "html": "\n".join(paragraphs) or piece,
                "title": line_of(headline[1]) if headline else "",
                "id": code[1] if code else "",
                "date": lines[dates[0]] if dates else "",
                "source": below[0] if below else "",
            }
        )
    return found


def may_hold_pages(html: str) -> dict[str, int]:
    """`{SEVERAL: n}` where a page may hold n articles that could not be parted; else nothing.

    It looks like several where rules part it and the parts have a line with a date, and prose.
    """
    if (found := numbered_articles(html)) or html.lower().count("<hr") < ENOUGH - 1:
        return found
    dated = 0
    for piece in _RULE.split(html)[:LOOKED_AT]:
        lines = [line.strip() for line in _lines_of(piece).splitlines() if line.strip()]
        is_dated = any(len(line) < _DATE_LINE and _DATE.search(line) for line in lines[:_FIRST_FEW])
        dated += is_dated and len(" ".join(lines).encode()) >= _PROSE
    return {SEVERAL: dated} if dated >= ENOUGH else {}


_RULE = re.compile(r"<hr\b[^<>]{0,300}>", re.IGNORECASE)
_DATE = re.compile(
    r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\d{4}[-./年]\s?\d{1,2}[-./月]|\b(?:19|20)\d\d\b"
)
# By hand: of a line with a date, of a head's lines, of what is more than a teaser, in bytes.
_DATE_LINE, _FIRST_FEW, _PROSE = 80, 6, 300


def _lines_of(html: str) -> str:
    """The text of a simple page: what ends a block ends a line."""
    text = _HIDDEN.sub("", html)
    text = _BLOCK.sub("\n\n", " ".join(text.split()))
    return _GAP.sub("\n\n", unescape(_TAGS.sub("", text)))


def _europresse(piece: str, container: re.Pattern[str] | None = None) -> dict[str, Any]:
    """One article of Europresse (EUREKA), whose parts have classes of their own."""
    parts = {
        name: line_of(sign[1]) if (sign := part.search(piece)) else "" for name, part in _PARTS
    }
    body = (container or _CONTAINER).search(piece)
    dates = map(iso_date, map(line_of, _DATED.findall(piece)))
    return {**parts, "date": next(filter(None, dates), ""), "html": body[1] if body else piece}


def _part(name: str) -> re.Pattern[str]:
    pattern = rf"""class=["'][^"'<>]{{0,200}}{name}[^<>]{{0,200}}>(.{{1,2000}}?)</"""
    return re.compile(pattern, re.DOTALL | re.IGNORECASE)


_NUMBERED_HTML = re.compile(
    r">\s{0,9}\d{1,5} (?:of|de|von|di|van|sur) \d{1,5} DO[CK]UMENT[A-Z]{0,3}\s{0,9}<"
)
_PROQUEST = re.compile(r"""<a name=["']DocID_\w""")
_OF_APA = re.compile(r" vom \d\d\.\d\d\.\d{4}\s{1,60}Seite:? \d")
_HIDDEN = re.compile(
    r"<!--(?:(?!<!--).)*?-->|<(style|script|head)\b(?:(?!<\1\b).)*?</\1\b[^<>]{0,99}>", re.S | re.I
)
_BLOCK = re.compile(r"<(?:br|/p|/pre|/div|/tr|/h\d|/li)\b[^<>]{0,300}>", re.IGNORECASE)
_TAGS = re.compile(r"<[^<>]{1,2000}>")
_GAP = re.compile(r"\n\s{2,99}")
_ARTICLE = re.compile(r"<article\b[^<>]{0,300}>", re.IGNORECASE)
_CONTAINER = re.compile(r"""docOcurrContainer[^<>]{0,200}>(.*?)(?:</section|<footer|\Z)""", re.S)
# As it was until 2014: a table for each article, whose parts are lines of its cell.
_OLD_EUROPRESSE = re.compile(r"""<span class=["']DocPublicationName["']>""", re.IGNORECASE)
_OLD_BODY = re.compile(
    r"titreArticleVisu[^<>]{0,200}>.{0,2000}?<br[^<>]{0,20}>"
    r"(.*?)(?:Numéro de document|<table\b|\Z)",
    re.S | re.I,
)
_DATED = _part("DocHeader\\b")
_PARTS = [
    ("title", _part("titreArticleVisu")),
    ("source", _part("DocPublicationName\\b")),
    ("id", _part("publiC-lblNodoc")),
]


def _before(text: str, marks: list[re.Match[str]]) -> list[str]:
    """What stands before each of the marks, and behind the last one where that is an article."""
    starts = [0, *(mark.end() for mark in marks)]
    ends = [*(mark.start() for mark in marks), len(text)]
    pieces = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    return pieces if len(pieces[-1].split()) > _COVER else pieces[:-1]


def _nexis(piece: str) -> dict[str, Any]:
    lines = _without_cover([line.strip() for line in piece.replace("\xa0", " ").splitlines()])
    head = lines[:_HEAD]
    body = next((at for at, line in enumerate(head) if _BODY.match(line)), -1)
    length = next((at for at, line in enumerate(head) if _LENGTH.match(line)), -1)
    begin = max(body, length) + 1
    dated = [at for at in range(begin) if iso_date(head[at])]
    if not begin or not dated:
        return {"text": piece}
    # Further keys may follow the length: where the news is from, a line that sums it up.
    while body < 0 and begin < len(lines) and (not lines[begin] or _CAPITALS.match(lines[begin])):
        begin += 1
    foot = len(lines)
    below = 0  # words that are no particulars; with many of them the text goes on
    for at in range(len(lines) - 1, begin - 1, -1):
        below += 0 if _KEY.match(lines[at]) else len(lines[at].split())
        if below > _COVER:
            break
        foot = at if _FOOT.match(lines[at]) else foot
    centred = _CENTRED.match(piece) is not None
    date = dated[-1] if body >= 0 and not centred else dated[0]
    named = [line for line in lines[:date] if line]
    # Source and date in the middle of their lines, or alone, and then the headline.
    title, source = named[-2:-1], named[-1:]
    keys = date + 1
    if centred or len(named) == 1:
        while keys < begin and not _CAPITALS.match(lines[keys]) and not _LENGTH.match(lines[keys]):
            keys += 1
        above = [line for line in lines[date + 1 : keys] if line]
        title = [n for n in above if not (_RIGHTS.match(n) or _BODY.match(n) or _DAY.search(n))][
            -1:
        ]
    fields: dict[str, Any] = {}
    for line in lines[keys:begin] + lines[foot:]:
        if (pair := _KEY.match(line)) and pair[2]:
            key = pair[1].lower()
            fields.setdefault(_CALLED.get(key, key), pair[2])
    if lines[foot : foot + 1] == ["Graphic"]:
        captions = [line for line in lines[foot + 1 :] if line and not _FOOT.match(line)]
        fields.setdefault("graphic", " ".join(captions))
    fields |= {
        "title": " ".join(title) or fields.get("title", ""),
        "source": " ".join(source),
        "date": iso_date(lines[date]),
        "text": "\n".join(lines[begin:foot]).strip("\n"),
    }
    return fields


def _without_cover(lines: list[str]) -> list[str]:
    """The lines from the title on that a cover before them lists first."""
    at = next((at for at, line in enumerate(lines) if _LISTED.match(line)), len(lines))
    first = next((line for line in lines[at + 1 :] if line), "").removeprefix("1. ")
    listed = _SIGNS.sub("", first)  # where the list has other spaces
    starts = (n for n in range(at + 1, len(lines)) if listed and _SIGNS.sub("", lines[n]) == listed)
    return lines[next(starts, 0) :]


def _factiva(piece: str) -> dict[str, Any]:
    lines = [line.strip() for line in piece.splitlines()]
    coded = [(at, found[1]) for at, line in enumerate(lines) if (found := _CODE.match(line))]
    if {"HD", "PD"} <= {code for _, code in coded}:
        ends = [*(at for at, _ in coded[1:]), len(lines)]
        parts: dict[str, str] = {}
        for (at, code), end in zip(coded, ends, strict=True):
            block = [lines[at][len(code) :].strip(), *lines[at + 1 : end]]
            parts.setdefault(code, "\n".join(block).strip())
        text = "\n\n".join(parts[code] for code in ("LP", "TD") if parts.get(code))
        fields = {name: " ".join(parts.get(code, "").split()) for code, name in _NAMES.items()}
        rest = {code.lower(): part for code, part in parts.items() if code not in _USED and part}
        return rest | fields | {"text": text} if text else {"text": piece}
    count = next((at for at, line in enumerate(lines[:_HEAD]) if _WORDS.match(line)), -1)
    rights = next(
        (at for at in range(count, min(len(lines), count + 15)) if _RIGHTS.match(lines[at])), -1
    )
    if count < 1 or rights < 0:
        return {"text": piece}
    above = [line for line in lines[:count] if line]
    dated = next((at for at in range(count, rights) if iso_date(lines[at])), -1)
    below = [line for line in lines[dated + 1 : rights] if line and not _CLOCK.match(line)]
    return {
        "title": " ".join(line for line in above if not _BY.match(line)),
        "author": next((line for line in above if _BY.match(line)), ""),
        "date": iso_date(lines[dated]) if dated >= 0 else "",
        "source": below[0] if below and dated >= 0 else "",
        "text": "\n".join(lines[rights + 1 :]).strip("\n"),
    }
