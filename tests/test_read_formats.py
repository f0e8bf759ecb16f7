"""The same ten articles, written in every format, compression and archive, read back as equal."""

from __future__ import annotations

import bz2
import csv
import gzip
import html
import io
import json
import lzma
import re
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

import packing
from scrub.config import ReadSettings
from scrub.document import Document, Rejection
from scrub.read import read
from scrub.zstandard import zstd

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("one_worker")

ARTICLES: list[dict[str, str]] = json.loads(
    (Path(__file__).parent / "cases" / "read_articles.json").read_text(encoding="utf-8")
)
Files = dict[str, bytes]


def page(article: dict[str, str]) -> bytes:
    paragraphs = "\n".join(f"<p>{escape(p)}</p>" for p in article["text"].split("\n\n"))
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(article['title'])}</title>"
        f'<meta property="article:published_time" content="{article["date"]}"></head>'
        f'<body><nav><a href="/">Home</a></nav><article><h1>{escape(article["title"])}</h1>'
        f"{paragraphs}</article><footer>Imprint</footer></body></html>"
    ).encode()


def as_rtf(article: dict[str, str]) -> bytes:
    escaped = re.sub(r"([\\{}])", r"\\\1", article["text"]).replace("\n", "\\par\n")
    units = "".join(c if c < "\x80" else utf16(c) for c in escaped)
    return f"{{\\rtf1\\ansi{{\\fonttbl{{\\f0\\fcharset0 Times;}}}}\\f0 {units}\\par}}".encode(
        "ascii"
    )


def utf16(character: str) -> str:
    data = character.encode("utf-16-le")
    return "".join(f"\\u{data[n] + 256 * data[n + 1]}?" for n in range(0, len(data), 2))


def as_docx(article: dict[str, str]) -> bytes:
    docx = pytest.importorskip("docx")
    file, out = docx.Document(), io.BytesIO()
    for paragraph in article["text"].split("\n\n"):
        file.add_paragraph(paragraph)
    file.core_properties.title = article["title"]
    file.save(out)
    return out.getvalue()


def as_odt(article: dict[str, str]) -> bytes:
    odfdo = pytest.importorskip("odfdo")
    file, out = odfdo.Document("text"), io.BytesIO()
    file.body.clear()
    for paragraph in article["text"].split("\n\n"):
        file.body.append(odfdo.Paragraph(paragraph))
    file.meta.title = article["title"]
    file.save(out)
    return out.getvalue()


def as_workbook() -> bytes:
    openpyxl = pytest.importorskip("openpyxl")
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in [list(ARTICLES[0]), *(list(a.values()) for a in ARTICLES)]:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def as_rows(delimiter: str) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, ["id", "title", "date", "text"], delimiter=delimiter)
    writer.writeheader()
    writer.writerows(ARTICLES)
    return out.getvalue().encode()


def as_jsonl() -> bytes:
    return "".join(json.dumps(a, ensure_ascii=False) + "\n" for a in ARTICLES).encode()


def as_parquet() -> bytes:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(ARTICLES), out, row_group_size=3)
    return out.getvalue()


def as_arrow(form: str) -> bytes:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import feather, orc

    table, out = pa.Table.from_pylist(ARTICLES), io.BytesIO()
    if form == "feather":
        feather.write_feather(table, out)
    elif form == "orc":
        orc.write_table(table, out)
    else:
        with pa.ipc.new_stream(out, table.schema) as writer:
            writer.write_table(table, max_chunksize=3)
    return out.getvalue()


def as_rss() -> bytes:
    items = "".join(
        f"<item><guid>{a['id']}</guid><title>{escape(a['title'])}</title>"
        f"<pubDate>{a['date']}</pubDate><description>short</description><content:encoded>"
        + "".join(f"<![CDATA[<p>{html.escape(p)}</p>]]>" for p in a["text"].split("\n\n"))
        + "</content:encoded></item>\n"
        for a in ARTICLES
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Paper</title>\n'
        f"{items}</channel></rss>"
    ).encode()


def as_atom() -> bytes:
    entries = "".join(
        f"<entry><id>{a['id']}</id><title>{escape(a['title'])}</title>"
        f"<published>{a['date']}</published><summary>short</summary>"
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">'
        + "".join(f"<p>{escape(p)}</p>" for p in a["text"].split("\n\n"))
        + "</div></content></entry>\n"
        for a in ARTICLES
    )
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Paper</title>' + entries + "</feed>"
    ).encode()


def as_warc(*, members: bool = False) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=members)
    for a in ARTICLES:
        headers = StatusAndHeaders(
            "200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1"
        )
        record = writer.create_warc_record(
            "http://paper.example/" + a["id"],
            "response",
            payload=io.BytesIO(page(a)),
            http_headers=headers,
            warc_headers_dict={"WARC-Record-ID": f"<{a['id']}>"},
        )
        writer.write_record(record)
    return out.getvalue()


FORMATS: dict[str, Callable[[], Files]] = {
    "txt": lambda: {f"{a['id']}.txt": a["text"].encode() for a in ARTICLES},
    "md": lambda: {f"{a['id']}.md": a["text"].encode() for a in ARTICLES},
    "rtf": lambda: {f"{a['id']}.rtf": as_rtf(a) for a in ARTICLES},
    "docx": lambda: {f"{a['id']}.docx": as_docx(a) for a in ARTICLES},
    "odt": lambda: {f"{a['id']}.odt": as_odt(a) for a in ARTICLES},
    "xlsx": lambda: {"all.xlsx": as_workbook()},
    "html": lambda: {f"{a['id']}.html": page(a) for a in ARTICLES},
    "htm": lambda: {f"{a['id']}.htm": page(a) for a in ARTICLES},
    "jsonl": lambda: {"all.jsonl": as_jsonl()},
    "ndjson": lambda: {"all.ndjson": as_jsonl()},
    "jl": lambda: {"all.jl": as_jsonl()},
    "json list": lambda: {"all.json": json.dumps(ARTICLES, indent=2).encode()},
    "json object": lambda: {f"{a['id']}.json": json.dumps(a, indent=1).encode() for a in ARTICLES},
    "json wrapped": lambda: {"all.json": json.dumps({"n": 10, "articles": ARTICLES}).encode()},
    "csv": lambda: {"all.csv": as_rows(",")},
    "csv semicolon": lambda: {"all.csv": as_rows(";")},
    "csv of an old Mac": lambda: {"all.csv": as_rows(",").replace(b"\r\n", b"\r")},
    "csv in UTF-16": lambda: {"all.csv": as_rows(",").decode().encode("utf-16")},
    "tsv": lambda: {"all.tsv": as_rows("\t")},
    "parquet": lambda: {"all.parquet": as_parquet()},
    "arrow": lambda: {"all.arrow": as_arrow("stream")},
    "feather": lambda: {"all.feather": as_arrow("feather")},
    "orc": lambda: {"all.orc": as_arrow("orc")},
    "rss": lambda: {"feed.xml": as_rss()},
    "atom": lambda: {"feed.xml": as_atom()},
    "warc": lambda: {"crawl.warc": as_warc()},
    "warc, a gzip member each": lambda: {"crawl.warc.gz": as_warc(members=True)},
}
_UNSIZED: dict[int, int] = {zstd.CompressionParameter.content_size_flag: 0}  # as written to a pipe
COMPRESSIONS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": lambda data: zstd.compress(data, options=_UNSIZED),
}
PAGES = {"html", "htm", "warc", "warc, a gzip member each"}
# What goes through a worker, a process whose start takes longer than its work here.
BY_WORKER = PAGES | {"rss", "atom", "xlsx", "parquet", "arrow", "feather", "orc"}
NAMED = {
    "jsonl",
    "ndjson",
    "jl",
    "json list",
    "json object",
    "json wrapped",
    "csv",
    "csv semicolon",
    "csv of an old Mac",
    "csv in UTF-16",
    "tsv",
    "xlsx",
    "parquet",
    "arrow",
    "feather",
    "orc",
    "rss",
    "atom",
    "warc",
    "warc, a gzip member each",
}
UNTITLED = {"txt", "md", "rtf"}
ENCODINGS = {"csv in UTF-16": "utf-16-le"}


def deep(files: Files) -> Files:
    return {f"deep/er/{name}": data for name, data in files.items()}


def tarred(files: Files) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(f"./deep/er/{name}")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def paragraphs(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n+", text) if part.strip()]


def check(results: list[Document | Rejection], kind: str) -> None:
    assert [r for r in results if isinstance(r, Rejection)] == []
    documents: list[Any] = results
    if kind in NAMED:
        assert [d.id for d in documents] == [a["id"] for a in ARTICLES]
    else:
        stems = [d.id.rsplit("/", 1)[-1].split(".")[0] for d in documents]
        assert stems == [a["id"] for a in ARTICLES]
        assert all(d.id == d.path for d in documents)
    for document, article in zip(documents, ARTICLES, strict=True):
        if kind in PAGES:
            found = paragraphs(document.text)
            assert found[-3:] == paragraphs(article["text"])
            assert found[:-3] in ([], [article["title"]])
        else:
            assert document.text == article["text"]
        if kind not in UNTITLED:
            assert document.metadata["title"] == article["title"]
        if kind not in UNTITLED | {"docx", "odt"}:
            assert document.created == article["date"]
        assert document.metadata.get("encoding") == ENCODINGS.get(kind)


def check_all(variants: dict[str, Files], kind: str, folder: Path) -> None:
    """Read each variant by itself, or all in one go where they can share one worker."""
    for variant, files in variants.items():
        (folder / variant).mkdir()
        for name, data in files.items():
            (folder / variant / name).write_bytes(data)
    if kind not in BY_WORKER:
        for variant in variants:
            check(list(read([folder / variant], ReadSettings())), kind)
        return
    results = list(read([folder], ReadSettings()))
    for variant in variants:
        part = [r for r in results if r.path.startswith(f"{variant}/")]
        for result in part:
            if isinstance(result, Document):
                result.id = result.metadata.get("given_id", result.id)
        check(part, kind)


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_in_every_compression_and_archive(kind: str, tmp_path: Path) -> None:
    files = FORMATS[kind]()
    tar = tarred(files)
    variants = {
        "plain": files,
        "zip": {"all.zip": packing.zipped(deep(files))},
        "tar": {"all.tar": tar},
    }
    variants["tgz"] = {"all.tgz": gzip.compress(tar)}
    for ending, compress in COMPRESSIONS.items():
        compressed = {name + ending: compress(data) for name, data in files.items()}
        variants[f"file{ending}"] = compressed
        variants[f"tar{ending}"] = {f"all.tar{ending}": compress(tar)}
        variants[f"inside{ending}"] = {"all.zip": packing.zipped(deep(compressed))}
    check_all(variants, kind, tmp_path)
