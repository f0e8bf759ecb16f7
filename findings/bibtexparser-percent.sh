#!/usr/bin/env bash
# Guess:     to have the markup of LaTeX turned into characters changes accents and dashes, and leaves an
#            address, which has no markup.
# Behaviour: an address ends at its first per cent sign, and ~ in it is a no-break space: all articles of
#            a section whose name has an umlaut or a space have one address. There is no error, and no
#            block is among those that failed.
# Version:   bibtexparser 2.1.0, LatexDecodingMiddleware
# Source:    measured here; it gives each field to the LatexNodes2Text of pylatexenc 2.11, for which a
#            per cent sign begins a comment, as it does in LaTeX. Manual of biblatex, 2.2.1: the fields url
#            and doi are verbatim and may contain such signs.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check bibtexparser==2.1.0 pylatexenc==2.11
env/bin/python -W ignore - <<'PYTHON'
import bibtexparser
from bibtexparser.middlewares import LatexDecodingMiddleware

SOURCE = r"""
@article{first, title = {K{\"o}ln -- a bridge}, url = {https://paper.example/k%C3%B6ln/bridge-closed}}
@article{other, title = {K{\"o}ln -- a choir}, url = {https://paper.example/k%C3%B6ln/choir-founded}}
@article{third, title = {A walk}, url = {https://paper.example/~brook/walk}}
"""

plain = bibtexparser.parse_string(SOURCE)
decoded = bibtexparser.parse_string(SOURCE, append_middleware=[LatexDecodingMiddleware()])
assert not decoded.failed_blocks
for before, after in zip(plain.entries, decoded.entries):
    print(f"{before['url']} -> {after['url']!r}")
assert [entry["title"] for entry in decoded.entries] == ["Köln – a bridge", "Köln – a choir", "A walk"]
assert [entry["url"] for entry in plain.entries][0] == "https://paper.example/k%C3%B6ln/bridge-closed"
assert [entry["url"] for entry in decoded.entries] == [
    "https://paper.example/k",
    "https://paper.example/k",
    "https://paper.example/\xa0brook/walk",
]
PYTHON
