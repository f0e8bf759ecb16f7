"""Make `src/scrub/spin/data/bigrams.npz.xz` from a general English language model.

    python tools/make_bigrams.py EN_US.arpa

The model is the US English one of CMU Sphinx (`en-us.lm.bin` of the package pocketsphinx 5.1.1; its
licence, BSD of two clauses, is in `data/bigrams-licence.txt`).  Written as ARPA by
`NGramModel(Config(), LogMath(), "en-us.lm.bin").write("en.arpa", 0)`; of it the 1-grams and 2-grams
are read.  Kept are words that the web counts have as well, and of the pairs that the web counts
lack those by which the model would lose most if they were forgotten (Stolcke 1998, without the
change of the other back-offs).  Prints `CALIBRATION` of `scrub.spin.bigrams`.
"""

from __future__ import annotations

import io
import lzma
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from make_thesaurus import planes

from scrub.match.scan import word_hash
from scrub.spin import bigrams
from scrub.spin.web import find_words, load_web

PAIRS = 560_000  # as many as fit into 0.9 MB
NEAR = 0.7  # nats: a pair that differs less from what the back-off says is not looked at
LN10 = float(np.log(10))


def read(path: Path, web: set[str]) -> tuple[dict[str, tuple[float, float]], list[tuple[Any, ...]]]:
    """log P and back-off of each word of the web counts, and the pairs of these with their gain."""
    single: dict[str, tuple[float, float]] = {}
    pairs = []
    part = ""
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.startswith("\\"):
                part = line.strip()
                continue
            fields = line.split()
            if part == "\\1-grams:" and len(fields) >= 2 and fields[1] in web:
                backoff = float(fields[2]) if len(fields) > 2 else 0.0
                single[fields[1]] = (float(fields[0]) * LN10, backoff * LN10)
            elif part == "\\2-grams:" and len(fields) >= 3:
                one, two = fields[1:3]
                if one in single and two in single:
                    gain = float(fields[0]) * LN10 - single[two][0]
                    if abs(gain - single[one][1]) >= NEAR:
                        pairs.append((one, two, gain))
            elif part == "\\3-grams:":
                break
    return single, pairs


def main() -> None:
    """Read, prune, write."""
    listed = resources.files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt")
    lines = listed.read_text("utf-8-sig").splitlines()
    listed_words = [line.split(" ")[0] for line in lines]
    model, found = read(Path(sys.argv[1]), set(listed_words))
    words = [word for word in listed_words if word in model]
    place = {word: i for i, word in enumerate(words)}
    single, backoff = np.array([model[word] for word in words]).T
    first, second = np.array([(place[one], place[two]) for one, two, _ in found], np.int64).T
    gain = np.array([g for *_, g in found])

    web = load_web()
    number = np.full(len(web.words), -1, np.int32)
    hashes = np.array([word_hash(word) for word in words], np.uint32)
    number[find_words(web.words, hashes)] = np.arange(len(words))
    bigrams.CALIBRATION = (1.0, 0.0)
    keys, gains = bigrams.web_pairs(number)
    order = np.argsort(keys)
    keys, gains = keys[order], gains[order]
    at = np.minimum(np.searchsorted(keys, first << 32 | second), len(keys) - 1)
    both = keys[at] == first << 32 | second
    print("CALIBRATION", np.polyfit(gains[at[both]], gain[both], 1).round(3).tolist())

    usual = np.exp(single[first] + single[second] + np.maximum(gain, backoff[first]))
    loss = np.where(both, 0.0, usual * np.abs(gain - backoff[first]))
    kept = np.argsort(-loss, kind="stable")[:PAIRS]
    kept = kept[np.lexsort((second[kept], first[kept]))]
    first, second, gain = first[kept], second[kept], gain[kept]
    steps = np.diff(second, prepend=0)
    begins = np.flatnonzero(np.diff(first, prepend=-1))
    steps[begins] = second[begins]
    step = bigrams.STEP
    packed = io.BytesIO()
    np.savez(
        packed,
        chosen=np.packbits(np.array([word in place for word in listed_words])),
        single=np.rint(single / step[1]).astype(np.int16),
        backoff=np.rint(backoff / step[2]).astype(np.int8),
        degree=np.bincount(first, minlength=len(words)).astype(np.uint16),
        steps=planes(steps)[:2],
        gains=np.rint(gain / step[0]).astype(np.int8),
    )
    out = Path(__file__).parent.parent / "src/scrub/spin/data/bigrams.npz.xz"
    out.write_bytes(lzma.compress(packed.getvalue(), preset=9 | lzma.PRESET_EXTREME))
    print(len(words), "words", len(kept), "pairs", out.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
