#!/usr/bin/env bash
# Guess:     strip_code() leaves the text that a reader of the page sees.
# Behaviour: options of pictures, categories and links to other languages stay as text, and what a
#            template would have written is gone: '5 km' becomes nothing.
# Version:   mwparserfromhell 0.7.2, Wikicode.strip_code()
# Source:    measured here; the parser knows no namespaces, which are a wiki's own
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check mwparserfromhell==0.7.2
env/bin/python -W ignore - <<'PYTHON'
import mwparserfromhell

page = (
    "[[File:Bridge.jpg|thumb|left|upright=1.2|The old bridge]]The '''bridge''' is "
    "{{convert|5|km|mi}} long.\n[[Category:Bridges]]\n[[de:Brücke]]"
)
text = mwparserfromhell.parse(page).strip_code()
print(text)
assert "thumb|left|upright=1.2|The old bridge" in text
assert "Category:Bridges" in text and "de:Brücke" in text
assert "5" not in text.replace("1.2", "")
PYTHON
