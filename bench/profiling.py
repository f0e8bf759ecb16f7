"""Where the time of `scrub dedup` goes, by a sampling profiler outside the process (py-spy).

    python bench/profiling.py [--corpus docs.jsonl.gz] [--threads 1]

Two runs: one samples every busy thread, one only threads that hold the interpreter.  Compiled
kernels release the interpreter, so tokenising and hashing seen in the second run is what Python
itself (or a library call made by it) does: its share of the first run's samples is the figure.
Writes `bench/results/NAME.md`.
"""

from __future__ import annotations

import argparse
import datetime
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

import environment

environment.enter()  # from here on in bench/.venv

import measure  # noqa: E402

# Modules that cut text into words and hash them.
TOKENISING = re.compile(
    r"scrub/(match/(tokens|scan|numbers|features|signatures)|clean/(words|repeated)|"
    r"spin/(words|ngrams|web))\.py"
)
MODULE = re.compile(r"\((?:[^()]*/)?(scrub/[^:()]+\.py):\d+\)")
# Threads and workers that only wait for others.
WAITING = re.compile(r"(^|;)[^;]*(\.wait|\.select|_recv|__enter__ \(multiprocessing)[^;]*$")
IMPORTING = "<frozen importlib"


def main() -> None:
    """Profile, and write the result."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--name", default="profile")
    options = parser.parse_args()
    corpus = options.corpus or environment.default_corpus()[0]
    measure.warm_up(environment.scrub())
    busy = _sample(corpus, options.threads, holding=False)
    holding = _sample(corpus, options.threads, holding=True)
    total = sum(busy.values())
    by_place = _by_place(busy)
    share = sum(n for place, n in _by_place(holding).items() if TOKENISING.search(place)) / total
    lines = [
        "# Where the time of scrub dedup goes",
        "",
        f"{datetime.date.today():%Y-%m-%d}; {measure.machine()}; {options.threads} process(es); "
        f"{corpus.parent.name}; py-spy, 100 samples a second, {total} busy samples.",
        "",
        f"Tokenising and hashing that holds the interpreter: **{100 * share:.1f} %** of the run.",
        "",
        "| place (innermost scrub module) | share of busy samples |",
        "|---|---|",
        *(
            f"| {place} | {100 * n / total:.1f} % |"
            for place, n in by_place.most_common()
            if n >= total / 200
        ),
    ]
    path = environment.RESULTS / f"{options.name}.md"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(path.read_text(encoding="utf-8"))


def _sample(corpus: Path, threads: int, *, holding: bool) -> Counter[str]:
    """Stacks ("outer;...;inner") and their samples; waiting is left out."""
    scrub = Path(environment.scrub())
    with tempfile.TemporaryDirectory(prefix="scrub-bench-") as scratch:
        stacks = Path(scratch) / "stacks"
        spy = str(Path(sys.executable).with_name("py-spy"))
        command = [spy, "record", "--subprocesses", "--format", "raw", "-r", "100"]
        command += ["-o", str(stacks), *(["--gil"] if holding else []), "--"]
        command += [str(scrub.with_name("python")), str(scrub), "dedup", str(corpus)]
        command += ["-o", f"{scratch}/out", "-j", str(threads), "--quiet"]
        usage = measure.run(command, timeout=3600)
        if not (stacks.exists() and Path(scratch, "out", "run.json").exists()):
            raise SystemExit(f"no profile: {usage.error or usage.stdout[-300:]}")
        counted: Counter[str] = Counter()
        for line in stacks.read_text(encoding="utf-8").splitlines():
            stack, _, samples = line.rpartition(" ")
            if not WAITING.search(stack):
                counted[stack] += int(samples)
    return counted


def _by_place(stacks: Counter[str]) -> Counter[str]:
    """Samples by the innermost module of scrub; importing of libraries apart."""
    places: Counter[str] = Counter()
    for stack, samples in stacks.items():
        modules = MODULE.findall(stack)
        if IMPORTING in stack:
            places["importing"] += samples
        else:
            places[modules[-1] if modules else "outside scrub"] += samples
    return places


if __name__ == "__main__":
    main()
