#!/usr/bin/env bash
# Guess:     a space between two words is in the text of the page whether the words are marked up or
#            not; where white space is looked at it is made one space.
# Behaviour: a space that stands by itself between two elements is dropped, and the words are one: the
#            Red Cross in two links is the RedCross, and 12 500 in two bold figures is 12500. A line
#            break of the source and a no-break space there are dropped, too; counts of words, and with
#            them which paragraphs are kept, go by what is left.
# Version:   jusText 3.0.2, Paragraph.text
# Source:    measured here; ParagraphMaker.characters() in core.py returns at once where a piece of text
#            is blank. Spaces at the edge of a piece with words in it are kept.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check jusText==3.0.2 lxml_html_clean==0.4.6
env/bin/python -W ignore - <<'PYTHON'
import justext

STOPWORDS = justext.get_stoplist("English")

for inside, expected in (
    ("The Red Cross came.", "The Red Cross came."),
    ("The <b>Red Cross</b> came.", "The Red Cross came."),
    ("The <a href=r>Red</a> <a href=c>Cross</a> came.", "The RedCross came."),
    ("The <a href=r>Red</a>\n<a href=c>Cross</a> came.", "The RedCross came."),
    ("About <b>12</b>&nbsp;<b>500</b> people came.", "About 12500 people came."),
    ("<i>Die</i> <i>Zeit</i> was not <b>for</b> <b>it</b>.", "DieZeit was not forit."),
):
    (paragraph,) = justext.justext(f"<html><body><p>{inside}</p></body></html>", STOPWORDS)
    print(f"{inside!r:58} {paragraph.text!r}")
    assert paragraph.text == expected
    assert paragraph.words_count == len(expected.split())
PYTHON
