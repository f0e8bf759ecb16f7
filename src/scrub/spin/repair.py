"""Putting the original words back, by confidence or by a person's decisions, and undoing it.

A repair is nothing but flags applied: the cleaned text and the applied flags give the repaired
text, the repaired text and the same flags give the cleaned text again.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from itertools import pairwise
from operator import itemgetter

from scrub.document import Flag
from scrub.errors import DecisionError
from scrub.spin.evidence import article, without_overlaps
from scrub.spin.words import quote

_CURLY = re.compile(r"\u201c[^\u201d\n]*(?:\u201d|$)", re.MULTILINE)
_STRAIGHT = re.compile(r"\"[^\"\n]*(?:\"|$)", re.MULTILINE)
_ARTICLE_BEFORE = re.compile(r"(?<![\w'\u2019-])([Aa]n?)[ \u00a0]\Z")
_SENTENCE_START = re.compile(
    r"(?:\A|\n|[.!?:\u2026][\"'\u201d\u2019)\]]*\s)[\s\"'\u201c\u2018(\[]*\Z"
)
# Set by hand.
# What a lexicon knows from other texts must leave so many times less doubt: of its flags at .9 to
# .98 in near5k .87 were exactly right, and words that the text's author had written were changed.
# Chosen there (12 of 13 wrong repairs, 19 % of the right ones), held in 500 clusters of near50k.
_STRICTER = 10
_CLOSE = 0.8  # of a letter left out, added or changed, or an ending; "except" has 0.67 (by hand)
_LONGEST_DECISION = 20  # longer ones resemble no word of six letters


def repair(text: str, flags: Iterable[Flag], threshold: float = 0.9) -> tuple[str, list[Flag]]:
    """Apply the flags of one document that are sure enough; returns the text and what was applied.

    `text` is the cleaned text, `threshold` a confidence in [0, 1]; of a lexicon's flags a tenth of
    the doubt that it leaves is asked (.99 for .9).  Without a sibling nothing is
    changed inside a direct quotation, nor a name, nor a figure.  Overlapping flags: the strongest
    evidence stands (see evidence.strength).  Where a new word asks for "an" and the text before it
    has "a", or the reverse, the article is changed too, as an applied flag of its own.  Flags that
    do not fit the text, or that a person rejected, are passed over.
    """
    quotations = disjoint(_quotations(text))
    stricter = round(1 - (1 - threshold) / _STRICTER, 4)
    chosen = [
        flag
        for flag in flags
        if flag.confidence >= (threshold if flag.source != "lexicon" else stricter)
        and flag.decision != "reject"
        and text[flag.start : flag.end] == flag.text
        and flag.text != flag.suggestion
        and flag.text
        and flag.suggestion
        and (flag.source.startswith("sibling:") or _is_safe(text, flag, quotations))
    ]
    applied = _with_articles(text, without_overlaps(chosen))
    return apply(text, applied), applied


def decide(
    text: str, flags: Sequence[Flag], rows: Sequence[int] | None = None
) -> tuple[str, list[Flag]]:
    """Apply a person's decisions on one document exactly; returns the text and what was applied.

    `flags` carry the `decision` column: `accept` puts the suggestion in, `reject` or nothing
    leaves the text, anything else is the replacement itself, in double quotes where it resembles
    one of these words.  `rows` are the flags' row numbers
    in the file, for messages (default: counted from 2, below the heading).  Raises DecisionError,
    naming the row, where the text at the span is not what the row says, where the span is not in
    the text, or where two accepted spans overlap; nothing is applied then.
    """
    numbers = rows if rows is not None else range(2, len(flags) + 2)
    taken: list[tuple[Flag, int]] = []
    for flag, row in zip(flags, numbers, strict=True):
        decision = flag.decision.strip()
        refuse_misspelt(decision, f"row {row}")
        if not decision or decision.lower() == "reject":
            continue
        found = text[flag.start : flag.end] if 0 <= flag.start < flag.end else ""
        if found != flag.text or not found:
            raise DecisionError(
                f"row {row}: {flag.id} has {found!r} at {flag.start}-{flag.end}, the decision is "
                f"about {flag.text!r}; the text has changed since: run scrub again, then decide"
            )
        replacement = flag.suggestion if decision.lower() == "accept" else _unquoted(decision)
        taken.append((replace(flag, suggestion=replacement), row))
    taken.sort(key=lambda item: (item[0].start, item[0].end))
    for (one, one_row), (other, other_row) in pairwise(taken):
        if other.start < one.end:
            raise DecisionError(
                f"row {other_row}: {other.id} {other.start}-{other.end} overlaps what row "
                f"{one_row} changes; accept only one of them"
            )
    applied = [flag for flag, _ in taken]
    return apply(text, applied), applied


def refuse_misspelt(decision: str, place: str) -> None:
    """Raise DecisionError where a decision is nearly `accept` or `reject`, and so no wording."""
    word = decision.strip()
    meant = _resembled(word)
    if meant and word.lower() != meant and not word.startswith('"'):
        raise DecisionError(
            f"{place}: {word!r} is neither accept nor reject; write {meant}, or, where that is "
            f'the wording, "{word}" in double quotes'
        )


def _resembled(word: str) -> str:
    """`accept` or `reject`, where the word is that or nearly that; else empty."""
    if len(word) > _LONGEST_DECISION:
        return ""
    return next(iter(get_close_matches(word.lower(), ("accept", "reject"), 1, _CLOSE)), "")


def _unquoted(wording: str) -> str:
    inner = wording[1:-1]
    return inner if wording == f'"{inner}"' and _resembled(inner) else wording


def apply(text: str, flags: Sequence[Flag]) -> str:
    """The text with each flag's suggestion in its place; flags in order, without overlaps."""
    parts = []
    at = 0
    for flag in flags:
        parts += [text[at : flag.start], flag.suggestion]
        at = flag.end
    return "".join([*parts, text[at:]])


def _is_safe(text: str, flag: Flag, quotations: Sequence[tuple[int, int]]) -> bool:
    """Whether a span may be changed without a sibling's word: no quotation, name or figure."""
    if meets(quotations, flag.start, flag.end):
        return False
    if any(sign.isdigit() for sign in flag.text):
        return False
    if flag.kind == "grammar":
        return True
    capital = flag.text[0].isupper() or any(word[0].isupper() for word in flag.text.split()[1:])
    return not capital or (
        flag.text[1:].islower()
        and _SENTENCE_START.search(text[max(0, flag.start - 12) : flag.start]) is not None
    )


def _quotations(text: str) -> list[tuple[int, int]]:
    """The spans of direct quotations; one that is not closed lasts to the end of its line."""
    return [match.span() for pattern in (_CURLY, _STRAIGHT) for match in pattern.finditer(text)]


def disjoint(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that overlap made one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start < found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def meets(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Whether a span overlaps one of many that are `disjoint`."""
    at = bisect_right(spans, start, key=itemgetter(1))
    return at < len(spans) and spans[at][0] < end


def _with_articles(text: str, flags: list[Flag]) -> list[Flag]:
    """The flags, and a flag for each article that a new word behind it asks to change."""
    result: list[Flag] = []
    end = 0
    for flag in flags:
        before = _ARTICLE_BEFORE.search(text, max(end, flag.start - 4), flag.start)
        if before is not None and flag.kind != "determiner":
            has, wants = before[1], article(flag.suggestion)
            suited = has.lower() == article(flag.text)
            if has.lower() != wants and suited:
                start = before.start(1)
                fitted = wants if has[0] == "a" else wants.capitalize()
                result.append(
                    replace(
                        flag, start=start, end=before.end(1), text=has, suggestion=fitted,
                        kind="grammar", context=quote(text, start, flag.end),
                    )
                )  # fmt: skip
        result.append(flag)
        end = flag.end
    return result
