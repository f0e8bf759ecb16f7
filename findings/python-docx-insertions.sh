#!/usr/bin/env bash
# Guess:     the paragraphs of a document hold the text that a reader of it sees.
# Behaviour: words that were inserted while changes were recorded, and whole paragraphs in a content
#            control, are in no paragraph: the sentence stays with a hole.
# Version:   python-docx 1.2.0, Document.paragraphs
# Source:    measured here; ECMA-376, w:ins and w:sdt
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check python-docx==1.2.0
env/bin/python -W ignore - <<'PYTHON'
import io

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

document = docx.Document()
paragraph = document.add_paragraph("The toll rose to ")
paragraph._p.append(
    parse_xml(
        f'<w:ins {nsdecls("w")} w:id="1" w:author="a" w:date="2024-01-01T00:00:00Z">'
        "<w:r><w:t>twelve</w:t></w:r></w:ins>"
    )
)
paragraph.add_run(" on Monday.")
document.element.body.insert(
    1,
    parse_xml(
        f'<w:sdt {nsdecls("w")}><w:sdtContent><w:p><w:r><w:t>A paragraph in a field.</w:t></w:r></w:p>'
        "</w:sdtContent></w:sdt>"
    ),
)
file = io.BytesIO()
document.save(file)
file.seek(0)
found = [paragraph.text for paragraph in docx.Document(file).paragraphs]
print(found)
assert found == ["The toll rose to  on Monday."]
PYTHON
