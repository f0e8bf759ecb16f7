"""The law of accounts: what is read and what is rejected are all the items of a container.

Each container holds items of which some cannot be read; these are rejected one by one, and all
others are read, whatever stands before them.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scrub.config import ReadSettings
from scrub.document import Document, Rejection
from scrub.read import read

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

pytestmark = pytest.mark.usefixtures("one_worker")

WORDS = "The quay number {} was opened on a Monday by the mayor and two of the bakers."
# An item is its number, or None for one that cannot be read.
Items = list[int | None]


def as_jsonl(items: Items) -> bytes:
    bad = ['{"id": "x", "text": "cut of', "[1, 2]", '{"text": null}', '{"text": "a", "text": "b"}']
    return "".join(
        bad[at % len(bad)] + "\n" if n is None else json.dumps({"text": WORDS.format(n)}) + "\n"
        for at, n in enumerate(items)
    ).encode()


def as_json(items: Items, wrap: Callable[[list[object]], object] = list) -> bytes:
    bad: Sequence[object] = ({"title": "no text"}, {"text": None}, {"text": ""}, {"text": 7})
    return json.dumps(
        wrap(
            [
                bad[at % 4] if n is None else {"id": f"i{n}", "text": WORDS.format(n)}
                for at, n in enumerate(items)
            ]
        )
    ).encode()


def as_table(items: Items, **style: object) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, **style)  # type: ignore[arg-type]
    writer.writerow(["id", "text"])
    for at, n in enumerate(items):
        bad = [["", "", "too many"], ["x", ""], [f"b{at}"]][at % 3]
        writer.writerow(bad if n is None else [f"i{n}", WORDS.format(n)])
    return out.getvalue().encode()


def as_unquoted(items: Items) -> bytes:
    """Texts that begin with a quotation mark, which some close, in a table without quoting."""
    rows = (
        f"x{at}\t" if n is None else f'i{n}\t"{WORDS.format(n)}' + '" they said.' * (n % 2)
        for at, n in enumerate(items)
    )
    return ("id\ttext\n" + "\n".join(rows) + "\n").encode()


def as_feed(items: Items) -> bytes:
    bad = ["<item><title>no text</title></item>", "<item><description>a<b></item>"]
    return (
        "<rss><channel>"
        + "".join(
            bad[at % 2]
            if n is None
            else f"<item><description>{WORDS.format(n)}</description></item>"
            for at, n in enumerate(items)
        )
        + "</channel></rss>"
    ).encode()


def as_warc(items: Items) -> bytes:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False)
    for at, n in enumerate(items):
        given_, status, kind = [], "200 OK", "text/plain"
        text = WORDS.format(n).encode()
        if n is None:
            fault = at % 4
            if fault == 0:
                given_, text = [("Content-Encoding", "br")], b"\x1f\xfe\x00\x01" * 30
            elif fault == 1:
                status = "404 Not Found"
            elif fault == 2:
                text = bytes(range(256)) * 2
            else:
                given_, text = [("Content-Encoding", "made-up")], b"\xff\xfe\x00\x01" * 30
        headers = [("Content-Type", kind), *given_]
        record = writer.create_warc_record(
            f"http://paper.example/{at}",
            "response",
            payload=io.BytesIO(text),
            http_headers=StatusAndHeaders(status, headers, protocol="HTTP/1.1"),
        )
        writer.write_record(record)
    return out.getvalue()


def as_zip(items: Items) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for at, n in enumerate(items):
            bad = [("a.docx", b"x"), ("b.txt", b""), ("c.json", b"{"), ("d.zip", b"PK")][at % 4]
            name, data = bad if n is None else ("e.txt", WORDS.format(n).encode())
            archive.writestr(f"{at}/{name}", data)
    return out.getvalue()


CONTAINERS: dict[str, Callable[[Items], bytes]] = {
    "a.jsonl": as_jsonl,
    "list.json": as_json,
    "solr.json": lambda items: as_json(items, lambda docs: {"n": 1, "response": {"docs": docs}}),
    "search.json": lambda items: as_json(
        items, lambda docs: {"hits": {"hits": [{"_id": "a", "_source": doc} for doc in docs]}}
    ),
    "a.csv": as_table,
    "semicolon.csv": lambda items: b"sep=;\r\n" + as_table(items, delimiter=";"),
    "a.tsv": lambda items: as_table(items, delimiter="\t"),
    "unquoted.tsv": as_unquoted,
    "a.rss": as_feed,
    "a.warc": as_warc,
    "a.zip": as_zip,
}


@pytest.mark.parametrize("name", CONTAINERS)
@settings(max_examples=12)
@given(broken=st.lists(st.booleans(), min_size=1, max_size=9))
def test_every_item_is_read_or_rejected(name: str, broken: list[bool]) -> None:
    items = [None if bad else at for at, bad in enumerate([*broken, False])]
    good = [n for n in items if n is not None]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(CONTAINERS[name](items))
        results = list(read([folder], ReadSettings()))
    documents = [r for r in results if isinstance(r, Document)]
    rejected = [r for r in results if isinstance(r, Rejection)]
    assert len(documents) + len(rejected) == len(items)
    for n, document in zip(good, documents, strict=True):
        assert WORDS.format(n) in document.text
    assert len({r.path for r in rejected}) == len(rejected)


def record(n: int, length: int = 0) -> bytes:
    body = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n" + WORDS.format(n).encode()
    return (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://paper.example/\r\n"
        b"Content-Type: application/http; msgtype=response\r\n"
        b"Content-Length: %d\r\n\r\n" % (len(body) + length)
    ) + body


@pytest.mark.parametrize("wrong", [-60, -3, 2, 90, 400, 10_000])
def test_a_wrong_length_costs_no_other_record(wrong: int, tmp_path: Path) -> None:
    records = [record(0), record(1, wrong), record(2), record(3)]
    (tmp_path / "a.warc").write_bytes(b"\r\n\r\n".join(records) + b"\r\n\r\n")
    documents = [r.text for r in read([tmp_path], ReadSettings()) if isinstance(r, Document)]
    assert [any(WORDS.format(n) in text for text in documents) for n in range(4)] == [True] * 4
    assert len(documents) == 4


def test_garbage_between_records_is_rejected_once(tmp_path: Path) -> None:
    data = record(0) + b"\r\n\r\n" + b"\x00garbage\n" * 9 + record(1) + b"\r\n\r\n"
    (tmp_path / "a.warc").write_bytes(data)
    first, bad, second = read([tmp_path], ReadSettings())
    assert isinstance(bad, Rejection)
    assert bad.reason == "damaged"
    assert [r.text for r in (first, second) if isinstance(r, Document)] == [
        WORDS.format(0),
        WORDS.format(1),
    ]
