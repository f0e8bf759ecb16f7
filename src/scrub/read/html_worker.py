"""The process that extracts text from markup: `python -m scrub.read.html_worker SECONDS`.

Reads `{"markup": ..., "form": ...}` from stdin, writes `{"text": ..., "metadata": ...}` or
`{"error": ...}` to stdout, each behind its length in 4 bytes, until stdin ends.
"""

from __future__ import annotations

import os
import re
import signal
import sys
from typing import Any

import orjson

from scrub.read.markup import has_own_lines, with_quotation_marks

_SKIPPED = frozenset({"script", "style", "template", "noscript", "head", "svg", "math", "iframe"})
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins"}
    | {"kbd", "label", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time"}
    | {"tt", "u", "var", "wbr", "img", "nobr", "big", "acronym"}
)


def fragment_text(html: str) -> str:
    """All text of a fragment, such as a feed's item: blocks become paragraphs, `<br>` a line.

    Line breaks part nothing in HTML, but for a fragment without any tag that does: there an editor
    shows them.
    """
    from lxml import html as lxml_html

    parts: list[str] = []
    html = with_quotation_marks(html)
    if not has_own_lines(html):
        html = html.replace("\r\n", "\n").replace("\n", "<br>")
    root = lxml_html.fromstring(f"<div>{html}</div>")
    # A stack instead of recursion: the depth of the markup is a stranger's choice.
    stack: list[tuple[Any, bool]] = [(root, False)]
    while stack:
        element, done = stack.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        if done:
            parts.append("" if tag in _INLINE or tag == "br" else "\0")
        elif tag in _SKIPPED or not tag:
            done = True
        else:
            parts.append("\n" if tag == "br" else "" if tag in _INLINE else "\0")
            parts.append(_one_space(element.text))
            stack.append((element, True))
            stack.extend((child, False) for child in reversed(element))
        if done and element is not root:
            parts.append(_one_space(element.tail))
    blocks = ("".join(parts)).split("\0")
    lines = ("\n".join(p.strip(" ") for p in block.split("\n")).strip() for block in blocks)
    return "\n\n".join(line for line in lines if line)


def _one_space(text: str | None) -> str:
    return re.sub(r"[ \t\r\n\f\0]+", " ", text or "")


def _reply(request: bytes) -> bytes:
    try:
        message = orjson.loads(request)
        markup: str = message["markup"]
        metadata: dict[str, Any] = {}
        if message["form"] == "page":
            from scrub.clean.html import extract

            text, metadata = extract(markup)
        elif message["form"] == "wiki":
            from scrub.read.wiki import article

            text = article(markup)
        else:
            text = fragment_text(markup)
        return orjson.dumps({"text": text, "metadata": metadata})
    except Exception as error:  # whatever a page makes a parser raise is said of that page
        return orjson.dumps({"error": f"{type(error).__name__}: {error}"[:300]})


def main() -> None:
    """Serve until stdin ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the reader, who ends stdin
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no message
    seconds = float(sys.argv[1])
    import lxml.html  # noqa: F401 - before the time of the first fragment runs

    reply = b"{}"
    while True:
        out.write(len(reply).to_bytes(4, "big") + reply)
        out.flush()
        header = sys.stdin.buffer.read(4)
        if len(header) < 4:
            return
        request = sys.stdin.buffer.read(int.from_bytes(header, "big"))
        signal.setitimer(signal.ITIMER_REAL, seconds + 120)  # were the reader killed
        reply = _reply(request)
        signal.setitimer(signal.ITIMER_REAL, 0)


if __name__ == "__main__":
    main()
