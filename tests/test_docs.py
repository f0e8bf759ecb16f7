"""The documentation: its commands run, what it shows is real, its reference is the code's own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

import scrub
from scrub.cli.annotations import RULES
from scrub.document import Change, Document
from scrub.write import tables

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
sys.path.insert(0, str(DOCS))
import generate  # noqa: E402

# Commands that are shown and not run, each with the reason.
NOT_RUN = {
    "pip install .": "changes the environment",
    "scrub setup": "fetches LanguageTool; tests/test_setup.py has it",
    "scrub run articles/ -o out": "the reader's own folder",
    "scrub repair -o out --decisions decisions.csv": "a person decides; howto/review runs it",
}
MARKDOWN = [*sorted(DOCS.rglob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]


def needs_java(page: Path) -> bool:
    text = page.read_text(encoding="utf-8")
    commands = re.findall(r"^\$ scrub (?:run|check) .*", text, re.MULTILINE)
    return any("--languagetool off" not in command for command in commands)


@pytest.mark.slow
@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, id=page.stem, marks=[pytest.mark.java] if needs_java(page) else [])
        for page in generate.pages()
    ],
)
def test_what_a_page_shows_is_what_happens(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(generate.workspace(tmp_path / "here"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    shown, real = generate.run_page(page)
    assert shown == real, "run `python docs/generate.py`"


def test_the_reference_is_that_of_the_code() -> None:
    for path, text in generate.reference().items():
        assert path.read_text(encoding="utf-8") == text, "run `python docs/generate.py`"


def test_every_command_is_run_or_has_a_reason_not_to_be() -> None:
    for page in MARKDOWN[:-2]:
        for block in re.findall(
            r"^```sh\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S
        ):
            for line in block.splitlines():
                assert line.partition("#")[0].strip() in NOT_RUN, f"{page.name}: {line}"


def test_every_command_in_a_sentence_has_the_options_it_is_shown_with() -> None:
    for page in MARKDOWN:
        for words in re.findall(r"`scrub ([^`\n]+)`", page.read_text(encoding="utf-8")):
            command = re.match(r"config \w+|\w+|", words)[0]  # type: ignore[index]
            part = section(generate.commands(), f"scrub {command}".strip())
            for option in re.findall(r"(?<![\w-])--?[a-z][\w-]*", words):
                assert option in part, f"{page.name}: scrub {words}"


def section(page: str, heading: str) -> str:
    return re.split(r"^## ", page, flags=re.MULTILINE)[
        [part.partition("\n")[0] for part in re.split(r"^## ", page, flags=re.MULTILINE)].index(
            heading
        )
    ]


DOCUMENT = tuple(field.name for field in fields(Document) if field.name != "path")
COLUMNS = {
    "dedup.csv": tables.DEDUP,
    "pairs.csv": tables.PAIRS,
    "events.csv": tables.EVENTS,
    "sources.csv": tables.SOURCES,
    "flags.csv": tables.FLAGS,
    "lexicon.csv": tables.LEXICON,
    "rejected.csv": tables.REJECTED,
    "documents.jsonl": DOCUMENT,
    "dropped.jsonl": ("id", "path", "copy_of", "relation"),
    "changes.jsonl": ("id", "changes", *(field.name for field in fields(Change))),
}


def test_every_column_is_described_in_order() -> None:
    described = generate.file_columns()
    assert {name: tuple(columns) for name, columns in described.items() if name in COLUMNS} == (
        COLUMNS
    )
    glossary = (DOCS / "reference" / "glossary.md").read_text(encoding="utf-8")
    for name, columns in described.items():
        for column in columns:
            rows = re.findall(rf"^\| `{column}` \| (.*?) \| (.+) \|$", glossary, re.MULTILINE)
            assert [said for files, said in rows if f"`{name}`" in files], f"{name}: {column}"
            assert all(len(said) <= 160 for _, said in rows), f"{name}: {column} is no short entry"


def test_every_field_of_the_record_is_described(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The ferry left the harbour at nine. It was late again.")
    scrub.run(tmp_path / "a.txt", tmp_path / "out", flag=False)
    record = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    described = [name for name in generate.file_columns()["run.json"] if name != "decided"]
    assert described == list(record)


def test_every_file_and_reason_is_described() -> None:
    import scrub.read
    from scrub.results import RESULT_NAMES

    page = (DOCS / "reference" / "files.md").read_text(encoding="utf-8")
    assert all(name in page for name in RESULT_NAMES)
    lines = (scrub.read.__doc__ or "").splitlines()
    reasons = [word for line in lines if line.startswith("  ") for word in line[:50].split()]
    assert len(reasons) > 20
    assert all(f"`{reason}`" in page for reason in reasons if reason)


def test_every_rule_is_described() -> None:
    page = (DOCS / "reference" / "rules.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (SCR\d+) (\w+)$", page, re.MULTILINE)
    assert headings == [(code, kind) for kind, (code, _) in RULES.items()]


def test_what_the_architecture_names_is_there() -> None:
    package = ROOT / "src" / "scrub"
    files = {str(path.relative_to(package)) for path in package.rglob("*")}
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = re.findall(r"`([\w/]+\.py)`", page)
    assert len(named) > 20
    for name in named:
        found = (ROOT / name).exists() or any(f"/{file}".endswith(f"/{name}") for file in files)
        assert found, f"{name} is not there"


def test_what_contributing_quotes_stands_in_the_code() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^ *```python\n *# (\S+)\n(.*?)^ *```$", page, re.M | re.S)
    assert len(blocks) >= 5
    for path, block in blocks:
        assert len(block.splitlines()) < 40
        lines = iter(line.strip() for line in (ROOT / path).read_text("utf-8").splitlines())
        for line in map(str.strip, block.splitlines()):
            assert line in ("", "...") or line in lines, f"{path}: {line}"


def test_every_page_is_built_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-d", str(tmp_path)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    page = (tmp_path / "explanation" / "matching" / "index.html").read_text(encoding="utf-8")
    assert "frame.svg" in page
    fetched = re.findall(r'(?:src|href)="(https?://[^"]+)"', page)
    assert not [address for address in fetched if not address.startswith("https://squidfunk")]
