#!/usr/bin/env bash
# Guess:     a splitter that promises to leave the text as it is gives sentences that make up the text,
#            whatever signs stand in them.
# Behaviour: some signs stand for marks of its own while it works: a sentence with a note of music, as
#            captions and lyrics have it, or with the sign of a hot spring is in no sentence at all,
#            without a word, and of one with a comet the first half is gone. With clean=True the note
#            has become an Arabic comma.
# Version:   pysbd 0.3.4, Segmenter(clean=False), which is the default, and Segmenter(clean=True)
# Source:    measured here; what is turned back into a mark is no longer found in the text that
#            sentences_with_char_spans() of segmenter.py looks for.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check pysbd==0.3.4
env/bin/python -W ignore - <<'PYTHON'
import pysbd

EXPECTED = {
    "\u266c": ["The hall was full. ", "Then they left."],
    "\u2668": ["The hall was full. ", "Then they left."],
    "\u2604": ["The hall was full. ", "they came at nine. ", "Then they left."],
    "\u266a": ["The hall was full. ", "At eight \u266a they came at nine. ", "Then they left."],
}
for sign, expected in EXPECTED.items():
    text = f"The hall was full. At eight {sign} they came at nine. Then they left."
    found = pysbd.Segmenter(language="en", clean=False).segment(text)
    print(sign, found)
    assert found == expected and ("".join(found) == text) == (sign == "\u266a")
text = "The hall was full. At eight \u266c they came at nine. Then they left."
cleaned = pysbd.Segmenter(language="en", clean=True).segment(text)
print("cleaned:", cleaned[1])
assert cleaned[1] == "At eight \u060c they came at nine."
PYTHON
