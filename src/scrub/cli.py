"""The command line: `scrub run`, `dedup`, `clean`, `check`, `explain`, `repair`, `report`, ..."""

from __future__ import annotations

import errno
import io
import json
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from scrub import cli_finished
from scrub.cli_config import config_app
from scrub.cli_options import (
    Config,
    DedupOptions,
    Inputs,
    Jobs,
    Json,
    LanguageTool,
    Lexicon,
    RunOptions,
    Set,
    settings_of,
    takes,
)

app = typer.Typer(
    name="scrub",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help loads in a third of the time, and text stays text
    help="""Clean a folder of scraped news, find every copy in it, machine-spun ones included.

\b
  scrub run articles/ -o out        the whole pipeline; open out/report.html
  scrub dedup dump.jsonl.gz -o out  copies only: no flags, no Java
  scrub clean - < page.txt          one text, stdin to stdout
""",
)


@app.command()
@takes(RunOptions)
def run(options: RunOptions) -> None:
    """Read, clean, match, score, keep, flag, repair, write.

    \b
    scrub run articles/ -o out
    scrub run dump.jsonl.gz -o out -j 4 --languagetool off
    """
    _run(options, flag=True)


@app.command()
@takes(DedupOptions)
def dedup(options: DedupOptions) -> None:
    """Find copies only: no flags, no repairs, no Java.

    \b
    scrub dedup articles/ -o out
    scrub dedup dump.jsonl.gz -o out --format parquet --set keep.policy=longest
    """
    _run(options, flag=False)


def _run(options: DedupOptions, *, flag: bool) -> None:
    import gc

    from scrub.doctor import compiled_kernels
    from scrub.pipeline import run as run_pipeline
    from scrub.progress import console_progress
    from scrub.summary import summary

    settings = options.settings()
    if not options.quiet and not compiled_kernels()[1]:
        _say("the first run compiles what makes the next ones fast, for about half a minute")
    if flag:
        from scrub.spin.languagetool import problem

        if missing := problem(settings.languagetool):
            print(f"scrub: going on without LanguageTool: {missing}", file=sys.stderr)
    # Records are many and never in cycles: the collector would walk them again and again.
    gc.disable()
    with console_progress(enabled=not options.quiet) as on_progress:
        manifest = run_pipeline(
            options.inputs, options.out, settings, flag=flag, cache=options.cache,
            against=options.against, fresh=options.fresh, on_progress=on_progress,
        )  # fmt: skip
    if manifest.get("unchanged") and not options.quiet:
        _say("nothing has changed, the result is as it was; --fresh works it out again")
    if options.as_json:
        print(json.dumps(manifest, ensure_ascii=False, indent=2))
    elif not options.quiet:
        print(summary(manifest, options.out))
    incomplete = manifest["languagetool"]["outcome"].startswith(("skipped", "partial"))
    raise typer.Exit(1 if manifest["counts"]["rejected"] or incomplete else 0)


@app.command()
def clean(
    file: Annotated[
        str, typer.Argument(help="A text or a web page, or - for standard input.")
    ] = "-",
    changes: Annotated[
        bool, typer.Option("--changes", help="Show what was done instead of the text.")
    ] = False,
    config: Config = None,
    set_: Set = None,
    as_json: Json = False,
) -> None:
    """Clean one text: stdin to stdout.

    \b
    curl -s https://example.org/story.html | scrub clean - > story.txt
    scrub clean story.txt --changes
    """
    from dataclasses import asdict

    from scrub.clean.text import clean_text
    from scrub.one_text import printable_change, read_one

    settings = settings_of(config, set_)
    cleaned = clean_text(read_one(file), settings.clean)
    if as_json:
        record = {"text": cleaned.text, "changes": [asdict(c) for c in cleaned.changes]}
        print(json.dumps(record, ensure_ascii=False))
    elif changes:
        for change in cleaned.changes:
            print(printable_change(change))
    else:
        print(cleaned.text)


@app.command()
def check(
    inputs: Inputs,
    form: Annotated[
        Literal["text", "json", "sarif", "github"],
        typer.Option("--format", help="Form of the lines."),
    ] = "text",
    why: Annotated[bool, typer.Option("--why", help="Show what raised each spin score.")] = False,
    fail_on: Annotated[
        Literal["warning", "suggestion"] | None,
        typer.Option("--fail-on", help="Exit with 1 where there is a flag of this severity."),
    ] = None,
    config: Config = None,
    set_: Set = None,
    jobs: Jobs = None,
    lexicon: Lexicon = None,
    languagetool: LanguageTool = None,
    as_json: Json = False,
) -> None:
    """Flag machine-spun wording; writes lines and no files.

    \b
    scrub check story.txt --why
    scrub check articles/ --format sarif > flags.sarif
    """
    from scrub.annotations import printable, render
    from scrub.checking import account, annotate
    from scrub.spin.context import SPUN

    form = "json" if as_json else form
    settings = settings_of(
        config, set_, languagetool=languagetool, engine__jobs=jobs, spin__lexicon=lexicon
    )
    analysis, annotations = annotate(inputs, settings)
    if text := render(annotations, form):
        print(text)
    if why:
        print(account(analysis), file=sys.stderr if form != "text" else sys.stdout)
    for rejection in analysis.rejections:
        line = f"scrub: {rejection.path}: not read: {rejection.detail} ({rejection.reason})"
        print(printable(line), file=sys.stderr)
    scores = analysis.flagged.scores.values()
    spun = sum(score >= SPUN for score in scores)
    _say(f"documents {len(scores)}, likely machine-spun {spun}, flags {len(annotations)}")
    severe = fail_on and any(fail_on == "suggestion" or a.severity == fail_on for a in annotations)
    raise typer.Exit(1 if analysis.rejections or severe else 0)


app.command()(cli_finished.explain)
app.command()(cli_finished.repair)
app.command()(cli_finished.report)
app.command("eval")(cli_finished.evaluate)


@app.command()
def doctor(
    verify: Annotated[
        Path | None,
        typer.Option("--verify", metavar="OUT", help="Check a finished folder instead."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Say what is there, what is missing, and the remedy.

    \b
    scrub doctor
    scrub doctor --verify out
    """
    from dataclasses import asdict

    from scrub.doctor import examine
    from scrub.verify import verify as verify_folder

    checks = examine() if verify is None else verify_folder(verify)
    if as_json:
        print(json.dumps([asdict(check) for check in checks], ensure_ascii=False, indent=2))
    else:
        for check in checks:
            print(
                f"{'ok     ' if check.ok else 'missing'} {check.name}: {check.detail}"
                + (f"\n        -> {check.remedy}" if check.remedy else "")
            )
    # Parts may be missing on purpose; a folder that differs from its record is a finding.
    raise typer.Exit(0 if verify is None or all(check.ok for check in checks) else 1)


@app.command()
def setup() -> None:
    """Fetch LanguageTool, once, and say what is fetched.

    \b
    scrub setup
    SCRUB_CACHE=/data/cache scrub setup
    """
    from scrub.setup import setup as fetch

    fetch(log=lambda line: print(line, file=sys.stderr))


app.add_typer(config_app, name="config")


@app.callback(invoke_without_command=True)
def _options(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        from importlib.metadata import version as installed

        print(f"scrub {installed('scrub')}")
    elif context.invoked_subcommand is None:
        print(context.get_help())


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 done with rejected input, 2 error, 130 stopped.

    Every error is a message on stderr; one that scrub did not foresee comes with its traceback.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # the same bytes whatever the locale says
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(_status(arguments))


def _status(arguments: Sequence[str] | None) -> int:
    from scrub.errors import ScrubError

    try:
        try:
            app(arguments, prog_name="scrub")
        except SystemExit as stop:
            if isinstance(stop.__context__, BrokenPipeError):
                raise BrokenPipeError from None
            sys.stdout.flush()
            if stop.code == 130:
                raise KeyboardInterrupt from None
            return int(stop.code or 0)
    except ScrubError as error:
        _say(str(error))
    except KeyboardInterrupt:
        return _stopped()
    except BrokenPipeError:
        # Whoever read the output has enough.  What is still buffered would fail again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if _began_as_interrupt(error):
            return _stopped()
        if _is_want_of_memory(error):
            _say("out of memory; fewer processes (-j 1) or fewer documents at a time need less")
            return 2
        if _is_want_of_room(error):
            _say(
                f"{error}: no room for what a run keeps for a while in its output folder or in "
                f"{tempfile.gettempdir()}; make room and run again, nothing was replaced"
            )
            return 2
        traceback.print_exc()
        _say(f"this is a fault of scrub, please report it with the lines above: {error!r}")
    return 2


def _stopped() -> int:
    _say("stopped; run the same command to start again")
    return 130


def _began_as_interrupt(error: BaseException | None) -> bool:
    # Ctrl-C inside a compiled function comes out as the SystemError of whoever had called it.
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def _is_want_of_memory(error: Exception) -> bool:
    # A thread or process that cannot be started has several names for the one cause.
    return (
        isinstance(error, MemoryError)
        or (isinstance(error, OSError) and error.errno == errno.ENOMEM)
        or "can't start new thread" in str(error)
    )


def _is_want_of_room(error: Exception) -> bool:
    # numpy says how much it could write, and gives no number.
    return isinstance(error, OSError) and (
        error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) or "requested and" in str(error)
    )


def _say(message: str) -> None:
    from scrub.annotations import printable

    for line in message.splitlines():
        print(f"scrub: {printable(line)}", file=sys.stderr)
