#!/usr/bin/env bash
# Guess:     a word that a line of a PDF ends within comes out as it stands, hyphen and line break, or is
#            one word again; either can be mended, and is, by whoever joins such lines.
# Behaviour: hyphen and line break are one U+FFFE, a code point that never is a character: parted at
#            white space the word is one that no other text has, parted at what is no letter it is
#            govern and ment, and nothing that joins words at line ends finds it. get_text_bounded() has
#            U+0002 in the same place. Where a figure follows, 2024-25, hyphen and break stay.
# Version:   pypdfium2 5.15.2, PdfTextPage.get_text_range(); beside it pypdf 7.1.1, which has the hyphen
# Source:    measured here, on a page of fpdf2 2.8.9; in core/fpdftext/cpdf_textpage.cpp of PDFium
#            0xfffe replaces the hyphen in the buffer of the page and 0x2 that in the list of its
#            characters. What pypdfium2 says of its line breaks, that they are CRLF, has nothing of it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check pypdfium2==5.15.2 fpdf2==2.8.9 \
    pypdf==7.1.1
env/bin/python -W ignore - <<'PYTHON'
import re
import unicodedata

import fpdf
import pypdf
import pypdfium2

LINES = "The long-", "term plan of the govern-", "ment for the years 2024-", "25 was approved on Monday."

paper = fpdf.FPDF()
paper.add_page()
paper.set_font("helvetica", size=12)
for number, line in enumerate(LINES):
    paper.text(20, 30 + 6 * number, line)
paper.output("paper.pdf")

page = pypdfium2.PdfDocument("paper.pdf")[0].get_textpage()
text, bounded = page.get_text_range(), page.get_text_bounded()
print("get_text_range:  ", ascii(text))
print("get_text_bounded:", ascii(bounded))
print("pypdf:           ", ascii(pypdf.PdfReader("paper.pdf").pages[0].extract_text()))
joined = "The long{0}term plan of the govern{0}ment for the years 2024-\r\n25 was approved on Monday."
assert text == joined.format("\ufffe")
assert bounded == joined.format("\x02")
assert unicodedata.category("\ufffe") == "Cn"
assert "govern\ufffement" in text.split()
assert {"govern", "ment"} < set(re.findall(r"\w+", text))
assert pypdf.PdfReader("paper.pdf").pages[0].extract_text() == "\n".join(LINES)
PYTHON
