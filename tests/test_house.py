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


@pytest.mark.parametrize("stage", ["match", "spin"])
def test_a_package_says_in_which_order_its_modules_decide(stage: str) -> None:
    said = ast.get_docstring(ast.parse((PACKAGE / stage / "__init__.py").read_text("utf-8"))) or ""
    modules = {path.stem for path in (PACKAGE / stage).glob("*.py")} - {"__init__"}
    packages = {path.parent.name for path in (PACKAGE / stage).glob("*/__init__.py")}
    assert not {name for name in modules | packages if f"`{name}`" not in said}


def test_examples_in_docstrings_are_true() -> None:
    tried = 0
    for path in PACKAGE.rglob("*.py"):
        if ">>> " in path.read_text(encoding="utf-8"):
            name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
            found = doctest.testmod(import_module(name.removesuffix(".__init__")))
            assert not found.failed, name
            tried += found.attempted
    assert tried >= 8


ORIGINS = (
    "by hand",
    "fitted",
    "tools/",
    "bench/",
    "measured",
    "own default",
    "the sum of",
    "counted on",
    "bits",
)
SPELT = ("re.compile", "<<", "ord(", "0x", "range(", "word_hash", "np.full")  # no choice of ours


@pytest.mark.parametrize("stage", ["clean", "match", "spin"])
def test_a_number_that_decides_says_where_it_comes_from(stage: str) -> None:
    """In its own comment, in that of the constants it stands among, or in the file's docstring."""
    for path in (PACKAGE / stage).rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        lines, tree = source.splitlines(), ast.parse(source)
        first = 0
        for node in tree.body:
            if not isinstance(node, ast.Assign | ast.AnnAssign):
                first = node.end_lineno or 0
            elif decides(node, ast.get_source_segment(source, node) or ""):
                said = [ast.get_docstring(tree) or "", *lines[first : node.end_lineno]]
                place = f"{path}:{node.lineno}"
                assert any(each in " ".join(said).lower() for each in ORIGINS), place


@pytest.mark.parametrize("stage", ["clean", "match", "spin"])
def test_a_number_within_a_function_says_where_it_comes_from(stage: str) -> None:
    """A fraction in a body, in its function or the file's docstring.  Defaults are settings'."""
    for path in (PACKAGE / stage).rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        tree = ast.parse(source)
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef) or path.name in KEEPS_A_SERVER:
                continue
            numbers = {n.value for part in function.body for n in ast.walk(part) if is_chosen(n)}
            said = f"{ast.get_docstring(tree)} {ast.get_source_segment(source, function)}".lower()
            place = f"{path}:{function.lineno} {numbers}"
            assert not numbers or any(each in said for each in ORIGINS), place


def test_every_script_that_fits_or_makes_numbers_is_listed_with_them() -> None:
    """And every file of them that is shipped, by its name."""
    page = (PACKAGE.parent.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
    scripts = [p for p in (PACKAGE.parent.parent / "tools").glob("*.py") if p.stem[:4] in KINDS]
    stages = [PACKAGE / stage for stage in ("clean", "match", "spin")]
    shipped = [p for s in stages for p in s.rglob("*") if p.suffix in (".json", ".npz", ".xz")]
    assert len(scripts) > 10
    assert len(shipped) > 8
    assert [p.name for p in (*scripts, *shipped) if f"{p.name}`" not in page] == []


KINDS = ("fit_", "make")
KEEPS_A_SERVER = ("client.py", "guard.py", "install.py", "server.py")  # of LanguageTool: seconds


def is_chosen(node: ast.AST) -> bool:
    """Whether a node is a fraction that is no half, no quarter and no power of ten."""
    return (
        isinstance(node, ast.Constant)
        and type(node.value) is float
        and node.value not in (0, 0.25, 0.5, 1, 2, 10)
        and node.value > 1e-6
    )


def decides(node: ast.Assign | ast.AnnAssign, text: str) -> bool:
    """Whether a constant is a number that somebody chose, and no bit, place or name of a kind."""
    numbers = [
        n.value
        for n in ast.walk(node)
        if isinstance(n, ast.Constant) and type(n.value) in (int, float)
    ]
    if not set(numbers) - {0, 1, 2} or numbers == [float(n) for n in range(len(numbers))]:
        return False
    return not any(each in text for each in SPELT)
