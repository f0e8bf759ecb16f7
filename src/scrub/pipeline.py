"""The whole flow: read -> clean -> match -> keep -> flag -> repair -> write.

What is compiled takes a second to load; it is imported where it is needed, so that the reader is at
work by then.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from scrub import compiling
from scrub.address import Address
from scrub.archive import night
from scrub.config import Settings
from scrub.corpus import Analysis, Corpus, nothing_read
from scrub.document import Document
from scrub.engine.local import LocalEngine
from scrub.errors import ConfigError
from scrub.origin import describe, touched, unchanged
from scrub.progress import Clock, OnProgress, silent
from scrub.read.walk import find, require_names
from scrub.results import texts_of
from scrub.spin import lists
from scrub.store.lines import DOCUMENTS
from scrub.store.reading import Rejections, pack_batches, read_batches
from scrub.write.corpus import require_format
from scrub.write.output import Output

if TYPE_CHECKING:
    from scrub.against import Earlier

_log = logging.getLogger(__name__)


def run(
    inputs: Sequence[Path | Address],
    out: Path | Address,
    settings: Settings,
    *,
    flag: bool = True,
    cache: Path | None = None,
    against: Path | Sequence[Path] | None = None,
    fresh: bool = False,
    on_progress: OnProgress = silent,
) -> dict[str, Any]:
    """Analyse `inputs` and write the result into `out`; what is known already is not done again.

    `cache` is where texts are kept prepared, by default `out/.cache`; several runs may share one.
    With `fresh` nothing that was kept is used.  `against` are folders of earlier results,
    the oldest first, among whose documents copies are looked for, too.  Without `flag` spun
    documents are scored but not flagged or repaired, and LanguageTool is not used.

    Inputs and `out` may be addresses where Spark runs the batches; see scrub.engine.spark.

    Returns what `run.json` records, and `unchanged` where nothing had to be done.  Raises
    InputError where an input does not exist or none holds a document, OutputError where `out`
    cannot be written, ConfigError where one of them is an address that only Spark opens,
    MissingPartError where the form of the corpus needs what is not installed, and InputError where
    the lexicon or the phrases that settings name cannot be used; bad documents are rejected, not
    raised.
    """
    _require(settings, flag=flag, against=bool(against))
    if settings.engine.name == "spark":
        from scrub.engine.spark import run as run_on_spark

        return run_on_spark(
            inputs, out, settings, flag=flag, against=against, on_progress=on_progress
        )
    paths, out = [_path(given) for given in inputs], _path(out)
    folders = [against] if isinstance(against, Path) else list(dict.fromkeys(against or ()))
    command = "run" if flag else "dedup"
    own = [out, cache or out]
    files = find(paths, own)
    if settings.write.format in ("same", "attributes"):
        require_names(files)
    if not (fresh or folders) and (record := unchanged(out, files, settings, command)):
        return {**record, "unchanged": True}
    clock = Clock(on_progress)
    with (
        Output(out, form=settings.write) as output,
        LocalEngine(settings.engine.jobs, output.staging) as engine,
    ):
        for place in (out / ".cache", cache or out / ".cache"):
            output.require(place)
        with clock.stage("read"):
            folder = output.staging / "batches"
            batches = engine.feed(read_batches, files, settings.read, folder)
            origin = engine.feed(describe, files, settings, command, folders)
            if not folders:
                batches = compiling.interpret_if_small(batches)
            kernels = compiling.Compiling(engine, settings, on_progress)

            from scrub import stages

            if cache and (whose := stages.who_else(cache)):
                _log.warning(
                    "scrub: %s %s: what they put there counts in this result", cache, whose
                )
            store = stages.Store(cache or out / ".cache", settings, empty=fresh)
            earlier = stages.open_all(folders, settings, store, engine) if folders else None
            kernels.finish(flag=flag)
            intake = stages.take_in(batches, store, settings, engine, clock)
        with clock.stage("clean"):
            repeated = intake.repeated(settings.clean, earlier)
            corpus = stages.settle_corpus(intake, repeated, store, settings, engine, clock)
        rejections = Rejections(intake.rejections.files, corpus.rejections)
        if not corpus.ids:
            raise nothing_read(rejections)
        output.beside(stages.write_documents, output, corpus)
        analysis = _examine(corpus, settings, engine, clock, flag=flag, earlier=earlier)
        analysis.rejections = rejections
        described = next(origin)
        described["input_files"] |= touched(files)
        analysis.worker_deaths = engine.deaths  # the last of the workers has ended
        record = stages.write_result(
            output, analysis, settings, paths, clock, command=command, origin=described, files=files
        )
        stages.write_index(out / ".cache", analysis, repeated)
        if cache is None:
            name = texts_of(output.staging / DOCUMENTS).name
            found = output.digests[name], output.frames.get(name, [])
            store.note(output.staging / name, *found, stages.stored(corpus))
    if cache is None:
        store.tidy()
    return record


def _examine(
    corpus: Corpus,
    settings: Settings,
    engine: LocalEngine,
    clock: Clock,
    *,
    flag: bool,
    earlier: Earlier | None = None,
) -> Analysis:
    """Everything between cleaning and writing: match -> keep -> flag -> repair."""
    from scrub import stages

    matched = stages.match(corpus, settings, engine, clock, earlier)
    decided = stages.decide(matched, settings, engine, clock)
    flagged, verdicts = stages.flag(matched, decided, settings, engine, clock, search=flag)
    repaired = stages.repair(corpus, verdicts, flagged, settings, clock)
    return stages.analysis(matched, decided, flagged, verdicts, repaired)


def run_night(
    inputs: Sequence[Path | Address],
    archive: Path,
    settings: Settings,
    *,
    flag: bool = True,
    cache: Path | None = None,
    against: Sequence[Path] = (),
    fresh: bool = False,
    on_progress: OnProgress = silent,
) -> tuple[dict[str, Any], Path]:
    """The same as `run` into a growing archive, compared with all that it has; see scrub.archive.

    Returns the record and the folder of the result, which is the last one where that is of these
    inputs already.
    """
    if settings.engine.name == "spark":
        raise ConfigError("--archive needs --engine local")
    paths = [_path(given) for given in inputs]
    with night(archive, paths) as (out, earlier):
        command, before = "run" if flag else "dedup", [*against, *earlier[:-1]]
        if earlier and not fresh:
            files = find(paths, [archive])
            if record := unchanged(earlier[-1], files, settings, command, before):
                return {**record, "unchanged": True}, earlier[-1]
        record = run(
            paths, out, settings, flag=flag, cache=cache, against=[*against, *earlier],
            fresh=fresh, on_progress=on_progress,
        )  # fmt: skip
        return record, out


def compile_all(settings: Settings) -> None:
    """Compile every kernel that a run with these settings calls, and keep it where one can."""
    with LocalEngine(settings.engine.jobs) as engine:
        compiling.compile_all(engine, settings)


def examine(corpus: Corpus, settings: Settings) -> Analysis:
    """What is a copy of what, and what stays, of documents whose features are known."""
    with LocalEngine(1) as engine:
        return _examine(corpus, settings, engine, Clock(), flag=False)


def analyse(documents: list[Document], settings: Settings, *, flag: bool = True) -> Analysis:
    """The same for documents that were read before, without writing."""
    from scrub import stages

    clock = Clock()
    with LocalEngine(settings.engine.jobs) as engine:
        with clock.stage("clean"), TemporaryDirectory(prefix="scrub-") as folder:
            store = stages.Store.temporary(settings)
            batches = pack_batches(documents, Path(folder))
            intake = stages.take_in(batches, store, settings, engine, clock)
            repeated = intake.repeated(settings.clean)
            corpus = stages.settle_corpus(intake, repeated, store, settings, engine, clock)
        return _examine(corpus, settings, engine, clock, flag=flag)


def _require(settings: Settings, *, flag: bool, against: bool) -> None:
    """Raise what is said of `run` where what is asked for cannot be done, before anything is."""
    require_format(settings.write, settings.engine.name, settings.read.limit)
    if settings.match.method == "minhash" and settings.engine.name != "local":
        raise ConfigError("match.method = minhash needs --engine local")
    if settings.match.method == "minhash" and against:
        raise ConfigError("match.method = minhash does not go with --against: leave out one")
    if flag:
        lists.require(settings.spin)


def _path(given: Path | Address) -> Path:
    if isinstance(given, Address):
        raise ConfigError(f"{given} needs --engine spark")
    return given
