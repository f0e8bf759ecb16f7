"""The shape of a web page where trafilatura gets it wrong.

It takes a page that is laid out with tables for data, puts the parts of a live blog in another
order than the page has, of an article that advertisements cut into parts takes the first alone, and
loses a paragraph without tags that follows a block.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROWS = frozenset({"table", "tbody", "thead", "tfoot", "tr", "td", "th"})
_CELLS = frozenset({"td", "th"})
_BLOCKS = frozenset({"p", "br", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote"})
_NO_TEXT = frozenset({"script", "style", "head", "noscript", "template"})
_NO_WORDS = _NO_TEXT | {"figcaption"}
# What parts the paragraphs of an element that has them without tags of their own.
_BETWEEN = _BLOCKS | frozenset(
    """address article aside center div dl figure footer form header hr iframe main nav ol pre
    section table ul""".split()  # noqa: SIM905
)
# Set by hand: a cell of data has a word or a sentence, an article several blocks.
_FEW_BLOCKS, _FEW_WORDS = 2, 20
# The share of a paragraph's words that stand in the text that has it, by hand too.
_SAME = 0.85
# How far above the parts of an article is what they share, by hand: of 3,348 pages four had parts,
# one of them at 5, and no other page was read otherwise.
_PARTED = 5
_BEGINNING = 60  # characters that a paragraph is known by: its end may be cut


def is_rows(text: str) -> bool:
    """Whether half of a text's words stand in rows of tables, as trafilatura writes them."""
    words = [(len(line.split()), line[:1] == "|") for line in text.split("\n")]
    return 2 * sum(count for count, row in words if row) > sum(count for count, _ in words)


def tree(html: str) -> Any:  # noqa: ANN401 - lxml has no types
    """The root of a page, None where it is empty; of what is text already no charset counts."""
    from lxml import etree
    from lxml import html as lxml_html

    parser = lxml_html.HTMLParser(encoding="utf-8")
    try:
        return lxml_html.document_fromstring(html.encode("utf-8", "replace"), parser)
    except (ValueError, etree.ParserError):
        return None


def _markup(root: Any) -> str:  # noqa: ANN401
    from lxml import html as lxml_html

    return lxml_html.tostring(root, encoding="unicode")


def without_layout_tables(html: str) -> str:
    """The same page where none of its tables lays it out.

    A table is layout where one of its cells has half of the page's words, or those of its cells
    that have several blocks of prose have them together.
    """
    if (root := tree(html)) is None:
        return html
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
        is_column = len(cells) == sum(part.tag == "tr" for part in parts)
        if is_column and table.find(".//table") is None:
            most = sum(words[cell] for cell in cells)  # one column: no data, but one thing by one
        if most >= _FEW_WORDS and 2 * max(prose, most) >= words[root]:
            laid_out = True
            for part in parts:
                part.tag = "div"
    return _markup(root) if laid_out else html


def with_paragraphs(html: str, text: str) -> str:
    """The same page where the text has all or none of what an element says without tags.

    Else with each paragraph in a tag: of bare ones between line breaks and blocks, such as a place
    for advertisements, trafilatura leaves some out.
    """
    if (root := tree(html)) is None:
        return html
    found, tagged = set(text.split()), False
    for parent in list(root.iter("body", "td", *_BETWEEN)):
        runs = [run for run in map(str.split, _bare(parent)) if len(run) >= _FEW_WORDS]
        if len({sum(map(found.__contains__, run)) >= _SAME * len(run) for run in runs}) > 1:
            tagged = True
            _tag(parent)
    return _markup(root) if tagged else html


def _bare(parent: Any) -> list[str]:  # noqa: ANN401 - lxml's own class
    """What an element says by itself, in pieces where a line break or a block parts it."""
    runs = [[parent.text or ""]]
    for child in parent:
        if child.tag in _BETWEEN:
            runs.append([])
        elif isinstance(child.tag, str) and child.tag not in _NO_TEXT:
            runs[-1].extend(child.itertext())
        runs[-1].append(child.tail or "")
    return ["".join(run) for run in runs] if len(runs) > 1 else []


def _tag(parent: Any) -> None:  # noqa: ANN401 - lxml's own class
    """Put each piece of what an element says by itself into a paragraph."""
    children = list(parent)
    parts = [parent.makeelement("p")]
    parts[0].text, parent.text = parent.text, None
    for child in children:
        if child.tag in _BETWEEN:
            parts += [child, parent.makeelement("p")]
            parts[-1].text, child.tail = child.tail, None
        else:
            parts[-1].append(child)
    parent.extend(parts)


def with_parts_joined(html: str, text: str) -> str:
    """The same page where the text has all parts of its article, or none; else with them in one.

    Parts are elements of the same kind, within elements of the same kind up to one they share, that
    hold several paragraphs each.
    """
    if (root := tree(html)) is None:
        return html
    prose: dict[Any, list[str]] = {}
    for paragraph in root.iter("p"):
        words = "".join(paragraph.itertext()).split()
        if len(words) >= _FEW_WORDS:
            prose.setdefault(paragraph.getparent(), []).append("".join(words)[:_BEGINNING])
    series: dict[Any, list[Any]] = {}
    known: dict[Any, Any] = {}
    for part in (element for element, found in prose.items() if len(found) >= _FEW_BLOCKS):
        kind: tuple[Any, ...] = ()
        above = part
        places: list[tuple[Any, tuple[Any, ...]]] = []
        while len(places) < _PARTED and (shared := above.getparent()) is not None:
            # An id is its element's own: such parts are comments, or what is related.
            kind = (*kind, above.tag, above.get("class"), above.get("id"))
            places.append((shared, kind))
            above = shared
        first = next((known[place] for place in places if place in known), part)
        series.setdefault(first, []).append(part)
        for place in places:
            known.setdefault(place, first)
    lines = {"".join(line.split())[:_BEGINNING] for line in text.split("\n")}
    joined = False
    for first, parts in series.items():
        whole = any(lines.issuperset(prose[part]) for part in parts)
        none = any(lines.isdisjoint(prose[part]) for part in parts)
        if not (whole and none) or _are_titled(parts):
            continue
        joined = True
        for part in parts[1:]:
            first.extend(list(part))
    return _markup(root) if joined else html


def _are_titled(parts: list[Any]) -> bool:
    """Whether one but the first has a title, as another article has; within it are subheads.

    Or something else above it, as the name of who wrote a comment.
    """
    shared = set(parts[0].iterancestors())
    branches: dict[Any, Any] = {}
    for part in parts[1:]:
        branch = part
        while branch.getparent() not in shared:
            branch = branch.getparent()
        branches.setdefault(branch, part)
    subheads = {heading for part in parts for heading in part.iter("h2", "h3")}
    return any(
        branch.find(".//article") is not None
        or branch.tag == "article"
        or not subheads.issuperset(branch.iter("h1", "h2", "h3"))
        or _is_headed(branch, part)
        for branch, part in branches.items()
    )


def _is_headed(branch: Any, part: Any) -> bool:  # noqa: ANN401 - lxml's own class
    """Whether words stand above a part, but below a picture, or it begins with a link alone."""
    above = takewhile(lambda element: element is not part, branch.iter())
    said = (e.text or "" for e in above if isinstance(e.tag, str) and e.tag not in _NO_WORDS)
    first = part[0]
    link = first if first.tag == "a" else first.find("a")
    words = "".join(first.itertext()).split()
    is_link = link is not None and words != [] and "".join(link.itertext()).split() == words
    return is_link or any(map(str.strip, said))


def _counts(root: Any) -> tuple[dict[Any, int], dict[Any, int]]:  # noqa: ANN401 - lxml's own class
    """The words and the blocks within each element, from the leaves up."""
    words: dict[Any, int] = {}
    blocks: dict[Any, int] = {}
    for element in reversed(list(root.iter())):
        has_text = isinstance(element.tag, str) and element.tag not in _NO_TEXT
        words[element] = blocks[element] = 0
        if has_text:
            tails = sum(len((child.tail or "").split()) for child in element)
            own = len((element.text or "").split()) + tails
            words[element] = own + sum(words[child] for child in element)
            blocks[element] = (element.tag in _BLOCKS) + sum(blocks[child] for child in element)
    return words, blocks


def in_page_order(text: str, blocks: list[str], likely: Sequence[bool] = ()) -> str:
    """The lines of a text in the order in which the page has them as blocks.

    A line that is no block stays behind the one it follows; a text in the page's order, as most
    are, comes back as it is.  Where it is not, what else was done to it is undone: blocks that were
    run together stand apart, and a block right above one of the text that is `likely` text comes
    back, as the heading of an update.
    """
    bare = ["".join(block.split()) for block in blocks]
    places: dict[str, list[tuple[int, int]]] = {}
    for count in range(1, _GLUED + 1):
        for place in range(len(blocks) - count + 1):
            key = "".join(bare[place : place + count])
            if count == 1 or len(key) < _SHORT:
                places.setdefault(key, []).append((place, count))
    last, sorted_ = -1, True
    placed: list[tuple[int, str]] = []
    taken: set[int] = set()
    for line in text.split("\n"):
        found = places.get("".join(line.split()), ())
        place, count = next((p for p in found if p[0] > last), found[0] if found else (last, 0))
        sorted_ = sorted_ and place >= last
        taken.update(range(place, place + count))
        parted = [(place + k, blocks[place + k]) for k in range(count)]
        placed += parted if count > 1 else [(place, line)]
        last = place + max(count - 1, 0)
    if sorted_:
        return text
    if likely:
        among = range(min(taken), max(taken))
        back = (p for p in among if likely[p] and p not in taken and p + 1 in taken)
        placed += [(p, blocks[p]) for p in back if any(map(str.isalpha, blocks[p]))]
    return "\n".join(line for _, line in sorted(placed, key=lambda pair: pair[0]))


# Set by hand: a time, a place and a heading run together at most, in under this many characters.
_GLUED, _SHORT = 3, 200
