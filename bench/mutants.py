"""Mutation testing: what would the tests of a package not notice?

    python bench/mutants.py [--minutes 60] [--each 60] [--seed 1] [PACKAGE ...]

Cosmic Ray makes the mutants: of the lines that decide something (comparisons, `and`, `or`, `not`,
`break`, additions, loops) one place is changed, and the tests of that package alone are run on it,
without those that are marked slow; first those that import the changed file.
A sample is drawn by the seed, kernels included.  Works on copies of the checkout, one for each
core; ends at the time limit with what it has.  Writes `bench/results/mutants.md`: the share
killed, and the difference that each survivor is; what was read from several draws is written by
hand in `mutants_read.md` beside it.  A mutant of a kernel has its file compiled anew.
"""

from __future__ import annotations

import argparse
import datetime
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).with_name("results") / "mutants.md"
PACKAGES = {
    "match": (
        "src/scrub/match",
        "test_match_*.py test_keep.py test_clusters.py laws/test_match_laws.py",
    ),
    "spin": (
        "src/scrub/spin",
        "test_spin_*.py laws/test_spin_*.py test_languagetool*.py test_setup.py "
        "faults/test_languagetool_faults.py",
    ),
    "clean": ("src/scrub/clean", "test_clean_*.py laws/test_clean_*.py test_read_contents.py"),
    "read": ("src/scrub/read", "test_read*.py laws/test_read_*.py"),
    "store": (
        "src/scrub/store",
        "test_store_*.py laws/test_store_laws.py laws/test_arrays_laws.py test_against.py "
        "test_compressed.py",
    ),
    "write": (
        "src/scrub/write",
        "test_write*.py test_output.py test_report*.py test_compare.py test_match_alignment.py "
        "faults/test_old_or_new.py",
    ),
}
# Both ways each; Cosmic Ray's other replacements are mostly no Python that anybody would write.
SWAPPED = ("Lt LtE", "Gt GtE", "Lt Gt", "LtE GtE", "Eq NotEq", "Is IsNot")
OPERATORS = (
    *(
        f"ReplaceComparisonOperator_{a}_{b}"
        for pair in (both.split() for both in SWAPPED)
        for a, b in (pair, pair[::-1])
    ),
    *("ReplaceBinaryOperator_Add_Sub", "ReplaceBinaryOperator_Sub_Add"),
    *("ReplaceAndWithOr", "ReplaceOrWithAnd", "AddNot", "ReplaceUnaryOperator_Delete_Not"),
    *("ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceBreakWithContinue"),
    *("ReplaceContinueWithBreak", "ZeroIterationForLoop"),
)
# Behind these, and of types, no result depends on what stands there, unless other code is wrong.
NO_LOGIC = ("slots=", "frozen=", "strict=")


class Mutant(NamedTuple):
    """One place that can be changed."""

    package: str
    path: Path  # below the checkout
    line: int
    operator: str
    occurrence: int


class Fate(NamedTuple):
    """What the tests made of a mutant: `killed`, `survived`, or `no mutant`."""

    mutant: Mutant
    outcome: str
    before: str  # the changed lines
    after: str


def main() -> None:
    """Draw the mutants, try them, write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("packages", nargs="*", metavar="PACKAGE", help=", ".join(PACKAGES))
    parser.add_argument("--minutes", type=float, default=60, help="time limit (%(default)s)")
    parser.add_argument("--each", type=int, default=60, help="mutants a package (%(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    drawn = sample(args.packages or list(PACKAGES), args.each, args.seed)
    with tempfile.TemporaryDirectory() as folder:
        fates = run(drawn, Path(folder), time.monotonic() + args.minutes * 60)
    RESULTS.write_text(page(fates, len(drawn), args.seed), encoding="utf-8")
    print(RESULTS)


def sample(packages: list[str], each: int, seed: int) -> list[Mutant]:
    """Mutants of each package, taken in turns so that a run that is cut short has some of all."""
    of = []
    for package in packages:
        where = ROOT / PACKAGES[package][0]
        files = sorted(where.rglob("*.py")) if where.is_dir() else [where]
        places = [mutant for file in files for mutant in mutants(package, file)]
        random.Random(f"{seed} {package}").shuffle(places)
        of.append(places[:each])
    return [mutant for turn in range(each) for places in of for mutant in places[turn : turn + 1]]


def mutants(package: str, file: Path) -> list[Mutant]:
    """All mutants of a file that change its logic."""
    from cosmic_ray.ast import ast_nodes, get_ast_from_path
    from cosmic_ray.plugins import get_operator

    nodes = list(ast_nodes(get_ast_from_path(file)))
    lines = file.read_text(encoding="utf-8").splitlines()
    return [
        Mutant(package, file.relative_to(ROOT), line, operator, occurrence)
        for operator in OPERATORS
        for occurrence, ((line, column), _) in enumerate(
            place
            for node in nodes
            for place in get_operator(f"core/{operator}")().mutation_positions(node)
        )
        if lines[line - 1] != "if TYPE_CHECKING:"
        and not lines[line - 1][:column].endswith(NO_LOGIC)
    ]


def run(drawn: list[Mutant], folder: Path, end: float) -> list[Fate]:
    """The fates of the mutants that were tried before the end; a copy of the checkout a core."""
    copies: Queue[Path] = Queue()
    for number in range(os.cpu_count() or 1):
        copy = folder / str(number)
        ignored = shutil.ignore_patterns(".venv", ".git", "out", "site", "__pycache__")
        shutil.copytree(ROOT, copy, ignore=ignored)
        copies.put(copy)
    limits = {}
    for package in {mutant.package for mutant in drawn}:
        start = time.monotonic()
        if not passes(folder / "0", package, 1800):
            sys.exit(f"the tests of {package} fail without a mutant")
        limits[package] = 60 + 5 * (time.monotonic() - start)

    def fate(mutant: Mutant) -> Fate | None:
        if time.monotonic() > end:
            return None
        copy = copies.get()
        try:
            return attempt(mutant, copy, limits[mutant.package])
        finally:
            copies.put(copy)

    with ThreadPoolExecutor(copies.qsize()) as pool:
        return [one for one in pool.map(fate, drawn) if one]


def attempt(mutant: Mutant, copy: Path, seconds: float) -> Fate:
    """Run the tests on a copy with one mutant in it; one that never ends is killed."""
    from cosmic_ray.mutating import use_mutation
    from cosmic_ray.plugins import get_operator

    operator = get_operator(f"core/{mutant.operator}")()
    with use_mutation(copy / mutant.path, operator, mutant.occurrence) as (before, after):
        if after is None:
            return Fate(mutant, "no mutant", "", "")
        outcome = "survived" if passes(copy, mutant.package, seconds, mutant.path) else "killed"
    changed = [
        (old, new)
        for old, new in zip(before.splitlines(), after.splitlines(), strict=False)
        if old != new
    ]
    old, new = changed[0] if changed else ("", "")
    fate = Fate(mutant, outcome, old.strip(), new.strip())
    print(outcome, f"{mutant.path}:{mutant.line}", fate.after, flush=True)
    return fate


def passes(copy: Path, package: str, seconds: float, changed: Path = Path()) -> bool:
    """Whether the tests of a package pass in a copy within some seconds, those of a file first."""
    paths = [
        p for glob in PACKAGES[package][1].split() for p in sorted((copy / "tests").glob(glob))
    ]
    about = re.compile(rf"import .*\b{changed.stem}\b|\.{changed.stem} import")
    tests = sorted(paths, key=lambda path: not about.search(path.read_text(encoding="utf-8")))
    options = ["-q", "-x", "-p", "no:cacheprovider", "-n0", "-m", "not slow"]
    command = [sys.executable, "-m", "pytest", *options, *map(str, tests)]
    settings = os.environ | {"PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, cwd=copy, env=settings, timeout=seconds, capture_output=True, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def page(fates: list[Fate], drawn: int, seed: int) -> str:
    """The results as a page."""
    tried = [fate for fate in fates if fate.outcome != "no mutant"]
    lines = [
        "# Mutants",
        "",
        f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}; `make mutants`, seed {seed}; "
        f"{len(tried)} of {drawn} drawn were tried before the time limit. A mutant is killed "
        "where a test of its own package fails or does not end; slow tests are left out. What was "
        "read from several draws is in [mutants_read.md](mutants_read.md).",
        "",
        "| package | tried | killed | share |",
        "|---|---|---|---|",
    ]
    for name, packages in (*((package, (package,)) for package in PACKAGES), ("all", PACKAGES)):
        count = Counter(fate.outcome for fate in tried if fate.mutant.package in packages)
        if total := sum(count.values()):
            lines.append(
                f"| {name} | {total} | {count['killed']} | {count['killed'] / total:.2f} |"
            )
    lines += ["", "## Survivors", "", "| where | is | with the mutant |", "|---|---|---|"]
    for fate in sorted(tried):
        if fate.outcome == "survived":
            where = f"{fate.mutant.path.relative_to('src/scrub')}:{fate.mutant.line}"
            cells = [f"`{cell}`".replace("|", r"\|") for cell in (where, fate.before, fate.after)]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
