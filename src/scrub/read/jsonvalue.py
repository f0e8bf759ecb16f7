"""One JSON object from bytes: fast where it is sound, careful where it is not.

orjson parses; what it refuses or would pass over in silence goes to the standard library's parser:
lone surrogates (`"\\ud800"`, replaced by U+FFFD and counted), legacy encodings, raw control
characters in strings, the NaN and Infinity of programs that write numbers as they print them
(null), numbers past 64 bits (orjson makes them floats, and cannot write them: they are kept as
text), keys given twice with two values (of short ones within a record the later; else refused:
which of the two texts is meant cannot be known).
"""

from __future__ import annotations

import json
import math
import re
from contextlib import suppress
from typing import Any

import orjson

from scrub.read import fields as names
from scrub.read.encoding import Decoder
from scrub.read.stream import UnreadableError

_SURROGATE = re.compile("[\ud800-\udfff]")
_EXACT = 2.0**53
_TEXTS = frozenset({*names.TEXT, *names.HTML, *names.SHORT})  # of which each counts, even a brief
_SHORT = 100  # characters, by hand, of what may be given twice within a record and is no text
_SENTENCE = 8  # words of a text among others, by hand
_DEEPEST = 200  # levels; orjson writes 254, and metadata stands within others
_OPENING = re.compile(rb'\s*\{\s*("[^"\\]{1,100}")\s*:')
_SPACED = re.compile(rb'"[ \t\r\n]+:')


def load(data: bytes, decoder: Decoder) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The object in `data`, and a note for `metadata` where something was replaced or guessed.

    Raises UnreadableError: `bad-json`, `too-deep`, `duplicate-key`, `not-an-object`, or what the
    decoder raises.
    """
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        return _load_carefully(data, decoder)
    if names.is_prose(value, _SENTENCE):  # of a list of texts
        return {"text": value}, None
    if type(value) is not dict:
        raise _not_an_object(value)
    keys, is_exact = _survey(value)
    # A key that was given twice is gone from the value but not from the bytes.
    if is_exact and not _SPACED.search(data):
        marks = data.count(b'":')
        if marks != keys and b'\\\\":' not in data:  # a quotation within a text may end at a colon
            marks -= data.count(b'\\":')
        if marks == keys:
            return value, None
    return _load_carefully(data, decoder)


def apart(data: bytes) -> list[bytes]:
    """The records in bytes that are no JSON, as far as each begins as the first one does.

    So a quotation mark that is not closed costs its own record, and two may stand on one line.
    """
    opening = _OPENING.match(data)
    if not opening:
        with suppress(orjson.JSONDecodeError):  # a list of texts
            texts = orjson.loads(b"[%b]" % data)
            return list(map(orjson.dumps, texts)) if any(map(names.is_prose, texts)) else [data]
        return [data]
    again = rb"(?<=\})[ \t\r\n,]*(?=\{\s*" + re.escape(opening[1]) + rb"\s*:)"
    *parts, last = re.split(again, data)
    return [*parts, last.rstrip(b" \t\r\n,]")] if parts else [data]


def _survey(value: dict[str, Any]) -> tuple[int, bool]:
    """How many keys all objects in a value have, and whether all its numbers are exact.

    They are unless a float is so large that it may have been an integer.  Raises UnreadableError
    where it is too deep.
    """
    keys, is_exact, depth = len(value), True, 1
    level: list[Any] = [value.values()]
    while level:
        if depth > _DEEPEST:
            raise UnreadableError("too-deep", "nested too deeply")
        depth += 1
        deeper: list[Any] = []
        for items in level:
            for item in items:
                kind = type(item)
                if kind is dict:
                    keys += len(item)
                    deeper.append(item.values())
                elif kind is list:
                    deeper.append(item)
                elif kind is float and not -_EXACT <= item <= _EXACT:
                    is_exact = False
        level = deeper
    return keys, is_exact


def _load_carefully(data: bytes, decoder: Decoder) -> tuple[dict[str, Any], dict[str, Any] | None]:
    decoded = decoder.decode(data)
    objects = _Objects()
    try:
        value = json.loads(
            decoded.text,
            strict=False,
            object_pairs_hook=objects,
            parse_constant=lambda _: None,
            parse_float=_number,
            parse_int=_integer,
        )
    except RecursionError:
        raise UnreadableError("too-deep", "nested too deeply") from None
    except json.JSONDecodeError as error:
        raise UnreadableError("bad-json", f"{error.msg} at character {error.pos}") from None
    except ValueError as error:
        raise UnreadableError("bad-json", str(error).partition(";")[0]) from None
    if not isinstance(value, dict):
        raise _not_an_object(value)
    if objects.twice:
        raise _given_twice(objects.twice)
    _survey(value)
    note = decoded.metadata()
    if "\\ud" in decoded.text or "\\uD" in decoded.text:
        value, count = _without_surrogates(value)
        if count:
            note["lone_surrogates"] = count
    return value, note or None


class _Objects:
    """Makes objects of pairs, the outermost last."""

    twice = ""  # the key of the last one that was given twice

    def __call__(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """Of a key given twice what says something, as Mastodon's archives begin with an empty
        list of their posts; of two short values the later.
        """
        self.twice = ""
        value = dict(pairs)
        if len(value) != len(pairs):
            value = {}
            for key, item in pairs:
                held = value.get(key)
                value[key] = item or held
                if held and item and held != item:
                    self.twice = key
                    if names.plain(key) in _TEXTS or any(map(_is_text, (held, item))):
                        raise _given_twice(key)
        return value


def _is_text(value: object) -> bool:
    return isinstance(value, dict | list) or (isinstance(value, str) and len(value) > _SHORT)


def _given_twice(key: str) -> UnreadableError:
    return UnreadableError("duplicate-key", f"the key {key[:80]!r} is given twice")


def _number(text: str) -> float | str:
    value = float(text)
    return text if math.isinf(value) else value


def _integer(text: str) -> int | str:
    value = int(text)
    return value if -(2**63) <= value < 2**64 else text


def _not_an_object(value: object) -> UnreadableError:
    kind = "list" if isinstance(value, list) else "bare value"
    return UnreadableError("not-an-object", f"a {kind} where an object should be")


def _without_surrogates(value: Any) -> tuple[Any, int]:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        return _SURROGATE.subn("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, list):
        items = [_without_surrogates(item) for item in value]
        return [item for item, _ in items], sum(count for _, count in items)
    if isinstance(value, dict):
        pairs = [(_without_surrogates(k), _without_surrogates(v)) for k, v in value.items()]
        return {k: v for (k, _), (v, _) in pairs}, sum(m + n for (_, m), (_, n) in pairs)
    return value, 0
