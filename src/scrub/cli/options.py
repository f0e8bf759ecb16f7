"""The options that several commands share, and the settings that they add up to."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar, get_type_hints

import typer

from scrub.cli.ending import say

if TYPE_CHECKING:
    from scrub.config import Settings

Options = TypeVar("Options")


def _settings_like(incomplete: str) -> list[str]:
    """The settings, and the values of one, that may be meant by what is typed so far."""
    from scrub.config import Settings

    known: list[str] = []
    for section, schema in Settings.model_json_schema()["$defs"].items():
        name = section.removesuffix("Settings").lower()
        for key, rule in schema["properties"].items():
            values = rule.get("enum") or (["true", "false"] if rule["type"] == "boolean" else [""])
            known += [f"{name}.{key}={value}" for value in values]
    return [text for text in known if text.startswith(incomplete)]


Inputs = Annotated[
    list[Path],
    typer.Argument(
        metavar="INPUT", help="Folders, files and patterns to read.", show_default=False
    ),
]
Out = Annotated[Path, typer.Option("-o", "--out", help="Folder of the results.")]
# What Spark may open, which no Path can spell: see scrub.address.
Places = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT",
        help="Folders, files and patterns to read; - for standard input.",
        show_default=False,
    ),
]
Target = Annotated[
    str,
    typer.Option(
        "-o", "--out", metavar="PATH", help="Folder of the results; - for the corpus on stdout."
    ),
]
Config = Annotated[
    Path | None, typer.Option("-c", "--config", help="Settings file (default: ./config.toml).")
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="SECTION.KEY=VALUE",
        help="Change one setting; may be repeated.",
        autocompletion=_settings_like,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]
Jobs = Annotated[
    int | None, typer.Option("-j", "--jobs", min=0, help="Processes (default: one for each core).")
]
Format = Annotated[
    Literal["jsonl", "parquet", "txt", "same", "ids", "attributes"] | None,
    typer.Option("--format", help="Form of the corpus (default: jsonl; same: as the input)."),
]
Mark = Annotated[
    bool, typer.Option("--mark", help="Give back every record of the input, marked kept or not.")
]
Text = Annotated[
    Literal["raw", "clean", "repaired"] | None,
    typer.Option("--text", help="Texts of the corpus (default: repaired; with same: raw)."),
]
Engine = Annotated[
    Literal["local", "spark"] | None,
    typer.Option("--engine", help="What runs the batches (default: local)."),
]
Master = Annotated[
    str | None,
    typer.Option("--master", metavar="URL", help="Spark's master, such as local[4]; uses Spark."),
]
TextField = Annotated[
    str | None, typer.Option("--text-field", help="Field that holds the text of a record.")
]
Lexicon = Annotated[
    str | None, typer.Option("--lexicon", help="Known substitutions: an earlier run's lexicon.csv.")
]
LanguageTool = Annotated[
    str | None,
    typer.Option(
        "--languagetool", metavar="URL|off", help="Server to ask instead of starting one, or off."
    ),
]
Fresh = Annotated[
    bool, typer.Option("--fresh", help="Compute all anew, whatever an earlier run worked out.")
]
Cache = Annotated[
    Path | None,
    typer.Option("--cache", help="Folder of prepared texts, shared by runs (default: OUT/.cache)."),
]
Against = Annotated[
    list[Path] | None,
    typer.Option(
        "--against", metavar="OUT", help="Earlier result to look for copies in, too; repeatable."
    ),
]
Archive = Annotated[
    Path | None,
    typer.Option(
        "--archive", metavar="DIR",
        help="Growing archive: compare with all its results, and add this one to it.",
    ),
]  # fmt: skip
FailOn = Annotated[
    Literal["copies"] | None,
    typer.Option(
        "--fail-on",
        help="Exit with 3 where an outlet has a new copy of another's text, not licensed.",
    ),
]
Limit = Annotated[
    int | None, typer.Option("--limit", min=1, metavar="N", help="Read the first N documents only.")
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say what would be read and written, and do nothing.")
]
LogFormat = Annotated[
    Literal["text", "json"], typer.Option("--log-format", help="Form of what is said on stderr.")
]
Verbose = Annotated[
    bool, typer.Option("-v", "--verbose", help="Say of each rejected input why it is.")
]
Quiet = Annotated[
    bool, typer.Option("-q", "--quiet", help="Print nothing but errors, and whose settings count.")
]


def overrides(given: list[str] | None) -> dict[str, Any]:
    """The settings of `--set section.key=value` options, by name, as they were typed.

    Raises ConfigError where one has no value.
    """
    from scrub.errors import ConfigError

    if bare := [item for item in given or [] if "=" not in item]:
        raise ConfigError("\n".join(f"--set {item}: write SECTION.KEY=VALUE" for item in bare))
    return dict(item.partition("=")[::2] for item in given or [])


def settings_of(
    config: Path | None,
    set_: list[str] | None = None,
    *,
    languagetool: str | None = None,
    **shortcuts: str | int | bool | None,
) -> Settings:
    """The settings with the flags on top; `shortcuts` are `section__key=value`, None: not given.

    A flag of its own counts more than `--set`.  A settings file that changes something and the
    server that is asked are always said.  Raises ConfigError.
    """
    from urllib.parse import urlsplit

    from scrub.config import Settings, load, settings_file

    given: dict[str, Any] = {
        name.replace("__", "."): value for name, value in shortcuts.items() if value is not None
    }
    if languagetool == "off":
        given["languagetool.scope"] = "off"
    elif languagetool is not None:
        given["languagetool.url"] = languagetool
    settings, origins = load(config, {**overrides(set_), **given})
    file, defaults = settings_file(config), Settings().model_dump()
    for name, origin in origins.items():
        section, _, key = name.partition(".")
        if (
            origin == str(file)
            and getattr(getattr(settings, section), key) != defaults[section][key]
        ):
            say(f"settings of {file}")
            break
    if settings.languagetool.url and settings.languagetool.scope != "off":
        host = urlsplit(settings.languagetool.url).netloc.rpartition("@")[2]
        say(f"suspect sentences are sent to {host or settings.languagetool.url}")
    return settings


@dataclass(slots=True)
class DedupOptions:
    """What `dedup` takes."""

    inputs: Places
    out: Target = "out"
    config: Config = None
    set_: Set = None
    jobs: Jobs = None
    format_: Format = None
    mark: Mark = False
    text: Text = None
    text_field: TextField = None
    engine: Engine = None
    master: Master = None
    cache: Cache = None
    against: Against = None
    archive: Archive = None
    fail_on: FailOn = None
    fresh: Fresh = False
    limit: Limit = None
    dry_run: DryRun = False
    log_format: LogFormat = "text"
    verbose: Verbose = False
    quiet: Quiet = False
    as_json: Json = False

    def settings(self, **more: str | None) -> Settings:
        """The settings that these options make.  Raises ConfigError."""
        return settings_of(
            self.config,
            self.set_,
            engine__jobs=self.jobs,
            engine__name=self.engine or ("spark" if self.master else None),
            engine__master=self.master,
            write__format=self.format_ or ("same" if self.mark else None),
            write__mark=self.mark or None,
            write__text=self.text,
            read__text_field=self.text_field,
            read__limit=self.limit,
            **more,
        )


@dataclass(slots=True)
class RunOptions(DedupOptions):
    """What `run` takes: the same, and what concerns flags."""

    lexicon: Lexicon = None
    languagetool: LanguageTool = None

    def settings(self, **more: str | None) -> Settings:
        """The settings that these options make.  Raises ConfigError."""
        return DedupOptions.settings(
            self, spin__lexicon=self.lexicon, languagetool=self.languagetool, **more
        )


def takes(options: type[Options]) -> Callable[[Callable[[Options], None]], Callable[..., None]]:
    """Let a command take the fields of `options` as its arguments and options."""

    def decorate(command: Callable[[Options], None]) -> Callable[..., None]:
        def called(**given: object) -> None:
            command(options(**given))

        called.__name__, called.__doc__ = command.__name__, command.__doc__
        hints = get_type_hints(options, include_extras=True)
        parameters = inspect.signature(options).parameters.values()
        called.__annotations__ = {p.name: hints[p.name] for p in parameters}
        called.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [p.replace(annotation=hints[p.name]) for p in parameters]
        )
        return called

    return decorate
