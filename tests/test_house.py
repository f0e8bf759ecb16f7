"""The house rules that a machine can check: data goes one way, files stay small."""

from __future__ import annotations

import ast
import doctest
import re
import sys
from importlib import import_module
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "docs"))
from generate import floors, imports

PACKAGE = Path(__file__).parent.parent / "src" / "scrub"
ORDER = ["read", "clean", "match", "spin", "write"]
# HTML extraction is cleaning, and reading needs it; what a later stage's types are is no flow.
ALLOWED = {("read", "clean.html")}


@pytest.mark.parametrize("stage", ORDER)
def test_no_stage_imports_a_later_one(stage: str) -> None:
    later = ORDER[ORDER.index(stage) + 1 :]
    for path in (PACKAGE / stage).rglob("*.py"):
        for name in imports(path):
            allowed = any(stage == user and name.startswith(used) for user, used in ALLOWED)
            assert name.partition(".")[0] not in later or allowed, f"{path} imports {name}"


def test_hardly_anything_imports_what_imports_it() -> None:
    circles = [group for floor in floors() for group in floor if len(group) > 1]
    assert circles == [
        ["archive", "provenance", "write"],  # the report says who copied whom, of a result
        ["clean", "read"],  # the worker that reads a page has its article cut out
    ]


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


# What these change is the process's, and stands where it is: all of it is in `process.py`.
OF_THE_PROCESS = {
    "csv.field_size_limit", "faulthandler.enable", "gc.disable", "gc.enable", "gc.freeze",
    "gc.set_threshold", "locale.setlocale", "logging.basicConfig", "logging.disable",
    "multiprocessing.set_start_method", "np.random.seed", "np.seterr", "numba.set_num_threads",
    "os.chdir", "os.dup2", "os.environ.pop", "os.environ.setdefault", "os.environ.update",
    "os.nice", "os.putenv", "os.umask", "os.unsetenv", "random.seed", "resource.setrlimit",
    "signal.alarm", "signal.setitimer", "signal.signal", "socket.setdefaulttimeout",
    "sys.path.append", "sys.path.insert", "sys.setrecursionlimit", "sys.setswitchinterval",
    "warnings.filterwarnings", "warnings.simplefilter",
}  # fmt: skip
OTHERS = {
    "engine/spark/session.py: warnings.simplefilter",  # within `catch_warnings`
    "__main__.py: process.is_command",  # a switch of that module
}
# What a function sets again in its module, with the reason.
GLOBALS = {
    "limits.py: _ends",  # the handler of a signal is given nothing
    "cli/ending.py: _in_json",  # how a command speaks, from its options on
}


def changes_of_the_process(tree: ast.Module) -> set[str]:
    """Calls of OF_THE_PROCESS, and what is set in a module that the file imports."""
    imported = {
        (alias.asname or alias.name).partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if name in OF_THE_PROCESS or name.endswith((".setLevel", ".reconfigure")):
                found.add(name)
            elif name in ("setattr", "delattr") and ast.unparse(node.args[0]) in imported:
                found.add(ast.unparse(node))
        targets = (
            node.targets
            if isinstance(node, ast.Assign | ast.Delete)
            else [node.target]
            if isinstance(node, ast.AugAssign | ast.AnnAssign)
            else []
        )
        for target in targets:
            root = target
            while isinstance(root, ast.Attribute | ast.Subscript):
                root = root.value
            if root is not target and isinstance(root, ast.Name) and root.id in imported:
                found.add(ast.unparse(target))
    return found


def test_what_changes_the_process_is_in_one_place() -> None:
    found = {
        f"{path.relative_to(PACKAGE)}: {change}"
        for path in PACKAGE.rglob("*.py")
        for change in changes_of_the_process(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert len({name for name in found if name.startswith("process.py: ")}) >= 10
    assert {name for name in found if not name.startswith("process.py: ")} == OTHERS


def test_a_module_keeps_nothing_but_what_it_began_with() -> None:
    """No function sets a name of its module again, or adds to a table that stands there."""
    again, added = set(), set()
    for path in PACKAGE.rglob("*.py"):
        tree, name = ast.parse(path.read_text(encoding="utf-8")), path.relative_to(PACKAGE)
        tables = {
            target.id
            for node in tree.body
            if isinstance(node, ast.Assign | ast.AnnAssign)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name)
        }
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef):
                continue
            own = {n.id for n in ast.walk(function) if isinstance(n, ast.Name)
                   and isinstance(n.ctx, ast.Store)}  # fmt: skip
            own |= {argument.arg for argument in ast.walk(function.args)
                    if isinstance(argument, ast.arg)}  # fmt: skip
            for node in ast.walk(function):
                if isinstance(node, ast.Global):
                    again |= {f"{name}: {each}" for each in node.names}
                elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    owner = ast.unparse(node.func.value)
                    if node.func.attr in CHANGING and owner in tables - own:
                        added.add(f"{name}: {owner}.{node.func.attr}")
                elif (
                    isinstance(node, ast.Subscript)
                    and not isinstance(node.ctx, ast.Load)
                    and ast.unparse(node.value) in tables - own
                ):
                    added.add(f"{name}: {ast.unparse(node)}")
    assert again == GLOBALS
    assert not added


CHANGING = ("add", "append", "clear", "discard", "extend", "insert", "pop", "popitem", "remove",
            "setdefault", "update")  # fmt: skip
# Caches of what a file holds: it is one that nobody changes while it lies under this name.
OF_FILES = {
    "spin/flagging.py: _load_knowledge",  # a temporary folder, whose name comes once
    "spin/judge.py: load_model",
    "store/arrays.py: _whole",  # keyed by an opened file, which stays the one it was
    "store/lines.py: _frame",
}


def test_a_cache_is_bounded_and_no_file_changes_beneath_it() -> None:
    of_files = set()
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in tree.body:
            if not isinstance(function, ast.FunctionDef):
                continue
            caches = [ast.unparse(d) for d in function.decorator_list if "cache" in ast.unparse(d)]
            place = f"{path.relative_to(PACKAGE)}: {function.name}"
            assert caches != ["cache"] or not function.args.args, f"{place} keeps without bounds"
            assert "lru_cache(None)" not in caches, place
            given = " ".join(ast.unparse(a.annotation) for a in function.args.args if a.annotation)
            if caches and re.search(r"Path|File|Opened", given):
                of_files.add(place)
    assert of_files == OF_FILES | {"kernels.py: kept_in", "kernels.py: _looked_at"}  # our sources


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
                    assert ast.unparse(node) == "hand_down('PYSPARK_PYTHON', sys.executable)", path
                    assert "hand_down('PYTHONSAFEPATH', '1')" in ast.unparse(tree)
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
            numbers = {
                n.value
                for part in function.body
                for n in ast.walk(part)
                if isinstance(n, ast.Constant) and is_chosen(n.value)
            }
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


def is_chosen(value: object) -> bool:
    """Whether a constant is a fraction that is no half, no quarter and no power of ten."""
    return isinstance(value, float) and value not in (0, 0.25, 0.5, 1, 2, 10) and value > 1e-6


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
