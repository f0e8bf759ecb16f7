"""Flags as lines for people, editors and code review: text, JSON, SARIF 2.1.0, GitHub."""

from __future__ import annotations

import bisect
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scrub.distribution import version
from scrub.document import Flag

# Rule codes are stable: other programs filter by them.  docs/reference/rules.md describes each.
RULES = {
    "wording": ("SCR101", "a word that a machine probably substituted"),
    "determiner": ("SCR102", "a determiner that a machine probably substituted"),
    "number": ("SCR103", "a number that a machine probably rewrote"),
    "grammar": ("SCR104", "a disagreement that substitution leaves behind"),
    "phrase": ("SCR105", "a known tortured phrase"),
}

# A path or text from the input must not move the cursor, colour the terminal or fake a line.
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@dataclass(slots=True, frozen=True)
class Annotation:
    """A flag at its place in the input: `line` and `column` count from 1, in code points."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    flag: Flag

    @property
    def severity(self) -> str:
        """`warning` for what is rather sure, `suggestion` below."""
        return "warning" if self.flag.confidence >= 0.8 else "suggestion"

    @property
    def rule(self) -> str:
        """The stable code of the flag's kind."""
        return RULES[self.flag.kind][0]

    @property
    def message(self) -> str:
        """One readable line."""
        suggestion = f" -> {self.flag.suggestion!r}" if self.flag.suggestion else ""
        return f"{self.flag.text!r}{suggestion} ({self.flag.source}, {self.flag.confidence:.2f})"


class LineIndex:
    """Finds line and column of offsets in a text."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(m.end() for m in re.finditer(r"\r\n|\r|\n", text))]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of a code point offset, both from 1."""
        line = bisect.bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def render(annotations: Sequence[Annotation], form: str) -> str:
    """The annotations as `text`, `json`, `sarif` or `github`, without a final newline."""
    if form == "json":
        return json_text([_record(a) for a in annotations])
    if form == "sarif":
        return json_text(_sarif(annotations))
    return "\n".join(_github(a) if form == "github" else _text(a) for a in annotations)


def printable(text: str) -> str:
    """Scraped text with control characters and direction overrides shown as escapes."""
    return _UNSAFE.sub(lambda m: f"\\u{ord(m[0]):04x}", text)


def json_text(value: object) -> str:
    """A value as JSON, which knows the same escapes, so that a terminal is safe, too."""
    lines = json.dumps(value, ensure_ascii=False, indent=2).split("\n")
    return "\n".join(map(printable, lines))


def _text(a: Annotation) -> str:
    return f"{printable(a.path)}:{a.line}:{a.column}: {a.severity} {a.rule} {printable(a.message)}"


def _github(a: Annotation) -> str:
    level = "warning" if a.severity == "warning" else "notice"
    lines = f"line={a.line},endLine={a.end_line},col={a.column},endColumn={a.end_column}"
    return f"::{level} file={_property(a.path)},{lines},title={a.rule}::{_data(a.message)}"


def _data(text: str) -> str:
    return printable(text).replace("%", "%25")  # line ends are escapes by now


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _record(a: Annotation) -> dict[str, object]:
    return {
        "path": a.path, "line": a.line, "column": a.column, "end_line": a.end_line,
        "end_column": a.end_column, "severity": a.severity, "rule": a.rule, "id": a.flag.id,
        "text": a.flag.text, "suggestion": a.flag.suggestion, "kind": a.flag.kind,
        "source": a.flag.source, "confidence": round(a.flag.confidence, 4),
    }  # fmt: skip


def _sarif(annotations: Iterable[Annotation]) -> dict[str, object]:
    """OASIS SARIF 2.1.0, section 3.13 and following."""
    rules = [{"id": code, "shortDescription": {"text": text}} for code, text in RULES.values()]
    results = [
        {
            "ruleId": a.rule,
            "level": "warning" if a.severity == "warning" else "note",
            "message": {"text": a.message},
            "locations": [{"physicalLocation": {
                "artifactLocation": {"uri": _uri(a.path)},
                "region": {
                    "startLine": a.line, "startColumn": a.column,
                    "endLine": a.end_line, "endColumn": a.end_column,
                },
            }}],
            "rank": round(100 * a.flag.confidence, 2),
        }
        for a in annotations
    ]  # fmt: skip
    driver = {"name": "scrub", "version": version(), "rules": rules}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
        ],
    }


def _uri(path: str) -> str:
    from urllib.parse import quote

    return quote(path)
