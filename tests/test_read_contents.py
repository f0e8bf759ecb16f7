"""What a field, a file or a record holds decides how it is read, not what it is called."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import plistlib
import random
import zipfile
from pathlib import Path
from typing import Any

import brotli
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scrub.clean.shape import in_page_order
from scrub.config import ReadSettings
from scrub.document import Document, Rejection
from scrub.lines import document_line, document_of
from scrub.read import read
from scrub.zstandard import zstd

pytestmark = pytest.mark.usefixtures("one_worker")

CASES: dict[str, list[Any]] = json.loads(
    (Path(__file__).parent / "cases" / "read_contents.json").read_text(encoding="utf-8")
)
ONE = "The bakery on the quay will open at five from Monday, its owner said."
TWO = "She expects a queue, because the ferry now leaves at six."


def documents(folder: Path) -> list[Document]:
    results = list(read([folder], ReadSettings()))
    assert [r for r in results if isinstance(r, Rejection)] == []
    return [r for r in results if isinstance(r, Document)]


def named(case: dict[str, Any]) -> str:
    return str(case["about"])


@pytest.mark.parametrize("case", CASES["files"], ids=named)
def test_files(case: dict[str, Any], tmp_path: Path) -> None:
    content = case["content"]
    text = content if isinstance(content, str) else json.dumps(content)
    (tmp_path / case["name"]).parent.mkdir(exist_ok=True)
    (tmp_path / case["name"]).write_text(text, encoding="utf-8", newline="")
    results = list(read([tmp_path], ReadSettings()))
    assert [getattr(r, "reason", "") for r in results] == [
        d.get("reason", "") for d in case["read"]
    ]
    for result, expected in zip(results, case["read"], strict=True):
        for key, value in expected.items():
            if key in ("title", "author", "truncated", "url", "summary", "may_hold_articles"):
                assert isinstance(result, Document)
                assert result.metadata.get(key) == value
            else:
                assert getattr(result, key) == value


@pytest.mark.parametrize("case", CASES["texts"], ids=named)
def test_markup_is_known_by_its_content(case: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"content": case["text"]}), encoding="utf-8")
    assert [d.text for d in documents(tmp_path)] == [case.get("read", case["text"])]


def warc(*pages: tuple[list[tuple[str, str]], bytes]) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for number, (headers, payload) in enumerate(pages):
        answer = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")
        record = writer.create_warc_record(
            f"http://paper.example/{number}", "response", payload=io.BytesIO(payload),
            http_headers=answer,
        )  # fmt: skip
        writer.write_record(record)
    return out.getvalue()


PAGE = (
    "<!DOCTYPE html><html><head><title>Bakery</title></head><body><nav><a href=/>Home</a></nav>"
    f"<article><h1>Bakery</h1><p>{ONE}</p><p>{TWO}</p></article></body></html>"
).encode()
HTML = ("Content-Type", "text/html; charset=utf-8")


def chunked(data: bytes, size: int = 100, end: bytes = b"0\r\n\r\n") -> bytes:
    """A body in chunks of RFC 9112; `end` is the last of them and what follows."""
    parts = [data[k : k + size] for k in range(0, len(data), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + end


CHUNKED = ("Transfer-Encoding", "chunked")
# As servers and crawlers say what they send, right or wrong.
SENT = [
    ([HTML], PAGE),
    ([HTML, ("Content-Encoding", "br")], brotli.compress(PAGE)),
    ([HTML, ("Content-Encoding", "zstd")], zstd.compress(PAGE)),
    ([HTML, ("Content-Encoding", "gzip")], PAGE),  # undone already, under the old header
    ([HTML, ("Content-Encoding", "br")], PAGE),
    ([HTML, ("Content-Encoding", "identity")], PAGE),
    ([HTML, CHUNKED], chunked(PAGE)),
    ([HTML, CHUNKED], PAGE),  # undone already
    ([HTML, CHUNKED, ("Content-Encoding", "gzip")], chunked(gzip.compress(PAGE))),
    ([HTML, ("Transfer-Encoding", "gzip, Chunked")], chunked(gzip.compress(PAGE))),
    ([("Server", "none")], PAGE),
    ([("Content-Type", "text/plain")], PAGE),
    ([("Content-Type", "application/octet-stream")], PAGE),
    ([("Content-Type", "text/plain")], b"<!-- made by hand -->\n" + PAGE),
]


def test_pages_of_web_archives(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(warc(*SENT, ([HTML], PAGE)))
    found = [d.text.split("\n") for d in documents(tmp_path)]
    assert found == [["Bakery", ONE, TWO]] * (len(SENT) + 1)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (chunked(ONE.encode(), 9, b"0\r\nX-Checksum: abc ferry\r\n\r\n"), ONE),
        (chunked(ONE.encode(), 9, b""), ONE),
        (chunked(ONE.encode(), 9)[:40], ONE[:27]),  # a body that was cut
        (chunked(ONE.encode(), 9).replace(b"9\r\n", b"9;name=value\r\n", 1), ONE),
        (chunked(ONE.encode(), 9, b"no chunk"), ONE + "no chunk"),
        (ONE.encode(), ONE),
        (f"0\n\n{ONE}".encode(), f"0\n\n{ONE}"),  # a number on a line of its own is no size
    ],
)
def test_chunks_of_plain_text(body: bytes, text: str, tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(warc(([("Content-Type", "text/plain"), CHUNKED], body)))
    assert [d.text for d in documents(tmp_path)] == [text]


def test_a_coding_that_is_none_costs_no_text(tmp_path: Path) -> None:
    headers = [("Content-Type", "text/plain"), ("Transfer-Encoding", "binary")]
    (tmp_path / "a.warc.gz").write_bytes(warc((headers, f"Él: {ONE}".encode())))
    assert [d.text for d in documents(tmp_path)] == [f"Él: {ONE}"]


def test_a_coding_that_cannot_be_undone_costs_one_page(tmp_path: Path) -> None:
    broken = ([HTML, ("Content-Encoding", "br")], b"\x8b\xff\x00\x01" * 50)
    picture = ([("Server", "none")], b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    (tmp_path / "a.warc.gz").write_bytes(warc(broken, picture, ([HTML], PAGE)))
    bad, good = read([tmp_path], ReadSettings())
    assert isinstance(bad, Rejection)
    assert isinstance(good, Document)
    assert "its coding br cannot be undone" in bad.detail


def test_a_damaged_member_of_a_web_archive_costs_one_page(tmp_path: Path) -> None:
    members = [warc(([HTML], PAGE)) for _ in range(4)]
    damaged = bytearray(members[1])
    damaged[len(damaged) // 2] ^= 0xFF
    (tmp_path / "a.warc.gz").write_bytes(b"".join([members[0], damaged, *members[2:]]))
    one, bad, *others = read([tmp_path], ReadSettings())
    assert isinstance(bad, Rejection)
    assert (bad.reason, bad.path) == ("damaged", "a.warc.gz#2")
    assert [d.text.split("\n") for d in (one, *others) if isinstance(d, Document)] == [
        ["Bakery", ONE, TWO]
    ] * 3


def test_of_one_member_that_holds_many_pages_those_before_the_damage(tmp_path: Path) -> None:
    noise = random.Random(1).randbytes(1 << 20).hex().encode()
    pages = [
        gzip.decompress(warc(([HTML], PAGE + noise[k : k + 300_000])))
        for k in range(0, 9 * 10**5, 10**5)
    ]
    packed = bytearray(gzip.compress(b"".join(pages)))
    packed[-len(packed) // 8] ^= 0xFF
    (tmp_path / "a.warc.gz").write_bytes(packed)
    results = list(read([tmp_path], ReadSettings()))
    assert isinstance(results[-1], Rejection)
    assert len([r for r in results if isinstance(r, Document)]) >= 3


def test_what_a_crawler_writes_of_a_page_is_no_page(tmp_path: Path) -> None:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for uri in ("urn:text:https://paper.example/0", "urn:pageinfo:https://paper.example/0"):
        record = writer.create_warc_record(
            uri, "resource", payload=io.BytesIO(f"Home Sport {ONE}".encode()),
            warc_content_type="text/plain",
        )  # fmt: skip
        writer.write_record(record)
    (tmp_path / "a.warc.gz").write_bytes(out.getvalue() + warc(([HTML], PAGE)))
    assert [d.text.split("\n") for d in documents(tmp_path)] == [["Bakery", ONE, TWO]]


@pytest.mark.parametrize("name", ["a.wacz", "a.zip"])
def test_of_a_web_archive_with_indexes_only_the_pages(name: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / name, "w") as archive:
        archive.writestr("archive/data.warc.gz", warc(([HTML], PAGE)))
        archive.writestr("pages/pages.jsonl", json.dumps({"id": "p", "text": f"Home {ONE}"}))
        archive.writestr("indexes/index.cdx.gz", b"?")
        archive.writestr("datapackage.json", "{}")
    assert [d.text.split("\n") for d in documents(tmp_path)] == [["Bakery", ONE, TWO]]


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        (f"<p>She said <q>we open</q>, and <q>so <q>at last</q> it is</q>.</p><p>{ONE}</p>",
         ["She said “we open”, and “so ‘at last’ it is”.", ONE]),
        (f"<table><tr><td><a href=a>Home</a><br><a href=b>Sport</a></td><td><h2>Bakery</h2><p>{ONE}"
         f"<p>{TWO}</td></tr></table>", ["Bakery", ONE, TWO]),
    ],
)  # fmt: skip
def test_pages(body: str, lines: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(f"<!DOCTYPE html><html><body>{body}</body></html>")
    assert [d.text.split("\n") for d in documents(tmp_path)] == [lines]


def test_a_page_laid_out_with_a_table_keeps_its_title(tmp_path: Path) -> None:
    parts = "".join(f"<p>{part}\n" for part in (f"The ferry is late. {ONE}", TWO, ONE, TWO))
    (tmp_path / "a.html").write_text(
        "<html><head><title>Ferry</title></head><body><table><tr><td><a href=a>Home</a><br>"
        f"<a href=b>Sport</a></td><td><h2>Ferry</h2>{parts}</td></tr></table></body></html>"
    )
    assert documents(tmp_path)[0].text.split("\n")[:2] == ["Ferry", f"The ferry is late. {ONE}"]


def test_a_table_of_data_stays_one(tmp_path: Path) -> None:
    rows = "".join(f"<tr><td>Boat {n}</td><td>{n} tons</td></tr>" for n in range(9))
    page = f"<html><body><article><p>{ONE}</p><p>{TWO}</p><table>{rows}</table></article></body>"
    (tmp_path / "a.html").write_text(page)
    assert "| Boat 8 | 8 tons |" in documents(tmp_path)[0].text


def test_the_canonical_address_names_the_source(tmp_path: Path) -> None:
    head = '<link rel="canonical" href="https://www.paper.example/b">'
    (tmp_path / "a.html").write_bytes(PAGE.replace(b"<title>", head.encode() + b"<title>"))
    [document] = documents(tmp_path)
    assert (document.source, document.metadata["url"]) == (
        "paper.example", "https://www.paper.example/b",
    )  # fmt: skip


def test_a_page_may_have_an_address_and_name_anothers(tmp_path: Path) -> None:
    head = """<link rel=preload href=/a.css><link href='https://agency.example/1?a=1&amp;b=2'
        rel="canonical" /><meta property="og:url" content="https://www.paper.example/b">"""
    (tmp_path / "a.html").write_bytes(PAGE.replace(b"<title>", head.encode() + b"<title>"))
    [document] = documents(tmp_path)
    assert document.metadata["url"] == "https://www.paper.example/b"
    assert document.metadata["canonical"] == "https://agency.example/1?a=1&b=2"


def test_lines_come_in_the_order_of_the_page() -> None:
    blocks = ["Menu", "Day", "First", "one", "Second", "two"]
    assert in_page_order("one\nDay\nFirst\nSecond\ntwo", blocks) == "Day\nFirst\none\nSecond\ntwo"
    assert in_page_order("Day\nnone of them\none", blocks) == "Day\nnone of them\none"


def test_a_compression_that_the_name_does_not_say(tmp_path: Path) -> None:
    lines = f'{{"id": "1", "text": "{ONE}"}}\n{{"id": "2", "text": "{TWO}"}}\n'.encode()
    (tmp_path / "a.jsonl").write_bytes(gzip.compress(lines))
    (tmp_path / "b").write_bytes(bz2.compress(lines))
    assert [d.text for d in documents(tmp_path)] == [ONE, TWO] * 2


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv.gz", "id,text\n" + "".join(f'{n},"{ONE}"\n' for n in range(9))),
        ("a.jsonl.gz", "".join(f'{{"id": "{n}", "text": "{ONE}"}}\n' for n in range(9))),
        (
            "a.json.gz",
            "[" + ",\n".join(f'{{"id": "{n}", "text": "{ONE}"}}' for n in range(9)) + "]",
        ),
        ("a.rss.gz", "<rss>" + f"<item><description>{ONE}</description></item>\n" * 9 + "</rss>"),
    ],
)
def test_of_a_short_file_that_is_cut_off_what_came_before(
    name: str, text: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(gzip.compress(text.encode())[:-4])
    *documents, end = read([tmp_path], ReadSettings())
    assert [d.text for d in documents if isinstance(d, Document)] == [ONE] * 9
    assert isinstance(end, Rejection)
    assert (end.reason, end.path) == ("truncated", name)


def test_no_date_is_null() -> None:
    line = document_line(Document("a", "t", created="2024-03-01"))
    assert json.loads(line)["added"] is None
    again = document_of(document_line(Document("a", "t")))
    assert (again.added, again.created) == ("", "")


@pytest.mark.parametrize("name", ["a.doc", "a.pptx", "a.pdf"])
def test_what_is_not_read_says_what_to_do(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"PK\3\4")
    [result] = read([tmp_path], ReadSettings())
    assert isinstance(result, Rejection)
    assert result.reason == "unsupported"
    assert " as `" in result.detail


@pytest.mark.parametrize("form", [plistlib.FMT_BINARY, plistlib.FMT_XML], ids=["binary", "xml"])
def test_a_web_archive_of_safari(form: plistlib.PlistFormat, tmp_path: Path) -> None:
    page = f"<html><body><article><p>{ONE}</p><p>{TWO}</p></article></body></html>"
    main = {
        "WebResourceData": page.encode("utf-16-le"),
        "WebResourceTextEncodingName": "UTF-16LE",
        "WebResourceURL": "https://quay.example/bakery",
    }
    archive = {"WebMainResource": main, "WebSubresources": []}
    (tmp_path / "a.webarchive").write_bytes(plistlib.dumps(archive, fmt=form))
    [document] = documents(tmp_path)
    assert document.text == f"{ONE}\n{TWO}"
    assert document.metadata["url"] == "https://quay.example/bakery"


@pytest.mark.parametrize("data", [b"bplist00 and no more", b"<plist><array/></plist>", b"<plist>"])
def test_no_web_archive_of_safari(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.webarchive").write_bytes(data)
    [rejection] = read([tmp_path], ReadSettings())
    assert isinstance(rejection, Rejection)
    assert rejection.reason in ("damaged", "no-articles")
