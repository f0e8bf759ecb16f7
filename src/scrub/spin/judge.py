"""Which documents are spun: their own scores, and what aligned copies say of each other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice

from scrub.corpus import Corpus
from scrub.document import Pair
from scrub.match.pairs import Copies
from scrub.spin.direction import Comparison, beliefs, compare, direction
from scrub.spin.ngrams import NgramModel

_SAMPLE = 5_000  # texts; the choice between two wordings hardly moves with more
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


def judge(corpus: Corpus, copies: Copies) -> Judgement:
    """Judge every document of the corpus, given the copies among them."""
    pairs = copies.pairs
    texts = {document.id: document.text for document in corpus.documents}
    scores = corpus.scores
    # A model that had read either side would take that side: only texts without siblings teach it.
    paired = {i for pair in pairs for i in (pair.id_a, pair.id_b)}
    alone = (text for i, text in texts.items() if scores[i] < SPUN and i not in paired)
    wording = NgramModel.of_texts(list(islice(alone, _SAMPLE)))
    comparisons = compare(texts, pairs, scores, wording)
    believed = {**scores, **beliefs(comparisons, scores)}
    directed = [replace(p, spun=direction(believed[p.id_a], believed[p.id_b])) for p in pairs]
    return Judgement(directed, copies.clusters, believed, comparisons, wording)
