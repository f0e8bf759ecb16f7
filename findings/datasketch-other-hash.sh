#!/usr/bin/env bash
# Guess:     MinHashes of different hash functions cannot be compared; as with different seeds or
#            numbers of permutations, trying to raises an error.
# Behaviour: their similarity is 0.0 without a word, for one and the same set, too; an index that was
#            built with one function and is queried with another finds nothing.
# Version:   datasketch 2.0.0, MinHash(hashfunc=...)
# Source:    measured here; the function is not among what is compared before.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check datasketch==2.0.0
env/bin/python -W ignore - <<'PYTHON'
import hashlib

from datasketch import MinHash, MinHashLSH


def md5(data: bytes) -> int:
    return int.from_bytes(hashlib.md5(data).digest()[:4], "little")


words = [word.encode() for word in "the ferry was late again on monday".split()]
usual, other = MinHash(), MinHash(hashfunc=md5)
for word in words:
    usual.update(word)
    other.update(word)
index = MinHashLSH(threshold=0.5)
index.insert("usual", usual)
print("similarity of a set with itself:", usual.jaccard(other), "found:", index.query(other))
assert usual.jaccard(other) == 0.0
assert index.query(other) == []
try:
    usual.jaccard(MinHash(seed=7))
except ValueError as error:
    print("of another seed:", error)
else:
    raise SystemExit("another seed is compared, too")
PYTHON
