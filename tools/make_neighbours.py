"""Make `src/scrub/spin/data/neighbours.npz`: what each word of the language model may stand for.

    python tools/make_neighbours.py

Made of the thesaurus and the language model that are shipped beside it (`make_thesaurus.py`,
`make_bigrams.py`): it is to be made again when one of them is.  Takes half a minute.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from make_thesaurus import planes

from scrub.spin.bigrams import load_bigrams
from scrub.spin.thesaurus import TAGS, Thesaurus, load_thesaurus
from scrub.spin.web import find_words, load_web
from scrub.spin.word_fit import NEIGHBOURS


def numbers_of(thesaurus: Thesaurus) -> list[int]:
    """The number in the language model of each form of the thesaurus, -1 where it has none."""
    web = load_web()
    slots = find_words(web.words, thesaurus.hashes)
    numbers = np.full(len(thesaurus.words), -1, np.int64)
    numbers[thesaurus.order] = np.where(web.words[slots] != 0, load_bigrams().number[slots], -1)
    return [int(number) for number in numbers]


def exchanges(thesaurus: Thesaurus, numbers: list[int]) -> list[list[int]]:
    """For each form that the model knows the known ones it may have replaced, some repeatedly."""
    forms, found = thesaurus.forms.tolist(), []
    targets, start = thesaurus.targets.tolist(), thesaurus.start.tolist()
    for form, number in enumerate(numbers):
        others = []
        uses = thesaurus.uses[thesaurus.use_start[form] : thesaurus.use_start[form + 1]]
        for lemma, tag in (divmod(use, TAGS) for use in uses.tolist() if number >= 0):
            for target in targets[start[lemma] : start[lemma + 1]]:
                other = forms[target][tag]
                if other >= 0 and other != form and numbers[other] >= 0:
                    others.append(other)
        found.append(others)
    return found


def main() -> None:
    """List, weigh, write."""
    thesaurus, single = load_thesaurus(), load_bigrams().single
    numbers = numbers_of(thesaurus)
    found = exchanges(thesaurus, numbers)
    choices = np.zeros(len(numbers))  # how many words each form could be exchanged for
    for others in found:
        np.add.at(choices, others, 1)
    supply = np.full(len(single), np.nan, np.float32)
    neighbours: list[list[int]] = [[] for _ in single]
    for number, others in zip(numbers, found, strict=True):
        if others:
            theirs = np.array([numbers[other] for other in others])
            oftener = np.exp((single[theirs] - single[number]).astype(np.float64))
            supply[number] = np.log(np.cumsum(oftener.astype(np.float32) / choices[others])[-1])
            both = [*neighbours[number], *theirs.tolist()]  # two forms may share a hash
            commonest = sorted(dict.fromkeys(both), key=lambda n: -single[n])
            neighbours[number] = commonest[:NEIGHBOURS]
    out = Path(__file__).parent.parent / "src/scrub/spin/data/neighbours.npz"
    np.savez_compressed(
        out,
        degree=np.array([len(row) for row in neighbours], np.uint8),
        neighbours=planes(np.array([number for row in neighbours for number in row]))[:2],
        supply=supply,
    )
    print(sum(map(len, neighbours)), "neighbours", out.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
