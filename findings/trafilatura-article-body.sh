#!/usr/bin/env bash
# Guess:     the text of a page whose article stands in its JSON-LD alone (articleBody) has the
#            paragraphs that it has there.
# Behaviour: all of it is one line.
# Version:   trafilatura 2.3.1, extract()
# Source:    measured here; schema.org says that articleBody is the text as it is
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check trafilatura==2.3.1 lxml_html_clean==0.4.4
env/bin/python -W ignore - <<'PYTHON'
import json

import trafilatura

paragraphs = [f"The council met on day {day} and agreed on a plan for the bridge." for day in range(4)]
about = json.dumps({"@type": "NewsArticle", "articleBody": "\n\n".join(paragraphs)})
page = f"<html><head><script type='application/ld+json'>{about}</script></head><body><div></div></body></html>"
text = trafilatura.extract(page)
print(text)
assert text == " ".join(paragraphs)
PYTHON
