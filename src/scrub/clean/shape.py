"""The shape of a web page where trafilatura gets it wrong.

It takes a page that is laid out with tables for data, and puts the parts of a live blog in another
order than the page has.
"""

from __future__ import annotations

from typing import Any

_ROWS = frozenset({"table", "tbody", "thead", "tfoot", "tr", "td", "th"})
_CELLS = frozenset({"td", "th"})
_BLOCKS = frozenset({"p", "br", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote"})
_NO_TEXT = frozenset({"script", "style", "head", "noscript", "template"})
# Set by hand: a cell of data has a word or a sentence, an article several blocks.
_FEW_BLOCKS, _FEW_WORDS = 2, 20


def is_rows(text: str) -> bool:
    """Whether half of a text's words stand in rows of tables, as trafilatura writes them."""
    words = [(len(line.split()), line[:1] == "|") for line in text.split("\n")]
    return 2 * sum(count for count, row in words if row) > sum(count for count, _ in words)


def without_layout_tables(html: str) -> str:
    """The same page where none of its tables lays it out.

    A table is layout where one of its cells has half of the page's words, or those of its cells
    that have several blocks of prose have them together.
    """
    from lxml import html as lxml_html

    try:
        root = lxml_html.document_fromstring(
            html.encode("utf-8", "replace"), lxml_html.HTMLParser(encoding="utf-8")
        )
    except (ValueError, lxml_html.etree.ParserError):
        return html  # an empty page
    words, blocks = _counts(root)
    laid_out = False
    for table in list(root.iter("table")):
        parts, cells = [table], []
        for part in parts:  # it grows: rows of the table itself, not of those in its cells
            inner = [] if part.tag in _CELLS else [c for c in part if c.tag in _ROWS]
            cells += [child for child in inner if child.tag in _CELLS]
            parts += [child for child in inner if child.tag != "table"]
        prose = sum(
            words[cell]
            for cell in cells
            if blocks[cell] >= _FEW_BLOCKS and words[cell] >= _FEW_WORDS
        )
        most = max((words[cell] for cell in cells), default=0)
        if most >= _FEW_WORDS and 2 * max(prose, most) >= words[root]:
            laid_out = True
            for part in parts:
                part.tag = "div"
    return lxml_html.tostring(root, encoding="unicode") if laid_out else html


def _counts(root: Any) -> tuple[dict[Any, int], dict[Any, int]]:  # noqa: ANN401 - lxml's own class
    """The words and the blocks within each element, from the leaves up."""
    words: dict[Any, int] = {}
    blocks: dict[Any, int] = {}
    for element in reversed(list(root.iter())):
        said = isinstance(element.tag, str) and element.tag not in _NO_TEXT
        words[element] = blocks[element] = 0
        if said:
            tails = sum(len((child.tail or "").split()) for child in element)
            own = len((element.text or "").split()) + tails
            words[element] = own + sum(words[child] for child in element)
            blocks[element] = (element.tag in _BLOCKS) + sum(blocks[child] for child in element)
    return words, blocks


def in_page_order(text: str, blocks: list[str]) -> str:
    """The lines of a text in the order in which the page has them as blocks.

    A line that is no block stays behind the one it follows; a text in the page's order, as most
    are, comes back as it is.
    """
    places: dict[str, list[int]] = {}
    for place, block in enumerate(blocks):
        places.setdefault(" ".join(block.split()), []).append(place)
    lines = text.split("\n")
    last, sorted_ = -1, True
    order: list[int] = []
    for line in lines:
        found = places.get(" ".join(line.split()), ())
        place = next((p for p in found if p > last), found[0] if found else last)
        sorted_ = sorted_ and place >= last
        order.append(place)
        last = place
    if sorted_:
        return text
    return "\n".join(lines[at] for at in sorted(range(len(lines)), key=order.__getitem__))
