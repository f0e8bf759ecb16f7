#!/usr/bin/env bash
# Guess:     a field of JSON Lines that is a date or an empty string is read as text, or '' as null.
# Behaviour: once the sample holds dates alone the type is settled, and the first '' behind it ends the
#            reading of the whole file; null does not. A file that is read today cannot be
#            tomorrow, when an undated article has come behind the 20,480 records of the sample.
# Version:   duckdb 2.0.0, read_json (sample_size set to 2 here)
# Source:    measured here
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check duckdb==2.0.0
env/bin/python -W ignore - <<'PYTHON'
import json
from pathlib import Path

import duckdb


def read(last: str | None) -> int:
    rows = [{"created": "2026-03-01"}, {"created": "2026-03-02"}, {"created": last}]
    Path("rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return len(duckdb.sql("from read_json('rows.jsonl', sample_size = 2)").fetchall())


print("null:", read(None), "rows")
assert read(None) == 3
try:
    read("")
except duckdb.InvalidInputException as error:
    print("'':", str(error).splitlines()[0])
else:
    raise SystemExit("an empty string is read")
PYTHON
