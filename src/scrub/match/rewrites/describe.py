"""What a graded pair shows: which is the source, what the two share, and what is new in one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scrub.document import Pair, Relation
from scrub.match.features import Features
from scrub.match.pairs import shortened
from scrub.match.rewrites.alignment import Side, Span, align, new_terms, overlap, quotes, side_at
from scrub.match.rewrites.terms import A_NAME, A_NUMBER, Terms

Counted = tuple[str, int]  # a word or a quote, and how many documents have it

# Set by hand.
_SHOWN = 6  # names, and half as many numbers, in the evidence
_ONE = 10.0  # weight of one rare term


@dataclass(slots=True, frozen=True)
class Rewrite:
    """A pair of documents on one story in other words.

    `pair` has the relation `rewrite` or `summary`; its containments are shares of the weight of
    each side's sentences that stand in one or two of the other's.  `grade` is `strong` or
    `likely`, `source` the id of the one that was probably first, `total` the sum of the account.
    """

    pair: Pair
    grade: str
    source: str
    total: float

    @property
    def derived(self) -> str:
        """The id of the other one."""
        return self.pair.id_b if self.source == self.pair.id_a else self.pair.id_a


def surest_first(rewrites: Iterable[Rewrite]) -> list[Rewrite]:
    """In the order in which they count where one document has several."""
    return sorted(rewrites, key=lambda r: (-r.total, r.pair.id_a, r.pair.id_b))


@dataclass(slots=True, frozen=True)
class Evidence:
    """What two texts share, and what is new in the shorter, the rarest first.

    Each with the number of documents that have it; of a quote, that have its rarest word.
    `aligned` are sentences of the shorter text, each beside its counterpart in the longer.
    """

    names: tuple[Counted, ...]
    numbers: tuple[Counted, ...]
    quotes: tuple[Counted, ...]
    new: tuple[Counted, ...]
    aligned: tuple[tuple[str, str], ...]


def evidence(shorter: Side, longer: Side, terms: Terms) -> Evidence:
    """The evidence of two texts of one corpus."""
    both = shorter.has & longer.has
    return Evidence(
        _listed(shorter, terms, both, A_NAME),
        _listed(shorter, terms, both, A_NUMBER),
        _quoted(shorter, longer, terms),
        _listed(shorter, terms, new_terms(shorter, longer, terms)),
        tuple(
            (_run(shorter, row.one), _run(longer, row.other))
            for row in align(shorter, longer, terms)
        ),
    )


def _run(side: Side, sentences: Span) -> str:
    return " ".join(side.text[slice(*side.span(*sentences))].split())


def describe(
    features: Features, terms: Terms, places: tuple[int, int], ids: tuple[str, str],
    texts: tuple[str, str], created: tuple[str, str], covered: tuple[float, float],
    relation: Relation, grade: str, total: float,
) -> Rewrite:  # fmt: skip
    """The record of a pair with its `relation`, `grade` and the `total` of its account.

    `places` (in `features`), `ids`, `texts`, `created` (dates) and `covered` (shares of weight) are
    of the shorter text and of the longer, `terms` those of the corpus.
    """
    sides = [side_at(features, terms, at, text) for at, text in zip(places, texts, strict=True)]
    own_terms = [new_terms(sides[k], sides[1 - k], terms) for k in (0, 1)]
    weights = [float(terms.weights[sorted(own)].sum()) for own in own_terms]
    if all(created) and created[0][:10] != created[1][:10]:
        source = 0 if created[0] < created[1] else 1
    else:  # a rewrite brings nothing; of two that bring about as much the longer is the source
        source = 0 if weights[0] > weights[1] + _ONE else 1
    both = sides[0].has & sides[1].has
    new = _listed(sides[1 - source], terms, own_terms[1 - source])
    best, count = _matched(sides[0], sides[1], terms)
    shared = {
        "names": _listed(sides[0], terms, both, A_NAME)[:_SHOWN],
        "numbers": _listed(sides[0], terms, both, A_NUMBER)[: _SHOWN // 2],
        "quotes": _quoted(sides[0], sides[1], terms)[: _SHOWN // 2],
        "new": new[: _SHOWN // 2],
    }
    pieces = [f"{grade} {relation} of {ids[source]}"]
    pieces += [f"{name} {counted(rows)}" for name, rows in shared.items() if rows]
    pieces += [] if new else ["no new name or number"]
    pieces += [best] if best else []
    (id_a, share_a), (id_b, share_b) = sorted(
        (i, round(share, 4)) for i, share in zip(ids, covered, strict=True)
    )
    pair = Pair(
        id_a, id_b, relation, "no", _jaccard(features, places), share_a, share_b, count,
        "; ".join(pieces),
    )  # fmt: skip
    return Rewrite(pair, grade, ids[source], round(total, 4))


def counted(rows: Iterable[Counted]) -> str:
    """Words or quotes with their documents, as people read them."""
    return ", ".join(f"{text} ({documents})" for text, documents in rows)


def _quoted(one: Side, other: Side, terms: Terms) -> tuple[Counted, ...]:
    """Quotes of either text that the other has, each with the documents of its rarest term."""
    found: dict[str, int] = {}
    for side, against in ((one, other), (other, one)):
        for start, end in quotes(side, against):
            text = " ".join(side.text[start:end].split())
            within = (side.starts >= start) & (side.ends <= end) & (side.terms >= 0)
            if within.any() and not any(text in known or known in text for known in found):
                found[text] = int(terms.counts[side.terms[within]].min())
    return tuple((f"“{shortened(text)}”", documents) for text, documents in found.items())


def _listed(
    side: Side, terms: Terms, chosen: set[int], kind: int | None = None
) -> tuple[Counted, ...]:
    """Words of chosen terms as they stand in a text, the rarest first, with their documents."""
    found: dict[int, str] = {}
    for t, term in enumerate(side.terms.tolist()):
        if term in chosen and term not in found and kind in (None, terms.kinds[term]):
            found[term] = side.word(t)
    ranked = sorted(found, key=lambda t: (-float(terms.weights[t]), found[t]))
    return tuple((found[t], int(terms.counts[t])) for t in ranked)


def _matched(one: Side, other: Side, terms: Terms) -> tuple[str, int]:
    """The sentences that share most, quoted, and how many of the first have a counterpart."""
    shared, own, _ = overlap(one, other, terms)
    if not shared.any():
        return "", 0
    a, b = divmod(int(shared.argmax()), shared.shape[1])
    quoted = f"{shortened(one.sentence(a))} | {shortened(other.sentence(b))}"
    return quoted, int(((2 * shared.max(1) >= own) & (own > 0)).sum())


def _jaccard(features: Features, places: tuple[int, int]) -> float:
    """The Jaccard similarity of the word 3-shingles."""
    sets = []
    for place in places:
        low, high = features.sentences[features.documents[[place, place + 1]]]
        units = features.units[low:high].tolist()
        sets.append(set(zip(units, units[1:], units[2:], strict=False)))
    return round(len(sets[0] & sets[1]) / max(1, len(sets[0] | sets[1])), 4)
