#!/usr/bin/env bash
# Guess:     a column that is dictionary-encoded is grouped, counted and cleared of nulls by its values;
#            so one may clean the few values of its dictionary rather than every row.
# Behaviour: where cleaning makes two entries equal, or one null, group_by and unique go by the entry,
#            not by the value: one paper is two groups of the same name. drop_null and fill_null leave
#            the nulls, which null_count does not count, while is_null and count see them.
# Version:   pyarrow 26.0.1, beside polars 2.1.0, which groups the same array by its values
# Source:    measured here; the columnar format allows repeated values and nulls in a dictionary.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/python -m pip install --quiet --disable-pip-version-check pyarrow==26.0.1 polars==2.1.0
env/bin/python -W ignore - <<'PYTHON'
import polars
import pyarrow as pa
import pyarrow.compute as pc

papers = pa.array(["The Courier", "the courier", "The Courier", "n/a"]).dictionary_encode()


def cleaned(values: pa.Array) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(papers.indices, values)


lower = cleaned(pc.utf8_lower(papers.dictionary))
groups = pa.table({"paper": lower, "articles": [1] * 4}).group_by("paper")
groups = groups.aggregate([("articles", "sum")]).to_pylist()
print("groups of pyarrow:", [tuple(group.values()) for group in groups])
counts = sorted(polars.from_arrow(lower).value_counts().rows())
print("groups of polars: ", counts)
assert [group["paper"] for group in groups] == ["the courier", "the courier", "n/a"]
assert pc.unique(lower).to_pylist() == ["the courier", "the courier", "n/a"]
assert counts == [("n/a", 1), ("the courier", 3)]

known = cleaned(pc.if_else(pc.equal(papers.dictionary, "n/a"), None, papers.dictionary))
print("null_count:", known.null_count, " of is_null:", pc.sum(pc.is_null(known)).as_py())
print("drop_null:", pc.drop_null(known).to_pylist())
assert known.null_count == 0 and pc.sum(pc.is_null(known)).as_py() == 1
assert pc.drop_null(known).to_pylist() == ["The Courier", "the courier", "The Courier", None]
assert pc.fill_null(known, "unknown").to_pylist()[3] is None
PYTHON
