"""Time and memory follow the input: every reader and every step of a text.

Each family is a hostile or an everyday input that can be made of any size.  Eight times the size
may take eight times the time, to the power of 1.15, and a little for what is paid once; processor
time is counted, the best of a few tries, so that it matters little what else the machine does.
"""

from __future__ import annotations

import bz2
import gc
import gzip
import io
import json
import lzma
import sys
import tarfile
import tracemalloc
import zipfile
from typing import TYPE_CHECKING

import pytest
from growing import EXPONENT, growth

import packing
from scrub.config import ReadSettings
from scrub.document import Rejection
from scrub.read import read as read_all

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def item(inside: str) -> bytes:
    return (
        f"<rss><item><title>t</title>{inside}<description>Rain.</description></item></rss>".encode()
    )


def each(text: str, size: int) -> str:
    """As many of a text with its number in it as make `size` characters."""
    return "".join(text.format(n) for n in range(size // len(text)))


RAIN = "It rained on the quay all day, and nobody came. "
FEEDS = {
    "items": lambda n: b"<rss>" + b"<item><description>It rained.</description></item>" * (n // 50),
    "items of nothing": lambda n: b"<rss>" + b"<item>a</item>" * (n // 14) + b"</rss>",
    "sections that are not closed": lambda n: item("<![CDATA[" * (n // 9)),
    "sections": lambda n: item("<![CDATA[a]]>" * (n // 13)),
    "prefixes": lambda n: item(each("<p{0}:a/>", n)),
    "prefixes of attributes": lambda n: item("<a " + each('p{0}:a="" ', n) + "/>"),
    "attributes": lambda n: item("<a " + each('p{0}="" ', n) + "/>"),
    "namespaces": lambda n: item(each('<p{0}:a xmlns:p{0}="u:{0}"/>', n)),
    "names in a paragraph": lambda n: item(
        "<content><p>" + each("<t{0}>a</t{0}>", n) + "</p></content>"
    ),
    "paragraphs within each other": lambda n: item(
        "<content>" + "<p>" * 200 + "<b>a</b>" * (n // 8) + "</p>" * 200 + "</content>"
    ),
    "depth": lambda n: item("<a>" * (n // 7) + "</a>" * (n // 7)),
    "ampersands": lambda n: item("&" * n),
    "markup as text": lambda n: item("<content>" + "&lt;a " * (n // 6) + "</content>"),
    "comments that are not closed": lambda n: item("<!--" * (n // 4)),
    "an item that is not closed": lambda n: b"<rss>" + b"<item>" * (n // 6),
}  # fmt: skip


def record(headers: bytes, body: bytes) -> bytes:
    return b"WARC/1.0\r\n%bContent-Length: %d\r\n\r\n%b\r\n\r\n" % (headers, len(body), body)


def served(headers: bytes, body: bytes = b"\xff\xfe\0") -> bytes:
    """A record of something that was served; what is no text ends here."""
    kind = b"WARC-Type: response\r\nContent-Type: application/http\r\n"
    kind += b"WARC-Target-URI: http://a.example/\r\n"  # the library wants one
    return record(kind, b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n" + body)


WARCS: dict[str, Callable[[int], bytes]] = {
    "records": lambda n: served(b"Content-Type: text/plain\r\n", RAIN.encode() * 9) * (n // 580),
    "records of nothing": lambda n: record(b"", b"") * (n // 36),
    "one header": lambda n: record(b"X: " + b"a" * n + b"\r\n", b""),
    "headers": lambda n: served(each("X-{0}: a\r\n", n).encode()),
    "a header that is folded": lambda n: served(b"X: a\r\n" + b" a\r\n" * (n // 4)),
    "a type with parameters": lambda n: served(b"Content-Type: a/b" + b";a=b" * (n // 4) + b"\r\n"),
    "a type with a quote": lambda n: served(b'Content-Type: a/b; a="' + b";" * n + b"\r\n"),
    "codings": lambda n: served(b"Content-Encoding: " + b"gzip," * (n // 5) + b"\r\n"),
    "chunks": lambda n: served(b"Transfer-Encoding: chunked\r\n", b"1\r\na\r\n" * (n // 6)),
    "heads within a body": lambda n: record(b"", b"\r\n\r\nWARC/1.0\r\n" * (n // 14))[:-9],
    "no records": lambda n: b"a\r\n" * (n // 3),
}  # fmt: skip
LINES = {
    "records": lambda n: (json.dumps({"text": RAIN * 5}) + "\n").encode() * (n // 260),
    "no records": lambda n: b"a\n" * (n // 2),
    "one line": lambda n: b'{"text": "' + b"a " * (n // 2) + b'"}',
    "depth": lambda n: b"[" * n,
    "keys": lambda n: ("{" + each('"k{0}": 1, ', n) + '"text": "Rain."}').encode(),
}  # fmt: skip
LISTS = {
    "a list on one line": lambda n: b"[" + b'{"text": "It rained."}, ' * (n // 24) + b"{}]",
    "a list of nothing": lambda n: b"[" + b"1," * (n // 2) + b"1]",
    "an object of objects": lambda n: (
        "{" + each('"k{0}": {{"text": "It rained."}}, ', n) + '"k": {}}'
    ).encode(),
    "quotes": lambda n: b'["' + b'\\"' * (n // 2),
}
TABLES = {
    "rows": lambda n: b"id,text\n" + b'1,"It rained, and so on."\n' * (n // 26),
    "a quote that is not closed": lambda n: b'id,text\n1,"' + b"a\n" * (n // 2),
    "quotes": lambda n: b"id,text\n" + b'1,""""""\n' * (n // 9),
    "columns": lambda n: each("c{0},", n).encode() + b"text\n" + b"," * (n // 6) + b"Rain.\n",
}
FROM = b"From a@b Mon Jan  1 00:00:00 2024\n"
MAILS = {
    "messages": lambda n: (FROM + b"Subject: a\n\nIt rained.\n\n") * (n // 60),
    "headers": lambda n: FROM + each("X-{0}: a\n", n).encode() + b"\nRain.\n",
    "parts": lambda n: (
        FROM + b"Content-Type: multipart/mixed; boundary=b\n\n"
        + b"--b\n\na\n" * (n // 7)
    ),
}  # fmt: skip


def zipped(data: bytes, method: int = zipfile.ZIP_STORED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for at in range(0, len(data), 400):
            archive.writestr(f"{at}.txt", data[at : at + 400])
    return target.getvalue()


def word(body: str) -> bytes:
    return packing.zipped({"word/document.xml": f'<w:d xmlns:w="urn:w">{body}</w:d>'})


def open_text(body: str) -> bytes:
    return packing.zipped({"content.xml": f'<o:d xmlns:o="urn:o">{body}</o:d>'})


def book(page: str, times: int = 1) -> bytes:
    parts = "".join(f'<item id="{n}" href="{n}" media-type="text/html"/>' for n in range(times))
    spine = "".join(f'<itemref idref="{n}"/>' for n in range(times))
    return packing.zipped({
        "META-INF/container.xml": '<c><rootfile full-path="b"/></c>',
        "b": f"<p><manifest>{parts}</manifest><spine>{spine}</spine></p>",
        **{str(n): page for n in range(times)},
    })  # fmt: skip


def tarred(data: bytes) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        for at in range(0, len(data), 400):
            info = tarfile.TarInfo(f"{at}.txt")
            info.size = len(data[at : at + 400])
            archive.addfile(info, io.BytesIO(data[at : at + 400]))
    return target.getvalue()


def rows_of(text: str, count: int) -> bytes:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    target = io.BytesIO()
    pq.write_table(pa.table({"text": [f"{n} {text}" for n in range(count)]}), target)
    return target.getvalue()


def sheet_of(text: str, count: int, columns: int = 1) -> bytes:
    """As another program writes it, but for the words of the rows."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["text", *(f"c{n}" for n in range(columns))])
    for number in range(count):
        sheet.append([text, *[number] * columns])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


CELL = f'<t:table-cell o:value-type="string"><x:p>{RAIN}</x:p></t:table-cell>'


def open_sheet(rows: str) -> bytes:
    names = (("o", "office"), ("x", "text"), ("t", "table"))
    urn = "urn:oasis:names:tc:opendocument:xmlns"
    spaces = " ".join(f'xmlns:{short}="{urn}:{name}:1.0"' for short, name in names)
    head = "<t:table-row>" + CELL.replace(RAIN, "text") + "</t:table-row>"
    return packing.zipped({
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": "<manifest/>",
        "content.xml": f"<o:document-content {spaces}><o:body><o:spreadsheet>"
        f"<t:table t:name='a'>{head}{rows}</t:table></o:spreadsheet></o:body></o:document-content>",
    })  # fmt: skip


PAGE = "http://a.example/ 1.2.3.4 20240301000000 {} {}\n"
ARCS = {
    "records": lambda n: (
        PAGE.format("text/plain", 117) + "HTTP/1.0 200 OK\r\n\r\n" + RAIN * 2 + "\n"
    ).encode() * (n // 180),
    "no records": lambda n: b"a b c d e\n" * (n // 10),
    "one line": lambda n: b"a" * n,
    "a long address": lambda n: b"http://" + b"a " * (n // 2) + b"1.2.3.4 20240301 a/b 1\nx\n",
    "headers": lambda n: (
        PAGE.format("text/html", n) + "HTTP/1.0 200 OK\r\n" + each("X-{0}: a\r\n", n)
    ).encode(),
    "lengths that are not so": lambda n: PAGE.format("text/plain", 9).encode() * (n // 60),
}  # fmt: skip
PACKAGES = {
    "a.docx": lambda n: word("<w:p><w:t>a</w:t></w:p>" * (n // 20)),
    "b.docx": lambda n: word(
        "<w:tr>" + "<w:tc><w:p><w:t>a</w:t></w:p></w:tc>" * (n // 36) + "</w:tr>"
    ),
    "c.docx": lambda n: word("<w:tr><w:tc>" * 60 + "<w:p/>" * (n // 6) + "</w:tc></w:tr>" * 60),
    "d.docx": lambda n: word("<w:p>" + "<w:del/><w:t/>" * (n // 14) + "</w:p>"),
    "a.odt": lambda n: open_text("<o:p>" + "a<o:s/>" * (n // 7) + "</o:p>"),
    "b.odt": lambda n: open_text("<o:p>" + '<o:s o:c="99999"/>' * (n // 400) + "</o:p>"),
    "a.epub": lambda n: book("<p>" + "a " * (n // 2)),
    "b.epub": lambda n: book("<style" * (n // 6)),
    "c.epub": lambda n: book("<head>" * (n // 6) + "</style>"),
    "d.epub": lambda n: book("<title>" * (n // 7) + "<" * n),
    "e.epub": lambda n: book("<p>" + RAIN, n // 400),
    "a.xlsx": lambda n: sheet_of(RAIN, n // 50),
    "b.xlsx": lambda n: sheet_of(RAIN, 2, min(n // 10, 16_000)),
    "a.ods": lambda n: open_sheet(f"<t:table-row>{CELL}</t:table-row>" * (n // 50)),
    "b.ods": lambda n: open_sheet(f"<t:table-row>{CELL * (n // 50)}</t:table-row>"),
    "a.parquet": lambda n: rows_of(RAIN, n // 50),
    "a.tar": lambda n: tarred(RAIN.encode() * (n // len(RAIN))),
    "a.eml": lambda n: b"Subject: a\nX: " + b" a\n" * (n // 3) + b"\nRain.\n",
    "b.eml": lambda n: b"Subject: " + b"=?utf-8?q?a?= " * (n // 14) + b"\n\nRain.\n",
    "c.eml": lambda n: b"From: " + b"a@b, " * (n // 5) + b"\n\nRain.\n",
    "d.eml": lambda n: b"From: " + b"(" * n + b"\n\nRain.\n",
    "e.eml": lambda n: b"Content-Type: text/plain; " + b"a=b; " * (n // 5) + b"\n\nRain.\n",
    "f.eml": lambda n: b"Date: " + b"1 " * (n // 2) + b"\n\nRain.\n",
    "g.eml": lambda n: b"Message-ID: <" + b"a." * (n // 2) + b"\n\nRain.\n",
    "h.eml": lambda n: (
        b"Content-Disposition: " + b"a;" * (n // 2) + b"\nContent-Type: " + b'a/b;"' * (n // 5)
        + b"\n\nRain.\n"
    ),
    "a.html": lambda n: b"<p>" + RAIN.encode() * (n // len(RAIN)),
    "w.xml": lambda n: (
        b"<mediawiki>"
        + b"<page><ns>0</ns><revision><text>Rain.</text></revision></page>" * (n // 64)
    ),
}  # fmt: skip
FAMILIES = [
    pytest.param(f"a.{ending}", make, id=f"{ending}: {name}")
    for ending, families in (
        ("xml", FEEDS), ("warc", WARCS), ("jsonl", LINES), ("json", LISTS), ("csv", TABLES),
        ("mbox", MAILS), ("arc", ARCS),
    )
    for name, make in families.items()
]  # fmt: skip


CONTAINERS = {
    "a.txt.gz": lambda n: b"".join(gzip.compress(b"a ") for _ in range(n // 30)),
    "a.txt.bz2": lambda n: bz2.compress(b"a ") * (n // 40),
    "a.txt.xz": lambda n: lzma.compress(b"a ") * (n // 60),
    "a.txt.zst": lambda n: zstd.compress(b"a ") * (n // 15),
    "a.zip": lambda n: zipped(RAIN.encode() * (n // len(RAIN))),
    "b.zip": lambda n: zipped(RAIN.encode() * (n // len(RAIN)), zipfile.ZIP_BZIP2),
    "c.zip": lambda n: zipped(RAIN.encode() * (n // len(RAIN)), zipfile.ZIP_LZMA),
    "a.wacz": lambda n: packing.zipped(
        {
            "datapackage.json": "{}",
            "archive/a.warc.gz": gzip.compress(WARCS["records"](n)),
        }
    ),
    "b.tar": lambda n: tarred(RAIN.encode() * (n // len(RAIN)))[:-2000],
    "a.tar.gz": lambda n: gzip.compress(tarred(RAIN.encode() * (n // len(RAIN)))),
    "a.txt": lambda n: RAIN.encode() * (n // len(RAIN)),
    "a.rtf": lambda n: b"{\\rtf1 " + b"{\\b a}" * (n // 6) + b"}",
    "b.rtf": lambda n: b"{\\rtf1 " + b"{" * n,
}
SOME = ReadSettings(html_seconds=120)


TEXTS = {
    "prose": RAIN * 20 + "\n\n",
    "lines": "It rained\n",
    "entities": "&amp;",
    "broken encoding": "CafÃ© ",
    "joined words": "a-\n",
    "addresses": "http://a.example ",
    "menus": "Home | News | Sport\n",
    "marks": "'\"-. ",
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "make"),
    [*FAMILIES, *(pytest.param(n, make, id=n) for n, make in (CONTAINERS | PACKAGES).items())],
)
def test_reading_takes_time_as_its_input_grows(
    name: str, make: Callable[[int], bytes], tmp_path: Path
) -> None:
    def read(size: int) -> None:
        path = tmp_path / str(size) / name
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(make(size))
        results = list(read_all([path.parent], SOME, jobs=1))
        assert not [r for r in results if isinstance(r, Rejection) and r.reason == "failed"]

    exponent, *seconds = growth(read, 12_000)
    assert exponent <= EXPONENT, seconds


@pytest.mark.slow
@pytest.mark.parametrize("name", TEXTS)
def test_cleaning_and_measuring_take_time_as_a_text_grows(name: str) -> None:
    from scrub.clean.text import clean_text
    from scrub.config import CleanSettings, MatchSettings
    from scrub.match.features import features
    from scrub.spin.score import why

    def work(size: int) -> None:
        text = clean_text(TEXTS[name] * (size // len(TEXTS[name])), CleanSettings()).text
        features([text], MatchSettings())
        why(text)

    exponent, *seconds = growth(work, 20_000)
    assert exponent <= EXPONENT, seconds


LONG = RAIN * 40  # a record of two thousand characters
RECORDS = {
    "a.xml": ("<rss>", f"<item><description>{LONG}</description></item>", "</rss>"),
    "a.jsonl": ("", f'{{"text": "{LONG}"}}\n', ""),
    "a.json": ("[", f'{{"text": "{LONG}"}}, ', '{"text": "Rain."}]'),
    "a.csv": ("id,text\n", f'1,"{LONG}"\n', ""),
    "a.mbox": ("", f"{FROM.decode()}Subject: a\n\n{LONG}\n\n", ""),
    "a.warc": ("", served(b"Content-Type: text/plain\r\n", LONG.encode()).decode(), ""),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", RECORDS)
def test_many_records_take_no_more_memory_than_some(name: str, tmp_path: Path) -> None:
    begin, record, end = RECORDS[name]

    def peak(count: int) -> int:
        path = tmp_path / str(count) / name
        path.parent.mkdir()
        path.write_text(begin + record * count + end, newline="")
        gc.collect()
        gc.freeze()  # what other tests left would put off when garbage is looked for
        tracemalloc.start()
        assert sum(1 for _ in read_all([path.parent], SOME, jobs=1)) in (count, count + 1)
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        gc.unfreeze()
        return highest

    peak(2)  # what is loaded once
    ids = 200 * 1600  # bytes: that of a record is remembered, a tenth of its text
    assert peak(2400) < 1.2 * peak(800) + ids
