#!/usr/bin/env bash
# Guess:     ISO 8601 without its marks, 20240301T100000Z, which NITF, news feeds and capture times use,
#            is read as that moment, or not at all.
# Behaviour: it is read as a day of the 18th century, without an error, and as another one each time:
#            the answer moves with the clock. The date alone, 20240301, is not read at all; with its
#            marks, 2024-03-01T10:00:00Z, the moment is right.
# Version:   dateparser 1.5.0
# Source:    measured here; ISO 8601-1, basic format
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check dateparser==1.5.0
env/bin/python -W ignore - <<'PYTHON'
from datetime import datetime

import dateparser

for form in ("2024-03-01T10:00:00Z", "20240301T100000Z", "20240301"):
    print(f"{form:22}", dateparser.parse(form))
assert dateparser.parse("2024-03-01T10:00:00Z").isoformat()[:16] == "2024-03-01T10:00"
assert dateparser.parse("20240301") is None
days = []
for year in (2020, 2025):
    days.append(dateparser.parse("20240301T100000Z", settings={"RELATIVE_BASE": datetime(year, 1, 1)}))
    print(f"asked in {year}:", days[-1])
assert days[0] != days[1] and all(1700 < day.year < 1800 for day in days)
PYTHON
