"""Every file of a result as it is written: texts in each form, tables in blocks, the record."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import orjson
import pytest

from scrub.config import Settings, WriteSettings, load
from scrub.document import Document, Flag
from scrub.errors import MissingPartError, OutputError
from scrub.pipeline import run
from scrub.review import apply_decisions
from scrub.table import escape, load_table, rows_of
from scrub.write import corpus, tables
from scrub.write.load import load_flags, load_record
from scrub.write.output import Output
from scrub.write.record import settings_digest, write_update

DOCUMENTS = [
    Document("a/1", "First.\n\nSecond.", "", "site", "2026-01-02", "2026-01-01", {"words": 2}),
    Document("../b", "Ünïcödé", metadata={"repairs": 1, "authors": ["A"]}),
]
FIELDS = ("id", "text", "source", "added", "created")


def written(folder: Path, form: str) -> Path:
    with Output(folder) as output:
        corpus.write_corpus(output, DOCUMENTS, form)
        digests = dict(output.digests)
        with output.open("run.json") as file:
            file.write(json.dumps({"outputs": digests}).encode())
    return folder


def as_written(document: Document) -> dict[str, Any]:
    """The fields of a document; a date that is not known is null."""
    found = {name: getattr(document, name) for name in FIELDS}
    unknown = {name: None for name in ("added", "created") if not found[name]}
    return {**found, **unknown, "metadata": document.metadata}


def test_a_corpus_of_lines(tmp_path: Path) -> None:
    lines = (written(tmp_path, "jsonl") / "corpus.jsonl").read_bytes().splitlines()
    assert [json.loads(line) for line in lines] == [as_written(d) for d in DOCUMENTS]


def test_a_corpus_of_files(tmp_path: Path) -> None:
    found = sorted(p.read_text("utf-8") for p in (written(tmp_path, "txt") / "corpus").iterdir())
    assert found == sorted(document.text for document in DOCUMENTS)


def test_a_corpus_of_columns(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = parquet.read_table(written(tmp_path, "parquet") / "corpus.parquet").to_pylist()
    assert [{**row, "metadata": json.loads(row["metadata"])} for row in rows] == [
        as_written(d) for d in DOCUMENTS
    ]
    card = (tmp_path / "README.md").read_text("utf-8")
    assert card.startswith("---\n")
    assert "corpus.parquet" in card


def test_parquet_without_pyarrow_is_said_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus, "find_spec", lambda name: None)
    corpus.require_format(WriteSettings(format="jsonl"))
    corpus.require_format(WriteSettings(format="txt"))
    with pytest.raises(MissingPartError, match=r"scrub-corpus\[parquet\]"):
        corpus.require_format(WriteSettings(format="parquet"))
    with pytest.raises(MissingPartError, match=r"scrub-corpus\[parquet\]"):
        written(tmp_path, "parquet")
    monkeypatch.setattr(corpus, "find_spec", lambda name: object())
    corpus.require_format(WriteSettings(format="parquet"))


def test_a_large_table_is_written_in_blocks() -> None:
    file = io.BytesIO()
    rows = [(f"row {n}", "x" * 500, n) for n in range(6_000)]  # three blocks
    tables.write_table(file, ("name", "text", "n"), rows)
    found = list(csv.reader(io.StringIO(file.getvalue().decode(), newline="")))
    assert found == [["name", "text", "n"], *([a, b, str(n)] for a, b, n in rows)]


def test_many_lines_are_written_in_blocks(tmp_path: Path) -> None:
    lines = [b"%d %s\n" % (n, b"y" * 900) for n in range(3_000)]
    with Output(tmp_path) as output:
        corpus.write_lines(output, "documents.jsonl", iter(lines))
        with output.open("run.json") as file:
            file.write(json.dumps({"outputs": output.digests}).encode())
    assert (tmp_path / "documents.jsonl").read_bytes() == b"".join(lines)


def test_flags_read_back(tmp_path: Path) -> None:
    flags = [
        Flag("=a", 3, 9, "revisit", "visit", "wording", "sibling:b", 0.9995, "a revisit by", ""),
        Flag(
            "b" * 200_000, 0, 1, "a", "", "grammar", "languagetool:A_NNS", 0.5, "a groups", "reject"
        ),
    ]
    with (tmp_path / "flags.csv").open("wb") as file:
        rows = tables.flag_rows((flag, (flag.start + 1, flag.end + 1)) for flag in flags)
        tables.write_table(file, tables.FLAGS, rows)
    assert load_flags(tmp_path / "flags.csv") == flags


def test_the_digest_is_of_what_decides_the_result() -> None:
    default = Settings()
    assert settings_digest(default) == settings_digest(Settings())
    assert len(settings_digest(default)) == 64
    faster, stricter = (
        load(overrides=given, environ={})[0]
        for given in ({"engine.jobs": 1}, {"match.lsh_threshold": 0.9})
    )
    assert settings_digest(faster) == settings_digest(default)
    assert settings_digest(stricter) != settings_digest(default)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> tuple[Path, dict[str, Any]]:
    out = tmp_path_factory.mktemp("record") / "results" / "out"
    settings = load(
        overrides={"languagetool.scope": "off", "engine.jobs": 1}, environ={}
    )[0]  # fmt: skip
    return out, run([seeds], out, settings)


def test_the_record_of_a_run(finished: tuple[Path, dict[str, Any]], seeds: Path) -> None:
    out, returned = finished
    record = json.loads((out / "run.json").read_bytes())
    assert {name: record[name] for name in returned} == json.loads(orjson.dumps(returned))
    counts = record["counts"]
    assert {name: counts[name] for name in ("inputs", "read", "kept", "copies", "rejected")} == {
        "inputs": 5, "read": 5, "kept": 4, "copies": 1, "rejected": 0
    }  # fmt: skip
    assert {name: counts[name] for name in ("unique", "exact", "near", "excerpt")} == {
        "unique": 3, "exact": 0, "near": 0, "excerpt": 1
    }  # fmt: skip
    assert (counts["clusters"], counts["spun"]) == (4, 1)
    assert counts["flags"] > counts["repairs"] > 20
    assert record["command"] == "run"
    assert record["engine"] == {"name": "local", "jobs": 1, "worker_deaths": 0}
    assert record["languages"] == {"en": 5}
    assert record["languagetool"]["outcome"] == "off"
    assert record["near_misses"] == []
    assert record["settings_digest"] == settings_digest(Settings.model_validate(record["settings"]))
    assert set(record["stages"]) == {"read", "clean", "match", "keep", "flag", "repair", "write"}
    assert record["seconds"] == pytest.approx(sum(record["stages"].values()), abs=0.01)
    assert record["documents_per_second"] == pytest.approx(5 / record["seconds"], rel=0.2, abs=0.1)
    names = {p.name for p in out.iterdir() if not p.name.startswith(".")}
    assert set(record["outputs"]) == names - {"report.html", "run.json"}


def test_a_repair_counts_its_repairs(finished: tuple[Path, dict[str, Any]]) -> None:
    out, _ = finished
    before = load_record(out)
    settings = Settings.model_validate(before["settings"])
    nothing = settings.model_copy(
        update={"spin": settings.spin.model_copy(update={"repair_confidence": 1.0})}
    )
    assert apply_decisions(out, None, nothing) == 0
    after = load_record(out)
    assert after["counts"] == {**before["counts"], "repairs": 0}
    changed = {n for n in after["outputs"] if after["outputs"][n] != before["outputs"][n]}
    assert changed == {"corpus.jsonl"}
    assert apply_decisions(out, None, settings) == before["counts"]["repairs"]
    assert load_record(out)["outputs"] == before["outputs"]


def test_an_update_has_the_old_digests_and_the_new(tmp_path: Path) -> None:
    record = {"counts": {"read": 2, "repairs": 5}, "outputs": {"a.csv": "old", "flags.csv": "old"}}
    with Output(tmp_path, update=True) as output:
        with output.open("flags.csv") as file:
            file.write(b"new")
        write_update(output, tmp_path, record, 3)
    found = json.loads((tmp_path / "run.json").read_bytes())
    assert found["counts"] == {"read": 2, "repairs": 3}
    assert found["outputs"]["a.csv"] == "old"
    assert found["outputs"]["flags.csv"] not in ("old", "")


@pytest.mark.skipif(os.name != "posix", reason="folders are synced where they can be opened")
def test_files_and_folders_are_on_the_disk_before_they_are_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was synced, and what lay in the folder then: a power cut leaves no other order."""
    events: list[str] = []
    sync, move = os.fsync, Path.replace

    def fsync(descriptor: int) -> None:
        events.append(f"sync {Path(f'/proc/self/fd/{descriptor}').resolve().name}")
        sync(descriptor)

    def replace(self: Path, target: Path) -> Path:
        events.append(f"move {self.name}")
        return move(self, target)

    out = tmp_path / "out"
    written(out, "jsonl")
    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)
    written(out, "jsonl")
    assert events == [
        "sync corpus.jsonl", "sync run.json", "sync .staging", "sync journal", "sync out",
        "move journal", "sync .staging", "sync out", "move corpus.jsonl", "move run.json",
        "sync out",
    ]  # fmt: skip


def test_a_holder_that_cannot_be_read(tmp_path: Path) -> None:
    with Output(tmp_path):
        (tmp_path / ".holder").unlink()
        with pytest.raises(OutputError, match=r"another run \(unknown process\)"), Output(tmp_path):
            pass


def test_a_journal_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, "jsonl")
    before = (tmp_path / "corpus.jsonl").read_bytes()

    def fail(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch, pytest.raises(OutputError, match="untouched"):
        patch.setattr("scrub.write.output.json.dump", fail)
        written(tmp_path, "txt")
    assert (tmp_path / "corpus.jsonl").read_bytes() == before
    assert not (tmp_path / ".staging").exists()


def test_rows_are_found_by_their_ids_however_cells_are_written(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    rows = [
        ["id", "title"], ["a", 'of "two\nb,lines"'], ["b", "one"], ["=c", "1"], ['d,"e"', "x"],
        ["f\ng", "y"], ["h", "\n"], ["g", "z"],
    ]  # fmt: skip
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([escape(cell) for cell in row] for row in rows)
    every = [row["id"] for row in load_table(path)]
    assert every == ["a", "b", "=c", 'd,"e"', "f\ng", "h", "g"]
    for wanted in [*({i} for i in every), {"a", "h"}, {"b", "f\ng"}]:
        assert [row["id"] for row in rows_of(path, wanted)] == [i for i in every if i in wanted]
    path.write_text("\ufeffid;title\na;1\nb;2\n", encoding="utf-8")  # as a spreadsheet saves it
    assert list(rows_of(path, {"b"})) == [{"id": "b", "title": "2"}]
