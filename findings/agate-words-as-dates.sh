#!/usr/bin/env bash
# Guess:     a column of a CSV file is dates if dates are written in it, and text if words are; a column
#            of clock times such as 10:30 is times, or text.
# Behaviour: a column of words that can stand for a day is one of dates in the year 1: the sections
#            Sunday and Today of a paper, or months, are written again as 0001-01-07, 0001-01-01 and the
#            like. 10:30 is ten minutes and thirty seconds. One other word in the column, such as Sport,
#            and all of it stays text: what becomes of a value depends on the other records.
# Version:   agate 1.14.2, Table.from_csv() and to_csv() as they come, on which csvkit stands
# Source:    measured here; Date.cast() in data_types/date.py hands each value to parsedatetime with
#            the first day of the year 1 for today, and TimeDelta, which takes 10:30 for a length, is tried
#            before dates. Issue 686 of wireservice/agate, closed, has "this week"; the documentation of
#            TypeTester has the order, and nothing of words.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check agate==1.14.2 parsedatetime==2.6 \
    pytimeparse==1.1.10
env/bin/python -W ignore - <<'PYTHON'
import csv
import io

import agate


def written(*values: str) -> list[str]:
    text = "id,field\n" + "".join(f"{number},{value}\n" for number, value in enumerate(values, 7))
    table = agate.Table.from_csv(io.StringIO(text))
    out = io.StringIO()
    table.to_csv(out)
    found = [row["field"] for row in csv.DictReader(io.StringIO(out.getvalue()))]
    kind = type(table.columns["field"].data_type).__name__
    print(f"{', '.join(values)} -> {kind}: {', '.join(found)}")
    return [kind, *found]


assert written("Saturday", "Sunday", "Today") == ["Date", "0001-01-06", "0001-01-07", "0001-01-01"]
assert written("March", "May") == ["Date", "0001-03-01", "0001-05-01"]
assert written("Two weeks", "End of year")[0] == "Date"
assert written("Saturday", "Sunday", "Sport") == ["Text", "Saturday", "Sunday", "Sport"]
assert written("10:30", "23:59") == ["TimeDelta", "0:10:30", "0:23:59"]
PYTHON
