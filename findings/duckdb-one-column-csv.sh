#!/usr/bin/env bash
# Guess:     a CSV file with a header and one column, such as a list of headlines, is read as that
#            column; a semicolon or a bar within a field needs no quotation marks (RFC 4180, 2).
# Behaviour: one headline with a semicolon or a bar at the end of the file, and that sign is taken for
#            the delimiter: the header and every line before it are a preamble that is skipped, and the
#            headline is the header. Of 40 headlines none is left, without an error or a message; with
#            a plain headline behind it all are there. A second column, or delim=',', prevents it.
# Version:   duckdb 2.0.1, read_csv
# Source:    measured here; sniff_csv shows the lines that are skipped. Open as issue 25827 of
#            duckdb/duckdb, where lines of another width do the same.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check duckdb==2.0.1
env/bin/python -W ignore - <<'PYTHON'
from pathlib import Path

import duckdb

PLAIN = [f"The bridge of pier {number} is closed" for number in range(40)]


def read(lines: list[str], options: str = "") -> tuple[list[str], int]:
    Path("headlines.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    table = duckdb.sql(f"from read_csv('headlines.csv'{options})")
    return table.columns, len(table.fetchall())


for label, odd in (
    ("a semicolon", "The ferry is late; the museum is open"),
    ("a bar", "The ferry is late | The Harbour Post"),
):
    last = read(["headline", *PLAIN, odd])
    inside = read(["headline", *PLAIN, odd, *PLAIN])
    told = read(["headline", *PLAIN, odd], ", delim=','")
    two = read(["id,headline", *(f"{number},{line}" for number, line in enumerate([*PLAIN, odd]))])
    print(f"{label} in the last of 41 headlines: columns {last[0]}, {last[1]} rows")
    print(f"  in the middle of 81: {inside[1]}; with delim: {told[1]}; with ids: {two[1]}")
    assert last[1] == 0 and last[0][0] == "The ferry is late"
    assert inside == (["headline"], 81) and told == (["headline"], 41)
    assert two == (["id", "headline"], 41)
PYTHON
