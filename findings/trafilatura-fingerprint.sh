#!/usr/bin/env bash
# Guess:     the fingerprint of a text, in the record beside it, is of all its words and figures: where
#            a few of them are others some of its bits are, so that equal fingerprints mean a copy that
#            is the same but for signs.
# Behaviour: of a text with some 32 long words or more those of five letters up are looked at, and no
#            token with a sign in it, such as 3,400 or $1.2bn, at any length: an article and one that
#            says the opposite of it, with other figures and another month, have one fingerprint and
#            the similarity 1.0. So have all orders of their words.
# Version:   trafilatura 2.3.1, the field fingerprint of extract(output_format="json") and Simhash
# Source:    measured here; sample_tokens() in deduplication.py. The project's docs/deduplication.rst has
#            a unique fingerprint of each text, and that meaningful bits of it are looked at.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check trafilatura==2.3.1 lxml_html_clean==0.4.4
env/bin/python -W ignore - <<'PYTHON'
import json

import trafilatura
from trafilatura.deduplication import Simhash

FIRST = (
    "The council did not approve the plan to close the bridge over the river after a long debate among"
    " members about costs of repairs. The mayor said no to unions which want 12 per cent. Repairs will"
    " cost $1.2bn by May, engineers told reporters, while traffic across the harbour has grown since"
    " spring. Shops nearby fear losses; owners asked the court for relief, and judges will hear their"
    " case after Easter. Ferries carry 3,400 people daily."
)
SECOND = FIRST
for old, new in (
    ("did not approve", "did approve"),
    ("no to", "yes to"),
    ("12 per", "96 per"),
    ("$1.2bn", "$9.9bn"),
    ("May", "July"),
    ("3,400", "87,600"),
):
    assert SECOND.count(old) == 1
    SECOND = SECOND.replace(old, new)


def record(text: str) -> dict[str, str]:
    page = f"<html><body><article><p>{text}</p></article></body></html>"
    return json.loads(trafilatura.extract(page, output_format="json", with_metadata=True))


first, second = record(FIRST), record(SECOND)
print(first["fingerprint"], first["text"][:60])
print(second["fingerprint"], second["text"][:60])
backwards = " ".join(reversed(FIRST.split()))
print("similarity:", Simhash(FIRST).similarity(Simhash(SECOND)), "and, read backwards,",
      Simhash(FIRST).similarity(Simhash(backwards)))
assert first["text"] == FIRST and second["text"] == SECOND
assert first["fingerprint"] == second["fingerprint"]
assert Simhash(FIRST).similarity(Simhash(SECOND)) == 1.0
assert Simhash(FIRST).similarity(Simhash(backwards)) == 1.0
PYTHON
