"""A person's decisions on the flags of a finished run, applied to its corpus."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from scrub.clean.changes import source_span
from scrub.config import Settings
from scrub.document import Document, Flag
from scrub.errors import DecisionError, InputError
from scrub.spin.repair import decide, repair
from scrub.write import tables
from scrub.write.corpus import write_corpus
from scrub.write.load import load_changes, load_documents, load_flags, load_record, load_table
from scrub.write.output import Output
from scrub.write.record import write_update
from scrub.write.report import build

Key = tuple[str, int, int]


def apply_decisions(out: Path, decisions: Path | None, settings: Settings) -> int:
    """Write the corpus of the finished run in `out` again; returns how many repairs it holds.

    `decisions` is a `flags.csv` or the report's `decisions.csv`; without it the `decision` column
    of `out/flags.csv` counts.  Decided flags are applied exactly as decided, the others where
    they are sure enough, and the decisions are kept in `flags.csv`.  Raises DecisionError, naming
    the row, where a decision does not fit the text; nothing is written then.
    """
    record = load_record(out)
    flags = load_flags(out / "flags.csv")
    if decisions is not None:
        flags = _decided(flags, decisions)
    rows: dict[str, list[tuple[int, Flag]]] = defaultdict(list)
    for row, flag in enumerate(flags, start=2):
        rows[flag.id].append((row, flag))
    kept_ids = {row["id"] for row in load_table(out / "dedup.csv") if row["kept"] == "true"}
    kept = [
        _repaired(document, rows.get(document.id, []), settings.spin.repair_confidence)
        for document in load_documents(out)
        if document.id in kept_ids
    ]
    repairs: int = sum(document.metadata.get("repairs", 0) for document in kept)
    with Output(out, update=True) as output:
        write_corpus(output, kept, record["settings"]["write"]["format"])
        _write_flags(output, flags, out)
        write_update(output, out, record, repairs)
        with output.guard("report.html"):
            build(out, output.staging / "report.html", newer=output.staging)
    return repairs


def _decided(flags: Sequence[Flag], decisions: Path) -> list[Flag]:
    """The flags with the decisions of a file, which must speak of known spans."""
    try:
        given = load_flags(decisions)
    except FileNotFoundError:
        raise InputError(f"{decisions}: no such file") from None
    except (KeyError, ValueError, UnicodeDecodeError) as error:
        raise DecisionError(f"{decisions}: not a table of flags: {error}") from None
    known: dict[Key, int] = {(f.id, f.start, f.end): n for n, f in enumerate(flags)}
    result = list(flags)
    for row, flag in enumerate(given, start=2):
        if not flag.decision.strip():
            continue
        place = known.get((flag.id, flag.start, flag.end))
        if place is None:
            raise DecisionError(
                f"{decisions}, row {row}: no flag on {flag.id} {flag.start}-{flag.end}; "
                "the run has changed since: decide on its new flags"
            )
        if result[place].text != flag.text:
            raise DecisionError(
                f"{decisions}, row {row}: {flag.id} has {result[place].text!r} at "
                f"{flag.start}-{flag.end}, the decision is about {flag.text!r}; "
                "the text has changed since: decide on its new flags"
            )
        result[place] = replace(result[place], decision=flag.decision)
    return result


def _repaired(document: Document, rows: Sequence[tuple[int, Flag]], threshold: float) -> Document:
    decided = [(row, flag) for row, flag in rows if flag.decision.strip()]
    accepted = [(row, flag) for row, flag in decided if flag.decision.strip().lower() != "reject"]
    # A person's word comes first: what it overlaps or speaks of is not repaired by itself.
    free = [
        flag
        for _, flag in rows
        if not any(flag.start < d.end and d.start < flag.end for _, d in decided)
    ]
    _, automatic = repair(document.text, free, threshold)
    automatic = [
        flag
        for flag in automatic
        if not any(flag.start < d.end and d.start < flag.end for _, d in decided)
    ]
    applied = [(0, replace(flag, decision="accept")) for flag in automatic] + accepted
    applied.sort(key=lambda item: item[1].start)
    text, done = decide(document.text, [f for _, f in applied], [row for row, _ in applied])
    metadata = {k: v for k, v in document.metadata.items() if k != "repairs"}
    if done:
        metadata["repairs"] = len(done)
    return replace(document, text=text, metadata=metadata)


def _write_flags(output: Output, flags: Sequence[Flag], out: Path) -> None:
    changes = load_changes(out)
    with output.open("flags.csv") as file:
        spans = ((f, source_span(changes.get(f.id, ()), f.start, f.end)) for f in flags)
        tables.write_table(file, tables.FLAGS, tables.flag_rows(spans))
