#!/usr/bin/env bash
# Guess:     a WARC has a gzip member for each record, as ISO 28500 recommends, so that warcio goes on
#            behind one that is damaged.
# Behaviour: the damaged member's bytes are taken for a record that is not compressed: iteration ends
#            with ArchiveLoadFailed, whose message has those bytes, and the sound rest is not read.
# Version:   warcio 1.8.1
# Source:    measured here.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check warcio==1.8.1
env/bin/python -W ignore - <<'PYTHON'
import io

from warcio.archiveiterator import ArchiveIterator
from warcio.warcwriter import WARCWriter

members = []
for number in range(4):
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=True)
    body = f"The page with the number {number} of this archive.".encode()
    writer.write_record(
        writer.create_warc_record(
            f"http://a.example/{number}", "resource", payload=io.BytesIO(body),
            warc_content_type="text/plain",
        )
    )
    members.append(bytearray(file.getvalue()))
members[1][len(members[1]) // 2] ^= 0xFF
seen, error = [], ""
try:
    for record in ArchiveIterator(io.BytesIO(b"".join(members))):
        seen.append(record.rec_headers.get_header("WARC-Target-URI")[-1])
        record.content_stream().read()
except Exception as failure:
    error = type(failure).__name__
print("read:", ", ".join(seen), "of 0, 1, 2, 3; then", error)
assert "3" not in seen, "the rest was read"
PYTHON
