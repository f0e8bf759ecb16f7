"""A result whose texts are compressed and whose tables Excel knows is the same, and goes on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from codecs import BOM_UTF8
from pathlib import Path

import pytest

import scrub
from scrub.cli.doctor import verify
from scrub.config import load
from scrub.errors import ConfigError, InputError
from scrub.pipeline import run
from scrub.review import apply_decisions
from scrub.zstandard import zstd
from stories import FERRY, MUSEUM, edited, filler

COMMON = {"languagetool.scope": "off", "engine.jobs": 1}
PLAIN, PACKED = (
    load(overrides={**COMMON, "write.compress": given, "write.excel": given}, environ={})[0]
    for given in (False, True)
)
TEXTS = ("documents.jsonl", "corpus.jsonl")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Articles of more than one frame, of which one is long."""
    folder = tmp_path / "source"
    folder.mkdir()
    texts = (FERRY, edited(FERRY, 0.05), "\n\n".join(map(filler, range(400))), filler(900))
    for number, text in enumerate(texts):
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    return folder


def unpacked(out: Path, name: str) -> bytes:
    return zstd.decompress((out / f"{name}.zst").read_bytes())


def test_the_texts_are_those_of_a_plain_result(source: Path, tmp_path: Path) -> None:
    plain, packed, new = tmp_path / "plain", tmp_path / "packed", tmp_path / "new"
    run([source], packed, PACKED, flag=False)
    assert len(unpacked(packed, TEXTS[0])) > 1 << 18
    assert not [*packed.rglob("*.lines")]  # no text is kept twice
    (source / "more.txt").write_text(MUSEUM, encoding="utf-8")
    run([source], packed, PACKED, flag=False)  # lines are copied out of frames
    run([source], plain, PLAIN, flag=False)
    for name in TEXTS:
        assert unpacked(packed, name) == (plain / name).read_bytes()
        assert not (packed / name).exists()
    for path in plain.glob("*.csv"):
        assert (packed / path.name).read_bytes() == BOM_UTF8 + path.read_bytes()
    assert all(check.ok for check in verify(packed))
    assert scrub.load(packed).documents.equals(scrub.load(plain).documents)
    new.mkdir()
    (new / "copy.txt").write_text(edited(FERRY, 0.04, 2), encoding="utf-8")
    for earlier in (plain, packed):
        run([new], tmp_path / f"{earlier.name}-new", PLAIN, flag=False, against=earlier)
    tables = [(tmp_path / f"{name}-new" / "pairs.csv").read_bytes() for name in ("plain", "packed")]
    assert tables[0] == tables[1] and b"0.txt" in tables[0]
    run([source], packed, PLAIN, flag=False)  # and back
    assert (packed / TEXTS[0]).read_bytes() == (plain / TEXTS[0]).read_bytes()
    assert not (packed / f"{TEXTS[0]}.zst").exists()


def test_decisions_keep_the_form(seeds: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run([seeds], out, PACKED)
    before = unpacked(out, "corpus.jsonl")
    apply_decisions(out, None, PACKED)
    assert unpacked(out, "corpus.jsonl") == before
    assert all(check.ok for check in verify(out))


def test_a_damaged_frame_is_said(source: Path, tmp_path: Path) -> None:
    out, path = tmp_path / "out", tmp_path / "out" / "documents.jsonl.zst"
    run([source], out, PACKED, flag=False)
    state, data = path.stat(), bytearray(path.read_bytes())
    data[len(data) // 2] ^= 255
    path.write_bytes(data)
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))  # as a failing disk would
    (source / "more.txt").write_text(MUSEUM, encoding="utf-8")
    with pytest.raises(InputError, match="damaged"):
        run([source], out, PACKED, flag=False)


@pytest.mark.slow
def test_a_corpus_on_standard_output_is_plain(source: Path, tmp_path: Path) -> None:
    run([source], tmp_path / "out", PLAIN, flag=False)
    command = ["dedup", str(source), "-o", "-", "--quiet", "--set", "write.compress=true"]
    done = subprocess.run([sys.executable, "-m", "scrub", *command], capture_output=True)
    assert done.stdout == (tmp_path / "out" / "corpus.jsonl").read_bytes()


def test_another_engine_cannot(source: Path, tmp_path: Path) -> None:
    settings = load(overrides={"engine.name": "spark", "write.compress": True}, environ={})[0]
    with pytest.raises(ConfigError, match="local"):
        run([source], tmp_path / "out", settings)
    shutil.rmtree(source)
