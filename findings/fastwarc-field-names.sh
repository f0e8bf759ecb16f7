#!/usr/bin/env bash
# Guess:     the names of WARC fields, which are case-insensitive, may be written in small letters: who
#            asks a record for warc-target-uri is given WARC-Target-URI.
# Behaviour: they may be asked for so, not written: a record whose type stands in warc-type is of no
#            type, and a reader that asks for responses is given none, without an error. content-length
#            is not found either: the first record is empty and the next one ends the reading.
# Version:   FastWARC 2.0.1, beside warcio 1.8.1, which reads all of it
# Source:    measured here; ISO 28500:2017, 4 (names of fields are case-insensitive). The crate warc
#            0.4.0 for Rust writes all its names in small letters.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check FastWARC==2.0.1 warcio==1.8.1
env/bin/python -W ignore - <<'PYTHON'
from collections.abc import Callable
from io import BytesIO

import fastwarc.warc
from warcio.archiveiterator import ArchiveIterator

PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nThe bridge is closed."


def record(number: int, name: Callable[[str], str]) -> bytes:
    fields = {
        "WARC-Type": "response",
        "WARC-Record-ID": f"<urn:uuid:00000000-0000-4000-8000-00000000000{number}>",
        "WARC-Date": "2026-03-01T00:00:00Z",
        "WARC-Target-URI": f"https://paper.example/{number}",
        "Content-Type": "application/http;msgtype=response",
        "Content-Length": str(len(PAGE)),
    }
    head = "".join(f"{name(field)}: {value}\r\n" for field, value in fields.items())
    return f"WARC/1.0\r\n{head}\r\n".encode() + PAGE + b"\r\n\r\n"


def read(name: Callable[[str], str]) -> tuple[int, int | str]:
    archive = b"".join(record(number, name) for number in (1, 2, 3))
    texts = [record.content_stream().read() for record in ArchiveIterator(BytesIO(archive))]
    assert texts == [b"The bridge is closed."] * 3
    wanted = fastwarc.warc.ArchiveIterator(
        BytesIO(archive), record_types=fastwarc.warc.WarcRecordType.response
    )
    try:
        return len(texts), sum(record.headers["warc-target-uri"] is not None for record in wanted)
    except OSError as error:
        return len(texts), str(error)


for label, name, expected in (
    ("as in the standard", str, 3),
    ("warc-type alone", lambda field: field.lower() if field == "WARC-Type" else field, 0),
    ("all of them", str.lower, "Invalid WARC header"),
):
    found = read(name)
    print(f"{label + ':':20} warcio {found[0]}, FastWARC {found[1]}")
    assert found == (3, expected)
PYTHON
