"""New articles against an earlier result, whose inputs are gone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import scrub
from scrub.cli.doctor import verify
from scrub.config import load
from scrub.errors import InputError
from scrub.pipeline import run
from scrub.table import load_table
from stories import FERRY, MUSEUM, SCHOOL, edited, filler, spun

SETTINGS = load(overrides={"languagetool.scope": "off", "engine.jobs": 1}, environ={})[0]
OLD = {
    "ferry": FERRY,
    "museum": MUSEUM,
    "ferry-again": edited(FERRY, 0.05),
    "x": filler(1),
    "museum-again": edited(MUSEUM, 0.05, 3),
}
NEW = {
    "edited": edited(MUSEUM, 0.1),
    "exact": FERRY,
    "spun": spun(FERRY, 0.3),
    "school": SCHOOL,
    "school-again": edited(SCHOOL, 0.1),
    "y": filler(2),
}


def write(folder: Path, texts: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def old(tmp_path: Path) -> Path:
    run([write(tmp_path / "old", OLD)], tmp_path / "out", SETTINGS, flag=False)
    shutil.rmtree(tmp_path / "old")
    return tmp_path / "out"


@pytest.mark.parametrize("flag", [False, True])
def test_copies_are_named_among_the_old(old: Path, tmp_path: Path, flag: bool) -> None:
    out = tmp_path / "new-out"
    record = run([write(tmp_path / "new", NEW)], out, SETTINGS, flag=flag, against=old)
    rows = {Path(row["id"]).stem: row for row in load_table(out / "dedup.csv")}
    assert rows.keys() == NEW.keys()
    assert {name: row["kept_id"] for name, row in rows.items()} == {
        "edited": "museum.txt",
        "exact": "ferry.txt",
        "spun": "ferry.txt",
        "school": "school.txt",
        "school-again": "school.txt",
        "y": "y.txt",
    }
    assert rows["exact"]["relation"] == "exact"
    assert {rows[name]["cluster_id"] for name in ("exact", "spun")} == {"exact.txt"}
    assert record["counts"]["read"] == len(NEW) == record["counts"]["kept"] + 4
    assert all(check.ok for check in verify(out))
    new = {f"{name}.txt" for name in NEW}
    pairs = [(row["id_a"], row["id_b"]) for row in load_table(out / "pairs.csv")]
    assert ("edited.txt", "museum.txt") in pairs
    assert all(new & {*pair} for pair in pairs)
    result = scrub.load(out)
    assert set(result.documents["id"]) == new
    assert set(result.flags["id"]) <= new


def test_pairs_are_those_of_one_run_over_everything(old: Path, tmp_path: Path) -> None:
    run([write(tmp_path / "new", NEW)], tmp_path / "a", SETTINGS, flag=False, against=old)
    run([write(tmp_path / "all", OLD | NEW)], tmp_path / "b", SETTINGS, flag=False)
    new = {f"{name}.txt" for name in NEW}
    everything = list(load_table(tmp_path / "b" / "pairs.csv"))
    concerned = [row for row in everything if new & {row["id_a"], row["id_b"]}]
    assert len(concerned) < len(everything)
    columns = ("id_a", "id_b", "relation", "jaccard", "containment_a", "evidence")
    found = list(load_table(tmp_path / "a" / "pairs.csv"))
    assert [[row[c] for c in columns] for row in found] == [
        [row[c] for c in columns] for row in concerned
    ]


def test_a_result_may_be_moved_and_continued(old: Path, tmp_path: Path) -> None:
    moved = old.rename(tmp_path / "elsewhere")
    run([write(tmp_path / "new", NEW)], tmp_path / "a", SETTINGS, flag=False, against=moved)
    run([write(tmp_path / "c", {"z": spun(SCHOOL, 0.2)})], tmp_path / "d", SETTINGS, flag=False,
        against=tmp_path / "a")  # fmt: skip
    (row,) = load_table(tmp_path / "d" / "dedup.csv")
    assert row["kept_id"] == "school.txt"


def test_of_nothing_there_is_no_result(old: Path, tmp_path: Path) -> None:
    nothing = write(tmp_path / "none", {})
    for against in (None, old):
        with pytest.raises(InputError, match="no document was read: there was nothing to read"):
            run([nothing], tmp_path / "out", SETTINGS, flag=False, against=against)


def test_what_is_no_result_is_said(old: Path, tmp_path: Path) -> None:
    new = write(tmp_path / "new", NEW)
    with pytest.raises(InputError, match="name the folder of an earlier result"):
        run([new], tmp_path / "a", SETTINGS, flag=False, against=tmp_path)
    assert not (tmp_path / "a" / "run.json").exists()


@pytest.mark.parametrize("change", ["version", "settings", "cache", "index"])
def test_a_result_of_another_version_is_prepared_again_once(
    old: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, change: str
) -> None:
    shutil.copytree(old, tmp_path / "old")
    new, cache = write(tmp_path / "new", NEW), tmp_path / "old" / ".cache"
    settings = SETTINGS
    if change == "version":
        for place in cache.glob("v*-*"):
            place.rename(cache / "v0.1-0123456789abcdef")
    elif change == "settings":
        settings = load(overrides={"engine.jobs": 1, "match.num_perm": 64}, environ={})[0]
    elif change == "cache":
        shutil.rmtree(cache)
    else:
        (cache / "index").write_bytes(b"of a later version")
    run([new], tmp_path / "a", settings, flag=False, against=tmp_path / "old")
    assert "prepared again" in caplog.text
    run([new], tmp_path / "b", SETTINGS, flag=False, against=old)
    assert (tmp_path / "a" / "dedup.csv").read_bytes() == (
        tmp_path / "b" / "dedup.csv"
    ).read_bytes()
    caplog.clear()
    run([new], tmp_path / "c", settings, flag=False, against=tmp_path / "old")
    assert not caplog.text


def test_a_run_without_it_is_another_run(old: Path, tmp_path: Path) -> None:
    new, out = write(tmp_path / "new", NEW), tmp_path / "a"
    run([new], out, SETTINGS, flag=False, against=old)
    assert "unchanged" not in run([new], out, SETTINGS, flag=False)
    rows = {row["id"]: row["kept_id"] for row in load_table(out / "dedup.csv")}
    assert rows["edited.txt"] == "edited.txt"
    assert "unchanged" in run([new], out, SETTINGS, flag=False)
