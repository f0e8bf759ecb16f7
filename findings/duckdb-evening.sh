#!/usr/bin/env bash
# Guess:     2026-03-01 10:00 PM, as a site writes when an article appeared, is ten in the evening to a
#            database, as it is to pandas, or it is refused.
# Behaviour: it is ten in the morning: PM passes for the name of a time zone, which a column without
#            zones leaves out. Half past midnight, 12:30 AM, is half past noon, and XX passes, too.
#            TRY_CAST, which makes null of what cannot be read, does the same, and so do read_csv and
#            read_json where the type is given. 1.5.6 refused all of it.
# Version:   duckdb 2.0.1, beside duckdb 1.5.6 and pandas 3.1.1
# Source:    measured here; pull request 22577 of duckdb/duckdb made text with a time zone valid for
#            TIMESTAMP. For TIMESTAMPTZ, which looks the zone up, PM is an error; where the type of a
#            column is not given but found, it is text.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
python3 -m venv before
env/bin/python -m pip install --quiet --disable-pip-version-check duckdb==2.0.1 pandas==3.1.1
before/bin/python -m pip install --quiet --disable-pip-version-check duckdb==1.5.6
before/bin/python -W ignore - <<'PYTHON'
import duckdb

for text in ("2026-03-01 10:00 PM", "2026-03-01 10:00:00 PM", "2026-03-01 10:00:00 XX"):
    (row,) = duckdb.execute("select try_cast(? as timestamp)", [text]).fetchall()
    print(f"duckdb {duckdb.__version__}:", text, "->", *row)
    assert row == (None,)
PYTHON
env/bin/python -W ignore - <<'PYTHON'
import json
from datetime import datetime
from pathlib import Path

import duckdb
import pandas

TEXTS = "2026-03-01 10:00 PM", "2026-03-01 12:30:00 AM", "2026-03-01 10:00 XX"
READ = datetime(2026, 3, 1, 10), datetime(2026, 3, 1, 12, 30), datetime(2026, 3, 1, 10)
MEANT = datetime(2026, 3, 1, 22), datetime(2026, 3, 1, 0, 30)

for text, expected in zip(TEXTS, READ):
    (row,) = duckdb.execute("select try_cast($1 as timestamp), $1::timestamp", [text]).fetchall()
    print(f"duckdb {duckdb.__version__}:", text, "->", row[0])
    assert row == (expected, expected)
print("pandas:      ", *pandas.to_datetime(pandas.Series(TEXTS[:2]), format="mixed"))
assert tuple(pandas.to_datetime(text) for text in TEXTS[:2]) == MEANT

Path("articles.csv").write_text("id,date\n" + "".join(f"{n},{text}\n" for n, text in enumerate(TEXTS)))
Path("articles.jsonl").write_text("".join(json.dumps({"date": text}) + "\n" for text in TEXTS))
for given, found in (
    ("read_csv('articles.csv', types={'date': 'TIMESTAMP'})", "read_csv('articles.csv')"),
    ("read_json('articles.jsonl', columns={'date': 'TIMESTAMP'})", "read_json('articles.jsonl')"),
):
    assert duckdb.sql(f"select date from {given}").fetchall() == [(moment,) for moment in READ]
    assert duckdb.sql(f"select date from {found}").fetchall() == [(text,) for text in TEXTS]
try:
    duckdb.execute("select ?::timestamptz", TEXTS[:1]).fetchall()
except duckdb.ConversionException as error:
    message = str(error).splitlines()[0]
print("as timestamptz:", message)
assert "'PM'" in message
PYTHON
