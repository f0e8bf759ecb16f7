#!/usr/bin/env bash
# Guess:     upper() and lower() of a column of strings give what they give of its strings, on every
#            machine with the same pandas.
# Behaviour: they do where pyarrow is not installed. Where it is, ß becomes a capital ß, not SS, so that
#            a headline in capitals and the same one made so are two, and a Greek word in small letters
#            ends in σ, which no such word does: keys that were made on two machines do not meet.
# Version:   pandas 3.1.1, without and with pyarrow 26.0.1
# Source:    measured here; strings are kept by pyarrow where it is found, whose utf8_upper and
#            utf8_lower map one character to one. Unicode 17.0, 3.13 and SpecialCasing.txt
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
cat > keys.py <<'PYTHON'
import pandas as pd

words = pd.Series(["Große Straße", "ΟΔΟΣ"])
found = [words.str.upper()[0], words.str.lower()[1]]
print(words.dtype, found, "by the strings themselves:", ["Große Straße".upper(), "ΟΔΟΣ".lower()])
with open("keys.txt", "a", encoding="utf-8") as keys:
    print(*found, sep=",", file=keys)
PYTHON
env/bin/python -m pip install --quiet --disable-pip-version-check pandas==3.1.1
env/bin/python keys.py
env/bin/python -m pip install --quiet --disable-pip-version-check pyarrow==26.0.1
env/bin/python keys.py
test "$(cat keys.txt)" = "GROSSE STRASSE,οδος
GROẞE STRAẞE,οδοσ"
