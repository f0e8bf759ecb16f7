"""The output folder: replaced whole or not at all, one writer, cells that run nothing."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import stat
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrub.config import WriteSettings
from scrub.errors import OutputError
from scrub.table import escape, unescape
from scrub.write.output import Output, settle
from scrub.write.tables import write_table
from scrub.zstandard import zstd


def write(folder: Path, files: dict[str, str], *, update: bool = False) -> None:
    outputs = dict.fromkeys(files, "")
    with Output(folder, update=update) as output:
        for name, text in {**files, "run.json": json.dumps({"outputs": outputs})}.items():
            with output.open(name) as file:
                file.write(text.encode())


def content(folder: Path) -> dict[str, str]:
    return {
        p.name: p.read_text()
        for p in sorted(folder.iterdir())
        if p.is_file() and not p.name.startswith(".") and p.name != "run.json"
    }


def test_a_new_result_replaces_the_old_one_and_leaves_other_files(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("notes")
    write(tmp_path, {"dedup.csv": "old", "flags.csv": "old"})
    write(tmp_path, {"dedup.csv": "new"})
    assert content(tmp_path) == {"dedup.csv": "new", "mine.txt": "notes"}


def test_an_update_keeps_what_it_does_not_write(tmp_path: Path) -> None:
    write(tmp_path, {"dedup.csv": "old", "flags.csv": "old"})
    write(tmp_path, {"flags.csv": "new"}, update=True)
    assert content(tmp_path) == {"dedup.csv": "old", "flags.csv": "new"}


def test_parts_in_a_folder_and_a_file_take_each_others_place(tmp_path: Path) -> None:
    write(tmp_path, {"pairs.csv": "old"})
    with Output(tmp_path) as output:
        (output.staging / "pairs.csv").mkdir()
        (output.staging / "pairs.csv" / "part-0").write_text("parts")
        with output.open("run.json") as file:
            file.write(b'{"outputs": {"pairs.csv": ""}}')
    assert (tmp_path / "pairs.csv" / "part-0").read_text() == "parts"
    write(tmp_path, {"pairs.csv": "new"})
    assert content(tmp_path) == {"pairs.csv": "new"}


def test_an_error_leaves_the_old_result(tmp_path: Path) -> None:
    write(tmp_path, {"dedup.csv": "old"})
    with pytest.raises(RuntimeError), Output(tmp_path) as output:
        with output.open("dedup.csv") as file:
            file.write(b"half")
        raise RuntimeError
    assert content(tmp_path) == {"dedup.csv": "old"}
    assert not (tmp_path / ".staging").exists()


def test_an_interrupted_move_is_finished_by_the_next_writer(tmp_path: Path) -> None:
    write(tmp_path, {"dedup.csv": "old", "flags.csv": "old", "pairs.csv": "old"})
    staging = tmp_path / ".staging"
    staging.mkdir()
    (staging / "flags.csv").write_text("new")  # dedup.csv was moved before the interruption
    (tmp_path / "dedup.csv").write_text("new")
    plan = {"write": ["dedup.csv", "flags.csv", "../evil"], "remove": ["pairs.csv", "mine.txt"]}
    (tmp_path / "mine.txt").write_text("notes")
    (staging / "COMPLETE").write_text(json.dumps(plan))
    with Output(tmp_path, update=True):
        assert content(tmp_path) == {"dedup.csv": "new", "flags.csv": "new", "mine.txt": "notes"}


@pytest.mark.parametrize(
    "journal", ["", "[]", "{", '{"write": 5, "remove": []}', '{"write": [5, ["a"]], "remove": []}']
)
def test_a_journal_that_is_none_moves_nothing(tmp_path: Path, journal: str) -> None:
    write(tmp_path, {"dedup.csv": "old"})
    (tmp_path / ".staging").mkdir()
    (tmp_path / ".staging" / "dedup.csv").write_text("new")
    (tmp_path / ".staging" / "COMPLETE").write_text(journal)
    settle(tmp_path)
    assert content(tmp_path) == {"dedup.csv": "old"}
    assert not (tmp_path / ".staging").exists()


def test_links_in_the_folder_lead_nowhere(tmp_path: Path) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    out.mkdir()
    elsewhere.mkdir()
    (elsewhere / "dedup.csv").write_text("theirs")
    (elsewhere / "COMPLETE").write_text('{"write": ["dedup.csv"], "remove": []}')
    (out / ".staging").symlink_to(elsewhere)
    (out / ".holder").symlink_to(elsewhere / "dedup.csv")
    settle(out)
    (out / ".staging").symlink_to(elsewhere)
    write(out, {"dedup.csv": "new"})
    assert content(out) == {"dedup.csv": "new"}
    assert content(elsewhere) == {
        "COMPLETE": '{"write": ["dedup.csv"], "remove": []}', "dedup.csv": "theirs"
    }  # fmt: skip
    (out / ".lock").unlink()
    (out / ".lock").symlink_to(elsewhere / "dedup.csv")
    with pytest.raises(OutputError, match="cannot be written"):
        write(out, {"dedup.csv": "newer"})


@pytest.mark.parametrize("name", ["README.md", "corpus", "dedup.csv"])
@pytest.mark.parametrize("after_a_run", [False, True])
def test_what_another_wrote_is_not_replaced(tmp_path: Path, name: str, after_a_run: bool) -> None:
    if after_a_run:
        write(tmp_path, {"flags.csv": "old"})
    (tmp_path / name).mkdir()
    (tmp_path / name / "mine.txt").write_text("notes")
    before = content(tmp_path)
    with pytest.raises(OutputError, match=f"{name} would be replaced"):
        write(tmp_path, {"pairs.csv": "new"})
    assert content(tmp_path) == before
    assert (tmp_path / name / "mine.txt").read_text() == "notes"


def test_pages_of_single_clusters_go_with_the_result_they_show(tmp_path: Path) -> None:
    write(tmp_path, {"dedup.csv": "old"})
    with Output(tmp_path, update=True) as output, output.open("report-cluster-0123abcd.html"):
        pass
    (tmp_path / "report-cluster-mine.html").write_text("notes")
    write(tmp_path, {"dedup.csv": "new"})
    assert content(tmp_path) == {"dedup.csv": "new", "report-cluster-mine.html": "notes"}


def test_the_second_writer_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    with (
        Output(tmp_path),
        pytest.raises(OutputError, match=r"in use by another run \(process \d+\)"),
    ):
        Output(tmp_path).__enter__()


def test_digests_are_of_what_was_written(tmp_path: Path) -> None:
    with Output(tmp_path) as output:
        with output.open("dedup.csv") as file:
            file.write(b"abc")
        assert output.digests == {
            "dedup.csv": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        }


@given(st.text())
def test_escaping_is_reversible_and_never_a_formula(text: str) -> None:
    cell = escape(text)
    assert unescape(cell) == text
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=2))
def test_tables_read_back(row: list[str]) -> None:
    buffer = io.BytesIO()
    write_table(buffer, ("a", "b"), [row])
    _, read = csv.reader(io.StringIO(buffer.getvalue().decode(), newline=""))
    assert [unescape(cell) for cell in read] == row


def test_a_folder_that_is_needed_later_may_be_there_already(tmp_path: Path) -> None:
    with Output(tmp_path / "out") as output:
        output.require(tmp_path / "cache")
        output.require(tmp_path / "cache")
        (tmp_path / "file").write_text("")
        with pytest.raises(OutputError, match=r"file: cannot be written: not a folder.*--cache"):
            output.require(tmp_path / "file")


def test_what_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / ".lock").mkdir()
    with pytest.raises(OutputError, match=r"\.lock: cannot be written"), Output(tmp_path):
        pass


def test_texts_are_compressed_in_frames_that_are_read_alone(tmp_path: Path) -> None:
    data = bytes(range(250)) * 2400
    with Output(tmp_path, form=WriteSettings(compress=True)) as output:
        with output.open("corpus.jsonl") as file:
            for start in range(0, len(data), 50_000):
                file.write(data[start : start + 50_000])
        frames = output.frames["corpus.jsonl.zst"]
    assert [size for size, _ in frames] == [1 << 18, 1 << 18, len(data) - (1 << 19)]
    packed, at, found = (tmp_path / "corpus.jsonl.zst").read_bytes(), 0, b""
    for _, size in frames:
        found += zstd.decompress(packed[at : at + size])
        at += size
    assert found == data and at == len(packed)


@pytest.mark.parametrize(
    ("number", "said"), [(errno.ENOSPC, "MB left; make room"), (errno.EACCES, "denied; the prev")]
)
def test_a_full_disk_says_how_much_room_is_left(tmp_path: Path, number: int, said: str) -> None:
    with pytest.raises(OutputError, match=said), Output(tmp_path) as output, output.guard("a.csv"):
        raise OSError(number, os.strerror(number))


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a folder cannot be opened")
def test_folders_are_on_the_disk_before_the_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[bool] = []
    monkeypatch.setattr(
        os, "fsync", lambda descriptor: synced.append(stat.S_ISDIR(os.fstat(descriptor).st_mode))
    )
    write(tmp_path, {"dedup.csv": "new"})
    assert synced.count(False) == 3 and synced.count(True) >= 4  # two files and the journal


def test_what_waits_to_be_written_is_not_begun_after_an_error(tmp_path: Path) -> None:
    begun: list[int] = []
    with pytest.raises(RuntimeError), Output(tmp_path) as output:
        output.beside(time.sleep, 0.5)
        output.beside(begun.append, 1)
        raise RuntimeError
    assert begun == []
