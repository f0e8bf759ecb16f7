#!/usr/bin/env bash
# Guess:     a vertical tab, by which word processors and slides break a line, becomes a line break or
#            a space: str.splitlines and str.split take it for one, and fix_line_breaks does so with
#            other characters that break lines.
# Behaviour: it is dropped as a control character, and the words beside it are one.
# Version:   ftfy 6.3.1, fix_text()
# Source:    measured here
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check ftfy==6.3.1
env/bin/python - <<'PYTHON'
import ftfy

text = "The gates were shut\x0bNobody had the key"
print(repr(ftfy.fix_text(text)))
assert len(text.splitlines()) == 2
assert ftfy.fix_text(text) == "The gates were shutNobody had the key"
assert ftfy.fix_text(text.replace("\x0b", "\u2028")) == "The gates were shut\nNobody had the key"
PYTHON
