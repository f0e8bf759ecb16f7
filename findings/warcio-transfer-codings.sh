#!/usr/bin/env bash
# Guess:     content_stream() gives the page that was sent, whatever it was cut or coded in on its way:
#            HTTP/1.1 has one way to cut it, chunked.
# Behaviour: it is taken as chunked where the header's value is chunked to the letter. Of a server that
#            writes Chunked, which is the same, or that compresses first, the sizes of the chunks stand
#            in the page; and where fields follow the last chunk the page ends in them, less two
#            letters. There is no error, and FastWARC does not read the last one either, but says so.
# Version:   warcio 1.8.1, ArcWarcRecord.content_stream(); beside it FastWARC 2.0.1, auto_decode="all"
# Source:    measured here; content_stream() in recordloader.py compares strings, _try_decode() of
#            ChunkedDataReader in bufferedreaders.py takes what is behind the last chunk for text. RFC
#            9112, 7 (names of codings have no case), 7.1.2 (fields behind the last chunk).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check warcio==1.8.1 FastWARC==2.0.1
env/bin/python -W ignore - <<'PYTHON'
import gzip
from io import BytesIO

import fastwarc.warc
from warcio.archiveiterator import ArchiveIterator

PAGE = b"The bridge is closed."


def record(coding: str, body: bytes) -> bytes:
    block = f"HTTP/1.1 200 OK\r\nTransfer-Encoding: {coding}\r\n\r\n".encode() + body
    fields = (
        "WARC/1.1",
        "WARC-Type: response",
        "WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>",
        "WARC-Date: 2026-03-01T00:00:00Z",
        "WARC-Target-URI: https://paper.example/1",
        "Content-Type: application/http;msgtype=response",
        f"Content-Length: {len(block)}",
    )
    return "\r\n".join((*fields, "", "")).encode() + block + b"\r\n\r\n"


def chunks(data: bytes, behind: bytes = b"") -> bytes:
    return b"%x\r\n%b\r\n0\r\n%b\r\n" % (len(data), data, behind)


def read(archive: bytes) -> tuple[bytes, bytes | str]:
    (page,) = (record.content_stream().read() for record in ArchiveIterator(BytesIO(archive)))
    try:
        records = fastwarc.warc.ArchiveIterator(BytesIO(archive), auto_decode="all")
        (other,) = (record.reader.read() for record in records)
    except OSError as error:
        return page, str(error)
    return page, other


packed = gzip.compress(PAGE, mtime=0)
for label, archive, expected in (
    ("chunked", record("chunked", chunks(PAGE)), (PAGE, PAGE)),
    ("Chunked", record("Chunked", chunks(PAGE)), (chunks(PAGE), PAGE)),
    ("gzip, chunked", record("gzip, chunked", chunks(packed)), (chunks(packed), PAGE)),
    (
        "fields behind it",
        record("chunked", chunks(PAGE, b"X-Time: 5 ms\r\n")),
        (PAGE + b"0\r\nTime: 5 ms\r\n\r\n", "Invalid chunk header: 'Time: 5 ms'"),
    ),
):
    found = read(archive)
    print(f"{label + ':':18} warcio {found[0][:50]!r}, FastWARC {found[1]!r}")
    assert found == expected, found
PYTHON
