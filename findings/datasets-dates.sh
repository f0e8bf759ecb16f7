#!/usr/bin/env bash
# Guess:     a corpus in JSON Lines that is loaded and written again as JSON Lines has the strings that
#            it had.
# Behaviour: a field in which every string looks like a date is a moment, and is written as a number,
#            milliseconds since 1970; the offset of a time zone is gone, and with it the day that the
#            paper gives. One empty string in the field, and all of it stays text: whether dates
#            survive depends on the other records.
# Version:   datasets 5.2.0, load_dataset("json") and Dataset.to_json()
# Source:    measured here; pyarrow's reader takes such strings for timestamps, and pandas writes these
#            as numbers.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check datasets==5.2.0 pyarrow==26.0.1 \
    pandas==3.1.1
HF_HUB_OFFLINE=1 HF_HOME=$folder/home env/bin/python -W ignore - <<'PYTHON'
import json
from pathlib import Path

import datasets

datasets.disable_progress_bars()


def written_again(*dates: str) -> list[object]:
    path = Path(f"{len(dates)}.jsonl")
    path.write_text("".join(json.dumps({"date": date}) + "\n" for date in dates))
    datasets.load_dataset("json", data_files=str(path), split="train").to_json("again.jsonl")
    found = [json.loads(line)["date"] for line in Path("again.jsonl").read_text().splitlines()]
    print(list(dates), "->", found)
    return found


DATES = "2026-03-01", "2026-03-01T00:30:00+02:00"
assert written_again(*DATES) == [1772323200000, 1772317800000]
assert written_again(*DATES, "") == [*DATES, ""]
PYTHON
