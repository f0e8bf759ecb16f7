#!/usr/bin/env bash
# Guess:     the address of a page is what its rel=canonical says: a licensed copy names its source.
# Behaviour: where the page has og:url as well, that is taken, and rel=canonical is not shown at all.
# Version:   trafilatura 2.3.1, bare_extraction(with_metadata=True)
# Source:    measured here
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check trafilatura==2.3.1 lxml_html_clean==0.4.4
env/bin/python -W ignore - <<'PYTHON'
from trafilatura import bare_extraction

PAGE = """<html><head><title>Bakery</title>
<link rel="canonical" href="https://agency.example/bakery">{}
</head><body><article><h1>Bakery</h1><p>The bakery on the quay will open at five from Monday, its
owner said, because the ferry now leaves at six.</p></article></body></html>"""

one = bare_extraction(PAGE.format(""), with_metadata=True)
both = bare_extraction(
    PAGE.format('<meta property="og:url" content="https://paper.example/2">'), with_metadata=True
)
print("rel=canonical alone:", one.url)
print("with og:url:", both.url)
assert one.url == "https://agency.example/bakery"
assert both.url == "https://paper.example/2"
assert "agency.example" not in str(both.as_dict().values())
PYTHON
