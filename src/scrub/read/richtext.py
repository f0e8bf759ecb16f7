"""Rich text as editors keep it in JSON: a tree of blocks whose leaves have the words.

Of ProseMirror and Tiptap, Slate and Strapi, Lexical, Contentful and Portable Text the leaves are
`{"text": ...}` or `{"value": ...}` in lists called `content`, `children` or `nodes`; Quill keeps a
list of insertions.
"""

from __future__ import annotations

from typing import Any

_LISTS = ("content", "children", "nodes")
_TYPES = ("type", "nodeType", "_type", "object", "kind")
_BREAKS = frozenset({"hardbreak", "hard_break", "linebreak", "break"})
_LEAVES = frozenset({"text", "span", "leaf", "extended-text", ""})
_DEEPEST = 24  # levels of a tree, by hand: an item of a list in a list has 9


def is_rich(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Whether a value is such a tree, or a list of its blocks."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(item, dict) and _is_block(item) for item in value)
    if not isinstance(value, dict):
        return False
    return _is_block(value) or isinstance(value.get("ops"), list) or _is_block(value.get("root"))


def rich_text(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """The text of a tree: blocks are paragraphs, what stands within one follows without a space."""
    if isinstance(value, dict) and isinstance(value.get("ops"), list):
        inserts = (op.get("insert") for op in value["ops"] if isinstance(op, dict))
        return "".join(text for text in inserts if isinstance(text, str)).strip()
    return _text(value.get("root", value) if isinstance(value, dict) else value, _DEEPEST)


def _is_block(node: Any) -> bool:  # noqa: ANN401 - any JSON value
    """A typed node with a list of nodes under it."""
    if not isinstance(node, dict) or not _type(node):
        return False
    inner = _inner(node)
    return inner is not None and all(
        isinstance(item, dict) and (_type(item) or "text" in item) for item in inner
    )


def _text(node: Any, depth: int) -> str:  # noqa: ANN401 - any JSON value
    if not depth:
        return ""
    if isinstance(node, list):
        within = any(map(_is_leaf, node))  # a paragraph: words, links, breaks
        texts = [_text(item, depth - 1) for item in node]
        return ("" if within else "\n\n").join(text for text in texts if text)
    if not isinstance(node, dict):
        return ""
    if _type(node).lower() in _BREAKS:
        return "\n"
    if _is_leaf(node):
        return _words(node)
    return _text(_inner(node) or [], depth - 1)


def _is_leaf(node: Any) -> bool:  # noqa: ANN401 - any JSON value
    return isinstance(node, dict) and _type(node).lower() in _LEAVES and bool(_words(node))


def _words(node: dict[str, Any]) -> str:
    return next((node[key] for key in ("text", "value") if isinstance(node.get(key), str)), "")


def _inner(node: dict[str, Any]) -> list[Any] | None:
    return next((node[key] for key in _LISTS if isinstance(node.get(key), list)), None)


def _type(node: dict[str, Any]) -> str:
    return next((node[key] for key in _TYPES if isinstance(node.get(key), str)), "")
