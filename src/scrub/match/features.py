"""What matching keeps of a batch of documents: packed words, band keys and a sketch of the frame.

The frame of a sentence is what a synonym spinner leaves standing: function words in a canonical
form, names and numbers in their order, every run of other words one gap (Stamatatos 2011; Zhang et
al., DSpin, NDSS 2014).  Shingles of the frame are sampled by their hash (FracMinHash: Irber et al.,
Hera et al. 2023), so that containment can be searched for by one join on sampled hashes.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from scrub.hashing import GOLDEN, golden_step
from scrub.kernels import Array, kernel
from scrub.match import signatures
from scrub.match.scan import FUNCTION, KIND_MASK, NAME
from scrub.match.spelling import SOUND
from scrub.match.tokens import Tokens, tokenize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scrub.config import MatchSettings

# Set by hand; `bench/match_forms.py` compares forms of candidates on 50,000 articles.
FRAME = 6  # frame symbols in a shingle
SHORTEST_FRAME = 4  # a sentence of fewer symbols has no shingle
SAMPLED_BITS = 2  # shingle hashes with so many leading zeros are kept: one in four

# Words in three are content in prose; where nearly all are, there is no frame.
_MIN_FRAME = 0.2


@dataclass(slots=True, frozen=True)
class Features:
    """The features of D documents: arrays that pickle small (2 to 3 bytes for a byte of text).

    units      (T,) uint32, every word: its symbol's or its own hash, the two lowest bits its kind
    sentences  (S + 1,) int64, first unit of each sentence, and T
    begins     (S,) uint32, first byte of each sentence in its document's UTF-8
    documents  (D + 1,) int64, first sentence of each document, and S
    digests    (D,) uint64, of the sequence of words; 0 for a document without words
    bands      (D, b) uint32, MinHashLSH band keys of the word 3-shingles' signature
    sketch     (H,) uint32, sampled frame shingles, sorted and distinct within a document
    places     (H,) uint16, the shingle's sentence in its document, modulo 65536
    sketches   (D + 1,) int64, first sampled shingle of each document, and H
    """

    units: NDArray[np.uint32]
    sentences: NDArray[np.int64]
    begins: NDArray[np.uint32]
    documents: NDArray[np.int64]
    digests: NDArray[np.uint64]
    bands: NDArray[np.uint32]
    sketch: NDArray[np.uint32]
    places: NDArray[np.uint16]
    sketches: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.digests)

    @property
    def words(self) -> NDArray[np.int64]:
        """(D,) the number of words of each document."""
        return np.diff(self.sentences[self.documents])

    def of(self, chosen: NDArray[np.int64]) -> Features:
        """Those of the documents at the positions `chosen`, in that order."""
        sentences, documents = _parts(self.documents, chosen)
        units, starts = _parts(self.sentences, sentences)
        sketch, sketches = _parts(self.sketches, chosen)
        return Features(
            self.units[units], starts, self.begins[sentences], documents, self.digests[chosen],
            self.bands[chosen], self.sketch[sketch], self.places[sketch], sketches,
        )  # fmt: skip

    @staticmethod
    def concat(batches: Sequence[Features]) -> Features:
        """The features of the batches' documents, one after the other; at least one batch."""
        joined: dict[str, Array] = {}
        for name in (field.name for field in fields(Features)):
            parts = [getattr(batch, name) for batch in batches]
            joined[name] = _chain(parts) if name in _STARTS else np.concatenate(parts)
        return Features(**joined)


# Odd numbers, one for each place in a shingle.
_MULTIPLIERS = np.array(
    [
        0x9E3779B97F4A7C15,
        0xBF58476D1CE4E5B9,
        0x94D049BB133111EB,
        0xC2B2AE3D27D4EB4F,
        0x165667B19E3779F9,
        0xD6E8FEB86659FD93,
    ],
    np.uint64,
)
_STARTS = ("sentences", "documents", "sketches")


def features(texts: Sequence[str], settings: MatchSettings) -> Features:
    """The features of a batch of texts; a document's do not depend on the others in its batch."""
    return features_of(tokenize(texts), settings)


def features_of(tokens: Tokens, settings: MatchSettings) -> Features:
    """The features of a tokenized batch; see `features`."""
    units, digests, sketch, places, sketches = _sketch(
        tokens.hash, tokens.symbol, tokens.kind,
        tokens.sentences, tokens.documents, tokens.document_sentences,
    )  # fmt: skip
    count, rows = signatures.bands(settings.lsh_threshold, settings.num_perm)
    keys = _band_keys(signatures.signatures(tokens, count * rows), count, rows)
    begins = tokens.start[tokens.sentences[:-1]] - np.repeat(
        tokens.offsets[:-1], np.diff(tokens.document_sentences)
    )
    return Features(
        units, tokens.sentences, begins.astype(np.uint32), tokens.document_sentences, digests,
        keys, sketch, places, sketches,
    )  # fmt: skip


def _parts(
    starts: NDArray[np.int64], chosen: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The places of all that is in the chosen parts, and where each of these begins then."""
    sizes = np.diff(starts)[chosen]
    new = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    return np.repeat(starts[chosen] - new[:-1], sizes) + np.arange(new[-1]), new


def _chain(starts: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Offset arrays of consecutive batches as one."""
    ends = np.cumsum([0, *(int(array[-1]) for array in starts)])
    moved = [array[:-1] + end for array, end in zip(starts, ends, strict=False)]
    return np.concatenate([*moved, ends[-1:]]).astype(np.int64)


@kernel()
def frame(units: Array, first: int, last: int, symbols: Array, begins: Array) -> int:
    """The frame of units first..last (one sentence): its symbols, and the unit each begins at.

    A name is known by its sound.  Returns the number of symbols; `symbols` and `begins` need
    last - first places.
    """
    n = 0
    gap = False
    for t in range(first, last):
        if units[t] & KIND_MASK:
            name = units[t] & KIND_MASK == NAME
            symbols[n], begins[n] = units[t] & np.uint32(SOUND) if name else units[t], t
            n += 1
            gap = False
        elif not gap:
            symbols[n], begins[n] = 0, t
            n += 1
            gap = True
    return n


@kernel(inline="always")
def frame_hash(symbols: Array, start: int, size: int) -> Array:
    """The 64-bit hash of `size` frame symbols."""
    value = np.uint64(size)
    for k in range(size):  # products that do not wait for each other
        value += (np.uint64(symbols[start + k]) + np.uint64(1)) * _MULTIPLIERS[k]
    value ^= value >> np.uint64(32)
    value *= np.uint64(0xD6E8FEB86659FD93)
    return value ^ (value >> np.uint64(32))


@kernel()
def _sketch(
    hashes: Array,
    symbol: Array,
    kinds: Array,
    sentences: Array,
    documents: Array,
    document_sentences: Array,
) -> Array:
    """Pack the words, digest them, and sample the frame's shingles."""
    total, count = len(hashes), len(documents) - 1
    units = np.empty(total, np.uint32)
    digests = np.zeros(count, np.uint64)
    sketch = np.empty(total + count, np.uint32)
    places = np.empty(total + count, np.uint16)
    sketches = np.zeros(count + 1, np.int64)
    symbols = np.empty(1024, np.uint32)
    begins = np.empty(1024, np.int64)
    kept = 0
    low = ~np.uint32(KIND_MASK)
    for document in range(count):
        first, last = documents[document], documents[document + 1]
        framed = 0
        digest = np.uint64(last - first)
        for t in range(first, last):
            framed += kinds[t] & KIND_MASK != 0
            digest = golden_step(digest, hashes[t])
        digests[document] = digest
        bare = framed < _MIN_FRAME * (last - first)
        for t in range(first, last):
            kind = kinds[t] & KIND_MASK
            if kind:
                units[t] = (symbol[t] & low) | np.uint32(kind)
            else:
                units[t] = (hashes[t] & low) | np.uint32(FUNCTION if bare else 0)
        start = kept
        for s in range(document_sentences[document], document_sentences[document + 1]):
            n = frame(units, sentences[s], sentences[s + 1], symbols, begins)
            size = min(FRAME, n)
            if size < SHORTEST_FRAME:
                continue
            for k in range(n - size + 1):
                value = frame_hash(symbols, k, size)
                if value >> np.uint64(64 - SAMPLED_BITS) == 0:
                    sketch[kept] = np.uint32(value & np.uint64(0xFFFFFFFF))
                    places[kept] = np.uint16(s - document_sentences[document])
                    kept += 1
        samples = np.empty(kept - start, np.uint64)  # kernels sort one type, compiled once
        for k in range(len(samples)):
            samples[k] = np.uint64(sketch[start + k]) << np.uint64(16)
            samples[k] |= np.uint64(places[start + k])
        samples.sort()
        kept = start
        for k in range(len(samples)):
            value, place = samples[k] >> np.uint64(16), samples[k] & np.uint64(0xFFFF)
            if k == 0 or value != samples[k - 1] >> np.uint64(16):
                sketch[kept], places[kept] = value, place
                kept += 1
        sketches[document + 1] = kept
    return units, digests, sketch[:kept].copy(), places[:kept].copy(), sketches


@kernel()
def _band_keys(values: Array, count: int, rows: int) -> Array:
    """Each band of a signature as one 32-bit key; 0 for documents without words."""
    keys = np.zeros((len(values), count), np.uint32)
    for document in range(len(values)):
        empty = True
        for k in range(count * rows):
            empty = empty and values[document, k] == np.uint32(0xFFFFFFFF)
        for band in range(0 if empty else count):
            key = np.uint64(band)
            for k in range(band * rows, band * rows + rows):
                key = (key ^ np.uint64(values[document, k])) * np.uint64(GOLDEN)
                key ^= key >> np.uint64(32)
            keys[document, band] = max(np.uint32(1), np.uint32(key & np.uint64(0xFFFFFFFF)))
    return keys
