"""scrub between two pipes: standard input and output, events on stderr, exit codes, plans."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scrub.cli import main
from scrub.cli.piping import _ending
from scrub.config import ReadSettings
from stories import FERRY, MUSEUM, SCHOOL

ROWS = [
    {"id": f"doc-{n}", "body": text, "n": n}
    for n, text in enumerate([FERRY, MUSEUM, FERRY, SCHOOL, MUSEUM])
]
LINES = b"".join(json.dumps({"text": r["body"], **r}).encode() + b"\n" for r in ROWS)
_QUOTED = "id;text\n" + "".join(
    '{};"{}"\n'.format(row["id"], row["body"].replace('"', '""')) for row in ROWS
)
TABLE = _QUOTED.encode()


Scrub = Callable[..., tuple[int, bytes, bytes]]  # of what is put in, and the arguments


@pytest.fixture
def scrub(
    capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Scrub:
    monkeypatch.chdir(tmp_path)

    def call(data: bytes, *arguments: str) -> tuple[int, bytes, bytes]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        with pytest.raises(SystemExit) as stop:
            main(["dedup", *arguments, "-j", "1", "--set", "match.rewrites=false"])
        return (int(stop.value.code or 0), *capsysbinary.readouterr())

    return call


def test_what_goes_in_comes_out_without_the_copies(scrub: Scrub) -> None:
    code, out, err = scrub(LINES, "-", "-o", "-")
    lines = LINES.splitlines(keepends=True)
    assert (code, out) == (0, b"".join([*lines[:2], lines[3]]))
    assert b"kept  3" in err
    assert not list(Path.cwd().iterdir())


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
def test_a_packed_table_stays_one(scrub: Scrub, pack: Callable[[bytes], bytes]) -> None:
    unpack = gzip.decompress if pack is gzip.compress else bz2.decompress
    code, out, err = scrub(pack(TABLE), "-", "-o", "-", "-q")
    assert (code, err) == (0, b"")
    assert [line.partition(b";")[0] for line in unpack(out).splitlines()[:1]] == [b"id"]
    assert b"doc-2" not in unpack(out)
    assert b"doc-3;" in unpack(out)


def test_another_form_on_standard_output(scrub: Scrub) -> None:
    _, out, _ = scrub(LINES, "-", "-o", "-", "--format", "jsonl", "-q")
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["doc-0", "doc-1", "doc-3"]
    _, out, _ = scrub(LINES, "-", "-o", "-", "--format", "ids", "-q")
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["doc-2", "doc-4"]
    _, out, _ = scrub(LINES, "-", "-o", "-", "--mark", "-q")
    assert [json.loads(line)["kept"] for line in out.splitlines()] == [
        True,
        True,
        False,
        True,
        False,
    ]


def test_exit_codes(scrub: Scrub) -> None:
    code, out, err = scrub(LINES + b"{broken\n", "-", "-o", "-", "-v")
    assert (code, out.splitlines()[-1]) == (1, b"{broken")
    assert b"stdin.jsonl#6: not read: line 6: " in err
    assert scrub(b"", "-", "-o", "-") == (
        2, b"", b"scrub: standard input is empty; nothing was written\n"
    )  # fmt: skip


def test_only_the_first_documents(scrub: Scrub) -> None:
    first, *rest = LINES.splitlines(keepends=True)
    code, out, _ = scrub(
        b"".join([first, b'"no record"\n', *rest]),
        "-",
        "-o",
        "-",
        "--format",
        "jsonl",
        "--limit",
        "2",
    )
    assert (code, len(out.splitlines())) == (1, 2)


def test_a_plan_does_nothing(scrub: Scrub) -> None:
    Path("in").mkdir()
    for name in ("a.jsonl", "b.csv.gz", "c.csv"):
        Path("in", name).write_bytes(LINES)
    Path("in", "link.txt").symlink_to("a.jsonl")
    code, out, _ = scrub(b"", "in", "--dry-run")
    assert code == 1
    assert b"read  3 file(s), " in out
    assert b": 2 csv, 1 jsonl" in out
    assert b"not read  link.txt: links inside a folder" in out
    assert not Path("out").exists()


def test_events_are_one_object_a_line() -> None:
    command = [sys.executable, "-m", "scrub", "dedup", "-", "-o", "-", "--log-format", "json"]
    done = subprocess.run(
        [*command, "-j", "1"], input=LINES + b"{\n", capture_output=True, check=False
    )
    events = [json.loads(line) for line in done.stderr.splitlines()]
    assert done.returncode == 1
    assert {event["event"] for event in events} <= {"stage", "message", "end"}
    stages = [event for event in events if event["event"] == "stage"]
    assert [event["stage"] for event in stages][:3] == ["read", "clean", "match"]
    assert all(set(event) == {"event", "stage", "done", "unit", "seconds"} for event in stages)
    assert (events[-1]["exit_code"], events[-1]["counts"]["kept"]) == (1, 3)


@pytest.mark.parametrize(
    ("head", "ending"),
    [
        (LINES, ".jsonl"), (LINES.splitlines()[0], ".json"),
        (b" [" + LINES.splitlines()[0], ".json"),
        (TABLE, ".csv"), (b"id\ttext\n1\tx\n", ".tsv"),
        (gzip.compress(TABLE, mtime=0)[:90], ".csv.gz"),
        (FERRY.encode(), ".txt"), (b"PAR1\x15\x04", ".parquet"),
        (b"<!doctype html><html><body><p>x", ".html"),
    ],
)  # fmt: skip
def test_standard_input_is_known_by_what_it_holds(head: bytes, ending: str) -> None:
    assert _ending(head, ReadSettings()) == ending
