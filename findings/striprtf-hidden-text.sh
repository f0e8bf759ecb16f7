#!/usr/bin/env bash
# Guess:     what a word processor does not show, hidden text and text that was deleted while changes
#            were recorded, is no part of the text of an RTF file.
# Behaviour: both come out as text, while the page header and the footnote do not.
# Version:   striprtf 0.0.35
# Source:    measured here; RTF 1.9.1, \v and \deleted
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check striprtf==0.0.35
env/bin/python -W ignore - <<'PYTHON'
from striprtf.striprtf import rtf_to_text

rtf = (
    r"{\rtf1\ansi{\header Page 3\par}The toll rose to {\deleted nine}{\revised twelve}."
    r"{\footnote A note.}{\v For the editor only.}\par}"
)
text = rtf_to_text(rtf)
print(text)
assert "nine" in text and "twelve" in text and "For the editor only." in text
assert "Page 3" not in text and "A note." not in text
PYTHON
