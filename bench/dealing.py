"""Deal sentences into articles so that two unrelated ones share at most one of them.

The sentences are laid out as a transversal design: `m` columns of `q` sentences, `q` a prime not
below `m`.  Article `b` of round `a` takes from column `j` the sentence `(a*j + b) mod q`; two
articles agree in a column only where `(a - a')*j = b' - b (mod q)`, which has at most one solution.
So `q*q` articles can be dealt, each known from its number alone.

A sentence comes back once a round.  So that this does not become the corpus's main feature, every
round has names and numbers of its own (the corpus's own names, permuted; the digits, shifted), and
sentences without any name or number are dealt in the first rounds only.
"""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)]*\s+(?=[\"'“‘(]*[A-Z0-9])")
# A capitalised word inside a sentence, or digits.
ANCHOR = re.compile(r"((?<=[a-z,;] )[A-Z][a-z]{2,}\b|\d+)")
# A sentence without name or number may occur so often.
PLAIN_USES = 8


class Dealer:
    """Deals articles from a pool of sentences; the same seed deals the same articles."""

    def __init__(self, pool: Sequence[str], lengths: Sequence[int], seed: int) -> None:
        """`lengths`: sentences per article, drawn from at random."""
        self.seed = seed
        rng = random.Random(f"deal {seed}")
        pool = sorted(set(pool))
        rng.shuffle(pool)
        ordered = sorted(lengths)
        self.columns = min(max(8, ordered[int(0.99 * (len(ordered) - 1))]), 64)
        self.q = _prime_up_to(len(pool) // self.columns)
        if self.q < self.columns:
            raise ValueError(f"{len(pool)} sentences are too few to deal from")
        self.pool = pool[: self.columns * self.q]
        # Each sentence cut at its names and numbers: text, name, text, number, text ...
        self.pieces = [ANCHOR.split(sentence) for sentence in self.pool]
        self.lengths = [min(max(3, n), self.columns) for n in ordered]
        mean = sum(self.lengths) / len(self.lengths)
        self.plain_rounds = max(1, round(PLAIN_USES * self.columns / mean))
        self.names = sorted({name for cut in self.pieces for name in cut[1::2] if name.isalpha()})
        rng.shuffle(self.names)

    def articles(self, n: int) -> Iterator[list[str]]:
        """Up to `n` articles, lists of sentences; ValueError where the pool is too small."""
        if n > self.q * self.q:
            raise ValueError(f"at most {self.q * self.q} articles can be dealt from this pool")
        rng = random.Random(f"articles {self.seed}")
        renamed: dict[str, str] = {}
        for number in range(n):
            turn, b = divmod(number, self.q)
            if b == 0:
                renamed = self._names_of(turn)
            yield [self._render(at, turn, renamed) for at in self._choose(turn, b, rng)]

    def _choose(self, turn: int, b: int, rng: random.Random) -> list[int]:
        """Places in the pool of one article's sentences: a window over the columns, cyclic."""
        wanted, first = rng.choice(self.lengths), rng.randrange(self.columns)
        chosen: list[int] = []
        for step in range(self.columns):
            j = (first + step) % self.columns
            at = j * self.q + (turn * j + b) % self.q
            if turn >= self.plain_rounds and len(self.pieces[at]) == 1:
                continue
            chosen.append(at)
            if len(chosen) == wanted:
                break
        return chosen

    def _render(self, at: int, turn: int, renamed: dict[str, str]) -> str:
        """A sentence of the pool with the names and numbers of a round."""
        if not turn or len(self.pieces[at]) == 1:
            return self.pool[at]
        cut = self.pieces[at].copy()
        cut[1::2] = [renamed.get(word) or _shift(word, turn) for word in cut[1::2]]
        return "".join(cut)

    def _names_of(self, turn: int) -> dict[str, str]:
        """Each name's stand-in in this round: a cyclic shift, another one for each round."""
        size = len(self.names)
        shift = turn * 7919 % size if size else 0
        return {name: self.names[(i + shift) % size] for i, name in enumerate(self.names)}


def split(text: str) -> list[str]:
    """Sentences of a text of one paragraph a line, those of 6 to 60 words."""
    found = (s.strip() for line in text.split("\n") for s in SENTENCE_END.split(line))
    return [s for s in found if 6 <= s.count(" ") + 1 <= 60]


def _shift(word: str, turn: int) -> str:
    """A number of as many digits, another one for each round; other words stay."""
    if not word.isdigit():
        return word
    low = 10 ** (len(word) - 1)
    return str(low + (int(word) + 37 * turn) % (9 * low))


def _prime_up_to(limit: int) -> int:
    """The largest prime not above `limit`; 0 where there is none."""
    for q in range(limit, 1, -1):
        if all(q % d for d in range(2, int(q**0.5) + 1)):
            return q
    return 0
