"""Peers that are programs over files: text-dedup and datatrove.

Their matching cannot be told from their reading of files, so both are counted; the writing of the
input files is counted too (about a second for 50,000 articles).
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datatrove.data import DocumentsPipeline
    from datatrove.pipeline.base import PipelineStep

Match = Callable[[list[str], int], Iterator[tuple[int, int]]]


def text_dedup(ngram: int, perm: int, threshold: float, *, fast_hash: bool) -> Match:
    """text-dedup's `minhash` command with its cluster file (`--debug`); no step verifies."""

    def match(texts: list[str], threads: int) -> Iterator[tuple[int, int]]:
        scratch = Path(os.environ["BENCH_SCRATCH"])
        _write(texts, scratch / "input", 1)
        command = [sys.executable, "-m", "text_dedup.minhash", "--path", "json", "--split", "train"]
        command += ["--data_files", str(scratch / "input" / "0.jsonl"), "--column", "text"]
        command += ["--cache_dir", str(scratch / "cache"), "--output", str(scratch / "output")]
        command += ["--ngram", str(ngram), "--num_perm", str(perm), "--threshold", str(threshold)]
        command += ["--batch_size", "10000", "--num_proc", str(threads), "--debug"]
        if fast_hash:
            command += ["--hash_func", "xxh3", "--hash_bits", "32"]
        offline = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(scratch / "home")}
        _run(command, {**os.environ, **offline})
        # The union-find that the command itself has just written.
        found: Any = pickle.loads((scratch / "output" / "uf.pkl").read_bytes())
        for i in list(found.parent):
            yield i, found.find(i)

    return match


def datatrove(ngram: int, buckets: int, hashes: int) -> Match:
    """datatrove's four MinHash stages on this machine, `threads` workers; no step verifies."""

    def match(texts: list[str], threads: int) -> Iterator[tuple[int, int]]:
        scratch = Path(os.environ["BENCH_SCRATCH"])
        _write(texts, scratch / "input", threads)
        arguments = [str(x) for x in (ngram, buckets, hashes, threads, scratch)]
        _run([sys.executable, __file__, *arguments], dict(os.environ))
        first: dict[int, int] = {}
        for file in sorted((scratch / "kept").glob("*.jsonl")):
            for line in file.read_text(encoding="utf-8").splitlines():
                record = json.loads(line)
                cluster = record["metadata"].get("minhash_cluster_id", -1)
                if cluster >= 0:
                    yield first.setdefault(cluster, int(record["id"])), int(record["id"])

    return match


def _datatrove_stages(ngram: int, buckets: int, hashes: int, workers: int, scratch: Path) -> None:
    """Signatures, buckets, clusters; then every document with its cluster's number."""
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.dedup import (
        MinhashDedupBuckets,
        MinhashDedupCluster,
        MinhashDedupFilter,
        MinhashDedupSignature,
    )
    from datatrove.pipeline.dedup.minhash import MinhashConfig
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter

    config = MinhashConfig(n_grams=ngram, num_buckets=buckets, hashes_per_bucket=hashes)
    folder = {name: str(scratch / name) for name in ("input", "sig", "buckets", "ids", "kept")}
    removed = JsonlWriter(folder["kept"], "removed_${rank}.jsonl", compression=None)
    kept = JsonlWriter(folder["kept"], "kept_${rank}.jsonl", compression=None)
    stages: list[tuple[list[PipelineStep | Callable[..., DocumentsPipeline]], int]] = [
        ([JsonlReader(folder["input"]), MinhashDedupSignature(folder["sig"], config)], workers),
        ([MinhashDedupBuckets(folder["sig"], folder["buckets"], config=config)], buckets),
        ([MinhashDedupCluster(folder["buckets"], folder["ids"], config, save_cluster_id=True)], 1),
        (
            [
                JsonlReader(folder["input"]),
                MinhashDedupFilter(folder["ids"], removed, load_cluster_ids=True),
                kept,
            ],
            workers,
        ),
    ]
    for number, (pipeline, tasks) in enumerate(stages):
        log = str(scratch / "log" / str(number))
        LocalPipelineExecutor(
            pipeline, tasks=tasks, workers=min(workers, tasks), logging_dir=log
        ).run()


def _write(texts: list[str], folder: Path, files: int) -> None:
    """Lay the texts out as JSON lines, dealt in blocks over `files` files, the row as id."""
    folder.mkdir(parents=True)
    size = -(-len(texts) // files)
    for k in range(files):
        with (folder / f"{k}.jsonl").open("w", encoding="utf-8") as file:
            for i in range(k * size, min(len(texts), (k + 1) * size)):
                file.write(json.dumps({"id": str(i), "text": texts[i]}) + "\n")


def _run(command: list[str], env: dict[str, str]) -> None:
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["it failed"]
        raise SystemExit(lines[-1][:300])


if __name__ == "__main__":
    n, b, h, w = map(int, sys.argv[1:5])
    _datatrove_stages(n, b, h, w, Path(sys.argv[5]))
