"""The plain MinHash mode links what datasketch links."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from scrub.config import MatchSettings, load
from scrub.corpus import Corpus
from scrub.document import Document
from scrub.errors import ConfigError
from scrub.match.features import features
from scrub.match.minhash import Plain
from scrub.match.signatures import signatures, to_datasketch
from scrub.match.tokens import tokenize
from scrub.pipeline import run
from stories import FERRY, MUSEUM, SCHOOL, edited, filler

TEXTS = [
    *(edited(text, share, seed) for text in (FERRY, MUSEUM, SCHOOL, filler(3))
      for seed, share in enumerate((0.0, 0.0, 0.02, 0.08, 0.15, 0.3))),
    *map(filler, range(10, 40)), "", "One.",
]  # fmt: skip
IDS = [f"t{n:03}" for n in range(len(TEXTS))]


def corpus() -> Corpus:
    documents = [Document(i, text) for i, text in zip(IDS, TEXTS, strict=True)]
    return Corpus(documents, {}, features(TEXTS, MatchSettings()), dict.fromkeys(IDS, 0.0))


@pytest.mark.parametrize(
    "settings",
    [
        {}, {"lsh_threshold": 0.8}, {"shingle": 5, "lsh_threshold": 0.7, "num_perm": 64},
        {"shingle": 1, "bands": 16}, {"bands": 42, "num_perm": 130},
    ],
)  # fmt: skip
def test_clusters_and_similarities_are_those_of_datasketch(settings: dict[str, Any]) -> None:
    from datasketch import MinHashLSH

    given = MatchSettings(method="minhash", **settings)
    chosen = (given.bands, given.num_perm // given.bands) if given.bands else None
    lsh = MinHashLSH(threshold=given.lsh_threshold, num_perm=given.num_perm, params=chosen)
    values = signatures(tokenize(TEXTS), given.num_perm, given.shingle)
    theirs = {i: to_datasketch(row) for i, row in zip(IDS, values, strict=True)}
    for i, signature in theirs.items():
        lsh.insert(i, signature)
    cluster = {i: i for i in IDS}
    for i in IDS:  # the components of what queries return, found in the plainest way
        for other in lsh.query(theirs[i]) if TEXTS[IDS.index(i)] else ():
            old, new = max(cluster[i], cluster[other]), min(cluster[i], cluster[other])
            cluster = {j: new if name == old else name for j, name in cluster.items()}
    plain = Plain(corpus(), given)
    found = plain.copies()
    assert found.clusters == cluster
    assert len(set(cluster.values())) < len(IDS)
    words = {i: len(text.split()) for i, text in zip(IDS, TEXTS, strict=True)}
    fullest = {cluster[i]: i for i in sorted(IDS, key=lambda i: (words[i], -IDS.index(i)))}
    ends = [tuple(sorted((i, fullest[cluster[i]]))) for i in IDS if fullest[cluster[i]] != i]
    assert [(pair.id_a, pair.id_b) for pair in found.pairs] == sorted(ends)
    for pair in found.pairs:
        assert pair.jaccard == pytest.approx(theirs[pair.id_a].jaccard(theirs[pair.id_b]))


def test_one_of_each_cluster_is_kept(tmp_path: Path) -> None:
    lines = [json.dumps({"id": i, "text": text}) for i, text in zip(IDS, TEXTS, strict=True)]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), "utf-8")
    settings = load(None, {"match.method": "minhash", "engine.jobs": 1})[0]
    run([tmp_path / "a.jsonl"], tmp_path / "out", settings, flag=False)
    frame = pytest.importorskip("pandas").read_csv(tmp_path / "out" / "dedup.csv", dtype=str)
    by_cluster: dict[str, list[str]] = defaultdict(list)
    for row in frame.itertuples():
        by_cluster[row.cluster_id].append(row.kept)
    assert all(kept.count("true") == 1 for kept in by_cluster.values())
    assert len(by_cluster) < len(frame)


def test_more_bands_than_values_and_earlier_results_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="more than match"):
        Plain(corpus(), MatchSettings(bands=200, num_perm=128))
    with pytest.raises(ConfigError, match="does not go with --against"):
        run([tmp_path], tmp_path / "out", load(None, {"match.method": "minhash"})[0],
            flag=False, against=tmp_path)  # fmt: skip
