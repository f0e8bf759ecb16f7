"""Time follows the input in each stage of a run and in each form of its result.

The limits are those of `growing.py`; the seconds of a stage are those of the processor.
"""

from __future__ import annotations

import csv
import json
import shutil
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from growing import EXPONENT, growth

from scrub import progress
from scrub.config import Settings, load
from scrub.pipeline import run
from scrub.review import apply_decisions
from scrub.table import load_table
from stories import filler, notice, spun

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

PHRASES = "phrase,expected\ncounterfeit consciousness,artificial intelligence\n"
NOUNS = "ferry quay gull harbour captain lantern winter rope".split()  # noqa: SIM905


def articles(size: int) -> Iterator[str]:
    """Different ones, and of every fourth a spun copy."""
    for number in range(size // 1000):
        yield filler(number)
        if number % 4 == 0:
            yield spun(filler(number), 0.3)


def long_copy(size: int) -> Iterator[str]:
    """One long text, and the same spun."""
    text = "\n\n".join(filler(number) for number in range(size // 2000))
    yield text
    yield spun(text, 0.3)


def forms(size: int) -> Iterator[str]:
    """Fillings of one template."""
    return (notice(number) for number in range(size // 800))


def flagged(size: int) -> Iterator[str]:
    """One text with many known phrases, quotations, and places to clean."""
    yield "\n\n".join(
        f"The counterfeit consciousness of  the {NOUNS[n % 8]} saw \u201can odd {NOUNS[n // 8 % 8]}"
        f'\u201d and {n} \u00a0gulls.\n\n\n\nNobody came to "the {NOUNS[n // 64 % 8]}" again.'
        for n in range(size // 130)
    )


CORPORA = {make.__name__: make for make in (articles, long_copy, forms, flagged)}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stages are timed by what the processor does for this process."""
    monkeypatch.setattr(progress, "time", SimpleNamespace(perf_counter=time.process_time))


def records(size: int, corpus: str) -> list[dict[str, str]]:
    return [{"id": str(n), "text": text} for n, text in enumerate(CORPORA[corpus](size))]


def settings_of(tmp_path: Path, **more: Any) -> Settings:
    phrases = tmp_path / "phrases.csv"
    phrases.write_text(PHRASES)
    given = {"spin.phrases": str(phrases), "languagetool.scope": "off", "engine.jobs": 1}
    return load(overrides=given | {k.replace("__", "."): v for k, v in more.items()}, environ={})[0]


@pytest.mark.slow
@pytest.mark.parametrize("corpus", CORPORA)
def test_each_stage_of_a_run(corpus: str, tmp_path: Path) -> None:
    settings = settings_of(tmp_path)

    def work(size: int) -> Mapping[str, float]:
        path = tmp_path / f"{size}.jsonl"
        if not path.exists():
            path.write_text("".join(json.dumps(r) + "\n" for r in records(size, corpus)))
        shutil.rmtree(tmp_path / "out", ignore_errors=True)
        stages: dict[str, float] = run([path], tmp_path / "out", settings)["stages"]
        return stages

    exponent, *seconds = growth(work, 40_000)
    assert exponent <= EXPONENT, seconds


def as_json(rows: list[dict[str, str]], path: Path) -> None:
    path.write_text(json.dumps(rows))


def as_lines(rows: list[dict[str, str]], path: Path) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def as_table(rows: list[dict[str, str]], path: Path) -> None:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, ["id", "text"])
        writer.writeheader()
        writer.writerows(rows)


def as_parquet(rows: list[dict[str, str]], path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_pylist(rows), path)


SAME = {"a.json": as_json, "a.jsonl": as_lines, "a.csv": as_table, "a.parquet": as_parquet}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where texts are kept that were cleaned for one form and are written in another."""
    return tmp_path_factory.mktemp("prepared")


@pytest.mark.slow
@pytest.mark.parametrize("corpus", ["articles", "flagged"])
@pytest.mark.parametrize(
    ("name", "given"),
    [
        *(("a.jsonl", {"write__format": form}) for form in ("parquet", "txt", "ids")),
        ("a.jsonl", {"write__text": "raw"}),
        *((name, {"write__format": "same"}) for name in SAME),
        *((name, {"write__format": "same", "write__mark": True}) for name in SAME),
        *((name, {"write__format": "same", "write__text": "clean"}) for name in SAME),
    ],
)
def test_each_form_of_a_result(
    name: str, given: Mapping[str, Any], corpus: str, prepared: Path, tmp_path: Path
) -> None:
    settings = settings_of(tmp_path, match__rewrites=False, **given)

    def work(size: int) -> Mapping[str, float]:
        folder = tmp_path / str(size)
        if not folder.exists():
            folder.mkdir()
            SAME[name](records(size, corpus), folder / name)
        shutil.rmtree(tmp_path / "out", ignore_errors=True)
        record = run([folder], tmp_path / "out", settings, flag=False, cache=prepared)
        return {"write": record["stages"]["write"]}

    exponent, *seconds = growth(work, 30_000)
    assert exponent <= EXPONENT, seconds


@pytest.mark.slow
def test_decisions_on_the_flags_of_one_text(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)

    def work(size: int) -> Mapping[str, float]:
        path, out = tmp_path / f"{size}.txt", tmp_path / f"{size}.out"
        if not path.exists():
            path.write_text(next(flagged(size)), encoding="utf-8")
            run([path], out, settings)
            rows = [
                row | {"decision": ("accept", "reject", f"word {n}", "")[n % 4]}
                for n, row in enumerate(load_table(out / "flags.csv"))
            ]
            with (tmp_path / f"{size}.csv").open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, rows[0])
                writer.writeheader()
                writer.writerows(rows)
        begin = time.process_time()
        assert apply_decisions(out, tmp_path / f"{size}.csv", settings) > size // 300
        return {"decide": time.process_time() - begin}

    exponent, *seconds = growth(work, 40_000)
    assert exponent <= EXPONENT, seconds
