"""Which scalable form finds candidates best: sampled sketches, passages, LSH Ensemble, plain bands.

    python bench/match_forms.py --corpus docs.jsonl.gz --truth truth.csv [--forms sketch,bands,...]

All but `bands` search the frame's shingles for containment.  For each form: the share of planted
copies that come out as a candidate with their parent (or with any other member where that is
absent), candidates for each document, CPU seconds of signing, indexing and querying (features that
all forms share are not counted), and the growth of the process's memory.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import multiprocessing
import resource
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from datasketch import MinHash, MinHashLSHEnsemble

from scrub.config import Settings
from scrub.kernels import Array, kernel
from scrub.match import candidates as join
from scrub.match import signatures
from scrub.match.features import Features, features, frame, frame_hash
from scrub.match.pairs import group_exact

Pairs = set[tuple[int, int]]
_PASSAGE, _STEP = 8, 4  # sentences in a passage, and from one passage to the next
_ENSEMBLE = {"threshold": 0.3, "num_perm": 128, "num_part": 16}


def main() -> None:
    """Parse the command line, run each form in a process of its own, print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--truth", type=Path, required=True)
    parser.add_argument("--forms", default=",".join(FORMS))
    options = parser.parse_args()
    print("| form | recall | candidates per document | CPU s | MB more |")
    print("|---|---|---|---|---|")
    for name in options.forms.split(","):
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            print(pool.apply(_run, (name, options.corpus, options.truth)), flush=True)


def _run(name: str, corpus: Path, truth: Path) -> str:
    records = [json.loads(line) for line in _open(corpus)]
    ids, texts = [r["id"] for r in records], [r["text"] for r in records]
    settings = Settings().match
    batches = [features(texts[k : k + 2000], settings) for k in range(0, len(texts), 2000)]
    known = Features.concat(batches)
    del records, texts, batches
    FORMS[name](features(["warm up the kernels of this form"] * 2, settings))
    before, start = _peak(), time.process_time()
    pairs = FORMS[name](known)
    seconds, more = time.process_time() - start, _peak() - before
    found = _recall(list(csv.DictReader(_open(truth))), ids, known, pairs)
    return f"| {name} | {found:.4f} | {len(pairs) / len(ids):.2f} | {seconds:.1f} | {more:.0f} |"


def sketch(known: Features) -> Pairs:
    """FracMinHash: the join of sampled frame shingles that scrub makes, without its bands."""
    none = np.zeros((len(known), 0), np.uint32)
    only = Features(**{n: getattr(known, n) for n in Features.__slots__} | {"bands": none})
    return _joined(only)


def bands(known: Features) -> Pairs:
    """MinHash LSH on word 3-shingles alone: datasketch's bands for Jaccard 0.5."""
    empty = np.zeros(len(known.sketches), np.int64)
    only = Features(**{n: getattr(known, n) for n in Features.__slots__} | {"sketches": empty})
    return _joined(only)


def scrub(known: Features) -> Pairs:
    """Both, as scrub runs them."""
    return _joined(known)


def passages(known: Features) -> Pairs:
    """MinHash of overlapping passages of frame shingles; LSH with 32 bands of 2."""
    hashes, starts = _shingles(known.units, known.sentences)
    found: Pairs = set()
    owners, spans = [], []
    for d in range(len(known)):
        low, high = int(known.documents[d]), int(known.documents[d + 1])
        for s in range(low, max(low + 1, high - _PASSAGE + _STEP), _STEP):
            owners.append(d)
            spans.append((starts[min(s, high)], starts[min(s + _PASSAGE, high)]))
    a, b = signatures._permutations(64)
    keys = _passage_bands(hashes, np.array(spans, np.int64), a, b)
    for band in range(keys.shape[1]):
        buckets: dict[int, list[int]] = defaultdict(list)
        for owner, key in zip(owners, keys[:, band].tolist(), strict=True):
            bucket = buckets[key]
            if key and len(bucket) < join.FULLEST and owner not in bucket:
                found.update((min(owner, o), max(owner, o)) for o in bucket)
                bucket.append(owner)
    return found


def ensemble(known: Features) -> Pairs:
    """datasketch's MinHashLSHEnsemble on frame shingles (Zhu et al., VLDB 2016)."""
    hashes, starts = _shingles(known.units, known.sentences)
    index = MinHashLSHEnsemble(**_ENSEMBLE)
    entries = []
    for d in range(len(known)):
        own = np.unique(hashes[starts[known.documents[d]] : starts[known.documents[d + 1]]])
        if len(own):
            signature = MinHash(_ENSEMBLE["num_perm"], hashfunc=int)
            signature.update_batch((own & np.uint64(0xFFFFFFFF)).tolist())
            entries.append((d, signature, len(own)))
    if len(entries) < 2:
        return set()
    index.index(entries)
    return {
        (min(d, other), max(d, other))
        for d, signature, size in entries
        for other in index.query(signature, size)
        if other != d
    }


FORMS: dict[str, Callable[[Features], Pairs]] = {
    "scrub": scrub,
    "sketch": sketch,
    "bands": bands,
    "passages": passages,
    "ensemble": ensemble,
}


def _joined(known: Features) -> Pairs:
    _, order, _ = group_exact(known, [f"{k:09d}" for k in range(len(known))])
    shorter, fuller = join.candidates(known, order)
    one, other = order[shorter], order[fuller]
    low, high = np.minimum(one, other).tolist(), np.maximum(one, other).tolist()
    return set(zip(low, high, strict=True))


def _recall(truth: list[dict[str, str]], ids: list[str], known: Features, pairs: Pairs) -> float:
    """The share of planted copies with a candidate (or an identical text) in their cluster."""
    place = {name: k for k, name in enumerate(ids)}
    members: dict[str, list[int]] = defaultdict(list)
    for row in truth:
        members[row["cluster"]].append(place[row["id"]])
    leader = group_exact(known, ids)[0].tolist()
    met = {frozenset((leader[one], leader[other])) for one, other in pairs}
    found = total = 0
    for row in truth:
        if row["kind"] in ("orig", "uniq", "t"):
            continue
        own = place[row["id"]]
        parent = place.get(row["parent"])
        others = (
            [parent] if parent is not None else [k for k in members[row["cluster"]] if k != own]
        )
        total += 1
        found += any(
            leader[own] == leader[k] or frozenset((leader[own], leader[k])) in met
            for k in others
            if k != own
        )
    return found / max(1, total)


def _open(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as file:
        yield from file


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@kernel()
def _shingles(units: Array, sentences: Array) -> Array:
    """Every frame 6-shingle, and the first of each sentence."""
    hashes = np.empty(len(units), np.uint64)
    starts = np.zeros(len(sentences), np.int64)
    symbols, begins = np.empty(1024, np.uint32), np.empty(1024, np.int64)
    n = 0
    for s in range(len(sentences) - 1):
        starts[s] = n
        length = frame(units, sentences[s], sentences[s + 1], symbols, begins)
        for k in range(length - 5):
            hashes[n] = frame_hash(symbols, k, 6)
            n += 1
    starts[-1] = n
    return hashes[:n], starts


@kernel()
def _passage_bands(hashes: Array, spans: Array, a: Array, b: Array) -> Array:
    """Band keys of passages, two rows a band; 0 for a passage without shingles."""
    keys = np.zeros((len(spans), len(a) // 2), np.uint64)
    row = np.empty(len(a), np.uint32)
    for p in range(len(spans)):
        row[:] = 0xFFFFFFFF
        for k in range(spans[p, 0], spans[p, 1]):
            h = np.uint32(hashes[k] & np.uint64(0xFFFFFFFF))
            for j in range(len(a)):
                row[j] = min(row[j], np.uint32(a[j] * h + b[j]))
        if spans[p, 1] > spans[p, 0]:
            for j in range(0, len(a), 2):
                keys[p, j // 2] = np.uint64(row[j]) << np.uint64(32) | np.uint64(row[j + 1])
    return keys


if __name__ == "__main__":
    main()
