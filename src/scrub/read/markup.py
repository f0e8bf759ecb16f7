"""Whether a text is HTML, by its content alone: a page, a fragment, or prose with brackets."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

# Tags of HTML that texts of articles are marked up with; a `<` that begins none is prose.
_NAMES = (
    "p|div|span|a|b|i|em|strong|u|s|small|sub|sup|q|cite|code|pre|font|center|h[1-6]|ul|ol|li|dl|"
    "dt|dd|table|thead|tbody|tfoot|tr|td|th|caption|blockquote|figure|figcaption|section|article|"
    "header|footer|aside|main|nav|time|mark|abbr|address|iframe|script|style|picture|video|audio|"
    "ins|del|label|form|button|details|summary"
)
TAG = re.compile(rf"<(/?)({_NAMES}|br|img|hr)((?:\s[^<>]{{0,2000}})?)/?>", re.IGNORECASE)
HTML_TAGS = frozenset(_NAMES.replace("[1-6]", "1|h2|h3|h4|h5|h6").split("|")) | {"br", "img", "hr"}
_VOID = frozenset({"br", "img", "hr"})
INLINE = frozenset(  # tags that part no words
    """a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr q
    s samp small span strong sub sup time tt u var wbr""".split()  # noqa: SIM905
)
_SPACE = re.compile(r"[ \t\r\n\f\0]+")
_PAGE = re.compile(r"<(?:html|body|head)[\s>]|<!doctype html", re.IGNORECASE)
_LINES = re.compile(r"<(?:p|br|div)[\s/>]", re.IGNORECASE)
_BLANK = re.compile(r"\n[ \t\r]{0,99}\n\s{0,99}")
_ENOUGH = 200  # tags that are looked at
_Q = re.compile(r"<(/?)q(?:\s[^<>]{0,300})?>", re.IGNORECASE)
_MARKS = ("“”", "‘’")
_OWN_MARKS = frozenset('"“„«»‘‚「『')
# What may come before a page: a byte order mark, XML's declaration, comments.
_BEFORE_PAGE = re.compile(rb"(?:\s|\xef\xbb\xbf|<\?xml[^>]{0,200}>|<!--[^>]{0,500}?-->)*")


def begins_page(data: bytes) -> bool:
    """Whether bytes are those of a web page, by how they begin."""
    head = data[:2000].lower()
    start = _BEFORE_PAGE.match(head)
    assert start is not None
    return head.startswith((b"<!doctype html", b"<html"), start.end())


def is_page(markup: str) -> bool:
    """Whether markup is a whole web page rather than a fragment of one."""
    return _PAGE.search(markup, 0, 2000) is not None


def is_markup(text: str) -> bool:
    """Whether a text is a fragment of HTML: an element is closed, or a line broken, by a tag.

    A tag that is only mentioned, without its end, between spaces or in backticks, is prose.
    """
    if "<" not in text:
        return False
    opened: set[str] = set()
    for number, tag in enumerate(TAG.finditer(text)):
        name = tag[2].lower()
        before, after = text[tag.start() - 1 : tag.start()], text[tag.end() : tag.end() + 1]
        if "`" in (before, after):
            continue
        if tag[1]:
            if name in opened:
                return True
        elif name not in _VOID:
            opened.add(name)
            is_tag = "=" in tag[3] or not tag[3].strip()  # "if a<p and q>b" has none
            if name == "p" and is_tag and before.strip("([{\"'“‘« \t\r\n") and after.strip():
                return True  # a paragraph that is never closed, in the midst of a text
        elif tag[3].strip() if name != "br" else not (before == " " and after.isspace()):
            return True  # a picture with an address, a line that is broken
        if number >= _ENOUGH:
            break
    return False


_UNSEEN = re.compile(
    r"<span\s(?![^<>]{0,400}\bnot-)[^<>]{0,400}?(?:(?<![\w-])clip\s?:\s?rect|visually-?hidden|"
    r"sr-only|screen-reader-(?:text|only))[^<>]{0,400}>[^<>]{1,60}</span>(?=\s{0,20}</a>)",
    re.IGNORECASE,
)
_WITHIN = 2000  # characters, by hand, from where a link begins to what it says at its end


def has_own_lines(markup: str) -> bool:
    """Whether tags part the lines of a fragment; else its blank lines do, as in an editor."""
    tags = sum(1 for _ in _LINES.finditer(markup))
    return tags > 0 and tags >= sum(1 for _ in _BLANK.finditer(markup))


def as_shown(markup: str) -> str:
    """The same with quotation marks in place of `<q>`, which browsers show as such.

    And without what a link says at its end to those who hear the page, as ", opens new tab"; but
    with all that it says, where it shows nothing else.
    """

    def heard(span: re.Match[str]) -> str:
        link = markup[max(span.start() - _WITHIN, 0) : span.start()].rpartition("<a")[2]
        shown = TAG.sub("", link.partition(">")[2])
        return "" if any(map(str.isalnum, shown)) else span[0]

    if "clip" in markup or "hidden" in markup or "sr-only" in markup or "screen-reader" in markup:
        markup = _UNSEEN.sub(heard, markup)
    if "<q" not in markup and "<Q" not in markup:
        return markup
    depth = 0
    marked: list[bool] = []  # of the open ones, whether the page has marks of its own

    def mark(tag: re.Match[str]) -> str:
        nonlocal depth
        if tag[1]:
            own = marked.pop() if marked else False
            depth = max(depth - 1, 0)
            return "" if own else _MARKS[depth % 2][1]
        depth += 1
        marked.append(markup[tag.end() : tag.end() + 1] in _OWN_MARKS)
        return "" if marked[-1] else _MARKS[(depth - 1) % 2][0]

    return _Q.sub(mark, markup)


def text_within(
    root: Any,  # noqa: ANN401 - lxml has no types
    skipped: frozenset[str],
    mark: Callable[[Any, str, bool], str],
) -> str:
    """The text of an element, any run of space made one, with a mark wherever an element begins
    or ends.

    `mark` is given the element, its tag, and whether it ends there.  Elements with a `skipped` tag
    are left out, as are comments.
    """
    parts: list[str] = []
    # A stack instead of recursion: the depth of the markup is a stranger's choice.
    stack: list[tuple[Any, bool]] = [(root, False)]
    while stack:
        element, ended = stack.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        if ended:
            parts.append(mark(element, tag, True))
        elif tag in skipped or not tag:
            ended = True
        else:
            parts.append(mark(element, tag, False))
            parts.append(_SPACE.sub(" ", element.text or ""))
            stack.append((element, True))
            stack.extend((child, False) for child in reversed(element))
        if ended and element is not root:
            parts.append(_SPACE.sub(" ", element.tail or ""))
    return "".join(parts)
