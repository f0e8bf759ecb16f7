"""Pin the floors just below what `bench/quality.py` measured last: `python tests/quality/pin.py`.

Floors only rise.  A figure that got worse is named and left as it was, unless the command line
names it: `--lower "near5k copies/recall_g"`.  Run after a gain, and read the difference.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "bench"))

# Rates of a few thousand words move this much with another release of a library.
EPSILON = 0.001
COUNTS = (
    "template_wrong_links", "hard_negatives_linked", "pairs_right", "pairs", "damaged_kept",
    "repairs",
)  # fmt: skip


def main() -> None:
    from labelled import DATA, digest, read_csv

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lower", action="append", default=[], metavar="SECTION/FIGURE")
    asked = parser.parse_args()
    path = HERE / "floors.json"
    floors = json.loads(path.read_text("utf-8"))
    measured: dict[str, dict[str, float]] = {}
    for row in read_csv(ROOT / "bench" / "results" / "quality.csv"):
        measured.setdefault(row["section"], {})[row["figure"]] = float(row["measured"])
    refused = []
    for section, pinned in floors.items():
        if section not in measured:
            continue
        pinned["digest"] = digest(*(DATA / name for name in pinned["data"]))
        for direction, sign in (("at_least", 1), ("at_most", -1)):
            for name, floor in pinned.get(direction, {}).items():
                value = measured[section][name]
                slack = 0.0 if name in COUNTS else EPSILON
                new = round(value - sign * slack, 4)
                lowered = floor is not None and sign * (new - floor) < 0
                if not lowered or f"{section}/{name}" in asked.lower:
                    pinned[direction][name] = new
                elif sign * (value - floor) < 0:
                    refused.append(f"{section}/{name}: {value}, floor {floor}")
    text = json.dumps(floors, indent=1, ensure_ascii=False) + "\n"
    partial = path.with_suffix(".partial")
    partial.write_text(text, "utf-8")
    partial.replace(path)
    if refused:
        sys.exit("below their floors, left as they were:\n" + "\n".join(refused))


if __name__ == "__main__":
    main()
