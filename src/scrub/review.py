"""A person's decisions on the flags of a finished run, applied to its corpus."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scrub.clean.spans import SourceSpans
from scrub.config import Settings, WriteSettings
from scrub.document import Document, Flag
from scrub.errors import DecisionError, OutputError
from scrub.spin.repair import decide, disjoint, meets, refuse_misspelt, repair
from scrub.table import by_column, load_table, table_rows
from scrub.write import tables
from scrub.write.corpus import write_corpus
from scrub.write.load import load_changes, load_documents, load_flags, load_record
from scrub.write.output import Output
from scrub.write.record import write_update
from scrub.write.report import READ, build

Key = tuple[str, int, int]
_NEEDED = ("id", "start", "end", "text", "decision")


@dataclass(slots=True, frozen=True)
class Decision:
    """What a person said of a flag: `accept`, `reject`, or the wording that belongs there."""

    row: int
    id: str
    start: int
    end: int
    text: str
    decision: str

    @property
    def typed(self) -> bool:
        """Whether it is a wording."""
        return self.decision.strip().lower() not in ("accept", "reject")


def load_decisions(path: Path) -> list[Decision]:
    """The rows of a file that are decided; of its columns `id, start, end, text, decision` count.

    Raises InputError where there is no such file or it is no CSV, DecisionError where a column is
    missing, a row does not say which span it means, or it misspells `accept` or `reject`.
    """
    rows = table_rows(path)
    columns = next(rows, [])
    if missing := [name for name in _NEEDED if name not in columns]:
        raise DecisionError(
            f"{path}: no column {', '.join(missing)}; decisions are rows of flags.csv, saved as "
            f"CSV, or at least its columns {', '.join(_NEEDED)}"
        )
    found = []
    for number, row in enumerate(by_column(columns, rows), start=2):
        if not row["decision"].strip():
            continue
        try:
            start, end = int(row["start"]), int(row["end"])
        except ValueError:
            raise DecisionError(
                f"{path}, row {number}: start {row['start']!r} and end {row['end']!r} are no whole "
                "numbers; they must be those of flags.csv"
            ) from None
        refuse_misspelt(row["decision"], f"{path}, row {number}")
        found.append(Decision(number, row["id"], start, end, row["text"], row["decision"]))
    return found


def apply_decisions(out: Path, decisions: Path | None, settings: Settings) -> int:
    """Write the corpus of the finished run in `out` again; returns how many repairs it holds.

    `decisions` is a `flags.csv` or the report's `decisions.csv` (`load_decisions`); without it
    the `decision` column of `out/flags.csv` counts.  Decided flags are applied exactly as decided,
    the others where they are sure enough, and the decisions are kept in `flags.csv`.  Raises
    DecisionError, naming the row, where a decision does not fit the text, and OutputError where the
    corpus is of a form that has no repairs; nothing is written then.
    """
    record = load_record(out, *READ, "changes.jsonl")
    form = record["settings"]["write"]
    if form["format"] in ("same", "ids", "attributes") or form.get("text", "") not in (
        "",
        "repaired",
    ):
        raise OutputError(
            f"{out}: its corpus has no repairs; run again with --format jsonl, which is quick, "
            "then decide"
        )
    flags = load_flags(out / "flags.csv")
    if decisions is not None:
        flags = _decided(flags, decisions)
    for row, flag in enumerate(flags, start=2):
        refuse_misspelt(flag.decision, f"{out / 'flags.csv'}, row {row}")
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
    with Output(out, update=True, form=WriteSettings.model_validate(form)) as output:
        write_corpus(output, kept, form["format"])
        _write_flags(output, flags, out)
        write_update(output, out, record, repairs)
        with output.guard("report.html"):
            build(out, output.staging / "report.html", newer=output.staging)
    return repairs


def _decided(flags: Sequence[Flag], decisions: Path) -> list[Flag]:
    """The flags with the decisions of a file, which must be of known spans."""
    known: dict[Key, int] = {(f.id, f.start, f.end): n for n, f in enumerate(flags)}
    result = list(flags)
    given_first: dict[int, Decision] = {}
    for given in load_decisions(decisions):
        place = known.get((given.id, given.start, given.end))
        if place is None:
            raise DecisionError(
                f"{decisions}, row {given.row}: no flag on {given.id} {given.start}-{given.end}; "
                "the run has changed since: decide on its new flags"
            )
        if result[place].text != given.text:
            raise DecisionError(
                f"{decisions}, row {given.row}: {given.id} has {result[place].text!r} at "
                f"{given.start}-{given.end}, the decision is about {given.text!r}; "
                "the text has changed since: decide on its new flags"
            )
        first = given_first.setdefault(place, given)
        if first.decision.strip() != given.decision.strip():
            raise DecisionError(
                f"{decisions}, row {given.row}: {given.text!r} is decided otherwise in row "
                f"{first.row}; leave one of them"
            )
        result[place] = replace(result[place], decision=given.decision)
    return result


def _repaired(document: Document, rows: Sequence[tuple[int, Flag]], threshold: float) -> Document:
    decided = [(row, flag) for row, flag in rows if flag.decision.strip()]
    accepted = [(row, flag) for row, flag in decided if flag.decision.strip().lower() != "reject"]
    # A person's word comes first: what it overlaps or concerns is not repaired by itself.
    spans = disjoint((flag.start, flag.end) for _, flag in decided)
    free = [flag for _, flag in rows if not meets(spans, flag.start, flag.end)]
    _, repairs = repair(document.text, free, threshold)
    automatic = [flag for flag in repairs if not meets(spans, flag.start, flag.end)]
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
        # A person may have sorted them otherwise.
        source = {i: SourceSpans(changes.get(i, ())) for i in {f.id for f in flags}}
        spans = ((f, source[f.id](f.start, f.end)) for f in flags)
        tables.write_table(file, tables.FLAGS, tables.flag_rows(spans))
