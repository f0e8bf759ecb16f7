#!/usr/bin/env bash
# Guess:     in the raw text of a Word document a line break within a paragraph is white space of some
#            kind, as a tab is and as it is a <br /> in the HTML that the library makes.
# Behaviour: it is nothing, and so is a page break: the words beside it are one, and no message says so.
# Version:   mammoth 1.13.0, extract_raw_text()
# Source:    measured here; extract_raw_text_from_element() in raw_text.py knows text, tabs and
#            paragraphs. ECMA-376, w:br
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check mammoth==1.13.0 python-docx==1.2.0
env/bin/python -W ignore - <<'PYTHON'
import io

import docx
import mammoth
from docx.enum.text import WD_BREAK

document = docx.Document()
run = document.add_paragraph().add_run("Bridge Street")
run.add_break()
run.add_text("closed until May")
run.add_tab()
run.add_text("quay open")
run.add_break(WD_BREAK.PAGE)
run.add_text("all day")
file = io.BytesIO()
document.save(file)

raw = mammoth.extract_raw_text(file)
html = mammoth.convert_to_html(file).value
print("raw: ", repr(raw.value), raw.messages)
print("HTML:", html)
assert raw.value == "Bridge Streetclosed until May\tquay openall day\n\n"
assert raw.messages == []
assert "Bridge Street<br />closed" in html
PYTHON
