"""Make `src/scrub/match/rewrites/background.npz`: how often English articles have each stem.

    python tools/make_background.py

Made of symspellpy's web counts of 83,000 words, cut to stems as `scrub.match.rewrites` cuts the
words of texts: it is to be made again when that changes, which a test notices.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from scrub.match.rewrites import terms
from scrub.match.rewrites.terms import stems_of
from scrub.match.rewrites.translations import stems_across
from scrub.match.tokens import tokenize

OUT = Path(terms.__file__).parent / "background.npz"


def arrays() -> dict[str, Any]:
    """For each kind of stems the distinct ones, sorted, as differences; and the count of each."""
    listed = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt")
    rows = [line.split() for line in listed.read_text("utf-8-sig").splitlines()]
    rows = [row for row in rows if row[0].isalpha()]
    often = np.array([float(row[1]) for row in rows])
    tokens = tokenize(["\n\n".join(row[0] for row in rows)])
    made = {}
    for stem in (stems_of, stems_across):
        stems, place = np.unique(stem(tokens), return_inverse=True)
        made[f"{stem.__name__}.steps"] = np.diff(stems, prepend=0).astype(np.uint32)
        made[f"{stem.__name__}.counts"] = np.bincount(place, often).astype(np.int64)
    return made


if __name__ == "__main__":
    np.savez_compressed(OUT, **arrays())
    print(OUT.stat().st_size, "bytes")
