"""Plant copies of an article: light edits, excerpts, furniture, heavy spins, orphan pairs.

The spinner's dictionary is not a thesaurus: a word is replaced by another word of this corpus with
the same ending (-ing, -ed, -s, -ly ...) and about the same frequency, always the same few for the
same word.  To a matcher that is what a spinner does (other content words, the same frame); it says
nothing about how well wording is repaired.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from articles import ENDS_PLACE, NOUNS, proper

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# A number is one word with its decimals: nobody writes 6.37 as "six.37".
WORD = re.compile(r"[A-Za-z]+|\d+(?:[.,:/-]\d+)*")
ENDINGS = ("ing", "tion", "ment", "ness", "able", "ed", "er", "ly", "al", "ty", "s", "e")
FIXED = {"but": "yet", "said": "pronounced", "also": "likewise", "about": "around"}
NUMBERS = (
    *("zero", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
FURNITURE = """Home | News | Sport | Weather
Share this article
Follow us on social media
Advertisement
Sign up to our newsletter
Read more: What the {noun} means for you
Photo: {place} Agency
Subscribe now for full access
Click here to leave a comment
Related stories
Most read
All rights reserved, {place} Media
This site uses cookies
Print this page
Tags: {noun}, {noun}
ALSO READ: Inside the {noun} of {place}
Loading...
Back to top
Tweet
Save"""
HEADINGS = "What happened\nThe background\nThe {noun} at a glance\nWhat comes next\nIn {place}"


class Planter:
    """Makes copies with the dictionary learned from `sample`."""

    def __init__(self, sample: Iterable[str], seed: int) -> None:
        """`sample`: sentences of the corpus."""
        self.dictionary = _dictionary(sample, random.Random(f"spin {seed}"))

    def edit(self, body: Sequence[str], rng: random.Random) -> tuple[list[str], str]:
        """Kind a: about 5 % of the words replaced, deleted or doubled by another."""
        words = [sentence.split(" ") for sentence in body]
        every = [word for sentence in words for word in sentence]
        edited = []
        for sentence in words:
            kept: list[str] = []
            for word in sentence:
                dice = rng.random()
                if dice < 0.025:
                    kept.append(rng.choice(every))
                elif dice < 0.0375:
                    kept += [word, rng.choice(every)]
                elif dice >= 0.05:
                    kept.append(word)
            edited.append(" ".join(kept) or sentence[0])
        return edited, "edit=.05"

    def excerpt(self, body: Sequence[str], rng: random.Random) -> tuple[list[str], str]:
        """Kind b: 30 to 60 % of the sentences, at least two, from the head or here and there."""
        share = rng.uniform(0.3, 0.6)
        size = min(len(body), max(2, round(share * len(body))))
        if rng.random() < 0.5:
            chosen = list(body[:size])
        else:
            chosen = [body[i] for i in sorted(rng.sample(range(len(body)), size))]
        return chosen, f"frac={size / len(body):.2f}"

    def furnish(self, body: Sequence[str], rng: random.Random) -> tuple[list[str], str]:
        """Kind c: 3 to 8 lines of menus, advertisements and notices around the text."""
        lines = [_fill(line, rng) for line in rng.sample(FURNITURE.splitlines(), rng.randint(3, 8))]
        cut = rng.randint(0, len(lines))
        return [*lines[:cut], *body, *lines[cut:]], f"lines={len(lines)}"

    def spin(self, body: Sequence[str], rng: random.Random) -> tuple[list[str], str]:
        """Kind e: 25 to 40 % of the content words, most `the` to `a`, small numbers to words."""
        rate, determiners = rng.uniform(0.25, 0.4), rng.uniform(0.25, 1.0)

        def replace(match: re.Match[str]) -> str:
            word = match[0]
            if word == "the":
                return "a" if rng.random() < determiners else word
            if word.isdigit():
                return NUMBERS[int(word)] if len(word) < 3 and int(word) < 13 else word
            choices = self.dictionary.get(word)
            if choices and rng.random() < rate:
                return rng.choice(choices)
            return FIXED.get(word, word)

        spun = WORD.sub(replace, "\n".join(body)).split("\n")
        return spun, f"rate={rate:.3f};det={determiners:.2f}"

    def orphans(self, body: Sequence[str], rng: random.Random) -> list[tuple[list[str], str]]:
        """Kind f: a heavy spin and a furnished excerpt with headings, the original absent."""
        spun, how = self.spin(body, rng)
        part, share = self.excerpt(body, rng)
        headings = [_fill(line, rng) for line in HEADINGS.split("\n")]
        for at in sorted(rng.sample(range(len(part)), min(2, len(part))), reverse=True):
            part.insert(at, rng.choice(headings))
        part, lines = self.furnish(part, rng)
        return [(spun, f"role=spun;{how}"), (part, f"role=extract;{share};{lines}")]


def _fill(line: str, rng: random.Random) -> str:
    return line.format(noun=rng.choice(NOUNS), place=proper(rng, ENDS_PLACE))


def _dictionary(sample: Iterable[str], rng: random.Random) -> dict[str, list[str]]:
    """Word -> three others of its class; the 150 commonest words have no entry."""
    counts = Counter(
        word for s in sample for word in WORD.findall(s) if len(word) > 3 and word.islower()
    )
    ranked = sorted(counts, key=lambda word: (-counts[word], word))[150:]
    classes: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for word in ranked:
        ending = next((e for e in ENDINGS if word.endswith(e)), "")
        classes[ending, counts[word].bit_length() // 2].append(word)
    dictionary = {}
    for _, words in sorted(classes.items()):
        rng.shuffle(words)
        if len(words) > 3:
            for i, word in enumerate(words):
                dictionary[word] = [words[(i + k) % len(words)] for k in (1, 2, 3)]
    return dictionary
