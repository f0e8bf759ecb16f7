"""Inputs at addresses: fsspec's own memory, a server of this machine, and what goes wrong."""

from __future__ import annotations

import json
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import fsspec
import pytest

import scrub
from scrub.cli import main
from scrub.errors import InputError
from scrub.remote import brought
from stories import FERRY, MUSEUM, SCHOOL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

QUICK = ["-q", "-j", "1", "--set", "match.rewrites=false"]


def lines(*texts: str) -> bytes:
    return b"".join(json.dumps({"text": text}).encode() + b"\n" for text in texts)


@pytest.fixture
def bucket() -> Iterator[str]:
    memory = fsspec.filesystem("memory")
    memory.pipe(
        {"/bucket/a.jsonl": lines(FERRY, MUSEUM), "/bucket/deep/b.jsonl": lines(SCHOOL, FERRY)}
    )
    yield "memory://bucket"
    memory.rm("/bucket", recursive=True)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "served").mkdir()
    (tmp_path / "served" / "a b.jsonl").write_bytes(lines(FERRY, FERRY))
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path / "served"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()


def test_a_folder_a_file_and_a_pattern(bucket: str, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    places = [bucket, f"{bucket}/a.jsonl", f"{bucket}/*/*.jsonl", str(tmp_path)]
    found = brought(places, tmp_path / "here")
    names = [sorted(p.name for p in place.rglob("*.jsonl")) for place in map(type(tmp_path), found)]
    assert names[:3] == [["a.jsonl", "b.jsonl"], ["a.jsonl"], ["b.jsonl"]]
    assert found[3] == str(tmp_path)


def test_a_run_over_a_bucket(bucket: str, tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["dedup", bucket, "-o", str(tmp_path / "out"), *QUICK])
    assert stop.value.code == 0
    ids = [row.split(",")[0] for row in (tmp_path / "out/dedup.csv").read_text().splitlines()[1:]]
    assert ids == ["a.jsonl#1", "a.jsonl#2", "deep/b.jsonl#1", "deep/b.jsonl#2"]
    corpus = (tmp_path / "out/corpus.jsonl").read_bytes().splitlines()
    assert len(corpus) == 3


def test_a_file_of_a_server(server: str, tmp_path: Path) -> None:
    pytest.importorskip("aiohttp")
    result = scrub.run(
        f"{server}/a%20b.jsonl?download=true", tmp_path / "out", flag=False, match__rewrites=False
    )
    assert list(result.dedup["path"]) == ["a b.jsonl#1", "a b.jsonl#2"]
    assert list(result.dedup["relation"]) == ["kept", "exact"]


def test_what_is_not_there(bucket: str, server: str, tmp_path: Path) -> None:
    for number, place in enumerate((f"{bucket}/c.jsonl", f"{bucket}/c*", f"{server}/none")):
        (tmp_path / str(number)).mkdir()
        with pytest.raises(InputError, match=r"c\.jsonl|no file|none"):
            brought([place], tmp_path / str(number))


@pytest.mark.parametrize("part", ["fsspec.core", "s3fs"])
def test_the_extra_is_named_where_it_is_absent(
    part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, part, None)
    with pytest.raises(InputError, match=r"pip install 'scrub-corpus\[remote\]'"):
        brought(["s3://news/data.parquet"], tmp_path)
