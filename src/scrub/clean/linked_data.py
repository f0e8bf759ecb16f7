"""What a page says of itself in JSON-LD (schema.org): the name of its site, the article itself."""

from __future__ import annotations

import html as html_
import re
from typing import Any

_SCRIPT = re.compile(
    r"""<script\b[^>]{0,300}\btype\s?=\s?["']?application/ld\+json[^>]{0,300}>""",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]{1,2000}>")
_MOST = 20_000  # objects of a page that are looked at, by hand: large pages have hundreds


def linked_data(html: str) -> tuple[str, str]:
    """The name of a page's site, and the text of its article or of the updates of its live blog.

    Each is "" where the page does not say.
    """
    import orjson

    if "ld+json" not in html:
        return "", ""
    site = text = ""
    updates: list[str] = []
    for script in _SCRIPT.finditer(html):
        end = html.find("</script", script.end())
        if end < 0:
            break
        try:
            stack: list[Any] = [orjson.loads(html[script.end() : end].strip())]
        except orjson.JSONDecodeError:
            continue
        for _ in range(_MOST):
            if not stack:
                break
            value = stack.pop()
            if isinstance(value, dict):
                body = value.get("articleBody")
                if "WebSite" in _types(value) and isinstance(value.get("name"), str):
                    site = site or " ".join(html_.unescape(value["name"]).split())
                if isinstance(body, str):
                    headline = value.get("headline")
                    updates += [headline] if isinstance(headline, str) else []
                    updates.append(body)
                    text = max(text, body, key=len)
            inner = value.values() if isinstance(value, dict) else value
            if isinstance(value, dict | list):
                stack += [v for v in reversed(list(inner)) if isinstance(v, dict | list)]
    if "liveBlogUpdate" in html:
        text = "\n".join(updates)
    lines = html_.unescape(_TAG.sub("\n", text)).splitlines()
    return site, "\n".join(line.strip() for line in lines if line.strip())


def _types(value: dict[str, Any]) -> list[Any]:
    kinds = value.get("@type")
    return kinds if isinstance(kinds, list) else [kinds]
