"""Flags from siblings: the words of a spun document that its other copies have otherwise.

Every sibling that aligns with a word votes, as in a naive Bayes reading of manuscripts: a document
with belief z of being spun has replaced a given word with probability z / 4, the other copies
agree or differ, and the wording model says which reading English prefers.  So two spun copies
whose original is not at hand still show each other's words.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import starmap, takewhile

from scrub.document import Flag, FlagKind
from scrub.spin.align import Substitution, paired_places
from scrub.spin.direction import SPUN, Comparison
from scrub.spin.evidence import surest
from scrub.spin.thesaurus import are_synonyms
from scrub.spin.words import FUNCTION, IS_SOLO, Words, flag_on, like, quote, words_of

# Set by hand.
_SWAPPED = 0.4  # share of the words that a spun document has replaced
_NATURAL = 0.003  # share that differs between copies for other reasons, at least
_SAME_SWAP = 0.05  # chance that a second spinner chooses one particular replacement
_COMMON = 0.4  # chance that two different replacements in one place are of one original
_LEAN_WEIGHT = 0.5  # of the wording model's nats, which come from a few counts
_SUSPECT = 0.3  # belief from which a document's words are confirmed by others
_LEAST = 0.3  # confidence from which a flag is worth showing
_UNEVEN = 0.85  # trust in a run whose counterpart has another number of words
_PHRASE = 3  # words in a run that may be a phrase


@dataclass(slots=True, frozen=True)
class _Reading:
    """What one sibling has in a place of the document: other words, or the same."""

    sibling: str
    text: str
    kind: FlagKind
    lean: float  # nats by which the document's own wording reads better
    even: bool


def is_needed(pair: tuple[str, str], spun: Mapping[str, float]) -> bool:
    """Whether a comparison of two documents can show anything here: one of them may be spun."""
    return max(spun[i] for i in pair) >= _SUSPECT


def flags(
    documents: Mapping[str, Words], comparisons: Iterable[Comparison], spun: Mapping[str, float]
) -> list[Flag]:
    """Flag the replaced words of every spun document that has siblings.

    `documents` maps the ids of the compared documents to their words, `spun` to the belief, in
    [0, 1], that each is spun.  Returns flags of kind wording, determiner or number with the source
    `sibling:ID` (the sibling that most supports the suggestion), in order of id and place; flags of
    one document do not overlap.
    """
    of_document: dict[str, list[Comparison]] = {}
    for comparison in comparisons:
        for name in (comparison.id_a, comparison.id_b):
            if spun[name] >= SPUN:
                of_document.setdefault(name, []).append(comparison)
    found = []
    for name in sorted(of_document):
        found += _vote(name, documents[name], of_document[name], spun)
    return found


def confirmed(
    documents: Mapping[str, Words], comparisons: Iterable[Comparison], spun: Mapping[str, float]
) -> dict[str, set[int]]:
    """Where the words of spun documents begin (code points) that an unspun sibling has too.

    No other evidence should flag those words; `lessons.count` counts them against its rows.
    """
    result: dict[str, set[int]] = {}
    for comparison in comparisons:
        names = (comparison.id_a, comparison.id_b)
        for side, (name, sibling) in enumerate((names, names[::-1])):
            if spun[name] >= _SUSPECT and spun[sibling] < SPUN:
                start = documents[name].start
                swapped = {
                    found.word_b if side else found.word_a for found in comparison.substitutions
                }
                result.setdefault(name, set()).update(
                    start[place[side]]
                    for place in paired_places(comparison.equal)
                    if place[side] not in swapped
                )
    return {name: result[name] for name in sorted(result)}


def _vote(
    name: str, words: Words, comparisons: Sequence[Comparison], spun: Mapping[str, float]
) -> list[Flag]:
    """Weigh the readings of one document's siblings, place by place."""
    rates = {name: _NATURAL + _SWAPPED * spun[name]}
    readings: dict[tuple[int, int], list[_Reading]] = {}
    same: dict[int, list[str]] = {}
    for comparison in comparisons:
        mine_first = comparison.id_a == name
        sibling = comparison.id_b if mine_first else comparison.id_a
        # Who adds and drops words exchanges some, too, about as many; at most so, set by hand.
        rates[sibling] = max(_NATURAL, min(0.3, comparison.edited)) + _SWAPPED * spun[sibling]
        for at_a, at_b in paired_places(comparison.equal):
            same.setdefault(at_a if mine_first else at_b, []).append(sibling)
        for found, lean in zip(comparison.substitutions, comparison.leans, strict=True):
            for place, reading in _readings(words, found, lean, mine_first, sibling):
                readings.setdefault(place, []).append(reading)
                if found.kind != "wording":  # their keys are equal, their words are not
                    agreeing = same.get(place[0], [])
                    if sibling in agreeing:
                        agreeing.remove(sibling)
    flags: list[Flag] = []
    for place in sorted(readings, key=lambda place: (place[0], -place[1])):
        first, size = place
        agreeing = [s for s in same.get(first, []) if size == 1]
        flag = _judge(name, words, first, size, readings[place], agreeing, rates, spun[name])
        if flag is not None:
            flags.append(flag)
    return _joined(words, surest(flags))


def _joined(words: Words, flags: list[Flag]) -> list[Flag]:
    """The flags with those runs made one of which the words do not answer to each other one by one.

    A spinner that swaps word by word leaves pairs of synonyms side by side, and function words
    alone; three words and more of which the thesaurus knows one pair at most were put in for a
    phrase ("consisting of" for "such as" is one as well).
    """
    number = {start: at for at, start in enumerate(words.start)}
    result: list[Flag] = []
    run: list[Flag] = []
    for flag in [*flags, None]:
        if run and flag is not None and _continues(run[-1], flag, number):
            run.append(flag)
            continue
        pairs = [(part.text.lower(), part.suggestion.lower()) for part in run]
        known = sum(starmap(are_synonyms, pairs))
        if (
            len(run) > 1
            and known <= (len(run) >= _PHRASE)
            and (len(run) >= _PHRASE or any(FUNCTION.issuperset(pair) for pair in pairs))
        ):
            start, end = run[0].start, run[-1].end
            own = words.text[start:end]
            suggestion = " ".join(part.suggestion for part in run)
            sure = min(part.confidence for part in run)
            run = [replace(run[0], end=end, text=own, suggestion=suggestion, confidence=sure,
                           context=quote(words.text, start, end))]  # fmt: skip
        result += run
        run = [] if flag is None else [flag]
    return result


def _continues(one: Flag, other: Flag, number: Mapping[int, int]) -> bool:
    """Whether a flag is on the word right after another's, by the same sibling."""
    return (
        one.source == other.source
        and one.kind == other.kind == "wording"
        and number[other.start] == number[one.start] + 1
        and one.end + 1 == other.start
    )


def _readings(
    words: Words, found: Substitution, lean: float, mine_first: bool, sibling: str
) -> Iterable[tuple[tuple[int, int], _Reading]]:
    """A substitution as readings of places (first word, number of words).

    Word by word if it is even; of any other the synonyms at either end are pairs of their own.
    """
    at, size = (found.word_a, found.size_a) if mine_first else (found.word_b, found.size_b)
    theirs = found.text_b if mine_first else found.text_a
    lean = lean if mine_first else -lean
    if size == 1 or IS_SOLO(theirs):
        other_size = found.size_b if mine_first else found.size_a
        yield (at, size), _Reading(sibling, theirs, found.kind, lean, size == other_size)
        return
    split = words_of(theirs)
    own = words.lower[at : at + size]
    head, tail = size, 0  # words that answer to each other one by one, from either end
    if size != len(split):
        most = min(size, len(split)) - 1
        head = _answering(own[:most], split.lower)
        tail = _answering(own[::-1][: most - head], split.lower[::-1])
    rest = size - head - tail
    shares = [(k, 1, k, 1) for k in range(head)]
    shares += [(head, rest, head, len(split) - head - tail)] * (rest > 0)
    shares += [(size - k, 1, len(split) - k, 1) for k in range(tail, 0, -1)]
    for mine, number, other, others in shares:
        text = split.quote(other, other + others)
        yield (
            (at + mine, number),
            _Reading(sibling, text, found.kind, lean / size, number == others),
        )


def _answering(own: Sequence[str], theirs: Sequence[str]) -> int:
    """How many words at the beginning are synonyms of those in the same places."""
    pairs = zip(own, theirs, strict=False)
    return sum(1 for _ in takewhile(bool, starmap(are_synonyms, pairs)))


def _judge(
    name: str,
    words: Words,
    first: int,
    size: int,
    readings: Sequence[_Reading],
    agreeing: Sequence[str],
    rates: Mapping[str, float],
    believed: float,
) -> Flag | None:
    """The flag for one place, or None where the document's own wording is the likelier original.

    `believed` is the belief that the document is spun: no flag is surer than that.
    """
    if any(
        words.is_name(at) or words.lower[at].isdigit() for at in range(first, first + size)
    ) and (readings[0].kind != "number"):
        return None
    own = words.quote(first, first + size)
    groups: dict[str, list[_Reading]] = {}
    for reading in readings:
        if reading.text.lower() != own.lower() and not _is_news(reading, own):
            groups.setdefault(reading.text.lower(), []).append(reading)
    if not groups:
        return None
    holders = {text: [r.sibling for r in group] for text, group in groups.items()}
    weights = {
        text: _log_weight(text, own.lower(), name, holders, agreeing, rates)
        - _LEAN_WEIGHT * sum(r.lean for r in group) / len(group)
        for text, group in groups.items()
    }
    own_weight = _log_weight(own.lower(), own.lower(), name, holders, agreeing, rates)
    best = max(sorted(weights), key=lambda text: weights[text])
    # The original may also be none of the readings: everybody's word was replaced.
    lost = math.log(rates[name]) + sum(math.log(rates[r.sibling]) for r in readings)
    lost += len(groups) * math.log(_SAME_SWAP) + math.log(_COMMON)
    everything = [own_weight, lost, *weights.values()]
    top = max(everything)
    total = sum(math.exp(value - top) for value in everything)
    confidence = math.exp(weights[best] - top) / total
    group = groups[best]
    if not all(reading.even for reading in group):
        confidence *= _UNEVEN
    confidence = min(confidence, believed)
    if confidence < _LEAST:
        return None
    voice = min(group, key=lambda r: (rates[r.sibling], r.sibling))
    return flag_on(
        name,
        words.text,
        (words.start[first], words.end[first + size - 1]),
        like(own, voice.text),
        voice.kind,
        f"sibling:{voice.sibling}",
        round(confidence, 4),
    )


def _is_news(reading: _Reading, own: str) -> bool:
    """Whether a reading is a figure, or has a capital of a name or a heading, and no wording."""
    if reading.kind != "wording":
        return False
    named = own.islower() and reading.text[0].isupper()
    return named or any(sign.isdigit() for sign in reading.text)


def _log_weight(
    original: str,
    own: str,
    name: str,
    holders: Mapping[str, Sequence[str]],
    agreeing: Sequence[str],
    rates: Mapping[str, float],
) -> float:
    """log P(every copy's word | the original word): kept, or replaced by just this one."""

    def term(document: str, has: str) -> float:
        rate = rates[document]
        return math.log(1 - rate) if has == original else math.log(rate * _SAME_SWAP)

    weight = term(name, own) + sum(term(sibling, own) for sibling in agreeing)
    return weight + sum(term(s, text) for text, group in holders.items() for s in group)
