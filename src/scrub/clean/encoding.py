"""Encoding damage, entities and control characters, undone by ftfy where a line can need it.

ftfy works line by line and costs about 3 MB/s.  `needs_ftfy` is the cheap proof that
`ftfy.fix_text`, its folding of widths left out, would return a text as it is.  Why: each of ftfy's
steps acts on a control character, an `&`, or a character outside ASCII, and of the latter the ones
in `PLAIN` (quotes, dashes, the ellipsis, the pound sign, a no-break space) are touched by no step
but the repair of mojibake, whose detector (`ftfy.badness.BADNESS_RE`) needs two characters outside
ASCII side by side, or one that is not in `PLAIN`.  `tests/laws/test_clean_encoding.py` checks this
claim.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from scrub.clean.changes import Edit

PLAIN = "‘’“”–—…£\xa0"
_NOT_PLAIN = re.compile(rf"[^\x00-\x7f{PLAIN}]|[{PLAIN}]{{2}}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_MAYBE_ENTITY = re.compile(r"&#?[0-9A-Za-z]{1,24};")
_NON_ASCII = re.compile(r"[^\x00-\x7f]+")
_CURLED = re.compile("[‘’“”]")

# A quotation that ends in a letter beyond ASCII, and the next mark ("unë”“Ja"): read as bytes they
# are a character of Chinese or Korean, to ftfy too.
QUOTED = re.compile(f"(?<=[à-ï])[{PLAIN}«»]{{2}}")

# The longest piece that is given to ftfy at once: its own default.
SEGMENT = 1_000_000

# An actual tag, as opposed to the `<SRD>` of a wire story or a `<` in a formula.
_TAG = re.compile(r"</?(?:[a-z][a-z0-9]{0,9})(?:\s[^<>\n]{0,300})?/?>")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")

# What a line's repair is called, by the strongest step that ftfy took.
_RULES = (
    ("encode", "mojibake"),
    ("transcode", "mojibake"),
    ("decode_inconsistent_utf8", "mojibake"),
    ("unescape_html", "entity"),
    ("fix_c1_controls", "c1-control"),
    ("remove_terminal_escapes", "terminal-escape"),
    ("fix_surrogates", "surrogate"),
    ("fix_latin_ligatures", "ligature"),
    ("remove_control_chars", "control"),
    ("fix_line_breaks", "line-break"),
    ("uncurl_quotes", "quotes"),
    ("NFC", "nfc"),
)


def needs_ftfy(text: str, *, uncurl_quotes: bool = False) -> bool:
    """Whether ftfy could change this text; false is a proof that it would not."""
    if _CONTROL.search(text) or ("&" in text and _MAYBE_ENTITY.search(text)):
        return True
    if text.isascii():
        return False
    outside = " ".join(_NON_ASCII.findall(text))
    if not (_NOT_PLAIN.search(outside) or (uncurl_quotes and _CURLED.search(outside))):
        return False
    return (
        _acted_on(uncurl_quotes).search(outside) is not None
        or not unicodedata.is_normalized("NFC", text)
        or _is_mojibake(text)
    )


def _is_mojibake(text: str) -> bool:
    """Whether ftfy's detector finds something in one of the lines of a text.

    No alternative of it matches without a character outside ASCII or looks further than two
    characters from them, and it is slow on plain letters; so it sees those and their neighbours of
    the same line, and each place where a line begins by itself, because a `^` does.
    """
    from ftfy.badness import is_bad

    inside: list[str] = []
    for match in _NON_ASCII.finditer(text):
        start = max(0, match.start() - 3)
        line = text.rfind("\n", start, match.start()) + 1
        rest, line_break, _ = text[match.end() : match.end() + 3].partition("\n")
        near = text[line or start : match.end()] + rest + line_break
        if line or start == 0:
            if is_bad(near):
                return True
        else:
            inside.append(near)
    return is_bad("\0".join(inside))


@lru_cache(2)
def _acted_on(uncurl_quotes: bool) -> re.Pattern[str]:
    """Characters that ftfy's steps besides mojibake and NFC act on, mostly from its own tables."""
    from ftfy import chardata

    tables: list[dict[int, Any]] = [chardata.LIGATURES, chardata.CONTROL_CHARS]
    characters = "".join(chr(code) for table in tables for code in sorted(table))
    quotes = "‘’‚‛“”„‟ʼ" if uncurl_quotes else ""
    # C1 controls (with NEL), the line breaks that ftfy replaces, surrogates
    return re.compile(f"[{re.escape(characters)}{quotes}\x80-\x9f\u2028\u2029\ud800-\udfff]")


def fix_encoding(text: str, *, uncurl_quotes: bool = False) -> list[Edit]:
    """The edits that make of `text` what `ftfy.fix_text` makes of it.

    But widths, which are not ftfy's to judge: full-width marks are the right ones in Chinese
    (`characters.fold_widths`); and the marks of a quotation, where nothing else in the line is
    garbled.
    """
    if not needs_ftfy(text, uncurl_quotes=uncurl_quotes):
        return []
    edits: list[Edit] = []
    unescape = True
    for start, segment in segments(text):
        unescape = unescape and "<" not in segment  # as ftfy decides it, line by line
        if needs_ftfy(segment, uncurl_quotes=uncurl_quotes):
            fixed, rule = _fixed(segment, unescape=unescape, uncurl_quotes=uncurl_quotes)
            if fixed != segment:
                edits += difference(segment, fixed, rule, start)
    return edits


def _fixed(segment: str, *, unescape: bool, uncurl_quotes: bool) -> tuple[str, str]:
    """What ftfy makes of a line, and what that repair is called.

    Unescaping is its first step: a line that then provably needs nothing is spared the others.
    """
    import ftfy

    if unescape:
        plain = ftfy.fixes.unescape_html(segment)
        if not needs_ftfy(plain, uncurl_quotes=uncurl_quotes):
            return plain, "entity"
    config = ftfy.TextFixerConfig(
        uncurl_quotes=uncurl_quotes,
        unescape_html="auto" if unescape else False,
        fix_encoding=not QUOTED.search(segment) or _is_mojibake(QUOTED.sub("", segment)),
        fix_character_width=False,
    )
    fixed, steps = ftfy.fix_and_explain(segment, config)
    taken = {word for step in steps or () for word in step}
    return fixed, next((name for word, name in _RULES if word in taken), "mojibake")


def break_lines(text: str) -> list[Edit]:
    """Vertical tabs, by which word processors break a line, as breaks; ftfy only drops them."""
    return [Edit(m.start(), m.end(), "\n", "line-break") for m in re.finditer("\v", text)]


def unescape_entities(text: str) -> list[Edit]:
    """Entities that ftfy leaves because a `<` stands somewhere in the text, which is no tag."""
    if "&" not in text or not _ENTITY.search(text) or _TAG.search(text):
        return []
    import ftfy.fixes

    edits: list[Edit] = []
    for match in _ENTITY.finditer(text):
        after = ftfy.fixes.unescape_html(match.group())
        if after != match.group():
            edits.append(Edit(match.start(), match.end(), after, "entity"))
    return edits


def segments(text: str) -> Iterator[tuple[int, str]]:
    """The pieces in which `ftfy.fix_text` works: lines with their break, at most `SEGMENT` long."""
    position = 0
    while position < len(text):
        end = text.find("\n", position) + 1 or len(text)
        end = min(end, position + SEGMENT)
        yield position, text[position:end]
        position = end


def difference(before: str, after: str, rule: str, offset: int = 0) -> list[Edit]:
    """The edits from `before` to `after`, small ones where that is cheap to find."""
    head = 0
    limit = min(len(before), len(after))
    while head < limit and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < limit - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    if len(old) * len(new) > 25_000_000:
        return [Edit(offset + head, offset + head + len(old), new, rule)]
    from rapidfuzz.distance import Indel

    edits: list[Edit] = []
    offset += head
    for step in Indel.opcodes(old, new):
        if step.tag == "equal":
            continue
        i, j, k, m = step.src_start, step.src_end, step.dest_start, step.dest_end
        if edits and edits[-1].end == offset + i:
            last = edits.pop()
            edits.append(Edit(last.start, offset + j, last.after + new[k:m], rule))
        else:
            edits.append(Edit(offset + i, offset + j, new[k:m], rule))
    return edits
