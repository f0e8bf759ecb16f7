"""A growing archive: night after night, each compared with all before it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from filelock import FileLock

from scrub.archive import nights
from scrub.cli import main
from scrub.cli.explaining import explain_pair
from scrub.config import load
from scrub.errors import ConfigError, InputError, OutputError
from scrub.pipeline import run, run_night
from scrub.provenance import provenance
from scrub.table import load_table
from stories import FERRY, MUSEUM, SCHOOL, edited, filler, spun

SETTINGS = load(overrides={"languagetool.scope": "off", "engine.jobs": 1}, environ={})[0]


def article(name: str, site: str, time: str, text: str) -> dict[str, str]:
    url = f"https://www.{site}/{name}-{time[:10]}"
    return {"id": name, "url": url, "published": time, "title": name, "text": text}


# The same ids come every night, as those of numbered files do.
NIGHTS = (
    (
        article("1", "herald.com", "2024-03-01T08:00:00Z", FERRY),
        article("2", "post.com", "2024-03-01T09:00:00Z", edited(FERRY, 0.04)),
        article("3", "post.com", "2024-03-01T09:00:00Z", MUSEUM),
    ),
    (
        article("1", "echo.org", "2024-03-02T09:00:00Z", edited(FERRY, 0.04, 2)),
        article("2", "echo.org", "2024-03-02T09:30:00Z", SCHOOL),
        article("3", "echo.org", "2024-03-02T09:45:00Z", filler(1)),
    ),
    (
        article("1", "mirror.io", "2024-03-03T09:00:00Z", edited(FERRY, 0.04)),  # of one dropped
        article("2", "mirror.io", "2024-03-03T10:00:00Z", edited(SCHOOL, 0.04)),
        article("3", "mirror.io", "2024-03-03T11:00:00Z", filler(2)),
        article("4", "mirror.io", "2024-03-03T12:00:00Z", edited(FERRY, 0.04, 5)),
    ),
)


def write(folder: Path, records: tuple[dict[str, str], ...]) -> Path:
    folder.mkdir()
    (folder / "a.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    return folder


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    for number, records in enumerate(NIGHTS, 1):
        run_night([write(folder / f"2024-03-0{number}", records)], folder / "all", SETTINGS,
                  flag=False)  # fmt: skip
    return folder / "all"


def rows(folder: Path, table: str) -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in load_table(folder / table)}


def test_each_night_is_a_result_and_the_oldest_copy_stays(archive: Path) -> None:
    names = ["0001-2024-03-01", "0002-2024-03-02", "0003-2024-03-03"]
    assert [folder.name for folder in nights(archive)] == names
    kept = [
        {i: row["kept_id"] for i, row in rows(folder, "dedup.csv").items()}
        for folder in nights(archive)
    ]
    assert kept[0] == {"1": "1", "2": "1", "3": "3"}
    assert kept[1] == {"1": f"{names[0]}/1", "2": "2", "3": "3"}
    first, school = f"{names[0]}/1", f"{names[1]}/2"
    assert kept[2] == {"1": first, "2": school, "3": "3", "4": first}


def test_a_story_keeps_its_id(archive: Path) -> None:
    stories = [
        {i: row["story_id"] for i, row in rows(folder, "sources.csv").items()}
        for folder in nights(archive)
    ]
    ferry, school = stories[0]["1"], stories[1]["2"]
    assert stories[0]["2"] == stories[1]["1"] == stories[2]["1"] == stories[2]["4"] == ferry
    assert stories[2]["2"] == school
    own = [stories[0]["3"], stories[1]["3"], stories[2]["3"]]
    assert len({ferry, school, *own}) == 5  # no id is given twice


def test_the_first_of_all_nights_is_the_source(archive: Path) -> None:
    last = nights(archive)[-1]
    found = {copy.pair.id_a: copy for copy in provenance(last).copies}
    assert {i: copy.pair.id_b for i, copy in found.items()} == {
        "1": "0001-2024-03-01/1", "2": "0002-2024-03-02/2", "4": "0001-2024-03-01/1",
    }  # fmt: skip
    assert found["2"].earlier.outlet == "echo.org"
    assert not any(copy.doubt for copy in found.values())
    assert len(provenance(last).alerts) == 3


def test_what_was_read_before_is_not_new(archive: Path, tmp_path: Path) -> None:
    copy = tmp_path / "all"
    shutil.copytree(archive, copy)
    moved = {**NIGHTS[0][1], "id": "9"}  # the same page under another id
    again = write(tmp_path / "again", (NIGHTS[1][0], moved, article("7", "x.de", "", filler(9))))
    record, out = run_night([again], copy, SETTINGS, flag=False)
    assert record["counts"]["read"] == 3
    sources = rows(out, "sources.csv")
    assert {i: (row["first_seen"], row["new_in_this_run"]) for i, row in sources.items()} == {
        "1": ("0002-2024-03-02", "false"), "9": ("0001-2024-03-01", "false"), "7": ("", "true"),
    }  # fmt: skip
    assert sources["1"]["story_id"] == sources["9"]["story_id"] == "1"
    assert provenance(out).alerts == []
    same, where = run_night([again], copy, SETTINGS, flag=False)
    assert where == out
    assert same["unchanged"]


def test_an_archive_is_held_by_one(tmp_path: Path) -> None:
    (tmp_path / "all").mkdir()
    with FileLock(tmp_path / "all" / ".lock"), pytest.raises(OutputError, match="another run"):
        run_night([write(tmp_path / "in", NIGHTS[0])], tmp_path / "all", SETTINGS, flag=False)


def test_what_a_dead_run_left_is_no_night(archive: Path, tmp_path: Path) -> None:
    copy = tmp_path / "all"
    shutil.copytree(archive, copy)
    half = copy / "0004-tonight"
    (half / ".staging").mkdir(parents=True)
    (half / ".staging" / "dedup.csv").write_text("id\n")
    assert nights(copy) == [copy / folder.name for folder in nights(archive)]
    _, out = run_night([write(tmp_path / "tonight", NIGHTS[1])], copy, SETTINGS, flag=False)
    assert out == half
    assert not (half / ".staging").exists()


def test_several_earlier_results(tmp_path: Path) -> None:
    folders = []
    for number, records in enumerate(NIGHTS[:2]):
        folders.append(tmp_path / f"n{number}" / "out")  # their names do not tell them apart
        inputs = write(tmp_path / f"in{number}", records)
        run([inputs], folders[-1], SETTINGS, flag=False, against=folders[:-1])
    last = tmp_path / "last"
    run([write(tmp_path / "in", NIGHTS[2])], last, SETTINGS, flag=False, against=folders)
    assert rows(last, "dedup.csv")["1"]["kept_id"] == "n0/out/1"
    assert rows(last, "dedup.csv")["2"]["kept_id"] == "n1/out/2"
    assert {copy.earlier.outlet for copy in provenance(last).copies} == {"herald.com", "echo.org"}


def test_where_the_oldest_result_is_not_named_its_copy_stands_for_it(tmp_path: Path) -> None:
    first, second = (write(tmp_path / f"in{n}", NIGHTS[n]) for n in range(2))
    run([first], tmp_path / "a", SETTINGS, flag=False)
    run([second], tmp_path / "b", SETTINGS, flag=False, against=tmp_path / "a")
    again = {**NIGHTS[1][0], "id": "x", "url": "https://other.net/"}
    run([write(tmp_path / "in", (again,))], tmp_path / "c", SETTINGS, flag=False,
        against=tmp_path / "b")  # fmt: skip
    [row] = load_table(tmp_path / "c" / "dedup.csv")
    assert (row["kept_id"], row["relation"]) == ("a/1", "near")  # and not the copy that b dropped


def test_the_summary_and_the_exit_code_of_a_night(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def night(number: int, *more: str) -> tuple[int, str]:
        folder = tmp_path / f"night{number}"
        if not folder.exists():
            write(folder, NIGHTS[number])
        with pytest.raises(SystemExit) as stop:
            main(["dedup", str(folder), "--archive", str(tmp_path / "all"), "-j", "1", *more])
        return int(str(stop.value.code)), capsys.readouterr().out

    assert night(0)[0] == 0
    status, said = night(1, "--fail-on", "copies")
    assert status == 3
    assert "1 new copy of 1 of your stories" in said
    assert night(2, "--fail-on", "copies", "--set", 'allow.outlets=["mirror.io"]')[0] == 0


def test_a_fuller_text_is_no_copy_of_its_part(tmp_path: Path) -> None:
    part = FERRY[: len(FERRY) // 3].rpartition(". ")[0] + "."
    for number, text in enumerate((part, FERRY, edited(part, 0.02))):
        record = article(str(number), "x.com", "2024-03-01", text)
        night = write(tmp_path / str(number), (record,))
        _, out = run_night([night], tmp_path / "all", SETTINGS, flag=False)
        [row] = load_table(out / "dedup.csv")
        assert (row["kept"] == "true") == (number < 2)


def test_a_copy_of_an_earlier_night_is_explained(archive: Path) -> None:
    last = nights(archive)[-1]
    found = explain_pair(last, "4", "0001-2024-03-01/1")
    assert found["linked"]
    assert found["origins"]["0001-2024-03-01/1"]["outlet"] == "herald.com"
    with pytest.raises(InputError, match="no document '0001-2024-03-01/9'"):
        explain_pair(last, "4", "0001-2024-03-01/9")


def test_of_two_with_the_same_words_the_kept_one_is_the_source(tmp_path: Path) -> None:
    update = FERRY + "\n\n" + "\n\n".join(SCHOOL.split("\n\n")[:2])
    first = (
        {**article("1", "echo.org", "", FERRY), "published": ""},
        article("2", "herald.com", "2024-03-01T08:00:00Z", FERRY),
    )
    second = (article("3", "herald.com", "2024-03-02T08:00:00Z", update),)
    outs = [tmp_path / "all"]
    settings = load(overrides={"engine.jobs": 1, "keep.drop": ["exact"]}, environ={})[0]
    run([write(tmp_path / "in", (*first, *second))], outs[0], settings, flag=False)
    for number, records in enumerate((first, second)):
        night = write(tmp_path / str(number), records)
        outs.append(run_night([night], tmp_path / "nights", settings, flag=False)[1])
    for out in (outs[0], outs[2]):
        assert "rewrite" not in {row["relation"] for row in load_table(out / "pairs.csv")}
        copy = next(copy for copy in provenance(out).copies if copy.pair.id_a == "3")
        assert (copy.pair.id_b, copy.doubt) == ("2", ())


def test_a_page_that_is_read_again_is_no_new_copy(tmp_path: Path) -> None:
    copy = article("p", "paper.net", "2024-03-02T08:00:00Z", FERRY)
    nights = (article("1", "herald.com", "2024-03-01T08:00:00Z", FERRY), copy,
              {**copy, "crawled": "2024-03-03"})  # fmt: skip
    for number, (record, alerts) in enumerate(zip(nights, (0, 1, 0), strict=True)):
        night = write(tmp_path / str(number), (record,))
        _, out = run_night([night], tmp_path / "all", SETTINGS, flag=False)
        assert len(provenance(out).alerts) == alerts
    assert rows(out, "sources.csv")["p"]["first_seen"] == "0002-1"


def test_what_cannot_be_asked_of_an_archive(tmp_path: Path) -> None:
    settings = SETTINGS.model_copy(
        update={"engine": SETTINGS.engine.model_copy(update={"name": "spark"})}
    )
    with pytest.raises(ConfigError, match="--engine local"):
        run_night([tmp_path], tmp_path / "all", settings)


@pytest.mark.parametrize(
    ("more", "kept"),
    [({}, True), ({"keep.margin": 9}, False), ({"keep.policy": "oldest"}, False)],
)
def test_a_sound_copy_is_kept_beside_the_spun_one_of_yesterday(
    tmp_path: Path, more: dict[str, object], kept: bool
) -> None:
    overrides = {"languagetool.scope": "off", "engine.jobs": 1, **more}
    settings = load(overrides=overrides, environ={})[0]
    texts = (spun(FERRY, 0.4), FERRY, edited(FERRY, 0.02))
    for number, text in enumerate(texts):
        night = write(tmp_path / str(number), (article(str(number), "x.com", "2024-03-01", text),))
        _, out = run_night([night], tmp_path / "all", settings, flag=False)
        [row] = load_table(out / "dedup.csv")
        assert (row["kept"] == "true") == (number == 0 or (number == 1 and kept))
        assert row["kept_id"] == str(min(number, int(kept)))  # yesterday's, not the spun one's
