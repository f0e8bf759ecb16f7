"""All files of one run, in the order in which they need each other."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from scrub.clean.changes import undo
from scrub.clean.spans import SourceSpans
from scrub.config import Settings
from scrub.corpus import Analysis, Corpus
from scrub.document import Document, Rejection
from scrub.lines import document_line, document_of
from scrub.progress import Clock
from scrub.read.walk import Entry
from scrub.sources import Origin
from scrub.store.shard import Head
from scrub.store.stored import Stored, stored
from scrub.write import tables
from scrub.write.corpus import write_corpus, write_lines
from scrub.write.output import Output
from scrub.write.record import count_documents, settings_digest, write_record
from scrub.write.records import Fate, Mark
from scrub.write.report import build
from scrub.write.same import Again, write_same
from scrub.write.tables import Cell

_log = logging.getLogger(__name__)


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
    files: Sequence[Entry | Rejection] = (),
) -> dict[str, Any]:
    """Write every file that `write_documents` has not; returns what `run.json` records.

    `files` are those that were read.
    """
    corpus, flagged = analysis.corpus, analysis.flagged
    documents = stored(corpus)
    with clock.stage("write"):
        heads = list(documents.heads())
        # Texts are copied and hashed beside the interpreter, tables are made by it.
        output.beside(_write_corpus, output, analysis, documents, settings, clock, files)
        unread = _write_tables(output, analysis, documents)
        output.wait()
    if several := sorted(analysis.corpus.several()):
        what = f"{several[0]!r}" + (f" and {len(several) - 1:,} more" if len(several) > 1 else "")
        _log.warning("scrub: %s may hold several articles that are not parted; kept whole", what)
    counts = count_documents(analysis.verdicts, len(analysis.rejections))
    counts["flags"] = sum(len(flags) for flags in flagged.flags.values())
    counts["repairs"] = sum(document.metadata["repairs"] for document in analysis.repaired.values())
    counts["unread_dates"] = unread
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


def _write_corpus(
    output: Output,
    analysis: Analysis,
    documents: Stored,
    settings: Settings,
    clock: Clock,
    files: Sequence[Entry | Rejection],
) -> None:
    """Write the documents that are kept, or, as `settings.write` has it, what else stands for them.

    Says which files of the input hold copies and could not be parted from them.
    """
    verdicts, repaired = analysis.verdicts, analysis.repaired
    ids = analysis.corpus.ids
    kept = [i for i in ids if verdicts[i].kept]
    chosen = np.array([verdicts[i].kept for i in ids], np.bool_)
    written = clock.through(documents.lines(chosen), len(kept))
    form = settings.write.format
    text = settings.write.text or ("repaired" if form in ("jsonl", "parquet", "txt") else "raw")
    if form == "jsonl" and (text == "clean" or (text == "repaired" and not repaired)):
        write_lines(output, "corpus.jsonl", written)
        return
    found = (_with_text(text, i, line, analysis) for i, line in zip(kept, written, strict=True))
    if form == "ids":
        every = zip(ids, _fates(analysis, documents), strict=True)
        write_lines(output, "dropped.jsonl", (_dropped(i, f) for i, f in every if not f.kept))
    elif form in ("same", "attributes"):
        fates = _fates(analysis, documents, None if text == "raw" else found)
        mark: Mark = "fields" if settings.write.mark else ""
        if form == "attributes":
            mark = "attributes"
        turn = Again(fates, analysis.rejections, settings.read, mark=mark)
        write_same(output, files, turn)
        for warning in turn.warnings():
            _log.warning("scrub: %s", warning)
    elif form == "jsonl":
        write_lines(output, "corpus.jsonl", map(document_line, found))
    else:
        write_corpus(output, found, form)


def _dropped(i: str, fate: Fate) -> bytes:
    """A line of `dropped.jsonl`."""
    record = {"id": i, "path": fate.path, "copy_of": fate.copy_of, "relation": fate.relation}
    return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)


def _with_text(text: str, i: str, line: bytes, analysis: Analysis) -> Document:
    """A kept document, of whose line this is, with its text raw, clean or repaired."""
    if text == "repaired" and i in analysis.repaired:
        return analysis.repaired[i]
    document = document_of(line)
    if text == "raw" and (changes := analysis.corpus.changes.get(i)):
        document.text = undo(document.text, changes)
    return document


def _fates(
    analysis: Analysis, documents: Stored, kept: Iterator[Document] | None = None
) -> Iterator[Fate]:
    """What becomes of each document, in reading order; `kept` are those whose text is written."""
    for i, path in zip(analysis.corpus.ids, documents.paths, strict=True):
        verdict = analysis.verdicts[i]
        yield Fate(
            path,
            verdict.kept,
            None if verdict.kept else verdict.kept_id,
            verdict.relation,
            verdict.spun,
            tables.ratio(analysis.flagged.scores[i]),
            next(kept).text if kept and verdict.kept else None,
        )


def _write_tables(output: Output, analysis: Analysis, documents: Stored) -> int:
    """Write all tables; returns how many documents have a date that could not be read."""
    corpus, flagged = analysis.corpus, analysis.flagged
    unread = 0

    def origins() -> Iterator[Origin]:
        nonlocal unread
        for origin in documents.origins():
            unread += bool(origin.unread)
            yield origin

    def table(name: str, columns: tuple[str, ...], rows: Iterable[Sequence[Cell]]) -> None:
        with output.open(name) as file:
            tables.write_table(file, columns, rows)

    dedup = tables.dedup_rows(
        zip(corpus.ids, documents.paths, strict=True), analysis.verdicts, flagged.scores,
        flagged.flags, corpus.words, rewrites=tables.rewrite_evidence(analysis.rewrites),
    )  # fmt: skip
    table("dedup.csv", tables.DEDUP, dedup)
    sources = tables.source_rows(corpus.ids, origins(), analysis.verdicts, analysis.stories)
    table("sources.csv", tables.SOURCES, sources)
    every = sorted(
        [*analysis.pairs, *(rewrite.pair for rewrite in analysis.rewrites)],
        key=lambda pair: (pair.id_a, pair.id_b),
    )
    table("pairs.csv", tables.PAIRS, tables.pair_rows(every))
    if analysis.events is not None:
        events = sorted((event, i) for i, event in analysis.events.items())
        table("events.csv", tables.EVENTS, events)
    flags = (
        (flag, source(flag.start, flag.end))
        for i in corpus.ids
        if flagged.flags.get(i)
        for source in [SourceSpans(corpus.changes.get(i, ()))]
        for flag in flagged.flags[i]
    )
    table("flags.csv", tables.FLAGS, tables.flag_rows(flags))
    table("lexicon.csv", tables.LEXICON, tables.lexicon_rows(flagged.lexicon))
    table("rejected.csv", tables.REJECTED, tables.rejection_rows(analysis.rejections))
    return unread


def _languages(heads: Iterable[Head]) -> dict[str, int]:
    """Documents by language code, the most frequent first."""
    codes = Counter(head.language for head in heads)
    return dict(sorted(codes.items(), key=lambda item: (-item[1], item[0])))
