"""What one record may cost: time of the processor and memory, whichever reader or step takes it.

Inputs that only claim a lot stand for those that would cost it; limits are set low for the tests.
"""

from __future__ import annotations

import io
import multiprocessing
import re
import threading
import time
import zipfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scrub import limits
from scrub.config import ReadSettings, Settings
from scrub.document import Document, Rejection
from scrub.engine.local import LocalEngine
from scrub.errors import WorkerError
from scrub.limits import TooSlow, limited, watched
from scrub.pipeline import analyse, run
from scrub.read import apart, read
from scrub.read.apart import Worker
from scrub.table import load_table

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = "It rained on the quay all day, and nobody came to the fish market."


def spin(*_: object) -> Any:
    """Take time in which the machine does work."""
    while True:
        pass


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the limits be a fraction of a second."""
    monkeypatch.setattr(limits, "SECONDS", 0.2)


def split(folder: Path, **settings: float) -> tuple[dict[str, str], dict[str, str]]:
    """Texts and reasons, by path."""
    results = list(read([folder], ReadSettings(**settings), jobs=1))
    texts = {r.path: r.text for r in results if isinstance(r, Document)}
    return texts, {r.path: r.reason for r in results if isinstance(r, Rejection)}


# The clock


@pytest.mark.parametrize("work", [spin, lambda: re.search("a*b", "a" * 200_000)])
def test_work_is_ended_where_it_stands(work: Any) -> None:
    with watched(), pytest.raises(TooSlow), limited(lambda: 0.2):
        work()


def test_time_that_others_take_does_not_count() -> None:
    with watched(), limited(lambda: 1.0):
        time.sleep(3)


def test_nothing_is_ended_after_its_block() -> None:
    with watched():
        with limited(lambda: 0.1):
            pass
        begin = time.process_time()
        while time.process_time() < begin + 1.5:
            pass


def test_another_thread_has_no_clock_and_no_trouble() -> None:
    done: list[bool] = []

    def work() -> None:
        with watched(), limited(lambda: 0.0):
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]


@pytest.mark.usefixtures("soon")
def test_a_file_that_takes_too_long_costs_itself(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from scrub.read import text

    plain = text.read_text

    def slow(file: Any, build: Any) -> Iterator[Any]:
        if "slow" in file.name:
            spin()
        yield from plain(file, build)

    monkeypatch.setattr(text, "read_text", slow)
    for name in ("a.txt", "slow.txt", "z.txt"):
        (tmp_path / name).write_text(TEXT)
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        for name in ("a.txt", "slow.txt", "z.txt"):
            archive.writestr(name, TEXT)
    texts, reasons = split(tmp_path)
    assert set(texts) == {"a.txt", "b.zip/a.txt", "b.zip/z.txt", "z.txt"}
    assert reasons == {"b.zip/slow.txt": "too-slow", "slow.txt": "too-slow"}


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_text_whose_cleaning_takes_too_long_is_a_row_of_rejected(
    jobs: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from scrub.clean import layout

    join = layout.join_lines
    monkeypatch.setattr(layout, "join_lines", lambda t: spin() if "SLOW" in t else join(t))
    for number in range(4):
        (tmp_path / f"{number}.txt").write_text(f"{TEXT}\u00a0Number {number}.")
    (tmp_path / "slow.txt").write_text(f"{TEXT}\u00a0SLOW")
    settings = Settings.model_validate({"engine": {"jobs": jobs}})
    run([tmp_path], tmp_path / "out", settings, flag=False)
    (row,) = load_table(tmp_path / "out" / "rejected.csv")
    assert (row["id"], row["reason"]) == ("slow.txt", "too-slow")
    assert len(list(load_table(tmp_path / "out" / "dedup.csv"))) == 4


# The process that reads what can cost too much


def sheet(cells: dict[str, str]) -> bytes:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for place, value in cells.items():
        book.active[place] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_sheet_that_takes_more_memory_than_it_may_costs_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two cells of a sheet can stand for all between them; here a sound sheet may have nothing."""
    (tmp_path / "a.xlsx").write_bytes(sheet({"A1": "text", "A2": TEXT, "CV20000": TEXT}))
    (tmp_path / "b.txt").write_text(TEXT)
    assert "a.xlsx#1" in split(tmp_path)[0]
    monkeypatch.setattr(apart, "MEMORY", 16 << 20)
    assert split(tmp_path) == ({"b.txt": TEXT}, {"a.xlsx": "too-large"})


def test_rows_that_are_said_to_repeat_are_metered(tmp_path: Path) -> None:
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "text", "table")
    )
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        "<table:table table:name='a'>"
        f"<table:table-row>{cell.format('text')}</table:table-row>"
        f'<table:table-row table:number-rows-repeated="40000">{cell.format(TEXT)}</table:table-row>'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(tmp_path / "a.ods", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    texts, reasons = split(tmp_path, max_record_mb=1)
    assert reasons == {"a.ods": "expands-too-much"}
    assert sum(map(len, texts.values())) < 1_500_000


def test_a_row_past_the_limit_costs_itself(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"text": ["a " * 1_000_000, TEXT]}), tmp_path / "a.parquet")
    texts, reasons = split(tmp_path, max_record_mb=1, max_ratio=1e6)
    assert (texts, reasons) == ({"a.parquet#2": TEXT}, {"a.parquet#1": "too-large"})


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("name", ["a.docx", "a.epub"])
def test_members_of_documents_are_unpacked_in_pieces(
    name: str, method: int, tmp_path: Path
) -> None:
    import tracemalloc

    member = {"a.docx": "word/document.xml", "a.epub": "META-INF/container.xml"}[name]
    with zipfile.ZipFile(tmp_path / name, "w", method) as archive:
        archive.writestr(member, bytes(40_000_000))
    tracemalloc.start()
    try:
        _, reasons = split(tmp_path, max_record_mb=1)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
    assert set(reasons.values()) <= {"expands-too-much", "too-large"}


def test_a_process_past_its_time_ends_and_the_next_one_answers() -> None:
    markup = {"markup": "<p>" + "<b>a</b>" * 2_000_000, "form": "fragment"}
    with closing(Worker()) as worker:
        with pytest.raises(TimeoutError):
            worker.ask(markup, 0.05, 10)
        assert worker.pid is None
        assert worker.ask({"markup": "<p>One.", "form": "fragment"}, 9, 10)["text"] == "One."


def test_a_process_past_its_memory_says_so_or_ends() -> None:
    with closing(Worker(quiet=True)) as worker:
        try:
            reply = worker.ask({"markup": "<b>" * 9_000_000, "form": "fragment"}, 60, -21_400_000)
        except EOFError:
            reply = {"error": "ended"}
        assert "error" in reply
        assert worker.ask({"markup": "<p>One.", "form": "fragment"}, 9, 10)["text"] == "One."


# The process that reads


def deadly(count: int) -> Iterator[int]:
    import os

    yield from range(count)
    os._exit(9)


def test_what_kills_the_reading_process_twice_does_not_kill_the_run() -> None:
    with LocalEngine(2) as engine, pytest.raises(WorkerError, match="died twice"):
        assert list(engine.feed(deadly, 3))
    assert engine.deaths == 1


def test_workers_end_with_the_map_that_they_are_for() -> None:
    """Idle ones would hold a fifth of a run's memory until it ends."""
    with LocalEngine(2) as engine:
        assert set(engine.map(abs, range(-4, 0))) == {1, 2, 3, 4}
        assert not multiprocessing.active_children()
        assert list(engine.map(abs, range(-2, 0))) == [2, 1]  # others take their place


def test_an_analysis_of_texts_has_the_clock_of_its_thread() -> None:
    """Also where another thread than the main one asks for it."""
    found: list[int] = []
    documents = [Document(str(n), f"{TEXT} {n}\u00a0times.") for n in range(2)]
    settings = Settings.model_validate({"engine": {"jobs": 1}})
    thread = threading.Thread(
        target=lambda: found.append(len(analyse(documents, settings, flag=False).corpus.ids))
    )
    thread.start()
    thread.join()
    assert found == [2]


def test_rejections_lie_on_disk(tmp_path: Path) -> None:
    """However many there are, a batch has but their number and their file."""
    from scrub.store.reading import Rejections, pack_batches

    def found() -> Iterator[Document | Rejection]:
        for number in range(25_000):
            yield Rejection(f"{number}", "a.jsonl", "bad-json", "line\\ud800 \u2028")
        yield Document("a", TEXT)
        yield Rejection("last", "a.jsonl", "empty", "no text")

    (batch,) = pack_batches(found(), tmp_path)
    assert batch.rejected
    more = Rejection("more", "b.txt", "quality", "short")
    rejections = Rejections([batch.rejected], [more])
    assert len(rejections) == 25_002
    assert rejections[0] == Rejection("0", "a.jsonl", "bad-json", "line\\ud800 \u2028")
    assert [r.id for r in rejections][-3:] == ["24999", "last", "more"]
    assert rejections[25_001] == more
