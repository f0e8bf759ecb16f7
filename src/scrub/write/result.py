"""All files of one run, in the order in which they need each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from scrub.clean.spans import SourceSpans
from scrub.config import Settings
from scrub.corpus import Analysis, Corpus
from scrub.lines import document_line, document_of
from scrub.progress import Clock
from scrub.store.shard import Head
from scrub.store.stored import Stored, stored
from scrub.write import tables
from scrub.write.corpus import write_corpus, write_lines
from scrub.write.output import Output
from scrub.write.record import count, settings_digest, write_record
from scrub.write.report import build


def write_documents(output: Output, corpus: Corpus) -> None:
    """Write all documents as they were cleaned, and the changes."""
    documents = stored(corpus)
    write_lines(output, "documents.jsonl", documents.all_lines())
    write_lines(output, "changes.jsonl", documents.change_lines())


def write_result(
    output: Output,
    analysis: Analysis,
    settings: Settings,
    inputs: Sequence[Path],
    clock: Clock,
    *,
    command: str,
    origin: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Write every file that `write_documents` has not; returns what `run.json` records."""
    corpus, flagged = analysis.corpus, analysis.flagged
    documents = stored(corpus)
    with clock.stage("write"):
        heads = list(documents.heads())
        # Texts are copied and hashed beside the interpreter, tables are made by it.
        output.beside(_write_kept, output, analysis, documents, settings, clock)
        _write_tables(output, analysis, documents)
        output.wait()
    counts = count(analysis.verdicts, len(analysis.rejections))
    counts["flags"] = sum(len(flags) for flags in flagged.flags.values())
    counts["repairs"] = sum(document.metadata["repairs"] for document in analysis.repaired.values())
    found = {
        "languages": _languages(heads),
        "near_misses": [asdict(miss) for miss in analysis.near_misses],
        "languagetool": dict(flagged.languagetool),
        "worker_deaths": analysis.worker_deaths,
        "origin": origin or {},
    }
    record = run_record(settings, inputs, clock, command=command, counts=counts, found=found)
    finish(output, record)
    return record


def finish(output: Output, record: Mapping[str, Any]) -> None:
    """Write `run.json` and `report.html` beside the other files; `record` is a `run_record`."""
    write_record(output, record)
    with output.guard("report.html"):
        build(output.staging, output.staging / "report.html")


def run_record(
    settings: Settings,
    inputs: Sequence[Path | str],
    clock: Clock,
    *,
    command: str,
    counts: Mapping[str, int],
    found: Mapping[str, Any],
) -> dict[str, Any]:
    """What `run.json` records but for the digests of the files.

    `found` has its `languages`, `near_misses` and `languagetool`, and its `worker_deaths` and what
    `scrub.origin.describe` says if any.
    """
    seconds = sum(clock.seconds.values())
    return {
        "command": command,
        "inputs": [str(path) for path in inputs],
        "counts": counts,
        "seconds": round(seconds, 3),
        "documents_per_second": round(counts["read"] / seconds, 1) if seconds else 0.0,
        "stages": {name: round(value, 3) for name, value in clock.seconds.items()},
        "languages": found["languages"],
        "near_misses": found["near_misses"],
        "engine": {
            "name": settings.engine.name,
            "jobs": settings.engine.jobs,
            "worker_deaths": found.get("worker_deaths", 0),
        },
        "languagetool": found["languagetool"],
        "settings": settings.model_dump(),
        "settings_digest": settings_digest(settings),
        **found.get("origin", {}),
    }


def _write_kept(
    output: Output, analysis: Analysis, documents: Stored, settings: Settings, clock: Clock
) -> None:
    """Write the documents that are kept, repaired where something was sure."""
    verdicts, repaired = analysis.verdicts, analysis.repaired
    kept = [i for i in analysis.corpus.ids if verdicts[i].kept]
    chosen = np.array([verdicts[i].kept for i in analysis.corpus.ids], np.bool_)
    written = clock.through(documents.lines(chosen), len(kept))
    form = settings.write.format
    if form == "jsonl" and not repaired:
        write_lines(output, "corpus.jsonl", written)
        return
    lines = zip(kept, written, strict=True)
    if form == "jsonl":
        made = (document_line(repaired[i]) if i in repaired else line for i, line in lines)
        write_lines(output, "corpus.jsonl", made)
    else:
        found = (repaired[i] if i in repaired else document_of(line) for i, line in lines)
        write_corpus(output, found, form)


def _write_tables(output: Output, analysis: Analysis, documents: Stored) -> None:
    corpus, flagged = analysis.corpus, analysis.flagged
    with output.open("dedup.csv") as file:
        places = map(tables.Place, corpus.ids, documents.paths)
        rows = tables.dedup_rows(
            places, analysis.verdicts, flagged.scores, flagged.flags, corpus.words,
            retold=tables.retold(analysis.rewrites),
        )  # fmt: skip
        tables.write_table(file, tables.DEDUP, rows)
    with output.open("sources.csv") as file:
        told = tables.source_rows(
            corpus.ids, documents.origins(), analysis.verdicts, analysis.stories
        )
        tables.write_table(file, tables.SOURCES, told)
    every = sorted(
        [*analysis.pairs, *(rewrite.pair for rewrite in analysis.rewrites)],
        key=lambda pair: (pair.id_a, pair.id_b),
    )
    with output.open("pairs.csv") as file:
        tables.write_table(file, tables.PAIRS, tables.pair_rows(every))
    with output.open("flags.csv") as file:
        flags = (
            (flag, source(flag.start, flag.end))
            for i in corpus.ids
            if flagged.flags.get(i)
            for source in [SourceSpans(corpus.changes.get(i, ()))]
            for flag in flagged.flags[i]
        )
        tables.write_table(file, tables.FLAGS, tables.flag_rows(flags))
    with output.open("lexicon.csv") as file:
        tables.write_table(file, tables.LEXICON, tables.lexicon_rows(flagged.lexicon))
    with output.open("rejected.csv") as file:
        tables.write_table(file, tables.REJECTED, tables.rejection_rows(analysis.rejections))


def _languages(heads: Iterable[Head]) -> dict[str, int]:
    """Documents by language code, the most frequent first."""
    codes = Counter(head.language for head in heads)
    return dict(sorted(codes.items(), key=lambda item: (-item[1], item[0])))
