"""`run.json`: what was run, on what, with which settings, and what came of it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from pydantic import BaseModel, ConfigDict

from scrub.config import Settings
from scrub.distribution import version
from scrub.document import LanguageToolReport, NearMiss
from scrub.write.output import Output

if TYPE_CHECKING:
    from scrub.match.keep import Verdict


class Counts(BaseModel):
    """How many inputs ended where, and what was flagged: see `count_documents`."""

    model_config = ConfigDict(strict=True)

    inputs: int
    rejected: int
    read: int
    kept: int
    copies: int
    exact: int
    near: int
    excerpt: int
    spun: int
    flags: int
    repairs: int


class Record(BaseModel):
    """What is read again of a `run.json`, which a person may have edited."""

    model_config = ConfigDict(strict=True)

    scrub: str
    command: str
    inputs: list[str]
    counts: Counts
    seconds: float
    documents_per_second: float
    stages: dict[str, float]
    languages: dict[str, int]
    near_misses: list[NearMiss]
    languagetool: LanguageToolReport
    settings: Settings
    settings_digest: str
    outputs: dict[str, str]


def file_digest(path: Path | str) -> str:
    """The SHA-256 of a file of ours.  Raises OSError."""
    with open(path, "rb") as file:  # noqa: PTH123 - a path that walk found
        return hashlib.file_digest(file, "sha256").hexdigest()


def settings_digest(settings: Settings) -> str:
    """SHA-256 of the settings that decide what a run writes; how many processes ran is not one."""
    decisive = settings.model_dump(exclude={"engine"})
    return hashlib.sha256(orjson.dumps(decisive, option=orjson.OPT_SORT_KEYS)).hexdigest()


def count_documents(verdicts: Mapping[str, Verdict], rejected: int) -> dict[str, int]:
    """How many inputs ended where: `read` is `kept` plus `copies`, `inputs` adds `rejected`."""
    relations = Counter(verdict.relation for verdict in verdicts.values())
    kept = sum(verdict.kept for verdict in verdicts.values())
    return {
        "inputs": len(verdicts) + rejected,
        "rejected": rejected,
        "read": len(verdicts),
        "kept": kept,
        "copies": len(verdicts) - kept,
        **{name: relations[name] for name in ("unique", "exact", "near", "excerpt")},
        "clusters": len({verdict.cluster_id for verdict in verdicts.values()}),
        "spun": sum(verdict.spun in ("this", "both") for verdict in verdicts.values()),
    }


def write_record(output: Output, record: Mapping[str, Any]) -> None:
    """Write `run.json` with the digests of the files written before it."""
    with output.open("run.json") as file:
        file.write(record_file(record, output.digests))


def record_file(record: Mapping[str, Any], digests: Mapping[str, str]) -> bytes:
    """The content of `run.json`, with the digests of the other files by their names."""
    full = {"scrub": version(), **record, "outputs": dict(sorted(digests.items()))}
    return orjson.dumps(full, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def write_update(output: Output, out: Path, record: Mapping[str, Any], repairs: int) -> None:
    """Write `run.json` again after some files of a finished run were written anew."""
    digests = {**record["outputs"], **output.digests}
    counts = {**record["counts"], "repairs": repairs}
    with output.open("run.json") as file:
        file.write(record_file({**record, "counts": counts, "decided": True}, digests))
