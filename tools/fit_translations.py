"""Fit the account of translations from labelled pairs in different languages and from background.

    python tools/fit_translations.py OUT --labelled FOLDER [...] --background DOCS.jsonl.gz [...]

FOLDERs and background are as for `fit_rewrites.py`; those of `wmt_news.py` have most of the pairs
labelled `translation`.  Every other candidate pair of documents of different languages teaches what
is none, and is counted: most are two reports of one event.  Documents have a family, the source of
which they are versions, and a wrong link is counted once for two families, however many versions
these have; half of the families teach where the other half is counted.  What is said of a language
is measured by an account that saw no pair with a document in it.  The account that is written is
fitted on all of them.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from fit_rewrites import UNUSED, Array, Documents, half_of, read, store
from steps import bounds_of, fit, fit_twice, steps_of, written

from scrub.match.rewrites.account import MIN_RARE, MIN_WORDS
from scrub.match.rewrites.evidence import MEASURES, measure
from scrub.match.rewrites.find import by_length
from scrub.match.rewrites.rivals import ALIKE, STANDS_OUT, closest_in, stands_out
from scrub.match.rewrites.terms import vocabulary
from scrub.match.rewrites.translations import language, nearest_across, stems_across

WRONG = {"strong": 2, "likely": 6}  # pairs of families that may be linked, in both halves
ONE_TEXT = {"translation", "rewrite", "summary", "copy", "excerpt", "other"}  # labels of a family
LONG = 120  # words of the shorter text: pairs of so many are told apart
HEAD = """\
| left out | in pairs with | pairs | candidates | likely | strong | over 120 words | \
of these likely | wrong links, likely | strong |
|---|---|---|---|---|---|---|---|---|---|"""
BEGINNING = 150  # letters: texts that share so many at their beginning are of one family


def families(documents: Documents) -> list[str]:
    """For each document the name of its family."""
    above: dict[str, str] = {}

    def top(name: str) -> str:
        while above.setdefault(name, name) != name:
            name = above[name]
        return name

    for (a, b), (label, source) in documents.truth.items():
        if label in ONE_TEXT and source != "random":
            above[top(a)] = top(b)
    for i, text in zip(documents.ids, documents.texts, strict=True):
        letters = "".join(filter(str.isalpha, text[: 5 * BEGINNING]))[:BEGINNING]
        above[top(i)] = top(f"begins {letters}")
        above[top(i)] = top(f"cluster {documents.cluster[i]}")
    return [top(i) for i in documents.ids]


class Candidates:
    """Candidates of different languages: measures, whether they are translations, and the like."""

    def __init__(self, documents: Documents) -> None:
        """Find and measure those among the chosen documents."""
        found, ids, texts, truth = documents[:4]
        chosen, codes = documents.chosen, list(map(language, documents.languages))
        terms, one, other = nearest_across(
            found, ids, codes, chosen, vocabulary(texts, chosen, stem=stems_across)
        )
        assert terms is not None
        sides = by_length(found, one, other)
        measured = measure(found, *sides, terms)
        alike = measured.values[:, ALIKE]
        near = closest_in(*sides, alike, len(ids))
        measured.values[:, STANDS_OUT] = stands_out(alike, near[sides[0]], near[sides[1]])
        self.names = [name for name in MEASURES if name not in UNUSED]
        self.values = measured.values[:, [MEASURES.index(name) for name in self.names]]
        self.words = found.words[sides[0]]
        family = families(documents)
        both = list(zip(one.tolist(), other.tolist(), strict=True))
        self.family = [tuple(sorted((family[a], family[b]))) for a, b in both]
        self.half = np.array([half_of(pair[0]) for pair in self.family])
        self.languages = [{codes[a], codes[b]} for a, b in both]
        enough = measured.rare >= MIN_RARE
        labels = [truth.get((ids[a], ids[b]), ("", ""))[0] for a, b in both]
        self.found = enough & (np.array(labels) == "translation")
        self.none = enough & np.array([a != b for a, b in self.family])

    def worst(self, scores: Array, chosen: Array) -> Array:
        """The highest score of every two families of the chosen that are no translations."""
        best: dict[tuple[str, ...], float] = {}
        for k in np.flatnonzero(self.none & chosen).tolist():
            pair = self.family[k]
            best[pair] = max(best.get(pair, -np.inf), float(scores[k]))
        return np.sort(list(best.values()))[::-1]


def wanted(documents: Documents) -> Counter[tuple[frozenset[str], int]]:
    """The labelled translations that can have a grade, by languages and whether LONG."""
    place = {i: k for k, i in enumerate(documents.ids)}
    counts: Counter[tuple[frozenset[str], int]] = Counter()
    for pair, (label, _) in documents.truth.items():
        codes = frozenset(language(documents.languages[place[i]]) for i in pair)
        words = min(int(documents.features.words[place[i]]) for i in pair)
        if label == "translation" and words >= MIN_WORDS and len(codes) > 1:
            counts[codes, int(words > LONG)] += 1
    return counts


def main() -> None:
    """Fit the account, say what it finds of languages that were left out, and write it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--labelled", type=Path, nargs="+", required=True)
    parser.add_argument("--background", type=Path, nargs="+", required=True)
    args = parser.parse_args()
    documents = read(args.labelled, args.background)
    pairs, total = Candidates(documents), wanted(documents)
    used = pairs.found | pairs.none
    bounds = bounds_of(pairs.values[used], pairs.found[used])
    steps = steps_of(pairs.values, bounds, pairs.names)
    nothing = np.zeros(sum(steps.sizes) + 1)
    start = fit(steps.of(used), pairs.found[used], nothing, np.ones(int(used.sum())))

    def fitted(left: Array, half: int) -> tuple[Array, dict[str, float]]:
        """Scores and where grades begin, without what is left out and half of what is none."""
        taught = (pairs.found | pairs.none & (pairs.half != half)) & ~left
        scores = steps.sums(fit_twice(steps.of(taught), pairs.found[taught], start))
        worst = pairs.worst(scores, pairs.half == half)
        return scores, {name: float(worst[wrong // 2]) for name, wrong in WRONG.items()}

    long = pairs.words > LONG
    print(HEAD)
    for code in sorted({code for pair, _ in total for code in pair} - {"en"}):
        own = np.array([code in pair for pair in pairs.languages])
        counts: dict[str, float] = defaultdict(float)
        for half in (0, 1):
            scores, cuts = fitted(own, half)
            for name, cut in cuts.items():
                over = own & (scores > cut)
                counts[name] += (pairs.found & over).sum() / 2
                counts[f"{name} long"] += (pairs.found & over & long).sum() / 2
                counts[f"{name} wrong"] += len(pairs.worst(scores, over)) / 2
        mine = {k: sum(n for (p, w), n in total.items() if code in p and w >= k) for k in (0, 1)}
        others = Counter(c for p, _ in total for c in p if code in p and c != code)
        cells = [
            code,
            " ".join(sorted(others)),
            mine[0],
            f"{(pairs.found & own).sum() / mine[0]:.2f}",
        ]
        cells += [f"{counts[name] / mine[0]:.2f}" for name in ("likely", "strong")]
        cells += [mine[1], f"{counts['likely long'] / max(1, mine[1]):.2f}"]
        cells += [counts["likely wrong"], counts["strong wrong"]]
        print("|", " | ".join(map(str, cells)), "|", flush=True)
    nobody = np.zeros(len(used), np.bool_)
    begins = [fitted(nobody, half)[1] for half in (0, 1)]
    cuts = {name: (begins[0][name] + begins[1][name]) / 2 for name in WRONG}
    weights = fit_twice(steps.of(used), pairs.found[used], start)
    account = written(pairs.names, bounds, weights, cuts)
    store(args.out, {"translation": account}, args.labelled, args.background)


if __name__ == "__main__":
    main()
