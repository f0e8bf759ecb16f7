"""The worker that extracts pages: killed when slow, replaced when dead, ended with the reader."""

from __future__ import annotations

import os
import signal
import time
from contextlib import closing
from pathlib import Path

import pytest
from forked import promised

from scrub.config import ReadSettings
from scrub.document import Document, Rejection
from scrub.read import read
from scrub.read.html import Extractor, Extractors
from scrub.read.record import Pending
from scrub.read.stream import Place, UnreadableError

PAGE = "<html><body><article>" + "<p>A sentence of an article that is long enough.</p>" * 9
SLOW = "<html><body>" + "<div><p>A sentence, and <a href='/x'>one more</a>.</p></div>" * 60_000


def test_a_slow_page_is_given_up_and_the_next_is_read() -> None:
    with closing(Extractor(1.0)) as extract:
        start = time.monotonic()
        with pytest.raises(UnreadableError) as caught:
            extract(SLOW, "page")
        assert caught.value.reason == "html-timeout"
        assert time.monotonic() - start < 60
        assert "sentence" in extract("<p>A sentence.</p>", "fragment")[0]


def test_a_worker_that_dies_costs_one_page() -> None:
    with closing(Extractor(10.0)) as extract:
        assert extract("<p>One.</p>", "fragment")[0] == "One."
        assert extract.worker.pid
        os.kill(extract.worker.pid, signal.SIGKILL)
        with pytest.raises(UnreadableError) as caught:
            extract("<p>Two.</p>", "fragment")
        assert caught.value.reason == "html-failed"
        assert extract("<p>Three.</p>", "fragment")[0] == "Three."


def test_the_worker_ends_with_the_reader(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("in")
    (folder / "a.json").write_text('[{"html": "<p>One.</p>"}, {"html": "<p>Two.</p>"}]')
    others = _children()
    results = read([folder], ReadSettings())
    assert isinstance(next(results), Document)
    children = _children() - others
    results.close()  # type: ignore[attr-defined]
    assert children
    assert not children & _children()


def test_a_reader_that_ends_waits_for_no_worker() -> None:
    """Also for none that is just being started."""
    page = Pending("<p>One.</p>", "fragment", Place("a.html", ""), {}, {})
    begin = time.monotonic()
    for n in range(10):
        with closing(Extractors(10.0, 2)) as extractors:
            for _ in range(3):
                extractors.submit(page)
            time.sleep(0.02 * n)
    assert time.monotonic() - begin < promised(20)


def _children() -> set[str]:
    tasks = Path("/proc/self/task").glob("*/children")
    return {child for task in tasks for child in task.read_text().split()}


def test_pages_without_an_article_are_rejected() -> None:
    pages = [
        "",
        "<html>",
        "<html><body></body></html>",
        "\x00\x01",
        "<html>" + "<div>" * 100_000,
        "<html><body>" + "<table><tr><td>" * 10_000,
        "<?xml version='1.0' encoding='utf-16'?><html><body></body></html>",
    ]
    with closing(Extractor(30.0)) as extract:
        for html in pages:
            with pytest.raises(UnreadableError) as caught:
                extract(html, "page")
            assert caught.value.reason in ("no-article", "html-failed")


@pytest.mark.parametrize("head", ["<title>Quay</title>", "<script>1</script><meta charset=utf-8>"])
@pytest.mark.parametrize("start", ["", "<!doctype html>"])
def test_a_page_may_leave_out_the_tags_that_html_lets_it(start: str, head: str) -> None:
    """The parser then has an article, a tag younger than it, in the head."""
    text = "It rained on the quay all day, and nobody came to the fish market. " * 9
    with closing(Extractor(30.0)) as extract:
        found, _ = extract(f"{start}{head}<article><p>{text}</p></article>", "page")
    assert found.split() == text.split()


def test_rejected_pages_are_named(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("in")
    (folder / "a.html").write_text("<html><body><script>x</script></body></html>")
    (folder / "b.html").write_text(PAGE)
    rejected, document = read([folder], ReadSettings())
    assert isinstance(rejected, Rejection)
    assert (rejected.path, rejected.reason) == ("a.html", "no-article")
    assert isinstance(document, Document)
    assert document.text.startswith("A sentence")
