"""Dumps of a MediaWiki, such as Wikinews: a document for each article, without its markup.

The dump says itself what its namespaces are called.  Talk, templates, files and redirects are no
articles and are passed over; of a page with its history the last revision is taken.
"""

from __future__ import annotations

import re
from typing import Any

_NAMESPACE = re.compile(
    r"""<namespace\s[^<>]{0,200}?\bkey="(-?\d{1,5})"[^<>]{0,200}>([^<>]{1,80})<"""
)
_LINK_PREFIX = re.compile(r"([\w -]{2,40}):")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z]{2,10})*\Z")
_BLANKS = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def page_fields(page: Any) -> dict[str, Any] | None:  # noqa: ANN401 - lxml has no types
    """The fields of one `<page>`, its text in wiki markup; None where it is no article."""

    def value(path: str) -> str:
        found = page.findall(path)
        return (found[-1].text or "").strip() if found else ""

    if page.find("{*}redirect") is not None or value("{*}ns") not in ("", "0"):
        return None
    return {
        "id": value("{*}id"),
        "title": value("{*}title"),
        "date": value("{*}revision/{*}timestamp"),
        "text": value("{*}revision/{*}text") or None,
    }


def with_spaces(markup: str | None, head: bytes) -> str | None:
    """Wiki markup behind the names that the head of its dump gives to namespaces, for `article`."""
    if not markup:
        return None
    spaces = _NAMESPACE.findall(head.decode("utf-8", "replace"))
    return " ".join(name.lower().replace(" ", "_") for _, name in spaces) + "\0" + markup


def article(markup: str) -> str:
    """The prose of a page: no templates, tables, references, pictures, categories.

    A link to a namespace or another language is none of the text; what the namespaces are called
    stands before the last NUL of `markup`, with `_` for a space.
    """
    import mwparserfromhell

    named, _, markup = markup.rpartition("\0")
    aside = {"file", "image", "category", *named.split()}
    code = mwparserfromhell.parse(markup)
    nodes: list[Any] = [*code.ifilter_wikilinks(), *code.ifilter_tags()]
    for node in nodes:
        if isinstance(node, mwparserfromhell.nodes.Tag):
            gone = str(node.tag).strip().lower() in ("ref", "table", "gallery", "timeline", "math")
        else:
            title = str(node.title).strip()
            prefix = _LINK_PREFIX.match(title)
            word = prefix[1].strip().lower().replace(" ", "_") if prefix else ""
            own = not title.startswith(":")
            gone = (
                own
                and bool(word)
                and (word in aside or (node.text is None and bool(_LANGUAGE.match(word))))
            )
        if gone:
            try:
                code.remove(node)
            except ValueError:  # it went with what it stood in
                continue
    text = code.strip_code(collapse=False)
    lines = (line.strip() for line in _BLANKS.sub("\n\n", text).splitlines())
    return "\n".join(lines).strip()
