"""Hostile and broken input: bounded, rejected with a reason, never the end of the other records."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import stat
import tarfile
import time
import tracemalloc
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scrub.config import ReadSettings
from scrub.document import Document, Rejection
from scrub.errors import InputError
from scrub.read import read
from scrub.read.reader import Reader
from scrub.read.walk import find
from scrub.zstandard import zstd

if TYPE_CHECKING:
    from collections.abc import Callable

SETTINGS = ReadSettings()
Results = tuple[list[Document], list[Rejection]]


def split(
    *inputs: Path, settings: ReadSettings = SETTINGS, exclude: list[Path] | None = None
) -> Results:
    results = list(read(list(inputs), settings, exclude=exclude or []))
    rejected = [r for r in results if isinstance(r, Rejection)]
    assert [r for r in rejected if r.reason == "failed"] == []  # nothing that was not foreseen
    return [r for r in results if isinstance(r, Document)], rejected


def reasons(rejected: list[Rejection]) -> dict[str, str]:
    return {r.path: r.reason for r in rejected}


def jsonl(path: Path, *lines: bytes, end: bytes = b"\n") -> Path:
    path.write_bytes(end.join(lines) + end)
    return path


# Folders


def test_links_pipes_and_other_files_are_named_and_not_opened(tmp_path: Path) -> None:
    inside = tmp_path / "in"
    (inside / "sub").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("outside")
    (inside / "good.txt").write_text("inside")
    (inside / "out.txt").symlink_to(tmp_path / "secret.txt")
    (inside / "sub" / "loop").symlink_to(inside)
    (inside / "nowhere.txt").symlink_to(tmp_path / "absent")
    os.mkfifo(inside / "pipe.txt")
    (inside / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    (inside / ".hidden.txt").write_text("not for reading")
    documents, rejected = split(inside)
    assert [d.id for d in documents] == ["good.txt"]
    assert reasons(rejected) == {
        "nowhere.txt": "symlink",
        "out.txt": "symlink",
        "photo.jpg": "unsupported",
        "pipe.txt": "not-a-file",
        "sub/loop": "symlink",
    }


def test_a_device_is_not_opened() -> None:
    assert reasons(split(Path("/dev/zero"))[1]) == {"zero": "not-a-file"}


def test_a_link_that_the_user_names_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.txt").write_text("text")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert [d.id for d in split(tmp_path / "link")[0]] == ["a.txt"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become someone else")
def test_an_unreadable_file_and_folder_are_rejected(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir()
    (tmp_path / "listed").mkdir()
    for name in ("a.txt", "b.txt", "listed/c.txt"):
        (tmp_path / name).write_text("text")
    (tmp_path / "a.txt").chmod(0)
    (tmp_path / "locked").chmod(0)
    (tmp_path / "listed").chmod(0o444)  # its names can be read, and nothing in it
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == 0 and folder != Path("/") and "pytest" in str(folder):
            folder.chmod(0o755)
    os.seteuid(65534)
    try:
        documents, rejected = split(tmp_path)
        alone = split(tmp_path / "locked")
    finally:
        os.seteuid(0)
    assert [d.id for d in documents] == ["b.txt"]
    unreadable = ("a.txt", "listed/c.txt", "locked")
    assert reasons(rejected) == dict.fromkeys(unreadable, "unreadable")
    assert reasons(alone[1]) == {"locked": "unreadable"}


def test_own_output_is_never_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("text")
    (tmp_path / "out").mkdir()
    jsonl(tmp_path / "out" / "documents.jsonl", b'{"id": "a.txt", "text": "text"}')
    documents, rejected = split(tmp_path, exclude=[tmp_path / "out"])
    assert [d.id for d in documents] == ["a.txt"]
    assert rejected == []
    with pytest.raises(InputError, match="output"):
        read([tmp_path / "out" / "documents.jsonl"], SETTINGS, exclude=[tmp_path / "out"])


def test_missing_inputs_are_errors_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read([tmp_path / "absent"], SETTINGS)
    with pytest.raises(InputError, match="nothing matches"):
        read([str(tmp_path / "*.txt")], SETTINGS)


def test_a_file_that_vanishes_or_becomes_a_pipe_is_rejected(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text(name)
    reader = Reader(find([tmp_path]), SETTINGS)
    (tmp_path / "a.txt").unlink()
    (tmp_path / "b.txt").unlink()
    os.mkfifo(tmp_path / "b.txt")
    results = list(reader)
    assert [(r.path, getattr(r, "reason", "")) for r in results] == [
        ("a.txt", "unreadable"),
        ("b.txt", "unreadable"),
        ("c.txt", ""),
    ]


def test_names_that_are_not_utf8_are_spelled_out(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("text")
    assert [d.id for d in split(tmp_path)[0]] == ["caf\\xe9.txt"]


# Compression and archives

BOMBS: dict[str, Callable[[bytes], bytes]] = {
    "gz": lambda data: gzip.compress(data, 1),
    "bz2": lambda data: bz2.compress(data, 1),
    "xz": lambda data: lzma.compress(data, preset=0),
    "zst": zstd.compress,
}


METHODS = {
    "deflate": zipfile.ZIP_DEFLATED, "bzip2": zipfile.ZIP_BZIP2, "lzma": zipfile.ZIP_LZMA,
}  # fmt: skip


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS.keys())
def test_members_of_a_zip_are_unpacked_in_pieces(method: int, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", method) as archive:
        archive.writestr("a.txt", "text " * 100_000)
        archive.writestr("b.txt", bytes(40_000_000))
        archive.writestr("c.txt", "text")
    tracemalloc.start()
    try:
        documents, rejected = split(tmp_path, settings=ReadSettings(max_record_mb=1, max_ratio=9e9))
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
    assert [d.id for d in documents] == ["a.zip/a.txt", "a.zip/c.txt"]
    assert documents[0].text == "text " * 100_000
    assert reasons(rejected) == {"a.zip/b.txt": "too-large"}


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS.keys())
def test_a_damaged_member_of_a_zip_is_rejected(method: int, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", method) as archive:
        archive.writestr("a.txt", "".join(f"{n} texts. " for n in range(5000)))
        archive.writestr("c.txt", "text")
        size = archive.infolist()[0].compress_size
    data = (tmp_path / "a.zip").read_bytes()
    damaged = 0
    for at in range(60, 35 + size, size // 40):
        (tmp_path / "a.zip").write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        documents, rejected = split(tmp_path)
        assert [d.id for d in documents][-1:] == ["a.zip/c.txt"]
        assert len(documents) + len(rejected) == 2
        damaged += len(rejected)
    assert damaged >= 38


@pytest.mark.parametrize("ending", BOMBS)
def test_a_bomb_stops_at_the_ratio(ending: str, tmp_path: Path) -> None:
    bomb = tmp_path / f"bomb.jsonl.{ending}"
    bomb.write_bytes(BOMBS[ending](b'{"text": "first"}\n' + bytes(100_000_000)))
    jsonl(tmp_path / "next.jsonl", b'{"text": "after"}')
    tracemalloc.start()
    documents, rejected = split(tmp_path, settings=ReadSettings(max_record_mb=1, max_ratio=20))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert documents[-1].text == "after"
    assert reasons(rejected) == {bomb.name: "expands-too-much"}
    assert peak < 40_000_000


def test_expansion_stops_at_the_size(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(os.urandom(4_000_000)))
    settings = ReadSettings(max_expanded_gb=0.001)
    assert split(tmp_path, settings=settings)[1][-1].reason == "expands-too-much"


def test_a_bomb_in_a_zip_costs_only_itself(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "text")
        archive.writestr("b.txt", bytes(50_000_000))
        archive.writestr("c.txt", "text")
    documents, rejected = split(tmp_path, settings=ReadSettings(max_record_mb=1, max_ratio=1000))
    assert [d.id for d in documents] == ["a.zip/a.txt", "a.zip/c.txt"]
    assert reasons(rejected) == {"a.zip/b.txt": "too-large"}


@pytest.mark.parametrize("ending", BOMBS)
def test_a_cut_stream_keeps_the_whole_records(ending: str, tmp_path: Path) -> None:
    lines = b"".join(
        json.dumps({"text": f"{n} {os.urandom(40).hex()}"}).encode() + b"\n" for n in range(3000)
    )
    whole = BOMBS[ending](lines[: len(lines) // 2]) + BOMBS[ending](lines[len(lines) // 2 :])
    (tmp_path / f"a.jsonl.{ending}").write_bytes(whole)
    documents, rejected = split(tmp_path)
    assert (len(documents), rejected) == (3000, [])
    (tmp_path / f"a.jsonl.{ending}").write_bytes(whole[: len(whole) // 2 + 1000])
    documents, rejected = split(tmp_path)
    assert reasons(rejected) == {f"a.jsonl.{ending}": "truncated"}
    assert all(d.text.startswith(f"{n} ") for n, d in enumerate(documents))
    assert len(documents) >= 1000


@pytest.mark.parametrize("ending", BOMBS)
def test_damage_is_found(ending: str, tmp_path: Path) -> None:
    data = bytearray(BOMBS[ending](os.urandom(5000).hex().encode()))
    if ending == "zst":
        data[20] ^= 255  # zstd carries no checksum unless asked; its structure is broken instead
        data[4:8] = b"\xff\xff\xff\xff"
    else:
        data[len(data) // 2] ^= 1
    (tmp_path / f"a.txt.{ending}").write_bytes(data)
    assert set(reasons(split(tmp_path)[1]).values()) <= {"damaged", "truncated"}
    assert split(tmp_path)[0] == []


def test_zip_members_that_point_elsewhere(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        for name in ("../up.txt", "/abs.txt", "a/../../b.txt", "C:\\x.txt", "ok.txt"):
            archive.writestr(name, "text")
        for name, kind in (("link.txt", stat.S_IFLNK), ("device.txt", stat.S_IFCHR)):
            info = zipfile.ZipInfo(name)
            info.external_attr = (kind | 0o777) << 16
            archive.writestr(info, "/etc/passwd")
        archive.writestr("inner.zip", b"PK")
        archive.writestr("__MACOSX/._ok.txt", b"\0\1")
    before = sorted(tmp_path.rglob("*"))
    documents, rejected = split(tmp_path)
    assert [d.id for d in documents] == ["evil.zip/ok.txt"]
    found = reasons(rejected)
    assert found.pop("evil.zip/inner.zip") == "nested-archive"
    assert len(found) == 6
    assert set(found.values()) == {"unsafe-member"}
    assert sorted(tmp_path.rglob("*")) == before


def test_tar_members_that_point_elsewhere(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "evil.tar", "w") as archive:
        for name in ("../up.txt", "/abs.txt", "ok.txt"):
            info = tarfile.TarInfo(name)
            info.size = 4
            archive.addfile(info, io.BytesIO(b"text"))
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE):
            info = tarfile.TarInfo(f"kind{kind.decode()}.txt")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    documents, rejected = split(tmp_path)
    assert [d.id for d in documents] == ["evil.tar/ok.txt"]
    assert len(rejected) == 6
    assert {r.reason for r in rejected} == {"unsafe-member"}


def test_broken_archives(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04" + bytes(100))
    (tmp_path / "b.tar").write_bytes(b"no tar" * 500)
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo("a.txt")
        info.size = 50_000
        archive.addfile(info, io.BytesIO(b"x" * 50_000))
    (tmp_path / "c.tar").write_bytes(out.getvalue()[:20_000])
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        archive.writestr("a.txt", "first text")
        archive.writestr("b.txt", "second text")
    data = (tmp_path / "d.zip").read_bytes().replace(b"first", b"fir5t")
    (tmp_path / "d.zip").write_bytes(data)
    documents, rejected = split(tmp_path)
    assert [d.id for d in documents] == ["d.zip/b.txt"]
    found = reasons(rejected)
    assert found.pop("c.tar/a.txt") == "truncated"
    assert found.pop("c.tar") == "damaged"
    assert found == {"a.zip": "damaged", "b.tar": "damaged", "d.zip/a.txt": "damaged"}


def tarred(*names: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size = 512
            archive.addfile(info, io.BytesIO(b"It rained. ".ljust(512)))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "found", "reason"),
    [
        (tarred("a.txt", "b.txt", "c.txt"), "abc", ""),
        (tarred("a.txt") + tarred("b.txt"), "ab", ""),
        (tarred("a.txt", "b.txt")[: 4 * 512] + bytes(77), "ab", ""),
        (tarred("a.txt", "b.txt").replace(b"b.txt", b"x.txt"), "a", "damaged"),
        (tarred("a.txt", "b.txt")[:1300], "a", "truncated"),
        (tarred("a.txt") + b"more", "a", "truncated"),
        (tarred("a.txt") + b"more".ljust(512), "a", "damaged"),
    ],
    ids=["sound", "two", "unfinished", "header", "cut", "more", "block"],
)
def test_no_member_of_a_tar_goes_without_a_word(
    data: bytes, found: str, reason: str, tmp_path: Path
) -> None:
    """The library ends in silence where a header is damaged, and where an archive follows."""
    (tmp_path / "t.tar").write_bytes(data)
    documents, rejected = split(tmp_path)
    assert [d.id for d in documents] == [f"t.tar/{name}.txt" for name in found]
    assert reasons(rejected) == ({"t.tar": reason} if reason else {})


@pytest.mark.parametrize("size", [-512, 2 << 20, 60 << 30])
def test_headers_of_a_tar_about_the_next_one_are_bounded(size: int, tmp_path: Path) -> None:
    """The library reads them whole, and takes many times their size."""
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.XHDTYPE, size
    data = header.tobuf(tarfile.GNU_FORMAT) + b"20 comment=abcdefgh\n".ljust(2 << 20)
    (tmp_path / "a.tar").write_bytes(tarred("a.txt")[:1024] + data + tarred("b.txt"))
    tracemalloc.start()
    documents, rejected = split(tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [d.id for d in documents] == ["a.tar/a.txt"]
    assert reasons(rejected) == {"a.tar": "damaged"}
    assert peak < 8_000_000


def test_headers_of_a_tar_about_headers_end(tmp_path: Path) -> None:
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 5
    again = header.tobuf(tarfile.GNU_FORMAT) + b"name\0".ljust(512)
    (tmp_path / "a.tar").write_bytes(tarred("a.txt")[:1024] + again * 2000 + tarred("b.txt"))
    documents, rejected = split(tmp_path)
    assert [d.id for d in documents] == ["a.tar/a.txt"]
    assert reasons(rejected) == {"a.tar": "damaged"}


# Records


def test_one_bad_line_costs_one_line(tmp_path: Path) -> None:
    good = b'{"id": "good", "text": "fine"}'
    bad = {
        b'{"text": ' + b"[" * 200_000 + b"]" * 200_000 + b"}": "too-deep",
        b'{"text": "x", "a": ' + b"[" * 1000 + b"]" * 1000 + b"}": "too-deep",
        b'{"text": "x", "a": ' + b"[" * 260 + b'"\\ud800"' + b"]" * 260 + b"}": "too-deep",
        b'{"text": "x", "n": ' + b"9" * 5000 + b"}": "bad-json",
        b'{"text": "x", "text": "y"}': "duplicate-key",
        b'{"text": "x", "te\\u0078t": "y"}': "duplicate-key",
        b'{"text": "x", "meta": {"a": [1], "a": [2]}}': "duplicate-key",
        b'[{"text": "x"}]': "not-an-object",
        b'"text"': "not-an-object",
        b'{"text": "cut off': "bad-json",
        b'{"text": null}': "no-text",
        b'{"text": ["x", 1]}': "no-text",
        b'{"text": " \\n "}': "empty",
        b'{"headline": "x"}': "no-text-field",
        b'{"text": "' + b"x" * 1_100_000 + b'"}': "too-large",
        b"\x00\x01\x02\x03" * 9: "bad-json",
    }
    jsonl(tmp_path / "a.jsonl", *bad, good)
    documents, rejected = split(tmp_path, settings=ReadSettings(max_record_mb=1))
    assert [d.id for d in documents] == ["good"]
    assert [r.reason for r in rejected] == list(bad.values())
    assert [r.detail.partition(":")[0] for r in rejected] == [
        f"line {n + 1}" for n in range(len(bad))
    ]
    assert documents[0].path == f"a.jsonl#{len(bad) + 1}"


def test_lines_end_at_newlines_only(tmp_path: Path) -> None:
    text = "one\u2028two\u2029three\u0085four\x1cfive"
    line = json.dumps({"id": "a", "text": text}, ensure_ascii=False).encode()
    (tmp_path / "a.jsonl").write_bytes(
        b"\xef\xbb\xbf" + line + b"\r\n\r\n \n" + b'{"text": "last"}'
    )
    documents, rejected = split(tmp_path)
    assert rejected == []
    assert [(d.id, d.text) for d in documents] == [("a", text), ("a.jsonl#2", "last")]


def test_lone_surrogates_are_replaced_and_counted(tmp_path: Path) -> None:
    jsonl(
        tmp_path / "a.jsonl",
        b'{"id": "a\\udc00", "text": "x\\ud800y \\ud83d\\ude00", "\\ud801": ["\\udfff"]}',
    )
    [document] = split(tmp_path)[0]
    assert document.id == "a\ufffd"
    assert document.text == "x\ufffdy \N{GRINNING FACE}"
    assert document.metadata == {"\ufffd": ["\ufffd"], "lone_surrogates": 4}


def test_ids_survive_as_they_are(tmp_path: Path) -> None:
    ids = [
        "../../etc/x",
        "CON",
        "NA",
        "null",
        "nan",
        "007",
        "a/b",
        "x" * 300,
        "n\0l",
        "é",
        "e\u0301",
    ]
    ids += ["É", "=1+1", "a\nb", " "]
    lines = [json.dumps({"id": i, "text": "t"}).encode() for i in ids]
    lines += [b'{"id": 12345678901234567890123, "text": "t"}', b'{"id": 7, "text": "t"}']
    jsonl(tmp_path / "a.jsonl", *lines)
    documents, rejected = split(tmp_path)
    assert rejected == []
    assert [d.id for d in documents] == [*ids, "12345678901234567890123", "7"]


def test_equal_ids_are_told_apart_by_their_text(tmp_path: Path) -> None:
    records = [
        b'{"id": "a", "text": "one"}',
        b'{"id": "a", "text": "two"}',
        b'{"id": "b", "text": "3"}',
    ]
    jsonl(tmp_path / "1.jsonl", *records)
    jsonl(tmp_path / "2.jsonl", *records)
    documents, _ = split(tmp_path)
    assert len({d.id for d in documents}) == 6
    assert [d.metadata.get("given_id") for d in documents] == [None, "a", None, "a", "a", "b"]
    by_text = {d.id: d.text for d in documents}
    (tmp_path / "2.jsonl").rename(tmp_path / "0.jsonl")
    assert {d.id: d.text for d in split(tmp_path)[0]} == by_text


def test_equal_ids_cost_no_more_than_others(tmp_path: Path) -> None:
    jsonl(tmp_path / "a.jsonl", *[b'{"id": "a", "text": "same"}'] * 30_000)
    start = time.process_time()
    documents, _ = split(tmp_path)
    assert len({d.id for d in documents}) == 30_000
    assert time.process_time() - start < 5  # a quadratic scheme takes minutes


def test_texts_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "blank.txt").write_bytes(b" \n\t\n")
    (tmp_path / "noise.txt").write_bytes(bytes(range(256)) * 50)
    (tmp_path / "paper.txt").write_bytes(b"%PDF-1.7 readable as it may look")
    (tmp_path / "big.txt").write_bytes(b"x" * 2_000_000)
    (tmp_path / "none.jsonl").write_bytes(b"\n\n")
    documents, rejected = split(tmp_path, settings=ReadSettings(max_record_mb=1))
    assert documents == []
    assert reasons(rejected) == {
        "big.txt": "too-large",
        "blank.txt": "empty",
        "empty.txt": "empty",
        "noise.txt": "binary",
        "none.jsonl": "empty",
        "paper.txt": "binary",
    }


def test_csv_rows_that_are_broken(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(
        b'id,text\r\n1,"two\r\nlines, one ""row"""\r\n2,one,too many\r\n\r\n'
        b'3,fine\r\n4,\r\n5,"open\r\n6,not lost\r\n7,"cut off, and\r\nsuddenly, '
    )
    documents, rejected = split(tmp_path)
    assert [(d.id, d.text) for d in documents] == [
        ("1", 'two\r\nlines, one "row"'),
        ("3", "fine"),
        ("5", '"open'),
        ("6", "not lost"),
    ]
    assert [(r.path, r.reason, r.detail[:7]) for r in rejected] == [
        ("a.csv#2", "bad-row", "line 4:"),
        ("a.csv#4", "empty", "line 7:"),
        ("a.csv#7", "bad-row", "line 10"),
    ]


def test_json_values_that_are_no_records(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        '[{"text": "a"}, 3, {"text": "b" x},\n{"text": "c}]"}] {"text": "d"} ]'
    )
    documents, rejected = split(tmp_path)
    assert [d.text for d in documents] == ["a", "c}]", "d"]
    assert [r.reason for r in rejected] == ["not-an-object", "bad-json", "bad-json"]


def test_a_value_past_the_cap_does_not_end_a_json_file(tmp_path: Path) -> None:
    big = json.dumps({"text": "x" * 3_000_000, "more": [{"a": '"}'}]})
    (tmp_path / "a.json").write_text('[{"text": "a"},\n' + big + ',\n{"text": "c"}]')
    documents, rejected = split(tmp_path, settings=ReadSettings(max_record_mb=1))
    assert [d.text for d in documents] == ["a", "c"]
    assert [(r.path, r.reason) for r in rejected] == [("a.json#2", "too-large")]


def test_xml_entities_are_never_expanded(tmp_path: Path) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    (tmp_path / "a.xml").write_text(
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{laughs}'
        '<!ENTITY f SYSTEM "file:///etc/passwd">]>\n'
        "<rss><channel><item><description>&l9;</description></item>\n"
        "<item><description>&f;</description></item>\n"
        "<item><description><p>not closed</description></item>\n"
        "<item><description>M&amp;S &eacute; A&B &nbsp;</description></item></channel></rss>"
    )
    documents, rejected = split(tmp_path)
    assert [d.text for d in documents] == ["M&S é A&B \xa0"]
    assert [(r.reason, r.detail[:7]) for r in rejected] == [
        ("bad-xml", "line 2:"),
        ("bad-xml", "line 3:"),
        ("bad-xml", "line 4:"),
    ]


def test_xml_without_articles(tmp_path: Path) -> None:
    (tmp_path / "map.xml").write_text("<urlset><url><loc>http://x.example</loc></url></urlset>")
    (tmp_path / "cut.xml").write_text("<rss><item><description>a</description></item><item><desc")
    documents, rejected = split(tmp_path)
    assert len(documents) == 1
    assert reasons(rejected) == {"map.xml": "no-articles", "cut.xml": "truncated"}


def test_parquet_is_metered(tmp_path: Path) -> None:
    """Values that a dictionary names again and again: few bytes in the file, many in memory."""
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    from scrub.read.parquet import rows
    from scrub.read.record import Builder
    from scrub.read.stream import UnreadableError

    path = tmp_path / "a.parquet"
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 300), pa.array(["word " * 200_000]))
    pq.write_table(pa.table({"text": column}), path, store_schema=False)
    assert path.stat().st_size < 1_000_000
    settings = ReadSettings(max_record_mb=20, max_ratio=10)
    before = pa.default_memory_pool().max_memory()
    with pytest.raises(UnreadableError, match="compressed size"):
        list(rows(str(path), path.stat().st_size, Builder(settings)))
    assert pa.default_memory_pool().max_memory() - before < 80_000_000
    documents, rejected = split(tmp_path, settings=settings)
    assert reasons(rejected) == {"a.parquet": "expands-too-much"}
    assert all(len(d.text) == 1_000_000 for d in documents)


def test_rows_of_nothing_in_parquet_are_metered(tmp_path: Path) -> None:
    """A column without a value takes no room in the file, whatever the number of its rows."""
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"text": pa.nulls(200_000, pa.string())}), tmp_path / "a.parquet")
    documents, rejected = split(tmp_path, settings=ReadSettings(max_record_mb=1, max_ratio=10))
    assert documents == []
    assert reasons(rejected)["a.parquet"] == "expands-too-much"
    assert len(rejected) < 30_000


def test_a_list_on_one_line_takes_as_long_as_its_size() -> None:
    from scrub.read.jsonfile import _values

    item = b'{"text": "' + b"It rained on the quay. " * 12 + b'"}'

    def seconds(count: int) -> float:
        data = b"[" + b", ".join([item] * count) + b"]"
        best = 99.0
        for _ in range(3):
            start = time.process_time()
            values = list(_values(iter([data]), 1e9))
            best = min(best, time.process_time() - start)
        assert values == [(1, item)] * count
        return best

    assert seconds(16_000) < 24 * seconds(2_000)  # 8 times the size; 64 would be quadratic


def test_lines_of_values_are_counted() -> None:
    from scrub.read.jsonfile import _values

    data = b'\n[\n{"a": 1},\n\n{"b":\n2}, 7,\n{"c": 3}\n]\n{"d": 4}'
    expected = [
        (3, b'{"a": 1}'), (5, b'{"b":\n2}'), (6, b"7"), (7, b'{"c": 3}'), (9, b'{"d": 4}')
    ]  # fmt: skip
    for size in range(1, len(data) + 1):
        chunks = [data[at : at + size] for at in range(0, len(data), size)]
        assert [(n, (v or b"").strip(b"\n, ")) for n, v in _values(iter(chunks), 1e9)] == expected


def test_parquet_that_is_none(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    (tmp_path / "a.parquet").write_bytes(b"PAR1" + bytes(50) + b"PAR1")
    assert reasons(split(tmp_path)[1]) == {"a.parquet": "damaged"}


@pytest.mark.slow
def test_rejections_take_no_more_room_than_what_was_read(tmp_path: Path) -> None:
    """What is left out of the list is counted, so that nothing is lost without a word."""
    lines = 100_000
    path = jsonl(tmp_path / "a.jsonl", *[b"x"] * lines, b'{"text": "It rained."}', b"x")
    documents, rejected = split(path)
    assert [d.text for d in documents] == ["It rained."]
    assert sum(len(r.id) + len(r.path) + len(r.detail) for r in rejected) < 1_500_000
    *listed, last = rejected
    assert {r.reason for r in rejected} == {"bad-json"}
    assert last.detail.startswith(f"{lines + 1 - len(listed):,} records, the first of them: line ")
    assert last.path == f"a.jsonl#{len(listed) + 1}"


def test_all_rejections_of_records_of_some_size_are_listed(tmp_path: Path) -> None:
    jsonl(tmp_path / "a.jsonl", *[b'{"txt": "' + b"it rained " * 20 + b'"}'] * 20_000)
    assert len(split(tmp_path)[1]) == 20_000


def test_a_feed_with_more_namespaces_than_are_kept_is_read(tmp_path: Path) -> None:
    names = " ".join(f'xmlns:n{n}="urn:{n}"' for n in range(200))
    (tmp_path / "a.xml").write_text(
        f"<rss {names}><item><n199:other>x</n199:other><description>It rained.</description></item>"
        "<item><description><![CDATA["
        + " ".join(f"key{n}:a" for n in range(200))
        + "]]></description></item></rss>"
    )
    documents, rejected = split(tmp_path)
    assert rejected == []
    assert documents[0].text == "It rained."
    assert documents[1].text.endswith("key199:a")


def test_an_item_past_the_cap_costs_only_itself(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(
        "<rss>\n<item><description>one</description></item>\n<item><description>"
        + "x\n" * 1_500_000
        + "</description></item>\n<item><description>three</description></item></rss>"
    )
    documents, rejected = split(tmp_path, settings=ReadSettings(max_record_mb=1))
    assert [d.text for d in documents] == ["one", "three"]
    assert [(r.path, r.reason) for r in rejected] == [("a.xml#2", "too-large")]


def test_a_stream_of_many_members_gives_what_is_whole(tmp_path: Path) -> None:
    lines = b"".join(gzip.compress(b'{"text": "%d"}\n' % n) for n in range(3000))
    (tmp_path / "a.jsonl.gz").write_bytes(lines + gzip.compress(b'{"text": "cut"}\n')[:-9])
    documents, rejected = split(tmp_path)
    assert [d.text for d in documents[:3000]] == [str(n) for n in range(3000)]
    assert [r.reason for r in rejected] == ["truncated"]


@pytest.mark.parametrize(
    "header",
    ["From: " + "(" * 30_000, "From: " + "a@b, " * 9_000, 'Content-Type: a/b;"' + "x=y; " * 9_000],
    ids=["nested", "many", "parameters"],
)
def test_headers_of_mail_that_nobody_should_write(header: str, tmp_path: Path) -> None:
    """A text is not lost for who sent it, and no header takes longer than its first 2,000 signs."""
    (tmp_path / "a.eml").write_text(f"Subject: Rain\n{header}\n\nIt rained.\n")
    start = time.process_time()
    documents, rejected = split(tmp_path)
    assert time.process_time() - start < 3
    assert [d.text.strip() for d in documents] == ["It rained."] or "no-text" in reasons(
        rejected
    ).values()
    if header.startswith("From"):
        assert documents[0].metadata["title"] == "Rain"


def test_what_a_stranger_wrote_is_not_logged(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    line = b"http://a.example/\x1b[2J a b 1.2.3.4 20240301000000 text/plain 29\n"
    (tmp_path / "a.arc").write_bytes(line + b"HTTP/1.0 200 OK\r\n\r\nIt rained.")
    documents, _ = split(tmp_path)
    assert [d.text for d in documents] == ["It rained."]
    assert capfd.readouterr().err == ""


def test_records_of_an_arc_are_cut_by_their_lines(tmp_path: Path) -> None:
    def record(text: str, said: int = 0) -> str:
        served = f"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n{text}"
        length = said or len(served)
        return f"http://a.example/ 1.2.3.4 20240301000000 text/plain {length}\n{served}\n"

    head = "filedesc://a.arc 0.0.0.0 20240301000000 text/plain 76\n1 0 Archive\n"
    head += "URL IP-address Archive-date Content-type Archive-length" + " " * 9 + "\n\n"
    (tmp_path / "a.arc").write_text(
        head + record("One.") + record("Two, cut.", 48) + "x" * 200_000 + "\n" + record("Three."),
        newline="",
    )
    documents, rejected = split(tmp_path)
    assert [d.text for d in documents] == ["One.", "Two", "Three."]
    assert documents[0].metadata["url"] == "http://a.example/"
    assert documents[0].added.startswith("2024-03-01")
    assert {r.reason for r in rejected} == {"damaged"}
