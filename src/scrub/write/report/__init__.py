"""`report.html`: one page, without a server or a network, that shows what a run did and why."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

READ = ("dedup.csv", "flags.csv", "documents.jsonl", "lexicon.csv", "rejected.csv")


def build(
    out: Path, target: Path | None = None, *, cluster: str | None = None, newer: Path | None = None
) -> Path:
    """Write the report of the finished run in `out`; returns the path of the page.

    Reads the tables, `documents.jsonl` and `run.json` of `out`, each in one or two passes and
    without holding them: memory and the size of the page are bounded however large the run was.
    `target` is where the page goes, by default `out/report.html`.  With `cluster`, the id of a
    cluster or of any document in it, the page shows that cluster alone and in full, by default as
    `out/report-cluster-DIGEST.html`.  Files of the folder `newer` come in place of those of `out`
    with the same names.  The page appears whole, under its final name, or not at all.

    Raises OutputError where `out` holds no finished run or no such cluster.
    """
    # jinja2 and the aligner are loaded here, so that importing `scrub.write` stays cheap.
    from scrub.write.report.gather import gather
    from scrub.write.report.page import render

    if target is None:
        target = out / page_name(cluster)
    return publish(render(gather(out, cluster=cluster, newer=newer)), target)


def publish(html: str, target: Path) -> Path:
    """Write a page, which appears whole or not at all; returns its path.  Raises OSError."""
    partial = target.with_name(f".{target.name}.partial")
    with partial.open("wb") as file:
        file.write(html.encode())
        file.flush()
        os.fsync(file.fileno())
    partial.replace(target)
    return target


def page_name(cluster: str | None = None) -> str:
    """The file name of the report, or of the page that shows one cluster alone."""
    if cluster is None:
        return "report.html"
    # An id may look like a path, so it never becomes a file name as it is.
    return f"report-cluster-{hashlib.sha256(cluster.encode()).hexdigest()[:8]}.html"
