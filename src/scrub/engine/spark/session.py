"""The Spark session of a run: the one that is there already, or one that ends with the run."""

from __future__ import annotations

import contextlib
import os
import sys
import warnings
from importlib.util import find_spec
from typing import TYPE_CHECKING

from scrub import java
from scrub.distribution import install
from scrub.errors import MissingPartError
from scrub.process import hand_down

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql import SparkSession

    from scrub.config import EngineSettings

# Rows of texts that go to a Python worker at once: a few megabytes of news.
_ROWS = 2_000


def require_spark() -> None:
    """Raise MissingPartError, with the command that helps, where Spark could not be started."""
    missing = [name for name in ("pyspark", "pyarrow") if find_spec(name) is None]
    if missing:
        raise MissingPartError(f"--engine spark needs {' and '.join(missing)}: {install('spark')}")


@contextlib.contextmanager
def session(settings: EngineSettings) -> Iterator[SparkSession]:
    """The active session, as a notebook has one; else a new one, which ends with the block.

    A new one runs on `settings.master`, else where `spark-submit` said, else on `settings.jobs`
    cores of this machine.  Raises MissingPartError where there is no Java for it.
    """
    require_spark()
    from pyspark.sql import SparkSession

    found = SparkSession.getActiveSession()
    spark = _started(settings) if found is None else found
    rows = "spark.sql.execution.arrow.maxRecordsPerBatch"
    before = spark.conf.get(rows) or ""
    spark.conf.set(rows, str(_ROWS))
    try:
        with warnings.catch_warnings():
            # PySpark warns of pandas 3; only Arrow goes through the seam here.
            warnings.simplefilter("ignore", FutureWarning)
            yield spark
    finally:
        if found is None:
            spark.stop()
        else:
            spark.conf.set(rows, before)


def _started(settings: EngineSettings) -> SparkSession:
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkRuntimeError
    from pyspark.sql import SparkSession

    submitted = "PYSPARK_GATEWAY_PORT" in os.environ  # of the JVM that spark-submit started
    builder = SparkSession.builder.appName("scrub")
    if settings.master or not submitted:
        cores = settings.jobs or os.cpu_count() or 1
        master = settings.master or f"local[{cores}]"
        builder = builder.master(master)
        if master.startswith("local"):  # executors of this machine run what runs here
            hand_down("PYSPARK_PYTHON", sys.executable)
            hand_down("SPARK_LOCAL_IP", "127.0.0.1")
            hand_down("PYTHONSAFEPATH", "1")  # a folder's modules are not theirs
            # 200 parts of a shuffle, Spark's default, are for a cluster.
            builder = builder.config("spark.sql.shuffle.partitions", str(4 * cores))
            builder = builder.config("spark.driver.maxResultSize", "0")  # the tables of counts
            builder = builder.config("spark.ui.enabled", "false")
            builder = builder.config("spark.ui.showConsoleProgress", "false")
            builder = builder.config("spark.log.level", "ERROR")
    if java.find() is None:
        raise MissingPartError(f"--engine spark needs Java: {java.REMEDY}")
    try:
        return builder.getOrCreate()
    except PySparkRuntimeError as error:
        raise MissingPartError(f"Spark cannot be started: {error}; see JAVA_HOME") from error
    except Py4JError as error:  # what Java raised, such as for a master that gives no answer
        where = settings.master or "this machine"
        raise MissingPartError(f"Spark cannot be started on {where}; see above why") from error
