"""The command line: exit codes, what goes to stdout and to stderr, help, completion, pipes."""

from __future__ import annotations

import io
import json
import os
import re
import select
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from scrub.cli import app, main

SPUN, EXCERPT = "002_206a0ed18338637d.txt", "003_972121af381d4f6b.txt"
COMMANDS = [
    "run", "dedup", "clean", "check", "explain", "compare", "copies", "repair", "report", "eval",
    "doctor", "setup",
    "config show", "config init", "config schema",
]  # fmt: skip
HEAVY = {
    "numpy", "pandas", "numba", "scipy", "pydantic", "ftfy", "trafilatura", "lxml", "rapidfuzz",
    "jinja2", "rich",
}  # fmt: skip


class Scrub:
    """Runs a command in this process and keeps what it printed."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.out = self.err = ""

    def __call__(self, *arguments: str | Path) -> int:
        with pytest.raises(SystemExit) as stop:
            main([str(argument) for argument in arguments])
        self.out, self.err = self._capsys.readouterr()
        return int(stop.value.code or 0)


@pytest.fixture
def scrub(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Scrub:
    monkeypatch.chdir(tmp_path)  # no ./config.toml but what a test writes
    return Scrub(capsys)


@pytest.fixture(scope="session")
def finished(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run on the seeds, without LanguageTool."""
    out = tmp_path_factory.mktemp("finished") / "out"
    with pytest.raises(SystemExit):
        main(["run", str(seeds), "-o", str(out), "--languagetool", "off", "-q", "-j", "1"])
    return out


@pytest.fixture
def out(finished: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    return Path(shutil.copytree(finished, tmp_path / "out"))


# --- help, version, completion --------------------------------------------------------------


def test_scrub_alone_is_help_with_three_examples(scrub: Scrub) -> None:
    assert scrub() == 0
    assert len(re.findall(r"^    scrub \w+ .*  \w", scrub.out, re.MULTILINE)) == 3
    alone = scrub.out
    assert scrub("--help") == 0
    assert scrub.out.strip() == alone.strip()


def test_version(scrub: Scrub) -> None:
    assert scrub("--version") == 0
    assert re.fullmatch(r"scrub \d+\.\d+\.\d+\S*\n", scrub.out)


def test_the_list_of_commands_is_whole() -> None:
    found = []
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        found += [f"{name} {sub}" for sub in getattr(command, "commands", {})] or [name]
    assert sorted(found) == sorted(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_two_examples(command: str, scrub: Scrub) -> None:
    assert scrub(*command.split(), "-h") == 0
    examples = re.findall(rf"^  .*\bscrub {command}\b.*$", scrub.out, re.MULTILINE)
    assert len(examples) == 2
    for option in re.findall(r"(?<=\s)--?[a-z][\w-]*", " ".join(examples)):
        assert re.search(rf"(?m)^  .*{option}\b", scrub.out), f"{option} is no option of {command}"


def test_completion_knows_commands_options_and_values(
    scrub: Scrub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def complete(words: str) -> list[str]:
        monkeypatch.setenv("_SCRUB_COMPLETE", "complete_bash")
        monkeypatch.setenv("COMP_WORDS", words)
        monkeypatch.setenv("COMP_CWORD", str(len(words.split(" ")) - 1))
        scrub()
        return scrub.out.split()

    assert "dedup" in complete("scrub de")
    assert complete("scrub run --format p") == ["parquet"]
    assert complete("scrub run x --set keep.po") == [
        f"keep.policy={value}" for value in ("best", "longest", "first", "newest", "oldest")
    ]
    assert "match.lsh_threshold=" in complete("scrub dedup x --set match.")
    # Where scrub has nothing to say, the shell completes paths: `complete -o default`.
    for words in ("scrub run see", "scrub run x -o ou", "scrub check see", "scrub repair -o ou"):
        assert complete(words) == []


def test_what_answers_at_once_imports_little() -> None:
    """Wall time is noisy; the heavy modules are what it consists of."""
    program = "import sys, {}; print(*sorted(sys.modules))"
    # Measured for coverage, a process loads what measures it.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    for module, most in (("scrub", 150), ("scrub.cli", 350)):
        command = [sys.executable, "-c", program.format(module)]
        loaded = subprocess.run(
            command, env=plain, capture_output=True, text=True, check=True
        ).stdout.split()
        assert not HEAVY & set(loaded)
        assert len(loaded) < most
    command = [sys.executable, "-X", "importtime", "-m", "scrub", "--help"]
    trace = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    assert "scrub.cli" in trace
    assert not {line.rpartition("|")[2].strip() for line in trace.splitlines()} & HEAVY


# --- exit codes and messages ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run"], "Missing argument"),
        (["nonsense"], "No such command"),
        (["run", "x", "--format", "xml"], "'jsonl', 'parquet', 'txt'"),
        (["run", "nowhere"], "nowhere: no such file or folder"),
        (["run", "[red]x[/b]"], "[red]x[/b]"),
        (["dedup", ".", "-o", "-", "--format", "txt"], "cannot go to standard output"),
        (["dedup", ".", "--limit", "1", "--format", "same"], "leaves records unread"),
        (["run", ".", "--lexicon", "config.toml"], "config.toml: no lexicon; it needs"),
        (["run", ".", "--set", "spin.phrases=config.toml"], "config.toml: no phrases; it needs"),
        (["run", ".", "--lexicon", sys.executable], "no CSV in UTF-8"),
        (["run", ".", "--set", f"spin.phrases={sys.executable}"], "no CSV in UTF-8"),
        (["run", "x", "--set", "keep"], "--set keep: write SECTION.KEY=VALUE"),
        (["run", "x", "--set", "keep.min_containmen=1"], "did you mean min_containment?"),
        (["run", "x", "-c", "none.toml"], "`scrub config init` writes one"),
        (["run", "x", "-c", "."], ".: Is a directory"),
        (["run", "x", "--set", "spin.evidence=[1"], "should be a valid list"),
        (["run", ".", "-o", "config.toml"], "config.toml: cannot be written: not a folder"),
        (["run", ".", "--against", "none"], "none/.cache/index: No such file or directory; name"),
        (["clean", "none.txt"], "none.txt: No such file"),
        (["check", "none.txt"], "none.txt: no such file"),
        (["repair", "-o", "none"], "`scrub run INPUT -o none` makes one"),
        (["report", "-o", "none"], "`scrub run INPUT -o none` makes one"),
        (["explain", "a", "b", "-o", "none"], "`scrub run INPUT -o none` makes one"),
        (["doctor", "--verify", "none"], "`scrub run INPUT -o none` makes one"),
        (["eval", "--truth", "none.csv", "-o", "none"], "`scrub run INPUT -o none` makes one"),
        (["explain", "a", "a", "-o", "none"], "'a' is one document; name two"),
    ],
)
def test_errors_are_messages_on_stderr_and_2(
    arguments: list[str], message: str, scrub: Scrub
) -> None:
    Path("config.toml").touch()
    assert scrub(*arguments) == 2
    assert scrub.out == ""
    assert message in scrub.err
    assert "Traceback" not in scrub.err
    assert not Path("none").exists()


def test_all_errors_of_the_settings_come_at_once(scrub: Scrub) -> None:
    assert (
        scrub("config", "show", "--set", "keep.min_containment=8", "--set", "match.lsh_thresold=1")
        == 2
    )
    assert "keep.min_containment = 8" in scrub.err
    assert "did you mean lsh_threshold?" in scrub.err


def test_rejected_input_is_1_and_named(scrub: Scrub, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("A short story about a harbour.", encoding="utf-8")
    (tmp_path / "in" / "b.txt").write_bytes(bytes(range(256)))
    assert scrub("dedup", "in", "-j", "1") == 1
    assert "rejected  1" in scrub.out
    assert "out/rejected.csv" in scrub.out
    assert scrub("check", "in", "-j", "1", "--languagetool", "off") == 1
    assert "b.txt: not read:" in scrub.err


def test_quality_filters_reject_with_their_value(scrub: Scrub, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("A short story.", encoding="utf-8")
    (tmp_path / "in" / "b.txt").write_text("A story of the quay and the rain.", encoding="utf-8")
    assert scrub("dedup", "in", "-j", "1", "--set", "clean.min_words=5", "--json") == 1
    counts = json.loads(scrub.out)["counts"]
    assert (counts["inputs"], counts["kept"], counts["rejected"]) == (2, 1, 1)
    row = Path("out/rejected.csv").read_text(encoding="utf-8").splitlines()[1]
    assert row == 'a.txt,a.txt,quality,"rps_doc_word_count is 3, the limit 5"'
    assert scrub("doctor", "--verify", "out") == 0


def interrupted(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def interrupted_in_a_kernel(*_: object, **__: object) -> None:
    # What numba 0.62 raises where its unpickling of a kernel is interrupted.
    try:
        interrupted()
    except KeyboardInterrupt as error:
        raise SystemError("returned a result with an exception set") from error


@pytest.mark.parametrize("stop", [interrupted, interrupted_in_a_kernel])
def test_ctrl_c_is_130_and_says_how_to_go_on(
    stop: object, scrub: Scrub, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scrub.pipeline.run", stop)
    assert scrub("dedup", seeds) == 130
    assert "run the same command" in scrub.err
    assert "Traceback" not in scrub.err


def test_what_nobody_foresaw_is_2_with_its_traceback(
    scrub: Scrub, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scrub.pipeline.run", lambda *_, **__: 1 / 0)
    assert scrub("dedup", seeds) == 2
    assert "Traceback" in scrub.err
    assert scrub.err.splitlines()[-1].startswith("scrub: this is a fault of scrub")


def test_a_closed_pipe_is_no_error(seeds: Path) -> None:
    command = f"'{sys.executable}' -m scrub config show | true; echo ${{PIPESTATUS[0]}}"
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert (result.stdout, result.stderr) == ("0\n", "")


@pytest.mark.parametrize("name", ["stdin", "stdout"])
def test_a_stream_closed_from_the_start_is_an_error_where_it_is_needed(
    name: str, scrub: Scrub, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed(monkeypatch, b"A text.")
    Path("a.txt").write_text("A text.", encoding="utf-8")
    monkeypatch.setattr(f"sys.{name}", None)  # as Python does for `>&-`
    assert scrub("clean", "-") == 2
    assert f"{name} is closed" in scrub.err
    assert scrub.err.count("\n") == 1
    monkeypatch.setattr(f"sys.{name}", None)
    assert scrub("dedup", "a.txt", "-q", "-j", "1") == 0


def test_a_cache_that_cannot_be_made_is_said_before_the_work(scrub: Scrub) -> None:
    Path("a.txt").write_text("A text.", encoding="utf-8")
    Path("taken").touch()
    for arguments in (("--cache", "taken"), ("--cache", "taken/cache")):
        assert scrub("dedup", "a.txt", "-j", "1", *arguments) == 2
        assert scrub.err.startswith(f"scrub: {arguments[1]}: cannot be written: not a ")
        assert "choose another --cache" in scrub.err
        assert scrub.err.count("\n") == 1  # no stage has begun
    Path("new").mkdir()
    Path("new/.cache").touch()
    assert scrub("dedup", "a.txt", "-j", "1", "-o", "new", "--cache", "elsewhere") == 2
    assert scrub.err.startswith("scrub: new/.cache: cannot be written: not a folder")


# --- run and dedup --------------------------------------------------------------------------


def test_a_run_ends_with_a_summary_and_the_next_command(scrub: Scrub, seeds: Path) -> None:
    assert scrub("run", seeds, "--languagetool", "off", "-j", "1") == 0
    rows = dict(line.strip().split("  ", 1) for line in scrub.out.splitlines())
    assert list(rows) == ["read", "rejected", "copies", "spun", "flags", "repairs",
                          "LanguageTool", "kept", "time", "files", "next"]  # fmt: skip
    assert (rows["read"], rows["kept"], rows["spun"]) == ("5", "4", "1")
    assert rows["copies"] == "0 exact, 0 near, 1 excerpt"
    assert rows["next"].endswith("scrub repair -o out --decisions decisions.csv")
    for stage in ("read", "clean", "match", "keep", "flag", "repair", "write"):
        assert len(re.findall(rf"^scrub: {stage}\b.* in [\d.]+ s$", scrub.err, re.MULTILINE)) == 1
    assert "scrub: read 20.1 kB in" in scrub.err


def test_that_there_is_nothing_to_read_is_said(scrub: Scrub) -> None:
    Path("in").mkdir()
    for command in ("run", "dedup", "check"):
        assert scrub(command, "in", "-j", "1", *(["-q"] if command != "check" else [])) == 2
        assert scrub.err == (
            "scrub: no document was read: there was nothing to read; name another INPUT; "
            "nothing was written\n"
        )
    assert not Path("out/run.json").exists()


def test_a_total_failure_keeps_the_earlier_result(scrub: Scrub) -> None:
    lines = [json.dumps({"title": f"Day {n}", "body": f"It rained {n} times."}) for n in range(9)]
    Path("in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert scrub("dedup", "in.jsonl", "-q", "-j", "1", "--text-field", "body") == 0
    before = {path: path.read_bytes() for path in Path("out").iterdir() if path.is_file()}
    for wrong in (
        ("--text-field", "bodi"), ("--text-field", "body", "--set", "clean.min_words=500"),
    ):  # fmt: skip
        assert scrub("dedup", "in.jsonl", "-q", "-j", "1", *wrong) == 2
        assert scrub.err.startswith("scrub: no document was read: 9 rejected, such as in.jsonl#1: ")
        assert scrub.err.count("\n") == 1
        assert before == {path: path.read_bytes() for path in before}
    assert scrub("doctor", "--verify", "out") == 0


def test_quiet_and_json(scrub: Scrub, seeds: Path) -> None:
    assert scrub("dedup", seeds, "-j", "1", "-q") == 0
    assert (scrub.out, scrub.err) == ("", "")
    assert scrub("dedup", seeds, "-j", "1", "--json", "--fresh", "--format", "txt") == 0
    manifest = json.loads(scrub.out)
    assert manifest["counts"]["kept"] == 4
    assert manifest["settings"]["write"]["format"] == "txt"
    assert len(list(Path("out/corpus").glob("*.txt"))) == 4


def test_whose_settings_and_which_server_is_always_said(scrub: Scrub) -> None:
    Path("a.txt").write_text("It rained on the quay.", encoding="utf-8")
    Path("config.toml").write_text('[languagetool]\nscope = "all"\n', encoding="utf-8")
    url = "http://name:secret@192.0.2.1:81/v2"
    scrub("dedup", "a.txt", "-q", "-j", "1", "--set", f"languagetool.url={url}")
    assert scrub.err.splitlines() == [
        "scrub: settings of config.toml", "scrub: suspect sentences are sent to 192.0.2.1:81",
    ]  # fmt: skip
    Path("config.toml").write_text(f'[languagetool]\nurl = "{url}"\n', encoding="utf-8")
    assert scrub("dedup", "a.txt", "-q", "-j", "1") == 2
    assert "counts in a file that is named only: --config config.toml" in scrub.err


def test_flags_count_more_than_set_and_set_more_than_the_file(scrub: Scrub, seeds: Path) -> None:
    Path("config.toml").write_text('[keep]\npolicy = "first"\n[engine]\njobs = 9\n', "utf-8")
    scrub("dedup", seeds, "--json", "-q", "-j", "1", "--set", "engine.jobs=5")
    settings = json.loads(scrub.out)["settings"]
    assert (settings["engine"]["jobs"], settings["keep"]["policy"]) == (1, "first")


def test_what_is_not_installed_is_said_before_the_work(
    scrub: Scrub, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scrub.write.corpus.find_spec", lambda _: None)
    monkeypatch.setattr("scrub.kernels.kept_kernels", lambda: 0)
    assert scrub("dedup", seeds, "--format", "parquet") == 2
    assert (
        scrub.err == "scrub: --format parquet needs pyarrow: pip install 'scrub-corpus[parquet]'\n"
    )
    assert not Path("out").exists()


def test_the_first_run_says_why_it_takes_long(
    scrub: Scrub, seeds: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("scrub.kernels.kept_kernels", lambda: 0)
    scrub("dedup", seeds, "-j", "1")
    assert "scrub: compiling what makes the next runs fast" in scrub.err
    assert "scrub: compile in" in scrub.err


# --- clean ----------------------------------------------------------------------------------


def feed(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_clean_reads_standard_input(scrub: Scrub, monkeypatch: pytest.MonkeyPatch) -> None:
    feed(monkeypatch, "It cost \u00a35.\u200b\r\n\r\n\r\n\r\nIt rained.".encode("cp1252", "ignore"))
    assert scrub("clean") == 0
    assert scrub.out == "It cost \u00a35.\n\nIt rained.\n"


def test_clean_takes_the_article_of_a_page(scrub: Scrub, tmp_path: Path) -> None:
    body = "".join(
        f"<p>The harbour of Port Ellery opened on day {n}, they said.</p>" for n in "123"
    )
    page = f"<!DOCTYPE html><html><body><nav>Home | Sport</nav><h1>Port</h1>{body}</body></html>"
    (tmp_path / "page").write_text(page, encoding="utf-8")
    assert scrub("clean", "page") == 0
    assert "opened on day 2" in scrub.out
    assert "<p>" not in scrub.out


def test_clean_says_that_a_page_has_no_article(scrub: Scrub, tmp_path: Path) -> None:
    (tmp_path / "page").write_text("<html><body></body></html>", encoding="utf-8")
    assert scrub("clean", "page") == 2
    assert "page: there is no article in this page" in scrub.err


def test_clean_refuses_what_is_no_text(scrub: Scrub, monkeypatch: pytest.MonkeyPatch) -> None:
    feed(monkeypatch, bytes(range(256)) * 4)
    assert scrub("clean", "-") == 2
    assert scrub.out == ""
    assert "standard input: " in scrub.err
    assert "give a text or a web page" in scrub.err


def test_clean_says_what_it_did(scrub: Scrub, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("One \x1b[31mline.\r\n\r\n\r\n\r\nTwo.", encoding="utf-8")
    assert scrub("clean", "a.txt", "--json") == 0
    record = json.loads(scrub.out)
    assert record["changes"]
    assert scrub("clean", "a.txt", "--changes") == 0
    assert len(scrub.out.splitlines()) == len(record["changes"])
    assert "\x1b" not in scrub.out


# --- commands on a finished run -------------------------------------------------------------


def test_explain_accounts_for_a_pair(scrub: Scrub, finished: Path) -> None:
    assert scrub("explain", SPUN, EXCERPT, "-o", finished) == 0
    assert "linked" in scrub.out.splitlines()[0]
    assert "coverage" in scrub.out
    other = "004_c15a727057167e59.txt"
    assert scrub("explain", SPUN, other, "-o", finished, "--json") == 0
    answer = json.loads(scrub.out)
    assert answer["linked"] is False
    assert answer["missing"]
    assert answer["total"] == pytest.approx(sum(t["value"] for t in answer["terms"]), abs=0.001)


def test_explain_suggests_an_id(scrub: Scrub, finished: Path) -> None:
    for nearly in ("003", EXCERPT.replace("1", "7")):
        assert scrub("explain", SPUN, nearly, "-o", finished) == 2
        assert f"did you mean {EXCERPT}?" in scrub.err


def test_verify_notices_a_changed_and_a_lost_file(scrub: Scrub, out: Path) -> None:
    assert scrub("doctor", "--verify", out) == 0
    assert "5 inputs = 4 kept + 1 copies + 0 rejected" in scrub.out
    with (out / "corpus.jsonl").open("ab") as file:
        file.write(b"\n")
    (out / "pairs.csv").unlink()
    assert scrub("doctor", "--verify", out, "--json") == 1
    wrong = {check["name"]: check["detail"] for check in json.loads(scrub.out) if not check["ok"]}
    assert set(wrong) == {"corpus.jsonl", "pairs.csv"}
    assert "No such file" in wrong["pairs.csv"]


def test_verify_notices_counts_that_do_not_add_up(scrub: Scrub, out: Path) -> None:
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    record["counts"]["kept"] += 1
    (out / "run.json").write_text(json.dumps(record), encoding="utf-8")
    assert scrub("doctor", "--verify", out) == 1
    assert "differs counts: 5 inputs = 4 kept" in scrub.out


def test_repair_applies_what_a_person_decided(scrub: Scrub, out: Path) -> None:
    import csv

    with (out / "flags.csv").open(encoding="utf-8", newline="") as file:
        flags = list(csv.DictReader(file))
    first = next(flag for flag in flags if flag["text"] == "revisit")
    first["decision"] = "call"
    with Path("decisions.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, flags[0].keys())
        writer.writeheader()
        writer.writerow(first)
    assert scrub("repair", "-o", out, "--decisions", "decisions.csv", "--confidence", "1") == 0
    assert scrub.out.startswith("1 repairs in ")
    corpus = (out / "corpus.jsonl").read_text(encoding="utf-8")
    assert "A call by a commander of Iran" in corpus
    assert scrub("doctor", "--verify", out) == 0
    assert scrub("repair", "-o", out, "--json") == 0
    assert json.loads(scrub.out)["repairs"] > 10  # as sure as the run asked for, and the decision


def test_decisions_may_come_from_a_spreadsheet_and_are_counted(scrub: Scrub, out: Path) -> None:
    """Saved where lists are set apart by semicolons, with a byte order mark, columns deleted."""
    import csv

    with (out / "flags.csv").open(encoding="utf-8", newline="") as file:
        flags = {flag["text"]: flag for flag in csv.DictReader(file)}
    decided = [("revisit", "Accept"), ("chosen", " reject "), ("postponement", "no")]
    columns = ["id", "text", "start", "end", "decision"]
    with Path("mine.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", delimiter=";")
        writer.writeheader()
        writer.writerows({**flags[text], "decision": said} for text, said in decided)
    assert scrub("repair", "-o", out, "--decisions", "mine.csv", "--confidence", "1") == 0
    assert (
        "decisions 3: accepted 1, rejected 1, other wording 1, such as 'postponement' -> 'no'"
        in (scrub.err)
    )
    assert scrub.out == f"2 repairs in {out}/\n"


def test_a_misspelt_decision_is_refused_with_its_row(scrub: Scrub, out: Path) -> None:
    flags = (out / "flags.csv").read_text("utf-8")
    head, first, *rest = flags.split("\n")
    misspelt = "\n".join([head, first, rest[0] + "acept", *rest[1:]])
    Path("decisions.csv").write_text(misspelt, "utf-8")
    before = (out / "corpus.jsonl").read_bytes()
    assert scrub("repair", "-o", out, "--decisions", "decisions.csv") == 2
    assert "decisions.csv, row 3: 'acept' is neither accept nor reject; write accept" in scrub.err
    (out / "flags.csv").write_text(misspelt, "utf-8")
    assert scrub("repair", "-o", out) == 2
    assert "flags.csv, row 3: 'acept' is neither" in scrub.err
    assert (out / "corpus.jsonl").read_bytes() == before


def test_the_flags_themselves_may_be_decided_in_a_spreadsheet(scrub: Scrub, out: Path) -> None:
    flags = (out / "flags.csv").read_text("utf-8")
    saved = flags.replace(",\n", ",reject\n").replace(",", "\t").replace("\n", "\r\n")
    (out / "flags.csv").write_text("\ufeff" + saved, encoding="utf-8", newline="")
    assert scrub("repair", "-o", out) == 0
    assert scrub.out == f"0 repairs in {out}/\n"
    decided = (out / "flags.csv").read_text("utf-8")
    assert decided.startswith("id,start,end,") and decided.count(",reject\n") > 10
    (out / "flags.csv").write_text(flags.replace(",wording,", ";"), encoding="utf-8")
    assert scrub("repair", "-o", out) == 2
    assert "flags.csv, row 2: could not convert" in scrub.err
    assert "more than the decisions was changed" in scrub.err


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (b"id,text\na,b\n", "no column start, end, decision; "),
        (b"", "no column id, start, end, text, decision; "),
        (b"id,start,end,text,decision\na,1.0,2.0,b,accept\n", "row 2: start '1.0' and end '2.0'"),
        (b"id,start,end,text,decision\n\x96,1,2,b,accept\n", "no CSV in UTF-8, save it as such"),
    ],
)
def test_what_is_no_table_of_decisions_is_said(
    table: bytes, message: str, scrub: Scrub, out: Path
) -> None:
    Path("mine.csv").write_bytes(table)
    assert scrub("repair", "-o", out, "--decisions", "mine.csv") == 2
    assert f"mine.csv{':' if 'row' not in message else ','} {message}" in scrub.err


def test_two_decisions_on_one_flag_are_refused(scrub: Scrub, out: Path) -> None:
    header, first, *_ = (out / "flags.csv").read_text("utf-8").splitlines()
    rows = "\n".join([header, first + "accept", first + "accept ", first + "reject"])
    Path("mine.csv").write_text(rows, encoding="utf-8")
    assert scrub("repair", "-o", out, "--decisions", "mine.csv") == 2
    assert "row 4: 'revisit' is decided otherwise in row 2" in scrub.err


def test_repair_keeps_to_the_settings_of_the_run(scrub: Scrub, seeds: Path) -> None:
    options = ["-q", "-j", "1", "--languagetool", "off", "--set", "spin.repair_confidence=1.0"]
    assert scrub("run", seeds, *options) == 0
    assert scrub("repair", "--json") == 0
    assert json.loads(scrub.out)["repairs"] == 0


def test_report_is_written_again_and_for_one_cluster(scrub: Scrub, out: Path) -> None:
    (out / "report.html").unlink()
    assert scrub("report", "-o", out) == 0
    assert scrub.out == f"{out / 'report.html'}\n"
    assert scrub("report", "-o", out, "--cluster", EXCERPT) == 0
    page = Path(scrub.out.strip())
    assert page.name != "report.html"
    assert SPUN in page.read_text(encoding="utf-8")


def test_eval_scores_a_run(scrub: Scrub, out: Path) -> None:
    rows = ["id,cluster,kind,parent", f"{SPUN},a,,", f"{EXCERPT},a,excerpt,{SPUN}"]
    Path("truth.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert scrub("eval", "-o", out, "--truth", "truth.csv", "--json") == 0
    assert json.loads(scrub.out)["pair_f1"] == 1.0
    assert json.loads(scrub.out)["not_read"] == 0
    assert scrub("eval", "-o", out, "--truth", "truth.csv") == 0
    assert re.search(r"recall of excerpt  1\.0", scrub.out)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (b"id,cluster\nother,a\n", "truth.csv: has no id that"),
        (b"id,cluster\nx,a\nx,b\n", "truth.csv: 'x' is labelled twice"),
        (b"id,cluster\n\xff,a\n", "truth.csv: no CSV in UTF-8"),
        (b"", "truth.csv: no CSV in UTF-8"),
        (None, "truth.csv: no such file"),
    ],
)
def test_eval_of_what_are_no_labels_is_an_error(
    labels: bytes | None, message: str, scrub: Scrub, out: Path
) -> None:
    if labels is not None:
        Path("truth.csv").write_bytes(labels)
    assert scrub("eval", "-o", out, "--truth", "truth.csv") == 2
    assert message in scrub.err


def test_check_says_what_it_found_even_if_nothing(scrub: Scrub) -> None:
    Path("a.txt").write_text("The council met on Monday.\n", encoding="utf-8")
    assert scrub("check", "a.txt", "-j", "1", "--languagetool", "off") == 0
    assert scrub.out == ""
    assert "documents 1, likely machine-spun 0, flags 0" in scrub.err


# --- config ---------------------------------------------------------------------------------


def test_config_show_names_origins(scrub: Scrub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCRUB_KEEP__POLICY", "longest")
    assert scrub("config", "show", "--set", "match.lsh_threshold=0.6") == 0
    assert 'keep.policy = "longest"  (environment SCRUB_KEEP__POLICY)' in scrub.out
    assert "match.lsh_threshold = 0.6  (--set match.lsh_threshold)" in scrub.out
    assert "keep.min_containment = 0.8  (default)" in scrub.out
    assert scrub("config", "show", "--json") == 0
    rows = {row["name"]: row for row in json.loads(scrub.out)}
    assert rows["keep.policy"]["origin"] == "environment SCRUB_KEEP__POLICY"


def test_config_init_writes_once(scrub: Scrub) -> None:
    assert scrub("config", "init", "config.toml") == 0
    assert scrub("config", "init", "config.toml") == 2
    assert "config.toml exists" in scrub.err
    assert scrub("config", "show") == 0
    assert "(config.toml)" in scrub.out
    assert "(default)" not in scrub.out


def test_config_schema_is_a_schema_of_the_settings(scrub: Scrub) -> None:
    import jsonschema
    from pydantic import BaseModel

    from scrub.config import Settings

    assert scrub("config", "schema") == 0
    schema = json.loads(scrub.out)
    defaults: BaseModel = Settings()
    jsonschema.validate(defaults.model_dump(mode="json"), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"keep": {"policy": "worst"}}, schema)


# --- colour and progress --------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("colour", [True, False])
def test_progress_on_a_terminal(colour: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    import pty

    from scrub.progress import console_progress

    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    if colour:
        monkeypatch.delenv("NO_COLOR", raising=False)
    else:
        monkeypatch.setenv("NO_COLOR", "1")
    master, slave = pty.openpty()
    with open(slave, "w", encoding="utf-8") as terminal:  # noqa: PTH123 - a descriptor
        monkeypatch.setattr("sys.stderr", terminal)
        with console_progress() as on_progress:
            on_progress("read", 2_000_000, 4_000_000)
            on_progress("clean", 0, 0)
            on_progress("clean", 40, 80)
        shown = ""
        waiting = select.poll()  # `select` takes no descriptor above 1023
        waiting.register(master, select.POLLIN)
        while waiting.poll(200):
            shown += os.read(master, 100_000).decode()
    os.close(master)
    assert "2.0 MB" in shown
    assert re.search(r"40 documents [\d,]+ documents/s", shown)
    assert bool(re.search(r"\x1b\[[\d;]*[1-9][\d;]*m", shown)) == colour


def test_no_output_has_colour_when_it_is_no_terminal(scrub: Scrub, finished: Path) -> None:
    for command in (["--help"], ["doctor"], ["config", "show"], ["run", "nowhere"], ["run"]):
        scrub(*command)
        assert "\x1b" not in scrub.out + scrub.err
