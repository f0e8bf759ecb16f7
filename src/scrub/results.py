"""The names of what a run writes into a folder, and which of the files there a run has written."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path
from typing import BinaryIO, cast

from scrub.zstandard import zstd

# Everything a run can leave under a final name; what a new result lacks of these is removed.
RESULT_NAMES = (
    "dedup.csv", "pairs.csv", "sources.csv", "flags.csv", "lexicon.csv", "rejected.csv",
    "events.csv", "documents.jsonl", "changes.jsonl", "corpus.jsonl", "corpus.parquet", "corpus",
    "README.md", "dropped.jsonl", "report.html", "run.json", "documents.jsonl.zst",
    "corpus.jsonl.zst",
)  # fmt: skip
_CLUSTER_PAGE = re.compile(r"report-cluster-[0-9a-f]{8}\.html")
_MOST_BYTES = 1 << 28  # a run.json names each file of a corpus of texts, at 100 bytes or so each


def texts_of(path: Path) -> Path:
    """Where `documents.jsonl` or `corpus.jsonl` of a result is: here, or compressed beside it."""
    packed = path.with_name(f"{path.name}.zst")
    return packed if packed.is_file() else path


def open_texts(path: Path) -> BinaryIO:
    """That file, read as it was before it was compressed."""
    path = texts_of(path)
    return cast("BinaryIO", zstd.open(path)) if path.suffix == ".zst" else path.open("rb")


def is_result(name: str) -> bool:
    """Whether a run may write a file or folder of this name."""
    return name in RESULT_NAMES or _CLUSTER_PAGE.fullmatch(name) is not None


def written(folder: Path) -> set[str]:
    """The names of results in a folder that the run recorded in its `run.json` wrote there."""
    record = folder / "run.json"
    try:
        status = record.lstat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > _MOST_BYTES:
            return set()
        outputs = json.loads(record.read_bytes())["outputs"]
        names = {name.partition("/")[0] for name in outputs} | {"report.html", "run.json"}
        pages = {path.name for path in folder.iterdir() if _CLUSTER_PAGE.fullmatch(path.name)}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return set()
    return {name for name in names if name in RESULT_NAMES} | pages
