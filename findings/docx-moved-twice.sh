#!/usr/bin/env bash
# Guess:     a paragraph that was moved while changes were recorded is in the text once: at its new place,
#            as Word shows it, or at its old one; what was deleted meanwhile is left out, after all.
# Behaviour: it is there twice, word for word, as if the author repeated it. python-docx has it nowhere,
#            and mammoth once.
# Version:   docx2python 3.7.1 and docx2txt 0.9; beside them python-docx 1.2.0 and mammoth 1.13.0
# Source:    measured here; what is deleted is in w:delText, what is moved is in w:t at both places, and
#            neither library looks at w:moveFrom, which is around it. ECMA-376, w:moveFrom
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check docx2python==3.7.1 docx2txt==0.9 \
    python-docx==1.2.0 mammoth==1.13.0
env/bin/python -W ignore - <<'PYTHON'
import docx
import docx2txt
import mammoth
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx2python import docx2python

BY = 'w:author="A" w:date="2026-03-01T00:00:00Z"'
MOVED = "The mayor has resigned."
RUN = f"<w:r><w:t>{MOVED}</w:t></w:r>"
PARAGRAPHS = (
    f'<w:moveFromRangeStart w:id="1" {BY} w:name="move1"/><w:moveFrom w:id="2" {BY}>{RUN}</w:moveFrom>'
    '<w:moveFromRangeEnd w:id="1"/>',
    f'<w:r><w:t>The bridge is closed.</w:t></w:r><w:del w:id="3" {BY}><w:r><w:delText> Again.</w:delText>'
    "</w:r></w:del>",
    f'<w:moveToRangeStart w:id="4" {BY} w:name="move1"/><w:moveTo w:id="5" {BY}>{RUN}</w:moveTo>'
    '<w:moveToRangeEnd w:id="4"/>',
)

document = docx.Document()
for number, content in enumerate(PARAGRAPHS):
    document.element.body.insert(number, parse_xml(f"<w:p {nsdecls('w')}>{content}</w:p>"))
document.save("article.docx")

with docx2python("article.docx") as read, open("article.docx", "rb") as file:
    texts = {
        "docx2python": read.text,
        "docx2txt": docx2txt.process("article.docx"),
        "mammoth": mammoth.extract_raw_text(file).value,
        "python-docx": "\n".join(part.text for part in docx.Document("article.docx").paragraphs),
    }
for library, text in texts.items():
    print(f"{library + ':':12}", text.split("\n"))
    assert "The bridge is closed." in text and "Again" not in text
assert [text.count(MOVED) for text in texts.values()] == [2, 2, 1, 0]
PYTHON
