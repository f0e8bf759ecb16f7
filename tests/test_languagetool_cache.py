"""The file of LanguageTool's answers: right, shared between processes, and never in the way."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrub.spin.languagetool.answers import Match
from scrub.spin.languagetool.cache import SentenceCache

ANSWERS = {"They met a groups.": [Match("A_NNS", 9, 17, "a group")], "All is well.": []}


def read(path: Path, context: str = "6.8|rules") -> dict[str, list[Match]]:
    with closing(SentenceCache(path, context)) as cache:
        assert cache.problem == ""
        return cache.get([*ANSWERS, "Never seen."])


def write(path: Path, answers: dict[str, list[Match]] = ANSWERS) -> None:
    with closing(SentenceCache(path, "6.8|rules")) as cache:
        cache.put(answers)
        assert cache.problem == ""


def test_what_was_put_is_found_again(tmp_path: Path) -> None:
    write(tmp_path / "deep" / "c.sqlite")
    assert read(tmp_path / "deep" / "c.sqlite") == ANSWERS


@given(st.text(min_size=1), st.text(max_size=5))
def test_any_text_can_be_a_key(sentence: str, replacement: str) -> None:
    with closing(SentenceCache(Path(":memory:"), "law")) as cache:
        answer = {sentence: [Match("RULE", 0, 1, replacement)]}
        cache.put(answer)
        assert cache.get([sentence, sentence + "."]) == answer


def test_another_context_has_other_answers(tmp_path: Path) -> None:
    write(tmp_path / "c.sqlite")
    assert read(tmp_path / "c.sqlite", "6.9|rules") == {}


def test_a_file_of_another_version_is_begun_anew(tmp_path: Path) -> None:
    write(tmp_path / "c.sqlite")
    with sqlite3.connect(tmp_path / "c.sqlite") as database:
        database.execute("PRAGMA user_version = 99")
    assert read(tmp_path / "c.sqlite") == {}
    write(tmp_path / "c.sqlite")
    assert read(tmp_path / "c.sqlite") == ANSWERS


@pytest.mark.parametrize(
    "content", [b"no database at all, " * 300, b"SQLite format 3\0" + b"\xff" * 500]
)
def test_a_file_that_is_no_database_is_begun_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "c.sqlite").write_bytes(content)
    assert read(tmp_path / "c.sqlite") == {}
    write(tmp_path / "c.sqlite")
    assert read(tmp_path / "c.sqlite") == ANSWERS


def test_a_file_that_is_damaged_inside_is_left_out_and_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    write(path, {f"Sentence {n}.": [] for n in range(2000)})
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xaa" * (len(data) - 4096)
    path.write_bytes(data)
    with closing(SentenceCache(path, "6.8|rules")) as cache:
        assert cache.get(["Sentence 7."]) == {}
        assert "not used" in cache.problem
        cache.put(ANSWERS)  # does nothing, raises nothing
    write(path)
    assert read(path) == ANSWERS


@pytest.mark.parametrize(
    "row",
    ["", "[", "null", "7", '[["RULE", 0]]', '[["RULE", 0, 99, "x"]]', '[["RULE", 3, 1, "x"]]',
     '[["RULE", -1, 1, "x"]]', '[[1, 0, 1, "x"]]', '[["RULE", true, 2, "x"]]', "[" * 100_000],
)  # fmt: skip
def test_a_row_that_we_did_not_write_is_no_answer(tmp_path: Path, row: str) -> None:
    write(tmp_path / "c.sqlite")
    with sqlite3.connect(tmp_path / "c.sqlite") as database:
        database.execute("UPDATE answers SET matches = ?", (row,))
    assert read(tmp_path / "c.sqlite") == {}


def test_a_cache_that_another_holds_is_done_without(tmp_path: Path) -> None:
    write(tmp_path / "c.sqlite")
    holder = sqlite3.connect(tmp_path / "c.sqlite")
    holder.execute("BEGIN EXCLUSIVE")
    with closing(SentenceCache(tmp_path / "c.sqlite", "6.8|rules", wait_seconds=0.1)) as cache:
        assert "locked" in cache.problem
        assert cache.get(ANSWERS) == {}
        cache.put(ANSWERS)
    holder.close()
    assert read(tmp_path / "c.sqlite") == ANSWERS


def test_a_place_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with closing(SentenceCache(tmp_path / "file" / "c.sqlite", "6.8|rules")) as cache:
        assert "not used" in cache.problem
        assert cache.get(ANSWERS) == {}


def test_several_processes_write_at_once(tmp_path: Path) -> None:
    code = """
import sys
from contextlib import closing
from pathlib import Path
from scrub.spin.languagetool.cache import SentenceCache
for n in range(6):
    with closing(SentenceCache(Path(sys.argv[1]), "6.8|rules")) as cache:
        cache.put({f"{sys.argv[2]} {n} {m}": [] for m in range(10)})
        assert not cache.problem, cache.problem
"""
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "c.sqlite"), name])
        for name in "abc"
    ]
    assert [process.wait(timeout=200) for process in running] == [0, 0, 0]
    with closing(SentenceCache(tmp_path / "c.sqlite", "6.8|rules")) as cache:
        wanted = [f"{name} {n} {m}" for name in "abc" for n in range(6) for m in range(10)]
        assert len(cache.get(wanted)) == 180
