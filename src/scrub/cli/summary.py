"""The short table that a run ends with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrub.address import Address
from scrub.cli.annotations import printable
from scrub.table import load_table

if TYPE_CHECKING:
    from scrub.provenance import Copy


def summary(
    manifest: Mapping[str, Any], out: Path | Address, alerts: Sequence[Copy] | None = None
) -> str:
    """What a run read, found and kept, where it is, and what to do next, as plain text.

    `alerts` are its new copies of another outlet's text, where somebody asked.
    """
    counts = manifest["counts"]
    found = [f"{counts[name]:,} {label}" for name, label in _COPIES]
    rows = [
        ("read", f"{counts['read']:,}"),
        ("rejected", f"{counts['rejected']:,}"),
        ("copies", ", ".join(found)),
        ("spun", f"{counts['spun']:,}"),
    ]
    if unread := counts.get("unread_dates"):
        rows.append(("no date", f"{unread:,} whose date could not be read; sources.csv has it"))
    flagged = manifest["command"] == "run"
    if flagged:
        rows += [
            ("flags", f"{counts['flags']:,}"),
            ("repairs", f"{counts['repairs']:,} applied"),
            ("LanguageTool", manifest["languagetool"]["outcome"]),
        ]
    if alerts is not None:
        rows.append(("new", news(alerts)))
    rate = f"{manifest['documents_per_second']:,.4g} documents/s"
    rows += [
        ("kept", f"{counts['kept']:,}"),
        ("time", f"{manifest['seconds']:,.1f} s, {rate}"),
        ("files", _files(manifest, out)),
    ]
    if not isinstance(out, Address) and str(out) != "-":
        rows.append(("next", _next(counts, out, flagged=flagged)))
    return "\n".join(f"{name:>12}  {printable(value)}" for name, value in rows)


def news(alerts: Sequence[Copy]) -> str:
    """How many copies are new, and of how many stories."""
    stories = len({copy.story_id for copy in alerts})
    copies = "copy" if len(alerts) == 1 else "copies"
    return f"{len(alerts):,} new {copies} of {stories:,} of your stories"


_COPIES = (("exact", "exact"), ("near", "near"), ("excerpt", "excerpt"))


def _files(manifest: Mapping[str, Any], out: Path | Address) -> str:
    form = manifest["settings"]["write"]["format"]
    if str(out) == "-":
        return "the corpus is on standard output; -o FOLDER keeps the tables and the report, too"
    if isinstance(out, Address):
        return f"{out / 'run.json'}, {out / f'corpus.{form}'} and {out / 'dedup.csv'}, in parts"
    corpus = {"ids": "dropped.jsonl", "jsonl": "corpus.jsonl", "parquet": "corpus.parquet"}.get(
        form, "corpus/"
    )
    corpus += ".zst" * (form == "jsonl" and manifest["settings"]["write"].get("compress", False))
    return f"{out / 'report.html'} to look at, {out}/{corpus}, {out / 'dedup.csv'}"


def _next(counts: Mapping[str, int], out: Path, *, flagged: bool) -> str:
    """The command, or the file, that a person most likely wants now."""
    if counts["rejected"]:
        return f"see in {out / 'rejected.csv'} what was not read, and why"
    if not flagged:
        return f"scrub run INPUT -o {out}   (flags and repairs spun wording too)"
    if counts["flags"]:
        return f"review in the report, then: scrub repair -o {out} --decisions decisions.csv"
    return f"scrub doctor --verify {out}"


def rejected(out: Path) -> Iterator[str]:
    """A line for each input that a finished run did not read, with the reason."""
    for row in load_table(out / "rejected.csv"):
        yield f"{row['path']}: not read: {row['detail']} ({row['reason']})"
