#!/usr/bin/env bash
# Guess:     what a page shows is shown by the Markdown that is made of it: the signs that Markdown
#            takes for its own are escaped, * and _ are.
# Behaviour: < is not: words in angle brackets, which the page has as &lt;name&gt;, are an element of
#            HTML in the Markdown and no reader sees them. The placeholders of a form letter, and
#            whatever tag or comment a text explains, are gone from the sentence.
# Version:   markdownify 1.2.3 and html2text 2025.4.15, rendered by markdown-it-py 4.0.0; trafilatura
#            2.3.1 escapes it
# Source:    measured here; CommonMark 0.31.2, 6.6 (raw HTML)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check markdownify==1.2.3 \
    html2text==2025.4.15 markdown-it-py==4.0.0 trafilatura==2.3.1 lxml_html_clean==0.4.4
env/bin/python -W ignore - <<'PYTHON'
import html2text
import lxml.html
import markdownify
import trafilatura
from markdown_it import MarkdownIt

TEXT = "Letters begin with Dear <name> and end with <!-- your name --> on every one of the forms."
WRITTEN = TEXT.replace("<", "&lt;").replace(">", "&gt;")
PAGE = f"<html><body><article><p>{WRITTEN}</p></article></body></html>"


def shown(page: str) -> str:
    return " ".join("".join(lxml.html.fromstring(page).xpath("//text()")).split())


GONE = "Letters begin with Dear and end with on every one of the forms."
EXPECTED = {
    "markdownify": (markdownify.markdownify(PAGE), GONE),
    "html2text": (html2text.html2text(PAGE), GONE),
    "trafilatura": (trafilatura.extract(PAGE, output_format="markdown"), TEXT),
}
print("page:       ", shown(PAGE))
assert shown(PAGE) == TEXT
for library, (markdown, expected) in EXPECTED.items():
    found = shown(MarkdownIt().render(markdown))
    print(f"{library + ':':12}", found)
    assert found == expected
PYTHON
