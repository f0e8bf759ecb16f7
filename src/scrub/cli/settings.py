"""`scrub config`: show, write or describe the settings."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from scrub.cli.options import Config, Json, Set, overrides

config_app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Show, write or describe the settings."
)


@config_app.command("show")
def config_show(config: Config = None, set_: Set = None, as_json: Json = False) -> None:
    """Print every setting, its value and where that came from.

    \b
    scrub config show
    SCRUB_KEEP__POLICY=longest scrub config show --set match.lsh_threshold=0.6
    """
    from scrub.config import load

    settings, origins = load(config, overrides(set_))
    rows = [
        {"name": name, "value": value, "origin": origins.get(name, "default")}
        for section, values in settings.model_dump().items()
        for name, value in ((f"{section}.{key}", value) for key, value in values.items())
    ]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        print(f"{row['name']} = {json.dumps(row['value'], ensure_ascii=False)}  ({row['origin']})")


@config_app.command("init")
def config_init(
    path: Annotated[
        Path | None, typer.Argument(help="File to write; without it, standard output.")
    ] = None,
) -> None:
    """Write the complete, commented default settings.

    \b
    scrub config init config.toml
    scrub config init | less
    """
    from scrub.config import default_toml
    from scrub.errors import ConfigError

    if path is None:
        sys.stdout.write(default_toml())
        return
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(default_toml())
    except FileExistsError:
        raise ConfigError(f"{path} exists; choose another name or remove it first") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror}") from None
    print(f"{path} written; `scrub config show` reads it", file=sys.stderr)


@config_app.command("schema")
def config_schema() -> None:
    """Print the JSON Schema of the settings, for editors.

    \b
    scrub config schema > scrub.schema.json
    scrub config schema | jq .properties
    """
    from scrub.config import Settings

    print(json.dumps(Settings.model_json_schema(), indent=2))
