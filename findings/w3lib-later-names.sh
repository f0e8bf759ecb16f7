#!/usr/bin/env bash
# Guess:     what resolves the references of HTML knows their names; one that is none of HTML's is left
#            out, as the documentation says of what cannot be converted.
# Behaviour: the names are those of HTML 4: all that came with HTML 5 is left out, too, the full stop and
#            the comma among them, which programs that escape every sign write by name. 3.5 million are
#            35 million, half past ten is 1030, it's is its, and names lose letters.
# Version:   w3lib 2.5.0, replace_entities(); parsel 1.12.1, whose re() sends the text of a parsed page
#            through it, so that R&D at the end of a clause is R. lxml 6.1.3 and html.unescape() know all
# Source:    measured here; name2codepoint in html.py, remove_illegal, which is on, and extract_regex() in
#            parsel's utils.py. Pull request 283 of scrapy/w3lib, which is closed, has it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check w3lib==2.5.0 parsel==1.12.1 lxml==6.1.3
env/bin/python -W ignore - <<'PYTHON'
import html

import lxml.html
from parsel import Selector
from w3lib.html import replace_entities

EXPECTED = {
    "It cost &pound;3&period;5 million": "It cost £35 million",
    "On Monday&comma; at 10&colon;30": "On Monday at 1030",
    "it&apos;s said&excl;": "its said",
    "Anna Ko&ccaron;&iacute;, Zabrze and &Lstrok;&oacute;d&zacute;": "Anna Koí, Zabrze and ód",
}
for markup, expected in EXPECTED.items():
    found = replace_entities(markup)
    print(f"{html.unescape(markup)} -> {found}")
    assert lxml.html.fromstring(f"<p>{markup}</p>").text == html.unescape(markup)
    assert found == expected

paragraph = Selector("<p>They spend more on R&amp;D; the others do not.</p>").css("p::text")
print("parsel:", paragraph.get(), "->", paragraph.re_first(".+"))
assert paragraph.get() == "They spend more on R&D; the others do not."
assert paragraph.re_first(".+") == "They spend more on R the others do not."
PYTHON
