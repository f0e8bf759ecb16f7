#!/usr/bin/env bash
# Guess:     iter_long() finds the keywords of a text that do not overlap, of several at one place the
#            longest: the automaton is there so that none is missed, wherever it stands.
# Behaviour: a keyword at the end of a text is not found if the words before it could have gone on to a
#            longer keyword: of York and New York Times none is in a headline that ends in New York.
#            One more character behind it, and York is found; iter() finds it in either.
# Version:   pyahocorasick 2.3.1, Automaton.iter_long()
# Source:    measured here; at the end of the text the automaton stands within the longer keyword and
#            its failure links are not followed any more. An open change, pull request 224 of
#            WojciechMula/pyahocorasick, says the same.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check pyahocorasick==2.3.1
env/bin/python -W ignore - <<'PYTHON'
import ahocorasick


def found(keywords: list[str], text: str) -> tuple[list[str], list[str]]:
    automaton = ahocorasick.Automaton()
    for keyword in keywords:
        automaton.add_word(keyword, keyword)
    automaton.make_automaton()
    longest = [keyword for _, keyword in automaton.iter_long(text)]
    return longest, [keyword for _, keyword in automaton.iter(text)]


for keywords, text in (
    (["York", "New York Times"], "Ferries are late in New York"),
    (["Rhine", "Upper Rhine Valley"], "A flood on the Upper Rhine"),
):
    longest, every = found(keywords, text)
    print(f"{text!r}: iter_long {longest}, iter {every}")
    assert longest == [] and every == keywords[:1]
    longest, every = found(keywords, text + ".")
    print(f"{text + '.'!r}: iter_long {longest}")
    assert longest == every == keywords[:1]
PYTHON
