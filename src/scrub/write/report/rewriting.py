"""A rewrite or a summary beside its source, as a row of `pairs.csv` names them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from scrub.config import Settings
from scrub.match.features import features
from scrub.match.rewrites.alignment import Side, align, new_terms, side_at
from scrub.match.rewrites.evidence import RARE
from scrub.match.rewrites.terms import terms_of, vocabulary
from scrub.match.rewrites.translations import stems_across, terms_across
from scrub.write.report.compare import Row, Span, with_punctuation

_PIECE = re.compile(r"(?:^|; )(names|numbers|quotes|new|no new) ")


def sides(row: Mapping[str, str]) -> tuple[str, str]:
    """The ids of the source and of the document that was derived from it."""
    a, b = row["id_a"], row["id_b"]
    return (a, b) if _named(row, a) else (b, a)


def grade(row: Mapping[str, str]) -> str:
    """`strong` or `likely`."""
    return row["evidence"].partition(" ")[0]


def described(row: Mapping[str, str]) -> list[tuple[str, str]]:
    """The parts of the evidence between the source and the sentences, each with its name."""
    found = _named(row, sides(row)[0]) or row["evidence"]
    parts = _PIECE.split(found)[1:]
    pieces: list[tuple[str, str]] = []
    for name, text in zip(parts[::2], parts[1::2], strict=True):
        if name.endswith("new"):  # the last: what follows are the sentences
            return [*pieces, ("new", text.partition("; ")[0] if name == "new" else "nothing")]
        pieces.append((name, text))
    return pieces


def _named(row: Mapping[str, str], source: str) -> str:
    """What follows the source in the evidence, if it is this one."""
    begins = f"{grade(row)} {row['relation']} of {source}; "
    return row["evidence"][len(begins) :] if row["evidence"].startswith(begins) else ""


def aligned(left: str, right: str, relation: str) -> tuple[list[Row], list[Span], list[Span]]:
    """The aligned sentences of two texts, and the marks of all of either text.

    Marked are what is rare and stands in both, and names and numbers that the other lacks.
    """
    texts = [left, right]
    found = features(texts, Settings().match)
    both = np.arange(2)
    if relation == "translation":
        terms = terms_across(found, both, vocabulary(texts, both, stem=stems_across), both)
    else:
        terms = terms_of(found, both, vocabulary(texts, both))
    one, other = (side_at(found, terms, k, text) for k, text in enumerate(texts))
    shared = {term for term in one.has & other.has if terms.weights[term] >= RARE}
    marks = [
        [*_runs(side, shared.__contains__, "m"), *_runs(side, new.__contains__, "x")]
        for side, new in (
            (one, new_terms(one, other, terms)), (other, new_terms(other, one, terms)),
        )
    ]  # fmt: skip
    rows = []
    for row in align(one, other, terms):
        ends = (
            with_punctuation(left, *one.span(*row.one)),
            with_punctuation(right, *other.span(*row.other)),
        )
        own = [
            sorted(m for m in mine if start <= m.start and m.end <= end)
            for mine, (start, end) in zip(marks, ends, strict=True)
        ]
        rows.append(Row(*ends, *own))
    return rows, sorted(marks[0]), sorted(marks[1])


def _runs(side: Side, chosen: Callable[[int], bool], mark: str) -> Iterator[Span]:
    """Neighbouring words of chosen terms as one span each."""
    start = end = -1
    for t, term in enumerate(side.terms.tolist()):
        if chosen(term):
            begins, ends = int(side.starts[t]), int(side.ends[t])
            if start >= 0 and not side.text[end:begins].isspace():
                yield Span(start, end, mark, "")
                start = -1
            start, end = begins if start < 0 else start, ends
        elif start >= 0:
            yield Span(start, end, mark, "")
            start = -1
    if start >= 0:
        yield Span(start, end, mark, "")
