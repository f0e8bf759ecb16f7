#!/usr/bin/env bash
# Guess:     two libraries for the dates of articles, given one date with dots, as Central Europe writes
#            it, agree; and one of them reads all dates of a site in one order of day and month.
# Behaviour: 01.03.2024 is January to dateparser and March to htmldate. htmldate, day first, turns the
#            order round alone where the second number is above 12: of two pages of one site with
#            03/01/2024 and 03/13/2024 one is a day in January, the other one in March.
# Version:   dateparser 1.5.0, htmldate 1.11.0
# Source:    measured here
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check dateparser==1.5.0 htmldate==1.11.0
env/bin/python -W ignore - <<'PYTHON'
import dateparser
from htmldate import find_date


def of_page(date: str) -> str:
    head = f'<meta property="article:published_time" content="{date}"/>'
    return find_date(f"<html><head>{head}</head><body><p>A text.</p></body></html>")


dotted = "01.03.2024"
print("dateparser:", dateparser.parse(dotted).date(), " htmldate:", of_page(dotted))
assert dateparser.parse(dotted).date().isoformat() == "2024-01-03"
assert of_page(dotted) == "2024-03-01"
site = [of_page("03/01/2024"), of_page("03/13/2024")]
print("two pages of one site:", site)
assert site == ["2024-01-03", "2024-03-13"]
PYTHON
