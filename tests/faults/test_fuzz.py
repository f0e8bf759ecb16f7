"""Whatever a document, a table of decisions or a setting says: no crash, and the laws hold."""

from __future__ import annotations

import contextlib
import html.parser
import json
import re
import shutil
import tempfile
from pathlib import Path

import pytest
from fuzzing import fuzz
from hypothesis import example, given
from hypothesis import strategies as st

import scrub
from scrub.clean.changes import replay
from scrub.clean.text import clean_text
from scrub.cli.doctor import verify
from scrub.config import CleanSettings, Settings, load
from scrub.document import Document
from scrub.errors import ConfigError, DecisionError, InputError
from scrub.pipeline import analyse, run
from scrub.review import apply_decisions
from scrub.spin.align import align
from scrub.write.load import load_changes, load_documents
from stories import FERRY, MUSEUM, SCHOOL, edited, spun

OFF = load(overrides={"engine.jobs": 1, "languagetool.scope": "off"}, environ={})[0]
PIECES = [
    FERRY[:300], MUSEUM[:200], SCHOOL[:250], spun(FERRY[:300], 0.4), "The mayor said. ",
    "Advertisement", "Read more: ", "\n\n", "\n", "\r\n", " ", "\t", "the", "a", "co-\n", "1,500",
    "&amp;", "&#x1F4A9;", "â€œ", "Ã©", "\u200b", "\u00ad", "\u202e", "\u2028", "\x85", "\ufffd",
    "\x1b[31m", "\0", "=1+1", "<b>", "</script>", "“", "”", "'", "ﬁ", "İ", "ß", "e\u0301",
    "北京", "🦆", "U.S.", "http://x.y/z?a=b", "@x",
]  # fmt: skip
TEXTS = st.lists(
    st.sampled_from(PIECES) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    max_size=30,
).map("".join)


def _with_copies(texts: list[str]) -> list[str]:
    return texts + [edited(t, 0.2) for t in texts[:2]] + [spun(t, 0.3) for t in texts[:1]]


CORPORA = st.lists(TEXTS, max_size=6).map(_with_copies)


@fuzz(150)
@given(TEXTS)
@example("\0" * 50)
def test_clean(text: str) -> None:
    cleaned = clean_text(text, CleanSettings())
    assert replay(text, cleaned.changes) == cleaned.text
    assert clean_text(cleaned.text, CleanSettings()).text == cleaned.text
    cleaned.text.encode()


@fuzz(100)
@given(TEXTS, TEXTS)
def test_align(one: str, other: str) -> None:
    assert align(one, other) == align(one, other)


@fuzz(25)
@given(CORPORA)
@example(_with_copies([FERRY[:300], MUSEUM[:200], FERRY[:300] + MUSEUM[:200]]))  # a round-up
def test_analyse(texts: list[str]) -> None:
    found = analyse([Document(f"{n}", text) for n, text in enumerate(texts)], OFF)
    assert sorted(found.verdicts) == sorted(str(n) for n in range(len(texts)))
    for i, verdict in found.verdicts.items():
        assert verdict.kept == (verdict.kept_id == i)
        assert found.verdicts[verdict.kept_id].kept
        if found.verdicts[verdict.kept_id].cluster_id != verdict.cluster_id:
            assert (verdict.relation, verdict.cluster_id) == ("excerpt", i)
    cleaned = {d.id: d.text for d in found.corpus.documents}
    for n, text in enumerate(texts):
        assert replay(text, found.corpus.changes.get(str(n), [])) == cleaned[str(n)]
    for i, flags in found.flagged.flags.items():
        for flag in flags:
            assert cleaned[i][flag.start : flag.end] == flag.text


@fuzz(12)
@given(st.lists(st.tuples(st.text(max_size=8), TEXTS), min_size=1, max_size=5))
def test_run_adds_up_and_reads_back(rows: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = [*rows, ("", "It rained.")]  # of nothing but empty texts there is no result
        lines = [json.dumps({"id": i, "text": text}) + "\n" for i, text in rows]
        (folder / "in.jsonl").write_text("".join(lines))
        record = run([folder / "in.jsonl"], folder / "out", OFF)
        assert record["counts"]["inputs"] == len(rows)
        assert all(check.ok for check in verify(folder / "out"))
        result = scrub.load(folder / "out")
        assert list(result.dedup["id"]) == list(result.documents.get("id", []))
        assert set(result.flags["id"]) <= set(result.dedup["id"])


# --- the report

MARKUP = [
    *PIECES,
    "<!--", "-->", "<img src=x onerror=alert(1)>", "&lt;script&gt;", '" onmouseover="x', "]]>",
    "<svg/onload=x>", "{{7*7}}", "\\u003c/script>", "</SCRIPT\t>", "<style>", "</title>", "`${x}`",
]  # fmt: skip
NAMES = st.lists(st.sampled_from(MARKUP[12:]) | st.text(max_size=4), max_size=3).map("".join)
UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


class Page(html.parser.HTMLParser):
    """The elements of a page but those of tables and text, which texts cannot add to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.scripts = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        assert tag not in ("img", "iframe", "object", "base")
        assert not [name for name, _ in attrs if name.startswith("on")]


@pytest.fixture(scope="module")
def scripts(finished: Path) -> int:
    return Page((finished / "report.html").read_text(encoding="utf-8")).scripts


@pytest.mark.slow
@fuzz(12)
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {
                "id": NAMES,
                "title": NAMES,
                "source": NAMES,
                "text": st.lists(st.sampled_from(MARKUP), max_size=12).map("".join),
            }
        ),
        min_size=1,
        max_size=4,
    ),
    name=st.sampled_from(["a", "<b>", "\x1b[31m", "\u202e", "&lt;"]),
)
def test_the_report_runs_and_hides_nothing(
    rows: list[dict[str, str]], name: str, scripts: int
) -> None:
    rows += [{**rows[0], "text": "It rained."}]
    rows += [{**row, "text": edited(spun(row["text"], 0.3), 0.1)} for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, f"{name}.jsonl")
        place.write_text("".join(json.dumps(row) + "\n" for row in rows))
        run([place], Path(folder, "out"), OFF)
        page = Path(folder, "out", "report.html").read_text(encoding="utf-8")
    assert Page(page).scripts == scripts
    shown = re.sub("<script.*?</script>", "", page, flags=re.DOTALL)
    assert not UNSHOWN.search(shown)


# --- decisions


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fuzz")
    for n, text in enumerate([FERRY, spun(FERRY, 0.3), spun(SCHOOL, 0.3)]):
        (folder / f"{n}.txt").write_text(text)
    run([folder], folder / "out", OFF)
    assert len(scrub.load(folder / "out").flags) > 3
    return folder / "out"


CELLS = st.sampled_from(
    ["", "accept", "reject", "0.txt", "1.txt", "0", "3", "-1", "9" * 30, "nan", "1e9", "a word",
     "wording", "=1", '"', "\0", "\n", "\r", "é", "the"]
) | st.text(max_size=9)  # fmt: skip


@fuzz(30)
@given(data=st.data())
def test_decisions(finished: Path, data: st.DataObject) -> None:
    lines = (finished / "flags.csv").read_text().splitlines()
    rows = data.draw(st.lists(st.sampled_from(lines[1:]), max_size=6))
    made = []
    for row in rows:
        cells = row.split(",")
        for _ in range(data.draw(st.integers(0, 3))):
            cells[data.draw(st.integers(0, len(cells) - 1))] = data.draw(CELLS)
        cells[-1] = data.draw(CELLS)
        made.append(",".join(cells))
    heading = lines[0] if data.draw(st.booleans()) else data.draw(CELLS)
    with tempfile.TemporaryDirectory() as name:
        out = Path(shutil.copytree(finished, Path(name) / "out"))
        decisions = Path(name) / "decisions.csv"
        decisions.write_text("\n".join([heading, *made]), encoding="utf-8", errors="replace")
        before = (out / "corpus.jsonl").read_bytes()
        try:
            apply_decisions(out, decisions, OFF)
        except (DecisionError, InputError):
            assert (out / "corpus.jsonl").read_bytes() == before
        assert all(check.ok for check in verify(out))
        changes = load_changes(out)
        assert {d.id for d in load_documents(out)} >= set(changes)


# --- settings

SETTINGS = [
    f"{section}.{key}" for section, field in Settings.model_fields.items()
    for key in field.annotation.model_fields  # type: ignore[union-attr]
]  # fmt: skip


@fuzz(150)
@given(
    st.dictionaries(
        st.sampled_from(SETTINGS) | st.text(max_size=9),
        st.text(max_size=9) | st.integers() | st.floats() | st.none() | st.lists(st.booleans()),
        max_size=3,
    )
)
def test_settings(values: dict[str, object]) -> None:
    with contextlib.suppress(ConfigError):
        chosen, origins = load(overrides=values, environ={})
        assert set(values) <= set(origins)
        assert Settings.model_validate(chosen.model_dump()) == chosen
