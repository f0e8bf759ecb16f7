"""Laws of reading: what was written comes back, however it is cut, and nothing raises."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scrub.config import ReadSettings
from scrub.document import Document, Rejection
from scrub.read import read
from scrub.read.encoding import Decoder
from scrub.read.fields import is_blank
from scrub.read.jsonfile import read_json
from scrub.read.jsonvalue import load
from scrub.read.reader import FORMATS
from scrub.read.record import Builder
from scrub.read.stream import Input, Meter, UnreadableError, expand, lines
from scrub.zstandard import zstd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.usefixtures("one_worker")

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(
    lambda t: not is_blank(t)
)
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
RECORD = st.dictionaries(st.sampled_from(["title", "tags", 'q"', "a:", "back\\", "e"]), VALUE)
STYLE = st.fixed_dictionaries(
    {
        "ensure_ascii": st.booleans(),
        "separators": st.sampled_from([(",", ":"), (", ", ": "), (" , ", " : "), (",\t", "\t:")]),
    }
)
_UNSIZED: dict[int, int] = {zstd.CompressionParameter.content_size_flag: 0}  # as written to a pipe
COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lambda data: lzma.compress(data, preset=0),
    "zst": partial(zstd.compress, options=_UNSIZED),
}


def cut(data: bytes, sizes: list[int]) -> Iterator[bytes]:
    """The data in pieces of these sizes, over and over."""
    at = turn = 0
    while at < len(data):
        size = sizes[turn % len(sizes)]
        yield data[at : at + size]
        at, turn = at + size, turn + 1


SIZES = st.lists(st.integers(1, 40), min_size=1, max_size=4)


@settings(max_examples=50)
@given(st.lists(st.tuples(TEXT, TEXT, RECORD), max_size=4), STYLE)
def test_json_lines_round_trip(rows: list[tuple[str, str, dict[str, Any]]], style: Any) -> None:
    records = [{"id": id_, "text": f".{text}", **more} for id_, text, more in rows]
    decoder = Decoder()
    for record in records:
        loaded, _ = load(json.dumps(record, **style).encode("utf-8", "surrogatepass"), decoder)
        assert _sound(loaded) == _sound(record)
        orjson.dumps(loaded)  # and can be written


def _sound(value: Any) -> Any:
    """A value with lone surrogates replaced and large integers as text, as the reader does."""
    return json.loads(
        json.dumps(value, ensure_ascii=False)
        .encode("utf-16", "surrogatepass")
        .decode("utf-16", "replace"),
        parse_int=lambda text: int(text) if -(2**63) <= int(text) < 2**64 else text,
    )


@given(RECORD, st.sampled_from(["id", "text", "a:"]), STYLE)
@example({"title": [":", ":"]}, "id", {"separators": (" , ", " : ")})
@example({"title": 'They asked "why": he said "no": nothing'}, "id", {})
@example({"title": 'A "path":', "ends in\\": 1}, "id", {})
def test_a_key_given_twice_is_seen(record: dict[str, Any], key: str, style: Any) -> None:
    record.pop(key, None)
    record[key] = "one"
    record["\0twin"] = "two"
    data = json.dumps(record, **style | {"ensure_ascii": True})
    data = data.replace('"\\u0000twin"', json.dumps(key))
    with pytest.raises(UnreadableError) as caught:
        load(data.encode(), Decoder())
    assert caught.value.reason == "duplicate-key"


@given(st.binary() | st.lists(st.sampled_from([b"\n", b"\r", b"ab", b""])).map(b"".join), SIZES)
def test_lines_do_not_depend_on_the_chunks(data: bytes, sizes: list[int]) -> None:
    expected = data.split(b"\n")
    if not expected[-1]:
        expected.pop()
    assert list(lines(cut(data, sizes), 1e9)) == expected
    assert list(lines(cut(data, sizes), 3)) == [e if len(e) <= 3 else None for e in expected]


@settings(max_examples=40)
@given(
    st.lists(
        st.fixed_dictionaries({"id": TEXT, "text": TEXT, "more": VALUE}), min_size=1, max_size=4
    ),
    st.sampled_from([None, 0, 2]),
    st.booleans(),
    SIZES,
)
def test_json_files_do_not_depend_on_the_chunks(
    records: list[dict[str, Any]], indent: int | None, listed: bool, sizes: list[int]
) -> None:
    if listed:
        data = json.dumps(records, indent=indent)
    else:
        data = "\n".join(json.dumps(record, indent=indent) for record in records)
    build = Builder(ReadSettings())
    results = list(read_json(Input("a.json", "", cut(data.encode(), sizes)), build))
    assert [r for r in results if isinstance(r, Rejection)] == []
    assert [r.text for r in results if isinstance(r, Document)] == [r["text"] for r in records]


@pytest.mark.parametrize("name", COMPRESS)
@given(parts=st.lists(st.binary(max_size=300), max_size=3), padding=st.integers(0, 9), sizes=SIZES)
def test_streams_come_back(name: str, parts: list[bytes], padding: int, sizes: list[int]) -> None:
    data = b"".join(COMPRESS[name](part) for part in parts) + bytes(padding)
    found = b"".join(expand(cut(data, sizes), name, Meter(1e9, 1e9, 1e9)))
    assert found == b"".join(parts)


@pytest.mark.parametrize("name", COMPRESS)
@given(
    data=st.binary(min_size=1, max_size=300),
    at=st.floats(0, 1),
    byte=st.integers(1, 255),
    cut_=st.booleans(),
)
def test_broken_streams_are_said_to_be(
    name: str, data: bytes, at: float, byte: int, cut_: bool
) -> None:
    sound = COMPRESS[name](data)
    place = min(int(at * len(sound)), len(sound) - 1)
    broken = (
        sound[:place] if cut_ else sound[:place] + bytes([sound[place] ^ byte]) + sound[place + 1 :]
    )
    try:
        found = b"".join(expand(iter([broken]), name, Meter(1e9, 1e9, 1e9)))
    except UnreadableError as error:
        assert error.reason in ("truncated", "damaged")
    else:  # headers hold bytes that mean nothing to the content, and zstd has no checksum here
        assert found == data or name == "zst" or not broken


@given(TEXT, st.sampled_from(["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]))
@example("\0", "utf-16-le")  # begins as UTF-32 does
def test_marked_unicode_comes_back(text: str, encoding: str) -> None:
    text = text.replace("\ufeff", "") + "plain text enough to be no binary file"
    assert Decoder().decode(("\ufeff" + text).encode(encoding)).text == text


@given(
    st.binary()
    | TEXT.map(lambda t: t.encode("utf-16-le"))
    | TEXT.map(lambda t: t.encode("gb18030"))
)
@example(b"\xff\xfe\x00")
@example(b"\xef\xbb\xbf")
def test_any_bytes_are_text_or_said_to_be_none(data: bytes) -> None:
    try:
        decoded = Decoder().decode(data)
    except UnreadableError as error:
        assert error.reason in ("binary", "encoding")
    else:
        decoded.text.encode()
        assert 0 <= decoded.confidence <= 1


PIECES = [
    b'{"text": "',
    b'"}',
    b"\n",
    b"[",
    b"]",
    b",",
    b'"',
    b"\\",
    b"id,text\n",
    b"a\tb",
    b"\x00",
]
PIECES += [b"<rss><item><description>", b"</description></item>", b"<![CDATA[", b"]]>", b"&x;"]
PIECES += [b"WARC/1.0\r\n", b"WARC-Type: response\r\n", b"Content-Length: 9\r\n\r\n", b"PAR1"]
PIECES += [
    b"HTTP/1.1 200 OK\r\n",
    b"<!DOCTYPE a [",
    b"caf\xe9",
    "é".encode(),
    b"\xff\xfe",
    b"---\n",
]
SYNTAX = st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join)
# What a library reads in one call is read in a process with bounds, which takes its time.
APART = {"arrow", "orc", "parquet", "xls", "xlsb", "xlsm", "xlsx", "ods"}


@pytest.mark.parametrize(
    "name",
    [
        # Pages are too slow here; Feather is Arrow by another name.
        *sorted(set(FORMATS) - {"html", "htm", "xhtml", "feather"} - APART),
        "zip",
        "tar",
        "gz",
        *(pytest.param(name, marks=pytest.mark.slow) for name in sorted(APART)),
    ],
)
@settings(max_examples=60)
@given(data=SYNTAX | st.binary())
@example(data=b"\x00\r\x00")
def test_no_file_raises_and_every_text_can_be_written(name: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / f"a.{name}").write_bytes(data)
        results = list(read([folder], ReadSettings(max_record_mb=0.0001)))
    assert results
    for result in results:
        if isinstance(result, Rejection):
            assert result.reason != "failed", result
        else:
            json.dumps([result.id, result.text, result.metadata], ensure_ascii=False).encode()
