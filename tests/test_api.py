"""scrub from Python: what is exported; new frames come back, nothing is printed or changed."""

from __future__ import annotations

import inspect
import types
from pathlib import Path
from typing import Any, get_args, get_overloads, get_type_hints

import pandas as pd
import pytest

import scrub
from scrub.errors import ConfigError
from scrub.frames import ArrowStream, Rows
from scrub.progress import bars
from scrub.write import tables

NAMES = ["RunResult", "check", "clean", "compare", "copies", "find_duplicates", "load", "run"]
STORY = (
    "The harbour office of Port Ellery said on Monday that three ferries would sail again. "
    "Repairs to the northern quay took eleven weeks, two more than the engineers had planned. "
    "Passengers who hold season tickets will be paid back for the days without a crossing. "
)
OTHER = (
    "The council of Brannholt met on Friday and put the vote about the swimming bath off. "
    "Members asked the mayor to publish what the new roof would cost before the summer."
)


def test_the_exported_names() -> None:
    public = [
        name
        for name, value in vars(scrub).items()
        if not name.startswith("_") and not isinstance(value, types.ModuleType)
    ]
    assert sorted(scrub.__all__) == sorted(public) == NAMES
    assert (Path(scrub.__file__).parent / "py.typed").is_file()


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_documented_and_typed(name: str) -> None:
    value = getattr(scrub, name)
    assert inspect.getdoc(value)
    if inspect.isfunction(value):
        assert "return" in value.__annotations__
        assert set(inspect.signature(value).parameters) < set(value.__annotations__)


@pytest.fixture(scope="module")
def result(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> scrub.RunResult:
    out = tmp_path_factory.mktemp("api") / "out"
    return scrub.run(seeds, out, languagetool__scope="off", engine__jobs=1)


def test_run_returns_the_tables(result: scrub.RunResult) -> None:
    assert tuple(result.dedup.columns) == tables.DEDUP
    assert tuple(result.pairs.columns) == tables.PAIRS
    assert tuple(result.flags.columns) == tables.FLAGS
    assert len(result.documents) == len(result.dedup) == 5
    assert result.dedup["kept"].dtype == bool
    assert result.manifest["counts"]["kept"] == int(result.dedup["kept"].sum()) == 4
    texts = dict(zip(result.documents["id"], result.documents["text"], strict=True))
    for flag in result.flags.to_dict("records"):
        assert texts[flag["id"]][flag["start"] : flag["end"]] == flag["text"]


def test_progress_is_shown_as_bars_where_that_is_asked_for(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with bars(False) as told:
        told("read", 10, 10)
    assert capfd.readouterr() == ("", "")
    with bars(True) as told:
        told("read", 10, 10)
        told("write", 5, 5)
    out, err = capfd.readouterr()
    assert out == ""
    assert "read" in err
    assert "5 documents" in err


def test_load_gives_the_same(result: scrub.RunResult, tmp_path: Path, seeds: Path) -> None:
    out = tmp_path / "out"
    again = scrub.run([seeds], str(out), languagetool__scope="off", engine__jobs=1)
    loaded = scrub.load(out)
    for name in ("documents", "dedup", "pairs", "flags"):
        pd.testing.assert_frame_equal(getattr(loaded, name), getattr(again, name))
        pd.testing.assert_frame_equal(getattr(loaded, name), getattr(result, name))


def test_nothing_is_printed_and_progress_is_called(
    seeds: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    calls: list[tuple[str, int, int]] = []
    scrub.run(
        seeds, tmp_path / "out", flag=False, on_progress=lambda *call: calls.append(call),
        engine__jobs=1,
    )  # fmt: skip
    assert [stage for stage, done, _ in calls if done == 0][:3] == ["read", "clean", "match"]
    assert {("clean", 5, 5), ("match", 5, 5), ("keep", 5, 5)} <= {*calls}
    for stage in ("match", "write"):
        heard = [done for name, done, _ in calls if name == stage]
        assert heard == sorted(heard)
        assert heard[0] < heard[-1] == [total for name, _, total in calls if name == stage][-1]
    assert capfd.readouterr() == ("", "")


def test_settings_are_checked_and_named_as_they_were_given(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"argument keep\.drop_shar: .*did you mean drop_share"):
        scrub.run(tmp_path, keep__drop_shar=1)
    with pytest.raises(ConfigError, match=r"no section \[kep\]"):
        scrub.clean("x", kep__drop_share=1)


def test_clean_returns_text_and_changes() -> None:
    from scrub.clean.changes import replay

    raw = "Prices rose by 5\u00a0%.\r\n\r\n\r\n\r\nAnalysts agreed."
    cleaned = scrub.clean(raw)
    assert cleaned.text == "Prices rose by 5 %.\n\nAnalysts agreed."
    assert replay(raw, cleaned.changes) == cleaned.text
    assert scrub.clean(raw, clean__layout=False).text != cleaned.text


def test_check_flags_one_text(seeds: Path) -> None:
    text = (seeds / "002_206a0ed18338637d.txt").read_text(encoding="utf-8")
    flags = scrub.check(text, languagetool__scope="off", engine__jobs=1)
    cleaned = scrub.clean(text).text
    assert all(cleaned[flag.start : flag.end] == flag.text for flag in flags)
    assert scrub.check(OTHER, languagetool__scope="off", engine__jobs=1) == []


def test_find_duplicates_leaves_the_frame_alone() -> None:
    frame = pd.DataFrame({"key": ["a", "b", "c"], "body": [STORY, OTHER, STORY]}, index=[7, 8, 9])
    before = frame.copy(deep=True)
    pairs, clusters = scrub.find_duplicates(frame, text="body", id="key")
    pd.testing.assert_frame_equal(frame, before)
    assert list(clusters.index) == [7, 8, 9]
    assert clusters["cluster_id"].tolist() == ["a", "b", "a"]
    assert pairs[["id_a", "id_b", "relation"]].values.tolist() == [["a", "c", "exact"]]
    with pytest.raises(KeyError, match="no column 'text'"):
        scrub.find_duplicates(frame)
    with pytest.raises(ValueError, match="ids repeat"):
        scrub.find_duplicates(pd.concat([frame, frame]), text="body", id="key")


def kinds() -> dict[str, Any]:
    """Each kind of table, made from columns, and how its rows are read by its own library."""
    pa, duckdb = pytest.importorskip("pyarrow"), pytest.importorskip("duckdb")
    datasets = pytest.importorskip("datasets")
    return {
        "list": (lambda t: pa.table(t).to_pylist(), list),
        "arrow": (pa.table, lambda t: t.to_pylist()),
        "duckdb": (lambda t: duckdb.from_arrow(pa.table(t)), lambda t: t.df().to_dict("records")),
        "datasets": (datasets.Dataset.from_dict, lambda t: t.to_list()),
        "pandas": (pd.DataFrame, lambda t: t.to_dict("records")),
    }


@pytest.mark.parametrize("kind", ["list", "arrow", "duckdb", "datasets", "pandas"])
def test_a_table_of_any_kind_comes_back_as_what_it_was(kind: str) -> None:
    make, read = kinds()[kind]
    given = make({"n": [1, 2, 3], "body": [STORY, OTHER, STORY], "other": [1.5, None, 2.5]})
    pairs, rows = scrub.find_duplicates(given, text="body", id="n")
    assert type(pairs) is type(rows) is type(given)
    assert [(p["id_a"], p["id_b"], p["relation"]) for p in read(pairs)] == [(1, 3, "exact")]
    found = read(rows)
    assert [row["keep"] for row in found] == [True, True, False]
    assert [row["kept_id"] for row in found] == [1, 2, 1]
    assert [row["relation"] for row in found] == ["kept", "unique", "exact"]
    assert all(0 <= row["spun_score"] <= 1 for row in found)


def test_lists_settings_and_what_is_no_table() -> None:
    _, rows = scrub.find_duplicates([STORY, OTHER, STORY])
    assert [row["kept_id"] for row in rows] == ["0", "1", "0"]
    _, rows = scrub.find_duplicates([STORY, OTHER, STORY], keep__drop=["near"])
    assert all(row["keep"] for row in rows)
    _, rows = scrub.find_duplicates([STORY, OTHER, STORY], match__method="minhash")
    assert [row["keep"] for row in rows] == [True, True, False]
    assert scrub.find_duplicates([]) == ([], [])
    with pytest.raises(TypeError, match="no table: int"):
        scrub.find_duplicates(3)
    with pytest.raises(ConfigError, match="did you mean"):
        scrub.find_duplicates([STORY], keep__polcy="first")


@pytest.mark.parametrize("kind", ["arrow", "datasets", "pandas"])
def test_a_run_takes_a_table(kind: str, tmp_path: Path) -> None:
    make, _ = kinds()[kind]
    given = make({"id": ["a", "b", "c"], "text": [STORY, OTHER, STORY]})
    found = scrub.run(given, tmp_path / "out", flag=False, engine__jobs=1)
    assert found.dedup["kept_id"].tolist() == ["a", "b", "a"]
    assert found.dedup["path"].tolist() == [f"table.jsonl#{n}" for n in (1, 2, 3)]


def test_the_type_hints_resolve() -> None:
    names = {"pd": pd, "ArrowStream": ArrowStream, "Rows": Rows}
    general = get_overloads(scrub.find_duplicates)[-1]
    given = get_type_hints(general, localns=names)
    assert get_args(given["return"]) == (given["df"], given["df"]) == (Rows, Rows)
