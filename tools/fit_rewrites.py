"""Fit the account of rewrites and summaries from labelled pairs and from natural background.

    python tools/fit_rewrites.py OUT --labelled FOLDER --background DOCS.jsonl.gz [...]

FOLDER holds `docs.jsonl.gz` (id, text) and `pairs.csv` (id_a, id_b, label, source).  The pairs
labelled `rewrite` and `summary` are what is to be found; `same_event_independent`, `same_topic` and
`unrelated` are not, and neither are pairs of the background, texts that nobody rewrote (where a
`pairs.csv` lies beside them, those in its first column are left out).  Texts are cleaned as a run
does, and copies in the background taken out first.  Every document is matched with all others in
one corpus, so that weights are those of a corpus; and the labelled ones once more in one of their
own, a small one, for what is rare in it, and what stands out, is not the same.  Half of the
background teaches; links between documents of the other half are counted, and a grade begins where
there are as many as it allows (`WRONG`, of both halves).  Background ids that end in a number are
chronological: pairs less than `NEAR` apart are two reports of one day, which may well retell each
other, and count for nothing.

What is said of the fit is measured on what was left out: each source of labelled pairs (one
generator) by an account that was fitted on the others, and half of the other pairs by one that did
not see them; each of these with either half of the background as the one that teaches.  The account
that is written is fitted on all labelled pairs.  Steps are fitted by logistic regression, whose
weights may have one sign only, twice: what the first fit holds for a rewrite, and is none, counts
more in the second.  It takes two to three minutes of processor time, and no number of threads
changes what it gives.
Needs SciPy beside what scrub needs.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from fit_known import lines
from numpy.typing import NDArray
from steps import bounds_of, fit, fit_twice, steps_of, written

from scrub.config import Settings
from scrub.document import Document
from scrub.match.features import Features
from scrub.match.rewrites.account import MIN_RARE, MIN_WORDS, SUMMARY
from scrub.match.rewrites.candidates import Lists
from scrub.match.rewrites.evidence import MEASURES, measure
from scrub.match.rewrites.find import by_length
from scrub.match.rewrites.rivals import ALIKE, STANDS_OUT, closest_in, stands_out
from scrub.match.rewrites.terms import terms_of, vocabulary
from scrub.pipeline import analyse

Array = NDArray[Any]

WRONG = {"strong": 10, "likely": 30}  # links in the whole background
SPLIT = {"rewrite": 0.73, "summary": 0.27}  # of them, by hand, as the kinds are among candidates
# Pairs whose shorter text has less of the longer's words teach the account of each kind: there are
# few summaries, and a rewrite that leaves out much is nearly one.  Tried for summaries: 0.4, all.
TEACHES = {"rewrite": math.inf, "summary": 0.6}
NEAR = 511  # stories of a working day: 14,818 until 7 April 1987, 29 such days
TAUGHT = 4000  # pairs of the background that teach or are counted: those that come near a grade
OTHER = 1 / 6  # of the pairs on one topic may be held for one event, by hand
LONG = 120  # words of the shorter text: pairs of so many are told apart
FEW = 10  # pairs: sources of fewer are left out together with others of one name
UNUSED = {"length", "alike"}  # one says which account is asked, the other is within stands_out
POSITIVE = ("rewrite", "summary")
NEGATIVE = ("same_event_independent", "same_topic", "unrelated")


class Pairs(NamedTuple):
    """Candidates: measures, shared rare terms, what each is, whence, its half, and so on.

    `words` are those of the shorter text, `small` says whether the corpus was the small one,
    `topic` is a half, too, that keeps the documents of one topic together.
    """

    values: Array
    rare: Array
    label: Array
    source: Array
    half: Array
    near: Array
    linked: Array
    small: Array
    words: Array
    topic: Array


def half_of(name: str) -> int:
    """0 or 1, by a digest."""
    return hashlib.sha256(name.encode()).digest()[0] & 1


class Documents(NamedTuple):
    """All documents, cleaned, the labelled ones first, and which of them are matched.

    `copies` are the pairs of copies, `cluster` has the cluster of each document.
    """

    features: Features
    ids: Sequence[str]
    texts: list[str]
    truth: dict[tuple[str, ...], tuple[str, str]]
    copies: set[tuple[str, str]]
    cluster: dict[str, str]
    labelled: int
    chosen: Array
    languages: list[str]


def table(folder: Path) -> list[dict[str, str]]:
    """The rows of its `pairs.csv`; none where it has none."""
    path = folder / "pairs.csv"
    text = path.read_text("utf-8") if path.is_file() else ""
    return list(csv.DictReader(text.splitlines()))


def read(labelled: list[Path], background: list[Path]) -> Documents:
    """All documents of some folders; copies in the background are not chosen."""
    rows = [row for folder in labelled for row in table(folder)]
    truth = {tuple(sorted((r["id_a"], r["id_b"]))): (r["label"], r["source"]) for r in rows}
    texts = {row["id"]: row["text"] for f in labelled for row in lines(f / "docs.jsonl.gz")}
    count = len(texts)
    for path in background:
        made = {row["id_a"] for row in table(path.parent)}
        for row in lines(path):
            if row["id"] not in made:
                texts.setdefault(row["id"], row["text"])
    settings = Settings.model_validate({"match": {"rewrites": False}})
    documents = [Document(i, text) for i, text in texts.items()]
    analysis = analyse(documents, settings, flag=False)
    corpus, verdicts = analysis.corpus, analysis.verdicts
    assert list(corpus.ids[:count]) == list(texts)[:count], "a labelled document was filtered"
    kept = [k < count or verdicts[i].kept for k, i in enumerate(corpus.ids)]
    chosen = np.flatnonzero(np.array(kept) & (corpus.features.words >= MIN_WORDS))
    return Documents(
        corpus.features, corpus.ids, list(corpus.texts), truth,
        {(pair.id_a, pair.id_b) for pair in analysis.pairs},
        {i: verdict.cluster_id for i, verdict in verdicts.items()}, count, chosen,
        [str(document.metadata["language"]) for document in corpus.documents],
    )  # fmt: skip


def gather(documents: Documents) -> Pairs:
    """The candidates of a corpus of all documents, and of one of the labelled alone."""
    chosen = documents.chosen
    own = chosen[chosen < documents.labelled]
    parts = candidates(documents, chosen, False), candidates(documents, own, True)
    return Pairs(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def candidates(documents: Documents, chosen: Array, small: bool) -> Pairs:
    """The candidates of a corpus of the chosen documents."""
    found, ids, bodies, truth, linked, cluster, count, *_ = documents
    terms = terms_of(found, chosen, vocabulary(bodies, chosen))
    first, second = Lists.of(found, chosen, terms).nearest(np.arange(len(chosen)))
    sides = by_length(found, chosen[first], chosen[second])
    measured = measure(found, *sides, terms)
    alike = measured.values[:, ALIKE]
    around = closest_in(*sides, alike, len(ids))
    measured.values[:, STANDS_OUT] = stands_out(alike, around[sides[0]], around[sides[1]])
    label, source, near, keys = [], [], [], []
    for a, b in zip(*(side.tolist() for side in sides), strict=True):
        key = tuple(sorted((ids[a], ids[b])))
        what, whence = truth.get(key, ("", ""))
        outside = min(a, b) >= count and key not in linked
        label.append(what or ("background" if outside else "other"))
        # Two rewrites of one source are known by the generator in the id, too.
        family = "+".join(sorted({re.sub(r"[\d/#.]+", "", i.rpartition(":")[2]) for i in key}))
        source.append(f"{whence} {family}" if whence.count(":") and "sib" in whence else whence)
        numbers = [re.search(r"(\d+)$", i) for i in key]
        same = key[0].partition(":")[0] == key[1].partition(":")[0] and all(numbers)
        near.append(same and abs(int(numbers[0][1]) - int(numbers[1][1])) < NEAR)  # type: ignore[index]
        keys.append(key)
    return Pairs(
        measured.values, measured.rare, np.array(label), np.array(source),
        np.array([half_of(key[0]) for key in keys]), np.array(near),
        np.array([cluster[a] == cluster[b] for a, b in keys]),
        np.full(len(keys), small), found.words[sides[0]],
        np.array([half_of(re.match(r"\D*\d*", key[0])[0]) for key in keys]),  # type: ignore[index]
    )  # fmt: skip


def account(pairs: Pairs, kind: str, report: Counter[tuple[str, str]]) -> dict[str, Any]:
    """The account of one kind; what it links when it was left out is counted in `report`."""
    names = [name for name in MEASURES if name not in UNUSED]
    columns = [MEASURES.index(name) for name in names]
    length = pairs.values[:, MEASURES.index("length")]
    mine = (length < SUMMARY) == (kind == "summary")
    enough = pairs.rare >= MIN_RARE
    taught = enough & (length < TEACHES[kind])
    positive = taught & np.isin(pairs.label, POSITIVE)
    negative = taught & np.isin(pairs.label, NEGATIVE)
    counted = enough & mine & (pairs.label == "background") & ~pairs.near & ~pairs.small
    natural = taught & (pairs.label == "background") & ~pairs.near
    values = pairs.values[:, columns]
    used = positive | negative | natural
    bounds = bounds_of(values[used], positive[used])
    steps = steps_of(values, bounds, names)
    sample = np.random.default_rng(0).permutation(np.flatnonzero(natural))[:TAUGHT]
    every = np.concatenate([np.flatnonzero(positive | negative), sample])
    nothing = np.zeros(sum(steps.sizes) + 1)
    start = fit(steps.of(every), positive[every], nothing, np.ones(len(every)))
    scores = steps.sums(start)
    large = natural & ~pairs.small
    natural &= scores >= np.sort(scores[large])[::-1][min(TAUGHT, large.sum() - 1)]

    def fitted(left: Array, half: int) -> tuple[Array, Array, dict[str, float]]:
        """Weights, scores and where grades begin, without what is left out."""
        taught = (positive | negative) & ~left | natural & (pairs.half == half)
        weights = fit_twice(steps.of(taught), positive[taught], start)
        scores = steps.sums(weights)
        worst = np.sort(scores[counted & (pairs.half != half)])[::-1]
        cuts = {n: float(worst[round(wrong * SPLIT[kind] / 2)]) for n, wrong in WRONG.items()}
        return weights, scores, cuts

    sources, sizes = np.unique(pairs.source[positive], return_counts=True)
    few = dict(zip(sources, sizes < FEW, strict=True))
    named = np.array([s.partition(":")[0] if few.get(s) else s for s in pairs.source])
    halves = np.array([half_of(s) for s in pairs.source])
    groups = [(s, positive & (named == s)) for s in sorted({*named[positive]})]
    groups += [(f"no rewrite, half {k}", negative & (halves == k)) for k in (0, 1)]
    for source, left in groups:
        own = left & mine
        long = own & (pairs.words > LONG)
        shares: Counter[str] = Counter()
        for half in (0, 1):
            _, scores, cuts = fitted(left, half)
            for name, cut in cuts.items():
                over = own & (scores > cut)
                shares[name] += over.sum() / 2 / max(1, own.sum())
                shares[f"{name} over {LONG} words"] += (over & long).sum() / 2 / max(1, long.sum())
                over |= own & pairs.linked
                for label in (*POSITIVE, *NEGATIVE):
                    for corpus, there in (("large", ~pairs.small), ("own", pairs.small)):
                        graded = int((over & there & (pairs.label == label)).sum())
                        report[label, f"{name} or a copy, {corpus} corpus"] += graded
        shown = ", ".join(f"{name} {share:.3f}" for name, share in shares.items())
        print(f"{kind:8} {source:32} {own.sum():4} {long.sum():4}", shown, flush=True)
    # What is written is taught by both halves, and its grades begin where those begin that were
    # taught by one and counted on the other.
    nobody = np.zeros(len(mine), np.bool_)
    begins = [fitted(nobody, half)[2] for half in (0, 1)]
    cuts = {name: (begins[0][name] + begins[1][name]) / 2 for name in WRONG}
    taught = positive | negative | natural
    weights = fit_twice(steps.of(taught), positive[taught], start)
    return written(names, bounds, weights, cuts)


def event_account(pairs: Pairs) -> dict[str, Any]:
    """The account of two documents on one event, from labelled pairs alone.

    It is said to be one from where `OTHER` of the pairs on one topic are, each half of which was
    counted by an account that the other half of the topics taught.
    """
    names = [name for name in MEASURES if name not in UNUSED]
    enough = pairs.rare >= MIN_RARE
    found = enough & np.isin(pairs.label, (*POSITIVE, "same_event_independent", "derived_unclear"))
    other = enough & np.isin(pairs.label, ("same_topic", "unrelated"))
    values = pairs.values[:, [MEASURES.index(name) for name in names]]
    used = found | other
    bounds = bounds_of(values[used], found[used])
    steps = steps_of(values, bounds, names)

    def weights(taught: Array) -> Array:
        start = np.zeros(sum(steps.sizes) + 1)
        return fit(steps.of(taught), found[taught], start, np.ones(int(taught.sum())))

    begins = []
    for half in (0, 1):
        left = used & (pairs.topic == half)
        scores = steps.sums(weights(used & ~left))
        begins.append(float(np.quantile(scores[left & (pairs.label == "same_topic")], 1 - OTHER)))
        for label in (*POSITIVE, "same_event_independent", "same_topic"):
            for source in sorted({*pairs.source[left & (pairs.label == label)]}):
                own = left & (pairs.label == label) & (pairs.source == source)
                if own.sum() >= FEW:
                    share = (scores[own] > begins[-1]).mean()
                    print(f"event    {label:24} {source:32} {own.sum():4} {share:.3f}")
    return written(names, bounds, weights(used), {"strong": max(begins), "likely": max(begins)})


def main() -> None:
    """Fit both accounts and write them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--labelled", type=Path, required=True)
    parser.add_argument("--background", type=Path, nargs="+", required=True)
    args = parser.parse_args()
    pairs = gather(read([args.labelled], args.background))
    report: Counter[tuple[str, str]] = Counter()
    accounts = {kind: account(pairs, kind, report) for kind in POSITIVE}
    accounts["event"] = event_account(pairs)
    total = Counter(row["label"] for row in table(args.labelled))
    for (label, name), found in sorted(report.items()):
        print(f"left out, {label}, {name}: {found / 2} of {total[label]}")
    store(args.out, accounts, [args.labelled], args.background)


def store(
    out: Path, accounts: dict[str, Any], labelled: list[Path], background: list[Path]
) -> None:
    """Write accounts, and which data they are of."""
    data = [folder / name for folder in labelled for name in ("docs.jsonl.gz", "pairs.csv")]
    digests = {
        f"{path.parent.name}/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest()
        for path in [*data, *background]
    }
    text = json.dumps({"accounts": accounts, "data": digests}, indent=1)
    out.write_text(re.sub(r"\[\s+(-?[\d.]+),\s+(-?[\d.]+)\s+\]", r"[\1, \2]", text) + "\n")


if __name__ == "__main__":
    main()
