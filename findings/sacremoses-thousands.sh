#!/usr/bin/env bash
# Guess:     to normalise the punctuation of a text changes signs, not how much a number is; the
#            space that keeps 12 500 on one line becomes a space, nothing, or the language's own sign
#            for thousands.
# Behaviour: it becomes the language's sign for decimals, a full stop in English, a comma in German
#            and French: twelve thousand five hundred people are twelve and a half. Numbers for the
#            telephone and dates get them, too.
# Version:   sacremoses 0.2.0, MosesPunctNormalizer
# Source:    measured here; DE_ES_CZ_CS_FR and OTHER in normalize.py, as norm_numbers (on unless it
#            is turned off) adds them, after the script of Moses
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check sacremoses==0.2.0
env/bin/python -W ignore - <<'PYTHON'
from sacremoses import MosesPunctNormalizer

TEXTS = {
    "en": ("12\u00a0500 people came", "12.500 people came"),
    "de": ("12\u00a0500 Menschen kamen", "12,500 Menschen kamen"),
    "fr": ("12\u00a0500 personnes sont venues", "12,500 personnes sont venues"),
}
for language, (text, expected) in TEXTS.items():
    found = MosesPunctNormalizer(language).normalize(text)
    print(language, repr(text), "->", repr(found))
    assert found == expected
found = MosesPunctNormalizer("en").normalize("call 020\u00a07946\u00a00000")
print(repr(found))
assert found == "call 020.7946.0000"
PYTHON
