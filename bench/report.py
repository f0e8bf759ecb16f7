"""How large the report of a run is, and how soon a browser can be used on it.

usage: report.py OUT [--rounds 7] [-o FOLDER]

OUT is a finished run.  Its report is opened from the file in a fresh profile of headless Chromium
(Playwright drives the one on the PATH), on a desk and on a phone's screen: first paint, the page's
script done and every control live, and a search typed into the list of clusters, as milliseconds
until the next frame.  The medians go to the terminal and to `report.md` in FOLDER
(`bench/results`).
"""

from __future__ import annotations

import argparse
import datetime
import gzip
import json
import os
import shutil
import statistics
from pathlib import Path

from playwright.sync_api import sync_playwright

SCREENS = {"desk, 1280 x 900": (1280, 900), "phone, 390 x 844": (390, 844)}
TIMES = """() => [
  performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN,
  performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd,
]"""
SEARCH = """() => new Promise((done) => {
  const field = document.getElementById("cluster-search"), start = performance.now();
  field.value = "oil";
  field.dispatchEvent(new Event("input", {bubbles: true}));
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)));
})"""


def main() -> None:
    """Open the report, time it, write the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("-o", "--out", type=Path, default=Path(__file__).parent / "results")
    options = parser.parse_args()
    record = json.loads((options.run / "run.json").read_text(encoding="utf-8"))
    page = (options.run / "report.html").read_bytes()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        version = browser.version
        rows = []
        for name, (width, height) in SCREENS.items():
            rounds = []
            for _ in range(options.rounds):
                context = browser.new_context(viewport={"width": width, "height": height})
                tab = context.new_page()
                tab.goto((options.run / "report.html").resolve().as_uri())
                tab.wait_for_selector("html[data-ready]")
                rounds.append([*tab.evaluate(TIMES), tab.evaluate(SEARCH)])
                context.close()
            paint, ready, search = (
                statistics.median(column) for column in zip(*rounds, strict=True)
            )
            rows.append(f"| {name} | {paint:.0f} | {ready:.0f} | {search:.0f} |")
        browser.close()
    lines = [
        "# The report in a browser",
        "",
        f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}, {os.cpu_count()} cores, Chromium "
        f"{version}, median of {options.rounds} openings from the file, a fresh profile each.",
        "",
        f"`scrub {record['command']}` over {record['counts']['read']:,} articles: report.html has "
        f"{len(page) / 1e6:.2f} MB ({len(gzip.compress(page)) / 1e6:.2f} MB gzipped).",
        "",
        "| screen | first paint, ms | interactive, ms | a search in the clusters, ms |",
        "|---|---|---|---|",
        *rows,
    ]
    text = "\n".join(lines) + "\n"
    print(text)
    (options.out / "report.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
