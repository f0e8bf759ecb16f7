"""Hostile ids, names and texts through the whole pipeline: data stays data in every file."""

from __future__ import annotations

import csv
import html.parser
import json
import re
import shutil
import time
import unicodedata
from pathlib import Path

import pandas as pd
import pytest

import scrub
from scrub.cli import main
from scrub.cli.doctor import verify
from scrub.config import load
from scrub.corpus import Analysis
from scrub.document import Document
from scrub.pipeline import analyse
from stories import FERRY, SCHOOL, edited, spun

IDS = [
    "../../etc/passwd", "/etc/passwd", "C:\\Windows\\x", "CON", "a/b", ".", "-rf", "x" * 300,
    "nul\0byte", "café", unicodedata.normalize("NFD", "café"), "Case", "case", "CASE",
    "NA", "null", "nan", "None", "true", "007", "1e5", "12345678901234567890123", " padded ",
    "=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "'=quoted", "''", 'a"b', "a,b", "a\nb", "a\r\nb",
    "<script>alert(1)</script>", "&lt;script&gt;", '" onmouseover="alert(1)', "</script>", "<!--",
    "[/b]", "[red]x[/red]", "{{ 7*7 }}", "{% include 'x' %}", "%s%n", "${jndi:x}",
    "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\n[ERROR] fake", "abc\u202egpj.exe",
    "\u2028", "\ufeff",    "\ud800", "🦆" * 3,
]  # fmt: skip
TEXTS = [
    "", " \n\t\n ", "word", "Advertisement", "Read more\n\nShare this article\n\nAdvertisement",
    "<script>alert('headline')</script>\n\n" + FERRY, "=cmd|' /C calc'!A0\n\n" + FERRY,
    "\x1b[2J\x1b[31m" + SCHOOL, "\u202e" + SCHOOL, "[/b] [red]\n\n" + SCHOOL, "\0" + FERRY,
    "\ud800" + FERRY,    "]]></text>" + FERRY,
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every id with a text of its own, every text with an id of its own, and spun copies."""
    folder = tmp_path_factory.mktemp("hostile") / "in"
    folder.mkdir()
    rows = [
        {"id": i, "text": spun(edited((FERRY, SCHOOL)[n % 2], 0.05, n), 0.25 * (n % 3), n)}
        for n, i in enumerate(IDS)
    ]
    rows += [{"id": f"text {n}", "text": text} for n, text in enumerate(TEXTS)]
    # Twice one id: the same text, then another.
    rows += [{"id": "twice", "text": FERRY}, {"id": "twice", "text": SCHOOL}]
    lines = [json.dumps(row) + "\n" for row in rows]  # ASCII, so lone surrogates are escapes
    (folder / "=cmd<img src=x>[b]\x1b[31m\u202e.jsonl").write_text("".join(lines))
    return folder


@pytest.fixture(scope="module")
def out(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("hostile") / "out"
    with pytest.raises(SystemExit) as stop:
        main(["run", str(folder), "-o", str(out), "--languagetool", "off", "-q", "--format", "txt"])
    assert stop.value.code in (0, 1)
    return out


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_bytes().split(b"\n") if line]


def test_every_id_comes_back(out: Path) -> None:
    result = scrub.load(out)
    ids = list(result.dedup["id"])
    readable = [i.replace("\ud800", "\ufffd") for i in IDS]
    assert ids[: len(IDS)] == readable
    assert len(set(ids)) == len(ids)
    assert ids == [d["id"] for d in lines(out / "documents.jsonl")]
    named = set(result.pairs["id_a"]) | set(result.pairs["id_b"]) | set(result.flags["id"])
    named |= set(result.dedup["kept_id"]) | set(result.dedup["cluster_id"])
    assert named <= set(ids)
    assert len(named) > 20
    assert [i for i in ids if i.startswith("twice")] == ids[-2:]
    assert all(check.ok for check in verify(out))


def test_other_readers_of_csv_get_the_ids_as_text(out: Path) -> None:
    table = pd.read_csv(out / "dedup.csv", dtype=str, keep_default_na=False, lineterminator="\n")
    assert len(table) == len(scrub.load(out).dedup)
    assert {"NA", "null", "nan", "007", "12345678901234567890123"} <= set(table["id"])


def test_no_cell_is_a_formula(out: Path) -> None:
    for path in out.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        cells = [cell for row in rows for cell in row]
        numbers = re.compile(r"-?[\d.]+(e-?\d+)?")
        assert not [c for c in cells if c[:1] in ("=", "+", "-", "@", "\t", "\r")
                    and not numbers.fullmatch(c)]  # fmt: skip
        assert len({len(row) for row in rows}) == 1


def test_no_id_became_a_file_name(out: Path) -> None:
    names = [path.name for path in (out / "corpus").iterdir()]
    assert all(re.fullmatch(r"[0-9a-f]{16}\.txt", name) for name in names)
    assert len(names) == sum(scrub.load(out).dedup["kept"])
    assert not (out.parent / "etc").exists()


class Elements(html.parser.HTMLParser):
    """Counts elements and gathers attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts = 0
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        assert tag != "img"
        self.attributes |= {name for name, _ in attrs}


def test_the_report_shows_and_runs_nothing(out: Path, seeds: Path, tmp_path: Path) -> None:
    def elements(page: Path) -> Elements:
        found = Elements()
        found.feed(page.read_text(encoding="utf-8"))
        return found

    scrub.run(seeds, tmp_path / "out", languagetool__scope="off")
    page, plain = elements(out / "report.html"), elements(tmp_path / "out" / "report.html")
    assert page.scripts == plain.scripts
    assert not [name for name in page.attributes if name.startswith("on")]
    text = (out / "report.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in html.unescape(text)
    assert "<script>alert" not in text
    # Data for the script is JSON; tests/browser looks at what the script makes of it.
    shown = re.sub("<script.*?</script>", "", text, flags=re.DOTALL)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", shown)


HARMLESS = re.compile("[^\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]*")


@pytest.mark.slow
def test_the_terminal_is_only_written_to(
    folder: Path, out: Path, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Escapes, overrides and line breaks of documents reach no line of a log."""
    spoken = tmp_path / "in\x1b[31m\u202e"
    spoken.mkdir()
    (spoken / "a\x1b[31m\n[ERROR] fake.jsonl").write_text('{"text": ')
    commands = [
        ["run", spoken, "-o", tmp_path / "o\x1b[31m", "--languagetool", "off"],
        ["dedup", tmp_path / "absent\x1b[31m\n[ERROR] fake"],
        ["check", folder, "--languagetool", "off", "--why"],
        ["check", folder, "--languagetool", "off", "--format", "github"],
        ["explain", IDS[0], "\x1b[31mred\x1b[0m", "-o", out],
        ["explain", IDS[0], "\x1b[31m none", "-o", out],
        ["doctor", "--verify", out],
    ]
    for command in commands:
        with pytest.raises(SystemExit) as stop:
            main([str(part) for part in command])
        assert stop.value.code in (0, 1, 2)
        said = capfd.readouterr()
        for stream in said:
            assert "Traceback" not in stream
            assert HARMLESS.fullmatch(stream), (command, stream)
            assert not re.search(r"^\[ERROR\] fake", stream, re.MULTILINE), (command, stream)


def test_decisions_of_a_stranger_write_nowhere_else(out: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(out, tmp_path / "out"))
    before = sorted(tmp_path.rglob("*"))
    decisions = tmp_path / "decisions.csv"
    for text in (
        "", "\0", "id\n", "id,start,end,decision\n../../x,0,1,accept\n", "\ufeff" + "x," * 99_999,
        'id,"start\n', "id,start,end,text,suggestion,kind,source,confidence,context,decision\n"
        "../../etc/passwd,0,99999999999999999999,x,=1,wording,context,1,,accept\n",
    ):  # fmt: skip
        decisions.write_text(text, encoding="utf-8")
        with pytest.raises(SystemExit) as stop:
            main(["repair", "-o", str(copy), "--decisions", str(decisions)])
        assert stop.value.code in (0, 2)
    assert sorted(p for p in tmp_path.rglob("*") if p != decisions) == before
    assert all(check.ok for check in verify(copy))


def test_the_settings_of_a_stranger_are_only_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    for text in (
        "a = 1", "[run]\nout = '/'", "[engine]\njobs = -1\nname = 'x'", "\0",
        "[read]\nmax_ratio = nan", "[match]\nnum_perm = 99999999999999999999",
        "[spin]\nlexicon = '/absent'", "[spin]\nphrases = '/dev/zero'",
        "[languagetool]\nurl = 'file:///etc/passwd'",
    ):  # fmt: skip
        (tmp_path / "c.toml").write_text(text)
        with pytest.raises(SystemExit) as stop:
            main(["run", str(folder), "-o", str(tmp_path / "out"), "-c", str(tmp_path / "c.toml"),
                  "-q"])  # fmt: skip
        assert "Traceback" not in capsys.readouterr().err
        assert stop.value.code in (1, 2), text


# --- much of it


def analysed(documents: list[str]) -> tuple[Analysis, float]:
    """What a run finds in documents, and the seconds of this processor that it took."""
    settings = load(overrides={"engine.jobs": 1, "languagetool.scope": "off"}, environ={})[0]
    given = [Document(f"{n:06}", text) for n, text in enumerate(documents)]
    start = time.process_time()
    found = analyse(given, settings)
    return found, time.process_time() - start


def test_empty_documents_are_copies_of_nothing() -> None:
    found, _ = analysed(["", " ", "\n", "word", "\u200b", "Advertisement", "Advertisement"] * 2)
    assert not [v for v in found.verdicts.values() if v.relation in ("near", "excerpt")]
    words = found.corpus.words
    clusters = [v.cluster_id for i, v in found.verdicts.items() if not words[i]]
    assert len(set(clusters)) == len(clusters)


def test_a_shard_may_hold_no_word() -> None:
    found, _ = analysed(["!!! ... ???", "*** --- +++"])
    assert [v.kept for v in found.verdicts.values()] == [True, True]


def test_two_thousand_identical_documents_are_one_cluster_in_linear_time() -> None:
    analysed([FERRY] * 10)  # what is compiled or loaded once
    found, few = analysed([FERRY] * 500)
    assert len({v.cluster_id for v in found.verdicts.values()}) == 1
    found, many = analysed([FERRY] * 2000)
    assert len({v.cluster_id for v in found.verdicts.values()}) == 1
    assert sum(v.kept for v in found.verdicts.values()) == 1
    assert many < 4 * 3 * max(few, 0.05)


LONG = {
    "one line": FERRY.replace("\n", " ") * 400,
    "ampersands": "&" * 200_000,
    "mojibake": "Ã" * 100_000,
    "layers of mojibake": "Ã\u0083Â\u0083Ã\u0082Â" * 20_000,
    "one word": "a" * 1_000_000,
    "spaces": " " * 1_000_000,
    "line ends": "\n" * 500_000,
    "hyphens": "a-\n" * 100_000,
    "quotes": "'\"" * 200_000,
    "combining marks": "a" + "\u0301" * 200_000,
    "digits": "1" * 300_000,
    "full stops": ". " * 200_000,
    "addresses": "http://" * 50_000,
    "markup": "<div>" * 100_000,
}


@pytest.mark.parametrize("name", LONG)
def test_a_pathological_text_takes_bounded_time(name: str) -> None:
    text = LONG[name]
    analysed(["warm"])
    _, half = analysed([text[: len(text) // 2], FERRY])
    _, whole = analysed([text, FERRY, text[: len(text) // 3]])
    # Linear are 3, and the third is compared with the whole of which it is a part.
    assert whole < 12 * max(half, 0.1)
    assert whole < 20
