#!/usr/bin/env bash
# Guess:     whole numbers of a worksheet, such as the ids of articles, come as int, as openpyxl gives
#            them; and a cell without a value as None.
# Behaviour: every number is a float, so that the id 7 becomes '7.0' as text; what is not there is ''.
# Version:   python-calamine 0.9.1, beside openpyxl 3.1.5
# Source:    measured here
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check python-calamine==0.9.1 openpyxl==3.1.5
env/bin/python -W ignore - <<'PYTHON'
import openpyxl
from python_calamine import CalamineWorkbook

book = openpyxl.Workbook()
book.active.append(["id", "year", "text"])
book.active.append([7, 2024, None])
book.active.append([20240301000001, 2024, "The ferry was late."])
book.save("articles.xlsx")

calamine = CalamineWorkbook.from_path("articles.xlsx").get_sheet_by_index(0).to_python()[1:]
other = [list(row) for row in openpyxl.load_workbook("articles.xlsx").active.values][1:]
print("calamine:", calamine)
print("openpyxl:", other)
assert calamine[0] == [7.0, 2024.0, ""] and isinstance(calamine[0][0], float)
assert str(calamine[1][0]) == "20240301000001.0"
assert other[0] == [7, 2024, None] and isinstance(other[0][0], int)
PYTHON
