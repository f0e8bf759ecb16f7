"""Whatever the bytes of a file are: nothing raises, nothing is lost, and twice gives the same."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import tarfile
import tempfile
from pathlib import Path

import pytest
from fuzzing import fuzz
from hypothesis import example, given
from hypothesis import strategies as st

import packing
from scrub.config import ReadSettings
from scrub.document import Document, Rejection
from scrub.read import read
from scrub.zstandard import zstd
from stories import FERRY, MUSEUM, SCHOOL

pytestmark = pytest.mark.usefixtures("one_worker")

SETTINGS = ReadSettings(max_record_mb=0.02, max_ratio=50, max_expanded_gb=0.001)
ARTICLES = [FERRY[:600], MUSEUM[:500], SCHOOL[:400]]
PAGE = "<html><head><title>News</title></head><body><article>{}</article></body></html>"


def _tar(kind: str) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name in ("a.txt", "b/c.jsonl", "../d.txt"):
            content = RECORDS if kind == "records" and "jsonl" in name else FERRY[:300].encode()
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return data.getvalue()


def _zip() -> bytes:
    return packing.zipped({"a.txt": FERRY[:300], "b/c.jsonl": RECORDS})


def _warc() -> bytes:
    page = PAGE.format("<p>" + FERRY[:400] + "</p>").encode()
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/1\r\n"
        "WARC-Date: 2024-01-02T03:04:05Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
    )
    return (head.encode() + answer + b"\r\n\r\n") * 2


def _feed() -> bytes:
    items = "".join(
        f"<item><title>T{n}</title><guid>{n}</guid><description>&lt;p&gt;{text[:200]}"
        "&lt;/p&gt;</description></item>"
        for n, text in enumerate(ARTICLES)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'.encode()


def _parquet() -> bytes:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    data = io.BytesIO()
    pq.write_table(pa.table({"id": ["a", "b", "c"], "text": ARTICLES}), data)
    return data.getvalue()


RECORDS = b"".join(
    json.dumps({"id": str(n), "text": text, "url": "http://a.example/", "n": 1.5}).encode() + b"\n"
    for n, text in enumerate(ARTICLES)
)
SOUND = {
    "txt": FERRY[:500].encode(),
    "utf16.txt": MUSEUM[:300].encode("utf-16"),
    "html": PAGE.format("<p>" + FERRY[:300] + "</p>").encode(),
    "xml": _feed(),
    "jsonl": RECORDS,
    "json": json.dumps([json.loads(line) for line in RECORDS.splitlines()], indent=1).encode(),
    "csv": ("id,text\n" + "".join(f'{n},"{t[:200]}\n"\n' for n, t in enumerate(ARTICLES))).encode(),
    "tsv": ("id\ttext\n" + "".join(f"{n}\t{t[:90]!r}\n" for n, t in enumerate(ARTICLES))).encode(),
    "warc": _warc(),
    "parquet": _parquet(),
    "vert": "".join(
        f'<doc id="{n}">\n<p>\n' + "\n".join(f"{w}\tX\t{w}" for w in t[:200].split()) + "\n</doc>\n"
        for n, t in enumerate(ARTICLES)
    ).encode(),
    "tar": _tar("records"),
    "zip": _zip(),
    "jsonl.gz": gzip.compress(RECORDS, mtime=0),
    "jsonl.bz2": bz2.compress(RECORDS),
    "jsonl.xz": lzma.compress(RECORDS),
    "jsonl.zst": zstd.compress(RECORDS, options={zstd.CompressionParameter.checksum_flag: 1}),
    "warc.gz": gzip.compress(_warc(), mtime=0),
    "tgz": gzip.compress(_tar("plain"), mtime=0),
}
SYNTAX = [
    b"\0", b"\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n", b"\r\n", b'"', b"'", b"\\", b"\\u",
    b"\\ud800", b"{", b"}", b"[" * 40, b"]", b",", b":", b"\t", b"<", b">", b"</", b"<![CDATA[",
    b"<!DOCTYPE x [<!ENTITY a '&a;'>]>", b"&a;", b"&#x110000;", b"&#0;", b"1e999", b"NaN", b"-",
    b"9" * 30, b"Content-Length: -1\r\n", b"Content-Length: 99999999999\r\n", b"PAR1", b"PK\x01",
    b"\x85", b"\xe2\x80\xa8", b"../", b"\x1b[31m", b"caf\xe9", b"\x1f\x8b\x08", b"---\n", b"=",
]  # fmt: skip
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["flip", "cut", "insert", "drop", "repeat", "set"]),
        st.floats(0, 1),
        st.integers(0, 255) | st.sampled_from([0, 1, 4, 8, 64]),
        st.sampled_from(SYNTAX),
    ),
    max_size=6,
)


def damaged(data: bytes, edits: list[tuple[str, float, int, bytes]]) -> bytes:
    """The file after some accidents."""
    for kind, where, number, piece in edits:
        at = min(int(where * len(data)), max(0, len(data) - 1))
        if kind == "flip" and data:
            data = data[:at] + bytes([data[at] ^ (number or 1)]) + data[at + 1 :]
        elif kind == "cut":
            data = data[:at]
        elif kind == "insert":
            data = data[:at] + piece + data[at:]
        elif kind == "drop":
            data = data[:at] + data[at + number :]
        elif kind == "repeat":
            data = data[:at] + data[at : at + number] * 3 + data[at + number :]
        else:
            data = data[:at] + piece + data[at + len(piece) :]
    return data


def outcome(name: str, data: bytes) -> list[Document | Rejection]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / f"a.{name}").write_bytes(data)
        results = list(read([folder], SETTINGS, jobs=1))
        assert [p.name for p in Path(folder).iterdir()] == [f"a.{name}"]
    return results


def check(name: str, edits: list[tuple[str, float, int, bytes]]) -> None:
    data = damaged(SOUND[name], edits)
    results = outcome(name, data)
    assert results
    for result in results:
        if isinstance(result, Rejection):
            assert result.reason != "failed", result
            shown: list[object] = [result.id, result.path, result.detail]
        else:
            shown = [result.id, result.text, result.metadata]
        json.dumps(shown, ensure_ascii=False).encode()
    ids = [result.id for result in results if isinstance(result, Document)]
    assert len(ids) == len(set(ids))
    assert outcome(name, data) == results
    if not edits:
        assert ids


@pytest.mark.parametrize(
    "name",
    # Parquet is read in a process with bounds, which takes its time.
    [pytest.param(n, marks=pytest.mark.slow) if n == "parquet" else n for n in SOUND],
)
@fuzz(40)
@given(edits=EDITS)
@example(edits=[])
def test_a_damaged_file_is_read_or_rejected(
    name: str, edits: list[tuple[str, float, int, bytes]]
) -> None:
    check(name, edits)
