"""Pin the floors at what the last `make quality` measured: `python tests/quality/pin.py`.

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
EPSILON = 0.002


def main() -> None:
    from labelled import DATA, digest

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lower", action="append", default=[], metavar="SECTION/FIGURE")
    asked = parser.parse_args()
    path = HERE / "floors.json"
    floors = json.loads(path.read_text("utf-8"))
    cache = ROOT / ".pytest_cache" / "v" / "quality" / "measured"
    refused = []
    for section, measured in json.loads(cache.read_text("utf-8")).items():
        pinned = floors[section]
        pinned["digest"] = digest(*(DATA / name for name in pinned["data"]))
        for direction, sign in (("at_least", 1), ("at_most", -1)):
            for name, floor in pinned.get(direction, {}).items():
                value = measured[name]
                slack = 0 if float(value).is_integer() and sign < 0 else EPSILON
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
