#!/usr/bin/env bash
# Guess:     Markdown made of a page has the words of the page, whatever letters of them are marked up.
# Behaviour: where the marking ends within a word, as at the large first letter of an article or at an
#            ending, a space is put in: the word is two words, the first of them one letter. With
#            ignore_emphasis, so that there are no marks to keep apart, the word is whole.
# Version:   html2text 2025.4.15, beside markdownify 1.2.3, which leaves the words
# Source:    measured here; CommonMark 0.31.2, 6.2: ** may end within a word.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check html2text==2025.4.15 \
    markdownify==1.2.3 markdown-it-py==4.0.0
env/bin/python -W ignore - <<'PYTHON'
import re

import html2text
import markdownify
from markdown_it import MarkdownIt

PAGE = "<p><b>T</b>he council met, and all <em>re</em>signed.</p>"


def shown(markdown: str) -> str:
    return re.sub("<[^>]*>", "", MarkdownIt().render(markdown)).strip()


maker = html2text.HTML2Text()
print("html2text:      ", shown(maker.handle(PAGE)))
print("markdownify:    ", shown(markdownify.markdownify(PAGE)))
assert shown(maker.handle(PAGE)) == "T he council met, and all re signed."
assert shown(markdownify.markdownify(PAGE)) == "The council met, and all resigned."
maker.ignore_emphasis = True
print("ignore_emphasis:", shown(maker.handle(PAGE)))
assert shown(maker.handle(PAGE)) == "The council met, and all resigned."
PYTHON
