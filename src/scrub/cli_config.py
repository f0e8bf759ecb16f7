"""`scrub config`: show, write or describe the settings; and the options that change them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

config_app = typer.Typer(no_args_is_help=True, help="Show, write or describe the settings.")

Config = Annotated[
    Path | None, typer.Option("-c", "--config", help="Settings file (default: ./config.toml).")
]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="SECTION.KEY=VALUE", help="Change one setting; may be repeated."),
]
Json = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


def overrides(given: list[str] | None) -> dict[str, Any]:
    """The settings of `--set section.key=value` options, by name, as they were typed."""
    return dict(item.partition("=")[::2] for item in given or [])


@config_app.command("show")
def config_show(config: Config = None, set_: Set = None, as_json: Json = False) -> None:
    """Print every setting with its value and where that came from."""
    from scrub.config import load

    settings, origins = load(config, overrides(set_))
    if as_json:
        print(settings.model_dump_json(indent=2))
        return
    for section, values in settings.model_dump().items():
        for key, value in values.items():
            name = f"{section}.{key}"
            print(
                f"{name} = {json.dumps(value, ensure_ascii=False)}  ({origins.get(name, 'default')})"
            )


@config_app.command("init")
def config_init(
    path: Annotated[
        Path | None, typer.Argument(help="File to write; without it, standard output.")
    ] = None,
) -> None:
    """Write the complete, commented default settings."""
    from scrub.config import default_toml
    from scrub.errors import ConfigError

    if path is None:
        sys.stdout.write(default_toml())
    elif path.exists():
        raise ConfigError(f"{path} exists; choose another name or remove it first")
    else:
        path.write_text(default_toml(), encoding="utf-8")


@config_app.command("schema")
def config_schema() -> None:
    """Print the JSON Schema of the settings, for editors."""
    from scrub.config import Settings

    print(json.dumps(Settings.model_json_schema(), indent=2))
