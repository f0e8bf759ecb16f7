#!/usr/bin/env bash
# Guess:     a filter that keeps the lines that end in a full stop, a question mark, an exclamation mark
#            or a closing quotation mark keeps what people say, in either kind of quotation marks.
# Behaviour: a quotation mark is ' or ", not the ” that papers print: each paragraph that ends in one is
#            cut out of the article, which is kept without it, and only a statistic counts the line. The
#            same words in straight marks stay. An article of voices has too few sentences left and is
#            dropped. With « and », „ and “ it is the same.
# Version:   datatrove 0.10.1, C4QualityFilter as it comes
# Source:    measured here; END_PUNCTUATION in pipeline/filters/c4_filters.py. Its description, after
#            the paper of C4, has " among the marks, and says nothing of other ones.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check "datatrove[processing]==0.10.1" spacy==3.8.14
env/bin/python -W ignore - <<'PYTHON'
from datatrove.data import Document
from datatrove.pipeline.filters import C4QualityFilter

TOLD = (
    "The mayor opened the new bridge on Monday after six years of work.",
    "In the evening the police closed it again. A report is to follow in May.",
    "Nobody was hurt. Ferries go on until then, and the railway adds two trains a day.",
)
SAID = (
    "“It is not finished. Nobody should drive over it before the summer.”",
    "“We were told that it was safe,” said a baker. “I do not believe it any longer.”",
    "“Who is going to pay for all this? Not we.”",
)


def left(*paragraphs: str) -> list[str] | str:
    document = Document(text="\n".join(paragraphs), id="1")
    verdict = C4QualityFilter().filter(document)
    return document.text.split("\n") if verdict is True else verdict[1]


def straight(text: str) -> str:
    return text.translate(str.maketrans("“”", '""'))


article = [*TOLD, *SAID]
found = left(*article)
print("left of six paragraphs:", *found, sep="\n  ")
print("in straight marks:", len(left(*map(straight, article))))
print("voices alone:", left(*SAID), "and in straight marks", len(left(*map(straight, SAID))))
assert found == list(TOLD)
assert left(*map(straight, article)) == list(map(straight, article))
assert left(*SAID) == "too_few_sentences"
assert left(*map(straight, SAID)) == list(map(straight, SAID))
for opening, closing in ("«»", "„“"):
    others = [text.translate({0x201C: opening, 0x201D: closing}) for text in article]
    assert left(*others) == list(TOLD)
PYTHON
