#!/usr/bin/env bash
# Guess:     a sentence with quotations marked up as <q> comes out in the order of its words, with or
#            without quotation marks.
# Behaviour: each quotation ends a line, and the words of a quotation within another one come behind
#            the end of the sentence.
# Version:   trafilatura 2.3.1, extract()
# Source:    measured here; HTML Living Standard 4.5.7 allows q within q
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check trafilatura==2.3.1 lxml_html_clean==0.4.4
env/bin/python -W ignore - <<'PYTHON'
import trafilatura

paragraph = "<p>The council met on day {} and agreed on a plan for the bridge that was closed.</p>"
last = "<p>The report says <q>nobody was told <q>stop</q> in time</q> and ends there.</p>"
page = f"<html><body><article>{''.join(map(paragraph.format, range(5)))}{last}</article></body></html>"
text = trafilatura.extract(page)
print(text)
lines = [line.strip() for line in text.splitlines()]
assert lines[-4:] == ["The report says nobody was told", "and ends there.", "stop", "in time"]
PYTHON
