#!/usr/bin/env bash
# Guess:     fields of JSON Lines that the first records lack are columns with nulls at their beginning,
#            or an error, as a value of another type than before is one.
# Behaviour: the first 100 records settle the columns, and what later ones have besides is left out
#            without a word, at the top as within an object: the one record in which a correction
#            stands has none. Where all lists were empty so far, a later one has nulls for its items.
# Version:   polars 2.1.0, read_ndjson and scan_ndjson; pyarrow 26.0.1 reads the same file whole
# Source:    measured here; the documentation of infer_schema_length says how many records are looked
#            at, not what becomes of the rest.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check polars==2.1.0 pyarrow==26.0.1
env/bin/python -W ignore - <<'PYTHON'
import json
from pathlib import Path

import polars
import pyarrow.json

FIRST = {"id": 1, "author": {"name": "Ada Brook"}, "tags": []}
AUTHOR = {"name": "Ben Carr", "desk": "Sport"}
LAST = {"id": 2, "author": AUTHOR, "tags": ["ferry"], "correction": "Not Monday."}


def write(last: dict[str, object]) -> None:
    Path("rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in [FIRST] * 100 + [last]))


write(LAST)
print("pyarrow:", pyarrow.json.read_json("rows.jsonl").to_pylist()[-1])
assert pyarrow.json.read_json("rows.jsonl").to_pylist()[-1] == LAST
for table in (polars.read_ndjson("rows.jsonl"), polars.scan_ndjson("rows.jsonl").collect()):
    print("polars: ", table.to_dicts()[-1])
    assert table.to_dicts()[-1] == {"id": 2, "author": {"name": "Ben Carr"}, "tags": [None]}
write(LAST | {"id": "a2"})
try:
    polars.read_ndjson("rows.jsonl")
except polars.exceptions.ComputeError as error:
    print("another type:", str(error).splitlines()[0])
else:
    raise SystemExit("a value of another type is read")
PYTHON
