"""Which blocks of a scraped web page are its article: a small scoring model over `blocks`.

Three models over named features: the first, a logistic regression, sees a block alone, the second
the block and the first one's scores around it, the third again with the second one's; these two
have a layer of hidden units beside the linear part.  The mean of the last two counts, as it loses
less text than the third alone.
It is asked only about texts that look like a whole page (`is_web_page`), so that an article with a
table or a list in it never meets it.  The weights are in `page_weights.json`, with where they
come from; `bench/fit_page.py` fits them.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scrub import shipped
from scrub.clean import blocks
from scrub.clean.changes import Edit
from scrub.clean.layout import lines_of
from scrub.clean.lines import line_rule

# A block is kept from this probability up: low, because a paragraph wrongly cut costs a reader
# more than a menu left in.
# Set by hand between the two figures that `bench/fit_page.py` states, text lost and menus left.
KEEP = 0.13

# ... and a line of fewer words, between lines that go, only from here up.  Set by hand.
_SURE, _FEW = 0.5, 3

# A text is a page when it holds this many different lines of furniture (an article can be broken
# by one advertisement's mark again and again), and they and the other short lines without an end
# are this share of its lines.
MIN_FURNITURE_LINES = 6
MIN_SHORT_SHARE = 0.4
# Words of furniture are words of titles, too ("Home by Five"): so many of the lines must be known
# to the line rules, one of them before the first sentence or after the last.  A list of titles
# stands within an article.  Of 263 labelled pages that have furniture 257 have it so.
MIN_RULED_LINES = 3
_PROSE_WORDS = 10

# Beyond this many lines a text is no page but a dump, and is left to the line rules.
MAX_LINES = 20_000


def is_web_page(lines: list[str]) -> bool:
    """Whether the lines are those of a whole web page, its furniture included."""
    if not MIN_FURNITURE_LINES <= len(lines) <= MAX_LINES:
        return False
    short: list[list[str]] = []  # their words
    prose: list[int] = []
    for index, line in enumerate(lines):
        ended = blocks.is_ended(line)
        if len(line) > 100 or ended:
            long = line.count(" ") if line.isascii() else len(blocks.block_words(line)) - 1
            if long >= _PROSE_WORDS and ended:
                prose.append(index)
        elif len(words := blocks.block_words(line.lower())) <= 12:
            short.append(words)
    plain = {tuple(w) for w in short if len(w) <= 6 and not any(word.isdigit() for word in w)}
    if len(plain) < MIN_FURNITURE_LINES or len(short) < MIN_SHORT_SHARE * len(lines):
        return False  # most texts, of which nobody needs to know the language
    known = blocks.block_vocabulary(tuple(lines)).menu
    if sum(not known.isdisjoint(words) for words in plain) < MIN_FURNITURE_LINES:
        return False
    first, last = (prose[0], prose[-1] + 1) if prose else (0, 0)
    if not any(map(line_rule, lines[:first] + lines[last:])):
        return False
    return sum(line_rule(line) != "" for line in set(lines)) >= MIN_RULED_LINES


def article_scores(lines: list[str]) -> NDArray[np.float64]:
    """The probability of each block of a page to be text of its article, in [0, 1]."""
    first, second, third = _models()
    own = blocks.own_features(lines)
    alone = first.score(own)
    once = second.score(np.hstack([own, blocks.context_features(lines, own, alone)]))
    twice = third.score(np.hstack([own, blocks.context_features(lines, own, once)]))
    return np.asarray((once + twice) / 2)


def remove_furniture(text: str) -> list[Edit]:
    """Edits that take a web page's furniture from around its article, block by block."""
    from scrub.clean.boilerplate import removals

    contents = [line for line in map(str.strip, text.split("\n")) if line]
    if not is_web_page(contents):
        return []
    lines = [line for line in lines_of(text) if line.text.strip()]
    scores = article_scores(contents)
    kept = scores >= KEEP
    if not kept.any():
        return []
    beside = np.pad(kept, 1)
    lonely = kept & ~beside[:-2] & ~beside[2:] & (scores < _SURE)
    verdicts = [
        "" if stays and not (left_over and content.count(" ") < _FEW) else _rule_of(content)
        for stays, left_over, content in zip(kept.tolist(), lonely.tolist(), contents, strict=True)
    ]
    return removals(text, lines, verdicts)


def _rule_of(block: str) -> str:
    """What a piece of furniture is called in the log."""
    return line_rule(block) or ("furniture-text" if len(block.split()) >= 10 else "furniture-line")


class Model(NamedTuple):
    """A logistic model of F features with H hidden units, which may be none.

    linear  (F,) the weights of the features themselves
    inner   (F, H) their weights in each hidden unit
    outer   (H,) the weights of the units
    """

    linear: NDArray[np.float64]
    inner: NDArray[np.float64]
    outer: NDArray[np.float64]

    def score(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """The probability of each row of features, shape (rows,)."""
        values = features @ self.linear + np.tanh(features @ self.inner) @ self.outer
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(values, -40.0, 40.0))))


@cache
def _models() -> tuple[Model, ...]:
    """The three models, checked against the names of the features they belong to."""
    stored = shipped.record("clean/page_weights.json")
    models = []
    for name, columns in (
        ("block", blocks.OWN),
        ("context", blocks.OWN + blocks.CONTEXT),
        ("context again", blocks.OWN + blocks.CONTEXT),
    ):
        weights = stored[name]["features"]
        if tuple(weights) != columns:
            raise ValueError(f"page_weights.json: the features of {name!r} are not those of blocks")
        rows = np.array(list(weights.values()), dtype=np.float64)  # linear, then each unit's
        models.append(Model(rows[:, 0], rows[:, 1:], np.array(stored[name]["units"], np.float64)))
    return tuple(models)
