#!/usr/bin/env bash
# Guess:     the content of an entry is content:encoded or Atom's content; captions of Media RSS stand
#            in the fields of their own, as credit and address do.
# Behaviour: the caption of the picture, media:description, is the entry's content, which readers
#            prefer to its summary: the article becomes the caption.
# Version:   feedparser 6.0.14
# Source:    measured here; Media RSS 1.5.1, media:description
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check feedparser==6.0.14
env/bin/python -W ignore - <<'PYTHON'
import feedparser

feed = """<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>News</title>
<item><title>Bridge</title><description>The bridge was opened again. It had been closed.</description>
<media:content url="http://a.example/b.jpg"><media:description>Workers in the sun</media:description>
<media:credit>Staff</media:credit></media:content></item></channel></rss>"""
entry = feedparser.parse(feed).entries[0]
print("content:", entry.content[0].value, "| summary:", entry.summary)
assert entry.content[0].value == "Workers in the sun"
assert entry.summary == "The bridge was opened again. It had been closed."
PYTHON
