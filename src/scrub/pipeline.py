"""The whole flow: read -> clean -> match -> score -> keep -> flag -> repair -> write."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from scrub.batches import load_kernels
from scrub.config import Settings
from scrub.corpus import Analysis, Corpus
from scrub.document import Document
from scrub.engine.local import LocalEngine
from scrub.match.keep import keep
from scrub.match.pairs import find_copies
from scrub.origin import describe, unchanged
from scrub.progress import Clock, OnProgress, silent
from scrub.repairing import repair_kept
from scrub.spin.flagging import find_flags, no_flags
from scrub.spin.judge import judge
from scrub.store.filling import settle, take_in
from scrub.store.reading import pack_batches, read_batches
from scrub.store.store import Store
from scrub.write.corpus import require
from scrub.write.output import Output
from scrub.write.result import write_result


def run(
    inputs: Sequence[Path],
    out: Path,
    settings: Settings,
    *,
    flag: bool = True,
    cache: Path | None = None,
    fresh: bool = False,
    on_progress: OnProgress = silent,
) -> dict[str, Any]:
    """Analyse `inputs` and write the result into `out`; what is known already is not done again.

    `cache` is where texts are kept prepared, by default `out/.cache`; several runs may share one.
    With `fresh` nothing that was kept is used.  Returns what `run.json` records.  Raises InputError
    where an input does not exist and OutputError where `out` cannot be written, MissingPartError
    where the form of the corpus needs what is not installed; bad documents are rejected, not
    raised.
    """
    require(settings.write.format)
    if settings.engine.name == "spark":
        from scrub.engine.spark import run as run_on_spark

        return run_on_spark(inputs, out, settings, flag=flag, on_progress=on_progress)
    command = "run" if flag else "dedup"
    if not fresh and (record := unchanged(out, inputs, cache, settings, command)):
        return record
    clock, cache = Clock(on_progress), cache or out / ".cache"
    own = [out, cache]
    with Output(out) as output, LocalEngine(settings.engine.jobs) as engine:
        with clock.stage("read"):
            store = Store(cache, settings, empty=fresh)
            origin = engine.feed(describe, inputs, own, settings, command)
            folder = output.staging / "batches"
            batches = engine.feed(read_batches, inputs, settings.read, own, folder)
            load_kernels(settings)
            intake = take_in(batches, store, settings, engine, clock)
        with clock.stage("clean"):
            corpus = settle(intake, store, settings, engine, clock)
        analysis = examine(corpus, settings, engine, flag=flag, clock=clock)
        analysis.rejections = intake.rejections + corpus.rejections
        record = write_result(
            output, analysis, settings, inputs, clock, command=command, origin=next(origin)
        )
        if cache == out / ".cache":
            store.tidy()
        return record


def analyse(
    documents: list[Document],
    settings: Settings,
    *,
    flag: bool = True,
    clock: Clock | None = None,
) -> Analysis:
    """The same for documents that were read before, without writing: see `examine`."""
    clock = clock or Clock()
    with LocalEngine(settings.engine.jobs) as engine:
        with clock.stage("clean"), TemporaryDirectory(prefix="scrub-") as folder:
            store = Store.temporary(settings)
            batches = pack_batches(documents, Path(folder))
            intake = take_in(batches, store, settings, engine, clock)
            corpus = settle(intake, store, settings, engine, clock)
        return examine(corpus, settings, engine, flag=flag, clock=clock)


def examine(
    corpus: Corpus, settings: Settings, engine: LocalEngine, *, flag: bool, clock: Clock
) -> Analysis:
    """Everything between cleaning and writing: copies, flags, and the repaired texts.

    Without `flag` spun documents are scored but not flagged or repaired, and LanguageTool is not
    used.
    """
    with clock.stage("match"):
        copies = find_copies(corpus.features, corpus.ids, corpus.texts, engine.jobs)
    with clock.stage("keep"):
        judgement = judge(corpus, copies, engine)
        verdicts = keep(corpus, judgement.pairs, copies.clusters, judgement.spun, settings.keep)
    with clock.stage("flag"):
        flagged = find_flags(corpus, copies, settings, engine) if flag else no_flags(corpus)
    with clock.stage("repair"):
        repaired = repair_kept(corpus, verdicts, flagged, settings.spin)
    return Analysis(
        corpus, judgement.pairs, verdicts, flagged, repaired,
        near_misses=copies.near_misses, worker_deaths=engine.deaths,
    )  # fmt: skip
