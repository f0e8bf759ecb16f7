"""Plain MinHash: what datasketch's MinHashLSH finds with word shingles and bands, and no more.

Two documents are linked where the index finds one for the other.  A cluster is what such links
connect.  A text without words has no copy; datasketch links all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scrub.document import Pair
from scrub.errors import ConfigError
from scrub.match.clusters import DisjointSets
from scrub.match.pairs import Copies
from scrub.match.signatures import signatures, to_datasketch
from scrub.match.tokens import tokenize

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrub.config import MatchSettings
    from scrub.corpus import Corpus

# Set by hand.
_BATCH = 2000  # documents that are tokenized at once
_NONE = np.uint32(0xFFFFFFFF)


class Plain:
    """The signatures of a corpus, and the copies by them."""

    def __init__(self, corpus: Corpus, settings: MatchSettings) -> None:
        """Raises ConfigError where a band would have no row."""
        if settings.bands > settings.num_perm:
            raise ConfigError(
                f"match.bands = {settings.bands} are more than match.num_perm = {settings.num_perm}"
            )
        self._settings = settings
        self._ids, self._words = corpus.ids, corpus.features.words
        self._digests = corpus.features.digests
        self._place = {i: place for place, i in enumerate(self._ids)}
        texts = corpus.texts
        self._values = np.concatenate([
            signatures(tokenize(texts[k : k + _BATCH]), settings.num_perm, settings.shingle)
            for k in range(0, max(1, len(texts)), _BATCH)
        ])  # fmt: skip

    def copies(self) -> Copies:
        """The clusters, and in each the pairs of its fullest document with all others."""
        connected = DisjointSets[int]()
        for a, b in self._links():
            connected.union(a, b)
        members: dict[int, list[int]] = {}
        for place in range(len(self._ids)):
            members.setdefault(connected.root(place), []).append(place)
        pairs, clusters = [], {}
        for places in members.values():
            names = [self._ids[place] for place in places]
            clusters.update(dict.fromkeys(names, min(names)))
            _, centre = min((-int(self._words[place]), self._ids[place]) for place in places)
            pairs += [self.pair(*sorted((i, centre))) for i in names if i != centre]
        pairs.sort(key=lambda pair: (pair.id_a, pair.id_b))
        return Copies(pairs, {i: clusters[i] for i in self._ids})

    def pair(self, id_a: str, id_b: str) -> Pair:
        """Two documents with their estimated Jaccard similarity and the containments by it."""
        a, b = self._place[id_a], self._place[id_b]
        jaccard = float(np.mean(self._values[a] == self._values[b]))
        both = jaccard * (self._words[a] + self._words[b]) / (1 + jaccard)
        in_a, in_b = (min(1.0, float(both / max(1, self._words[k]))) for k in (a, b))
        same = self._digests[a] == self._digests[b]
        return Pair(id_a, id_b, "exact" if same else "near", "no", jaccard, in_a, in_b, 0, "")

    def _links(self) -> Iterator[tuple[int, int]]:
        """Documents that share a band, each with those before it that do."""
        from datasketch import MinHashLSH  # takes a second, which no other method has to wait

        settings, chosen = self._settings, None
        if settings.bands:
            chosen = (settings.bands, settings.num_perm // settings.bands)
        index = MinHashLSH(settings.lsh_threshold, settings.num_perm, params=chosen)
        first: dict[bytes, int] = {}
        for place in np.flatnonzero((self._values != _NONE).any(axis=1)).tolist():
            values = self._values[place]
            if (same := first.setdefault(values.tobytes(), place)) != place:
                yield same, place  # without being looked up: of one text there may be thousands
                continue
            signature = to_datasketch(values)
            yield from ((other, place) for other in sorted(index.query(signature)))
            index.insert(place, signature)
