"""Make `src/scrub/spin/data/dialects.txt`: words that only some countries use, and their twins.

    python tools/make_dialects.py WORDNET_FOLDER BREAME_FOLDER

WORDNET_FOLDER holds WordNet 3.0's `data.noun`, ... (Debian package `wordnet-base`), whose pointers
`;r` name the region where a word is used; BREAME_FOLDER is the folder `breame` of that package's
source, 0.1.2 (Apache-2.0): the headwords of its glossaries, and what their notes say it is called
on the other side ("US: truck").  A line is a word, or two words of the same with a tab between.
"""

from __future__ import annotations

import re
import runpy
import sys
from collections import Counter
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[1] / "src" / "scrub" / "spin" / "data" / "dialects.txt"
# Regions of WordNet whose English differs from the American in words.
REGIONS = frozenset(
    """United_Kingdom England Scotland Ireland Northern_Ireland Wales Australia New_Zealand India
    Pakistan South_Africa""".split()  # noqa: SIM905
)
NOTES = frozenset(
    """also archaic are equiv esp etc is obsolete regional see spelled usage usu
    usually""".split()  # noqa: SIM905
)
TERM = re.compile(r"[a-z]{3,}(?:[ -][a-z]{2,}){0,2}")
# "US: truck", "US equivalent: cell phone", "UK usually tyre", "(US dumpster)"
TWIN = re.compile(
    r"\b(?:US|U\.S\.|UK|in the UK|in the US|British|American)"
    r"(?: (?:usually|equivalent|often|also|similar|approx\.?|term))?\s?:?\s"
    r"(?P<twins>[a-z][a-z -]{2,24}(?:(?:, | or |; |/)[a-z][a-z -]{2,24}){0,3})(?=[),.;\n]|$)"
)


def main() -> None:
    """Read both sources and write the list."""
    wordnet, breame = map(Path, sys.argv[1:3])
    own, senses = regional(wordnet)
    words: set[str] = set(own)
    pairs: set[tuple[str, str]] = set()
    for name in ("british", "american"):
        notes = constants(breame / "data" / f"{name}_terms_constants.py")
        for head, note in notes.items():
            words.update(terms(head))
            pairs.update(twins(head, str(note)))
    for head, meanings in constants(breame / "data" / "meaning_constants.py").items():
        for note in map(str, meanings.values()):
            pairs.update(twins(head, str(note)))
    for one, other in constants(breame / "data" / "spelling_constants.py").items():
        pairs.update({tuple(sorted((one, other)))} if TERM.fullmatch(f"{one} {other}") else ())
    words = {word for word in words if senses[word] <= 1}  # "last" is a shoemaker's, too
    lines = [*words, *("\t".join(pair) for pair in pairs)]
    TARGET.write_text("\n".join(sorted(lines)) + "\n", "utf-8")
    print(f"{len(words)} words, {len(pairs)} pairs")


def constants(path: Path) -> dict[Any, Any]:
    """The one dictionary of a module of constants."""
    return next(
        value
        for name, value in runpy.run_path(str(path)).items()
        if isinstance(value, dict) and name.isupper()
    )


def terms(text: str) -> list[str]:
    """The words of a headword such as "gear-lever / gearstick" or "biccie, bicky"."""
    parts = re.split(r"[,/;]| or ", re.sub(r"\([^)]*\)", "", text.lower()))
    found = (part.strip() for part in parts)
    return [part for part in found if TERM.fullmatch(part) and not NOTES.intersection(part.split())]


def twins(head: str, note: str) -> set[tuple[str, str]]:
    """A headword beside each word that its note gives for the other side, both in order."""
    found: set[tuple[str, str]] = set()
    for match in TWIN.finditer(note):
        for other in terms(match["twins"]):
            found.update((min(one, other), max(one, other)) for one in terms(head) if one != other)
    return found


def regional(folder: Path) -> tuple[set[str], Counter[str]]:
    """Words that WordNet says belong to one of REGIONS, but no names; the senses of each word."""
    senses: Counter[str] = Counter()
    names: dict[tuple[str, str], str] = {}
    found: list[tuple[list[str], tuple[str, str], int]] = []
    for name in ("noun", "verb", "adj", "adv"):
        for line in (folder / f"data.{name}").read_text("latin-1").splitlines():
            if line.startswith(" "):
                continue
            fields = line.partition("|")[0].split()
            count = int(fields[3], 16)
            words = fields[4 : 4 + 2 * count : 2]
            names[name[0], fields[0]] = words[0]
            senses.update({word.lower().replace("_", " ") for word in words})
            pointers = fields[4 + 2 * count :]
            for i in range(int(pointers[0])):
                kind, offset, pos, ends = pointers[1 + 4 * i : 5 + 4 * i]
                if kind == ";r":
                    found.append((words, (pos, offset), int(ends[:2], 16)))
    result: set[str] = set()
    for words, region, source in found:
        if names.get(region) in REGIONS:
            # 0: the whole synset; of several words it cannot be said which is the region's own.
            chosen = [words[source - 1]] if source else words[:1] if len(words) == 1 else []
            result.update(word.lower().replace("_", " ") for word in chosen if word[0].islower())
    return {word for word in result if TERM.fullmatch(word)}, senses


if __name__ == "__main__":
    main()
