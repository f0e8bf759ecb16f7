"""Write what the documentation takes from the code: the reference pages and the shown output.

    python docs/generate.py            write it all again
    python docs/generate.py --check    say what differs, and exit with 1 if anything does

Command blocks are fenced as `console`: each line that begins with `$ ` is run, in a folder that
holds a copy of `seeds/` and `examples/`, and what stands below is what it prints.  A line `...`
leaves lines out, and commands without any output below them are run all the same.  Blocks fenced
as `python` are run too, block after block in one namespace.
"""

from __future__ import annotations

import ast
import contextlib
import csv
import inspect
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_overloads

DOCS = Path(__file__).parent
ROOT = DOCS.parent
PACKAGE = ROOT / "src" / "scrub"
_FENCE = re.compile(r"^```(console|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SHELL = re.compile(r"[|<>;&$*`]")


@dataclass(slots=True, frozen=True)
class Step:
    """One command or piece of Python of a page: where its shown output stands, and the output."""

    kind: str
    source: str
    start: int
    end: int
    shown: str


def pages() -> list[Path]:
    """Every page with something to run."""
    return [p for p in sorted(DOCS.rglob("*.md")) if _FENCE.search(p.read_text(encoding="utf-8"))]


def steps(page: str) -> Iterator[Step]:
    """The commands and the Python of a page, in order."""
    for block in _FENCE.finditer(page):
        if block[1] == "python":
            yield Step("python", block[2], block.end(2), block.end(2), "")
            continue
        starts = [m.start() for m in re.finditer(r"^\$ ", block[2], re.MULTILINE)]
        for start, end in zip(starts, [*starts[1:], len(block[2])], strict=True):
            text = block[2][start:end]
            command = re.match(r"\$ ((?:.*\\\n)*.*)\n", text)
            assert command, f"no command in {text!r}"
            offset = block.start(2) + start
            source = command[1].replace("\\\n", " ")
            end = command.end()
            yield Step("console", source, offset + end, offset + len(text), text[end:])


def workspace(folder: Path) -> Path:
    """A folder as the pages expect it: with the seeds and the examples."""
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    shutil.copytree(ROOT / "examples", folder / "examples")
    return folder


def run_command(command: str) -> str:
    """What a command prints to stdout in the current folder; it must end with 0 or 1."""
    words = shlex.split(command)
    if words[0] != "scrub" or _SHELL.search(command):
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        result = subprocess.run(
            ["bash", "-c", command], env={**os.environ, "PATH": path}, capture_output=True,
            encoding="utf-8", check=False,
        )  # fmt: skip
        status, printed, said = result.returncode, result.stdout, result.stderr
    else:
        # In this process, because imports and kernels are loaded once for all pages.
        from scrub.cli import main

        out, err = io.TextIOWrapper(io.BytesIO()), io.TextIOWrapper(io.BytesIO())
        status = 0
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                main(words[1:])
            except SystemExit as stop:
                status = int(stop.code or 0)
        printed, said = (_written(stream) for stream in (out, err))
    assert status in (0, 1), f"$ {command}\n{printed}{said}"
    return printed


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    data = stream.buffer
    assert isinstance(data, io.BytesIO)
    return data.getvalue().decode()


def stable(output: str) -> str:
    """Output without what differs from run to run: times, rates, digests."""
    output = re.sub(r"\b[0-9a-f]{64}\b", "DIGEST", output)
    output = re.sub(r"\b[\d.,]+(?= (?:s|documents/s|GB|MB)\b)", "N", output)
    return re.sub(r"[ \t]+$", "", output, flags=re.MULTILINE)


def fitted(shown: str, printed: str) -> str:
    """What is to be shown of `printed`: as many lines on either side of a `...` as before."""
    lines, before = printed.splitlines(), shown.splitlines()
    if "..." not in before:
        return printed if printed.endswith("\n") or not printed else printed + "\n"
    head = before.index("...")
    tail = len(before) - head - 1
    kept = [*lines[:head], "...", *(lines[-tail:] if tail else [])]
    return "\n".join(kept) + "\n"


def run_page(path: Path) -> tuple[str, str]:
    """Run a page in the current folder; returns its text, and the text with the real output."""
    page = path.read_text(encoding="utf-8")
    renewed, position = "", 0
    names: dict[str, object] = {"__name__": "__main__"}
    for step in steps(page):
        if step.kind == "python":
            # The empty lines make tracebacks name the line of the page.
            lines = "\n" * page.count("\n", 0, step.start - len(step.source))
            exec(compile(lines + step.source, str(path), "exec"), names)
            continue
        printed = run_command(step.source)
        shown = step.shown
        if shown.strip() and stable(shown) != stable(fitted(shown, printed)):
            shown = fitted(shown, printed)
        renewed += page[position : step.start] + shown
        position = step.end
    return page, renewed + page[position:]


def reference() -> dict[Path, str]:
    """Every page, and the picture, that is made from the code alone."""
    folder = DOCS / "reference"
    return {
        folder / "commands.md": commands(),
        folder / "glossary.md": glossary(),
        folder / "inputs.md": inputs(),
        folder / "languages.md": languages(),
        folder / "settings.md": settings(),
        folder / "python.md": python(),
        DOCS / "explanation" / "frame.svg": frame(),
        ROOT / "ARCHITECTURE.md": architecture(),
    }


def file_columns() -> dict[str, dict[str, str]]:
    """What each column or field of each file holds, as the reference of the files says."""
    found: dict[str, dict[str, str]] = {}
    page = (DOCS / "reference" / "files.md").read_text(encoding="utf-8")
    for section in re.split(r"^## ", page, flags=re.MULTILINE)[1:]:
        name, _, rest = section.partition("\n")
        table = re.search(
            r"^\| (?:column|field) \| content \|\n.*\n((?:\|.*\n)+)", rest, re.MULTILINE
        )
        for names, content in re.findall(r"^\| (.*?) \| (.*) \|$", table[1] if table else "", re.M):
            for column in re.findall(r"`(\w+)`", names):
                found.setdefault(name, {})[column] = content
    return found


def glossary() -> str:
    """The glossary, whose last part has each column of each file, in alphabetical order."""
    page = (DOCS / "reference" / "glossary.md").read_text(encoding="utf-8")
    rows: dict[tuple[str, str], list[str]] = {}
    first: dict[str, str] = {}
    for file, columns in file_columns().items():
        for column, content in columns.items():
            short = re.split(r"[;.] ", content)[0]
            if short.startswith(("as above", "as in")):
                short = first[column]
            first.setdefault(column, short)
            rows.setdefault((column, short), []).append(file)
    lines = [
        f"| `{column}` | {', '.join(f'`{file}`' for file in files)} | {short} |\n"
        for (column, short), files in sorted(rows.items(), key=lambda row: row[0][0])
    ]
    return page.partition("## Columns\n")[0] + _COLUMNS + "".join(lines)


_COLUMNS = """## Columns

Each column of the tables and each field of the objects that a run writes, in short.

| column | of | what it holds |
|---|---|---|
"""


def imports(path: Path) -> set[str]:
    """The modules of scrub that a file imports at run time, without the leading `scrub.`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(node)
        for branch in ast.walk(tree)
        if isinstance(branch, ast.If) and "TYPE_CHECKING" in ast.dump(branch.test)
        for node in ast.walk(branch)
    }
    names: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return {name.removeprefix("scrub.") for name in names if name.startswith("scrub.")}


def floors() -> list[list[list[str]]]:
    """Packages and modules of scrub by floors, the highest first; what import each other together.

    Each floor has groups of names, mostly of one.  `engine/spark` counts as a package by itself.
    """

    def room(module: str) -> str:
        return "engine/spark" if module.startswith("engine.spark") else module.partition(".")[0]

    files = {
        ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): path
        for path in PACKAGE.rglob("*.py")
        if path.parent != PACKAGE or not path.name.startswith("__")
    }
    uses: dict[str, set[str]] = {room(module): set() for module in files}
    for module, path in files.items():
        uses[room(module)] |= {room(name) for name in imports(path) if room(name) in uses}
    reached = {name: {name} for name in uses}
    for _ in uses:  # no way has more steps
        for name in uses:
            reached[name].update(*(reached[other] for other in uses[name]))
    groups = {n: sorted(o for o in reached[n] if n in reached[o]) for n in uses}
    height: dict[str, int] = {}
    for name in sorted(uses, key=lambda name: len(reached[name])):
        below = reached[name] - {*groups[name]}
        height[name] = 1 + max((height[other] for other in below), default=0)
    top = max(height.values())
    return [
        sorted(groups[n] for n in uses if height[n] == floor and n == groups[n][0])
        for floor in range(top, 0, -1)
    ]


def architecture() -> str:
    """The map of the house, with the picture of who imports whom as the code has it."""
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    lines = []
    for floor in floors():
        named = [[f"{n}/" if (PACKAGE / n).is_dir() else n for n in group] for group in floor]
        lines.append("   ".join(f"({' '.join(n)})" if len(n) > 1 else n[0] for n in named))
    shown = "\n".join(lines)
    before, _, rest = page.partition("<!-- imports -->\n")
    _, end, after = rest.partition("<!-- end -->")
    return f"{before}<!-- imports -->\n```text\n{shown}\n```\n{end}{after}"


def languages() -> str:
    """What scrub does in each language: the figures that `bench/languages.py` measured last."""
    rows = list(
        csv.DictReader((ROOT / "bench" / "results" / "languages.csv").open(encoding="utf-8"))
    )

    def table(title: str, columns: dict[str, str]) -> list[str]:
        lines = [
            f"## {title}",
            "",
            f"| language | {' | '.join(columns)} |",
            "|---" + "|---:" * len(columns) + "|",
        ]
        for row in rows:
            cells = [
                " / ".join(f"{float(row[c]):.2f}" for c in of.split("+")) for of in columns.values()
            ]
            lines.append(f"| {row['language']} | {' | '.join(cells)} |")
        return [*lines, ""]

    return "\n".join(
        [_LANGUAGES, *table("Clean", _CLEAN), *table("Copies", _COPIES), *table("Spin", _SPIN)]
    )


_LANGUAGES = """# By language

Measured by `python bench/languages.py`, on articles dealt of pieces of sentences and on furniture
of pages that were written apart from the tables of `scrub.languages`; what is said of words is said
of characters in Chinese and Japanese.  Such texts are plainer than real ones: compare the languages
with each other, and [label some of your texts](../howto/tuning.md) before you rely on a figure.

- **Clean**: of twelve lines of furniture of each language, written after the tables, the share that
  goes from a text that a scraper left; precision and recall of the words that stay, in such a text
  and in a page with its tags; and the share of clean articles that stay as they are.
- **Copies**: the share of the copies that are linked, by kind: with words and sentences left out,
  six sentences of fourteen, 20 % and 35 % of all words swapped; links that are none, of all; and
  fillings of one form that are linked.
- **Spin**: copies with 20 % of their words swapped whose original is there whole, or as six of its
  fourteen sentences, among other articles.  Sides: the copy is called spun and the original is not.
  Flagged: swapped words, of those whose original is there, that have a flag.  Right: flags that
  are on a swapped word; given back: of those, the suggestions that are the word of the original.
"""
_CLEAN = {
    "lines gone": "gone",
    "text: precision, recall": "text: precision+text: recall",
    "page: precision, recall": "page: precision+page: recall",
    "clean text unchanged": "unchanged",
}
_COPIES = {
    name: name
    for name in ("exact", "edited", "excerpt", "swap 20 %", "swap 35 %", "wrong", "templates")
}
_SPIN = {
    f"{part}: {name}": f"{part}: {name}"
    for part in ("whole", "excerpt")
    for name in ("sides", "flagged", "right", "given back")
}


def inputs() -> str:
    """What is read: formats by their endings, and the names of fields that are found."""
    from importlib import import_module

    from scrub.read import fields as names_of
    from scrub.read.reader import FORMATS
    from scrub.read.stream import COMPRESSIONS

    parts = [
        "# Inputs\n\nName files, folders and patterns (`'dumps/*.jsonl'`), as many as you like. "
        "Folders are read with all that is in them, but for names that begin with a dot; a link "
        "within one is not followed. A file's ending says what it is:\n\n"
        "| ending | what is read |\n|---|---|\n"
    ]
    readers: dict[str, list[str]] = {}
    for ending, reader in FORMATS.items():
        readers.setdefault(reader.partition(".")[0], []).append(f"`.{ending}`")
    for module, endings in readers.items():
        about = inspect.getdoc(import_module(f"scrub.read.{module}")) or ""
        first = re.sub(r"\s*\(`\.[^)]*\)", "", " ".join(about.split("\n\n")[0].split()))
        parts.append(f"| {', '.join(endings)} | {first} |\n")
    compressions = ", ".join(f"`.{name}`" for name in COMPRESSIONS)
    parts.append(
        f"\nEach may be compressed ({compressions}), and stand in a `.zip` or `.tar` that may be "
        "compressed, too. An archive in an archive is not opened; of a `.wacz` its WARCs are "
        "read. A web page saved under "
        "any other name is known by its beginning, as are Rich Text called `.doc`, and mbox, JSON "
        "Lines, SGML and tables called `.txt` or nothing, and what is compressed under another "
        "name; a file without an ending that begins as "
        "prose does is a text. Anything else (PDF, old Word) must be made text or HTML first; "
        "what scans, annotations and references want, `rejected.csv` says of each. "
        "What cannot be read, or is larger than the "
        "[limits](settings.md#read), is in "
        "[`rejected.csv`](files.md#rejectedcsv) with its reason, and the rest is read.\n\n"
        "A file of many articles is parted: what LexisNexis, Nexis Uni, Factiva, Europresse, "
        "ProQuest, NewsBank, APA, Mediargus and others export, by their marks or by the "
        "particulars that each article names (`Title: ...`, `Date: ...`), a chat of Telegram's, "
        "wires of IPTC 7901 "
        "and ANPA 1312, texts of IRaMuTeQ, COCA and Multi-News, entries of Movable Type, and those "
        "with `<|endoftext|>` between them. What stands before one text goes to its fields: front "
        "matter in YAML, TOML and JSON, fields of reStructuredText, Org and AsciiDoc, and lines "
        "such as `Title: ...` where a date, an address or who wrote it is named, too; under any "
        "other name, or where sentences stand behind names, they stay in a plain text. A text or "
        "page that looks like several and cannot be parted is named on stderr, has "
        "`may_hold_articles` in `metadata`, and is never "
        "dropped as a copy.\n\n"
        "## Fields\n\nOf a record with named fields these are taken, the first that holds "
        "something; upper case, `-`, `_` and `:` in a name are idle. Another field is named by "
        "`--text-field` (`read.text_field`) or `read.id_field`, and one within an object by its "
        "path, as in `doc.text`; a list of texts is joined as paragraphs, and an object such as "
        "WordPress's `content.rendered` is looked into. A record may stand in an envelope "
        "(`_source`, `node`, `attributes`, `payload.after` and the like), a text under its "
        'language (`{"en-US": ...}`, of which the first is taken), or in an editor\'s tree of '
        "blocks "
        "(ProseMirror, Slate, Lexical, Contentful, Portable Text, Quill). HTML in a text is known "
        "by its content. Tags without words, and a table's `NULL`, `NaN` or `\\N`, are no text. "
        "Before a summary stands in for a text, another field is taken that is called as if it "
        "held one (`story_html`, `cleaned_text`) and has 20 words. Where no name says it, the "
        "longest prose is the text, in a table the column that has it in most of the first rows. "
        "All other fields go to `metadata`.\n\n"
        "| for | names |\n|---|---|\n"
    )
    fields = {
        "the text": names_of.TEXT,
        "the text, in HTML": names_of.HTML,
        "the text where there is no other": names_of.SHORT,
        "the title, `title` in `metadata`": names_of.TITLE,
        "`id`": names_of.ID,
        "`source`": names_of.SOURCE,
        "the address, whose host is the `source` where there is none": names_of.URL,
        "`created`": names_of.CREATED,
        "`added`": names_of.ADDED,
    }
    for part, names in fields.items():
        parts.append(f"| {part} | {', '.join(f'`{name}`' for name in names)} |\n")
    return "".join(parts)


def commands() -> str:
    """`--help` of every command."""
    import typer.main

    from scrub.cli import app

    os.environ["COLUMNS"] = "100"
    group = typer.main.get_command(app)
    parts = [
        "# Commands\n\nExit codes: 0 done; 1 done, but some input was rejected, or LanguageTool "
        "could not be used (or `--fail-on` matched, or `--verify` found a difference); 2 an "
        "error, which a line on stderr names, and nothing is replaced: so, too, where no document "
        "was read; 130 stopped by Ctrl-C. Data goes to stdout, the log "
        "and the progress to stderr. Colour is used on a terminal only, and not with `NO_COLOR`.\n"
    ]

    def add(command: typer.main.Typer, name: str, parent: object = None) -> None:
        context = command.make_context(  # type: ignore[attr-defined]
            name.split()[-1], [], parent=parent, resilient_parsing=True
        )
        parts.append(f"\n## {name}\n\n```text\n{command.get_help(context).strip()}\n```\n")  # type: ignore[attr-defined]
        for sub, child in getattr(command, "commands", {}).items():
            add(child, f"{name} {sub}", context)

    add(group, "scrub")  # type: ignore[arg-type]
    return "".join(parts)


def settings() -> str:
    """Every setting with its default and what it means."""
    import json

    from scrub.config import Settings

    parts = [
        "# Settings\n\nFrom the strongest: a flag (`--set section.key=value`), the environment "
        "(`SCRUB_SECTION__KEY`), the file given with `--config`, `./config.toml`, the defaults "
        "below. A `./config.toml` that nobody named has no say in where texts go and what is "
        "started or opened (`languagetool.url`, `engine.name`, `engine.master`, `engine.scratch`, "
        "`spin.lexicon`, `spin.phrases`): there these are an error, and `--config` makes them "
        "count. The file that is used is said on stderr. "
        "`scrub config init config.toml` writes them all into a file, `scrub config show` "
        "says where each value came from, and from Python they are arguments "
        "(`section__key=value`). An unknown key is an error.\n"
    ]
    schema = Settings.model_json_schema()["$defs"]
    for section, field in Settings.model_fields.items():
        model = field.annotation
        assert model is not None
        parts.append(f"\n## {section}\n\n{inspect.getdoc(model)}\n\n")
        parts.append("| setting | default | values | meaning |\n|---|---|---|---|\n")
        for key, rule in schema[model.__name__]["properties"].items():
            default = json.dumps(rule["default"], ensure_ascii=False)
            parts.append(
                f"| `{section}.{key}` | `{default}` | {_values(rule)} | {rule['description']} |\n"
            )
    return "".join(parts)


def _values(rule: dict[str, object]) -> str:
    if isinstance(rule.get("enum"), list):
        return ", ".join(f"`{value}`" for value in rule["enum"])  # type: ignore[attr-defined]
    signs = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
    names = {"boolean": "`true`, `false`", "string": "text", "integer": "whole number"}
    bounds = ", ".join(f"{sign} {rule[name]:g}" for name, sign in signs.items() if name in rule)
    name = names.get(str(rule["type"]), str(rule["type"]))
    return f"{name} {bounds}".strip()


def python() -> str:
    """Signatures and docstrings of what `scrub` exports, and of its errors."""
    import scrub
    from scrub import errors

    parts = [
        "# Python\n\n`import scrub` offers these names. Functions return new objects, print "
        "nothing and change no argument; settings are keyword arguments, `section__key=value`.\n"
    ]
    names = ("run", "load", "copies", "compare", "clean", "check", "find_duplicates", "RunResult")
    for name in names:
        value = getattr(scrub, name)
        signature = "" if isinstance(value, type) else _signature(name, value)
        parts.append(f"\n## scrub.{name}\n\n{signature}{_prose(inspect.getdoc(value) or '')}\n")
    parts.append(f"\n## scrub.errors\n\n{_prose(inspect.getdoc(errors) or '')}\n")
    return "".join(parts)


def _signature(name: str, value: Callable[..., object]) -> str:
    signature = inspect.signature([value, *get_overloads(value)][-1])  # the general one is last
    lines = []
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and "*," not in lines:
            lines.append("*,")
        default = parameter.default
        if callable(default) and default is not parameter.empty:
            parameter = parameter.replace(default=_Name(default.__name__))
        annotation = str(parameter.annotation).strip("'")
        lines.append(f"{parameter.replace(annotation=_Name(annotation))},")
    result = str(signature.return_annotation).strip("'")
    body = "".join(f"    {line}\n" for line in lines)
    return f"```py\n{name}(\n{body}) -> {result}\n```\n\n"


class _Name(str):
    """A text that stands in a signature as it is."""

    __slots__ = ()
    __repr__ = str.__str__


def _prose(docstring: str) -> str:
    """A docstring as Markdown: aligned lists and examples stay as they are."""
    paragraphs = []
    for paragraph in docstring.split("\n\n"):
        if paragraph.startswith(">>>"):
            paragraphs.append(f"```pycon\n{paragraph}\n```")
        elif re.search(r"^\s*\w+ {2,}\w", paragraph, re.MULTILINE):
            paragraphs.append(f"```text\n{paragraph}\n```")
        else:
            paragraphs.append(paragraph)
    return "\n\n".join(paragraphs)


ORIGINAL = "A visit by the commander of Iran’s elite Quds Force to Baghdad has led to a pause."
SPUN = "A revisit by a commander of Iran’s chosen Quds Force to Baghdad has led to a postponement."
_BOX = {"function": "#cfe3ff", "name": "#cdeccd", "gap": "#f3f0e6"}


def frame() -> str:
    """Two sentences and their common frame as SVG, from the matcher's own reading of them."""
    rows = [("original", _words(ORIGINAL)), ("spun", _words(SPUN))]
    rows += [("frame of both", _frame(rows[0][1]))]
    assert _frame(rows[0][1]) == _frame(rows[1][1])
    shapes, y = [], 20
    for label, words in rows:
        shapes.append(f'<text x="10" y="{y + 14}" class="label">{label}</text>')
        x = 10
        for word, kind in words:
            width = 9 * len(word) + 12
            shapes.append(
                f'<rect x="{x}" y="{y + 22}" width="{width}" height="26" rx="4" '
                f'fill="{_BOX[kind]}" stroke="#8a8a8a"/>'
                f'<text x="{x + width / 2:g}" y="{y + 40}" text-anchor="middle">{word}</text>'
            )
            x += width + 4
        y += 66
    width = max(sum(9 * len(w) + 16 for w, _ in words) for _, words in rows) + 20
    title = "Two wordings of a sentence and the frame that both have"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {y + 4}" role="img">\n'
        f"<title>{title}</title>\n<style>text{{font:14px monospace;fill:#222}}"
        f".label{{font-weight:bold}}</style>\n"
        f'<rect width="100%" height="100%" fill="#ffffff"/>\n' + "\n".join(shapes) + "\n</svg>\n"
    )


def _words(text: str) -> list[tuple[str, str]]:
    from scrub.match.scan import FUNCTION, KIND_MASK
    from scrub.match.tokens import tokenize

    tokens = tokenize([text])
    data = text.encode()
    found = []
    for start, end, kind in zip(tokens.start, tokens.end, tokens.kind & KIND_MASK, strict=True):
        name = "gap" if not kind else "function" if kind == FUNCTION else "name"
        found.append((data[start:end].decode(), name))
    return found


def _frame(words: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Articles are one to the matcher, names and numbers stay, each run of content is one gap."""
    symbols: list[tuple[str, str]] = []
    for word, kind in words:
        if kind == "gap":
            if not symbols or symbols[-1][1] != "gap":
                symbols.append(("…", "gap"))
        else:
            shown = word.lower() if kind == "function" else word
            symbols.append(("the" if shown in ("a", "an") else shown, kind))
    return symbols


def main() -> None:
    """Write or check everything."""
    check = "--check" in sys.argv[1:]
    differing = []
    for path, text in reference().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            differing.append(path)
            if not check:
                path.write_text(text, encoding="utf-8")
    for path in pages():
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(workspace(Path(folder))):
            before, after = run_page(path)
        if before != after:
            differing.append(path)
            if not check:
                path.write_text(after, encoding="utf-8")
    for path in differing:
        print(f"{'differs' if check else 'written'}: {path.relative_to(ROOT)}")
    sys.exit(1 if check and differing else 0)


if __name__ == "__main__":
    main()
