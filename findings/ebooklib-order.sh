#!/usr/bin/env bash
# Guess:     the documents of an EPUB come in the order in which they are read.
# Behaviour: they come in the order of the manifest, which says nothing of reading; the order is that
#            of book.spine, which holds ids. The table of contents is among the documents, too.
# Version:   EbookLib 0.20, EpubBook.get_items_of_type(ITEM_DOCUMENT)
# Source:    measured here; EPUB 3.3, 5.6 (manifest) and 5.7 (spine)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check EbookLib==0.20
env/bin/python -W ignore - <<'PYTHON'
import ebooklib
from ebooklib import epub

book = epub.EpubBook()
book.set_identifier("x")
book.set_title("A year")
book.set_language("en")
chapters = {}
for name in ("winter", "spring", "summer"):
    chapters[name] = epub.EpubHtml(title=name, file_name=f"{name}.xhtml")
    chapters[name].content = f"<p>{name}</p>"
    book.add_item(chapters[name])
book.add_item(epub.EpubNav())
book.spine = [chapters["spring"], chapters["summer"], chapters["winter"]]
epub.write_epub("year.epub", book)

read = epub.read_epub("year.epub")
found = [item.get_name() for item in read.get_items_of_type(ebooklib.ITEM_DOCUMENT)]
spine = [read.get_item_with_id(i).get_name() for i, _ in read.spine]
print("documents:", found)
print("as read:  ", spine)
assert found == ["winter.xhtml", "spring.xhtml", "summer.xhtml", "nav.xhtml"]
assert spine == ["spring.xhtml", "summer.xhtml", "winter.xhtml"]
PYTHON
