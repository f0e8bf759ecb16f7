#!/usr/bin/env bash
# Guess:     a record batch is filtered whatever the type of its columns, as it is sliced.
# Behaviour: one with a string_view column cannot be filtered or taken from: filter and take raise
#            ArrowNotImplementedError. Slices of it work, and concatenating them does what the
#            filter should.
# Version:   pyarrow 26.0.1
# Source:    measured here.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check pyarrow==26.0.1
env/bin/python -W ignore - <<'PYTHON'
import pyarrow as pa

words = ["one", "two", "three"]
for kind in (pa.string(), pa.large_string(), pa.string_view()):
    batch = pa.record_batch({"text": pa.array(words, kind)})
    sliced = pa.Table.from_batches([batch.slice(0, 1), batch.slice(2, 1)])
    assert sliced["text"].to_pylist() == ["one", "three"]
    for name, call in (
        ("filter", lambda: batch.filter(pa.array([True, False, True]))),
        ("take", lambda: batch.take(pa.array([0, 2]))),
    ):
        try:
            found = call()["text"].to_pylist()
        except pa.ArrowNotImplementedError as error:
            found = f"ArrowNotImplementedError: {error}"
        print(kind, name, found)
        if kind == pa.string_view():
            assert isinstance(found, str) and "string_view" in found
        else:
            assert found == ["one", "three"]
PYTHON
