"""The command line: `scrub run`, `dedup`, `clean`, `check`, `explain`, `repair`, `report`, ..."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scrub.cli_config import Config, Json, Set, config_app, overrides

if TYPE_CHECKING:
    from scrub.config import Settings

app = typer.Typer(
    name="scrub",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    help="""Clean a folder of scraped news, find every copy in it, machine-spun ones included.

\b
  scrub run articles/ -o out        the whole pipeline; open out/report.html
  scrub dedup dump.jsonl.gz -o out  copies only: no flags, no Java
  scrub clean - < page.txt          one text, stdin to stdout
""",
)
app.add_typer(config_app, name="config")

Inputs = Annotated[
    list[Path], typer.Argument(help="Folders and files to read.", show_default=False)
]
Out = Annotated[Path, typer.Option("-o", "--out", help="Folder for the results.")]
Jobs = Annotated[
    int | None, typer.Option("-j", "--jobs", help="Processes (default: one for each core).")
]
Format = Annotated[
    str | None, typer.Option("--format", help="Form of the corpus: jsonl, parquet or txt.")
]
Engine = Annotated[
    str | None, typer.Option("--engine", help="What runs the batches: local or spark.")
]
TextField = Annotated[
    str | None, typer.Option("--text-field", help="Field that holds the text of a record.")
]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="No progress.")]


@app.command()
def run(
    inputs: Inputs,
    out: Out = Path("out"),
    config: Config = None,
    set_: Set = None,
    jobs: Jobs = None,
    format_: Format = None,
    engine: Engine = None,
    text_field: TextField = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Read, clean, match, score, keep, flag, repair and write.

    \b
    scrub run articles/ -o out
    scrub run dump.jsonl.gz -o out -j 4 --set languagetool.scope=off
    """
    settings = _settings(config, set_, jobs, format_, engine, text_field)
    _run(inputs, out, settings, flag=True, quiet=quiet, as_json=as_json)


@app.command()
def dedup(
    inputs: Inputs,
    out: Out = Path("out"),
    config: Config = None,
    set_: Set = None,
    jobs: Jobs = None,
    format_: Format = None,
    engine: Engine = None,
    text_field: TextField = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Find copies and write the corpus, without flags, repairs or Java.

    \b
    scrub dedup articles/ -o out
    scrub dedup dump.jsonl.gz -o out --set keep.policy=longest
    """
    settings = _settings(config, set_, jobs, format_, engine, text_field)
    _run(inputs, out, settings, flag=False, quiet=quiet, as_json=as_json)


def _run(
    inputs: list[Path], out: Path, settings: Settings, *, flag: bool, quiet: bool, as_json: bool
) -> None:
    from scrub.pipeline import run as run_pipeline
    from scrub.progress import console_progress
    from scrub.summary import summary

    with console_progress(enabled=not quiet) as on_progress:
        manifest = run_pipeline(inputs, out, settings, flag=flag, on_progress=on_progress)
    print(json.dumps(manifest, indent=2) if as_json else summary(manifest, out))
    raise typer.Exit(1 if manifest["counts"]["rejected"] else 0)


@app.command()
def clean(
    file: Annotated[str, typer.Argument(help="A text file, or - for standard input.")],
    changes: Annotated[
        bool, typer.Option("--changes", help="Show what was done instead of the text.")
    ] = False,
    config: Config = None,
    set_: Set = None,
    as_json: Json = False,
) -> None:
    """Clean one text: stdin to stdout.

    \b
    curl -s https://example.org/story.txt | scrub clean - > story.txt
    scrub clean story.txt --changes
    """
    from dataclasses import asdict

    from scrub.clean.text import clean_text
    from scrub.read.encoding import Decoder

    data = sys.stdin.buffer.read() if file == "-" else _read(Path(file))
    cleaned = clean_text(Decoder().decode(data).text, _settings(config, set_).clean)
    if as_json:
        print(
            json.dumps(
                {"text": cleaned.text, "changes": [asdict(c) for c in cleaned.changes]},
                ensure_ascii=False,
            )
        )
    elif changes:
        for change in cleaned.changes:
            print(
                f"{change.start}-{change.end} {change.stage}/{change.rule}: {change.before!r} -> {change.after!r}"
            )
    else:
        sys.stdout.buffer.write(cleaned.text.encode())


@app.command()
def check(
    inputs: Inputs,
    form: Annotated[str, typer.Option("--format", help="text, json, sarif or github.")] = "text",
    why: Annotated[bool, typer.Option("--why", help="Show what raised each spin score.")] = False,
    fail_on: Annotated[
        str | None,
        typer.Option("--fail-on", help="Exit with 1 where a flag is a warning, or a suggestion."),
    ] = None,
    config: Config = None,
    set_: Set = None,
    jobs: Jobs = None,
    as_json: Json = False,
) -> None:
    """Flag machine-spun wording, writing nothing but lines.

    \b
    scrub check story.txt --why
    scrub check articles/ --format sarif > flags.sarif
    """
    from scrub.annotations import FORMATS, render
    from scrub.checking import account, annotate

    form = "json" if as_json else form
    if form not in FORMATS or fail_on not in (None, "warning", "suggestion"):
        raise typer.BadParameter(
            f"--format is one of {', '.join(FORMATS)}; --fail-on warning or suggestion"
        )
    settings = _settings(config, set_, jobs)
    analysis, annotations = annotate(inputs, settings)
    if text := render(annotations, form):
        print(text)
    if why:
        print(account(analysis), file=sys.stderr if form != "text" else sys.stdout)
    severe = [a for a in annotations if fail_on == "suggestion" or a.severity == fail_on]
    raise typer.Exit(1 if analysis.rejections or (fail_on and severe) else 0)


@app.command()
def explain(
    id_a: str,
    id_b: str,
    out: Out = Path("out"),
    config: Config = None,
    set_: Set = None,
    as_json: Json = False,
) -> None:
    """Say why two documents of a finished run were, or were not, linked.

    \b
    scrub explain 002.txt 003.txt -o out
    scrub explain 'dump.jsonl#12' 'dump.jsonl#90' -o out --json
    """
    from scrub.explain import explain_pair

    answer = explain_pair(out, id_a, id_b, _settings(config, set_))
    print(json.dumps(answer.as_dict(), ensure_ascii=False, indent=2) if as_json else str(answer))


@app.command()
def repair(
    out: Out = Path("out"),
    decisions: Annotated[
        Path | None,
        typer.Option(
            "--decisions", help="flags.csv or decisions.csv with the column `decision` filled in."
        ),
    ] = None,
    config: Config = None,
    set_: Set = None,
) -> None:
    """Apply the flags that a person accepted to the corpus of a finished run.

    \b
    scrub repair -o out --decisions decisions.csv
    scrub repair -o out --set spin.repair_confidence=0.95
    """
    from scrub.review import apply_decisions

    applied = apply_decisions(out, decisions, _settings(config, set_))
    print(f"{applied} repairs in {out}/corpus")


@app.command()
def report(
    out: Out = Path("out"),
    cluster: Annotated[
        str | None, typer.Option("--cluster", help="Show this cluster in full.")
    ] = None,
) -> None:
    """Write report.html again from a finished run.

    \b
    scrub report -o out
    scrub report -o out --cluster 002.txt
    """
    from scrub.write.output import Output
    from scrub.write.report import build, page_name

    name = page_name(cluster)
    with Output(out, update=True) as output:
        build(out, output.staging / name, cluster=cluster)
    print(out / name)


@app.command(name="eval")
def evaluate(
    truth: Annotated[
        Path, typer.Option("--truth", help="CSV with id, cluster and, if known, kind and parent.")
    ],
    out: Out = Path("out"),
    as_json: Json = False,
) -> None:
    """Score a finished run against labels: recall by kind, precision, F1, ARI.

    \b
    scrub eval -o out --truth truth.csv
    scrub eval -o out --truth truth.csv.gz --json
    """
    from scrub.evaluate import evaluate as score

    result = score(truth, out / "dedup.csv")
    print(
        json.dumps(result, indent=2)
        if as_json
        else "\n".join(f"{name:>16}  {value}" for name, value in result.items())
    )


@app.command()
def setup() -> None:
    """Fetch LanguageTool, once, and say what is fetched.

    \b
    scrub setup
    SCRUB_CACHE=/data/cache scrub setup
    """
    from scrub.setup import setup as fetch

    fetch(log=lambda line: print(line, file=sys.stderr))


@app.command()
def doctor(as_json: Json = False) -> None:
    """Say what is there, what is missing, and the command that mends it.

    \b
    scrub doctor
    scrub doctor --json
    """
    from dataclasses import asdict

    from scrub.doctor import examine

    checks = examine()
    if as_json:
        print(json.dumps([asdict(check) for check in checks], indent=2))
    else:
        for check in checks:
            print(
                f"{'ok     ' if check.ok else 'missing'} {check.name}: {check.detail}"
                + (f"\n        -> {check.remedy}" if check.remedy else "")
            )


def _settings(
    config: Path | None,
    set_: list[str] | None,
    jobs: int | None = None,
    format_: str | None = None,
    engine: str | None = None,
    text_field: str | None = None,
) -> Settings:
    from scrub.config import load

    flags: dict[str, Any] = {
        "engine.jobs": jobs,
        "write.format": format_,
        "engine.name": engine,
        "read.text_field": text_field,
    }
    given = {name: value for name, value in flags.items() if value is not None}
    return load(config, {**overrides(set_), **given})[0]


def _read(path: Path) -> bytes:
    from scrub.errors import InputError

    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error


@app.callback(invoke_without_command=True)
def _options(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        from importlib.metadata import version as installed

        print(f"scrub {installed('scrub')}")
        raise typer.Exit


def main() -> None:
    """Run the command line; every expected error is one message on stderr and exit code 2."""
    from scrub.errors import ScrubError

    try:
        app()
    except ScrubError as error:
        print(f"scrub: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("scrub: stopped; run the same command to start again", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
