"""`scrub copies`: who copied whom in a finished run; `scrub compare`: two texts by themselves."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from scrub.cli.annotations import json_text, printable
from scrub.cli.ending import say
from scrub.cli.options import Config, Json, Out, Set, TextField, settings_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scrub.config import Settings
    from scrub.document import Document


def copies(
    out: Out = Path("out"),
    table: Annotated[
        Literal["copies", "outlets", "matrix", "stories"],
        typer.Option(
            "--table",
            help="A row for each copy, for each two outlets, for each outlet (a column for each "
            "other), or for each document of a story.",
        ),
    ] = "copies",
    against: Annotated[
        list[Path] | None,
        typer.Option(
            "--against", help="Earlier results (default: those that the run was compared with)."
        ),
    ] = None,
    licensed: Annotated[
        list[str] | None,
        typer.Option("--licensed", metavar="DOMAIN", help="An outlet that may copy; repeatable."),
    ] = None,
    fail_on: Annotated[
        Literal["copies", "certain"] | None,
        typer.Option(
            "--fail-on",
            help="Exit with 1 where an outlet has a copy of another's, not licensed; or one whose "
            "order is certain.",
        ),
    ] = None,
    graphml: Annotated[
        bool, typer.Option("--graphml", help="The outlets as a graph, for a network tool.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Say who copied whom: CSV on stdout.

    \b
    scrub copies -o out > copies.csv
    scrub copies -o tonight --against archive --fail-on certain --licensed agency.example
    """
    from scrub.provenance import (
        COPIES,
        OUTLETS,
        STORIES,
        graph,
        matrix,
        outlet_rows,
        provenance,
        story_rows,
    )
    from scrub.write.tables import write_table

    known = provenance(out, against or (), licensed or ())
    tables: dict[str, tuple[Sequence[str], Iterable[Sequence[str | int | float | None]]]] = {
        "copies": (COPIES, (copy.row() for copy in known.copies)),
        "outlets": (OUTLETS, outlet_rows(known.copies)),
        "matrix": matrix(known.copies),
        "stories": (STORIES, story_rows(known)),
    }
    columns, rows = tables[table]
    if graphml:
        sys.stdout.buffer.write(graph(known.copies))
        sys.stdout.buffer.flush()
    elif as_json:
        found = [dict(zip(columns, row, strict=True)) for row in rows]
        print(json_text(found))
    elif sys.stdout.isatty():
        shown = io.BytesIO()
        write_table(shown, columns, rows)
        print("\n".join(map(printable, shown.getvalue().decode().splitlines())))
    else:
        write_table(sys.stdout.buffer, columns, rows)
        sys.stdout.buffer.flush()
    taken = [copy for copy in known.copies if copy.taken]
    certain = [copy for copy in taken if not copy.doubt]
    say(
        f"{len(known.copies):,} copies, {len(taken):,} of another outlet's text and not licensed, "
        f"{len(certain):,} of these surely later"
    )
    raise typer.Exit(1 if {"copies": taken, "certain": certain}.get(fail_on or "") else 0)


def compare(
    a: Annotated[str, typer.Argument(help="A file, - for standard input, or an id of a result.")],
    b: Annotated[str, typer.Argument(help="Another one.")],
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="The result that the ids are of.")
    ] = None,
    config: Config = None,
    set_: Set = None,
    text_field: TextField = None,
    as_json: Json = False,
) -> None:
    """Say whether one text is a copy of another, without a run before.

    \b
    scrub compare ours.html theirs.html
    scrub compare ours.txt 'dump.jsonl#12' -o out
    """
    from dataclasses import asdict

    from scrub.cli.explaining import account
    from scrub.comparing import compare_documents
    from scrub.errors import InputError

    if a == b:
        raise InputError(f"{a!r} is one text; name two")
    settings = settings_of(config, set_, languagetool="off", read__text_field=text_field)
    found = compare_documents(_one(a, out, settings), _one(b, out, settings), settings)
    if as_json:
        print(json_text(asdict(found)))
        return
    print(printable(found.verdict))
    if "total" in found.account:
        print(account(found.account))


def _one(given: str, out: Path | None, settings: Settings) -> Document:
    """The document that a file, standard input or an id means, under the name that was given."""
    from scrub.cli.one_text import read_one
    from scrub.document import Document, Rejection
    from scrub.errors import InputError
    from scrub.read import Reader
    from scrub.write.load import load_documents, load_record

    if given == "-":
        return Document("standard input", read_one("-"))
    path = Path(given)
    if out is not None and not path.is_file():
        load_record(out, "documents.jsonl")
        found = [d for d in load_documents(out) if d.id == given]
        if not found:
            raise InputError(f"{given!r} is neither a file nor a document of {out}")
        return found[0]
    results = list(islice(Reader([path], settings.read, jobs=1), 2))
    if len(results) != 1:
        raise InputError(f"{given}: holds more than one text; run it, and compare two ids by -o")
    if isinstance(results[0], Rejection):
        raise InputError(f"{given}: {results[0].detail} ({results[0].reason})")
    return replace(results[0], id=given)
