"""The house rules that a machine can check: data goes one way, files stay small."""

from __future__ import annotations

import ast
import doctest
from importlib import import_module
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "src" / "scrub"
ORDER = ["read", "clean", "match", "spin", "write"]
# HTML extraction is cleaning, and reading needs it; what a later stage's types are is no flow.
ALLOWED = {("read", "clean.html")}


def imports(path: Path) -> set[str]:
    """The scrub modules that a file imports at run time, without the leading `scrub.`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(node)
        for branch in ast.walk(tree)
        if isinstance(branch, ast.If) and "TYPE_CHECKING" in ast.dump(branch.test)
        for node in ast.walk(branch)
    }
    names: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return {name.removeprefix("scrub.") for name in names if name.startswith("scrub.")}


@pytest.mark.parametrize("stage", ORDER)
def test_no_stage_imports_a_later_one(stage: str) -> None:
    later = ORDER[ORDER.index(stage) + 1 :]
    for path in (PACKAGE / stage).rglob("*.py"):
        for name in imports(path):
            allowed = any(stage == user and name.startswith(used) for user, used in ALLOWED)
            assert name.partition(".")[0] not in later or allowed, f"{path} imports {name}"


def test_only_the_pipeline_knows_the_engine() -> None:
    users = {
        p.name
        for p in PACKAGE.rglob("*.py")
        if "engine" not in p.relative_to(PACKAGE).parts
        and any(n.startswith("engine") for n in imports(p))
    }
    assert users == {"pipeline.py"}


def test_only_the_command_line_prints() -> None:
    """The rest is a library: it returns, raises or calls back; progress is the callback's line."""
    prints = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    }
    others = {name for name in prints if not name.startswith("cli/")}
    assert others == {"__main__.py", "java.py", "progress.py"}


@pytest.mark.slow
def test_no_python_is_started_that_imports_from_the_current_folder() -> None:
    """Where `sys.executable` begins a command, `-P` or `-I` follows; it stands nowhere else but
    where Spark is told of it, with PYTHONSAFEPATH beside, and where it is shown or compared."""
    starts = 0
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            for part in ast.iter_child_nodes(node):
                if ast.unparse(part) != "sys.executable":
                    continue
                if isinstance(node, ast.List):
                    first, second, *_ = map(ast.unparse, node.elts)
                    assert (first, second[1:-1]) in (
                        ("sys.executable", "-P"), ("sys.executable", "-I"),
                    ), path  # fmt: skip
                    starts += 1
                elif isinstance(node, ast.Call):
                    assert ast.unparse(node) == (
                        "os.environ.setdefault('PYSPARK_PYTHON', sys.executable)"
                    ), path
                    assert "os.environ.setdefault('PYTHONSAFEPATH', '1')" in ast.unparse(tree)
                else:
                    assert isinstance(node, ast.Compare | ast.FormattedValue), path
    assert starts == 3


def test_modules_are_small_and_say_what_they_are() -> None:
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if not text:
            continue
        assert ast.get_docstring(ast.parse(text)), f"{path} says nothing of itself"
        assert len(text.splitlines()) <= 400, f"{path} is too long"


def test_examples_in_docstrings_are_true() -> None:
    tried = 0
    for path in PACKAGE.rglob("*.py"):
        if ">>> " in path.read_text(encoding="utf-8"):
            name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
            found = doctest.testmod(import_module(name.removesuffix(".__init__")))
            assert not found.failed, name
            tried += found.attempted
    assert tried >= 8
