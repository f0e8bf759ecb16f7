"""What a file is by how it begins, where its name does not say it or says `.txt` or `.doc`.

Databases call Rich Text `.doc`, mailing lists call mbox `.txt`, clusters give their files no ending
at all.  Each sign is one that no prose begins with.
"""

from __future__ import annotations

import re

from scrub.read.fields import HTML, TEXT, is_prose, plain
from scrub.read.items import holds_text, item_names
from scrub.read.markup import begins_page

_SIGNS = {
    "rtf": re.compile(rb"\s*\{\\rtf\d"),
    "warc": re.compile(rb"WARC/[01]\.\d\r?\n"),
    "parquet": re.compile(rb"PAR1|ARROW1"),
    "mbox": re.compile(
        rb"From [^\n]{1,200} \d\d:\d\d(?::\d\d)? [^\n]{0,30}\d{4}\s*\n[A-Z][\w-]{1,40}: "
    ),
    "eml": re.compile(rb"\s*(?:[A-Z][\w-]{1,40}:[ \t][^\n]*\n(?:[ \t][^\n]+\n)*){3}"),
    "txt": re.compile(  # a wire, XSum, Multi-News, CNN
        rb"[\0\x16\r\n]{0,99}\x01[^\x01-\x04]{0,400}\x02|\[(SN|XSUM)\]URL\[\1\]|"
        rb"[^\n]{50,9999} (?:\|{5}|story_separator_special_tag)\s|(?s:.{50,}?)\n@highlight\s"
    ),
    "vert": re.compile(
        rb"(?:<[^<>]{1,2000}>[ \t\r]{0,9}\n){1,99}(?:[^<\t\n]{1,100}\t[^\n]{1,300}\n){3}|"
        rb"-DOCSTART-[ \t\r\n]|#FORMAT=WebAnno TSV|\s*#id=1\s*\n#text="
    ),
    "jsonl": re.compile(rb'\s*\{\s*"[^\n]*\}\s*\n\s*\{\s*"'),
    "sgml": re.compile(rb"\s*<(?:!DOCTYPE lewis\b|(?:DOC|doc|REUTERS)(?:\s[^>]{0,999})?>)"),
    "json": re.compile(rb'\s*(?:\[\s*)?\{\s*"'),
    "xml": re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|rss|feed)\b"),
}
_OF_MAIL = re.compile(rb"^(?:MIME-Version|Message-ID|Received|Return-Path): ", re.M | re.I)
_HEAD = 1 << 14
# Of code, tables and configuration a tenth and more are other signs, of prose three in a hundred.
_OF_PROSE = re.compile(rb"[\w\x80-\xff \r\n.,'\"-]")
_PLAIN = 0.95
# Of what is no space, by hand: dumps of bytes have a quarter, articles of figures two in five.
_LETTER, _LETTERS = re.compile(rb"[A-Za-z\x80-\xff]"), 0.35
_NUMBERED = re.compile(rb"\d{1,12}\t[^\t]{15}")
_FIRST = re.compile(rb"\d{1,12}\t(?:\S+ ){7,99}\S*\.\r?\Z")  # as a table without a header has it
_FEW = 2  # lines that a text may begin with as well, by hand
_NAME = 30  # characters of the name of a column, by hand
# Signs that other formats share, for names without an ending or with one of a number: a `.txt`
# may be one line in braces, or begin with some that have a colon.
_SHARED = ("json", "eml")


def ending_of(head: bytes, ending: str) -> str:
    """The usual ending of what bytes begin, for a file that has another one; "" where unknown."""
    if begins_page(head):
        return "html"
    if found := _table(head):
        return found
    head = head[:_HEAD]
    for kind, sign in _SIGNS.items():
        # Two headers that only mail has are shared with nothing.
        of_mail = {name.lower() for name in _OF_MAIL.findall(head)} if kind == "eml" else set()
        if kind in _SHARED and ending.isalpha() and len(of_mail) < 2:
            continue
        if kind == "xml" and ending.isalpha() and not (item_names(head) and holds_text(head)):
            continue
        if sign.match(head) and (kind != "eml" or of_mail):
            return kind
    return ""


def begins_prose(head: bytes) -> bool:
    """Whether bytes begin a text of sentences: corpora call their articles by numbers alone."""
    head = head[:_HEAD]
    text = head.decode("utf-8", "ignore")
    if len(text.encode()) < _PLAIN * len(head):
        text = head.decode("latin-1")  # another encoding, whose letters are letters there, too
    letters, signs = len(_LETTER.findall(head)), len(b"".join(head.split()))
    is_plain = len(_OF_PROSE.findall(head)) >= _PLAIN * len(head)
    return is_plain and letters >= _LETTERS * signs and is_prose(text)


def _table(head: bytes) -> str:
    """The ending of a table that bytes begin: short names of columns, of which one is of a text.

    Or numbered lines, as corpora of sentences have.
    """
    first, _, rest = head.partition(b"\n")
    names, row = (line.decode("utf-8-sig", "replace") for line in (first, rest.partition(b"\n")[0]))
    lines = head[:_HEAD].split(b"\n")[:-1]
    sentences = [_FIRST.match(line) is not None for line in lines]
    is_corpus = len(lines) > _FEW and (sentences[0] or 2 * sum(sentences) > len(lines))
    if is_corpus and all(map(_NUMBERED.match, lines)):
        return "tsv"
    for mark in "\t|;,":
        cells = [cell.strip(' "\r') for cell in names[:_HEAD].split(mark)]
        if (
            1 < len(cells) <= row.count(mark) + 1
            and all(0 < len(cell) <= _NAME for cell in cells)
            and not {*TEXT, *HTML}.isdisjoint(map(plain, cells))
        ):
            return "tsv" if mark == "\t" else "csv"
    return ""
