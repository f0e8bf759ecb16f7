#!/usr/bin/env bash
# Guess:     <br/>, as XHTML has to write it, breaks a line as <br> does.
# Behaviour: an element that is closed in its own tag is not looked at: the last word of a line and
#            the first one of the next are one word, and the two pages are no copies word by word.
# Version:   boilerpy3 1.0.7, ArticleExtractor
# Source:    measured here; BoilerpipeHTMLParser.handle_startendtag() in parser.py does nothing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check boilerpy3==1.0.7
env/bin/python -W ignore - <<'PYTHON'
from boilerpy3.extractors import ArticleExtractor

LINES = [f"The council met on day {day} and agreed on a plan for the bridge" for day in range(3)]


def text(mark: str) -> str:
    page = f"<html><body><p>{mark.join(LINES)}</p></body></html>"
    return ArticleExtractor().get_content(page).strip()


for mark in ("<br>", "<br/>", "<br />"):
    print(f"{mark:7}", repr(text(mark)))
assert text("<br>") == "\n".join(LINES)
assert text("<br/>") == text("<br />") == "".join(LINES)
assert "bridgeThe" in text("<br/>")
PYTHON
