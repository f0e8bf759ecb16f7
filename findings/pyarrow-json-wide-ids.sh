#!/usr/bin/env bash
# Guess:     whole numbers of JSON Lines, such as ids or 64-bit fingerprints, are read as they stand;
#            one that does not fit is refused, or makes the column a wider type for whole numbers.
# Behaviour: the first one past 2^63 turns the whole column into floats, the smaller ones before it,
#            too: ids that differ in their last digits become equal. Of unsigned 64-bit numbers that
#            is every second one; uint64, which pyarrow has, is taken only where a schema asks for it.
# Version:   pyarrow 26.0.1, json.read_json(); polars 2.1.0 reads the same file exactly
# Source:    measured here; its page on reading JSON has float64 for a number that is no integer.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check pyarrow==26.0.1 polars==2.1.0
env/bin/python -W ignore - <<'PYTHON'
from pathlib import Path

import polars
import pyarrow as pa
from pyarrow import json

IDS = [1152921504606846977, 1152921504606846978, 2**63 + 5]


def read(ids: list[int], **options: json.ParseOptions) -> list[float]:
    Path("articles.jsonl").write_text("".join(f'{{"id": {number}}}\n' for number in ids))
    return json.read_json("articles.jsonl", **options)["id"].to_pylist()


small, wide = read(IDS[:2]), read(IDS)
print("two ids:          ", small)
print("with a wide third:", wide)
print("polars:           ", polars.read_ndjson("articles.jsonl")["id"].to_list())
assert small == IDS[:2]
assert all(isinstance(number, float) for number in wide)
assert len(set(wide)) == 2
assert polars.read_ndjson("articles.jsonl")["id"].to_list() == IDS
schema = json.ParseOptions(explicit_schema=pa.schema({"id": pa.uint64()}))
assert read(IDS, parse_options=schema) == IDS
PYTHON
