"""Lines of one kind side by side: the rows of tables and the items of lists, which stay lines.

A table is known by its columns: lines next to each other that are parted in as many cells by the
same mark.  A list is known by its shape: several short lines in a row, of which only a few say what
a menu, too, could say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise

from scrub.clean.lines import FURNITURE

# Set by hand: a wider line is a paragraph, and a verse or a title seldom has so many characters.
LONGEST_ITEM = 70
_LONGEST_ROW = 400
_MIN_ITEMS = 4
# How many lines to one suspect: more at the head of a text, where a page has its own facts.
_TO_ONE = 1.3
_TO_ONE_AT_HEAD = 2.0
# What parts the items of menus and of the way to a page, too.
_MENU_MARKS, _MIN_MENU_ROWS = (" · ", " • ", " / ", " > "), 3
# What can part cells, the surest first.  Two spaces after a full stop are a typist's.
_MARKS = (
    ("|", re.compile(r"(?<!\s)\s*\|\s*")),
    ("\t", re.compile(r"(?<!\s)\s*\t\s*")),
    ("  ", re.compile(r"(?<=[^\s.!?:]) {2,}(?=\S)")),
    ("...", re.compile(r"(?<!\s)\s*(?:\.{4,}|…{2,}|(?:\. ){3,}\.?)\s*")),
    *((mark, re.compile(re.escape(mark))) for mark in _MENU_MARKS),
    (";", re.compile(r";(?! )")),
    (",", re.compile(r",(?! )")),
)
_SIGNS = {"...": ("....", "……", ". . .")}  # one of which is there where the mark is
_MIN_CELLS = {"|": 2, "\t": 2, "  ": 2, "...": 2}
_MIN_CELLS_OTHERS = 3
_WORD = re.compile(r"[^\W\d_]+")
_WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60]")


def is_tabular(text: str) -> bool:
    """Whether a text could hold a table at all."""
    return any(mark in text for mark in ("|", "\t", "  ", *_SIGNS["..."], ";", ","))


def table_rows(lines: Sequence[str]) -> list[bool]:
    """Which of the lines are rows of a table; blank lines between rows are passed over."""
    found = [False] * len(lines)
    filled = [index for index, line in enumerate(lines) if line.strip()]
    text = "\n".join(lines)
    for mark, pattern in _MARKS:
        if sum(map(text.count, _SIGNS.get(mark, (mark,)))) < 2:
            continue  # a table has two rows
        shapes = [() if found[index] else _shape(lines[index], mark, pattern) for index in filled]
        start = 0
        for shape, same in groupby(shapes):
            stop = start + sum(1 for _ in same)
            run = filled[start:stop]
            if shape and _is_table([lines[index] for index in run], mark, pattern):
                for index in run:
                    found[index] = True
            start = stop
    return found


def _shape(line: str, mark: str, pattern: re.Pattern[str]) -> tuple[int, ...]:
    """What the rows of one table have in common: the number of cells; empty for no row."""
    least = _MIN_CELLS.get(mark, _MIN_CELLS_OTHERS)
    if mark not in _SIGNS and line.count(mark) < least - 1:
        return ()  # most lines
    line = line.strip()
    if len(line) > _LONGEST_ROW:
        return ()
    cells = len(pattern.split(line.strip("|") if mark == "|" else line))
    return (cells, line[0] == "|") if cells >= least else ()


def _is_table(rows: list[str], mark: str, pattern: re.Pattern[str]) -> bool:
    """Whether lines of as many cells are the rows of a table, and not the lines of a menu."""
    if len(rows) < 2 or (mark == "|" and len(rows) < 3 and rows[0].strip()[0] != "|"):
        return False
    if (mark in _MENU_MARKS and len(rows) < _MIN_MENU_ROWS) or len(set(rows)) < 2:
        return False
    if mark == "  " and not _is_aligned(rows):
        return False
    words = [word.lower() for row in rows for word in _WORD.findall(row)]
    return 2 * sum(word in FURNITURE for word in words) <= len(words)


def _is_aligned(rows: list[str]) -> bool:
    """Whether most last columns begin, or end, in one place (by hand): words set flush do not."""
    last = [len(re.split(r" {2,}", row.strip())[-1]) for row in rows]
    ends = [len(row.strip()) for row in rows]
    starts = [end - length for end, length in zip(ends, last, strict=True)]
    short = max(last) <= LONGEST_ITEM // 2
    return short and any(
        sum(abs(place - other) <= 1 for place, other in pairwise(places)) >= 0.6 * (len(places) - 1)
        for places in (starts, ends)
    )


def list_items(contents: Sequence[str], suspects: Iterable[int]) -> set[int]:
    """Which of the suspect lines stand in a list: among short lines, most of them not suspect.

    `contents` are the lines of a text that hold something, without space around them.
    """
    suspected = set(suspects)
    found: set[int] = set()
    start = 0
    for is_short, same in groupby(contents, lambda line: _columns(line) <= LONGEST_ITEM):
        stop = start + sum(1 for _ in same)
        doubtful = suspected.intersection(range(start, stop)) if is_short else set()
        to_one = _TO_ONE if start else _TO_ONE_AT_HEAD
        if doubtful and stop - start - len(doubtful) >= max(_MIN_ITEMS, to_one * len(doubtful)):
            found |= doubtful
        start = stop
    return found


def _columns(line: str) -> int:
    """The width of a line: a sentence of Chinese has half as many characters as one in letters."""
    return len(line) if line.isascii() else len(line) + len(_WIDE.findall(line))
