#!/usr/bin/env bash
# Guess:     with fields of one's own, the word first, a file with a word on each line is read word by
#            word, as data of tweets with named entities is published.
# Behaviour: a line that begins with # is a comment even within a sentence and with all its fields:
#            hashtags are gone, the words beside them are neighbours, and the tag of the hashtag is lost.
#            A sentence of hashtags alone is empty.
# Version:   conllu 6.0.0, parse(fields=...)
# Source:    measured here; parse_token_and_metadata() in parser.py. CoNLL-U, where a line with a word
#            begins with its number, has no such lines; its comments stand before a sentence.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check conllu==6.0.0
env/bin/python -W ignore - <<'PYTHON'
import conllu

text = "Floods\tO\nhit\tO\n#Springfield\tB-location\nagain\tO\n\n#late\tO\n\n"
read = conllu.parse(text, fields=["form", "entity"])
found = [[(token["form"], token["entity"]) for token in sentence] for sentence in read]
print(found)
assert found[0] == [("Floods", "O"), ("hit", "O"), ("again", "O")]
assert found[1:] == [[]]
PYTHON
