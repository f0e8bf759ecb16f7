"""The whole flow: read -> clean -> match -> score -> keep -> flag -> repair -> write."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from scrub.batches import drained, gather, in_batches, load_kernels, prepare, read_all
from scrub.clean.repeated import LineCounts, count_lines, repeated_lines
from scrub.config import Settings
from scrub.corpus import Analysis
from scrub.document import Document
from scrub.engine.local import LocalEngine
from scrub.errors import MissingPartError
from scrub.match.keep import keep
from scrub.match.pairs import find_copies
from scrub.progress import Clock, OnProgress, silent
from scrub.spin.flagging import find_flags, no_flags, repair_kept
from scrub.spin.judge import judge
from scrub.write.corpus import require
from scrub.write.output import Output
from scrub.write.result import write_result


def run(
    inputs: Sequence[Path],
    out: Path,
    settings: Settings,
    *,
    flag: bool = True,
    on_progress: OnProgress = silent,
) -> dict[str, Any]:
    """Analyse `inputs` and write the result into `out`.

    Returns what `run.json` records.  Raises InputError where an input does not exist and
    OutputError where `out` cannot be written, MissingPartError where the form of the corpus needs
    what is not installed; bad documents are rejected, not raised.
    """
    require(settings.write.format)
    if settings.engine.name == "spark":
        raise MissingPartError("the Spark engine is not in this version; use --engine local")
    clock = Clock(on_progress)
    with Output(out) as output:
        with clock.stage("read"):
            documents, rejections = read_all(inputs, settings.read, exclude=[out], clock=clock)
        analysis = analyse(documents, settings, flag=flag, clock=clock)
        analysis.rejections = rejections + analysis.corpus.rejections
        command = "run" if flag else "dedup"
        return write_result(output, analysis, settings, inputs, clock, command=command)


def analyse(
    documents: list[Document],
    settings: Settings,
    *,
    flag: bool = True,
    clock: Clock | None = None,
) -> Analysis:
    """Everything between reading and writing: clean texts, copies, flags, and the kept texts.

    Without `flag` spun documents are scored but not flagged or repaired, and LanguageTool is not
    used.  The list is emptied on the way, so that raw and cleaned texts are not held together.
    """
    clock = clock or Clock()
    with LocalEngine(settings.engine.jobs) as engine:
        with clock.stage("clean"):
            load_kernels(settings)
            total, batches = len(documents), in_batches(documents)
            counts = LineCounts().merge(*engine.map(count_lines, batches))
            repeated = repeated_lines(counts, settings.clean)
            prepared = engine.map(partial(prepare, settings, repeated), drained(batches))
            corpus = gather(clock.track(prepared, len, total), settings)
        with clock.stage("match"):
            copies = find_copies(corpus.features, corpus.ids, corpus.texts, engine.jobs)
        with clock.stage("keep"):
            judgement = judge(corpus, copies)
            verdicts = keep(corpus, judgement.pairs, copies.clusters, judgement.spun, settings.keep)
        with clock.stage("flag"):
            flagged = find_flags(corpus, copies, settings) if flag else no_flags(corpus)
        with clock.stage("repair"):
            kept = repair_kept(corpus, verdicts, flagged, settings.spin)
    return Analysis(
        corpus, judgement.pairs, verdicts, flagged, kept, near_misses=copies.near_misses
    )
