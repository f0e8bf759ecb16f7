#!/usr/bin/env bash
# Guess:     the text of a page has the words of its sentences, however they are marked up.
# Behaviour: what stands in an inline element other than b, strong, i, em, small, a, span and sup is
#            taken for a paragraph of its own and, with fewer than three stop words in it, removed as
#            a link would be: the sentence closes over the hole, and may say the opposite.
# Version:   goose3 3.1.22, Article.cleaned_text
# Source:    measured here; OutputFormatter.remove_fewwords_paragraphs() in outputformatters.py walks
#            over every element that replace_with_text() has not dissolved before.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check goose3==3.1.22
env/bin/python -W ignore - <<'PYTHON'
import logging

from goose3 import Goose

logging.disable()
PARAGRAPH = "<p>The council met on day {} and agreed on a plan for the bridge that was closed.</p>"


def last(element: str) -> str:
    """The last paragraph of a page, as goose3 gives it, with one word of it in an element."""
    words = f"<p>The mayor of the town said that it was <{element}>not</{element}> her fault at all.</p>"
    page = f"<html><body><article>{''.join(map(PARAGRAPH.format, range(5)))}{words}</article></body></html>"
    return Goose().extract(raw_html=page).cleaned_text.splitlines()[-1]


for element in ("em", "strong", "span", "u", "q", "mark", "time", "abbr", "ins"):
    found = last(element)
    print(f"{element:7}", found)
    hole = "" if element in ("u", "q", "mark", "time", "abbr", "ins") else " not"
    assert found == f"The mayor of the town said that it was{hole} her fault at all."
PYTHON
