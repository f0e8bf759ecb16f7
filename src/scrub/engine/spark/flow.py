"""The flow of scrub.pipeline on Spark: the same functions, on frames instead of lists."""

from __future__ import annotations

import tempfile
import uuid
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from scrub.address import Address
from scrub.corpus import nothing_read
from scrub.document import Rejection
from scrub.engine.spark import addressed, deciding, reading, rewriting, writing
from scrub.engine.spark.candidates import candidates, leaders
from scrub.engine.spark.comparing import described, links
from scrub.engine.spark.dating import dated
from scrub.engine.spark.flagging import Flagging, flagged
from scrub.engine.spark.frames import Scratch, total
from scrub.engine.spark.hadoop import Hadoop, inside
from scrub.engine.spark.parts import Parts
from scrub.engine.spark.preparing import prepared
from scrub.engine.spark.session import session
from scrub.errors import ConfigError
from scrub.match.account import least
from scrub.origin import input_record, origin, touched
from scrub.progress import Clock
from scrub.read.walk import find
from scrub.spin.flagging import NOT_ASKED
from scrub.spin.lexicon import Lexicon
from scrub.write.output import Output
from scrub.write.result import finish, run_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pyspark.sql import DataFrame, SparkSession

    from scrub.config import Settings

Place = Path | Address


class _Given(NamedTuple):
    """The inputs as a frame with the columns of READ, and what the record says of them."""

    rows: DataFrame
    record: Callable[[], dict[str, Any]]


class _Analysed(NamedTuple):
    """What a run found: the frames of writing.rendered and writing.lines, and what is small."""

    rendered: DataFrame
    lines: DataFrame
    learned: Lexicon
    record: Callable[[], dict[str, Any]]  # to be asked when all is written, for its time


def analyse(
    inputs: Sequence[Place], out: Place, settings: Settings, clock: Clock, *, flag: bool
) -> dict[str, Any]:
    """Do all of a run and write every file of the result; returns what `run.json` records.

    Nothing that grows with the corpus is held here: what comes to this process are counts, tables
    of a bounded size, the lines of boilerplate, a sample of texts, words and substitutions
    (each different one once), the edges of up to `components.FEW_EDGES` pairs, and, where `out` is
    a folder of this machine, the parts of the files, one at a time.
    """
    form = settings.write.format
    if isinstance(out, Address):
        if form == "txt":
            raise ConfigError(f"{out}: a corpus in parts is jsonl or parquet, not txt")
        with (
            session(settings.engine) as spark,
            Parts(spark, out) as parts,
            tempfile.TemporaryDirectory(prefix="scrub-") as folder,
            _scratch(spark, settings.engine.scratch or parts.staging) as scratch,
        ):
            found = _analyse(scratch, inputs, out, settings, clock, Path(folder), flag=flag)
            with clock.stage("write"):
                parts.write(found.lines, found.rendered, form)
                parts.put("lexicon.csv", writing.lexicon_table(found.learned))
            record = found.record()
            parts.commit(record)
            return record
    with (
        Output(out) as output,
        session(settings.engine) as spark,
        tempfile.TemporaryDirectory(dir=output.staging) as folder,
        _scratch(spark, settings.engine.scratch or output.staging.resolve().as_uri()) as scratch,
    ):
        found = _analyse(scratch, inputs, out, settings, clock, Path(folder), flag=flag)
        with clock.stage("write"):
            writing.write_files(output, found.lines, form, scratch, Path(folder).resolve())
            with output.open("lexicon.csv") as file:
                file.write(writing.lexicon_table(found.learned))
        record = found.record()
        finish(output, record)
        return record


def _analyse(
    scratch: Scratch,
    inputs: Sequence[Place],
    out: Place,
    settings: Settings,
    clock: Clock,
    folder: Path,
    *,
    flag: bool,
) -> _Analysed:
    command = "run" if flag else "dedup"
    with clock.stage("read"):
        given, record = _read(scratch, inputs, out, settings)
        given = dated(scratch, given)
    with clock.stage("clean"):
        every = prepared(scratch, given.filter("reason is null"), settings)
        documents = every.filter("failure is null")
    with clock.stage("match"):
        words = total(documents, "words")
        leading = leaders(scratch, documents)
        found = candidates(scratch, leading)
        needed = least(settings.match.link_probability)
        compared = links(scratch, leading, found, words, folder, needed)
        linked = described(scratch, compared.filter("linked"), leading, documents)
        placed = deciding.placed(scratch, leading, linked)
    with clock.stage("keep"):
        unpaired = deciding.alone(documents, placed)
        model = deciding.wording(unpaired)
        done = deciding.decided(scratch, documents, placed, linked, model, settings.keep)
        missed = deciding.near_misses(leading, compared, done)
        rewrites = scratch.spark.createDataFrame([], rewriting.SCHEMA)
        if settings.match.rewrites:
            rewrites = rewriting.rewrites_among(scratch, documents, done, folder)
    with clock.stage("flag"):
        flags = Flagging(None, Lexicon(), NOT_ASKED)
        if flag:
            flags = flagged(scratch, documents, unpaired, done, settings, folder)
    with clock.stage("write"):
        result = writing.with_verdicts(documents, done, flags.found)
        result = result.join(rewriting.surest(rewrites), "id", "left")
        rendered = writing.rendered(scratch, result, settings)
        lines = writing.lines(scratch, rendered, done, rewrites, given, every)
        rejected = given.filter("reason is not null").count()
        rejected += every.filter("failure is not null").count()
        counts = writing.counts(result, rejected, total(rendered, "repairs"))
        counts["unread_dates"] = total(rendered, "unread")
        if not counts["read"]:
            unread = given.filter("reason is not null").select("id", "path", "reason", "detail")
            filtered = every.filter("failure is not null").select(
                "id", "path", writing.reason_of_failure(), "failure"
            )
            some = unread.take(1) or filtered.take(1)
            raise nothing_read([Rejection(*row) for row in some], rejected)
        facts = {
            "languages": writing.languages(documents),
            "near_misses": [asdict(miss) for miss in missed],
            "languagetool": flags.report,
            "origin": {"input_files": record(), "origin": origin(settings, command)},
        }
    told = partial(run_record, settings, inputs, clock, command=command, counts=counts, found=facts)
    return _Analysed(rendered, lines, flags.learned, told)


def _read(scratch: Scratch, inputs: Sequence[Place], out: Place, settings: Settings) -> _Given:
    """The inputs: all of them paths that every node opens, or all of them addresses."""
    addresses = [given for given in inputs if isinstance(given, Address)]
    if addresses:
        if len(addresses) < len(inputs):
            raise ConfigError("inputs are paths of this machine or addresses, not both")
        if isinstance(out, Address):
            inside(addresses, out)
        own = [out] if isinstance(out, Address) else []
        found = Hadoop(scratch.spark).find(addresses, own)
        return _Given(
            addressed.read(scratch, found, settings.read), lambda: addressed.input_record(found)
        )
    files = find([given for given in inputs if isinstance(given, Path)], _folders(out))

    def record() -> dict[str, Any]:
        digests = reading.digests(scratch, files)
        return input_record(files, digests.__getitem__) | touched(files)

    return _Given(reading.read(scratch, files, settings.read), record)


def _folders(out: Place) -> list[Path]:
    return [out] if isinstance(out, Path) else []


@contextmanager
def _scratch(spark: SparkSession, place: str) -> Iterator[Scratch]:
    """A folder in `place` for what the steps hand on, as long as the block lasts."""
    scratch = Scratch(spark, f"{place.rstrip('/')}/scrub-{uuid.uuid4().hex[:12]}")
    try:
        yield scratch
    finally:
        Hadoop(spark).remove(scratch.folder)
