#!/usr/bin/env bash
# Guess:     functions called jaccard, in libraries that compare texts, give of two texts about one
#            value, that of their words or runs of words; as it is for a search of copies.
# Behaviour: of two articles that are about different things it is 1.0, 0.8 and 0.1: duckdb takes the
#            set of letters, of which two longer texts of one language have all; textdistance the
#            letters with their numbers; jellyfish the set of words, or with a third argument of runs of
#            letters. A threshold of 0.8 that was chosen with one finds all or nothing with another.
# Version:   duckdb 2.0.1, jaccard(); textdistance 4.6.3, jaccard; jellyfish 1.3.0, jaccard_similarity()
# Source:    measured here; duckdb's own description has two strings of one word each, and in pull
#            request 70 of NickCrews/mismo a developer took it for words.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check duckdb==2.0.1 textdistance==4.6.3 \
    jellyfish==1.3.0
env/bin/python -W ignore - <<'PYTHON'
import duckdb
import jellyfish
import textdistance

BRIDGE = (
    "the mayor opened the new bridge on monday after six years of work a quarter of a million people"
    " had waited for it and many came by bicycle to cross the river before the first cars were let on"
    " just behind them the band of the fire brigade played until it was dark"
)
WHEAT = (
    "prices of wheat rose again this week because frost has hurt fields in the north traders expect"
    " exports to fall by ten per cent while bakers warn that bread will be dearer from january farmers"
    " say that they have enough in store and ask to keep quiet about numbers"
)


def values(one: str, other: str) -> dict[str, float]:
    (row,) = duckdb.execute("select jaccard(?, ?)", [one, other]).fetchall()
    first, second = set(one.split()), set(other.split())
    return {
        "words": len(first & second) / len(first | second),
        "duckdb": row[0],
        "textdistance": textdistance.jaccard(one, other),
        "jellyfish": jellyfish.jaccard_similarity(one, other),
    }


for label, one, other in (("different articles", BRIDGE, WHEAT), ("one word", "listen", "silent")):
    found = values(one, other)
    print(f"{label}:", *(f"{name} {value:.2f}" for name, value in found.items()))
    assert found["jellyfish"] == found["words"] < 0.15
    assert found["duckdb"] > 0.95
    assert found["textdistance"] > 0.75
PYTHON
