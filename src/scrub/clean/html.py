"""The article of a web page: trafilatura read twice, the block model as the judge between.

trafilatura cuts too much with its precise settings on some pages and too little with its
generous ones on others.  Which to believe is decided by a third opinion, the scoring model of
`page` on the page's own blocks: the reading that shares more words with the model's is taken, and
the model's own only where trafilatura finds next to nothing.  On pages of sites the model was not
fitted on: F1 0.939, trafilatura alone 0.929 (`bench/clean.py`).
"""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from html.entities import html5
from typing import Any

from scrub.clean.linked_data import linked_data
from scrub.clean.page import MAX_LINES, article_scores
from scrub.clean.shape import (
    in_page_order,
    is_rows,
    tree,
    with_paragraphs,
    with_parts_joined,
    without_layout_tables,
)
from scrub.read.markup import INLINE, as_shown, text_within

# The judge's own threshold: where it is even-handed, not where it would rather keep too much.
_EVEN = 0.5
# With fewer words than this trafilatura has not found the article.
_FEW_WORDS = 30
# The share of a text's words that a better reading must have, too; set by hand: a menu may go, an
# article may not.
_MOST = 0.85

# The date that a page states, not one put together from its prose or its copyright year; and one
# that does not depend on the day of the run, which is trafilatura's own upper bound.
_DATES = {
    "original_date": True, "extensive_search": False, "max_date": "2099-12-31",
    "outputformat": "%Y-%m-%dT%H:%M:%S%z",
}  # fmt: skip
# A date in numbers, as an attribute or an element begins with it: htmldate takes the day first.
_IN_NUMBERS = re.compile(r"""[>"']\s*((\d{1,2})[/-](\d{1,2})[/-](\d{4})(?![\d/-])[^<>"']{0,30})""")

_SKIPPED = frozenset(  # no head: where its tags are left out, libxml2 has an article in it
    """script style template noscript title svg math iframe select option button
    textarea object""".split()  # noqa: SIM905
)
_LINK = re.compile(r"<link\s[^<>]{0,1000}>", re.IGNORECASE)
_HREF = re.compile(r"""\bhref\s?=\s?(?:["']\s*([^"'\s]{1,900})|([^"'\s>]{1,900}))""", re.IGNORECASE)
_TIME = re.compile(r"<time(\s[^<>]{0,300})?>([^<>]{1,300})</time\s{0,9}>", re.IGNORECASE)
# trafilatura resolves an address twice: of `&section=` it makes `§ion=`.  A letter
# is none of these: `größe=` is how the address has it.
_SIGNS = {
    sign: f"&{name}"
    for name, sign in sorted(html5.items())
    if not name.endswith(";") and not sign.isascii() and not sign.isalpha()
}
_SIGN = re.compile(f"[{''.join(_SIGNS)}](?=[a-z_]{{0,40}}=)")
_WORD = re.compile(r"\w+")


def extract(html: str) -> tuple[str, dict[str, Any]]:
    """The text of a page's article, and what the page says of it.

    The metadata hold `title`, `date` (ISO 8601), `author`, `language`, `site`, `url`, which is its
    own address, and `canonical`, which may be another's, each None where the page does not say.
    The text is empty where there is none.  What lxml or trafilatura raise on a broken page is the
    caller's to catch, and their time the caller's to limit.
    """
    html = _with_times(as_shown(html))
    text, about = _extract(html)
    for mended in (with_paragraphs, with_parts_joined):
        if (whole := mended(html, text)) != html:
            found = _extract(whole)
            bag, other = _bag(text), _bag(found[0])
            if other.total() > bag.total() and (other & bag).total() >= _MOST * bag.total():
                html, (text, about) = whole, found
    if is_rows(text) and (blocks := without_layout_tables(html)) != html:
        found = _extract(blocks)
        bag, other = _bag(text), _bag(found[0])
        if _MOST * bag.total() <= (other & bag).total() and other.total() <= bag.total() / _MOST:
            return _titled(found[0], blocks, found[1]["title"]), found[1]
    return text, about


def _with_times(html: str) -> str:
    """The same with the words of a `<time>` behind it where they are part of a sentence.

    trafilatura removes the element wherever it stands; left empty it still gives the page's date.
    """

    def moved(time: re.Match[str]) -> str:
        before = html[max(time.start() - 40, 0) : time.start()].rstrip()[-1:]
        after = html[time.end() : time.end() + 9].lstrip()[:1]
        if not (before.isalnum() or after.islower() or {before, after} & set(",;(–—")):
            return time[0]
        attributes, words = time[1] or "", time[2]
        if "datetime" not in attributes.lower():
            stated = words.strip().replace('"', "&quot;")
            attributes += f' datetime="{stated}"'
        return f"<time{attributes}></time>{words}"

    return _TIME.sub(moved, html)


def _titled(text: str, html: str, title: str | None) -> str:
    """The text behind the page's title, where that stands right above it and was cut off."""
    lines, first = page_blocks(html), text.partition("\n")[0]
    above = lines[max(lines.index(first) - 1, 0)] if first in lines else ""
    return f"{title}\n{text}" if title and above == title != first else text


def _extract(html: str) -> tuple[str, dict[str, Any]]:
    from trafilatura import bare_extraction

    options: dict[str, Any] = {
        "with_metadata": True, "include_comments": False, "date_extraction_params": _DATES
    }  # fmt: skip
    precise: Any = bare_extraction(html, favor_precision=True, **options)
    generous: Any = bare_extraction(html, favor_recall=True, **options)
    readings = [(found.text or "") if found else "" for found in (precise, generous)]
    lines = page_blocks(html)
    text = readings[0] or readings[1]
    if 0 < len(lines) <= MAX_LINES:
        scores = article_scores(lines).tolist()
        likely = [score > _EVEN for score in scores]
        judged = "\n".join(line for line, is_text in zip(lines, likely, strict=True) if is_text)
        bag = _bag(judged)
        text = max(readings, key=lambda reading: _likeness(_bag(reading), bag))
        if _bag(text).total() < min(_FEW_WORDS, 0.5 * bag.total()):
            text = judged
        text = in_page_order(text, lines, likely)
    about = precise or generous
    names = {"title": "title", "date": "date", "author": "author"}
    names |= {"language": "language", "site": "sitename", "url": "url"}
    stated = {key: getattr(about, name, None) for key, name in names.items()}
    if address := stated["url"]:
        stated["url"] = _SIGN.sub(lambda sign: _SIGNS[sign[0]], address)
    site, own = linked_data(html)
    if len(own.split()) >= _FEW_WORDS > len(text.split()):
        text = own  # a page that a program fills, and that has its article for search engines
    elif "\n" not in text and "\n" in own and _bag(own) == _bag(text):
        text = own  # trafilatura takes it, too, but on one line
    date = _date(str(stated["date"] or ""), html)
    stated |= {"date": date or None, "site": site or stated["site"], "canonical": _canonical(html)}
    return text, stated


def _canonical(html: str) -> str | None:
    """What `rel=canonical` says, which `og:url` stands before in trafilatura."""
    tags = (tag[0] for tag in _LINK.finditer(html) if "canonical" in tag[0].lower())
    found = next((match for match in map(_HREF.search, tags) if match), None)
    return unescape(found[1] or found[2]) if found else None


def _date(found: str, html: str) -> str:
    """The date of a page, without an hour that it does not state; as it is written, in numbers."""
    day, _, hour = found.partition("T")
    if hour != "00:00:00" or day in html:  # there is no zone where there was no hour
        return found if hour != "00:00:00" else day
    parts = sorted(map(int, day.split("-")))
    written = (m for m in _IN_NUMBERS.finditer(html) if sorted(map(int, m.groups()[1:])) == parts)
    return next((match[1].strip() for match in written), day)


def page_blocks(html: str) -> list[str]:
    """The text of a page, a line for each block; inline tags part no words."""
    root = tree(html)
    if root is None:
        return []
    found = text_within(root, _SKIPPED, lambda _, tag, __: "" if tag in INLINE else "\0")
    blocks = (block.strip() for block in found.split("\0"))
    return [block for block in blocks if block]


def _bag(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.lower()))


def _likeness(bag: Counter[str], other: Counter[str]) -> float:
    """The Dice coefficient of two bags of words, in [0, 1]."""
    total = bag.total() + other.total()
    return 2 * (bag & other).total() / total if total else 0.0
