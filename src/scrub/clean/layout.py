"""Layout: spaces, blank lines, broken lines, hyphens at line ends, letters one to a line."""

from __future__ import annotations

import re
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

from scrub.clean.changes import Edit
from scrub.clean.words import FUNCTION_WORDS, dictionary

if TYPE_CHECKING:
    from collections.abc import Iterator

# A wrapped text has short lines; a longer line is a paragraph that was never wrapped.
MAX_WRAP = 120
MIN_WRAP = 30

SPACE_RUN = re.compile(r"[ \t\n]{2,}|\t")
_UNFOLDED = ("  ", " \n", "\n ", "\n\n\n", "\t")
_LETTERS = re.compile(r"\n[ \t]*[^\W_][ \t]*\n\s*[^\W_][ \t]*\n")
ENDED = re.compile(r"[.!?:;…。！？][\"'’”)\]»]*\Z")
_CLOSING = tuple(",;:.!?)]}’”»%")
_OPENING = tuple("([{“‘«$£€#@")
_LIST_ITEM = re.compile(r"(?:[-*•·–—▪►»>]|\(?[0-9]{1,3}[.)])\s")
_LAST_WORD = re.compile(r"[^\W\d_]+\Z")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_GAP = re.compile(r"\S(?: {3,}|\t)\S")


class Line(NamedTuple):
    """A line of a text: where it stands, without its break."""

    start: int
    end: int
    text: str


def lines_of(text: str) -> list[Line]:
    """The lines of a text, broken at `\\n` alone."""
    texts = text.split("\n")
    ends = [end - 1 for end in accumulate([len(content) + 1 for content in texts])]
    starts = [0, *[end + 1 for end in ends]]
    return list(map(Line, starts, ends, texts))


def fold_spaces(text: str) -> list[Edit]:
    """Runs of spaces to one, none at the ends of lines, at most one blank line, none around."""
    body = text.strip(" \t\n")
    if len(body) == len(text) and not any(run in text for run in _UNFOLDED):
        return []
    if not body:
        return [Edit(0, len(text), "", "spaces")] if text else []
    first = text.index(body[0])
    last = first + len(body)
    edits = [Edit(0, first, "", "spaces")] if first else []
    for match in SPACE_RUN.finditer(text, first, last):
        found = match.group()
        newlines = found.count("\n")
        after = "\n\n" if newlines > 1 else "\n" if newlines else " "
        if after != found:
            rule = "blank-lines" if newlines > 2 else "spaces"
            edits.append(Edit(match.start(), match.end(), after, rule))
    if last < len(text):
        edits.append(Edit(last, len(text), "", "spaces"))
    return edits


def join_lines(text: str) -> list[Edit]:
    """Edits that join lines broken inside a sentence, by a wrap or by an inline tag.

    A line is joined to the next where the sentence plainly goes on, or where the lines of its
    block are wrapped at a width and the next word would not have fitted.
    """
    if "\n" not in text.replace("\n\n", ""):
        return []
    edits: list[Edit] = []
    own: frozenset[str] | None = None
    for block in _blocks(lines_of(text)):
        width = max(len(line.text.strip()) for line in block)
        wrapped = MIN_WRAP <= width <= MAX_WRAP and any(
            len(line.text) > width / 2 and not ENDED.search(line.text.rstrip())
            for line in block[:-1]
        )
        for a, b in pairwise(block):
            left, right = a.text.rstrip(), b.text.lstrip()
            if not _continues(a.text, b.text, width if wrapped else 0):
                continue
            start, end = a.start + len(left), b.end - len(right)
            head, tail = _LAST_WORD.search(left[-41:-1]), _FIRST_WORD.match(right[:40])
            if left.endswith("-") and head and tail and tail.group()[0].islower():
                own = _own_words(text) if own is None else own
                joined = (head.group() + tail.group()).lower()
                compound = f"{head.group()}-{tail.group()}".lower()
                if compound not in own and (joined in dictionary() or joined in own):
                    edits.append(Edit(start - 1, end, "", "hyphen"))
                else:
                    edits.append(Edit(start, end, "", "line-join"))
                continue
            glue = "" if right.startswith(_CLOSING) or left.endswith(_OPENING) else " "
            edits.append(Edit(start, end, glue, "line-join"))
    return edits


def join_letters(text: str) -> list[Edit]:
    """Text set one letter to a line, as PDFs leave it: letters to words, gaps to spaces.

    Needs eight such lines in a row and a blank line or a space somewhere among them, because
    without any gap the words cannot be told apart.
    """
    edits: list[Edit] = []
    if not _LETTERS.search(text):
        return edits
    lines = lines_of(text)
    index = 0
    while index < len(lines):
        stop = index
        while stop < len(lines) and len(lines[stop].text.strip()) <= 1:
            stop += 1
        run = lines[index:stop]
        while run and not run[-1].text.strip():
            run.pop()
        while run and not run[0].text.strip():
            run.pop(0)
        letters = sum(line.text.strip().isalnum() for line in run)
        gaps = sum(not line.text.strip() for line in run)
        if letters >= 8 and 0 < gaps <= letters:
            shown = [(place, line) for place, line in enumerate(run) if line.text.strip()]
            for (i, a), (j, b) in pairwise(shown):
                edits.append(Edit(a.end, b.start, "" if j == i + 1 else " ", "letters"))
        index = max(stop, index + 1)
    return edits


def _blocks(lines: list[Line]) -> Iterator[list[Line]]:
    """Runs of two or more lines without a blank line between them."""
    block: list[Line] = []
    for line in [*lines, Line(0, 0, "")]:
        if line.text.strip():
            block.append(line)
            continue
        if len(block) > 1:
            yield block
        block = []


def _continues(a: str, b: str, width: int) -> bool:
    """Whether line `b` goes on with the sentence or paragraph of line `a`.

    `width` is the width at which the block is wrapped, 0 where it is not.
    """
    left, right = a.rstrip(), b.strip()
    if _LIST_ITEM.match(right) or _GAP.search(a) or _GAP.search(b):
        return False
    indent = len(b) - len(b.lstrip())
    if indent >= 2 and indent > len(a) - len(a.lstrip()):
        return False
    ended = ENDED.search(left) is not None
    first = right[0]
    if width:
        if ended:
            fits = len(left) + 1 + len(right.split(None, 1)[0]) <= width
            return (not fits and not left.endswith((":", ";"))) or (
                first.islower() and left[-1] == ";"
            )
        return first.islower() or first in _CLOSING or len(left) >= 0.6 * width
    if ended:
        return False
    if first in _CLOSING or left[-1] in _OPENING:
        return True
    prose = len(left) > MIN_WRAP or len(right) > MIN_WRAP
    if first.islower() and prose:
        return True
    word = left.rsplit(None, 1)[-1].lower()
    return prose and (left[-1] == "," or word in FUNCTION_WORDS)


def _own_words(text: str) -> frozenset[str]:
    """The lower-cased words of the text, plain and hyphenated, each within one line."""
    return frozenset(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)?", text.lower()))
