"""Typed settings; `config.toml` is their complete, commented default, made from this file.

Where a value comes from, strongest first: a flag (`--set section.key=value`), the environment
(`SCRUB_SECTION__KEY`), the file given with `--config`, `./config.toml`, the defaults here.
"""

from __future__ import annotations

import difflib
import json
import logging
import os
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from scrub.allowing import AllowSettings, Section
from scrub.errors import ConfigError


class ReadSettings(Section):
    """What is read, and how much of it."""

    text_field: str = Field(
        "", description="field that holds the text of a record; empty: the usual names are tried"
    )
    id_field: str = Field("", description="field with the id; empty: the usual names are tried")
    limit: int = Field(0, ge=0, description="only so many documents are read; 0: all")
    html_seconds: float = Field(
        10.0,
        gt=0,
        description="seconds of processor time that the extraction of one web page may take before "
        "it is rejected",
    )
    max_record_mb: float = Field(
        16.0,
        gt=0,
        description="larger records (a text, a line of JSONL, a page) are rejected; MB, expanded",
    )
    max_expanded_gb: float = Field(
        100.0,
        gt=0,
        description="a compressed file or archive is read up to this many GB of expanded content",
    )
    max_ratio: float = Field(
        200.0,
        ge=1,
        description="and as long as it has not grown to more than this many times its size",
    )


class CleanSettings(Section):
    """Which repairs of the text are made."""

    encoding: bool = Field(
        True,
        description="undo encoding damage (ftfy), entities and control characters; off where every "
        "character must stay",
    )
    layout: bool = Field(
        True,
        description="join hard-wrapped lines and hyphenated words, fold runs of blank lines; off "
        "for verse and code",
    )
    boilerplate: bool = Field(
        True,
        description="remove menus, captions, advertisements, notices and related-story lists; off "
        "where the texts hold nothing else than articles",
    )
    uncurl_quotes: bool = Field(
        False, description="turn typographic quotation marks into straight ones"
    )
    fold_widths: bool = Field(
        False,
        description="fold full-width letters, digits and marks also in Chinese, Japanese and "
        "Korean texts, where they are normal; in others they always are",
    )
    min_words: int = Field(
        0, ge=0, description="quality filter: fewest words of a document; 0: off"
    )
    min_function_words: float = Field(
        0.0,
        ge=0,
        le=1,
        description="quality filter: lowest share of English function words; 0: off",
    )
    min_ended_lines: float = Field(
        0.0,
        ge=0,
        le=1,
        description="quality filter: lowest share of lines that end a sentence; 0: off",
    )
    max_duplicate_lines: float = Field(
        1.0, ge=0, le=1, description="quality filter: highest share of repeated lines; 1: off"
    )


class MatchSettings(Section):
    """How copies are found and proven."""

    renamed = {"threshold": "lsh_threshold", "probability": "link_probability"}  # noqa: RUF012

    method: Literal["scrub", "minhash"] = Field(
        "scrub",
        description="scrub: every kind of copy, proven sentence by sentence; minhash: what "
        "datasketch's MinHashLSH links, for comparison and nothing else",
    )
    shingle: int = Field(3, ge=1, le=20, description="with minhash: words in a shingle")
    bands: int = Field(
        0, ge=0, le=1024, description="with minhash: bands; 0: as datasketch has for the threshold"
    )
    num_perm: int = Field(128, ge=16, le=1024, description="hash functions in a MinHash signature")
    lsh_threshold: float = Field(
        0.5,
        gt=0,
        lt=1,
        description="Jaccard similarity of word 3-shingles that the MinHash bands are made for",
    )
    link_probability: float = Field(
        0.5,
        gt=0,
        lt=1,
        description="how likely two documents must be copies of one text, by their account, "
        "to be linked",
    )
    rewrites: bool = Field(
        True, description="look for rewrites and summaries among the documents that are kept, too"
    )
    translations: bool = Field(False, description="look for translations among them as well")
    events: bool = Field(False, description="label kept documents on one event, in events.csv")


class KeepSettings(Section):
    """Which copy of a cluster stays."""

    renamed = {"coverage": "min_containment"}  # noqa: RUF012

    policy: Literal["best", "longest", "first", "newest", "oldest"] = Field(
        "best",
        description="best: the fullest copy in sound words that is not spun, of equal ones the "
        "earliest that is not cut off; longest: the one with most words; first: the one read "
        "first; newest, oldest: the one with the latest, with the earliest date",
    )
    sources: tuple[str, ...] = Field(
        (),
        description="registered domains whose copy stays before others, the first before the "
        "second, where it has the share `min_containment` of the good words of the best",
    )
    min_containment: float = Field(
        0.8, ge=0, le=1, description="share of a spun copy that a sound one covers to replace it"
    )
    margin: float = Field(
        0.2, ge=0, description="share of more good words by which a copy beats one kept earlier"
    )
    drop: tuple[Literal["exact", "near", "excerpt", "spun", "rewrite"], ...] = Field(
        ("exact", "near", "excerpt", "spun"),
        description="which copies are dropped; near: edited ones, excerpt: parts, spun: those with "
        "machine-spun wording on a side, rewrite: rewrites and summaries graded strong",
    )
    drop_jaccard: float = Field(
        0.0, ge=0, le=1, description="edited copies are dropped from this Jaccard similarity on"
    )
    drop_share: float = Field(
        0.9, ge=0, le=1, description="copies are dropped from this share on, spun ones from 2/3"
    )
    across: bool = Field(
        True,
        description="drop copies of what another source has, too; false: of the same source's only",
    )


class SpinSettings(Section):
    """How machine-spun wording is found and repaired."""

    repair_confidence: float = Field(
        0.9, ge=0, le=1, description="flags at least this sure are applied in the corpus"
    )
    lexicon: str = Field(
        "", description="CSV of known substitutions, such as an earlier run's lexicon.csv"
    )
    phrases: str = Field("", description="CSV of known phrases: phrase, expected term")
    evidence: tuple[Literal["siblings", "lexicon", "context", "phrases"], ...] = Field(
        ("siblings", "lexicon", "context", "phrases"),
        description="kinds of evidence that are used, beside LanguageTool; take out what is not",
    )
    default_lexicon: bool = Field(
        True, description="search for the substitutions that come with scrub, too"
    )
    search_copies: bool = Field(
        False, description="search dropped copies, too; off: they have the flags of siblings alone"
    )


class LanguageToolSettings(Section):
    """Which LanguageTool is asked, and about what."""

    scope: Literal["suspect", "all", "off"] = Field(
        "suspect", description="which sentences are sent: those of suspect texts, all, or none"
    )
    url: str = Field(
        "",
        description="a LanguageTool server to use instead of starting one, e.g. http://localhost:8081",
    )


class WriteSettings(Section):
    """The form of the corpus."""

    format: Literal["jsonl", "parquet", "txt", "same", "ids", "attributes"] = Field(
        "jsonl",
        description="form of the corpus of kept documents; same: the input files again, without "
        "the records that are copies; ids: no corpus, but a list of what to drop; attributes: no "
        "corpus, but for each file of JSON Lines one of Dolma's attributes",
    )
    text: Literal["", "raw", "clean", "repaired"] = Field(
        "",
        description="its texts: as they were read, cleaned, or repaired, too; empty: repaired, and "
        "with same raw",
    )
    mark: bool = Field(
        False,
        description="with same: leave no record out, and say of each whether it is kept, in "
        "columns of its own",
    )
    excel: bool = Field(False, description="tables begin with a byte order mark, as Excel needs")
    compress: bool = Field(False, description="documents.jsonl and corpus.jsonl as .jsonl.zst")


class EngineSettings(Section):
    """What runs the batches."""

    name: Literal["local", "spark"] = Field(
        "local", description="local: this machine's processes; spark: a Spark session"
    )
    jobs: int = Field(0, ge=0, description="processes; 0: one for each core")
    master: str = Field(
        "", description="Spark's master URL; empty: as spark-submit says, else this machine"
    )
    scratch: str = Field(
        "",
        description="folder that every executor of Spark can write, for what is handed from step "
        "to step; empty: in the output folder",
    )


class Settings(Section):
    """All settings, one attribute for each table of `config.toml`."""

    read: ReadSettings = Field(default_factory=ReadSettings)
    clean: CleanSettings = Field(default_factory=CleanSettings)
    match: MatchSettings = Field(default_factory=MatchSettings)
    keep: KeepSettings = Field(default_factory=KeepSettings)
    allow: AllowSettings = Field(default_factory=AllowSettings)
    spin: SpinSettings = Field(default_factory=SpinSettings)
    languagetool: LanguageToolSettings = Field(default_factory=LanguageToolSettings)
    write: WriteSettings = Field(default_factory=WriteSettings)
    engine: EngineSettings = Field(default_factory=EngineSettings)


_log = logging.getLogger(__name__)

# Where each value of a loaded configuration came from, by "section.key".
Origins = dict[str, str]

_FOUND = Path("config.toml")  # used where it lies in the current folder, which may be a stranger's
# What says where texts go, what is started and which files are read: never taken from there.
_PLACES = {
    "languagetool.url", "engine.name", "engine.master", "engine.scratch", "spin.lexicon",
    "spin.phrases",
}  # fmt: skip


def load(
    path: Path | None = None,
    overrides: dict[str, Any] | None = None,
    *,
    given_as: str = "--set ",
    environ: dict[str, str] | None = None,
) -> tuple[Settings, Origins]:
    """Merge the layers into settings, and say where each value came from.

    `path` is the file given with `--config`, else `./config.toml` where there is one; `overrides`
    maps "section.key" to a value, or to the text that a flag gave, and `given_as` is what problems
    call them.  Raises ConfigError, which lists every unknown key and bad value of every layer at
    once, and what a `./config.toml` that nobody named has no say in.
    """
    environ = dict(os.environ) if environ is None else environ
    values: dict[str, dict[str, Any]] = {}
    origins: Origins = {}
    problems: list[str] = []

    def put(section: str, key: str, value: Any, origin: str) -> None:  # noqa: ANN401 - a TOML value
        known = Settings.model_fields.get(section)
        keys = [] if known is None else list(_section(section).model_fields)
        new = key if known is None else _section(section).renamed.get(key, key)
        if new != key:
            _log.warning("scrub: %s: %s.%s is called %s.%s now", origin, section, key, section, new)
            key = new
        if known is None:
            problems.append(
                f"{origin}: no section [{section}]{_hint(section, list(Settings.model_fields))}"
            )
        elif key not in keys:
            problems.append(f"{origin}: no setting {section}.{key}{_hint(key, keys)}")
        else:
            values.setdefault(section, {})[key] = value
            origins[f"{section}.{key}"] = origin

    if file := settings_file(path):
        for section, table in _read_toml(file).items():
            if not isinstance(table, dict):
                problems.append(f"{file}: {section} stands outside a section")
                continue
            for key, value in table.items():
                if (
                    path is None
                    and f"{section}.{key}" in _PLACES
                    and value != getattr(getattr(Settings(), section), key)
                ):
                    problems.append(
                        f"{file}: {section}.{key} = {value!r} counts in a file that is named only: "
                        f"--config {file}, if it is yours"
                    )
                put(section, key, value, str(file))
    for name, text in sorted(environ.items()):
        if name.startswith("SCRUB_") and "__" in name:
            section, _, key = name.removeprefix("SCRUB_").lower().partition("__")
            put(section, key, _parse(text), f"environment {name}")
    for name, value in (overrides or {}).items():
        section, _, key = name.partition(".")
        put(section, key, _parse(value) if isinstance(value, str) else value, f"{given_as}{name}")
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        settings = Settings()
        for problem in error.errors():
            name = ".".join(str(part) for part in problem["loc"])
            what = problem["msg"].replace("tuple", "list")  # TOML's word
            problems.append(
                f"{origins.get(name, 'settings')}: {name} = {problem['input']!r}: {what}"
            )
    for name, given in (("lexicon", settings.spin.lexicon), ("phrases", settings.spin.phrases)):
        if given and not Path(given).is_file():  # a device would be read without end
            problems.append(f"{origins[f'spin.{name}']}: spin.{name} = {given!r}: no such file")
    if problems:
        raise ConfigError("\n".join(problems))
    return settings, origins


def settings_file(path: Path | None = None) -> Path | None:
    """The file that `load` reads: the one given, else `./config.toml` where there is one."""
    return path or (_FOUND if _FOUND.is_file() else None)


def default_toml() -> str:
    """The complete default configuration as commented TOML, the content of `config.toml`."""
    lines = [
        "# All settings of scrub with their defaults.",
        "# `scrub config show` says where each value comes from.",
    ]
    for name in Settings.model_fields:
        section = _section(name)
        lines += ["", f"# {(section.__doc__ or '').strip()}", f"[{name}]"]
        for key, info in section.model_fields.items():
            default = info.get_default(call_default_factory=True)
            lines += [f"# {info.description}", f"{key} = {json.dumps(default, ensure_ascii=False)}"]
    return "\n".join(lines) + "\n"


def _section(name: str) -> type[Section]:
    annotation = Settings.model_fields[name].annotation
    assert isinstance(annotation, type) and issubclass(annotation, Section)
    return annotation


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{file}: no such file; `scrub config init` writes one") from None
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: not TOML: {error}") from None


def _parse(text: str) -> Any:  # noqa: ANN401 - a TOML value
    """A value as TOML where it is one (`0.4`, `true`, `["a"]`), else the text itself."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _hint(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1)
    return f"; did you mean {close[0]}?" if close else f"; known: {', '.join(known)}"
