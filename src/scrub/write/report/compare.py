"""Two copies side by side, as places in their texts that the page draws.

The alignment is the one that found the spun words (`scrub.spin.align`), so a person sees what the
program saw and not a second opinion made for the eye.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from scrub.spin.align import SentencePair, align_words, paired_places
from scrub.spin.words import Words, words_of


class Span(NamedTuple):
    """A run of code points of a text; `mark` says what the page makes of it.

    `s` substituted by the aligned run of the other side, `d` determiner or number written
    otherwise, `x` without a counterpart, `m` rare and in both.  `other` is what stands in its
    place.
    """

    start: int
    end: int
    mark: str
    other: str


class Row(NamedTuple):
    """A sentence of the left text beside one of the right: their ends and their marked words."""

    left: tuple[int, int]
    right: tuple[int, int]
    left_marks: list[Span]
    right_marks: list[Span]


def compare(left: str, right: str) -> list[Row]:
    """The aligned sentences of two texts, in the order of `left`, with the words that differ."""
    a, b = words_of(left), words_of(right)
    return [_row(pair, a, b) for pair in align_words(a, b)]


def _row(pair: SentencePair, a: Words, b: Words) -> Row:
    left, right = [], []
    for s in pair.substitutions:
        mark = "s" if s.kind == "wording" else "d"
        left.append(Span(s.start_a, s.end_a, mark, s.text_b))
        right.append(Span(s.start_b, s.end_b, mark, s.text_a))
    paired_a = {place for place, _ in paired_places(pair.equal)}
    paired_b = {place for _, place in paired_places(pair.equal)}
    for s in pair.substitutions:
        paired_a.update(range(s.word_a, s.word_a + s.size_a))
        paired_b.update(range(s.word_b, s.word_b + s.size_b))
    left += _loose(a, pair.start_a, pair.end_a, paired_a)
    right += _loose(b, pair.start_b, pair.end_b, paired_b)
    return Row(
        with_punctuation(a.text, pair.start_a, pair.end_a),
        with_punctuation(b.text, pair.start_b, pair.end_b),
        sorted(left),
        sorted(right),
    )


def _loose(words: Words, start: int, end: int, paired: set[int]) -> Iterator[Span]:
    """The runs of words between two places that stand beside nothing."""
    first, last = bisect_left(words.start, start), bisect_left(words.start, end)
    run: list[int] = []
    for word in range(first, last + 1):
        if word < last and word not in paired:
            run.append(word)
        elif run:
            yield Span(words.start[run[0]], words.end[run[-1]], "x", "")
            run = []


def with_punctuation(text: str, start: int, end: int) -> tuple[int, int]:
    """The span with the quotation marks and stops that belong to its first and last word."""
    while start > 0 and not text[start - 1].isalnum() and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isalnum() and not text[end].isspace():
        end += 1
    return start, end
