"""Which documents are spun: their own scores, and what aligned copies say of each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeAlias

from scrub.corpus import Corpus
from scrub.document import Pair
from scrub.match.clusters import DisjointSets
from scrub.match.keep import exact_groups
from scrub.match.pairs import Copies
from scrub.spin.context import SUSPECT
from scrub.spin.direction import SPUN, beliefs, compare_copies, direction, usual
from scrub.spin.ngrams import NgramModel, every

if TYPE_CHECKING:
    from scrub.engine.local import LocalEngine
    from scrub.progress import Clock

# Set by hand.
WORDING_TEXTS = 1000  # the choice between two wordings hardly moves with more
_BATCH = 500_000  # characters of whole clusters that one call deals with
REWORDED = 0.03  # share of changed content words below which nothing is known of the hand
# Scores so far apart say which of two copies was spun.  Set by hand: an edition full of words that
# English at large seldom uses can have one of 0.93 beside one of 0.02.
_APART = 0.95
_BOTH = 0.9  # and scores from here up that both were


@dataclass(slots=True, frozen=True)
class Clusters:
    """Some whole clusters of a corpus.

    `texts`, `scores` and `groups` map ids to cleaned texts, the texts' own spin scores in [0, 1],
    and the names of the clusters; `pairs` are the verified pairs among them.
    """

    texts: dict[str, str]
    scores: dict[str, float]
    groups: dict[str, str]
    pairs: list[Pair]


@dataclass(slots=True, frozen=True)
class Judgement:
    """What is believed of each document.

    pairs    the verified pairs, each with the side that carries substituted wording
    beliefs  id -> probability that the document is spun, in [0, 1], siblings counted
    usual    two ids -> nats by which the first one's wording is the more usual, where it is known
    """

    pairs: list[Pair]
    beliefs: dict[str, float]
    usual: dict[tuple[str, str], float]

    @classmethod
    def of(
        cls,
        pairs: Iterable[Pair],
        beliefs: dict[str, float],
        usual: dict[tuple[str, str], float],
    ) -> Judgement:
        """What beliefs say of the sides of pairs."""
        sided = (replace(p, spun=direction(beliefs[p.id_a], beliefs[p.id_b])) for p in pairs)
        return cls(list(sided), beliefs, usual)

    @property
    def spun(self) -> dict[str, bool]:
        """Whether each document counts as spun."""
        return {i: belief >= SPUN for i, belief in self.beliefs.items()}


def judge(
    corpus: Corpus,
    copies: Copies,
    engine: LocalEngine | None = None,
    *,
    wording: NgramModel | None = None,
    clock: Clock | None = None,
) -> Judgement:
    """Judge every document of the corpus, given the copies among them.

    Aligning two copies costs most, so only those are aligned whose wording differs while their
    scores leave it open which was spun, and whatever else is a copy of these: the cleanest one
    leads.  It is done by the processes of `engine`, where there is one; documents of one text are
    believed alike.  `wording` chooses between two readings; by default it is that of the first
    texts of the corpus that neither look spun nor have a sibling: a model that had read one of two
    copies would take its side.  `clock` is moved on as documents are done, those that need no
    aligning first.
    """
    scores = corpus.scores
    reworded = [pair for pair in copies.pairs if pair.reworded >= REWORDED]
    doubtful = {i for p in reworded if _is_open(p, scores) for i in (p.id_a, p.id_b)}
    compared = [pair for pair in reworded if {pair.id_a, pair.id_b} & doubtful]
    believed = dict(scores)
    leaning: dict[tuple[str, str], float] = {}
    if compared:
        if wording is None:
            alone = unpaired(corpus, copies, below=SPUN)[:WORDING_TEXTS]
            wording = NgramModel.of_texts([corpus.texts[at] for at in alone])
        ids = {i for pair in compared for i in (pair.id_a, pair.id_b)}
        batches = in_clusters(corpus, Copies(compared, copies.clusters), ids)
        done = len(scores) - len(ids)
        with ExitStack() as stack:
            answers: Iterator[_Sides] = map(partial(_sides, wording), batches)
            if engine:
                folder = stack.enter_context(stored_model(wording, engine.folder))
                answers = engine.map(partial(_sides_by, folder), batches)
            for found, leans in answers:
                believed.update(found)
                leaning.update(leans)
                done += len(found)
                if clock:
                    clock.advance(done, len(scores))
    same = exact_groups([*believed], copies.pairs)
    representative = {
        **{i: i for i in believed},
        **{same[i]: i for pair in compared for i in (pair.id_a, pair.id_b)},
    }
    alike = {i: believed[representative[same[i]]] for i in believed}
    return Judgement.of(copies.pairs, alike, leaning)


_Sides: TypeAlias = tuple[dict[str, float], dict[tuple[str, str], float]]


def _sides(wording: NgramModel, batch: Clusters) -> _Sides:
    """Beliefs in each document of a batch, and whose wording is the more usual in each pair."""
    found = compare_copies(batch.texts, batch.pairs, batch.scores, wording)
    leaning = {(each.id_a, each.id_b): usual(each, batch.scores) for each in found}
    return beliefs(found, batch.scores), leaning


def _sides_by(folder: Path, batch: Clusters) -> _Sides:
    return _sides(load_model(folder), batch)


def unpaired(corpus: Corpus, copies: Copies, below: float) -> list[int]:
    """The documents, by position, that have no sibling and a spin score below a bound."""
    paired = {i for pair in copies.pairs for i in (pair.id_a, pair.id_b)}
    return [
        at
        for at, (name, score) in enumerate(corpus.scores.items())
        if score < below and name not in paired
    ]


def language(corpus: Corpus, copies: Copies) -> NgramModel:
    """The language of the documents that neither look spun nor have a sibling.

    At most `MAX_WORDS` words are counted: of more, every n-th document in the order of the ids.
    """
    ids, texts = corpus.ids, corpus.texts
    places = sorted(unpaired(corpus, copies, below=SUSPECT), key=ids.__getitem__)
    step = every(int(corpus.features.words[places].sum()))
    return NgramModel.of_texts([texts[at] for at in places[::step]])


def in_clusters(
    corpus: Corpus, copies: Copies, wanted: Collection[str] | None = None
) -> Iterator[Clusters]:
    """The wanted documents (by default all) in batches of whole clusters, ordered by their names.

    Nothing that is done with a batch may depend on where one ends and the next begins, so clusters
    between which there is a pair are in one batch.
    """
    home = _homes(copies)
    members: dict[str, list[tuple[str, int]]] = {}
    for at, name in enumerate(corpus.scores):
        if wanted is None or name in wanted:
            cluster = copies.clusters[name]
            members.setdefault(home.get(cluster, cluster), []).append((name, at))
    pairs: dict[str, list[Pair]] = {}
    for pair in copies.pairs:
        if wanted is None or (pair.id_a in wanted and pair.id_b in wanted):
            cluster = copies.clusters[pair.id_a]
            pairs.setdefault(home.get(cluster, cluster), []).append(pair)
    texts = corpus.texts
    batch, room = Clusters({}, {}, {}, []), _BATCH
    for cluster in sorted(members):
        for name, at in members[cluster]:
            batch.texts[name] = texts[at]
            batch.scores[name] = corpus.scores[name]
            batch.groups[name] = copies.clusters[name]
            room -= len(batch.texts[name])
        batch.pairs.extend(pairs.get(cluster, ()))
        if room <= 0:
            yield batch
            batch, room = Clusters({}, {}, {}, []), _BATCH
    if batch.texts:
        yield batch


def _homes(copies: Copies) -> dict[str, str]:
    """For clusters that pairs connect with others the smallest name among all so connected."""
    homes = DisjointSets[str]()
    for pair in copies.pairs:
        homes.union(copies.clusters[pair.id_a], copies.clusters[pair.id_b])
    return {name: homes.root(name) for name in homes}


@contextmanager
def stored_model(model: NgramModel, within: Path | None) -> Iterator[Path]:
    """A temporary folder with the model, which all processes of this machine can map."""
    with TemporaryDirectory(prefix="scrub-", dir=within) as name:
        model.save(Path(name))
        yield Path(name)


@lru_cache(maxsize=1)
def load_model(folder: Path) -> NgramModel:
    """The model of a folder that `stored_model` made."""
    return NgramModel.load(folder)


def _is_open(pair: Pair, scores: Mapping[str, float]) -> bool:
    low, high = sorted((scores[pair.id_a], scores[pair.id_b]))
    return high - low < _APART and low < _BOTH
