#!/usr/bin/env bash
# Guess:     a hyphen that must not end a line is a hyphen in the text as well, as it is a character of
#            its own where the text is typed and in every other format.
# Behaviour: Word keeps it as an element, which is dropped with nothing in its place: the seasons
#            2024-2025 are the number 20242025, the F-16 is F16, and 5-10 people are 510.
# Version:   docx2txt 0.9, beside python-docx 1.2.0, which has the hyphen
# Source:    measured here; xml2text() in docx2txt.py knows text, tabs, line breaks and paragraphs.
#            ECMA-376, w:noBreakHyphen, which Word writes for Ctrl+Shift+Hyphen
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check docx2txt==0.9 python-docx==1.2.0
env/bin/python -W ignore - <<'PYTHON'
import docx
import docx2txt
from docx.oxml import OxmlElement

document = docx.Document()
run = document.add_paragraph().add_run()
for number, part in enumerate("Of the 5-10 guests of 2024-2025 two came by F-16.".split("-")):
    if number:
        run._r.append(OxmlElement("w:noBreakHyphen"))
    run.add_text(part)
document.save("text.docx")
shown = docx.Document("text.docx").paragraphs[0].text
found = docx2txt.process("text.docx").strip()
print("python-docx:", shown)
print("docx2txt:   ", found)
assert shown == "Of the 5-10 guests of 2024-2025 two came by F-16."
assert found == "Of the 510 guests of 20242025 two came by F16."
PYTHON
