"""Records that stand within others, and objects that are written as texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import orjson

from scrub.read.fields import ENVELOPES, is_address, plain


def enveloped(fields: Mapping[str, Any], depth: int = 2) -> Iterator[Mapping[str, Any]]:
    """The objects that may be the record itself, with the fields around them."""
    for key, value in fields.items():
        if plain(key) in ENVELOPES and isinstance(value, dict) and value:
            about = {k: v for k, v in fields.items() if k not in value and not isinstance(v, dict)}
            inner = value | {k: v for k, v in fields.items() if k != key and k not in value}
            yield inner
            if depth:
                yield from enveloped(value | about, depth - 1)


def object_of(value: object) -> dict[str, Any]:
    """The value where it is an object, or JSON of one, as in RedPajama-V2; else an empty one."""
    if isinstance(value, str) and value[:1] == "{":
        with suppress(orjson.JSONDecodeError):
            value = orjson.loads(value)
    return value if isinstance(value, dict) else {}


def is_linked(links: Mapping[str, Any]) -> bool:
    """Whether an object of links is one link with what is said of it, and no addresses alone."""
    return any(isinstance(value, str) and not is_address(value) for value in links.values())


def lifted(fields: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    """The fields with the one at a dotted path, where it is, among them."""
    outer, _, rest = path.partition(".")
    inner = fields.get(outer)
    if path in fields or not rest or not isinstance(inner, dict):
        return fields
    inner = lifted(inner, rest)
    if rest not in inner:
        return fields
    return {**fields, outer: {k: v for k, v in inner.items() if k != rest}, path: inner[rest]}
