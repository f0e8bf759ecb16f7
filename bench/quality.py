"""Every figure of quality on the labelled data, and how far scores and confidences can be trusted.

    python bench/quality.py [--quick]

Writes `quality.csv`, `quality.md` and `reliability.svg` into `bench/results/`.  `--quick` leaves
out what needs LanguageTool or 50,000 documents.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import subprocess
import tempfile
from pathlib import Path

from environment import PYTHON, RESULTS, install
from figures import (
    NO_JAVA,
    Figures,
    alone,
    copies,
    encoding,
    isolated,
    pages,
    reuters,
    rewrites,
    seeds,
    spun_words,
    summaries,
)
from labelled import Labelled, flags, read_csv, scrub, touched
from spin_tables import figures as spin_tables
from standing import figures as standing

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ROOT / "tests" / "quality" / "floors.json"
BINS = 10
BIN_COLUMNS = ("what", "from", "number", "stated", "right", "exact")


def main() -> None:
    """Measure, and write the tables and the plot."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    measured: dict[str, Figures] = {}
    bins: list[dict[str, str | float]] = []
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        near5k = Labelled("near5k")
        ways = {"": NO_JAVA} if quick else {"": NO_JAVA, ", LanguageTool": ()}
        for name, options in ways.items():
            folder = _empty(work, f"near5k{name}")
            out = folder / "out"
            scrub("run", near5k.documents, "-o", out, *options)
            measured["near5k copies"] = copies(near5k, out)
            measured[f"near5k spin{name}"] = spun_words(near5k, out, folder)
            bins = flag_bins(near5k, out)
            measured[f"near5k alone{name}"] = alone(near5k, folder, *options)
            measured[f"near5k isolated{name}"] = isolated(near5k, folder, *options)
        measured |= {
            "summaries": summaries(work), "reuters": reuters(work), "rewrites": rewrites(work),
            "pages": pages(work), "encoding": encoding(), "standing": standing(),
            "spinners as tables": spin_tables(work),
        }  # fmt: skip
        if not quick:
            measured["seeds"] = seeds(ROOT / "seeds", work)
            near50k = Labelled("near50k")
            scrub("dedup", near50k.documents, "-o", work / "near50k")
            measured["near50k copies"] = copies(near50k, work / "near50k")
            bins = score_bins(near50k, work / "near50k") + bins
    write(measured, bins)


def score_bins(data: Labelled, out: Path) -> list[dict[str, str | float]]:
    """Of the documents given a spin score, how many are spun: ten bins."""
    rows = read_csv(out / "dedup.csv")
    scored = [(float(row["spin_score"]), row["id"] in data.spans) for row in rows]
    return _bins("spin_score", [(score, spun, spun) for score, spun in scored])


def flag_bins(data: Labelled, out: Path) -> list[dict[str, str | float]]:
    """Of the wording flags of each source, how many touch a replaced word, and restore it."""
    scored: dict[str, list[tuple[float, bool, bool]]] = {}
    for row in flags(out):
        if row["kind"] != "wording":
            continue
        hit = touched(row, data.spans.get(row["id"], ()))
        exact = any(s["original"].lower() == row["suggestion"].lower() for s in hit)
        scored.setdefault(row["source"].partition(":")[0], []).append(
            (float(row["confidence"]), bool(hit), exact)
        )
    return [row for source in sorted(scored) for row in _bins(source, scored[source])]


def _bins(what: str, scored: list[tuple[float, bool, bool]]) -> list[dict[str, str | float]]:
    rows: list[dict[str, str | float]] = []
    for low in range(BINS):
        inside = [t for t in scored if min(BINS - 1, int(t[0] * BINS)) == low]
        if inside:
            mean = [round(sum(column) / len(inside), 4) for column in zip(*inside, strict=True)]
            values = (what, low / BINS, len(inside), *mean)
            rows.append(dict(zip(BIN_COLUMNS, values, strict=True)))
    return rows


def write(measured: dict[str, Figures], bins: list[dict[str, str | float]]) -> None:
    """The files of the results."""
    RESULTS.mkdir(exist_ok=True)
    floors = json.loads(FLOORS.read_text("utf-8"))
    lines = ["section,figure,measured,floor"]
    text = ["# Quality on the labelled data", "", "Floors are held by `make quality`.", ""]
    for section, figures in measured.items():
        pinned = floors.get(section, {})
        held = {**pinned.get("at_least", {}), **pinned.get("at_most", {})}
        text += [f"## {section}", "", "| figure | measured | floor |", "|---|---|---|"]
        for name, value in figures.items():
            floor = held.get(name, "")
            lines.append(f'"{section}",{name},{value:.4f},{floor}')
            text.append(f"| {name} | {value:.4f} | {floor} |")
        text.append("")
    (RESULTS / "quality.csv").write_text("\n".join(lines) + "\n", "utf-8")
    table = io.StringIO()
    writer = csv.DictWriter(table, BIN_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(bins)
    (RESULTS / "reliability.csv").write_text(table.getvalue(), "utf-8")
    text += [
        "## How far scores and confidences can be trusted", "",
        "`spin_score` over near50k, by `scrub dedup`, where copies name the spun side: the share",
        "that is spun.  Wording flags over near5k: the share that touches a replaced word, and the",
        "share that restores it.", "",
        "![reliability](reliability.svg)", "",
        "| what | from | number | stated | right | exact |", "|---|---|---|---|---|---|",
        *("| " + " | ".join(str(row[c]) for c in BIN_COLUMNS) + " |" for row in bins), "",
    ]  # fmt: skip
    (RESULTS / "quality.md").write_text("\n".join(text), "utf-8")
    install()
    plot = Path(__file__).with_name("reliability_plot.py")
    subprocess.run(
        [PYTHON, plot, RESULTS / "reliability.csv", RESULTS / "reliability.svg"], check=True
    )


def _empty(work: Path, name: str) -> Path:
    folder = work / name.replace(", ", "_")
    folder.mkdir()
    return folder


if __name__ == "__main__":
    main()
