"""A night that is killed at any moment leaves the archive the old or the new one."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from injection import KILLED, Disk, in_child, snapshot

from scrub.archive import nights
from scrub.config import load
from scrub.pipeline import run_night
from scrub.table import load_table
from stories import FERRY, MUSEUM, edited

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="fork of POSIX"),
]
SETTINGS = load(overrides={"languagetool.scope": "off", "engine.jobs": 1}, environ={})[0]
MOMENTS = 8  # of some hundred at which a night changes the disk, spread over all of them


def write(file: Path, *texts: str) -> Path:
    file.parent.mkdir(exist_ok=True)
    records = ({"id": str(number), "text": text} for number, text in enumerate(texts, 1))
    file.write_text("".join(json.dumps(record) + "\n" for record in records))
    return file


def decided(night: Path) -> list[tuple[str, str, str]]:
    rows = zip(load_table(night / "dedup.csv"), load_table(night / "sources.csv"), strict=True)
    return [(row["id"], row["kept_id"], source["story_id"]) for row, source in rows]


@pytest.mark.parametrize("renewed", [False, True], ids=["same-version", "renewed"])
def test_an_archive_is_the_old_or_the_new_one(tmp_path: Path, renewed: bool) -> None:
    first = write(tmp_path / "in" / "first.jsonl", FERRY, MUSEUM)
    second = write(tmp_path / "in" / "second.jsonl", edited(FERRY, 0.05), edited(MUSEUM, 0.05))
    pristine, archive = tmp_path / "pristine", tmp_path / "all"
    _, kept = run_night([first], pristine, SETTINGS, flag=False)
    if renewed:  # the first of a new version, which prepares what is there again
        for place in (kept / ".cache").glob("v*-*"):
            place.rename(kept / ".cache" / "v0.1-0123456789abcdef")
    old = snapshot(kept)

    def night() -> None:
        run_night([second], archive, SETTINGS, flag=False)

    def restore() -> None:
        shutil.rmtree(archive, ignore_errors=True)
        shutil.copytree(pristine, archive)

    for _ in range(2):  # what is compiled by the first is written, too, and must not count
        restore()
        status, changes, message = in_child(night, Disk(0, "kill"))
    assert status == 0, message
    names = [folder.name for folder in nights(archive)]
    expected = decided(archive / names[1])
    assert len(names) == 2
    for number in range(1, changes, max(1, changes // MOMENTS)):
        restore()
        assert in_child(night, Disk(number, "kill"))[0] == KILLED
        found = nights(archive)
        assert [folder.name for folder in found] in (names[:1], names)
        assert snapshot(archive / names[0]) == old
        if len(found) == 2:
            assert decided(found[1]) == expected
        night()  # goes on as if nothing had been
        assert [folder.name for folder in nights(archive)] == names
        assert decided(archive / names[1]) == expected
