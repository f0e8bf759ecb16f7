"""Fit how unusual the order of the small words is: `syntax.npz`, of `scrub.spin.syntax`.

    python tools/fit_syntax.py OUT FILE ...

The files have `text`s that nobody spun: `--clean` and `--odd` of `fit_score.py`.  Writes the table
into the folder OUT, which `scrub/spin/data` takes as it is.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from fit_known import lines
from numpy.typing import NDArray

from scrub.match.tokens import Tokens, tokenize
from scrub.spin.syntax import BREAK, CLASSES, EDGE, Syntax, classes
from scrub.spin.web import slots_of


def stream(tokens: Tokens) -> NDArray[np.uint8]:
    """The classes of all tokens in a row, with the edges of sentences and breaks between words."""
    firsts, between = tokens.sentences[:-1], tokens.end[:-1]
    joined = (tokens.start[1:] - between == 1) & np.isin(tokens.data[between], [*b" -"])
    breaks = np.setdiff1d(np.flatnonzero(~joined) + 1, firsts)
    places = np.concatenate([firsts, firsts, breaks])
    row: NDArray[np.uint8] = np.insert(
        classes(tokens, slots_of(tokens.hash)),
        places,
        np.where(np.arange(len(places)) < 2 * len(firsts), EDGE, BREAK),
    )
    return row


def fit(classes_in_a_row: NDArray[np.uint8]) -> Syntax:
    """The model of a `stream` of texts that nobody spun."""
    row = classes_in_a_row.astype(np.int64)
    single = np.bincount(row, minlength=CLASSES).astype(np.float64) + 0.5
    single = single / single.sum()
    after = -np.log(smoothed(row[:-1], row[1:], single))
    skip = -np.log(smoothed(row[:-2], row[2:], single)) + np.log(single)
    return Syntax(after.astype(np.float32), (np.clip(skip, -2, 4) / 2).astype(np.float32))


def smoothed(
    before: NDArray[np.int64], here: NDArray[np.int64], single: NDArray[np.float64]
) -> NDArray[np.float64]:
    """P(here | before), each row drawn towards `single` by the number of classes seen in it."""
    pairs = np.bincount(before * CLASSES + here, minlength=CLASSES**2).reshape(CLASSES, CLASSES)
    kinds = (pairs > 0).sum(1, keepdims=True) + 1
    answer: NDArray[np.float64] = (pairs + kinds * single) / (pairs.sum(1, keepdims=True) + kinds)
    return answer


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("file", type=Path, nargs="+")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    model = fit(stream(tokenize([row["text"] for file in args.file for row in lines(file)])))
    np.savez_compressed(
        args.out / "syntax.npz",
        after=model.after.astype(np.float16),
        skip=model.skip.astype(np.float16),
    )


if __name__ == "__main__":
    main()
