"""Formats of the trade that are not read here, and what to do about each."""

from __future__ import annotations

import re

_ROOT = re.compile(
    rb"\A(?:\s|\xef\xbb\xbf|<\?[^>]{0,500}>|<!--[^>]{0,2000}-->|<!DOCTYPE[^>]{0,500}>)*"
    rb"<(?:[\w.-]{1,40}:)?([\w.-]{1,60})[\s/>]"
)
_SCAN = (
    "words and their places on a scanned page, which several articles share: write each article as"
    " a text first"
)
_PAIRS = "sentences and their translations, no articles: read the texts that they are of"
_MARKED = "words with annotations: read the texts that they are of, or their export as plain text"
_ADDRESSES = "addresses and no text: save the pages and read those"
# By the root of XML and by its ending ...
_HELD: dict[str, str] = {
    **dict.fromkeys(("alto", "pcgts", "mets", "tet", "xmd-entity", "xmd-page"), _SCAN),
    **dict.fromkeys("folia naf kaf ann mrg ptb conll bio iob".split(), _MARKED),  # noqa: SIM905
    **dict.fromkeys(("tmx", "xliff", "xlf"), _PAIRS),
    **dict.fromkeys(("urlset", "sitemapindex", "opml"), _ADDRESSES),
    **dict.fromkeys(("svg", "ncx"), "a drawing, or the contents of a book, and no articles"),
}
# ... and by the ending of others of the trade.
REMEDIES = {
    **_HELD,
    **dict.fromkeys(
        ("sqlite", "sqlite3", "db"),
        "no reader for {}: write the table as CSV, as `sqlite3 -csv -header FILE 'select * from"
        " TABLE'` does",
    ),
    **dict.fromkeys(
        ("doc", "pptx", "pages", "wpd"),
        "no reader for {}: make text or DOCX of it first, as `libreoffice --convert-to docx FILE`"
        " does",
    ),
    **dict.fromkeys(
        "rds rdata rda dta sav sas7bdat pkl pickle avro h5 duckdb sql".split(),  # noqa: SIM905
        "no reader for {}: write the table as CSV or Parquet with the program that it is of",
    ),
    **dict.fromkeys(
        ("ris", "bib", "enw", "nbib"),
        "references, which have no texts but abstracts: export the texts, or a table as CSV",
    ),
    **dict.fromkeys(("maff", "fodt"), "no reader for {}: save it as HTML, MHTML or ODT first"),
    **dict.fromkeys(("cdx", "cdxj"), "an index of a web archive: read its WARCs"),
    "wat": "a WAT file has no text, but what its WARC says of each page: read the WARC or the WET",
    **dict.fromkeys(("srt", "vtt"), "no reader for {}: write what is said as a text"),
    "pdf": "no reader for {}: make text of it first, as `pdftotext FILE` does",
}


def held(head: bytes) -> str:
    """What a file is that has no articles, and what to do about it; "" where it may have them."""
    if b"<charParams" in head:  # of FineReader, which has each letter by itself
        return _SCAN
    root = _ROOT.match(head)
    return _HELD.get(root[1].decode().lower(), "") if root else ""
