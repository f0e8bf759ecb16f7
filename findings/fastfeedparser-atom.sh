#!/usr/bin/env bash
# Guess:     a parser that gives the fields of feedparser gives of an Atom entry what feedparser does.
# Behaviour: a headline of the type xhtml is empty, so that the article has none, and of two authors
#            the second one is nowhere in the entry.
# Version:   fastfeedparser 0.6.5, beside feedparser 6.0.14
# Source:    measured here; RFC 4287, 3.1.1.3 (the XHTML of a text) and 4.2.1 (more than one author)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check fastfeedparser==0.6.5 feedparser==6.0.14
env/bin/python -W ignore - <<'PYTHON'
import fastfeedparser
import feedparser

FEED = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>https://paper.example/</id><title>The Courier</title><updated>2026-03-01T10:00:00Z</updated>
<entry>
<id>https://paper.example/1</id><updated>2026-03-01T10:00:00Z</updated>
<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">The <em>old</em> bridge is closed</div></title>
<author><name>Ada Brook</name></author><author><name>Ben Carr</name></author>
<link href="https://paper.example/1"/>
<summary>It was closed for a week.</summary>
</entry>
</feed>"""

EXPECTED = {
    feedparser: ("The <em>old</em> bridge is closed", ["Ada Brook", "Ben Carr"]),
    fastfeedparser: ("", ["Ada Brook"]),
}
for library, expected in EXPECTED.items():
    (entry,) = library.parse(FEED).entries
    found = entry["title"], [author["name"] for author in entry["authors"]]
    print(f"{library.__name__}:", found)
    assert found == expected
    assert ("Ben Carr" in str(entry)) == (library is feedparser)
PYTHON
