"""Boilerplate without tags: lines that are furniture of a web page, whatever page it was.

Three kinds of evidence, in this order: what the line itself says (`lines`), that it repeats in
the text or on many pages (`repeated`), and where it stands among the blocks of a page (`page`).
Only whole lines go, so no sentence is cut.
"""

from __future__ import annotations

import re
from typing import Any

from scrub.clean.changes import Edit
from scrub.clean.header import byline, is_prose, leading_date, publication, stamp
from scrub.clean.layout import Line, lines_of
from scrub.clean.lines import LONGEST, is_candidate, is_ended, is_heading, line_rule
from scrub.clean.rows import list_items, table_rows
from scrub.clean.words import dictionary

_GLUED = re.compile(r"(?:[A-Z][a-z]{2,14}){1,3}\Z")
_CREDIT_END = re.compile(
    r"\b(?:PHOTOS?|IMAGES?|PICTURES?|Photos?|Images?|Pictures?|Credit)\s?(?::|/|"
    r"by )\s?[^.!?]{2,60}\Z"
)

_CAMEL = re.compile(r"(?:[A-Z][a-z]{2,14}){2,5}\b")
_CAMEL_LINE = re.compile(r"^[A-Z][a-z]{2,14}[A-Z]", re.MULTILINE)
_PIECE = re.compile(r"[A-Z][a-z]+")
# Set by hand.
_HEADING_WORDS = 12
_FIELD = re.compile(r"[A-Z][\w ]{1,20}: \S")

# What these rules find is no item of a list; nor is a subhead a word that is plainly a marker.
_PLAIN = frozenset(
    """subscription notice app click-here follow origin copyright placeholder caption
    breadcrumb""".split()  # noqa: SIM905
)

# How far from the ends of a text a byline or a bare date can stand, in lines that hold text.
_HEAD = 8
_FOOT = 3


def remove_header(text: str, metadata: dict[str, Any]) -> list[Edit]:
    """The scraper's own date header before the text, its day put into `metadata["created"]`."""
    found = leading_date(text)
    if found is None:
        return []
    end, day = found
    metadata.setdefault("created", day)
    return [Edit(0, end, "", "date-header")]


def remove_lines(text: str, metadata: dict[str, Any]) -> list[Edit]:
    """Lines that are boilerplate by what they say or because they repeat; facts to `metadata`."""
    contents = [line for line in map(str.strip, text.split("\n")) if line]
    before: set[str] = set()
    verdicts = [""] * len(contents)
    facts: dict[int, tuple[str, Any]] = {}
    begun = False  # a sentence or a paragraph stands before
    for index, content in enumerate(contents):
        if not is_candidate(content):
            begun = True
            continue
        rule = line_rule(content)
        near_edge = index < _HEAD or index >= len(contents) - _FOOT
        if not rule and near_edge and (found := stamp(content)):
            day, labelled = found
            if labelled or index == publication(contents):
                facts[index] = "created", day
                rule = "date"
        if not rule and near_edge and (authors := byline(content)):
            facts[index] = "authors", authors
            rule = "byline"
        title = "" if begun else "".join(contents[index + 1 : index + 2])
        if not rule and _is_crumb_of(content, title):
            rule = "breadcrumb"
        if not rule and content in before and len(content) > 2 and not is_ended(content):
            if _CREDIT_END.search(content):
                rule = "caption"
            elif contents[index - 1] == content and content[0].isalnum():  # no item's bullet
                rule = "repeated-line"
        before.add(content)
        verdicts[index] = rule
    if not any(verdicts):
        return []
    lines = [line for line in lines_of(text) if line.text.strip()]
    for index in _of_the_text(lines, contents, verdicts):
        verdicts[index] = ""
    for index, (name, value) in facts.items():
        # A letterhead looks like a list, and stays; the one day in it is still that of the prose
        # below.
        is_headed = name == "created" and index == publication(contents)
        if verdicts[index] or (is_headed and any(map(is_prose, contents[index + 1 :]))):
            metadata.setdefault(name, value)
    return removals(text, lines, verdicts)


def _of_the_text(lines: list[Line], contents: list[str], verdicts: list[str]) -> set[int]:
    """The lines with a verdict that belong to a table, a list, or a series of works or subheads."""
    doubtful = [index for index, rule in enumerate(verdicts) if rule and rule not in _PLAIN]
    twice = {index for index in doubtful if verdicts[index] == "repeated-line"}
    kept = list_items(contents, twice) | list_items(contents, {*doubtful} - twice)
    kept |= set(doubtful).intersection(_fields(contents))
    names = [index for index in doubtful if verdicts[index] == "byline"]
    if len({contents[index] for index in names}) > 1:
        kept.update(names)  # "by" whom each of several works is
    for index in doubtful:
        marked = is_heading(contents[index])  # else prose has to stand before it, too
        if (
            verdicts[index] == "navigation"
            and (marked or contents[index].isalpha())
            and _stays(contents, verdicts, index + 1)
            and (marked or _stays(contents, verdicts, index - 1))
        ):
            kept.add(index)  # a subhead
    rows = table_rows([line.text for line in lines])
    kept.update(index for index, row in enumerate(rows) if row)
    return kept


def _stays(contents: list[str], verdicts: list[str], index: int) -> bool:
    """Whether a line is there, is prose, and stays."""
    return 0 <= index < len(contents) and not verdicts[index] and is_prose(contents[index])


def _fields(contents: list[str]) -> set[int]:
    """The lines of the form `Name: value` beside others of it that are no facts of a page."""
    shown = [_FIELD.match(content) is not None and stamp(content) is None for content in contents]
    return {
        index
        for index in range(len(contents))
        if _FIELD.match(contents[index]) and len(_near(contents, shown, index)) > 1
    }


def _near(contents: list[str], shown: list[bool], index: int) -> set[str]:
    """The different lines of the form around one; a line that repeats is no list of facts."""
    window = range(max(0, index - 1), min(len(contents), index + 3))
    return {contents[at] for at in window if shown[at]}


def split_glued(text: str) -> list[Edit]:
    """Edits that part words glued at the head of a title, as in `WorldIran commander asks ...`.

    The evidence asked for: the line is a title, all pieces but the last are English words, the
    last stands by itself elsewhere in the text, and the glued form does not.
    """
    edits: list[Edit] = []
    if not _CAMEL_LINE.search(text):
        return edits
    for line in lines_of(text):
        match = _CAMEL.match(line.text)
        if match is None or not is_candidate(line.text.strip()) or is_ended(line.text.strip()):
            continue
        pieces = _PIECE.findall(match.group())
        if (
            text.count(match.group()) == 1
            and re.search(rf"\b{re.escape(pieces[-1])}\b", text)
            and all(piece.lower() in dictionary() for piece in pieces[:-1])
        ):
            position = line.start
            for piece in pieces[:-1]:
                position += len(piece)
                edits.append(Edit(position, position, " ", "glued-words"))
    return edits


def headings(text: str) -> list[dict[str, Any]]:
    """The sub-headings of a text: `start`, `end` (code points) and `text` of each.

    A short line without an end that stands between two sentences.  Headings stay in the text;
    whether an editor or a content farm put them there, a reader of the corpus may want to know.
    """
    contents = [line for line in map(str.strip, text.split("\n")) if line]
    places = [
        index
        for index, shown in enumerate(contents[1:-1], 1)
        if len(shown) <= LONGEST
        and shown[0].isupper()
        and not is_ended(shown)
        and len(shown.split()) <= _HEADING_WORDS
        and all(
            is_ended(other) and len(other.split()) > 5
            for other in (contents[index - 1], contents[index + 1])
        )
    ]
    if not places:
        return []
    lines = [line for line in lines_of(text) if line.text.strip()]
    found: list[dict[str, Any]] = []
    for index in places:
        start = lines[index].start + lines[index].text.index(contents[index])
        found.append({"start": start, "end": start + len(contents[index]), "text": contents[index]})
    return found


def removals(text: str, lines: list[Line], verdicts: list[str]) -> list[Edit]:
    """Edits that take out the lines with a verdict, each with the break that follows it."""
    edits: list[Edit] = []
    for index, (line, rule) in enumerate(zip(lines, verdicts, strict=True)):
        if rule:
            end = lines[index + 1].start if index + 1 < len(lines) else len(text)
            edits.append(Edit(line.start, end, "", rule))
    return edits


def _is_crumb_of(line: str, following: str) -> bool:
    """Whether the line is a breadcrumb glued to a shortened copy of the title that follows."""
    shown = line.removesuffix("…").removesuffix("...").rstrip()
    if shown == line or len(shown) < 12:
        return False
    at = shown.find(following[:12])
    if at < 0 or not following.startswith(shown[at:]):
        return False
    return at == 0 or _GLUED.search(shown[:at].rstrip(" >|/»›")) is not None
