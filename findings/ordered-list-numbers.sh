#!/usr/bin/env bash
# Guess:     what writes the numbers of an ordered list into its text writes those that the page shows.
# Behaviour: five libraries write 1 before what the page shows as 3: none knows a list that counts down
#            (reversed), as the best films of a year or the results of a race are told. A list that goes
#            on behind a picture (start) begins anew in three of them, and one knows an item with a
#            number of its own (value).
# Version:   trafilatura 2.3.1 (Markdown), Resiliparse 2.0.1, inscriptis 2.7.6, html2text 2025.4.15 and
#            markdownify 1.2.3
# Source:    measured here; HTML Living Standard 4.4.5 (ol) and 4.4.8 (li)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check trafilatura==2.3.1 \
    lxml_html_clean==0.4.4 Resiliparse==2.0.1 inscriptis==2.7.6 html2text==2025.4.15 markdownify==1.2.3
env/bin/python -W ignore - <<'PYTHON'
import re

import html2text
import inscriptis
import markdownify
import trafilatura
from resiliparse.extract.html2text import extract_plain_text

FIRST = "<p>The readers of the paper have named the bridges that they like best in the whole county.</p>"
PAGE = f"""<html><body><article>{FIRST}
<ol reversed><li>Third is the one by the harbour.</li><li>Second is the one by the mill.</li>
<li>First is the one by the church.</li></ol>{FIRST}
<ol start="4"><li>Fourth is the one by the tower.</li></ol>{FIRST}
<ol><li value="7">Seventh is the one by the wood.</li></ol></article></body></html>"""

EXPECTED = {
    "trafilatura": (trafilatura.extract(PAGE, output_format="markdown"), "1 2 3 1 1"),
    "Resiliparse": (extract_plain_text(PAGE), "1 2 3 1 1"),
    "inscriptis": (inscriptis.get_text(PAGE), "1 2 3 1 7"),
    "html2text": (html2text.html2text(PAGE), "1 2 3 4 1"),
    "markdownify": (markdownify.markdownify(PAGE), "1 2 3 4 1"),
}
print("as shown:    3 2 1 4 7")
for library, (text, expected) in EXPECTED.items():
    found = re.findall(r"(\d+)\. (?:Third|Second|First|Fourth|Seventh)", text)
    print(f"{library + ':':12}", *found)
    assert " ".join(found) == expected
PYTHON
