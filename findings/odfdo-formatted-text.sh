#!/usr/bin/env bash
# Guess:     the formatted text of a document, footnotes and tables included, has the words that the
#            Markdown of the same document has, and a heading is a line of its own.
# Behaviour: a heading is one line with the paragraph behind it, and where they meet two words are one.
#            What stands in a field, such as the date of a press release or the name of its author, is
#            not there, and a space that is an element is nothing: sentences close over the holes.
# Version:   odfdo 3.27.3, Document.get_formatted_text(); beside it to_markdown(), which has all of it
# Source:    measured here; Element.get_formatted_text() in element.py is the empty text for whatever
#            element has no method of its own, and Header's ends without a line break. OpenDocument 1.3,
#            part 3, 6.1.3 (text:s) and 7.3 (fields)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check odfdo==3.27.3
env/bin/python -W ignore - <<'PYTHON'
from odfdo import Document, Element

CONTENT = (
    '<text:h text:outline-level="1">The bridge is closed</text:h>',
    '<text:p>From <text:date text:date-value="2026-03-02">2 March 2026</text:date> on nobody may drive'
    " over it, <text:author-name>Ada Brook</text:author-name> says.</text:p>",
    "<text:p>It stays<text:s/>open for those who walk.</text:p>",
)

document = Document("text")
document.body.clear()
for element in CONTENT:
    document.body.append(Element.from_tag(element))
document.save("notice.odt")

read = Document("notice.odt")
markdown, text = read.to_markdown(), read.get_formatted_text()
print("Markdown:", *markdown.splitlines(), sep="\n  ")
print("formatted text:", *text.splitlines(), sep="\n  ")
assert markdown.split("\n\n") == [
    "# The bridge is closed",
    "From 2 March 2026 on nobody may drive over it, Ada Brook says.",
    "It stays open for those who walk.\n",
]
assert text.split("\n\n")[:2] == [
    "The bridge is closedFrom  on nobody may drive over it,  says.",
    "It staysopen for those who walk.",
]
PYTHON
