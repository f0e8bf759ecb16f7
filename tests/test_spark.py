"""The Spark engine: the same bytes as on one machine, in a real session of two cores."""

from __future__ import annotations

import gzip
import hashlib
import importlib
import importlib.util
import json
import os
import random
import re
import subprocess
import sys
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrub import java
from scrub.config import Settings
from scrub.errors import ConfigError, InputError, MissingPartError, OutputError
from scrub.pipeline import run
from stories import FERRY, MUSEUM, SCHOOL, edited, filler, notice, sentences, spun
from test_match_rewrites import INDEPENDENT, REWRITE, SOURCE, SUMMARY, corpus, rivals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pyspark.sql import DataFrame, SparkSession

    from scrub.engine.spark.frames import Scratch

CASES = Path(__file__).parent / "cases"
SUSPECT = json.loads((CASES / "spin_statistics.json").read_text("utf-8"))["cases"][0]["spun"]
FILES = (
    "documents.jsonl", "corpus.jsonl", "changes.jsonl", "dedup.csv", "pairs.csv", "flags.csv",
    "lexicon.csv", "rejected.csv",
)  # fmt: skip
TIMES = ("seconds", "stages", "documents_per_second", "engine", "settings", "inputs")
MISSING = [name for name in ("pyspark", "pyarrow") if importlib.util.find_spec(name) is None]
WHY = f"needs {' and '.join(MISSING) or 'Java'}: pip install 'scrub-corpus[spark]', and Java 17"


NO_JAVA = java.find() is None


def needs_spark(test: Callable[..., None]) -> Callable[..., None]:
    skip = pytest.mark.skipif(bool(MISSING) or NO_JAVA, reason=WHY)
    limit = pytest.mark.timeout(900)  # a JVM that is killed fails all tests after it
    return pytest.mark.spark(limit(skip(test)))


@pytest.fixture(scope="module", autouse=True)
def quick_java() -> Iterator[None]:
    """No Java here lives long enough for its thorough compiler to repay itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        yield


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    """A session that was there before scrub, as in a notebook."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.log.level", "ERROR")
        .config("spark.sql.shuffle.partitions", "3")
        # A few hundred rows do not repay compiling each plan; sessions of its own below compile.
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.fixture
def scratch(spark: SparkSession, tmp_path: Path) -> Scratch:
    from scrub.engine.spark.frames import Scratch

    return Scratch(spark, (tmp_path / "scratch").as_uri())


def stories() -> list[str]:
    """Exact, near, excerpted, spun and reworded copies, fillings of a template, and texts alone."""
    texts = [FERRY, MUSEUM, SCHOOL, FERRY.upper(), "", "...", "Two words."]
    texts += [spun(FERRY, 0.4), spun(MUSEUM, 0.3, 2), edited(SCHOOL, 0.1), MUSEUM]
    texts += [" ".join(sentences(FERRY)[:4]), " ".join(sentences(MUSEUM)[2:7])]
    texts += [" ".join([*sentences(FERRY)[:5], *sentences(SCHOOL)[:5]])]
    texts += [INDEPENDENT, REWRITE, SOURCE, SUMMARY, SUSPECT, SUSPECT]
    texts += [notice(n) for n in range(40)] + [filler(n) for n in range(30)]
    texts += [filler(n) + "\n\nSign up for our newsletter today!" for n in range(20, 32)]
    return texts


def write_inputs(folder: Path) -> Path:
    """The stories in several formats, with ids that repeat and what cannot be read."""
    folder.mkdir()
    texts = stories()
    random.Random(1).shuffle(texts)
    lines = [
        {"id": f"{k % 60}", "text": text, "source": f"site{k % 3}", "n": k / 7}
        for k, text in enumerate(texts)
    ]
    lines += [{"id": "5", "text": lines[5]["text"]}] * 3 + [{"id": "none"}]
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n{broken\n", "utf-8")
    (folder / "site").mkdir()
    for name, text in (("b", FERRY), ("c", edited(MUSEUM, 0.05)), ("d", "caf\u00e9 &amp; bar\n")):
        (folder / "site" / f"{name}.txt").write_text(text, "utf-8")
    page = f"<html><body><article><h1>Ferry</h1><p>{SCHOOL}</p></article></body></html>"
    (folder / "page.html").write_text(page, "utf-8")
    (folder / "x.exe").write_bytes(b"\0")
    return folder


def result(
    folder: Path, engine: str, inputs: Path, *, flag: bool = False, **given: dict[str, Any]
) -> dict[str, bytes]:
    """The files of a run, and what of its record must not depend on the engine."""
    config = Settings.model_validate(
        {"engine": {"name": engine, "jobs": 1}, "languagetool": {"scope": "off"}, **given}
    )
    run([inputs], folder, config, flag=flag)
    found = {name: (folder / name).read_bytes() for name in FILES if (folder / name).exists()}
    record = json.loads((folder / "run.json").read_bytes())
    found["run.json"] = json.dumps({k: v for k, v in record.items() if k not in TIMES}).encode()
    return found


def assert_same(found: dict[str, bytes], wanted: dict[str, bytes]) -> None:
    """Fail with the first lines that differ: pytest itself compares megabytes for hours."""
    differing = {}
    for name in sorted({*found, *wanted}):
        if found.get(name) != wanted.get(name):
            lines = (files.get(name, b"").splitlines() for files in (found, wanted))
            apart = ((a, b) for a, b in zip_longest(*lines, fillvalue=b"") if a != b)
            differing[name] = tuple(line[:300] for line in next(apart, ()))
    assert not differing


@needs_spark
def test_the_same_bytes_for_any_number_of_partitions(spark: SparkSession, tmp_path: Path) -> None:
    inputs = write_inputs(tmp_path / "in")
    given: dict[str, dict[str, Any]] = {"clean": {"min_words": 3}, "keep": {"policy": "first"}}
    local = result(tmp_path / "local", "local", inputs, flag=True, **given)
    assert b"~" in local["dedup.csv"]  # ids that had to be made unique
    assert b"quality" in local["rejected.csv"]
    assert {b"exact", b"near", b"excerpt", b"rewrite"} <= set(
        local["pairs.csv"].replace(b"\n", b",").split(b",")
    )
    assert local["flags.csv"].count(b"sibling:")
    for partitions in (1, 7):  # and 3 in the tests below
        spark.conf.set("spark.sql.shuffle.partitions", str(partitions))
        found = result(tmp_path / f"spark{partitions}", "spark", inputs, flag=True, **given)
        assert_same(found, local)
        assert not list((tmp_path / f"spark{partitions}").glob(".staging*"))
    spark.conf.set("spark.sql.shuffle.partitions", "3")
    assert spark.range(3).count() == 3  # a session that was there stays


@needs_spark
@settings(
    max_examples=2,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_the_same_bytes_for_any_texts(
    spark: SparkSession, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """With tables so small that lines are left out and documents sampled, as in a huge corpus."""
    parts = sentences(FERRY) + sentences(MUSEUM) + ["Read more.", "", "&amp;", "\u200bOdd\xa0one."]
    texts = data.draw(
        st.lists(st.lists(st.sampled_from(parts), max_size=12).map("\n\n".join), max_size=12)
    )
    folder = tmp_path_factory.mktemp("any")
    lines = [json.dumps({"text": text}) for text in texts]
    (folder / "in.jsonl").write_text("\n".join(lines), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scrub.match.frequency.MOST_WORDS", 256)
        for name in ("scrub.clean.repeated", "scrub.engine.spark.preparing"):
            patch.setattr(importlib.import_module(name), "MOST_LINES", 16)
        try:
            local = result(folder / "local", "local", folder / "in.jsonl")
        except InputError as error:  # there was nothing to read
            with pytest.raises(InputError, match=re.escape(str(error))):
                result(folder / "spark", "spark", folder / "in.jsonl")
        else:
            assert_same(result(folder / "spark", "spark", folder / "in.jsonl"), local)


@needs_spark
@pytest.mark.parametrize("how", ["master", "submit"])
def test_sessions_of_its_own(how: str, seeds: Path, tmp_path: Path) -> None:
    """`--master`, and `spark-submit`, each in a process of its own."""
    job = tmp_path / "job.py"
    job.write_text("from scrub.cli import main\nmain()\n", "utf-8")
    bin = Path(sys.executable).parent
    start = [sys.executable, str(job)]
    if how == "submit":
        start = [str(bin / "spark-submit"), "--master", "local[1]", str(job)]
    end = ["--master", "local[1]"] if how == "master" else ["--engine", "spark"]
    command = [*start, "dedup", str(seeds), "-o", str(tmp_path / "out"), "-q", *end]
    env = {**os.environ, "PYSPARK_PYTHON": sys.executable, "PATH": f"{bin}:{os.environ['PATH']}"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    local = result(tmp_path / "local", "local", seeds)
    for name in FILES:
        assert (tmp_path / "out" / name).read_bytes() == local[name]


_LOSES_AN_EXECUTOR = """
import json, sys, threading, time
from pathlib import Path
import psutil
from scrub.config import Settings
from scrub.pipeline import run

def is_executor(process):
    try:
        return "CoarseGrainedExecutorBackend" in " ".join(process.cmdline())
    except psutil.Error:  # it has just ended
        return False

def executors():
    return list(filter(is_executor, psutil.Process().children(recursive=True)))

def kill():
    time.sleep(3)
    before = executors()
    before[0].kill()
    print("executors:", len(before), flush=True)

def on_progress(stage, done, total):
    if stage == "match" and not started:
        started.append(threading.Thread(target=kill))
        started[0].start()

started = []
run([Path(sys.argv[1])], Path(sys.argv[2]), Settings.model_validate_json(sys.argv[3]),
    on_progress=on_progress)
started[0].join()
"""


@needs_spark
@pytest.mark.timeout(1800)
def test_an_executor_is_lost_and_each_has_its_languagetool(
    languagetool: str, tmp_path: Path
) -> None:
    """Two executor processes, of which one is killed amid the matching; then LanguageTool."""
    inputs = write_inputs(tmp_path / "in")
    texts = [filler(n) for n in range(40, 240)]
    texts += [edited(texts[n], 0.1) for n in range(0, 200, 5)]
    texts += [f"{texts[n]} He wanted a answer by Friday." for n in range(0, 200, 9)]
    lines = [json.dumps({"text": text}) for text in texts]
    (inputs / "more.jsonl").write_text("\n".join(lines), "utf-8")
    asked = {"languagetool": {"scope": "all", "url": languagetool}}
    local = result(tmp_path / "local", "local", inputs, flag=True, **asked)
    assert local["flags.csv"].count(b"languagetool:") > 20
    settings = Settings.model_validate(
        {"engine": {"name": "spark", "master": "local-cluster[2,1,1024]"}}
        | {"languagetool": {"scope": "all"}}
    )
    arguments = [str(inputs), str(tmp_path / "spark"), settings.model_dump_json()]
    done = subprocess.run(
        [sys.executable, "-c", _LOSES_AN_EXECUTOR, *arguments],
        env={**os.environ, "PYSPARK_PYTHON": sys.executable},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "executors: 2" in done.stdout
    assert (
        json.loads((tmp_path / "spark" / "run.json").read_bytes())["languagetool"]["outcome"]
        == "done"
    )
    for name in FILES:
        assert (tmp_path / "spark" / name).read_bytes() == local[name]


@needs_spark
def test_workers_ask_one_languagetool_by_its_address(
    spark: SparkSession, languagetool: str, tmp_path: Path
) -> None:
    texts = [filler(n) + " He wanted a answer by Friday." for n in range(12)]
    lines = [json.dumps({"text": text}) for text in texts]
    (tmp_path / "in.jsonl").write_text("\n".join(lines), "utf-8")
    asked = {"languagetool": {"scope": "all", "url": languagetool}}
    local, found = (
        result(tmp_path / engine, engine, tmp_path / "in.jsonl", flag=True, **asked)
        for engine in ("local", "spark")
    )
    assert local["flags.csv"].count(b"languagetool:")
    assert_same(*({name: files[name] for name in FILES} for files in (found, local)))


def write_more(folder: Path) -> Path:
    """Files that Spark itself opens, with names that are patterns to it."""
    inputs = write_inputs(folder)
    lines = (inputs / "a.jsonl").read_text("utf-8")
    records = [json.loads(line) for line in lines.splitlines()[:30]]
    with gzip.open(inputs / "c d.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write("\n \n" + lines)
    (inputs / "empty.jsonl").write_text("\n \n", "utf-8")
    (inputs / "site" / ".hidden.txt").write_text("no", "utf-8")
    pa, pq = importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    for name, more in (
        ("e[1]{2}.parquet", {"n": 0.5, "none": None}),
        ("f%20.parquet", {"by": "x"}),
    ):
        rows = [{"text": record.get("text"), **more} for record in records]
        pq.write_table(pa.Table.from_pylist(rows), inputs / name, row_group_size=4)
    return inputs


@needs_spark
def test_spark_opens_what_the_reader_opens(spark: SparkSession, tmp_path: Path) -> None:
    """The same rows in the same order, in splits of any size."""
    from scrub.address import Address
    from scrub.engine.spark import addressed, reading
    from scrub.engine.spark.frames import Scratch
    from scrub.engine.spark.hadoop import Hadoop
    from scrub.read.walk import find

    inputs = write_more(tmp_path / "in put")
    settings, address = Settings().read, Address(f"file://{tmp_path}/in put")

    def rows(frame: DataFrame) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = frame.orderBy("position").toArrow().to_pylist()
        return [{name: row[name] for name in row if name != "position"} for row in found]

    near = rows(reading.read(Scratch(spark, f"{tmp_path}/local"), find([inputs]), settings))
    assert len({row["path"].partition("#")[0] for row in near}) == 10
    size = "spark.sql.files.maxPartitionBytes"
    usual = spark.conf.get(size) or ""
    for split, named in ((usual, [address]), ("20000b", [address / "*", address / "a.jsonl"])):
        spark.conf.set(size, split)
        try:
            found = addressed.read(
                Scratch(spark, f"{tmp_path}/{split}"), Hadoop(spark).find(named), settings
            )
        finally:
            spark.conf.set(size, usual)
        assert rows(found) == near
    for wrong in ("file:///no/such/place", "nothing://a/b"):
        with pytest.raises(InputError, match=wrong):
            Hadoop(spark).find([wrong])


@needs_spark
def test_a_result_in_parts(spark: SparkSession, tmp_path: Path) -> None:
    from scrub.address import Address

    inputs = write_more(tmp_path / "in put")
    out, address = tmp_path / "out", Address(f"file://{tmp_path}/out")
    local = result(tmp_path / "local", "local", inputs, flag=True)

    def run_there(form: str, *, flag: bool) -> dict[str, Any]:
        config = Settings.model_validate(
            {
                "engine": {"name": "spark"},
                "languagetool": {"scope": "off"},
                "write": {"format": form},
            }
        )
        run([Address(f"file://{tmp_path}/in put")], address, config, flag=flag)
        record: dict[str, Any] = json.loads((out / "run.json").read_bytes())
        for name, digest in record["outputs"].items():
            assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
        return record

    record = run_there("jsonl", flag=True)
    for name in FILES:
        parts = sorted((out / name).glob("part-*")) or [out / name]
        assert b"".join(part.read_bytes() for part in parts) == local[name]
    assert record["counts"] == json.loads(local["run.json"])["counts"]
    record = run_there("parquet", flag=False)  # in its place
    kept = spark.read.parquet(str(address / "corpus.parquet"))
    assert kept.count() == record["counts"]["kept"]
    assert kept.columns == ["id", "text", "source", "added", "created", "metadata"]
    assert not (out / "corpus.jsonl").exists()
    assert not list(out.glob(".staging*"))
    (out / "run.json").unlink()
    before = {path.name for path in out.iterdir()}
    with pytest.raises(OutputError, match=r"documents\.jsonl.* would be replaced"):
        run_there("jsonl", flag=True)
    assert {path.name for path in out.iterdir()} == before


def test_addresses_are_for_spark(tmp_path: Path) -> None:
    from scrub.address import Address, place

    assert place("hdfs:///in") == Address("hdfs:///in")
    assert place(tmp_path) == tmp_path
    with pytest.raises(ConfigError, match="hdfs:///in needs --engine spark"):
        run([Address("hdfs:///in")], tmp_path / "out", Settings())
    with pytest.raises(ConfigError, match="s3a://out needs --engine spark"):
        run([tmp_path], Address("s3a://out"), Settings())


@needs_spark
@pytest.mark.shared
@pytest.mark.timeout(1800)
def test_the_same_bytes_on_near5k(spark: SparkSession, shared: Path, tmp_path: Path) -> None:
    inputs = shared / "eval" / "near5k" / "docs.jsonl.gz"
    for flag in (False, True):
        local = result(tmp_path / "local", "local", inputs, flag=flag)
        assert_same(result(tmp_path / "spark", "spark", inputs, flag=flag), local)


@needs_spark
def test_components_are_those_of_scipy(scratch: Scratch) -> None:
    import pyarrow as pa

    from scrub.engine.spark.components import components

    rng = np.random.default_rng(1)
    chain = np.stack([np.arange(2_000), np.arange(1, 2_001)], 1) + 10_000
    star = np.stack([np.full(3_000, 20_500), np.arange(20_000, 23_000)], 1)
    loose = rng.integers(-500, 500, (400, 2))
    edges = rng.permuted(np.concatenate([chain, star, loose]), axis=0)
    edges = rng.permuted(edges, axis=1)
    frame = scratch.spark.createDataFrame(pa.table({"a": edges[:, 0], "b": edges[:, 1]}))
    rounds = [components(scratch, frame, few=few).toArrow() for few in (0, 1 << 30)]
    by_rounds, at_once = (
        dict(zip(found["node"].to_pylist(), found["component"].to_pylist(), strict=True))
        for found in rounds
    )
    in_loop = set(loose[loose[:, 0] == loose[:, 1]].ravel().tolist())
    assert {n: c for n, c in at_once.items() if n in by_rounds} == by_rounds
    assert set(at_once) - set(by_rounds) <= in_loop  # a node that only meets itself
    assert set(at_once) == set(edges.ravel().tolist())


@needs_spark
def test_counts_are_those_of_one_table(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    import pyarrow as pa

    from scrub.engine.spark import tables
    from scrub.engine.spark.columns import feature_columns
    from scrub.match import frequency
    from scrub.match.features import features

    found = features(stories() * 3, Settings().match)
    columns = feature_columns(found)
    rows = pa.table({name: columns[name] for name in ("units", "lengths")})
    frame = scratch.spark.createDataFrame(rows).repartition(5)
    cells = frequency.shingle_cells(len(found.units))
    everything = np.arange(len(found))
    table = tables.counted(frame, cells, frequency.count_shingles)
    assert np.array_equal(table, frequency.frequencies(found, everything))
    cells = frequency.place_cells(int(found.words.sum()))
    table = tables.counted(frame, cells, frequency.count_places)
    assert np.array_equal(table, frequency.places(found, everything))


@needs_spark
def test_groups_stay_whole() -> None:
    import pyarrow as pa

    from scrub.engine.spark.frames import whole_groups

    keys = [1, 1, 2, 3, 3, 3, 3, 3, 3, 4, 5, 5, 6]
    for size in range(1, len(keys) + 1):
        cuts = range(0, len(keys), size)
        batches = [
            pa.record_batch({"key": keys[k : k + size], "n": keys[k : k + size]}) for k in cuts
        ]
        groups = [table["key"].to_pylist() for table in whole_groups(batches, "key")]
        assert [key for group in groups for key in group] == keys
        assert sum(len(set(group)) for group in groups) == len(set(keys))


def test_without_the_extra_the_message_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        "importlib.util.find_spec", lambda name, *rest: None if name == "pyspark" else found(name)
    )
    monkeypatch.setattr(
        "scrub.engine.spark.session.find_spec", lambda name: None if name == "pyspark" else 1
    )
    (tmp_path / "a.txt").write_text(FERRY, "utf-8")
    with pytest.raises(MissingPartError, match=r"pip install 'scrub-corpus\[spark\]'"):
        result(tmp_path / "out", "spark", tmp_path / "a.txt")


def test_a_master_means_spark_and_an_earlier_result_does_not(tmp_path: Path) -> None:
    from scrub.cli.options import DedupOptions

    engine = DedupOptions([str(tmp_path)], master="local[1]").settings().engine
    assert (engine.name, engine.master) == ("spark", "local[1]")
    with pytest.raises(ConfigError, match="--against needs --engine local"):
        run([tmp_path], tmp_path / "out", Settings(engine=engine), against=tmp_path)
    dropping = Settings.model_validate({"engine": engine, "keep": {"drop": ["rewrite"]}})
    with pytest.raises(ConfigError, match=r"drop rewrites .* needs --engine local"):
        run([tmp_path], tmp_path / "out", dropping)
    asking = Settings.model_validate({"engine": engine, "match": {"events": True}})
    with pytest.raises(ConfigError, match=r"match\.events needs --engine local"):
        run([tmp_path], tmp_path / "out", asking)


@needs_spark
@pytest.mark.parametrize("room", [150, 20_000])
def test_documents_meet_in_the_lists_that_they_read(
    room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyarrow as pa

    from scrub.engine.spark import rewriting
    from scrub.engine.spark.columns import feature_columns
    from scrub.match.features import features
    from scrub.match.rewrites import candidates
    from scrub.match.rewrites.terms import terms_of, vocabulary

    monkeypatch.setattr(candidates, "READ", room)
    monkeypatch.setattr(rewriting, "READ", room)
    monkeypatch.setattr(rewriting, "_TOGETHER", 100)
    texts = corpus(*rivals(24))[1]
    made, every = features(texts, Settings().match), np.arange(len(texts))
    terms = terms_of(made, every, vocabulary(texts, every))
    columns = feature_columns(made)
    table = pa.table({name: columns[name] for name in ("units", "lengths")} | {"rank": every})
    listed = rewriting._listed(table, terms, candidates.largest(len(texts)))
    by_term = listed.sort_by([("term", "ascending"), ("rank", "ascending")])
    met = list(rewriting._meetings(iter([by_term]), parts=3))
    assert max(len(part) for part in met) < sum(len(part) for part in met)
    joined = pa.concat_tables(met)
    assert {*joined["part"].to_pylist()} == {0, 1, 2}
    own = [joined.filter(joined["part"].to_numpy() == part) for part in range(3)]
    found = pa.concat_tables([rewriting._nearest(table) for table in own])
    pairs = {*zip(found["a"].to_pylist(), found["b"].to_pylist(), strict=True)}
    first, second = candidates.Lists.of(made, every, terms).nearest(every)
    assert pairs == {*zip(first.tolist(), second.tolist(), strict=True)} != set()
