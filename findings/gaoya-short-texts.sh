#!/usr/bin/env bash
# Guess:     two texts that share no word are no duplicates, however short they are.
# Behaviour: an index over word n-grams gives every text with fewer than n words the same, empty
#            signature: all of them are found as duplicates of each other, at any threshold.
# Version:   gaoya 0.2.2, MinHashStringIndex with ngram_range=(3, 3)
# Source:    measured here; the short items of a feed or a ticker meet it first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check gaoya==0.2.2
env/bin/python -W ignore - <<'PYTHON'
from gaoya.minhash import MinHashStringIndex

index = MinHashStringIndex(
    hash_size=32, jaccard_threshold=0.9, num_bands=20, num_hashes=200,
    analyzer="word", ngram_range=(3, 3),
)
texts = {1: "Ferry late", 2: "Museum reopens", 3: "Frost again", 4: "The old bridge was closed for a week"}
for number, text in texts.items():
    index.insert_document(number, text)
found = sorted(index.query("Harbour dredged"))
print("'Harbour dredged' is a duplicate of", [texts[number] for number in found])
assert found == [1, 2, 3], found
PYTHON
