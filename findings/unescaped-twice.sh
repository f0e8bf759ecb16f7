#!/usr/bin/env bash
# Guess:     references such as &amp; are resolved once, by the parser of the page.
# Behaviour: what the parser gives is resolved again: an address that a reader of the page sees as
#            ?id=3&section=2 has a paragraph sign in it, and a page that explains &lt; has a bare <
#            instead. So does the page's own address, of which &timestamp= and &region= are parts, too.
# Version:   trafilatura 2.3.1, extract() and bare_extraction(); inscriptis 2.7.6, get_text()
# Source:    measured here; html.unescape() in xmltotxt() of trafilatura's xml.py and clean_and_trim()
#            of its settings.py, and in merge_normal_text() of inscriptis' model/canvas/block.py, works
#            on what lxml has parsed. HTML knows &sect without its semicolon.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check trafilatura==2.3.1 \
    lxml_html_clean==0.4.4 inscriptis==2.7.6
env/bin/python -W ignore - <<'PYTHON'
import lxml.html
import trafilatura
from inscriptis import get_text

FIRST = "<p>The council met on Monday and agreed on a plan for the bridge that had been closed.</p>"
EXPECTED = {
    "The plan is at paper.example/?id=3&amp;section=2 now.": "The plan is at paper.example/?id=3§ion=2 now.",
    "Who writes &amp;lt;b&amp;gt; has a bold word.": "Who writes <b> has a bold word.",
}
for markup, expected in EXPECTED.items():
    page = f"<html><body><article>{FIRST}<p>{markup}</p></article></body></html>"
    print("as shown:   ", lxml.html.fromstring(page).text_content().partition("closed.")[2])
    found = [trafilatura.extract(page).splitlines()[-1], get_text(page).strip().splitlines()[-1]]
    print("trafilatura:", found[0])
    print("inscriptis: ", found[1])
    assert found == [expected, expected]
address = '<meta property="og:url" content="https://paper.example/x?id=3&amp;timestamp=2">'
page = f"<html><head><title>Bridge</title>{address}</head><body><article>{FIRST}</article></body></html>"
print("address:    ", trafilatura.bare_extraction(page, with_metadata=True).url)
assert trafilatura.bare_extraction(page, with_metadata=True).url == "https://paper.example/x?id=3×tamp=2"
PYTHON
