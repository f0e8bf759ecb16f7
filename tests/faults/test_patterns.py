"""No regular expression of scrub can be made slow: each is found here and attacked.

An attack is read off the pattern: what leads to a repetition, then the repeated part many times,
then something that cannot follow.  Twice the text may take about twice the time.
"""

from __future__ import annotations

import ast
import importlib
import re
import time
from collections.abc import Iterator
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import scrub
from scrub.clean.lines import LONGEST

SOURCE = Path(scrub.__file__).parent
METHODS = ("search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer")
POOL = "a 1.\n'\"<>&;:/-_#=!?()[]A\t\0é’“\u00a0中{}|@$%*+,\\^`~\r"
# Patterns that see only texts of bounded length, and that length.
BOUNDED = {
    "scrub.clean.layout._LAST_WORD": 40,
    "scrub.clean.lines": LONGEST,
    "scrub.read.cut._CUT": 80,
    "scrub.spin.repair._SENTENCE_START": 12,
}
BOUNDED_SECONDS = 0.02
IMPORT = re.compile(r"^\s*(?:import|from) (?:re|regex)\b", re.MULTILINE)
Found = tuple[str, re.Pattern[Any], tuple[str, ...]]


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Those that import `re` or `regex`: all others are not loaded, some need extras."""
    for path in sorted(SOURCE.rglob("*.py")):
        name = ".".join(("scrub", *path.relative_to(SOURCE).with_suffix("").parts))
        text = path.read_text(encoding="utf-8")
        if not name.endswith("__main__") and IMPORT.search(text):
            yield name.removesuffix(".__init__"), ast.parse(text)


def patterns() -> list[Found]:
    found: list[Found] = []
    for name, tree in modules():
        names = vars(importlib.import_module(name))
        used: dict[str, set[str]] = {}
        for node in ast.walk(tree):
            match node:
                case ast.Attribute(value=ast.Name(id=owner), attr=method) if method in METHODS:
                    if owner in names:
                        used.setdefault(owner, set()).add(method)
                    elif method != "split":  # runs over a table of patterns; texts are split, too
                        used.setdefault("", set()).add(method)
        known = set()
        for place, pattern in held(names, name, 3):
            known.add(pattern.pattern)
            top = place.removeprefix(f"{name}.").split(".")[0]
            methods = used.get(top) or used.get("") or {"finditer", "match"}
            found.append((place, pattern, tuple(sorted(methods))))
        for node in ast.walk(tree):
            if (literal := inline(node)) is not None:
                method, text, line = literal
                if text not in known:
                    methods = {method} if method in METHODS else {"finditer", "match"}
                    found.append((f"{name}:{line}", re.compile(text), tuple(sorted(methods))))
    return found


def held(names: dict[str, Any], prefix: str, depth: int) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Patterns in the variables of a module, in containers and in its own classes too."""
    for name, value in names.items():
        place = f"{prefix}.{name}"
        if isinstance(value, re.Pattern):
            yield place, value
        elif depth and isinstance(value, (list, tuple, dict, set, frozenset)) and len(value) < 500:
            items = value.items() if isinstance(value, dict) else enumerate(value)
            yield from held({str(k): v for k, v in items}, place, depth - 1)
        elif depth and _is_ours(value):
            yield from held(dict(vars(value)), place, depth - 1)


def _is_ours(value: object) -> bool:
    kind = value if isinstance(value, type) else type(value)
    return kind.__module__.startswith("scrub") and hasattr(value, "__dict__")


def inline(node: ast.AST) -> tuple[str, Any, int] | None:
    """The method and the text of a call such as `re.sub(r"...", ...)`."""
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and node.func.attr in (*METHODS, "compile")
    ):
        return node.func.attr, node.args[0].value, node.lineno
    return None


def one_of(items: list[Any]) -> str:
    """A character of a set."""
    explicit = [chr(a if op is sre.LITERAL else a[0])
                for op, a in items if op in (sre.LITERAL, sre.RANGE)]  # fmt: skip
    return next((c for c in [*explicit, *POOL] if is_in(c, items)), "a")


def is_in(character: str, items: list[Any]) -> bool:
    negated = items[0][0] is sre.NEGATE
    kinds = {
        sre.CATEGORY_DIGIT: r"\d", sre.CATEGORY_NOT_DIGIT: r"\D", sre.CATEGORY_SPACE: r"\s",
        sre.CATEGORY_NOT_SPACE: r"\S", sre.CATEGORY_WORD: r"\w", sre.CATEGORY_NOT_WORD: r"\W",
    }  # fmt: skip
    for op, a in items:
        if (
            (op is sre.LITERAL and ord(character) == a)
            or (op is sre.RANGE and a[0] <= ord(character) <= a[1])
            or (op is sre.CATEGORY and re.match(kinds[a], character))
        ):
            return not negated
    return negated


def sample(items: Any, choice: int = 0) -> str:
    """A text that the parsed pattern matches, look-arounds aside; `choice` picks of branches."""
    made = []
    for op, a in items:
        if op is sre.LITERAL:
            made.append(chr(a))
        elif op is sre.NOT_LITERAL:
            made.append(next(c for c in POOL if ord(c) != a))
        elif op is sre.ANY:
            made.append("a")
        elif op is sre.IN:
            made.append(one_of(a))
        elif op is sre.BRANCH:
            made.append(sample(a[1][choice % len(a[1])], choice))
        elif op is sre.SUBPATTERN:
            made.append(sample(a[3], choice))
        elif op is sre.ATOMIC_GROUP:
            made.append(sample(a, choice))
        elif op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            made.append(sample(a[2], choice) * max(a[0], choice % 2))
    return "".join(made)


def repetitions(items: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """Each long repetition: what leads to it, and what it repeats."""
    for n, (op, a) in enumerate(items):
        lead = before + sample(list(items)[:n])
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            if a[1] > 20:
                for choice in range(4):
                    yield lead, sample(a[2], choice) or "a"
            yield from repetitions(a[2], lead)
        elif op is sre.BRANCH:
            for branch in a[1]:
                yield from repetitions(branch, lead)
        elif op is sre.SUBPATTERN:
            yield from repetitions(a[3], lead)
        elif op in (sre.ASSERT, sre.ASSERT_NOT):
            yield from repetitions(a[1], lead)
        elif op is sre.ATOMIC_GROUP:
            yield from repetitions(a, lead)


def attacks(pattern: re.Pattern[Any], size: int) -> Iterator[str]:
    parsed = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    pairs = {*repetitions(parsed), *(("", c) for c in " \na1.<&'-"), ("", "a "), ("", " \n")}
    pairs.add(("", sample(parsed) or "a"))
    for lead, pump in sorted(pairs):
        pumped = pump * (size // len(pump))
        for end in ("", "\0", "!", "\n"):
            yield lead + pumped + end
        if lead:
            yield (lead + pump) * (size // len(lead + pump))
            yield lead * (size // len(lead)) + "\0"


def seconds(pattern: re.Pattern[Any], method: str, text: str, *, times: int = 1) -> float:
    subject: Any = text
    if isinstance(pattern.pattern, bytes):
        subject = text.encode("utf-8", "surrogatepass")
    call = getattr(pattern, method)
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        if method in ("sub", "subn"):
            call("" if isinstance(pattern.pattern, str) else b"", subject)
        else:
            found = call(subject)
            if method == "finditer":
                for _ in found:
                    pass
        best = min(best, time.process_time() - start)
    return best


def is_slow(pattern: re.Pattern[Any], method: str, number: int, text: str, size: int) -> bool:
    # Four thousand steps take less than a millisecond, their square some tenths of a second.
    if seconds(pattern, method, text) < 0.02:
        return False
    texts = [list(attacks(pattern, length))[number] for length in (size // 2, 3 * size // 2)]
    small, large = (seconds(pattern, method, text, times=3) for text in texts)
    return large > 0.03 and large > 5.5 * small


FOUND = patterns()


@pytest.mark.parametrize("place", [place for place, _, _ in FOUND])
def test_a_pattern_takes_linear_time(place: str) -> None:
    _, pattern, methods = next(found for found in FOUND if found[0] == place)
    bound = next((n for start, n in BOUNDED.items() if place.startswith(start)), None)
    size = bound or 4000
    for number, text in enumerate(attacks(pattern, size)):
        for method in methods:
            attack = f"{pattern.pattern!r}.{method} on {text[:40]!r}...{text[-10:]!r}"
            if bound:
                assert seconds(pattern, method, text[:bound], times=2) < BOUNDED_SECONDS, attack
            else:
                assert not is_slow(pattern, method, number, text, size), attack


def test_every_pattern_is_found() -> None:
    """A pattern made in a function is a literal, or words put between literals."""
    literals = [p for _, tree in modules() for node in ast.walk(tree) if (p := inline(node))]
    assert len(FOUND) >= len(literals) / 2 > 20
    for name, tree in modules():
        for scope in ast.walk(tree):
            if isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
                for node in ast.walk(scope):
                    if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re."):
                        plain = inline(node) is not None or is_words(node)
                        assert plain, f"{name}:{node.lineno}: {ast.unparse(node)}"


def is_words(node: ast.Call) -> bool:
    """Whether a pattern repeats nothing without end, and is put together of escaped characters."""
    return ast.unparse(node.func) == "re.escape" or all(
        not set("*+") & set(str(part.value))
        if isinstance(part, ast.Constant)
        else isinstance(part, ast.Name) or ast.unparse(part).startswith("re.escape(")
        for part in parts(node.args[0])
    )


def parts(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield from parts(left)
            yield from parts(right)
        case ast.JoinedStr(values=values):
            for value in values:
                yield value.value if isinstance(value, ast.FormattedValue) else value
        case _:
            yield node


@pytest.mark.parametrize(
    ("text", "method", "size"),
    [("(a+)+$", "match", 22), ("(a|a)*b", "search", 20), (r"(?:\w+ ?)+!", "match", 22),
     (r"\s+$", "search", 4000), ("<.*?>", "finditer", 4000), (r"\d+\.", "sub", 4000)],
)  # fmt: skip
def test_the_attack_finds_what_is_slow(text: str, method: str, size: int) -> None:
    pattern = re.compile(text)
    assert any(
        seconds(pattern, method, attack) > 0.02
        if size < 100
        else is_slow(pattern, method, number, attack, size)
        for number, attack in enumerate(attacks(pattern, size))
    )
