"""Web pages with the text of their article, from what two projects test their extractors on.

usage: pages.py CHECKOUT -o PAGES.jsonl.gz

CHECKOUT is a checkout of scrapinghub/article-extraction-benchmark (181 pages, texts made by hand)
or of flairNLP/fundus (258 pages of 150 newspapers in 40 countries, texts made by a parser written
for each).  Of each page `{"id", "html", "raw_text", "clean"}` is written, `raw_text` being its
text nodes one a line, blocks apart: what a scraper without rules would leave.  Neither project's
data is kept here; `fit_page.py` reads such files.
"""

from __future__ import annotations

import argparse
import collections
import gzip
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import html

if TYPE_CHECKING:
    from collections.abc import Iterator

WORD = re.compile(r"\w+")
# A page whose raw text lacks more of the words of its text is of another day or made by a script.
COVERED = 0.93


def main() -> None:
    """Write the pages of one checkout."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("checkout", type=Path)
    parser.add_argument("-o", "--out", type=Path, required=True)
    options = parser.parse_args()
    listed = options.checkout / "ground-truth.json"
    pages = benchmark(listed) if listed.exists() else fundus(options.checkout)
    with gzip.open(options.out, "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps(page) + "\n" for page in pages)


def benchmark(listed: Path) -> Iterator[dict[str, str]]:
    """The pages of article-extraction-benchmark."""
    for name, page in sorted(json.loads(listed.read_text("utf-8")).items()):
        found = opened(listed.parent / "html" / f"{name}.html.gz")
        yield record(f"benchmark:{name}", found, page["articleBody"])


def fundus(checkout: Path) -> Iterator[dict[str, str]]:
    """Fundus' test pages; one page can have the texts of several of its parsers."""
    for path in sorted(checkout.glob("tests/resources/parser/test_data/*/*.html.gz")):
        publisher = re.sub(r"_\d{4}_\d\d_\d\d\.html\.gz\Z", "", path.name)
        versions = json.loads(path.with_name(f"{publisher}.json").read_text("utf-8")).values()
        page = record(f"fundus-{path.parent.name}:{path.name}", opened(path), "")
        words = collections.Counter(WORD.findall(page["raw_text"].lower()))
        covered, clean = max((covered_by(words, text), text) for text in map(article, versions))
        if covered >= COVERED:
            yield page | {"clean": clean}


def record(name: str, page: str, clean: str) -> dict[str, str]:
    """What `fit_page.py` reads of a page."""
    return {"id": name, "html": page, "raw_text": text_nodes(page), "clean": clean}


def article(parsed: dict[str, Any]) -> str:
    """Title, summary, headings and paragraphs as Fundus has them; empty where it has no body."""
    body = parsed.get("body")
    if not isinstance(body, dict):
        return ""
    parts = [parsed.get("title") or "", *body["summary"]]
    for section in body["sections"]:
        parts += [*section["headline"], *section["paragraphs"]]
    return "\n\n".join(parts)


def covered_by(words: collections.Counter[str], text: str) -> float:
    """The share of a text's words that are among `words`; 0 where it has fewer than forty."""
    own = collections.Counter(WORD.findall(text.lower()))
    return (own & words).total() / own.total() if own.total() >= 40 else 0.0


def text_nodes(page: str) -> str:
    """A page's text nodes one a line, with empty lines between blocks; no scripts and styles."""
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    root = html.document_fromstring(page.encode("utf-8"), parser=parser)
    for element in root.xpath("//script|//style|//noscript|//comment()"):
        if element.getparent() is not None:
            element.drop_tree()
    nodes = (re.sub(r"[ \t\r\n\f]+", " ", node) for node in root.itertext())
    return re.sub(r"[ \t\r]*\n\s*\n\s*", "\n\n", "\n".join(nodes)).strip()


def opened(path: Path) -> str:
    """The page in a packed file."""
    return gzip.decompress(path.read_bytes()).decode("utf-8", "replace")


if __name__ == "__main__":
    main()
