"""Which copy of a cluster stays: the one with most good words, of those that are not spun."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache

from scrub.config import KeepSettings
from scrub.corpus import Corpus
from scrub.document import Pair, Relation, Spun
from scrub.match.clusters import DisjointSets
from scrub.match.rewrites.describe import Rewrite, surest_first
from scrub.sources import Origin, moments, same_address, until

WHOLE = 0.95  # share of its words by which a text stands whole in another; set by hand
# A text of whose words the other has less is no copy to drop, whichever of the two looks spun: who
# translates or reports a second time uses other words, too.  Set by hand on such pairs of Albanian
# and Swiss news; of 3,157 planted copies with a spun side that were dropped 10 have less.
_SHARED = 2 / 3
# Words of its own that a text begins with: a follow-up says what is new, and repeats the rest.  Set
# by hand, on the wire stories and planted copies that are linked, of which hardly one has any.
_LEAD = 15
# An outlet that brings nearly the same text so much later reports again: the next hearing, the next
# quarter.  Within it an update replaces what it updates.  Set by hand on press releases of American
# prosecutors, of whose edited copies on other days nearly all that were read are such.
_LATER = timedelta(days=7)
_OTHER_SIDE: dict[Spun, Spun] = {"this": "other", "other": "this", "both": "both", "no": "no"}


@dataclass(slots=True, frozen=True)
class Verdict:
    """What became of one document: kept, or a copy of `kept_id` as `pair` shows.

    `pair` is turned so that its side `a` is this document; it is None for a kept document.
    """

    id: str
    cluster_id: str
    kept_id: str
    relation: Relation
    spun: Spun
    pair: Pair | None

    @property
    def kept(self) -> bool:
        """Whether the document goes into the corpus."""
        return self.id == self.kept_id


class Rule:
    """Which copies are dropped: by kind, by how much of them stays, and by whose they are."""

    def __init__(
        self, settings: KeepSettings, corpus: Corpus, stay: AbstractSet[str] = frozenset()
    ) -> None:
        """`corpus` says where documents come from; those that `stay` are never dropped."""
        position = {i: n for n, i in enumerate(corpus.ids)}
        self._settings, self._stay = settings, stay
        self.origin_of = cache(lambda i: corpus.origin(position[i]))

    def __call__(self, i: str, kept_id: str, pair: Pair) -> bool:
        """Whether a document goes that is a copy of another as `pair` shows, from its side `a`."""
        settings = self._settings
        if i in self._stay:
            return False
        own, other = self.origin_of(i), self.origin_of(kept_id)
        if not settings.across and own.source != other.source:
            return False
        if pair.relation == "exact":
            return "exact" in settings.drop
        least = settings.drop_share
        if pair.spun != "no":
            return "spun" in settings.drop and pair.containment_a >= min(least, _SHARED)
        if pair.relation == "near" and pair.jaccard < settings.drop_jaccard:
            return False
        if least and is_reported_again(own, other):
            return False
        if least and pair.lead_a >= _LEAD:
            least = max(least, WHOLE)
        share = pair.containment_a - (pair.varied_a if settings.drop_share else 0)
        return pair.relation in settings.drop and share >= least


def is_reported_again(one: Origin, other: Origin) -> bool:
    """Whether two like texts are an outlet's reports of different days, not one page's versions."""
    if not one.outlet or one.outlet != other.outlet or same_address(one.url, other.url):
        return False
    first, second = moments(one.time), moments(other.time)
    if not first or not second:
        return False
    return max(first[0] - second[1], second[0] - first[1]) > _LATER


def keep(
    corpus: Corpus,
    pairs: Sequence[Pair],
    clusters: Mapping[str, str],
    spun: Mapping[str, bool],
    worth: Mapping[str, float],
    settings: KeepSettings,
    pair_of: Callable[[str, str], Pair] | None = None,
) -> dict[str, Verdict]:
    """Decide for every document whether it stays, and of which kept document it is a copy.

    `clusters` names the cluster of each id, `spun` says which documents carry machine-substituted
    wording, `worth` how many good words each has.  Members of a cluster are visited in
    the order of preference that `settings.policy` gives, those of `settings.sources` first; one
    that was verified against a copy already kept is a copy of it, any other is kept itself.  So a
    cluster never loses all its members, nor a text that only a third document links to the one
    kept.  A text alone in its cluster that stands whole in a kept one of another (a round-up) is an
    excerpt of that.  Input order matters for the policy `first` alone.  `pair_of` gives the pair of
    two documents of a cluster that plain MinHash made.
    """
    ids, words = corpus.ids, corpus.words
    canonical = exact_groups(ids, pairs)
    neighbours = neighbours_of(pairs, canonical)
    position = {i: n for n, i in enumerate(ids)}
    if pair_of:  # plain MinHash knows of no shares: what it holds for one is one
        settings = settings.model_copy(update={"drop_share": 0.0})
    members: dict[str, list[str]] = defaultdict(list)
    for i in ids:
        members[clusters[i]].append(i)
    goes = Rule(settings, corpus, corpus.several())
    replaceable = {
        i
        for i in position
        if spun.get(i, False)
        and _is_covered(i, neighbours.get(canonical[i], {}), spun, settings.min_containment)
    }

    def preference(i: str) -> tuple[object, ...]:
        origin = goes.origin_of(i)
        match settings.policy:
            case "best":
                return (i in replaceable, -worth[i], bool(origin.truncated), until(origin.time), i)
            case "longest":
                return (-words[i], i)
            case "first":
                return (position[i],)
            case "newest":
                return (_descending(origin.time), -words[i], i)
            case "oldest":
                return (until(origin.time), -words[i], i)

    def preferred(i: str, least: float) -> tuple[object, ...]:
        """Sources that are preferred go first, but a part of a text never for the whole."""
        at = places.get(goes.origin_of(i).outlet, len(places)) if worth[i] >= least else len(places)
        return (len(places) if i in replaceable else at, *preference(i))

    places = {outlet: n for n, outlet in enumerate(settings.sources)}
    verdicts: dict[str, Verdict] = {}
    for cluster_id, cluster in members.items():
        if len(cluster) == 1:  # most are
            i = cluster[0]
            side: Spun = "this" if spun.get(i, False) else "no"
            verdicts[i] = Verdict(i, cluster_id, i, "unique", side, None)
            continue
        kept: list[str] = []
        least = settings.min_containment * max(worth[i] for i in cluster)
        for _, i in sorted((preferred(i, least), i) for i in cluster):
            found = _first_kept(i, kept, canonical, neighbours, goes, pair_of)
            if found is None:
                kept.append(i)
                verdict = Verdict(i, cluster_id, i, "kept", "no", None)
            else:
                kept_id, pair = found
                verdict = Verdict(i, cluster_id, kept_id, pair.relation, pair.spun, pair)
            verdicts[i] = settled(verdict, spun=spun.get(i, False))
    beside = [i for i in neighbours if verdicts[i].relation == "unique"]
    for i in sorted(beside, key=lambda i: (-words[i], i)):  # a whole is settled before its part
        verdicts[i] = _part_of_another(verdicts, i, neighbours[i], words, spun, goes)
    return verdicts


def _part_of_another(
    verdicts: Mapping[str, Verdict],
    i: str,
    neighbours: Mapping[str, Pair],
    words: Mapping[str, int],
    spun: Mapping[str, bool],
    goes: Rule,
) -> Verdict:
    """The verdict on a document without copies: that of an excerpt where a kept text has all of it.

    A spun text covers no other.
    """
    wholes = [
        (-pair.containment_a, verdicts[other].kept_id, pair)
        for other, pair in neighbours.items()
        if pair.containment_a >= WHOLE
        and words[other] > words[i]
        and spun.get(i, False) >= spun.get(verdicts[other].kept_id, False)
        and (verdicts[other].kept or verdicts[other].relation == "exact")
        and goes(i, verdicts[other].kept_id, pair)
    ]
    if not wholes:
        return verdicts[i]
    _, kept_id, pair = min(wholes, key=lambda whole: whole[:2])
    return replace(verdicts[i], kept_id=kept_id, relation=pair.relation, spun=pair.spun, pair=pair)


def settled(verdict: Verdict, *, spun: bool) -> Verdict:
    """The verdict, where whether the document counts as spun was settled later.

    Two identical texts are both spun or neither is; the evidence of other copies is counted before.
    """
    side: Spun = verdict.spun
    if verdict.pair is None:
        side = "this" if spun else "no"
    elif verdict.relation == "exact":
        side = "both" if spun else "no"
    return verdict if side == verdict.spun else replace(verdict, spun=side)


def without_rewrites(
    verdicts: Mapping[str, Verdict], rewrites: Sequence[Rewrite]
) -> dict[str, Verdict]:
    """The same verdicts, but strong rewrites and summaries of documents that are kept are dropped.

    Only a document without copies is dropped, and never with its source: the surest
    come first, and what another was dropped for stays.
    """
    verdicts = dict(verdicts)
    stays: set[str] = set()
    for rewrite in surest_first(rewrites):
        pair, i = rewrite.pair, rewrite.derived
        old, source = verdicts.get(i), verdicts.get(rewrite.source)
        if rewrite.grade != "strong" or pair.relation == "translation":
            continue
        if old is None or old.relation != "unique" or i in stays:
            continue
        if source is not None and not source.kept:
            continue
        stays.add(rewrite.source)
        turn = pair if pair.id_a == i else turned(pair)
        verdicts[i] = replace(old, kept_id=rewrite.source, relation=pair.relation, pair=turn)
    return verdicts


def exact_groups(ids: Sequence[str], pairs: Sequence[Pair]) -> dict[str, str]:
    """The representative of each document's group of identical texts (its smallest id)."""
    same = DisjointSets[str]()
    for pair in pairs:
        if pair.relation == "exact":
            same.union(pair.id_a, pair.id_b)
    return {i: same.root(i) for i in ids}


def neighbours_of(
    pairs: Sequence[Pair], canonical: Mapping[str, str]
) -> dict[str, dict[str, Pair]]:
    """For each representative those it was verified against, each pair turned to it."""
    found: dict[str, dict[str, Pair]] = defaultdict(dict)
    # Several pairs can stand between two groups of identical texts: the first by id counts.
    for pair in sorted(pairs, key=lambda pair: (pair.id_a, pair.id_b)):
        a, b = canonical[pair.id_a], canonical[pair.id_b]
        if a != b and b not in found[a]:
            found[a][b] = pair
            found[b][a] = turned(pair)
    return found


def turned(pair: Pair) -> Pair:
    """The same pair seen from its other side."""
    return replace(
        pair,
        id_a=pair.id_b,
        id_b=pair.id_a,
        spun=_OTHER_SIDE[pair.spun],
        containment_a=pair.containment_b,
        containment_b=pair.containment_a,
        lead_a=pair.lead_b,
        lead_b=pair.lead_a,
        varied_a=pair.varied_b,
        varied_b=pair.varied_a,
    )


def _is_covered(
    i: str, neighbours: Mapping[str, Pair], spun: Mapping[str, bool], coverage: float
) -> bool:
    return any(
        not spun.get(other, False) and pair.containment_a >= coverage
        for other, pair in neighbours.items()
    )


def _first_kept(
    i: str,
    kept: Sequence[str],
    canonical: Mapping[str, str],
    neighbours: Mapping[str, Mapping[str, Pair]],
    goes: Rule,
    pair_of: Callable[[str, str], Pair] | None,
) -> tuple[str, Pair] | None:
    for kept_id in kept:
        pair: Pair | None = Pair(i, kept_id, "exact", "no", 1.0, 1.0, 1.0, 0, "")
        if canonical[kept_id] != canonical[i]:
            pair = neighbours[canonical[i]].get(canonical[kept_id])
        if pair is None and pair_of:
            pair = pair_of(i, kept_id)
        if pair is not None and goes(i, kept_id, pair):
            return kept_id, pair
    return None


def _descending(text: str) -> tuple[int, ...]:
    """A key that sorts texts from last to first, an empty one at the end."""
    return (*(-ord(c) for c in text), 1)
