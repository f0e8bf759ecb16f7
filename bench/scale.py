"""How `scrub dedup` grows: documents per second at several sizes, and inputs made to be awkward.

    python bench/scale.py [--sizes 5000,50000,500000] [--source docs.jsonl.gz] [--no-stress]

The corpora are made by `corpus.py` and kept in `bench/.data`.  What was measured before stays in
`bench/results/scale.csv` until it is measured again; `scale.md` and the log-log plot `scale.svg`
show all of it.
"""

from __future__ import annotations

import argparse
import datetime
import gzip
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import environment

environment.enter()  # from here on in bench/.venv

import pandas as pd  # noqa: E402

import articles  # noqa: E402
import measure  # noqa: E402
import plots  # noqa: E402
from score import score  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

QUALITY = ("recall_all", "recall_e", "recall_f", "pair_precision", "template_wrong")


def main() -> None:
    """Measure, and write the result."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", default="5000,50000,500000")
    parser.add_argument("--source", type=Path, help="JSON lines whose sentences are dealt")
    parser.add_argument("--source-truth", type=Path, help="its truth.csv: take only originals")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--timeout", type=float, default=3600, help="seconds for one run")
    parser.add_argument("--no-stress", dest="stress", action="store_false")
    options = parser.parse_args()
    if not environment.scrub():
        raise SystemExit("no scrub in the environment this was started from")
    source, truth = options.source, options.source_truth
    if source is None and environment.SHARED.is_dir():
        source, truth = environment.default_corpus()

    measure.warm_up(environment.scrub())
    rows = []
    for size in sorted(int(text) for text in options.sizes.split(",") if text):
        corpus = _corpus(size, source, truth)
        rows.append({"case": "articles", "documents": size, **_run(corpus, options)})
        print(rows[-1], file=sys.stderr)
    for case, size, write in STRESS if options.stress else []:
        with tempfile.TemporaryDirectory(prefix="scrub-bench-") as scratch:
            corpus = Path(scratch) / "docs.jsonl.gz"
            with gzip.open(corpus, "wt", encoding="utf-8", compresslevel=1) as file:
                for i, text in enumerate(write(size)):
                    file.write(json.dumps({"id": f"s{i:06d}", "text": text}) + "\n")
            rows.append({"case": case, "documents": size, **_run(corpus, options)})
            print(rows[-1], file=sys.stderr)
    table = environment.RESULTS / "scale.csv"
    runs = pd.DataFrame(rows)
    if table.exists():
        runs = pd.concat([pd.read_csv(table, keep_default_na=False, na_values=[""]), runs])
    runs["failed"] = runs["failed"].fillna("")
    runs = runs.drop_duplicates(["case", "documents"], keep="last")
    _write(runs.sort_values(["case", "documents"]), "given sentences" if source else "the grammar")


def _identical(n: int) -> Iterator[str]:
    """The same article `n` times."""
    text = "\n\n".join(articles.sentences(20, random.Random("identical")))
    return (text for _ in range(n))


def _one_large(megabytes: int) -> Iterator[str]:
    """One document of so many megabytes."""
    rng = random.Random("large")
    block = articles.sentences(20_000, rng)
    pieces, size = [], 0
    while size < megabytes * 1_000_000:
        pieces.append(rng.choice(block))
        size += len(pieces[-1]) + 1
    yield "\n".join(pieces)


def _one_template(n: int) -> Iterator[str]:
    """`n` articles written from one template: none is a copy of another."""
    rng = random.Random("template")
    for _ in range(n):
        yield "\n\n".join(articles.from_template(rng, "results")[1])


# Each at half its size too: twice the input must not take much more than twice the time.
STRESS: list[tuple[str, int, Callable[[int], Iterator[str]]]] = [
    ("identical documents", 50_000, _identical),
    ("identical documents", 100_000, _identical),
    ("one document, MB", 25, _one_large),
    ("one document, MB", 50, _one_large),
    ("one template", 500, _one_template),
    ("one template", 1_000, _one_template),
]


def _corpus(size: int, source: Path | None, truth: Path | None) -> Path:
    """A corpus of `size` articles, made once."""
    out = environment.DATA / f"{'dealt' if source else 'made'}{size}"
    docs = out / "docs.jsonl.gz"
    if not docs.exists():
        command = [sys.executable, str(environment.HERE / "corpus.py"), "-n", str(size)]
        command += ["-o", str(out)]
        if source:
            command += ["--source", str(source)]
        if source and truth:
            command += ["--source-truth", str(truth)]
        subprocess.run(command, check=True)
    return docs


def _run(corpus: Path, options: argparse.Namespace) -> dict[str, Any]:
    """One `scrub dedup` without any cache: what it took, its stages, and how well it did."""
    with tempfile.TemporaryDirectory(prefix="scrub-bench-") as scratch:
        out = Path(scratch) / "out"
        command = [environment.scrub(), "dedup", str(corpus), "-o", str(out)]
        command += ["-j", str(options.threads), "--quiet", "--set", "read.max_record_mb=100"]
        usage = measure.run(command, timeout=options.timeout)
        row: dict[str, Any] = {"wall": usage.wall, "cpu": usage.cpu, "peak_mb": usage.peak_mb}
        row["date"] = f"{datetime.date.today():%Y-%m-%d}"
        row["failed"] = f"exit {usage.code}: {usage.error}" if usage.code else ""
        if usage.code:
            return row
        record = json.loads((out / "run.json").read_text(encoding="utf-8"))
        row |= {"kept": record["counts"]["kept"], "rejected": record["counts"]["rejected"]}
        row |= {f"stage_{name}": value for name, value in record["stages"].items()}
        truth = corpus.with_name("truth.csv")
        if truth.exists():
            figures = score(truth, out / "dedup.csv")
            row |= {f"recall_{kind}": value for kind, value in figures.pop("recall").items()}
            row |= figures
    return row


def _write(runs: pd.DataFrame, what: str) -> None:
    """The raw runs, the tables and the plot."""
    environment.RESULTS.mkdir(exist_ok=True)
    runs.round(4).to_csv(environment.RESULTS / "scale.csv", index=False, lineterminator="\n")
    failed = runs[runs["failed"] != ""]
    table = runs[runs["failed"] == ""]
    grown = table[table["case"] == "articles"]
    lines = [
        "# How scrub dedup grows",
        "",
        f"{' and '.join(sorted(set(runs['date'])))}; {measure.machine()}.",
        "",
        f"- {measure.MEMORY_NOTE[0].upper()}{measure.MEMORY_NOTE[1:]}.",
        f"- Articles: made by `bench/corpus.py` from {what}, 12 % planted copies (kinds a, b, c, "
        "e, f). Caches are empty, kernels compiled.",
        "",
    ]
    if len(grown):
        quality = [c for c in QUALITY if c in grown]
        stages = [c for c in grown.columns if c.startswith("stage_") and grown[c].max() > 0.05]
        heads = ["documents", "wall s", "CPU s", "docs/s", "peak MB", *quality, *stages]
        heads = [head.removeprefix("stage_") for head in heads]
        lines += ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
        for row in grown.to_dict("records"):
            cells = [f"{row['documents']:,}", f"{row['wall']:.1f}", f"{row['cpu']:.1f}"]
            cells += [f"{row['documents'] / row['wall']:,.0f}", f"{row['peak_mb']:.0f}"]
            cells += [f"{row[c]:g}" for c in quality] + [f"{row[c]:.1f}" for c in stages]
            lines.append("| " + " | ".join(cells) + " |")
        lines += ["", "![growth](scale.svg)", ""]
        plots.growth(grown, environment.RESULTS / "scale.svg")
    rest = table[table["case"] != "articles"]
    if len(rest):
        lines += [
            "| awkward input | size | wall s | CPU s | peak MB | kept |",
            "|---|---|---|---|---|---|",
        ]
        for row in rest.to_dict("records"):
            cells = [str(row["case"]), f"{row['documents']:,}", f"{row['wall']:.1f}"]
            cells += [f"{row['cpu']:.1f}", f"{row['peak_mb']:.0f}", f"{row['kept']:,.0f}"]
            lines.append("| " + " | ".join(cells) + " |")
        lines.append("")
    lines += [f"- {row.case}, {row.documents:,}: {row.failed}" for row in failed.itertuples()]
    path = environment.RESULTS / "scale.md"
    path.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    print(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
