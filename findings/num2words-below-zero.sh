#!/usr/bin/env bash
# Guess:     a number in words is the number: one that is below zero says so, in every language the
#            library has, and different numbers have different words.
# Behaviour: between 0 and -1 the sign is gone, in 47 of its 56 languages and their kinds, English
#            among them: prices that fell by half a per cent, -0.5, are at zero point five. -1.5 is told
#            from 1.5, but in Bengali and Welsh; in Bengali and Persian 1.05 is one and a half, and in
#            Azerbaijani 11,000 is 10,000.
# Version:   num2words 0.5.14
# Source:    measured here; to_cardinal_float() in base.py takes the whole part, which is 0, for what
#            has the sign. Known since 2021, issue 402 of savoirfairelinux/num2words; a change was taken
#            over, 622, which no release has.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check num2words==0.5.14
env/bin/python -W ignore - <<'PYTHON'
from num2words import CONVERTER_CLASSES, num2words


def same(one: float, other: float) -> list[str]:
    languages = []
    for language in sorted(CONVERTER_CLASSES):
        try:
            if num2words(one, lang=language) == num2words(other, lang=language):
                languages.append(language)
        except (TypeError, ValueError, KeyError):
            pass  # some have no decimals at all
    return languages


print("-0.5 is", num2words(-0.5), "and -1.5", num2words(-1.5))
below = same(-0.5, 0.5)
print(f"-0.5 as 0.5 in {len(below)} of {len(CONVERTER_CLASSES)}:", *below)
print("-1.5 as 1.5:", same(-1.5, 1.5), "1.05 as 1.5:", same(1.05, 1.5))
print("11000 as 10000:", same(11000, 10000))
assert num2words(-0.5) == "zero point five"
assert (len(below), len(CONVERTER_CLASSES)) == (47, 56)
assert same(-1.5, 1.5) == ["bn", "cy"]
assert same(1.05, 1.5) == ["bn", "fa"]
assert same(11000, 10000) == ["az"]
PYTHON
