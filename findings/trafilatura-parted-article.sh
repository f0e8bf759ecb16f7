#!/usr/bin/env bash
# Guess:     of an article whose body an advertisement cuts into two elements of one class, as several
#            magazines lay theirs out, the extractor gives both.
# Behaviour: the body is the first element whose class is one of those known for articles; where
#            that has enough text the second is not looked at: half of the article is lost, without
#            a word. With favor_recall the same.
# Version:   trafilatura 2.3.1, extract(), with and without favor_recall
# Source:    measured here; BODY_XPATH and _extract() in xpaths.py and main_extractor.py
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check trafilatura==2.3.1 lxml_html_clean==0.4.4
env/bin/python -W ignore - <<'PYTHON'
import trafilatura

TOWNS = "Arden Bexley Corby Dunmore Elstow Farley Garsdale Hexton".split()
told = [
    f"<p>In {town} the council met on Monday and voted for the new bridge over the river, which will "
    f"cost more than the old one did; people of {town} have waited for it for eleven years.</p>"
    for town in TOWNS
]
part = '<div class="grid"><div class="article-body">{}</div></div>'
page = (
    "<html><head><title>Bridges</title></head><body><article><h1>Bridges for eight towns</h1>"
    + part.format("".join(told[:4]))
    + '<div class="grid"><aside>Advertisement</aside></div>'
    + part.format("".join(told[4:]))
    + "</article></body></html>"
)
for name, options in {"as it comes": {}, "favor_recall": {"favor_recall": True}}.items():
    text = trafilatura.extract(page, **options)
    found = [town for town in TOWNS if f"people of {town}" in text]
    print(f"{name}: of {len(TOWNS)} paragraphs these: {', '.join(found)}")
    assert found == TOWNS[:4]
PYTHON
