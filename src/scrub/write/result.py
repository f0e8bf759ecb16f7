"""All files of one run, in the order in which they need each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scrub.clean.changes import source_span
from scrub.config import Settings
from scrub.corpus import Analysis
from scrub.progress import Clock
from scrub.write import tables
from scrub.write.corpus import write_changes, write_corpus, write_documents
from scrub.write.output import Output
from scrub.write.record import count, settings_digest, write_record
from scrub.write.report import build


def write_result(
    output: Output,
    analysis: Analysis,
    settings: Settings,
    inputs: Sequence[Path],
    clock: Clock,
    *,
    command: str,
) -> dict[str, Any]:
    """Write every file of the contract into `output`; returns what `run.json` records."""
    corpus, flagged = analysis.corpus, analysis.flagged
    with clock.stage("write"):
        write_documents(output, corpus.documents)
        write_corpus(output, analysis.kept, settings.write.format)
        write_changes(output, corpus.changes)
        _write_tables(output, analysis)
    counts = count(analysis.verdicts, len(analysis.rejections))
    counts["flags"] = sum(len(flags) for flags in flagged.flags.values())
    counts["repairs"] = sum(document.metadata.get("repairs", 0) for document in analysis.kept)
    seconds = sum(clock.seconds.values())
    record = {
        "command": command,
        "inputs": [str(path) for path in inputs],
        "counts": counts,
        "seconds": round(seconds, 3),
        "documents_per_second": round(counts["read"] / seconds, 1) if seconds else 0.0,
        "stages": {name: round(value, 3) for name, value in clock.seconds.items()},
        "languages": _languages(analysis),
        "near_misses": [asdict(miss) for miss in analysis.near_misses],
        "engine": {"name": settings.engine.name, "jobs": settings.engine.jobs},
        "languagetool": dict(flagged.languagetool),
        "settings": settings.model_dump(),
        "settings_digest": settings_digest(settings),
    }
    write_record(output, record)
    with output.guard("report.html"):
        build(output.staging, output.staging / "report.html")
    return record


def _write_tables(output: Output, analysis: Analysis) -> None:
    corpus, flagged = analysis.corpus, analysis.flagged
    with output.open("dedup.csv") as file:
        rows = tables.dedup_rows(
            corpus.documents, analysis.verdicts, flagged.scores, flagged.flags, corpus.words
        )
        tables.write_table(file, tables.DEDUP, rows)
    with output.open("pairs.csv") as file:
        tables.write_table(file, tables.PAIRS, tables.pair_rows(analysis.pairs))
    with output.open("flags.csv") as file:
        flags = (
            (flag, source_span(corpus.changes.get(i, ()), flag.start, flag.end))
            for i in corpus.ids
            for flag in flagged.flags.get(i, ())
        )
        tables.write_table(file, tables.FLAGS, tables.flag_rows(flags))
    with output.open("lexicon.csv") as file:
        tables.write_table(file, tables.LEXICON, tables.lexicon_rows(flagged.lexicon))
    with output.open("rejected.csv") as file:
        tables.write_table(file, tables.REJECTED, tables.rejection_rows(analysis.rejections))


def _languages(analysis: Analysis) -> dict[str, int]:
    """Documents by language code, the most frequent first."""
    codes = (str(d.metadata.get("language", "")) for d in analysis.corpus.documents)
    return dict(sorted(Counter(codes).items(), key=lambda item: (-item[1], item[0])))
