"""The commands of `scrub`: those that read articles here, the others in modules beside this one."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from scrub.cli import copying, finished
from scrub.cli.ending import say, tell
from scrub.cli.options import (
    Config,
    DedupOptions,
    Inputs,
    Jobs,
    Json,
    LanguageTool,
    Lexicon,
    RunOptions,
    Set,
    TextField,
    settings_of,
    takes,
)
from scrub.cli.settings import config_app

if TYPE_CHECKING:
    from scrub.config import Settings

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
    scrub dedup articles/ -o out --format parquet --set keep.policy=longest
    zstdcat dump.jsonl.zst | scrub dedup - -o - > kept.jsonl
    """
    _run(options, flag=False)


def _run(options: DedupOptions, *, flag: bool) -> None:
    from contextlib import nullcontext
    from tempfile import TemporaryDirectory

    from scrub.cli.ending import tell_in_json
    from scrub.cli.piping import form_of, keep_input, send_corpus
    from scrub.remote import brought, is_remote

    if options.log_format == "json":
        tell_in_json()
    options.format_ = form_of(  # type: ignore[assignment]
        options.out, options.inputs, options.format_ or ("same" if options.mark else None)
    )
    settings = options.settings()
    remote = settings.engine.name == "local" and any(map(is_remote, options.inputs))
    piped = remote or "-" in options.inputs or options.out == "-"
    with TemporaryDirectory(prefix="scrub-") if piped else nullcontext("") as folder:
        inputs = [
            str(keep_input(Path(folder), settings.read)) if given == "-" else given
            for given in dict.fromkeys(options.inputs)
        ]
        if remote and not options.dry_run:
            inputs = list(map(str, brought(inputs, Path(folder))))
        if options.dry_run:
            from scrub.cli.planning import plan

            raise typer.Exit(plan(inputs, options, settings))
        if options.out != "-":
            code = _run_into(options.out, inputs, options, settings, flag=flag)
        else:
            code = _run_into(f"{folder}/out", inputs, options, settings, flag=flag)
            send_corpus(Path(folder) / "out")
    raise typer.Exit(code)


def _run_into(
    target: str, inputs: list[str], options: DedupOptions, settings: Settings, *, flag: bool
) -> int:
    """Run into a folder, say what came of it, and return the exit code."""
    from scrub.address import Address, place
    from scrub.cli.summary import rejected, summary
    from scrub.errors import ConfigError
    from scrub.pipeline import run as run_pipeline
    from scrub.pipeline import run_night
    from scrub.process import without_collector
    from scrub.progress import console_progress

    out = place(target)
    if options.archive and options.out != "out":
        raise ConfigError("-o: --archive names the folder of a result itself; give one of the two")
    notices = []  # said when the work begins, and not where there is none or it cannot be done
    if flag:
        from scrub.spin.languagetool import problem

        if missing := problem(settings.languagetool):
            notices.append(f"going on without LanguageTool: {missing}")
    show_progress = console_progress(enabled=not options.quiet, form=options.log_format)
    with without_collector(), show_progress as show:

        def on_progress(stage: str, done: int, total: int) -> None:
            while notices:
                say(notices.pop(0))
            if stage == "compile" and not options.quiet:
                say("compiling what makes the next runs fast, for half a minute")
            show(stage, done, total)

        how: dict[str, Any] = {
            "flag": flag, "cache": options.cache, "against": options.against or [],
            "fresh": options.fresh, "on_progress": on_progress,
        }  # fmt: skip
        places = list(map(place, inputs))
        if options.archive:
            manifest, out = run_night(places, options.archive, settings, **how)
        else:
            manifest = run_pipeline(places, out, settings, **how)
    if manifest.get("unchanged") and not options.quiet:
        say("nothing has changed, the result is as it was; --fresh works it out again")
    if options.verbose and not isinstance(out, Address):
        for line in rejected(out):
            say(line)
    alerts = None
    if options.fail_on or options.archive or options.against:
        from scrub.provenance import provenance

        if isinstance(out, Address):
            raise ConfigError("--fail-on needs a result in a folder of this machine")
        alerts = provenance(out).alerts
    incomplete = manifest["languagetool"]["outcome"].startswith(("skipped", "partial"))
    code = 1 if manifest["counts"]["rejected"] or incomplete else 0
    code = 3 if options.fail_on and alerts else code
    shown = out if options.archive else place(options.out)
    to = sys.stderr if options.out == "-" else sys.stdout
    if options.as_json:
        print(json.dumps(manifest, ensure_ascii=False, indent=2), file=to)
    elif options.log_format == "json":
        about = {name: manifest[name] for name in ("counts", "seconds", "stages")}
        tell("end", exit_code=code, out=str(shown), **about)
    elif not options.quiet:
        print(summary(manifest, shown, alerts), file=to)
    return code


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
    from scrub.cli.one_text import printable_change, read_one

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
    text_field: TextField = None,
    lexicon: Lexicon = None,
    languagetool: LanguageTool = None,
    as_json: Json = False,
) -> None:
    """Flag machine-spun wording; writes lines and no files.

    \b
    scrub check story.txt --why
    scrub check articles/ --format sarif > flags.sarif
    """
    from scrub.cli.annotations import printable, render
    from scrub.cli.checking import account, annotate
    from scrub.corpus import nothing_read

    form = "json" if as_json else form
    settings = settings_of(
        config, set_, languagetool=languagetool, engine__jobs=jobs, spin__lexicon=lexicon,
        read__text_field=text_field,
    )  # fmt: skip
    analysis, annotations = annotate(inputs, settings)  # before what is compiled is imported

    from scrub.spin.context import SPUN

    if not analysis.corpus.ids:
        raise nothing_read(analysis.rejections)
    if text := render(annotations, form):
        print(text)
    if why:
        print(account(analysis), file=sys.stderr if form != "text" else sys.stdout)
    for rejection in analysis.rejections:
        line = f"scrub: {rejection.path}: not read: {rejection.detail} ({rejection.reason})"
        print(printable(line), file=sys.stderr)
    scores = analysis.flagged.scores.values()
    spun = sum(score >= SPUN for score in scores)
    say(f"documents {len(scores)}, likely machine-spun {spun}, flags {len(annotations)}")
    severe = fail_on and any(fail_on == "suggestion" or a.severity == fail_on for a in annotations)
    raise typer.Exit(1 if analysis.rejections or severe else 0)


app.command()(finished.explain)
app.command()(copying.copies)
app.command()(copying.compare)
app.command()(finished.repair)
app.command()(finished.report)
app.command("eval")(finished.evaluate)


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

    from scrub.cli.doctor import examine_installation
    from scrub.cli.doctor import verify as verify_folder

    checks = examine_installation() if verify is None else verify_folder(verify)
    if as_json:
        print(json.dumps([asdict(check) for check in checks], ensure_ascii=False, indent=2))
    else:
        wrong = "missing" if verify is None else "differs"
        for check in checks:
            print(
                f"{'ok     ' if check.ok else wrong} {check.name}: {check.detail}"
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
    from scrub.cli.setup import setup as fetch

    fetch(log=lambda line: print(line, file=sys.stderr))


app.add_typer(config_app, name="config")


@app.callback(invoke_without_command=True)
def _options(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        from scrub import distribution

        print(f"scrub {distribution.version()}")
    elif context.invoked_subcommand is None:
        print(context.get_help())
