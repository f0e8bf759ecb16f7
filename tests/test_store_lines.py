"""The lines of a result that a note finds again, plain and in frames, and notes that find none."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from scrub.errors import InputError
from scrub.store import lines
from scrub.store.arrays import joined, starts_of, write_file
from scrub.zstandard import zstd

pytestmark = pytest.mark.skipif(os.name != "posix", reason="notes are made where POSIX is")

# In the order of the result: the shard of each, its row there, and its line.
WRITTEN = [
    ("b", 1, b'{"id":"rain"}\n'), ("a", 0, b'{"id":"a longer one, of the harbour"}\n'),
    ("b", 0, b'{"id":"ice"}\n'), ("c", 0, b'{"id":"fog"}\n'), ("c", 1, b'{"id":"haze"}\n'),
    ("a", 2, b'{"id":"snow"}\n'),
]  # fmt: skip
SHARDS = ["a", "b", "c"]
OF = {(shard, row): line for shard, row, line in WRITTEN}
# Where the lines of each shard begin in it; row 1 of `a` is in no result, and no `c` is there.
STARTS = {
    "a": starts_of([OF["a", 0], b"{}\n", OF["a", 2]]),
    "b": starts_of([OF["b", 0], OF["b", 1]]),
}
TEXT = b"".join(line for _, _, line in WRITTEN)
FRAMES = {"plain": [], "one frame": [len(TEXT)], "frames": [3, 20, 1, 40, len(TEXT) - 64]}


def table() -> np.ndarray:
    return np.array([(SHARDS.index(shard), row, len(line)) for shard, row, line in WRITTEN])


def result(
    out: Path, sizes: list[int], found: np.ndarray | None = None, wrong: tuple[int, int] = (0, 0)
) -> Path:
    """A result whose `documents.jsonl` is in frames of such sizes, and a note of its lines.

    The note has `found` for them, and says of the first two frames that they are `wrong` by that.
    """
    cuts = np.cumsum([0, *sizes]).tolist()
    packed = [zstd.compress(TEXT[first:last]) for first, last in pairwise(cuts)]
    path = out / (lines.DOCUMENTS + (".zst" if sizes else ""))
    out.mkdir()
    path.write_bytes(b"".join(packed) if sizes else TEXT)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    frames = [*zip(sizes, map(len, packed), strict=True)]
    for n in range(2) if any(wrong) else ():
        frames[n] = (frames[n][0] + wrong[n], frames[n][1])
    lines.write_note(out, digest, path, frames, SHARDS, table() if found is None else found)
    return path


def assert_found(out: Path) -> None:
    found = lines.noted(out, out, STARTS)
    assert found.keys() == {"a", "b"}
    assert found["a"].begins[1] == -1
    for shard, row, line in WRITTEN:
        if shard in found:
            assert found[shard].read(int(found[shard].begins[row]), len(line)) == line


@pytest.mark.parametrize("sizes", FRAMES.values(), ids=FRAMES)
def test_each_line_is_found(sizes: list[int], tmp_path: Path) -> None:
    path = result(tmp_path / "out", sizes)
    assert_found(tmp_path / "out")
    os.utime(path, ns=(1, 1))  # as a copy of the folder has another time
    assert_found(tmp_path / "out")


@pytest.mark.parametrize("sizes", FRAMES.values(), ids=FRAMES)
def test_what_takes_the_name_is_not_read(sizes: list[int], tmp_path: Path) -> None:
    path = result(tmp_path / "out", sizes)
    found = lines.noted(tmp_path / "out", tmp_path / "out", STARTS)["b"]
    path.with_name("other").write_bytes(b"?" * path.stat().st_size)
    path.with_name("other").replace(path)
    assert found.read(int(found.begins[1]), len(OF["b", 1])) == OF["b", 1]
    assert lines.noted(tmp_path / "out", tmp_path / "out", STARTS) == {}


def swapped(found: np.ndarray) -> None:
    found[[0, 1], 2] = found[[1, 0], 2]


WRONG = {
    "lines of other sizes than the shards say": swapped,
    "a row below the first": lambda found: found.__setitem__((2, 1), -1),
    "a row from the last": lambda found: found.__setitem__((5, 1), -1),
    "a row beyond the last": lambda found: found.__setitem__((2, 1), 2),
    "a line of less than nothing": lambda found: found.__setitem__(([3, 4], 2), [-200, 227]),
    "fewer bytes than there are": lambda found: found.__setitem__((3, 2), 1),
}


@pytest.mark.parametrize("sizes", FRAMES.values(), ids=FRAMES)
@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_a_note_that_cannot_be_right_finds_nothing(
    change: Callable[[np.ndarray], None], sizes: list[int], tmp_path: Path
) -> None:
    found = table()
    change(found)
    result(tmp_path / "out", sizes, found)
    assert lines.noted(tmp_path / "out", tmp_path / "out", STARTS) == {}


@pytest.mark.parametrize("wrong", [(1, 0), (-9, 9)], ids=["more in all", "less than nothing"])
def test_nor_one_whose_frames_cannot_be_right(wrong: tuple[int, int], tmp_path: Path) -> None:
    result(tmp_path / "out", FRAMES["frames"], wrong=wrong)
    assert lines.noted(tmp_path / "out", tmp_path / "out", STARTS) == {}


def test_a_longer_file_is_another(tmp_path: Path) -> None:
    path = result(tmp_path / "out", [])
    path.write_bytes(TEXT + b"\n")
    assert lines.noted(tmp_path / "out", tmp_path / "out", STARTS) == {}


def test_a_damaged_frame_is_said(tmp_path: Path) -> None:
    path = result(tmp_path / "out", FRAMES["frames"])
    found = lines.noted(tmp_path / "out", tmp_path / "out", STARTS)["b"]
    with path.open("r+b") as file:
        file.write(b"?")
    with pytest.raises(InputError, match="damaged"):
        found.read(int(found.begins[1]), 9)


def test_lines_beside_a_shard(tmp_path: Path) -> None:
    shard, own = tmp_path / "x.shard", [OF["b", 0], OF["b", 1]]
    assert lines.beside(shard, starts_of(own)) is None
    path = write_file(tmp_path, "x.lines", {"lines": joined(own)})
    found = lines.beside(shard, starts_of(own))
    assert found is not None
    assert [
        found.read(int(at), len(line)) for at, line in zip(found.begins, own, strict=True)
    ] == own
    assert lines.beside(shard, starts_of(own[:1])) is None  # lines of another shard
    assert not path.exists()
