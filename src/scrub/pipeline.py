"""The whole flow: read -> clean -> match -> score -> keep -> flag -> repair -> write."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from scrub.batches import gather, in_batches, prepare
from scrub.clean import count_lines, repeated_lines
from scrub.config import Settings
from scrub.corpus import Analysis
from scrub.engine.local import LocalEngine
from scrub.match import cluster, find_pairs
from scrub.match.keep import keep
from scrub.progress import Clock, OnProgress, silent
from scrub.read import read_all
from scrub.spin import find_flags, repair_kept, with_directions
from scrub.write import write_result
from scrub.write.output import Output


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
    OutputError where `out` cannot be written; bad documents are rejected, not raised.
    """
    clock = Clock(on_progress)
    with Output(out) as output:
        analysis = analyse(inputs, settings, flag=flag, exclude=[out], clock=clock)
        with clock.stage("write"):
            return write_result(output, analysis, settings, clock)


def analyse(
    inputs: Sequence[Path],
    settings: Settings,
    *,
    flag: bool = True,
    exclude: Sequence[Path] = (),
    clock: Clock | None = None,
) -> Analysis:
    """Do everything but writing: the documents, their copies, their flags and the kept texts.

    Without `flag` spun documents are scored but not flagged or repaired, and LanguageTool is not
    used.  Folders in `exclude` are not read.
    """
    clock = clock or Clock()
    with LocalEngine(settings.engine.jobs) as engine:
        with clock.stage("read"):
            documents, rejections = read_all(inputs, settings.read, exclude=exclude, clock=clock)
            batches = in_batches(documents)
        with clock.stage("clean"):
            repeated = repeated_lines(engine.map(count_lines, batches), settings.clean)
            prepared = engine.map(partial(prepare, settings, repeated), batches)
            corpus = gather(clock.track(prepared, len, len(documents)))
        with clock.stage("match"):
            pairs = find_pairs(corpus.features, corpus.ids, settings.match, corpus.texts)
            clusters = cluster(corpus.ids, pairs)
        with clock.stage("keep"):
            pairs, spun = with_directions(pairs, corpus.scores, settings.spin)
            verdicts = keep(corpus.documents, corpus.words, pairs, clusters, spun, settings.keep)
        with clock.stage("flag"):
            flagged = find_flags(corpus, pairs, settings, enabled=flag)
        with clock.stage("repair"):
            kept = repair_kept(corpus, verdicts, flagged, settings.spin)
    return Analysis(corpus, pairs, verdicts, flagged, kept, rejections)
