#!/usr/bin/env bash
# Guess:     with the package brotli installed, warcio decodes a page that was sent with
#            Content-Encoding: br; without it the bytes come as they are.
# Behaviour: with brotli 1.x installed the stream of every such page raises AttributeError, which is
#            none of warcio's own errors: a reader that ends at an unknown error loses the rest of
#            the file, and whether it does depends on a package that it never named.
# Version:   warcio 1.8.1 with brotli 1.2.1
# Source:    measured here; its decompressor is asked for unused_data, which brotli's has not.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check warcio==1.8.1 brotli==1.2.1
env/bin/python -W ignore - <<'PYTHON'
import io

import brotli
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

file = io.BytesIO()
writer = WARCWriter(file, gzip=True)
for coding in ("", "br", ""):
    body = b"<p>A page of the archive.</p>"
    headers = [("Content-Type", "text/html")]
    if coding:
        body = brotli.compress(body)
        headers.append(("Content-Encoding", coding))
    writer.write_record(
        writer.create_warc_record(
            "http://a.example/", "response", payload=io.BytesIO(body),
            http_headers=StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1"),
        )
    )
seen = []
for record in ArchiveIterator(io.BytesIO(file.getvalue())):
    try:
        seen.append(record.content_stream().read().decode())
    except AttributeError as error:
        seen.append(f"AttributeError: {error}")
print(*seen, sep="\n")
assert seen[0] == seen[2] == "<p>A page of the archive.</p>"
assert seen[1].startswith("AttributeError") and "unused_data" in seen[1]
PYTHON
