#!/usr/bin/env bash
# Guess:     what writes contractions out finds them by their apostrophes, and leaves a text that has
#            none as it is.
# Behaviour: words of chat are written out as well, by default, and letters are compared without case:
#            a u by itself is you, so that every U.S. is YOU.S. and U Thant is YOU Thant; a person called
#            Ima is I Am About To. Months that are cut short are whole, and o'clock is of the clock.
# Version:   contractions 0.1.73, fix()
# Source:    measured here; slang_dict.json. fix(text, slang=False) leaves U.S.; issues 7, closed in
#            2019, and 50, open, of kootenpv/contractions have it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check contractions==0.1.73
env/bin/python -W ignore - <<'PYTHON'
import contractions

for text, expected in (
    ("They aren't there.", "They are not there."),
    ("The U.S. team was late.", "The YOU.S. team was late."),
    ("U Thant led the UN.", "YOU Thant led the UN."),
    ("Ima Hogg gave her house.", "I Am About To Hogg gave her house."),
    ("It ended on Jan. 5.", "It ended on January 5."),
    ("It began at three o'clock.", "It began at three of the clock."),
):
    found = contractions.fix(text)
    print(f"{text!r} {found!r}")
    assert found == expected
assert contractions.fix("The U.S. team was late.", slang=False) == "The U.S. team was late."
PYTHON
