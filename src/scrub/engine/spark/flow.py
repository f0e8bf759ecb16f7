"""The flow of scrub.pipeline on Spark: the same functions, on frames instead of lists."""

from __future__ import annotations

import tempfile
import uuid
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrub.engine.spark import deciding, reading, writing
from scrub.engine.spark.candidates import candidates, leaders
from scrub.engine.spark.comparing import described, links
from scrub.engine.spark.flagging import Flagging, flagged
from scrub.engine.spark.frames import Scratch, total
from scrub.engine.spark.preparing import prepared
from scrub.engine.spark.session import session
from scrub.origin import input_record, origin
from scrub.progress import Clock
from scrub.read.walk import find
from scrub.spin.flagging import NOT_ASKED
from scrub.spin.lexicon import Lexicon
from scrub.write.output import Output
from scrub.write.result import finish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyspark.sql import SparkSession

    from scrub.config import Settings


def analyse(
    inputs: Sequence[Path], out: Path, settings: Settings, clock: Clock, *, flag: bool
) -> dict[str, Any]:
    """Do all of a run and write every file of the result; returns what `run.json` records.

    Nothing that grows with the corpus is held here: what comes to this process are counts, tables
    of a bounded size, the lines of boilerplate, a sample of texts, words and substitutions
    (each different one once), the edges of up to `components.FEW_EDGES` pairs, and the lines of
    the files, which pass through.
    """
    with (
        Output(out) as output,
        session(settings.engine) as spark,
        tempfile.TemporaryDirectory(dir=output.staging) as folder,
    ):
        place = settings.engine.scratch.rstrip("/") or output.staging.resolve().as_uri()
        scratch = Scratch(spark, f"{place}/scrub-{uuid.uuid4().hex[:12]}")
        try:
            return _analyse(inputs, output, settings, clock, scratch, Path(folder), flag=flag)
        finally:
            _remove(spark, scratch.folder)


def _analyse(
    inputs: Sequence[Path],
    output: Output,
    settings: Settings,
    clock: Clock,
    scratch: Scratch,
    folder: Path,
    *,
    flag: bool,
) -> dict[str, Any]:
    own, command = [output.folder], "run" if flag else "dedup"
    with clock.stage("read"):
        given = reading.read(scratch, inputs, settings.read, exclude=own)
    with clock.stage("clean"):
        every = prepared(scratch, given.filter("reason is null"), settings)
        documents = every.filter("failure is null")
    with clock.stage("match"):
        words = total(documents, "words")
        leading = leaders(scratch, documents)
        found = candidates(scratch, leading)
        compared = links(scratch, leading, found, words, folder)
        linked = described(scratch, compared.filter("linked"), leading, documents)
        placed = deciding.placed(scratch, leading, linked)
    with clock.stage("keep"):
        unpaired = deciding.alone(documents, placed)
        model = deciding.wording(unpaired)
        done = deciding.decided(scratch, documents, placed, linked, model, settings.keep)
        missed = deciding.near_misses(leading, compared, done)
    with clock.stage("flag"):
        flags = Flagging(None, Lexicon(), NOT_ASKED)
        if flag:
            flags = flagged(scratch, documents, unpaired, done, settings, folder)
    with clock.stage("write"):
        result = writing.with_verdicts(documents, done, flags.found)
        repairs = writing.write_documents(output, result, settings, folder)
        writing.write_pairs(output, done)
        writing.write_lexicon(output, flags.learned)
        writing.write_rejections(output, given, every)
        rejected = given.filter("reason is not null").count()
        rejected += every.filter("failure is not null").count()
        counts = writing.counts(result, rejected, repairs)
        digests = reading.digests(scratch, inputs, own)
    facts = {
        "languages": writing.languages(documents),
        "near_misses": [asdict(miss) for miss in missed],
        "languagetool": flags.report,
        "origin": {
            "input_files": input_record(find(inputs, own), digests.__getitem__),
            "origin": origin(settings, command),
        },
    }
    return finish(output, settings, inputs, clock, command=command, counts=counts, found=facts)


def _remove(spark: SparkSession, folder: str) -> None:
    context: Any = spark.sparkContext
    path = context._jvm.org.apache.hadoop.fs.Path(folder)
    path.getFileSystem(context._jsc.hadoopConfiguration()).delete(path, True)
