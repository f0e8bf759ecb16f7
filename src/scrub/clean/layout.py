"""Layout: spaces, blank lines, broken lines, hyphens at line ends, letters one to a line."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

from scrub.clean.changes import Edit
from scrub.clean.language import language
from scrub.clean.rows import is_tabular, table_rows
from scrub.clean.words import dictionary
from scrub.languages import CLOSERS, STOPS, languages

# A wrapped text has short lines; a longer line is a paragraph that was never wrapped.
# Set by hand.
MAX_WRAP = 120
MIN_WRAP = 30

SPACE_RUN = re.compile(r"[ \t\n]{2,}|\t")
_UNFOLDED = ("  ", " \n", "\n ", "\n\n\n", "\t")
_LETTERS = re.compile(r"\n[ \t]*[^\W_][ \t]*\n\s*[^\W_][ \t]*\n")
_ENDS = tuple(STOPS + ":;…；：")
_HYPHENS = ("-", "‐")
_CLOSING = tuple(",;:.!?)]}’”»%")
_OPENING = tuple("([{“‘«$£€#@")
_LIST_ITEM = re.compile(r"(?:[-*•·–—▪►»>|]|\(?[0-9]{1,3}[.)]|\(?[a-z][.)])\s")
# Words that no phrase ends with.  Prepositions and adverbs are none of them: "Town centre cut off".
_HANGING = frozenset(
    """the a an of and or nor my your our their whose than into onto upon because although
    whereas""".split()  # noqa: SIM905
)
# How full the lines of a wrapped block must be, how many of its breaks as full as that, and how
# many before a small letter; set by hand, looser than `textwrap` makes them, as columns of print
# are measured in millimetres.
_FULL = 0.8
_MIN_FULL = 0.7
_MIN_SMALL = 0.3
# Languages without a table in which a hyphen before a small letter is nearly always a syllable's.
_SYLLABIC = frozenset({"nb", "no", "nn", "fi", "hu", "et"})
_MIN_BROKEN = 0.1  # share of the lines of hyphenated print, set by hand
# A word of so many letters and a linking vowel may be the half of a compound: "socio-", "научно-".
_LINKED = re.compile(r"\w{3,}[oо]")
_UNSPACED = re.compile("[\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
_WORDS = "AIO"  # of one capital letter
_LAST_WORD = re.compile(r"[^\W\d_]+\Z")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_GAP = re.compile(r"\S(?: {3,}|\t)\S")


class Line(NamedTuple):
    """A line of a text: where it stands, without its break."""

    start: int
    end: int
    text: str


@lru_cache(1)  # one step after the other asks for those of a text
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
    rows = _rows(text) if "\t" in body or "  " in body else []
    row_starts = [row.start for row in rows]
    for match in SPACE_RUN.finditer(text, first, last):
        found = match.group()
        newlines = found.count("\n")
        place = bisect_right(row_starts, match.start()) - 1
        if not newlines and place >= 0 and match.end() <= rows[place].end:
            continue  # what parts the cells of a table
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
    rows = {row.start for row in _rows(text)}
    for block in _blocks(lines_of(text)):
        breaks = [
            (a, b)
            for a, b in pairwise(block)
            if not (a.start in rows or b.start in rows or _parts(a.text, b.text))
        ]
        width = _wrap_width(block, breaks)
        verse = not width and _is_verse(block)
        for a, b in breaks:
            left, right = a.text.rstrip(), b.text.lstrip()
            if verse or not _continues(left, right.rstrip(), width):
                continue
            start, end = a.start + len(left), b.end - len(right)
            head, tail = _LAST_WORD.search(left[-41:-1]), _FIRST_WORD.match(right[:40])
            if left.endswith(_HYPHENS) and head and tail and tail.group()[0].islower():
                own = _own_words(text) if own is None else own
                cut, glue = _unbroken(head.group(), tail.group(), own, text)
                if glue is not None:
                    rule = "hyphen" if cut else "line-join"
                    edits.append(Edit(start - cut, end, glue, rule))
                continue
            glue = " "
            if len(left) == 1 and left.isupper() and tail:  # a capital set large, or a word
                known, small = dictionary(), tail.group()
                if left.lower() + small in known and (left not in _WORDS or small not in known):
                    glue = ""
                elif left not in _WORDS:
                    continue
            elif left[-2:-1].isalnum() and left.endswith(_HYPHENS) and right[0].isalnum():
                glue = ""  # what is broken off has no capital: "EU-Recht", "COVID-19"
            elif (
                right.startswith(_CLOSING)
                or left.endswith(_OPENING)
                or (_UNSPACED.match(left[-1]) and _UNSPACED.match(right))
            ):
                glue = ""
            edits.append(Edit(start, end, glue, "line-join"))
    return edits


def _rows(text: str) -> list[Line]:
    """The lines of a text that are rows of a table."""
    if not is_tabular(text):
        return []
    lines = lines_of(text)
    found = table_rows([line.text for line in lines])
    return [line for line, is_row in zip(lines, found, strict=True) if is_row]


def _unbroken(head: str, tail: str, own: frozenset[str], text: str) -> tuple[bool, str | None]:
    """Whether the hyphen between a line's last word and the next one's first goes, and the glue.

    The glue is None where nobody knows what the writer wrote: then the lines stay as they are.
    """
    joined, compound = (head + tail).lower(), f"{head}-{tail}".lower()
    if compound in own:
        return False, ""
    code = _language(text)
    known = languages().get(code)
    hyphens = known.hyphens if known else {}
    if tail in hyphens.get("suspended", "").split():
        return False, " "
    if joined in own or (code == "en" and joined in dictionary()):
        return True, ""
    small = head.lower()
    again = len(tail) > 2 and (tail.startswith(small) or small.endswith(tail))
    if len(head) == 1 or (head.isupper() and tail.islower()) or again:
        return False, ""  # e-mail, EU-weit, bertahun-tahun
    if code == "en":
        return False, "" if {small, tail} <= dictionary() else None
    pair = {small, tail}
    if not pair.isdisjoint(hyphens.get("stays", "").split()):
        return False, ""
    doubtful = (
        not pair.isdisjoint(hyphens.get("either", "").split())
        or _LINKED.fullmatch(head)
        or (head[0].isupper() and not (known and known.capital_nouns))
        or not _is_hyphenated(text)
        or not (hyphens or code in _SYLLABIC)
    )
    return (False, None) if doubtful else (True, "")


@lru_cache(8)
def _is_hyphenated(text: str) -> bool:
    """Whether words are broken at the ends of lines; where they are not, a hyphen is a compound's.

    Set print breaks a word on every fourth line, and one line in a hundred ends in a compound.
    """
    lines = text.split("\n")
    inside = [line.rstrip() for line, following in pairwise(lines) if following.strip()]
    broken = sum(line.endswith(_HYPHENS) and line[-2:-1].isalpha() for line in inside)
    return broken >= _MIN_BROKEN * len(inside)


@lru_cache(8)  # a text is asked again for each of its hyphens
def _language(text: str) -> str:
    return language(text, words=0, function_words=0, non_ascii=0)


def join_letters(text: str) -> list[Edit]:
    """Text set one letter to a line, as PDFs leave it: letters to words, gaps to spaces.

    Needs eight such lines in a row and a blank line or a space somewhere among them, because
    without any gap the words cannot be separated.
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


def _parts(a: str, b: str) -> bool:
    """Whether line `b` plainly begins something of its own: an item, a column, a deeper indent."""
    if _LIST_ITEM.match(b.lstrip()) or _has_gap(a) or _has_gap(b):
        return True
    indent = len(b) - len(b.lstrip())
    return indent >= 2 and indent > len(a) - len(a.lstrip())


def _has_gap(line: str) -> bool:
    return ("   " in line or "\t" in line) and _GAP.search(line) is not None


def _wrap_width(block: list[Line], breaks: list[tuple[Line, Line]]) -> int:
    """The width at which the lines of a block are wrapped, 0 where they are not.

    Wrapped lines are full, and prose goes on with a small letter more often than not; the lines of
    a list, a verse or a table of results are of any length and begin with a capital or a figure.
    """
    width = max(len(line.text.strip()) for line in block)
    inside = [(a.text.strip(), b.text.strip()) for a, b in breaks if not _is_ended(a.text)]
    if not MIN_WRAP <= width <= MAX_WRAP or not inside:
        return 0
    if len(inside) == len(block) - 1 > 1 and not _is_ended(block[-1].text):
        return 0  # not one sentence ends
    full = sum(_is_full(left, right, _FULL * width) for left, right in inside)
    small = sum(_goes_on(left, right) for left, right in inside)
    is_wrapped = full >= _MIN_FULL * len(inside) and small >= _MIN_SMALL * len(inside)
    return width if is_wrapped else 0


def _is_ended(line: str) -> bool:
    """Whether a line ends with a mark behind which another one may begin."""
    return line.rstrip().rstrip(CLOSERS).endswith(_ENDS)


def _is_full(left: str, right: str, width: float) -> bool:
    """Whether the next word would not have fitted on the line."""
    return len(left) + 1 + len(right.split(None, 1)[0]) > width


def _goes_on(left: str, right: str) -> bool:
    """Whether the first letter of a line can be one inside a sentence; in capitals any can."""
    first = right[0]
    return not (first.isupper() or first.isdigit()) or (left.isupper() and right.isupper())


def _is_verse(block: list[Line]) -> bool:
    """Whether the lines of a block that is not wrapped are verses or items: no sentence runs on.

    Of prose that inline tags broke, a piece ends with the sentence's end and begins small.
    """
    first, *rest = [line.text.strip() for line in block]
    if len(block) < 3:
        return False
    if first[0].islower() or all(line[0].isupper() or line[0].isdigit() for line in rest):
        return True
    ends = [line for line in rest if _is_ended(line)]
    return len(ends) * 3 <= len(rest) and not any(line[0].islower() for line in ends)


def _continues(left: str, right: str, width: int) -> bool:
    """Whether a line, without space around it, goes on with the sentence or paragraph of another.

    `width` is the width at which the block is wrapped, 0 where it is not.
    """
    ended = _is_ended(left)
    first = right[0]
    if width:
        if ended:
            return (_is_full(left, right, width) and not left.endswith((":", ";"))) or (
                first.islower() and left[-1] == ";"
            )
        return first.islower() or first in _CLOSING or _is_full(left, right, _FULL * width)
    if ended:
        return False
    if first in _CLOSING or left[-1] in _OPENING:
        return True
    if left.endswith(_HYPHENS) and left[-2:-1].isalpha() and " " in left and first.islower():
        return True  # a word is broken off
    prose = len(left) > MIN_WRAP or len(right) > MIN_WRAP
    return prose and (first.islower() or left.rsplit(None, 1)[-1] in _HANGING)


def _own_words(text: str) -> frozenset[str]:
    """The lower-cased words of the text, plain and hyphenated, each within one line."""
    return frozenset(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)?", text.lower()))
