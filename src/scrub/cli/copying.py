"""`scrub copies`: who copied whom in a finished run; `scrub compare`: two texts by themselves."""

from __future__ import annotations

import codecs
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
    excel: Annotated[
        bool,
        typer.Option("--excel", help="Begin with a byte order mark, by which Excel knows UTF-8."),
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
        sys.stdout.buffer.write(codecs.BOM_UTF8 * excel)
        write_table(sys.stdout.buffer, columns, rows)
        sys.stdout.buffer.flush()
    taken = [copy for copy in known.copies if copy.taken]
    certain = [copy for copy in taken if not copy.doubt]
    say(
        f"copies: {len(known.copies):,}, {len(taken):,} of another outlet's text and not licensed, "
        f"{len(certain):,} of these surely later"
    )
    raise typer.Exit(1 if {"copies": taken, "certain": certain}.get(fail_on or "") else 0)


def compare(
    a: Annotated[
        str,
        typer.Argument(
            help="A file, - for standard input, FILE#N for its N-th record, FILE#COLUMN, or an id "
            "or an address of a result."
        ),
    ],
    b: Annotated[str, typer.Argument(help="Another one.")],
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="The result that the ids are of.")
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write an evidence sheet, made for print."),
    ] = None,
    config: Config = None,
    set_: Set = None,
    text_field: TextField = None,
    as_json: Json = False,
) -> None:
    """Say whether one text is a copy of another, without a run before.

    Of two columns, the texts of each row are compared.

    \b
    scrub compare ours.html theirs.html --html sheet.html
    scrub compare pairs.csv#ours pairs.csv#theirs
    """
    from dataclasses import asdict

    from scrub import kernels
    from scrub.cli.explaining import account
    from scrub.comparing import compare_documents
    from scrub.errors import InputError, OutputError

    if a == b:
        raise InputError(f"{a!r} is one text; name two")
    settings = settings_of(config, set_, languagetool="off", read__text_field=text_field)
    if (one := _column(a)) and (other := _column(b)):
        _print_rows(one, other, settings, as_json=as_json)
        return
    sides = _one(a, out, settings), _one(b, out, settings)
    kernels.interpret(sum(len(side.text) for side in sides))
    found = compare_documents(*sides, settings)
    if html:
        from scrub.write.report import publish
        from scrub.write.report.sheet import sheet

        try:
            publish(sheet(*sides, found, settings), html)
        except OSError as error:
            raise OutputError(f"{html}: {error.strerror}") from None
    if as_json:
        print(json_text(asdict(found)))
        return
    print(printable(found.verdict))
    if "total" in found.account:
        print(account(found.account))


ROWS = ("row", "relation", "share_a", "share_b", "spun", "verdict")


def _column(given: str) -> tuple[Path, str] | None:
    """The file and the column that FILE#COLUMN means; None where it is something else."""
    path, _, column = given.rpartition("#")
    is_column = path and column and not column.isdigit() and not Path(given).exists()
    return (Path(path), column) if is_column and Path(path).is_file() else None


def _print_rows(
    one: tuple[Path, str], other: tuple[Path, str], settings: Settings, *, as_json: bool
) -> None:
    """Print what the two texts of each row have in common; rows that lack one are counted."""
    from scrub.comparing import compare_documents
    from scrub.document import Document
    from scrub.errors import InputError
    from scrub.write.tables import write_table

    left, right = _texts(*one, settings), _texts(*other, settings)
    both = sorted(left.keys() & right.keys())
    if not both:
        raise InputError(f"{one[0]}: no row with a text in {one[1]!r} and one in {other[1]!r}")
    a, b = one[1], other[1]
    if a == b:
        a, b = f"{one[0]}#{a}", f"{other[0]}#{b}"
    rows: list[tuple[str | int | float | None, ...]] = []
    for number in both:
        found = compare_documents(Document(a, left[number]), Document(b, right[number]), settings)
        spun = {"a": a, "b": b}.get(found.spun, found.spun)
        rows.append((number, found.relation, found.share_a, found.share_b, spun, found.verdict))
    if as_json:
        print(json_text([dict(zip(ROWS, row, strict=True)) for row in rows]))
    else:
        write_table(sys.stdout.buffer, ROWS, rows)
        sys.stdout.buffer.flush()
    if missing := len(left.keys() | right.keys()) - len(both):
        say(f"{missing:,} rows have one text or none")


def _texts(path: Path, column: str, settings: Settings) -> dict[int, str]:
    """The texts of a column by the numbers of their records."""
    from scrub.document import Document
    from scrub.read import read

    named = settings.read.model_copy(update={"text_field": column})
    found = (each for each in read([path], named, jobs=1) if isinstance(each, Document))
    return {int(each.path.rpartition("#")[2] or 1): each.text for each in found}


def _one(given: str, out: Path | None, settings: Settings) -> Document:
    """The document that a file, standard input, an id or an address means, named as given."""
    from scrub.cli.one_text import read_one
    from scrub.document import Document, Rejection
    from scrub.errors import InputError
    from scrub.read import read
    from scrub.sources import origin, same_address
    from scrub.write.load import load_documents, load_record

    if given == "-":
        return Document("standard input", read_one("-"))
    path = Path(given)
    if out is not None and not path.is_file():
        load_record(out, "documents.jsonl")
        matches: list[Document] = []
        for document in load_documents(out):
            if document.id == given:
                return document
            if "://" in given and same_address(given, origin(document).url):
                matches.append(document)
        if len(matches) != 1:
            place = f" document of {out}"
            which = "neither a file nor a"
            if matches:
                which = f"the address of {len(matches)} documents"
                place = f" of {out}: name one by its id"
            raise InputError(f"{given!r} is {which}{place}")
        return matches[0]
    inner, _, number = given.rpartition("#")
    wanted = int(number) if inner and number.isdigit() and not path.exists() else 0
    reader = read([Path(inner) if wanted else path], settings.read, jobs=1)
    if wanted:
        results = [r for r in reader if r.path.endswith(f"#{wanted}")][:1]
        if not results:
            raise InputError(f"{given}: {inner} has no record {wanted}")
    else:
        results = list(islice(reader, 2))
    if len(results) != 1:
        raise InputError(f"{given}: holds more than one text; name one as {given}#1")
    if isinstance(results[0], Rejection):
        raise InputError(f"{given}: {results[0].detail} ({results[0].reason})")
    return replace(results[0], id=given)
