#!/usr/bin/env bash
# Guess:     a value of JSON Lines that does not fit the type that the sample settled ends the reading,
#            as a text among numbers does; what was null so far takes what comes.
# Behaviour: behind the sample, which is of 20,480 records, a correction is null if it was null in all
#            of them, and gone if they had no such field; 7.6 among whole numbers is 8, and true is 1.
#            Of all that no error and no message says anything.
# Version:   duckdb 2.0.1, read_json
# Source:    measured here; a column of nulls alone has the type NULL.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check duckdb==2.0.1
env/bin/python -W ignore - <<'PYTHON'
import json
from pathlib import Path

import duckdb

FIRST = {"score": 7, "correction": None}


def last(**fields: object) -> dict[str, object]:
    rows = [FIRST] * 20_480 + [FIRST | fields]
    Path("rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    table = duckdb.sql("from 'rows.jsonl'")
    found = dict(zip(table.columns, table.fetchall()[-1]))
    print(FIRST | fields, "->", found)
    return found


assert last(correction="Not Monday.") == {"score": 7, "correction": None}
assert last(notice="Withdrawn.") == {"score": 7, "correction": None}
assert last(score=7.6) == {"score": 8, "correction": None}
assert last(score=True) == {"score": 1, "correction": None}
try:
    last(score="high")
except duckdb.InvalidInputException as error:
    print("a text:", str(error).splitlines()[0])
else:
    raise SystemExit("a text among numbers is read")
PYTHON
