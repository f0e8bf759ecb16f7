"""The commands that work on a finished run: `explain`, `repair`, `report`, `eval`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from scrub.cli.annotations import json_text
from scrub.cli.ending import say
from scrub.cli.options import Json, Out

if TYPE_CHECKING:
    from scrub.review import Decision


def explain(
    id_a: Annotated[str, typer.Argument(help="A document's id, as in dedup.csv.")],
    id_b: Annotated[str, typer.Argument(help="Another one's.")],
    out: Out = Path("out"),
    as_json: Json = False,
) -> None:
    """Say why two documents were, or were not, linked.

    \b
    scrub explain 002.txt 003.txt -o out
    scrub explain 'dump.jsonl#12' 'dump.jsonl#90' -o out --json
    """
    from scrub.cli.explaining import account, explain_pair

    answer = explain_pair(out, id_a, id_b)
    print(json_text(answer) if as_json else account(answer))


def repair(
    out: Out = Path("out"),
    decisions: Annotated[
        Path | None,
        typer.Option(
            "--decisions",
            help="The report's decisions.csv, or a flags.csv with the column `decision` filled in.",
        ),
    ] = None,
    confidence: Annotated[
        float | None,
        typer.Option(
            min=0.0, max=1.0, help="Apply undecided flags at least this sure (default: as the run)."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Apply the flags that a person accepted.

    \b
    scrub repair -o out --decisions decisions.csv
    scrub repair -o out --confidence 1
    """
    from scrub.config import Settings
    from scrub.review import apply_decisions, load_decisions
    from scrub.write.load import load_record

    settings = Settings.model_validate(load_record(out)["settings"])
    if confidence is not None:
        spin = settings.spin.model_copy(update={"repair_confidence": confidence})
        settings = settings.model_copy(update={"spin": spin})
    repairs = apply_decisions(out, decisions, settings)
    if decisions is not None:
        say(_decided(load_decisions(decisions)))
    print(json.dumps({"repairs": repairs}) if as_json else f"{repairs:,} repairs in {out}/")


def _decided(decisions: Sequence[Decision]) -> str:
    """How many decisions of each kind; a wording is quoted, for `no` would be one."""
    typed = [decision for decision in decisions if decision.typed]
    accepted = sum(decision.decision.strip().lower() == "accept" for decision in decisions)
    line = (
        f"decisions {len(decisions)}: accepted {accepted}, "
        f"rejected {len(decisions) - accepted - len(typed)}, other wording {len(typed)}"
    )
    quoted = dict.fromkeys(f"{d.text!r} -> {d.decision.strip()!r}" for d in typed)
    return line + (f", such as {', '.join(list(quoted)[:3])}" if typed else "")


def report(
    out: Out = Path("out"),
    cluster: Annotated[
        str | None,
        typer.Option(
            "--cluster",
            help="A page for this cluster alone, in full: the id of any of its documents.",
        ),
    ] = None,
    form: Annotated[
        Literal["html", "md", "json"],
        typer.Option(
            "--format", help="md, json: print what is new, a line for each copy; html: the page."
        ),
    ] = "html",
) -> None:
    """Write report.html again, or print the new copies.

    \b
    scrub report -o out --cluster 002.txt
    scrub report -o archive/0007-tonight --format md
    """
    if form != "html":
        _print_news(out, form)
        return
    from scrub.write.load import load_record
    from scrub.write.output import Output
    from scrub.write.report import READ, build, page_name

    # What cannot be reported on is said before anything is made in the folder.
    load_record(out, *READ)
    with Output(out, update=True) as output, output.guard(page_name(cluster)):
        build(out, output.staging / page_name(cluster), cluster=cluster)
    print(out / page_name(cluster))


def _print_news(out: Path, form: Literal["md", "json"]) -> None:
    """Print how many copies are new in a run, then each on a line."""
    from scrub.cli.annotations import printable
    from scrub.cli.summary import news
    from scrub.provenance import COPIES, provenance

    alerts = provenance(out).alerts
    if form == "md":
        print(f"**{news(alerts)}**" + ("\n" if alerts else ""))
        for copy in alerts:
            print(printable(copy.line()))
    else:
        for copy in alerts:
            print(json.dumps(dict(zip(COPIES, copy.row(), strict=True)), ensure_ascii=False))


def evaluate(
    truth: Annotated[
        Path, typer.Option("--truth", help="CSV with id, cluster and, if known, kind and parent.")
    ],
    out: Out = Path("out"),
    as_json: Json = False,
) -> None:
    """Score a run against labels: recall, precision, F1, ARI.

    \b
    scrub eval -o out --truth truth.csv
    scrub eval -o out --truth truth.csv.gz --json
    """
    from scrub.evaluate import evaluate as score
    from scrub.write.load import load_record

    load_record(out, "dedup.csv")
    result = score(truth, out / "dedup.csv")
    if as_json:
        print(json.dumps(result, ensure_ascii=False, indent=2))
        return
    by_kind = result.pop("recall_by_kind")
    rows = [*result.items(), *((f"recall of {kind}", value) for kind, value in by_kind.items())]
    width = max(len(name) for name, _ in rows)
    print("\n".join(f"{name.replace('_', ' '):>{width}}  {value:,}" for name, value in rows))
