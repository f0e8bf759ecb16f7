#!/usr/bin/env bash
# Guess:     a compressed file that was put together from several, or written by a program that compresses
#            on many cores, is read to its end: daft reads such .gz files whole.
# Behaviour: of .zst, .bz2 and .xz the first frame or stream is read and the rest is not, without an
#            error or a message: of six records two are left. Which of a crawl's files are short is seen
#            neither from their size nor from their ending.
# Version:   daft 0.7.26, read_json(), read_csv() and read_text(); beside it pyarrow 25.0.1 and the
#            standard library, which read all of it
# Source:    measured here; CompressionCodec::to_decoder() in src/daft-compression/src/compression.rs asks
#            for multiple members in the branch of gzip alone. RFC 8878, 3.1 (one or more
#            frames) and the specification of .xz, 2 (one or more streams)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check daft==0.7.26 pyarrow==25.0.1
export DAFT_ANALYTICS_ENABLED=0 DO_NOT_TRACK=true DAFT_PROGRESS_BAR=0
env/bin/python -W ignore - <<'PYTHON'
import bz2
import gzip
import lzma
from pathlib import Path

import daft
import pyarrow as pa

LINES = {
    "jsonl": [f'{{"id": {number}}}\n' for number in range(6)],
    "csv": ["id\n", *(f"{number}\n" for number in range(6))],
    "txt": [f"Line {number}.\n" for number in range(6)],
}
PACK = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": lambda data: pa.compress(data, codec="zstd", asbytes=True),
}
OPEN = {
    "gz": gzip.open,
    "bz2": bz2.open,
    "xz": lzma.open,
    "zst": lambda name: pa.CompressedInputStream(pa.OSFile(name), "zstd"),
}
READ = {"jsonl": daft.read_json, "csv": daft.read_csv, "txt": daft.read_text}


def rows(ending: str, packing: str, at: int) -> int:
    lines = LINES[ending]
    name = f"articles.{ending}.{packing}"
    parts = [lines[:at], lines[at:]] if at else [lines]
    Path(name).write_bytes(b"".join(PACK[packing]("".join(part).encode()) for part in parts))
    with OPEN[packing](name) as file:
        assert file.read().decode() == "".join(lines)
    return READ[ending](name).count_rows()


for ending, packing, left in (
    ("jsonl", "gz", 6),
    ("jsonl", "zst", 2),
    ("jsonl", "bz2", 2),
    ("jsonl", "xz", 2),
    ("csv", "zst", 1),
    ("txt", "zst", 2),
):
    whole, parted = rows(ending, packing, 0), rows(ending, packing, 2)
    print(f".{ending}.{packing}: {whole} rows in one piece, {parted} in two")
    assert (whole, parted) == (6, left)
PYTHON
