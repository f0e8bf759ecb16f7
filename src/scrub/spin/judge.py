"""Which documents are spun: their own scores, and what aligned copies say of each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice

from scrub.corpus import Corpus
from scrub.document import Pair
from scrub.match.pairs import Copies
from scrub.spin.direction import Comparison, beliefs, compare, direction
from scrub.spin.ngrams import NgramModel

_SAMPLE = 5_000  # texts; the choice between two wordings hardly moves with more
_REWORDED = 0.08  # an editor's share of changed content words; a spinner changes a tenth and more
_APART = 0.5  # scores so far apart say which of two copies was spun
_BOTH = 0.9  # and scores from here up that both were
SPUN = 0.5  # belief from which a document counts as spun


@dataclass(slots=True, frozen=True)
class Judgement:
    """What is believed of each document, and why.

    pairs        the verified pairs, each with the side that carries substituted wording
    clusters     id -> cluster
    beliefs      id -> probability that the document is spun, in [0, 1], siblings heard
    comparisons  the aligned pairs that were heard
    wording      the model that chose between two readings
    """

    pairs: list[Pair]
    clusters: dict[str, str]
    beliefs: dict[str, float]
    comparisons: list[Comparison]
    wording: NgramModel

    @property
    def spun(self) -> dict[str, bool]:
        """Whether each document counts as spun."""
        return {i: belief >= SPUN for i, belief in self.beliefs.items()}


def judge(corpus: Corpus, copies: Copies, *, thorough: bool = False) -> Judgement:
    """Judge every document of the corpus, given the copies among them.

    Aligning two copies is dear, so only those are aligned whose wording differs while their scores
    leave it open which was spun; all of them where it should be `thorough`, as flags need it.
    """
    texts = {document.id: document.text for document in corpus.documents}
    scores = corpus.scores
    # A model that had read either side would take that side: only texts without siblings teach it.
    paired = {i for pair in copies.pairs for i in (pair.id_a, pair.id_b)}
    alone = (text for i, text in texts.items() if scores[i] < SPUN and i not in paired)
    wording = NgramModel.of_texts(list(islice(alone, _SAMPLE)))
    heard = [pair for pair in copies.pairs if thorough or _is_open(pair, scores)]
    comparisons = compare(texts, heard, scores, wording)
    believed = {**scores, **beliefs(comparisons, scores)}
    directed = [
        replace(pair, spun=direction(believed[pair.id_a], believed[pair.id_b]))
        for pair in copies.pairs
    ]
    return Judgement(directed, copies.clusters, believed, comparisons, wording)


def _is_open(pair: Pair, scores: Mapping[str, float]) -> bool:
    low, high = sorted((scores[pair.id_a], scores[pair.id_b]))
    return pair.reworded >= _REWORDED and high - low < _APART and low < _BOTH
