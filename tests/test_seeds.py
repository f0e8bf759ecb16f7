"""The whole pipeline on the five seed articles, with a real LanguageTool server."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

import scrub
from scrub.caches import languagetool_folder
from scrub.clean.changes import replay
from scrub.config import Settings
from scrub.document import Document
from scrub.kernels import kernels_folder
from scrub.pipeline import run
from scrub.read import read
from scrub.spin.repair import apply, repair
from scrub.write.load import load_changes, load_documents, load_flags, load_record

SPUN, EXCERPT = "002_206a0ed18338637d.txt", "003_972121af381d4f6b.txt"


@pytest.fixture(scope="module")
def out(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeds") / "out"
    run([seeds], folder, Settings())
    return folder


def dedup(inputs: list[Path], folder: Path) -> dict[str, dict[str, str]]:
    run(inputs, folder, Settings(), flag=False)
    with (folder / "dedup.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


@pytest.mark.java
def test_the_spun_story_is_kept_and_its_excerpt_is_its_copy(out: Path) -> None:
    rows = scrub.load(out).dedup.set_index("id")
    assert len(rows) == 5
    assert tuple(rows.loc[SPUN, ["kept", "relation", "spun", "cluster_size"]]) == (
        True,
        "kept",
        "this",
        2,
    )
    assert tuple(rows.loc[EXCERPT, ["kept", "relation", "kept_id"]]) == (False, "excerpt", SPUN)
    others = rows.drop([SPUN, EXCERPT])
    assert set(others["relation"]) == {"unique"}
    assert set(others["spun"]) == {"no"}


def test_names_and_order_and_the_other_stories_do_not_matter(seeds: Path, tmp_path: Path) -> None:
    renamed = tmp_path / "renamed"
    renamed.mkdir()
    for name, path in zip("edcba", sorted(seeds.iterdir()), strict=True):
        shutil.copy(path, renamed / f"{name}.txt")
    rows = dedup([renamed], tmp_path / "one")
    assert (rows["c.txt"]["kept"], rows["c.txt"]["spun"]) == ("true", "this")
    assert (rows["b.txt"]["relation"], rows["b.txt"]["kept_id"]) == ("excerpt", "c.txt")
    assert {rows[f"{name}.txt"]["relation"] for name in "ade"} == {"unique"}

    alone = dedup([seeds / EXCERPT, seeds / SPUN], tmp_path / "two")
    assert (alone[SPUN]["kept"], alone[SPUN]["spun"]) == ("true", "this")
    assert (alone[EXCERPT]["relation"], alone[EXCERPT]["kept_id"]) == ("excerpt", SPUN)


@pytest.mark.java
def test_flags_hold_what_the_excerpt_proves(out: Path) -> None:
    found = load_flags(out / "flags.csv")
    texts = {d.id: d.text for d in load_documents(out)}
    assert all(texts[flag.id][flag.start : flag.end] == flag.text for flag in found)
    substitutions = [(f.text, f.suggestion) for f in found if f.source == f"sibling:{EXCERPT}"]
    proven = {
        "suggested": "advised", "lerned": "trained", "confirm": "decide", "despotic": "strict",
        "revisit": "visit", "chosen": "elite", "postponement": "pause", "observant": "saying",
    }  # fmt: skip
    for pair in proven.items():
        assert pair in substitutions
    assert substitutions.count(("comparison", "senior")) >= 2
    wording = [f.id for f in found if f.kind == "wording"]
    assert all(wording.count(i) <= 3 for i in texts if i != SPUN)


@pytest.mark.java
def test_languagetool_finds_the_agreement_errors(out: Path) -> None:
    assert load_record(out)["languagetool"]["outcome"] == "done"
    text = next(d.text for d in load_documents(out) if d.id == SPUN)
    spans = {
        f.text
        for f in load_flags(out / "flags.csv")
        if f.id == SPUN and f.kind in ("determiner", "grammar")
    }
    assert "an talk" in text
    assert spans & {"a", "an"}


@pytest.mark.java
def test_the_corpus_holds_the_repairs_and_nothing_else(out: Path) -> None:
    documents = {d.id: d for d in load_documents(out)}
    corpus = {r["id"]: r for r in map(json.loads, (out / "corpus.jsonl").open(encoding="utf-8"))}
    assert set(corpus) == set(documents) - {EXCERPT}
    flags = [f for f in load_flags(out / "flags.csv") if f.id == SPUN]
    repaired, applied = repair(documents[SPUN].text, flags, Settings().spin.repair_confidence)
    assert corpus[SPUN]["text"] == repaired == apply(documents[SPUN].text, applied)
    assert corpus[SPUN]["metadata"]["repairs"] == len(applied) > 20
    for i in set(corpus) - {SPUN}:
        assert corpus[i]["text"] == documents[i].text
    assert (
        "A visit by the commander of Iran’s elite Quds Force to Baghdad has led to a pause"
        in repaired
    )


@pytest.mark.java
def test_raw_text_and_changes_give_the_cleaned_text(out: Path, seeds: Path) -> None:
    changes = load_changes(out)
    cleaned = {d.id: d.text for d in load_documents(out)}
    raw = {d.id: d.text for d in read([seeds], Settings().read) if isinstance(d, Document)}
    assert {i: replay(text, changes.get(i, [])) for i, text in raw.items()} == cleaned
    for rest in (
        "advertisement\n",
        "Read also:",
        "- Advertisement -",
        "Must Read",
        "spot_img",
        "HomeWorld",
    ):
        assert not any(rest in text for text in cleaned.values())
    assert all(text.count("PHOTO: REUTERS") <= 1 for text in cleaned.values())


@pytest.mark.java
def test_other_libraries_load_the_result(out: Path) -> None:
    import datasets
    import duckdb
    import pandas as pd
    from datatrove.pipeline.readers import JsonlReader

    corpus = out / "corpus.jsonl"
    ids = sorted(json.loads(line)["id"] for line in corpus.open(encoding="utf-8"))
    assert sorted(pd.read_json(corpus, lines=True)["id"]) == ids
    cache = str(out.parent / "cache")
    assert (
        sorted(
            datasets.load_dataset("json", data_files=str(corpus), split="train", cache_dir=cache)[
                "id"
            ]
        )
        == ids
    )
    found = duckdb.sql(f"select id from '{corpus}'")
    assert found is not None
    assert sorted(i for (i,) in found.fetchall()) == ids
    reader = JsonlReader(str(out), glob_pattern="corpus.jsonl")
    assert sorted(document.id for document in reader.run()) == ids
    dedup = pd.read_csv(out / "dedup.csv")
    assert len(dedup) == 5
    assert dedup["kept"].sum() == 4


@pytest.mark.java
@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_a_killed_run_leaves_no_server_and_no_half_file(
    out: Path, seeds: Path, tmp_path: Path
) -> None:
    # The run of the fixture has compiled all, so that this one does not.  No deadline is set for
    # its server: it is waited for as long as the run is at work.
    folder = tmp_path / "out"
    command = [sys.executable, "-m", "scrub", "run", str(seeds), "-o", str(folder)]
    # An empty cache, or known answers would spare the server.
    cache = {"LTP_PATH": str(languagetool_folder()), "SCRUB_CACHE": str(tmp_path / "cache")}
    cache["NUMBA_CACHE_DIR"] = str(kernels_folder())  # or all would be compiled anew
    process = subprocess.Popen(
        command, env={**os.environ, **cache}, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    try:
        while not (servers := _children(process.pid, "languagetool-server")):
            assert process.poll() is None, "the run ended before a server was seen"
            time.sleep(0.02)
    finally:
        process.kill()
        process.wait()
    deadline = time.monotonic() + 60  # for the guard to see it
    while any(_state(pid) != "Z" for pid in servers):
        assert time.monotonic() < deadline, "a LanguageTool server outlived its run"
        time.sleep(0.1)
    assert not [p.name for p in folder.iterdir() if not p.name.startswith(".")]


def _children(parent: int, word: str) -> list[int]:
    """Processes below `parent` whose command line holds a word."""
    found, waiting = [], [parent]
    while waiting:
        pid = waiting.pop()
        try:
            waiting += [
                int(child)
                for task in Path(f"/proc/{pid}/task").iterdir()
                for child in (task / "children").read_text().split()
            ]
            if word in Path(f"/proc/{pid}/cmdline").read_text():
                found.append(pid)
        except OSError:
            continue
    return found


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


@pytest.mark.java
@pytest.mark.parametrize("name", ["dedup.csv", "flags.csv"])
def test_the_readme_shows_what_a_run_writes(out: Path, name: str) -> None:
    """Every row of its tables is a row of the run, with ids cut short by an ellipsis."""
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    table = readme.split(f"`out/{name}`")[1].split("\n\n")[1].splitlines()
    header, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    with (out / name).open(encoding="utf-8", newline="") as file:
        written = [[row[column] for column in header] for row in csv.DictReader(file)]
    assert len(rows) >= 5
    for row in rows:
        pattern = [re.escape(cell).replace("…", ".*") for cell in row]
        assert any(
            all(re.fullmatch(a, b) for a, b in zip(pattern, one, strict=True)) for one in written
        ), row
