#!/usr/bin/env bash
# Guess:     extractors of main text take whole blocks from a page, such as menus, and leave the words
#            of the sentences that they keep.
# Behaviour: two of them remove every <time> wherever it stands, in the middle of a sentence, too: what
#            was to happen when is gone. Resiliparse does so although post_meta, by which dates are
#            kept, is on, and takes the words of links with rel=tag or rel=author as well.
# Version:   trafilatura 2.3.1, extract(); Resiliparse 2.0.1, extract_plain_text(main_content=True)
# Source:    measured here; time is in trafilatura's settings.MANUALLY_CLEANED, among them menus, and
#            in Resiliparse's html2text.pyx, as published for 0.16, in one list with nav and aside.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check trafilatura==2.3.1 \
    lxml_html_clean==0.4.4 Resiliparse==2.0.1
env/bin/python -W ignore - <<'PYTHON'
import trafilatura
from resiliparse.extract.html2text import extract_plain_text

FIRST = "<p>The council met on day {} and agreed on a plan for the bridge that had been closed.</p>"
PAGE = f"""<html><body><main><article><h1>Polls</h1>{"".join(map(FIRST.format, range(4)))}
<p>Polls close at <time datetime="2024-03-05T20:00">8 p.m. on Tuesday</time>, not before.</p>
<p>The <a rel="tag" href="/t/ferry">ferry</a> will run until then.</p></article></main></body></html>"""

whole = extract_plain_text(PAGE).split("\n\n")
main = extract_plain_text(PAGE, main_content=True, post_meta=True).split("\n\n")
other = trafilatura.extract(PAGE).splitlines()
for name, found in (("whole page", whole), ("Resiliparse", main), ("trafilatura", other)):
    print(f"{name:12}", found[-2:])
assert whole[-2] == "Polls close at 8 p.m. on Tuesday, not before."
assert main[-2:] == ["Polls close at , not before.", "The will run until then."]
assert other[-2:] == ["Polls close at , not before.", "The ferry will run until then."]
PYTHON
